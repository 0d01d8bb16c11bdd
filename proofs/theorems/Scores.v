(** * Cross-entropy and squared error of probabilities *)
From Losses Require Import Library.

Section Gibbs.
Variables (K : nat) (p q : nat -> R).
Hypothesis p_nonneg : forall j, (1 <= j <= K)%nat -> 0 <= p j.
Hypothesis q_nonneg : forall j, (1 <= j <= K)%nat -> 0 <= q j.
Hypothesis p_one : Sum K p = 1.
Hypothesis q_one : Sum K q = 1.
Hypothesis support : forall j, (1 <= j <= K)%nat -> p j = 0 -> q j = 0. (* else the divergence is infinite *)
Lemma gibbs_term j : (1 <= j <= K)%nat -> q j - p j <= times_log (q j) (q j / p j) /\ (q j <> p j -> q j - p j < times_log (q j) (q j / p j)).
Proof.
  intro Hj. specialize (p_nonneg j Hj) as P. specialize (q_nonneg j Hj) as Q. unfold times_log. destruct (Req_EM_T (q j) 0) as [E|N]; [rewrite E; lra|].
  assert (0 < q j) by lra. assert (0 < p j). { destruct (Req_dec (p j) 0) as [Z|Z]; [generalize (support j Hj Z); lra|lra]. }
  assert (F : q j * (p j / q j - 1) = p j - q j) by (field; lra). rewrite ln_div' by easy. split.
  - generalize (ln_le_sub1 (p j / q j) ltac:(apply Rdiv_lt_0_compat; lra)). rewrite ln_div' by easy. intro L. apply (Rmult_le_compat_l (q j)) in L; lra.
  - intro D. assert (G : p j / q j <> 1). { intro A. apply D. replace (p j) with (p j / q j * q j) by (field; lra). rewrite A. ring. }
    generalize (ln_lt_sub1 (p j / q j) ltac:(apply Rdiv_lt_0_compat; lra) G). rewrite ln_div' by easy. intro L. apply (Rmult_lt_compat_l (q j)) in L; lra.
Qed.
Lemma gibbs : 0 <= Sum K (fun j => times_log (q j) (q j / p j)) /\
  (Sum K (fun j => times_log (q j) (q j / p j)) = 0 -> forall j, (1 <= j <= K)%nat -> p j = q j).
Proof.
  assert (Z : Sum K (fun j => q j - p j) = 0) by (rewrite Sum_minus; etas; lra). split.
  - rewrite <- Z. apply Sum_le. intros. now apply gibbs_term.
  - intros E j Hj. destruct (Req_dec (q j) (p j)) as [A|A]; [easy|exfalso].
    generalize (Sum_lt K j (fun j => q j - p j) (fun j => times_log (q j) (q j / p j)) Hj (fun i Hi => proj1 (gibbs_term i Hi)) (proj2 (gibbs_term j Hj) A)). lra.
Qed.
End Gibbs.
(** Gibbs' inequality, zeros allowed where they may stand: the divergence is at least 0, and is 0 only where p = q.
    Where p_j = 0 < q_j the divergence is infinite: the last assumption excludes it. *)
Theorem gibbs_inequality K p q :
  (forall j, (1 <= j <= K)%nat -> 0 <= p j) -> (forall j, (1 <= j <= K)%nat -> 0 <= q j) -> Sum K p = 1 -> Sum K q = 1 ->
  (forall j, (1 <= j <= K)%nat -> p j = 0 -> q j = 0) ->
  0 <= Sum K (fun j => times_log (q j) (q j / p j)) /\
  (Sum K (fun j => times_log (q j) (q j / p j)) = 0 -> forall j, (1 <= j <= K)%nat -> p j = q j).
Proof. exact (gibbs K p q). Qed.
Lemma d_along K s a (c : nat -> R) t : is_derive (fun t => Sum K (fun k => c k * exp (s k + t * a k))) t (Sum K (fun k => c k * a k * exp (s k + t * a k))).
Proof.
  apply (d_Sum K (fun t k => c k * exp (s k + t * a k)) t (fun k => c k * a k * exp (s k + t * a k))). intros k _. eapply d_eq; [der|]. cbv beta. real_eq. ring.
Qed.
Lemma lse_along K s a : (1 <= K)%nat -> let p j := exp (s j) / Sum K (fun k => exp (s k)) in
  is_derive (Derive (fun t => ln (Sum K (fun k => exp (s k + t * a k))))) 0 (Sum K (fun i => p i * a i ^ 2) - Sum K (fun i => p i * a i) ^ 2) /\
  forall t, ex_derive (fun t => ln (Sum K (fun k => exp (s k + t * a k)))) t.
