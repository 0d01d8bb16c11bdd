(** * Shares of a softmax, their squared error, and the two losses of a sigmoid *)
From Losses Require Export DoubleSums.

(** A share as one over a sum of exponentials of differences *)
Lemma softmax_share K s i : (1 <= K)%nat -> / Sum K (fun k => exp (s k - s i)) = exp (s i) / Sum K (fun k => exp (s k)).
Proof.
  intro H. rewrite (Sum_ext K _ (fun k => exp (s k) * / exp (s i))) by (intros; unfold Rminus; now rewrite exp_plus, exp_Ropp).
  rewrite Sum_scalr. generalize (sum_exp_pos K s H) (exp_pos (s i)). intros. field. lra.
Qed.
Lemma share_sum_pos K s i : (1 <= K)%nat -> 0 < Sum K (fun k => exp (s k - s i)).
Proof. intro H. apply (sum_exp_pos K (fun k => s k - s i) H). Qed.
Section Shares.
Variables (K : nat) (s : nat -> R) (i : nat).
Hypothesis Hi : (1 <= i <= K)%nat.
Let p j := / Sum K (fun k => exp (s k - s j)).
Lemma p_pos j : 0 < p j. Proof. apply Rinv_0_lt_compat, share_sum_pos. lia. Qed.
Lemma p_sums : Sum K p = 1.
Proof. rewrite (Sum_ext K p (fun j => exp (s j) / Sum K (fun k => exp (s k)))) by (intros; apply softmax_share; lia). apply softmax_sums. lia. Qed.
Lemma d_p j : is_derive (fun t => / Sum K (fun k => exp (upd s i t k - upd s i t j))) (s i) (p j * ((if (i =? j)%nat then 1 else 0) - p i)).
Proof.
  apply h_ext with (g := fun t => exp (upd s i t j) / Sum K (fun k => exp (upd s i t k))); [intro; apply softmax_share; lia|].
  unfold p. rewrite !softmax_share by lia. now apply d_softmax.
Qed.
Lemma p_at j : / Sum K (fun k => exp (upd s i (s i) k - upd s i (s i) j)) = p j.
Proof. unfold p. f_equal. apply Sum_ext. intros. now rewrite !upd_self. Qed.
(** Squared error of shares, in two forms *)
Lemma d_squared q c : is_derive (fun t => c * Sum K (fun j => (/ Sum K (fun k => exp (upd s i t k - upd s i t j)) - q j) ^ 2)) (s i)
  (2 * c * Sum K (fun j => (p j - q j) * p j * ((if (i =? j)%nat then 1 else 0) - p i))).
Proof.
  eapply d_eq; [apply d_mult; [apply d_const|apply (d_Sum K (fun t j => (/ Sum K (fun k => exp (upd s i t k - upd s i t j)) - q j) ^ 2) _ (fun j => 2 * ((p j - q j) * p j * ((if (i =? j)%nat then 1 else 0) - p i))))]|].
  - intros j Hj. eapply d_eq; [apply (d_pow (fun t => / Sum K (fun k => exp (upd s i t k - upd s i t j)) - q j)); apply d_minus; [apply d_p|apply d_const]|].
    cbv beta. rewrite p_at. simpl pred. simpl INR. real_eq. ring.
  - cbv beta. rewrite Sum_scal. real_eq. ring.
Qed.
Lemma squared_slope q : Sum K (fun j => (p j - q j) * p j * ((if (i =? j)%nat then 1 else 0) - p i)) = p i * (p i - q i - Sum K (fun j => p j * (p j - q j))).
Proof.
  rewrite (Sum_ext K _ (fun j => (if (i =? j)%nat then (p j - q j) * p j else 0) - p i * (p j * (p j - q j)))).
  - rewrite Sum_minus, Sum_scal, (Sum_pick K i (fun j => (p j - q j) * p j)) by lia. ring.
  - intros j _. destruct (i =? j)%nat; ring.
Qed.
Lemma d_brier : is_derive (fun t0 => 1 / 2 * Sum K (fun j => (/ Sum K (fun k => exp (upd s i t0 k - upd s i t0 j)) - (if (j =? i)%nat then 1 else 0)) ^ 2)) (s i)
  (- (2 * p i * (1 / 2 * Sum K (fun j => (p j - (if (j =? i)%nat then 1 else 0)) ^ 2)))).
