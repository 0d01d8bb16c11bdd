(** * Theorems of the book, as statements of their own *)
From Losses Require Import Library.

Definition convex (f : R -> R) : Prop := forall a b t, 0 <= t <= 1 -> f (t * a + (1 - t) * b) <= t * f a + (1 - t) * f b.

(** The logistic loss is convex, and changes by no more than its margin does *)
Theorem logistic_convex : convex (fun u => ln (1 + exp (- u))).
Proof. intros a b t H. now apply ell_convex. Qed.
Theorem logistic_lipschitz a b : Rabs (ln (1 + exp (- a)) - ln (1 + exp (- b))) <= Rabs (a - b).
Proof. apply ell_lipschitz. Qed.

(** Binary cross-entropy is the logistic loss, for each label *)
Theorem cross_entropy_is_logistic y f : y = 0 \/ y = 1 ->
  - (y * ln (sigmoid f)) - (1 - y) * ln (1 - sigmoid f) = ln (1 + exp (- ((2 * y - 1) * f))).
Proof.
  intros [-> | ->]; rewrite ln_sigmoid, ln_1_sigmoid.
  - replace (- ((2 * 0 - 1) * f)) with f by ring. ring.
  - replace (- ((2 * 1 - 1) * f)) with (- f) by ring. rewrite ln1p. ring.
Qed.

(** Log-sum-exp is convex, for any number of scores; so is softmax cross-entropy with any weights that sum to 1 *)
Lemma exp_convex : convex exp.
Proof.
  unfold convex. apply (convex_by_tangents exp exp). intros u v. apply (above_tangent exp exp); [intro; apply is_derive_exp|apply exp_le].
Qed.
Theorem log_sum_exp_convex K a b t : (1 <= K)%nat -> 0 <= t <= 1 ->
  ln (Sum K (fun j => exp (t * a j + (1 - t) * b j))) <= t * ln (Sum K (fun j => exp (a j))) + (1 - t) * ln (Sum K (fun j => exp (b j))).
Proof.
  intros HK Ht. set (A := ln (Sum K (fun j => exp (a j)))). set (B := ln (Sum K (fun j => exp (b j)))). set (C := t * A + (1 - t) * B).
  assert (E : forall s, Sum K (fun j => exp (s j - ln (Sum K (fun j => exp (s j))))) = 1).
  { intro s. rewrite <- (softmax_sums K s HK). apply Sum_ext. intros j _. unfold Rminus. rewrite exp_plus, exp_Ropp, exp_ln; [easy|now apply sum_exp_pos]. }
  assert (H : Sum K (fun j => exp (t * a j + (1 - t) * b j + - C)) <= 1).
  { apply Rle_trans with (t * Sum K (fun j => exp (a j - A)) + (1 - t) * Sum K (fun j => exp (b j - B))).
    - rewrite <- !Sum_scal, <- Sum_plus. apply Sum_le. intros j _.
      replace (t * a j + (1 - t) * b j + - C) with (t * (a j - A) + (1 - t) * (b j - B)) by (unfold C; ring). now apply exp_convex.
    - unfold A, B. rewrite !E. lra. }
  assert (P : 0 < Sum K (fun j => exp (t * a j + (1 - t) * b j + - C))) by (apply Sum_pos; [easy|intros; apply exp_pos]).
  generalize (ln_le _ _ P H). rewrite ln_1, (ln_Sum_pos_shift K (fun j => t * a j + (1 - t) * b j) (- C) HK). unfold C. lra.
Qed.
Theorem softmax_cross_entropy_convex K q a b t : (1 <= K)%nat -> Sum K q = 1 -> 0 <= t <= 1 ->
  let loss s := - Sum K (fun j => q j * ln (exp (s j) / Sum K (fun k => exp (s k)))) in
  loss (fun j => t * a j + (1 - t) * b j) <= t * loss a + (1 - t) * loss b.
Proof.
  intros HK Hq Ht loss.
  assert (E : forall s, loss s = ln (Sum K (fun k => exp (s k))) - Sum K (fun j => q j * s j)).
  { intro s. unfold loss. rewrite (Sum_ext K (fun j => q j * ln _) (fun j => q j * s j - q j * ln (Sum K (fun k => exp (s k))))) by (intros; rewrite ln_softmax by easy; ring).
    rewrite Sum_minus, Sum_scalr. etas. rewrite Hq. ring. }
  rewrite !E. generalize (log_sum_exp_convex K a b t HK Ht).
  rewrite (Sum_ext K (fun j => q j * (t * a j + (1 - t) * b j)) (fun j => t * (q j * a j) + (1 - t) * (q j * b j))) by (intros; ring).
  rewrite Sum_plus, !Sum_scal. lra.
Qed.

