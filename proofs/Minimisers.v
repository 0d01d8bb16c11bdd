(** * Minimisers *)
From Losses Require Export Derivatives.

(** By the sign of the slope, on an interval *)
Lemma argmin_by_slope (D : R -> Prop) (f df : R -> R) r :
  (forall a b c, D a -> D b -> a <= c <= b -> D c) -> D r ->
  (forall x, D x -> is_derive f x (df x)) -> (forall x, D x -> x < r -> df x < 0) -> (forall x, D x -> r < x -> 0 < df x) ->
  is_argmin D f r.
Proof.
  intros C Ir Df L G. split; [easy|]. intros x Ix N. destruct (Rtotal_order x r) as [H|[H|H]]; [|easy|].
  - destruct (mvt f df x r H) as [c [Hc E]]; [intros; apply Df, (C x r); auto|].
    assert (df c < 0) by (apply L; [apply (C x r); auto; lra|lra]). nra.
  - destruct (mvt f df r x H) as [c [Hc E]]; [intros; apply Df, (C r x); auto|].
    assert (0 < df c) by (apply G; [apply (C r x); auto; lra|lra]). nra.
Qed.
(** By what a value exceeds the least one *)
Lemma argmin_by_excess (D : R -> Prop) (f : R -> R) r : D r -> (forall x, D x -> x <> r -> 0 < f x - f r) -> is_argmin D f r.
Proof. intros Dr H. split; [easy|]. intros x Dx N. specialize (H x Dx N). lra. Qed.
(** A strictly increasing change of the variable *)
Lemma argmin_ext (D E : R -> Prop) (f g : R -> R) r : (forall x, D x <-> E x) -> (forall x, D x -> f x = g x) -> is_argmin E g r -> is_argmin D f r.
Proof. intros DE FG [Er H]. split; [now apply DE|]. intros x Dx N. rewrite (FG x Dx), FG by now apply DE. apply H; [now apply DE|easy]. Qed.
Lemma least_by_argmin (D : R -> Prop) (f : R -> R) r m : is_argmin D f r -> f r = m -> is_least D f m.
Proof. intros [Dr H] <-. split; [now exists r|]. intros x Dx. destruct (Req_dec x r) as [->|N]; [lra|]. left. now apply H. Qed.
(** A quadratic with its lowest point *)
Lemma square_pos x : x <> 0 -> 0 < x ^ 2.
Proof. intro. rewrite <- Rsqr_pow2. now apply Rsqr_pos_lt. Qed.
Lemma argmin_of_square (D : R -> Prop) f r c : 0 < c -> D r -> (forall x, f x - f r = c * (x - r) ^ 2) -> is_argmin D f r.
Proof. intros Hc Dr H. apply argmin_by_excess; [easy|]. intros x _ N. rewrite H. apply Rmult_lt_0_compat; [easy|apply square_pos; lra]. Qed.
Lemma Sum_of_squares n (y : nat -> R) c : (1 <= n)%nat ->
  Sum n (fun i => (y i - c) ^ 2) = Sum n (fun i => (y i - / INR n * Sum n (fun i => y i)) ^ 2) + INR n * (c - / INR n * Sum n (fun i => y i)) ^ 2.
Proof.
  intro H. assert (0 < INR n) by now apply lt_0_INR.
  assert (E : forall b, Sum n (fun i => (y i - b) ^ 2) = Sum n (fun i => y i ^ 2) - 2 * b * Sum n (fun i => y i) + INR n * b ^ 2).
  { intro b. rewrite <- (Sum_const n (b ^ 2)), <- Sum_scal, <- Sum_minus, <- Sum_plus. apply Sum_ext. intros. ring. }
  rewrite !E. field. lra.
Qed.