Proof.
  eapply d_eq; [apply (d_squared (fun j => if (j =? i)%nat then 1 else 0))|]. real_eq. rewrite (squared_slope (fun j => if (j =? i)%nat then 1 else 0)), Nat.eqb_refl.
  rewrite (Sum_ext K (fun j => p j * _) (fun j => p j ^ 2 - (if (j =? i)%nat then p j else 0))) by (intros j _; destruct (j =? i)%nat; ring).
  rewrite (Sum_ext K (fun j => (p j - _) ^ 2) (fun j => p j ^ 2 - (if (j =? i)%nat then 2 * p j - 1 else 0))) by (intros j _; destruct (j =? i)%nat; ring).
  rewrite !Sum_minus, (Sum_pick' K i p), (Sum_pick' K i (fun j => 2 * p j - 1)) by lia. field.
Qed.
End Shares.
(** The sum of a set's exponentials *)
Lemma over_pos K (P : nat -> bool) (v : nat -> R) : (exists j, (1 <= j <= K)%nat /\ P j = true) -> 0 < Sum K (fun j => if P j then exp (v j) else 0).
Proof. intros [a [Ha Pa]]. apply (Sum_pos1 K a); [easy| |rewrite Pa; apply exp_pos]. intros; destruct (P j); [left; apply exp_pos|lra]. Qed.
Lemma d_sum_over K (P : nat -> bool) s i : (1 <= i <= K)%nat ->
  is_derive (fun t => Sum K (fun j => if P j then exp (upd s i t j) else 0)) (s i) (exp (s i) * (if P i then 1 else 0)).
Proof.
  intro Hi. eapply d_eq; [apply (d_Sum K (fun t j => if P j then exp (upd s i t j) else 0) _ (fun j => if (i =? j)%nat then exp (s j) * (if P j then 1 else 0) else 0))|].
  - intros j Hj. eapply d_eq; [apply (d_ifb (P j) (fun t => exp (upd s i t j)) (fun _ => 0)); [apply (d_exp (fun t => upd s i t j)), d_upd|apply d_const]|].
    cbv beta. rewrite upd_self. real_eq. destruct (i =? j)%nat, (P j); ring.
  - now rewrite (Sum_pick K i (fun j => exp (s j) * (if P j then 1 else 0))) by lia.
Qed.
(** The slopes of the two losses of a sigmoid *)
Lemma b_slope f : is_derive (fun x : R => 1 / 2 * (1 - sigmoid x) ^ 2) f (- (sigmoid f * (1 - sigmoid f) ^ 2)).
Proof. eapply d_eq; [der|]. tidy. field. Qed.
Lemma b_curvature f : is_derive (fun x : R => Derive (fun x : R => 1 / 2 * (1 - sigmoid x) ^ 2) x) f (sigmoid f * (1 - sigmoid f) ^ 2 * (3 * sigmoid f - 1)).
Proof.
  apply h_ext with (g := fun x => - (sigmoid x * (1 - sigmoid x) ^ 2)); [intro; apply is_derive_unique, b_slope|]. eapply d_eq; [der|]. tidy. ring.
Qed.
Lemma B_slope y f : is_derive (fun x : R => 1 / 2 * (sigmoid x - y) ^ 2) f ((sigmoid f - y) * sigmoid f * (1 - sigmoid f)).
Proof. eapply d_eq; [der|]. tidy. field. Qed.
Lemma C_slope y f : is_derive (fun x : R => - (y * ln (sigmoid x)) - (1 - y) * ln (1 - sigmoid x)) f (sigmoid f - y).
Proof. generalize (sigmoid_pos f) (sigmoid_lt1 f). intros. eapply d_eq; [der; lra|]. tidy. field. lra. Qed.
Lemma sigmoid_third : sigmoid (- ln 2) = 1 / 3.
Proof. unfold sigmoid. rewrite Ropp_involutive, exp_ln by lra. field. Qed.
Lemma pull_bound p : 0 <= p <= 1 -> p * (1 - p) ^ 2 <= 4 / 27.
Proof. intro H. assert (0 <= (1 - 3 * p) ^ 2 * (4 - 3 * p)) by (apply Rmult_le_pos; [apply pow2_ge_0|lra]). lra. Qed.
Lemma sigmoid_product s : 0 < sigmoid s * sigmoid (- s) <= 1 / 4.
Proof. rewrite sigmoid_compl. generalize (sigmoid_pos s) (sigmoid_lt1 s) (pow2_ge_0 (sigmoid s - 1 / 2)). intros. split; [apply Rmult_lt_0_compat; lra|lra]. Qed.