(** Gibbs' inequality, zeros of the first vector allowed: 0 log 0 = 0 *)
Theorem gibbs_with_zeros K p q : (forall j, (1 <= j <= K)%nat -> 0 < p j) -> Sum K p = 1 ->
  (forall j, (1 <= j <= K)%nat -> 0 <= q j) -> Sum K q = 1 -> 0 <= Sum K (fun j => times_log (q j) (q j / p j)).
Proof. intros. now apply gibbs. Qed.

(** Several positives: the loss of any of them is below the mean of theirs, by at least log m *)
Theorem any_below_mean K (P : nat -> bool) p : (exists i, (1 <= i <= K)%nat /\ P i = true) -> (forall j, (1 <= j <= K)%nat -> 0 < p j) ->
  let m := Sum K (fun j => if P j then 1 else 0) in
  - ln (Sum K (fun i => if P i then p i else 0)) <= - (/ m * Sum K (fun i => if P i then ln (p i) else 0)) - ln m.
Proof. intros E H m. generalize (jensen_ln K P p E H). fold m. lra. Qed.

(** The logarithmic and the squared score are proper *)
Theorem log_score_proper eta p : 0 < eta < 1 -> 0 < p < 1 -> p <> eta ->
  - (eta * ln eta) - (1 - eta) * ln (1 - eta) < - (eta * ln p) - (1 - eta) * ln (1 - p).
Proof. apply binary_gibbs. Qed.
Theorem squared_score_proper eta p : p <> eta -> eta * (1 - eta) ^ 2 + (1 - eta) * eta ^ 2 < eta * (1 - p) ^ 2 + (1 - eta) * p ^ 2.
Proof. intro N. generalize (square_pos (p - eta) ltac:(lra)). lra. Qed.

(** Squared error through a sigmoid is not convex *)
Theorem sigmoid_squared_error_not_convex : ~ convex (fun f => 1 / 2 * (sigmoid f - 1) ^ 2).
Proof. intro C. specialize (C (-10) 0 (1 / 2) ltac:(lra)). unfold sigmoid in C. revert C. apply Rlt_not_le. interval. Qed.

(** Huber's loss is convex, and its slope is the clipped residual *)
Theorem huber_convex delta : 0 < delta -> convex (huber delta).
Proof. intro H. unfold convex. apply (convex_by_tangents (huber delta) (fun e => clip e (- delta) delta)). intros u v. now apply huber_above_tangent. Qed.
Theorem huber_derivative delta e : 0 < delta -> is_derive (huber delta) e (clip e (- delta) delta).
Proof. apply huber_slope. Qed.

(** The mean minimises the sum of squares, and nothing else does *)
Theorem mean_minimises n y : (1 <= n)%nat -> is_argmin (fun _ => True) (fun c => Sum n (fun i => (y i - c) ^ 2)) (/ INR n * Sum n (fun i => y i)).
Proof.
  intro H. assert (P : 0 < INR n) by (apply lt_0_INR; lia). apply (argmin_of_square _ _ _ (INR n)); [easy|easy|]. intro x.
  rewrite (Sum_of_squares n y x H), (Sum_of_squares n y (/ INR n * _) H). ring.
Qed.

(** A tau-quantile of a sample minimises the sum of pinball losses *)
Definition pinball tau u := Rmax (tau * u) ((tau - 1) * u).
Theorem quantile_minimises n y tau q : 0 <= tau <= 1 ->
  Sum n (fun i => (if Rlt_dec (y i) q then 1 else 0) - tau) <= 0 <= Sum n (fun i => (if Rle_dec (y i) q then 1 else 0) - tau) ->
  forall r, Sum n (fun i => pinball tau (y i - q)) <= Sum n (fun i => pinball tau (y i - r)).
Proof.
  intros Ht [Hl Hr] r. apply Rminus_le_0. rewrite <- Sum_minus. destruct (Rle_dec q r) as [H|H].
  - apply Rle_trans with (Sum n (fun i => (r - q) * ((if Rle_dec (y i) q then 1 else 0) - tau))).
    + rewrite Sum_scal. apply Rmult_le_pos; lra.
    + apply Sum_le. intros. unfold pinball, Rmax. destruct Rle_dec, Rle_dec, Rle_dec; nra.
  - apply Rle_trans with (Sum n (fun i => (r - q) * ((if Rlt_dec (y i) q then 1 else 0) - tau))).
    + rewrite Sum_scal. assert (0 <= (q - r) * - Sum n (fun i => (if Rlt_dec (y i) q then 1 else 0) - tau)) by (apply Rmult_le_pos; lra). lra.
    + apply Sum_le. intros. unfold pinball, Rmax. destruct Rlt_dec, Rle_dec, Rle_dec; nra.
Qed.

Definition theorems := (logistic_convex, logistic_lipschitz, cross_entropy_is_logistic, log_sum_exp_convex, softmax_cross_entropy_convex,
  gibbs_with_zeros, any_below_mean, log_score_proper, squared_score_proper, sigmoid_squared_error_not_convex, huber_convex,
  huber_derivative, mean_minimises, quantile_minimises).
Print Assumptions theorems.
