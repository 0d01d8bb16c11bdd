(** * Softmax, probability vectors and what is summed over them *)
From Losses Require Export Tactics.

Ltac etas := repeat match goal with
  | |- context [fun j : nat => ?f j] => progress change (fun j : nat => f j) with f
  | H : context [fun j : nat => ?f j] |- _ => progress change (fun j : nat => f j) with f in H end.
Ltac sums := cbv beta; etas; repeat first
  [ rewrite Sum_plus | rewrite Sum_minus | rewrite Sum_opp | rewrite Sum_scal | rewrite Sum_scalr | rewrite Sum_div | rewrite Sum_const ]; etas.

Lemma sum_exp_pos K s : (1 <= K)%nat -> 0 < Sum K (fun k => exp (s k)).
Proof. intro H. apply Sum_pos; [easy|intros; apply exp_pos]. Qed.
Lemma softmax_pos K s j : (1 <= K)%nat -> 0 < exp (s j) / Sum K (fun k => exp (s k)).
Proof. intro H. apply Rdiv_lt_0_compat; [apply exp_pos|now apply sum_exp_pos]. Qed.
Lemma softmax_sums K s : (1 <= K)%nat -> Sum K (fun j => exp (s j) / Sum K (fun k => exp (s k))) = 1.
Proof. intro H. rewrite Sum_div. generalize (sum_exp_pos K s H). intro. field. lra. Qed.
Lemma ln_softmax K s j : (1 <= K)%nat -> ln (exp (s j) / Sum K (fun k => exp (s k))) = s j - ln (Sum K (fun k => exp (s k))).
Proof. intro H. rewrite ln_div', ln_exp; [easy|apply exp_pos|now apply sum_exp_pos]. Qed.
Lemma neg_log_softmax K s t : (1 <= t <= K)%nat ->
  - ln (exp (s t) / Sum K (fun k => exp (s k))) = ln (1 + Sum K (fun j => if negb (j =? t)%nat then exp (s j - s t) else 0)).
Proof.
  intro H. rewrite ln_softmax by lia. rewrite Sum_others by easy. replace (s t - s t) with 0 by ring. rewrite exp_0.
  rewrite (Sum_ext K (fun j => exp (s j - s t)) (fun j => exp (s j) * / exp (s t))) by (intros; unfold Rminus; now rewrite exp_plus, exp_Ropp).
  rewrite Sum_scalr. replace (1 + (Sum K (fun j => exp (s j)) * / exp (s t) - 1)) with (Sum K (fun j => exp (s j)) * / exp (s t)) by ring.
  rewrite ln_mult, ln_Rinv, ln_exp; [ring|apply exp_pos|apply sum_exp_pos; lia|apply Rinv_0_lt_compat, exp_pos].
Qed.

(** Probability vectors *)
Section Probability.
Variables (K : nat) (p q v : nat -> R).
Hypothesis p_pos : forall j, (1 <= j <= K)%nat -> 0 < p j.
Hypothesis p_one : Sum K p = 1.
Hypothesis q_nonneg : forall j, (1 <= j <= K)%nat -> 0 <= q j.
Hypothesis q_one : Sum K q = 1.

Lemma centred : Sum K (fun i => p i * v i ^ 2) - Sum K (fun i => p i * v i) ^ 2 = Sum K (fun i => p i * (v i - Sum K (fun j => p j * v j)) ^ 2).
Proof.
  set (m := Sum K (fun j => p j * v j)).
  rewrite (Sum_ext K (fun i => p i * (v i - m) ^ 2) (fun i => p i * v i ^ 2 - 2 * m * (p i * v i) + m ^ 2 * p i)) by (intros; ring).
  rewrite Sum_plus, Sum_minus, !Sum_scal. fold m. etas. rewrite p_one. ring.
Qed.
Lemma variance_nonneg m : 0 <= Sum K (fun i => p i * (v i - m) ^ 2).
Proof. apply Sum_nonneg. intros j Hj. apply Rmult_le_pos; [left; auto|apply pow2_ge_0]. Qed.
Lemma jacobian_null i : (1 <= i <= K)%nat -> Sum K (fun j => p i * (if (i =? j)%nat then 1 else 0) - p i * p j) = 0.
Proof. intro H. rewrite Sum_minus, !Sum_scal, (Sum_pick K i (fun _ => 1) H). etas. rewrite p_one. ring. Qed.
Lemma covariance : Sum K (fun i => Sum K (fun j => v i * (p i * (if (i =? j)%nat then 1 else 0) - p i * p j) * v j))
  = Sum K (fun i => p i * v i ^ 2) - Sum K (fun i => p i * v i) ^ 2.