Proof.
  intros HK p. set (Z t := Sum K (fun k => 1 * exp (s k + t * a k))). set (A t := Sum K (fun k => 1 * a k * exp (s k + t * a k))).
  assert (ZE : forall t, Sum K (fun k => exp (s k + t * a k)) = Z t) by (intro; apply Sum_ext; intros; ring).
  assert (P : forall t, 0 < Z t) by (intro; rewrite <- ZE; now apply (sum_exp_pos K (fun k => s k + t * a k))).
  assert (D : forall t, is_derive (fun t => ln (Sum K (fun k => exp (s k + t * a k)))) t (A t * / Z t)).
  { intro t. apply h_ext with (g := fun t => ln (Z t)); [intro; now rewrite ZE|]. apply d_ln; [apply d_along|apply P]. }
  split; [|intro t; eexists; apply D]. apply h_ext with (g := fun t => A t * / Z t); [intro; apply is_derive_unique, D|].
  assert (N : Z 0 <> 0) by (generalize (P 0); lra).
  eapply d_eq; [apply d_mult; [apply d_along|apply d_inv; [apply d_along|exact N]]|]. cbv beta. real_eq. fold (Z 0). fold (A 0).
  assert (Z0 : Sum K (fun k => exp (s k)) = Z 0) by (apply Sum_ext; intros; rewrite Rmult_0_l, Rplus_0_r; ring).
  assert (A0 : Sum K (fun i => p i * a i) = A 0 / Z 0).
  { unfold p. rewrite Z0. unfold A, Rdiv. rewrite <- Sum_scalr. apply Sum_ext. intros. rewrite Rmult_0_l, Rplus_0_r. ring. }
  assert (B0 : Sum K (fun i => p i * a i ^ 2) = Sum K (fun k => 1 * a k * a k * exp (s k + 0 * a k)) / Z 0).
  { unfold p. rewrite Z0. unfold Rdiv. rewrite <- Sum_scalr. apply Sum_ext. intros. rewrite Rmult_0_l, Rplus_0_r. ring. }
  rewrite A0, B0. field. exact N.
Qed.
(** The curvature of log-sum-exp along a is the variance of a under the shares; it is 0 exactly where all a_i are equal *)
Theorem log_sum_exp_curvature K s a : (1 <= K)%nat -> let p j := exp (s j) / Sum K (fun k => exp (s k)) in
  let curvature := Sum K (fun i => Sum K (fun j => a i * (p i * (if (i =? j)%nat then 1 else 0) - p i * p j) * a j)) in
  let along t := ln (Sum K (fun k => exp (s k + t * a k))) in
  (forall t, ex_derive along t) /\ is_derive (Derive along) 0 curvature /\
  0 <= curvature /\ (curvature = 0 <-> forall i j, (1 <= i <= K)%nat -> (1 <= j <= K)%nat -> a i = a j).
Proof.
  intros HK p curvature along. split; [now apply lse_along|]. split; [unfold curvature; rewrite (covariance K p a); now apply lse_along|]. assert (P : forall j, 0 < p j) by (intro; now apply softmax_pos). assert (S : Sum K p = 1) by now apply softmax_sums.
  assert (E : curvature = Sum K (fun i => p i * (a i - Sum K (fun j => p j * a j)) ^ 2)) by (unfold curvature; rewrite (covariance K p a); now apply centred).
  set (m := Sum K (fun j => p j * a j)) in *. assert (T : forall i, 0 <= p i * (a i - m) ^ 2) by (intro; apply Rmult_le_pos; [left; auto|apply pow2_ge_0]).
  rewrite E. split; [now apply Sum_nonneg|]. split.
  - intro Z. assert (A : forall i, (1 <= i <= K)%nat -> a i = m); [|intros; rewrite !A; easy]. intros i Hi. generalize (Sum_term K i _ Hi (fun j _ => T j)). rewrite Z. intro L.
    destruct (Req_dec (a i) m) as [F|F]; [easy|]. assert (0 < p i * (a i - m) ^ 2); [|lra]. apply Rmult_lt_0_compat; [auto|apply square_pos; lra].
  - intro A. rewrite <- (Rmult_0_r (INR K)), <- Sum_const. apply Sum_ext. intros i Hi. replace m with (a i); [ring|]. unfold m.
    rewrite (Sum_ext K _ (fun j => p j * a i)) by (intros; now rewrite (A i j)). rewrite Sum_scalr. etas. rewrite S. ring.
