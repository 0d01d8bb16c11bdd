(** * Cross-entropy and the logistic loss are one function; separable data have no minimum *)
From Losses Require Import Library.

Definition cross_entropy (y f : R) : R := - (y * ln (sigmoid f)) - (1 - y) * ln (1 - sigmoid f).

(** Equal in value, in gradient and in curvature *)
Theorem equivalence y f : y = 0 \/ y = 1 ->
  let z := 2 * y - 1 in let logistic f := ln (1 + exp (- (z * f))) in
  cross_entropy y f = logistic f /\
  is_derive (cross_entropy y) f (sigmoid f - y) /\ is_derive logistic f (sigmoid f - y) /\
  is_derive (Derive (cross_entropy y)) f (sigmoid f * (1 - sigmoid f)) /\ is_derive (Derive logistic) f (sigmoid f * (1 - sigmoid f)).
Proof.
  intros Hy z logistic. assert (V : forall f, cross_entropy y f = logistic f).
  { intro g. unfold cross_entropy, logistic, z. rewrite ln_sigmoid, ln_1_sigmoid. destruct Hy as [-> | ->].
    - replace (- ((2 * 0 - 1) * g)) with g by ring. ring.
    - replace (- ((2 * 1 - 1) * g)) with (- g) by ring. rewrite ln1p. ring. }
  assert (G : forall g, is_derive (cross_entropy y) g (sigmoid g - y)) by (intro; apply C_slope).
  assert (G' : forall g, is_derive logistic g (sigmoid g - y)) by (intro; apply h_ext with (g := cross_entropy y); [intro; now rewrite V|apply G]).
  assert (S : forall g, is_derive (fun g => sigmoid g - y) g (sigmoid g * (1 - sigmoid g))).
  { intro g. eapply d_eq; [apply d_minus; [apply sigmoid_slope|apply d_const]|]. apply Rminus_0_r. }
  split; [apply V|]. split; [apply G|]. split; [apply G'|]. split; apply h_ext with (g := fun g => sigmoid g - y); try apply S; intro; apply is_derive_unique; [apply G|apply G'].
Qed.

(** n examples x with d features and signs z *)
Section Data.
Variables (n d : nat) (x : nat -> nat -> R) (z : nat -> R).
Definition margin (w : nat -> R) (i : nat) : R := z i * Sum d (fun k => w k * x i k).
Definition mean_loss (w : nat -> R) : R := / INR n * Sum n (fun i => ln (1 + exp (- margin w i))).

Lemma least_margin w m : (m <= n)%nat -> (forall i, (1 <= i <= n)%nat -> 0 < margin w i) -> exists g, 0 < g /\ forall i, (1 <= i <= m)%nat -> g <= margin w i.
Proof.
  intros L H. induction m as [|m IH]; [exists 1; split; [lra|intros; lia]|]. destruct IH as [g [Hg I]]; [lia|].
  exists (Rmin g (margin w (S m))). split; [apply Rmin_pos; [easy|apply H; lia]|]. intros i Hi. destruct (Nat.eq_dec i (S m)) as [->|N]; [apply Rmin_r|].
  eapply Rle_trans; [apply Rmin_l|apply I; lia].
Qed.
(** What follows for every sample: if some weights give every example a positive margin, the mean logistic loss has infimum 0, and no weights attain it *)
Lemma separable w : (1 <= n)%nat -> (forall i, (1 <= i <= n)%nat -> 0 < margin w i) ->
  is_glb_Rbar (fun r => exists v, r = mean_loss v) 0 /\ forall v, mean_loss v <> 0.
Proof.
  intros Hn H. assert (N : 0 < INR n) by (apply lt_0_INR; lia).
  assert (P : forall v, 0 < mean_loss v). { intro v. apply Rmult_lt_0_compat; [now apply Rinv_0_lt_compat|]. apply Sum_pos; [easy|]. intros i _. apply (ell_pos (margin v i)). }
  split; [|intro v; generalize (P v); lra]. split; [intros r [v ->]; left; apply P|].
  intros l B. destruct l as [l| |]; [|destruct (B (mean_loss w)); now exists w|easy]. simpl. apply Rnot_lt_le. intro L.
  destruct (least_margin w n (le_n n) H) as [g [Hg I]]. set (t := (1 + Rabs (ln l)) / g). assert (T : 0 < t) by (apply Rdiv_lt_0_compat; [generalize (Rabs_pos (ln l)); lra|easy]).
  specialize (B (mean_loss (fun k => t * w k)) ltac:(now exists (fun k => t * w k))). simpl in B. apply Rle_not_lt in B. apply B.
  assert (E : forall i, margin (fun k => t * w k) i = t * margin w i).
  { intro i. unfold margin. rewrite (Sum_ext d (fun k => t * w k * x i k) (fun k => t * (w k * x i k))) by (intros; ring). rewrite Sum_scal. ring. }
  unfold mean_loss. replace l with (/ INR n * Sum n (fun _ => l)) by (rewrite Sum_const; field; lra). apply Rmult_lt_compat_l; [now apply Rinv_0_lt_compat|].
  assert (F : forall i, (1 <= i <= n)%nat -> ln (1 + exp (- margin (fun k => t * w k) i)) < l).
  { intros i Hi. rewrite E. apply Rle_lt_trans with (exp (- (t * margin w i))); [generalize (exp_pos (- (t * margin w i))); intro X; generalize (ln_le_sub1 (1 + exp (- (t * margin w i))) ltac:(lra)); lra|].
    rewrite <- (exp_ln l L). apply exp_increasing. specialize (I i Hi). assert (t * g = 1 + Rabs (ln l)) by (unfold t; field; lra).
    generalize (Rabs_maj2 (ln l)). assert (t * g <= t * margin w i) by (apply Rmult_le_compat_l; lra). lra. }
  apply (Sum_lt n 1); [lia|intros j Hj; left; now apply F|apply F; lia].
Qed.
End Data.
(** If some weights give each of n examples with d features and signs z a positive margin, the mean loss has infimum 0, and no weights attain it *)
Theorem separable_data (n d : nat) (x : nat -> nat -> R) (z w : nat -> R) : (1 <= n)%nat -> (forall i, (1 <= i <= n)%nat -> 0 < margin d x z w i) ->
  is_glb_Rbar (fun r => exists v, r = mean_loss n d x z v) 0 /\ forall v, mean_loss n d x z v <> 0.
Proof. exact (separable n d x z w). Qed.

Definition theorems := (equivalence, separable_data).
Print Assumptions theorems.