Proof.
  rewrite square_of_Sum, <- Sum_minus. apply Sum_ext. intros i Hi.
  rewrite (Sum_ext K _ (fun j => (if (i =? j)%nat then v i * p i * v j else 0) - p i * v i * (p j * v j))).
  - rewrite Sum_minus, (Sum_pick K i (fun j => v i * p i * v j) Hi). f_equal. ring.
  - intros j _. destruct (i =? j)%nat; ring.
Qed.
(** Gibbs, zeros of q allowed *)
Lemma gibbs_terms j : (1 <= j <= K)%nat -> q j - p j <= times_log (q j) (q j / p j).
Proof.
  intro Hj. unfold times_log. generalize (p_pos j Hj) (q_nonneg j Hj). intros P Q. destruct (Req_EM_T (q j) 0) as [E|N]; [lra|].
  assert (0 < q j) by lra. generalize (ln_ge_sub_inv (q j / p j) ltac:(apply Rdiv_lt_0_compat; lra)). intro L.
  apply (Rmult_le_compat_l (q j)) in L; [|lra]. replace (q j * (1 - / (q j / p j))) with (q j - p j) in L by (field; lra). lra.
Qed.
Lemma gibbs : 0 <= Sum K (fun j => times_log (q j) (q j / p j)).
Proof.
  apply Rle_trans with (Sum K (fun j => q j - p j)); [|apply Sum_le, gibbs_terms]. rewrite Sum_minus. etas. rewrite p_one, q_one. lra.
Qed.
(** Cross-entropy is at least the entropy, both vectors positive *)
Hypothesis q_pos : forall j, (1 <= j <= K)%nat -> 0 < q j.
Lemma gibbs_sums : - Sum K (fun j => q j * ln (q j)) <= - Sum K (fun j => q j * ln (p j)).
Proof.
  apply Ropp_le_contravar. apply Rminus_le_0. rewrite <- Sum_minus.
  apply Rle_trans with (Sum K (fun j => q j - p j)); [rewrite Sum_minus; etas; lra|]. apply Sum_le. intros j Hj.
  generalize (p_pos j Hj) (q_pos j Hj). intros P Q. generalize (ln_le_sub1 (p j / q j) ltac:(apply Rdiv_lt_0_compat; lra)).
  rewrite ln_div' by easy. intro L. apply (Rmult_le_compat_l (q j)) in L; [|lra].
  replace (q j * (p j / q j - 1)) with (p j - q j) in L by (field; lra). lra.
Qed.
End Probability.

(** Jensen for the logarithm over a set of m indices: the mean of the logarithms is at most the logarithm of the mean *)
Lemma jensen_ln K (P : nat -> bool) (p : nat -> R) : (exists i, (1 <= i <= K)%nat /\ P i = true) -> (forall j, (1 <= j <= K)%nat -> 0 < p j) ->
  / Sum K (fun j => if P j then 1 else 0) * Sum K (fun i => if P i then ln (p i) else 0)
  <= ln (Sum K (fun i => if P i then p i else 0)) - ln (Sum K (fun j => if P j then 1 else 0)).
Proof.
  intros E H. set (m := Sum K (fun j => if P j then 1 else 0)). set (S := Sum K (fun i => if P i then p i else 0)).
  assert (Hm : 0 < m). { destruct E as [i [Hi Pi]]. apply (Sum_pos1 K i); [easy| |now rewrite Pi; lra]. intros; destruct (P j); lra. }
  assert (HS : 0 < S). { destruct E as [i [Hi Pi]]. apply (Sum_pos1 K i); [easy| |rewrite Pi; auto]. intros j Hj; destruct (P j); [left; auto|lra]. }
  assert (L : Sum K (fun i => if P i then ln (p i) - (ln S - ln m) else 0) <= Sum K (fun i => if P i then m / S * p i - 1 else 0)).
  { apply Sum_le. intros j Hj. destruct (P j); [|lra]. specialize (H j Hj).
    generalize (ln_le_sub1 (m / S * p j) ltac:(apply Rmult_lt_0_compat; [apply Rdiv_lt_0_compat|]; easy)).
    rewrite ln_mult, ln_div'; try easy; [lra|now apply Rdiv_lt_0_compat]. }
  rewrite !Sum_if_sub, Sum_if_scal, (Sum_if_const K P (ln S)), (Sum_if_const K P (ln m)) in L. fold m S in L.
  replace (m / S * S - m) with 0 in L by (field; lra).
  apply (Rmult_le_reg_l m); [easy|]. rewrite <- Rmult_assoc, Rinv_r, Rmult_1_l by lra. lra.
Qed.
