(** * The mean, the median, the quantile and Huber's estimate of a sample *)
From Losses Require Import Library.

(** Between a number and its neighbours: no target stands strictly between a and some c beyond it *)
Lemma gap_right n (y : nat -> R) a : exists c, a < c /\ forall i, (1 <= i <= n)%nat -> 0 <= (y i - a) * (y i - c).
Proof.
  induction n as [|n [c [Hc H]]]; [exists (a + 1); split; [lra|intros; lia]|].
  destruct (Rlt_dec a (y (S n))) as [L|L].
  - exists (Rmin c (y (S n))). split; [unfold Rmin; destruct Rle_dec; lra|]. intros i Hi. destruct (Nat.eq_dec i (S n)) as [->|N].
    + apply Rmult_le_pos; [lra|]. generalize (Rmin_r c (y (S n))). lra.
    + specialize (H i ltac:(lia)). destruct (Rle_dec (y i) a) as [A|A].
      * replace ((y i - a) * (y i - Rmin c (y (S n)))) with ((a - y i) * (Rmin c (y (S n)) - y i)) by ring. apply Rmult_le_pos; [lra|]. unfold Rmin; destruct Rle_dec; lra.
      * assert (c <= y i) by nra. apply Rmult_le_pos; [lra|]. generalize (Rmin_l c (y (S n))). lra.
  - exists c. split; [easy|]. intros i Hi. destruct (Nat.eq_dec i (S n)) as [->|N]; [nra|apply H; lia].
Qed.
Lemma gap_left n (y : nat -> R) a : exists c, c < a /\ forall i, (1 <= i <= n)%nat -> 0 <= (y i - a) * (y i - c).
Proof.
  destruct (gap_right n (fun i => - y i) (- a)) as [c [Hc H]]. exists (- c). split; [lra|]. intros i Hi. specialize (H i Hi). cbv beta in H. lra.
Qed.

Definition pinball q u := Rmax (q * u) ((q - 1) * u).
Definition below n (y : nat -> R) a := Sum n (fun i => if Rlt_dec (y i) a then 1 else 0). (* how many targets lie below a *)
Definition at_most n (y : nat -> R) a := Sum n (fun i => if Rle_dec (y i) a then 1 else 0). (* how many are at most a *)
Definition above n (y : nat -> R) a := Sum n (fun i => if Rlt_dec a (y i) then 1 else 0).
Definition minimises (F : R -> R) a := forall c, F a <= F c.

(** The quantile: a minimises the sum of pinball losses exactly if the share of targets below a is at most q, and the share of those at most a at least q *)
Theorem quantile n y q a : (1 <= n)%nat -> 0 < q < 1 ->
  minimises (fun c => Sum n (fun i => pinball q (y i - c))) a <-> below n y a / INR n <= q <= at_most n y a / INR n.
Proof.
  intros Hn Hq. assert (N : 0 < INR n) by (apply lt_0_INR; lia).
  assert (Q : forall x, (x / INR n <= q <-> x - INR n * q <= 0) /\ (q <= x / INR n <-> 0 <= x - INR n * q)).
  { intro x. assert (E : x = x / INR n * INR n) by (field; lra). split; split; intro; nra. }
  assert (B : below n y a - INR n * q = Sum n (fun i => (if Rlt_dec (y i) a then 1 else 0) - q)) by (unfold below; now rewrite Sum_minus, Sum_const).
  assert (A : at_most n y a - INR n * q = Sum n (fun i => (if Rle_dec (y i) a then 1 else 0) - q)) by (unfold at_most; now rewrite Sum_minus, Sum_const).
  split.
  - intro M. split.
    + apply Q. rewrite B. apply Rnot_lt_le. intro P. destruct (gap_left n y a) as [c [Hc H]]. specialize (M c). cbv beta in M. apply Rle_not_lt in M. apply M. apply Rminus_gt_0_lt.
      rewrite <- Sum_minus. rewrite (Sum_ext n _ (fun i => (a - c) * ((if Rlt_dec (y i) a then 1 else 0) - q))); [rewrite Sum_scal; apply Rmult_lt_0_compat; lra|].
      intros i Hi. specialize (H i Hi). unfold pinball, Rmax. repeat destruct Rle_dec; destruct Rlt_dec; nra.
    + apply Q. rewrite A. apply Rnot_lt_le. intro P. destruct (gap_right n y a) as [c [Hc H]]. specialize (M c). cbv beta in M. apply Rle_not_lt in M. apply M. apply Rminus_gt_0_lt.
      rewrite <- Sum_minus. rewrite (Sum_ext n _ (fun i => (c - a) * - ((if Rle_dec (y i) a then 1 else 0) - q))); [rewrite Sum_scal, Sum_opp; apply Rmult_lt_0_compat; lra|].
      intros i Hi. specialize (H i Hi). unfold pinball, Rmax. repeat destruct Rle_dec; nra.
  - intros [L U]. apply Q in L, U. rewrite B in L. rewrite A in U. intro c. apply Rminus_le_0. rewrite <- Sum_minus. destruct (Rle_dec a c) as [H|H].
    + apply Rle_trans with (Sum n (fun i => (c - a) * ((if Rle_dec (y i) a then 1 else 0) - q))).
      * rewrite Sum_scal. apply Rmult_le_pos; lra.
      * apply Sum_le. intros. unfold pinball, Rmax. destruct Rle_dec, Rle_dec, Rle_dec; nra.
    + apply Rle_trans with (Sum n (fun i => (c - a) * ((if Rlt_dec (y i) a then 1 else 0) - q))).
      * rewrite Sum_scal. assert (0 <= (a - c) * - Sum n (fun i => (if Rlt_dec (y i) a then 1 else 0) - q)) by (apply Rmult_le_pos; lra). lra.
      * apply Sum_le. intros. unfold pinball, Rmax. destruct Rlt_dec, Rle_dec, Rle_dec; nra.
Qed.
(** The median: a minimises the sum of absolute errors exactly if at most half of the targets lie below a and at most half above *)
Theorem median n y a : (1 <= n)%nat ->
  minimises (fun c => Sum n (fun i => Rabs (y i - c))) a <-> below n y a <= INR n / 2 /\ above n y a <= INR n / 2.
Proof.
  intro Hn. assert (N : 0 < INR n) by (apply lt_0_INR; lia).
  assert (E : forall c, Sum n (fun i => Rabs (y i - c)) = 2 * Sum n (fun i => pinball (1 / 2) (y i - c))).
  { intro c. rewrite <- Sum_scal. apply Sum_ext. intros. unfold pinball, Rmax, Rabs. destruct Rcase_abs, Rle_dec; lra. }
  assert (T : above n y a = INR n - at_most n y a).
  { unfold above, at_most. rewrite <- (Rmult_1_r (INR n)), <- Sum_const, <- Sum_minus. apply Sum_ext. intros. destruct Rlt_dec, Rle_dec; lra. }
  assert (Q : forall x, (x / INR n <= 1 / 2 <-> x <= INR n / 2) /\ (1 / 2 <= x / INR n <-> INR n / 2 <= x)).
  { intro x. assert (F : x = x / INR n * INR n) by (field; lra). split; split; intro; nra. }
  assert (M : minimises (fun c => Sum n (fun i => Rabs (y i - c))) a <-> minimises (fun c => Sum n (fun i => pinball (1 / 2) (y i - c))) a).
  { split; intros H c; specialize (H c); cbv beta in *; rewrite ?E in *; lra. }
  rewrite M, (quantile n y (1 / 2) a Hn ltac:(lra)), T. destruct (Q (below n y a)) as [B _]. destruct (Q (at_most n y a)) as [_ A]. rewrite B, A. intuition lra.
Qed.
(** Huber's loss: convex, with a continuous slope, Lipschitz, below both its parents and near the second *)
Theorem huber_between_its_parents delta r : 0 < delta ->
  huber delta r <= 1 / 2 * r ^ 2 /\ huber delta r <= delta * Rabs r /\ delta * Rabs r - delta ^ 2 / 2 <= huber delta r.
Proof.
  intro H. unfold huber. rewrite <- (pow2_abs r). generalize (Rabs_pos r). generalize (Rabs r). clear r. intros r P.
  generalize (pow2_ge_0 (r - delta)). intro. destruct Rle_dec; repeat split; nra.
Qed.
Theorem huber_smooth delta : 0 < delta -> forall r, is_derive (huber delta) r (clip r (- delta) delta) /\ continuous (fun r => clip r (- delta) delta) r.
Proof.
  intros H r. split; [now apply huber_slope|]. intros P [e He]. exists e. intros t Ht. apply He. change (Rabs (t - r) < e) in Ht.
  change (Rabs (clip t (- delta) delta - clip r (- delta) delta) < e). eapply Rle_lt_trans; [|exact Ht].
  unfold clip, Rmin, Rmax. destruct (Rle_dec t (- delta)), (Rle_dec r (- delta)); repeat destruct Rle_dec; unfold Rabs; repeat destruct Rcase_abs; lra.
Qed.
Theorem huber_lipschitz delta a b : 0 < delta -> Rabs (huber delta a - huber delta b) <= delta * Rabs (a - b).
Proof.
  intro H. apply (lipschitz (huber delta) (fun r => clip r (- delta) delta) delta); [intro; now apply huber_slope|]. intro x. apply Rabs_le. now apply clip_bounds.
Qed.
(** Breakdown: fewer bad targets than good ones cannot take Huber's estimate further than delta from the good ones *)
Lemma slope_at_a_minimiser (F : R -> R) (c s : R) : minimises F c -> is_derive F c s -> s = 0.
Proof.
  intros M D. destruct (Req_dec s 0) as [E|N]; [easy|exfalso]. apply is_derive_Reals in D. destruct (D (Rabs s) (Rabs_pos_lt s N)) as [e He]. generalize (cond_pos e). intro P.
  set (h := if Rlt_dec 0 s then - (e / 2) else e / 2). assert (H0 : h <> 0) by (unfold h; destruct Rlt_dec; lra).
  assert (H1 : Rabs h < e) by (unfold h; destruct Rlt_dec; [rewrite Rabs_Ropp|]; rewrite Rabs_pos_eq; lra).
  specialize (He h H0 H1). apply Rabs_lt_between in He. specialize (M (c + h)). set (q := (F (c + h) - F c) / h) in *. assert (E : F (c + h) = F c + q * h) by (unfold q; field; easy).
  rewrite E in M. revert He H0 M. unfold h, Rabs. destruct Rlt_dec, Rcase_abs; intros; nra.
Qed.
Theorem breakdown n m (y b : nat -> R) delta lo hi c : (m < n)%nat -> 0 < delta -> (forall i, (1 <= i <= n)%nat -> lo <= y i <= hi) ->
  minimises (fun c => Sum n (fun i => huber delta (y i - c)) + Sum m (fun j => huber delta (b j - c))) c -> lo - delta <= c <= hi + delta.
Proof.
  intros Hm H G M. assert (L : INR m < INR n) by now apply lt_INR.
  assert (S : forall (y0 c0 : R), is_derive (fun t => huber delta (y0 - t)) c0 (- clip (y0 - c0) (- delta) delta)).
  { intros y0 c0. eapply d_eq; [apply (d_comp (huber delta) (fun t => y0 - t)); [now apply huber_slope|apply d_minus; [apply d_const|apply d_id]]|]. cbv beta. real_eq. ring. }
  assert (D : is_derive (fun c => Sum n (fun i => huber delta (y i - c)) + Sum m (fun j => huber delta (b j - c))) c
    (Sum n (fun i => - clip (y i - c) (- delta) delta) + Sum m (fun j => - clip (b j - c) (- delta) delta))).
  { apply d_plus; [apply (d_Sum n (fun t i => huber delta (y i - t)) c (fun i => - clip (y i - c) (- delta) delta)); intros; apply S|apply (d_Sum m (fun t j => huber delta (b j - t)) c (fun j => - clip (b j - c) (- delta) delta)); intros; apply S]. }
  generalize (slope_at_a_minimiser _ _ _ M D). intro Z.
  assert (B1 : Sum m (fun j => - clip (b j - c) (- delta) delta) <= INR m * delta) by (rewrite <- Sum_const; apply Sum_le; intros j _; generalize (clip_bounds (b j - c) delta H); lra).
  assert (B2 : INR m * - delta <= Sum m (fun j => - clip (b j - c) (- delta) delta)) by (rewrite <- Sum_const; apply Sum_le; intros j _; generalize (clip_bounds (b j - c) delta H); lra).
  split; apply Rnot_lt_le; intro A.
  - assert (Sum n (fun i => - clip (y i - c) (- delta) delta) = INR n * - delta); [|nra]. rewrite <- Sum_const. apply Sum_ext. intros i Hi. specialize (G i Hi). unfold clip, Rmin, Rmax. destruct Rle_dec, Rle_dec; lra.
  - assert (Sum n (fun i => - clip (y i - c) (- delta) delta) = INR n * delta); [|nra]. rewrite <- Sum_const. apply Sum_ext. intros i Hi. specialize (G i Hi). unfold clip, Rmin, Rmax. destruct Rle_dec, Rle_dec; lra.
Qed.

Definition theorems := (quantile, median, huber_between_its_parents, huber_smooth, huber_lipschitz, breakdown).
Print Assumptions theorems.