Qed.
(** One third: the curvature of half the squared error along the true class's score has the sign of 3 p_t - 1, for any number of classes from 2 *)
Theorem one_third K t s : (2 <= K)%nat -> (1 <= t <= K)%nat -> let p := / Sum K (fun k => exp (s k - s t)) in
  let loss x := 1 / 2 * Sum K (fun j => (/ Sum K (fun k => exp (upd s t x k - upd s t x j)) - (if (j =? t)%nat then 1 else 0)) ^ 2) in
  let curvature := Derive (Derive loss) (s t) in (forall x, ex_derive loss x) /\ ex_derive (Derive loss) (s t) /\ (curvature < 0 <-> p < 1 / 3) /\ (0 < curvature <-> 1 / 3 < p).
Proof.
  intros HK Ht p loss curvature. set (E := loss (s t)).
  assert (G : forall x, is_derive loss x (- (2 * / Sum K (fun k => exp (upd s t x k - upd s t x t)) * loss x))).
  { intro x. generalize (d_brier K (upd s t x) t Ht). rewrite upd_same. apply is_derive_ext. intro y. unfold loss. f_equal. apply Sum_ext. intros j _. f_equal. f_equal. f_equal. apply Sum_ext. intros k _.
    f_equal. unfold upd. destruct (t =? k)%nat, (t =? j)%nat; easy. }
  assert (A : is_derive (Derive loss) (s t) (2 * p * (3 * p - 1) * E)).
  { apply h_ext with (g := fun x => - (2 * / Sum K (fun k => exp (upd s t x k - upd s t x t)) * loss x)); [intro; apply is_derive_unique, G|].
    eapply d_eq; [apply d_opp, d_mult; [apply d_mult; [apply d_const|exact (d_p K s t Ht t)]|apply G]|]. cbv beta. rewrite (p_at K s t t), Nat.eqb_refl. real_eq. fold p. fold E. ring. }
  assert (P : 0 < p) by (apply Rinv_0_lt_compat, share_sum_pos; lia).
  assert (Q : 0 < E).
  { apply Rmult_lt_0_compat; [lra|]. destruct (another K t HK Ht) as [j [Hj Nj]]. apply (Sum_pos1 K j); [easy|intros; apply pow2_ge_0|]. destruct (j =? t)%nat; [easy|].
    rewrite Rminus_0_r. apply pow_lt. rewrite (p_at K s t j). apply Rinv_0_lt_compat, share_sum_pos. lia. }
  split; [intro x; eexists; apply G|]. split; [eexists; exact A|]. unfold curvature. rewrite (is_derive_unique _ _ _ A). assert (PE : 0 < 2 * p * E) by nra.
  replace (2 * p * (3 * p - 1) * E) with (2 * p * E * (3 * p - 1)) by ring. split; split; intro; nra.
Qed.
(** Efficiency: the factor is at most 1, and 1 only where all examples with x_i <> 0 have the same v_i *)
Theorem efficiency n (v x : nat -> R) : (forall i, (1 <= i <= n)%nat -> 0 < v i) ->
  let moment k := Sum n (fun i => x i ^ 2 * v i ^ k) in
  moment 2%nat ^ 2 <= moment 1%nat * moment 3%nat /\
  (moment 2%nat ^ 2 = moment 1%nat * moment 3%nat -> forall i j, (1 <= i <= n)%nat -> (1 <= j <= n)%nat -> x i <> 0 -> x j <> 0 -> v i = v j).
Proof.
  intros V moment. set (D := fun i j => x i ^ 2 * x j ^ 2 * v i * v j * (v i - v j) ^ 2).
  assert (T : forall i j, (1 <= i <= n)%nat -> (1 <= j <= n)%nat -> 0 <= D i j).
  { intros i j Hi Hj. specialize (V i Hi) as A. specialize (V j Hj) as B. unfold D. repeat match goal with |- 0 <= _ * _ => apply Rmult_le_pos end; try apply pow2_ge_0; lra. }
  assert (E : moment 1%nat * moment 3%nat - moment 2%nat ^ 2 = 1 / 2 * Sum n (fun i => Sum n (fun j => D i j))).
  { rewrite (Sum_ext n (fun i => Sum n (fun j => D i j)) (fun i => Sum n (fun j => (x i ^ 2 * v i ^ 3) * (x j ^ 2 * v j ^ 1)) - 2 * Sum n (fun j => (x i ^ 2 * v i ^ 2) * (x j ^ 2 * v j ^ 2)) + Sum n (fun j => (x i ^ 2 * v i ^ 1) * (x j ^ 2 * v j ^ 3)))).
    - rewrite Sum_plus, Sum_minus, Sum_scal, !(Sum_prod n n). unfold moment. field.
    - intros i _. rewrite <- Sum_scal, <- Sum_minus, <- Sum_plus. apply Sum_ext. intros. unfold D. ring. }
  assert (S : forall i, (1 <= i <= n)%nat -> 0 <= Sum n (fun j => D i j)) by (intros; apply Sum_nonneg; auto).
  split; [generalize (Sum_nonneg n _ S); lra|]. intros F i j Hi Hj Xi Xj. destruct (Req_dec (v i) (v j)) as [A|A]; [easy|exfalso].
  generalize (Sum_term n i (fun i => Sum n (fun j => D i j)) Hi S) (Sum_term n j (fun j => D i j) Hj (fun j Hj => T i j Hi Hj)). cbv beta. intros A1 A2. specialize (V i Hi) as Vi. specialize (V j Hj) as Vj.
  assert (0 < D i j); [|lra]. unfold D. repeat match goal with |- 0 < _ * _ => apply Rmult_lt_0_compat end; try easy; apply square_pos; lra.
Qed.
(** The race: along the gradient flow of a positive example's loss, T of the score, or S of it, grows like the time *)
Definition T (f : R) := f + exp f.
Definition S_ (f : R) := - exp (- f) + 3 * f + 3 * exp f + 1 / 2 * exp (2 * f).
Theorem race (score : R -> R) : (forall t, 0 <= t -> is_derive score t (1 - sigmoid (score t))) -> forall t, 0 <= t -> T (score t) - T (score 0) = t.
Proof.
  intros F t Ht. assert (D : forall u, 0 <= u -> is_derive (fun u => T (score u)) u 1).
  { intros u Hu. assert (G : is_derive T (score u) (1 + exp (score u))) by (unfold T; eapply d_eq; [der|]; tidy; ring). eapply d_eq; [apply (d_comp T score u _ _ G (F u Hu))|]. real_eq. rewrite sigmoid_E. generalize (exp_pos (score u)). intro. field. lra. }
  destruct Ht as [Ht|<-]; [|ring]. destruct (mvt (fun u => T (score u)) (fun _ => 1) 0 t Ht) as [c [_ E]]; [intros; apply D; lra|]. lra.
Qed.
Theorem race_squared (score : R -> R) : (forall t, 0 <= t -> is_derive score t (sigmoid (score t) * (1 - sigmoid (score t)) ^ 2)) -> forall t, 0 <= t -> S_ (score t) - S_ (score 0) = t.
Proof.
  intros F t Ht. assert (D : forall u, 0 <= u -> is_derive (fun u => S_ (score u)) u 1).
  { intros u Hu. assert (G : is_derive S_ (score u) (exp (- score u) + 3 + 3 * exp (score u) + exp (2 * score u))) by (unfold S_; eapply d_eq; [der|]; tidy; field).
    eapply d_eq; [apply (d_comp S_ score u _ _ G (F u Hu))|]. real_eq. rewrite sigmoid_E, exp_2, exp_Ropp. generalize (exp_pos (score u)). intro. field. lra. }
  destruct Ht as [Ht|<-]; [|ring]. destruct (mvt (fun u => S_ (score u)) (fun _ => 1) 0 t Ht) as [c [_ E]]; [intros; apply D; lra|]. lra.
Qed.
(** Saturation: towards minus infinity the slope of a positive example's cross-entropy goes to -1, that of half the squared error to 0, like - exp f *)
Theorem saturation :
  (forall f, ex_derive (fun f => - ln (sigmoid f)) f) /\ (forall f, ex_derive (fun f => 1 / 2 * (1 - sigmoid f) ^ 2) f) /\
  filterlim (Derive (fun f => - ln (sigmoid f))) (Rbar_locally' m_infty) (locally (- 1)) /\
  filterlim (Derive (fun f => 1 / 2 * (1 - sigmoid f) ^ 2)) (Rbar_locally' m_infty) (locally 0) /\
  filterlim (fun f => exp (- f) * Derive (fun f => 1 / 2 * (1 - sigmoid f) ^ 2) f) (Rbar_locally' m_infty) (locally (- 1)).
Proof.
  split; [intro f; eexists; generalize (sigmoid_pos f); intro; der; lra|]. split; [intro f; eexists; apply b_slope|].
  split; [|split].
  - apply (lim_by (fun u => u / (1 + u) - 1) exp _ 0); [exact exp_m| |cont; lra|lra]. apply (before 0). intros x _. rewrite <- sigmoid_E. apply is_derive_unique.
    generalize (sigmoid_pos x); intro. eapply d_eq; [der; lra|]. tidy. field. lra.
  - apply (lim_by (fun u => - (u / (1 + u) * (1 - u / (1 + u)) ^ 2)) exp _ 0); [exact exp_m| |cont; lra|lra]. apply (before 0). intros x _. rewrite <- sigmoid_E. apply is_derive_unique, b_slope.
  - apply (lim_by (fun u => - (/ (1 + u) * (1 - u / (1 + u)) ^ 2)) exp _ 0); [exact exp_m| |cont; lra|lra].
    apply (before 0). intros x _. rewrite (is_derive_unique _ _ _ (b_slope x)), sigmoid_E, exp_Ropp. generalize (exp_pos x); intro. field. lra.
Qed.

Definition theorems := (gibbs_inequality, log_sum_exp_curvature, one_third, efficiency, race, race_squared, saturation).
Print Assumptions theorems.
