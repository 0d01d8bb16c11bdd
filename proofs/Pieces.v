(** * Functions in pieces, and their slopes *)
From Losses Require Export Minimisers.

Lemma d_comp (f g : R -> R) x a b : is_derive f (g x) a -> is_derive g x b -> is_derive (fun t => f (g t)) x (b * a).
Proof. intros F G. apply (is_derive_comp f g x a b F G). Qed.

Lemma d_abs x : x <> 0 -> is_derive Rabs x (if Rlt_dec 0 x then 1 else -1).
Proof.
  intro N. destruct (Rlt_dec 0 x) as [P|P].
  - apply (is_derive_ext_loc (fun t => t)); [|apply d_id].
    generalize (near_gt 0 x P). apply filter_imp. intros t Ht. rewrite Rabs_pos_eq; lra.
  - assert (Q : x < 0) by lra. apply (is_derive_ext_loc (fun t => - t)); [|apply d_opp, d_id].
    generalize (near_lt 0 x Q). apply filter_imp. intros t Ht. rewrite Rabs_left; lra.
Qed.
Lemma d_max (f g : R -> R) x a b : is_derive f x a -> is_derive g x b -> f x <> g x ->
  is_derive (fun t => Rmax (f t) (g t)) x (if Rlt_dec (g x) (f x) then a else b).
Proof.
  intros F G N. assert (Cf := d_cont _ _ _ F). assert (Cg := d_cont _ _ _ G). destruct (Rlt_dec (g x) (f x)) as [P|P].
  - apply (is_derive_ext_loc f); [|exact F]. generalize (lt_near g f x Cg Cf P). apply filter_imp.
    intros t Ht. rewrite Rmax_left; lra.
  - assert (Q : f x < g x) by lra. apply (is_derive_ext_loc g); [|exact G]. generalize (lt_near f g x Cf Cg Q). apply filter_imp.
    intros t Ht. rewrite Rmax_right; lra.
Qed.
Lemma d_min (f g : R -> R) x a b : is_derive f x a -> is_derive g x b -> f x <> g x ->
  is_derive (fun t => Rmin (f t) (g t)) x (if Rlt_dec (f x) (g x) then a else b).
Proof.
  intros F G N. assert (Cf := d_cont _ _ _ F). assert (Cg := d_cont _ _ _ G). destruct (Rlt_dec (f x) (g x)) as [P|P].
  - apply (is_derive_ext_loc f); [|exact F]. generalize (lt_near f g x Cf Cg P). apply filter_imp.
    intros t Ht. rewrite Rmin_left; lra.
  - assert (Q : g x < f x) by lra. apply (is_derive_ext_loc g); [|exact G]. generalize (lt_near g f x Cg Cf Q). apply filter_imp.
    intros t Ht. rewrite Rmin_right; lra.
Qed.

(** The square of the positive part has a slope everywhere *)
Lemma d_square_of_positive_part x : is_derive (fun t => Rmax t 0 ^ 2) x (2 * Rmax x 0).
Proof.
  apply (d_of_quadratic _ _ _ 1). intro h. unfold Rmax. destruct (Rle_dec (x + h) 0), (Rle_dec x 0); apply Rabs_le; split; nra.
Qed.

Definition huber delta e := if Rle_dec (Rabs e) delta then 1 / 2 * e ^ 2 else delta * (Rabs e - delta / 2).
Definition clip x a b := Rmin (Rmax x a) b.
Lemma clip_bounds x d : 0 < d -> - d <= clip x (- d) d <= d.
Proof. intro H. unfold clip, Rmin, Rmax. destruct (Rle_dec x (- d)), Rle_dec; lra. Qed.
Lemma huber_dual delta e g : 0 < delta -> - delta <= g <= delta -> g * e - g ^ 2 / 2 <= huber delta e.
Proof.
  intros H G. unfold huber. rewrite abs_if. destruct (Rle_dec 0 e), Rle_dec.
  - generalize (pow2_ge_0 (e - g)); nra.
  - assert (0 <= (delta - g) * (e - (delta + g) / 2)) by (apply Rmult_le_pos; lra). nra.
  - generalize (pow2_ge_0 (e - g)); nra.
  - assert (0 <= (delta + g) * (- e - (delta - g) / 2)) by (apply Rmult_le_pos; lra). nra.
Qed.
Lemma huber_dual_equal delta e : 0 < delta -> huber delta e = clip e (- delta) delta * e - clip e (- delta) delta ^ 2 / 2.
Proof.
  intro H. unfold huber, clip, Rmin, Rmax. rewrite abs_if. destruct (Rle_dec 0 e).
  - destruct (Rle_dec e (- delta)); [lra|]. destruct (Rle_dec e delta); field.
  - destruct (Rle_dec e (- delta)), (Rle_dec (- e) delta), (Rle_dec (- delta) delta), (Rle_dec e delta); try lra; try field.
    all: try (replace e with (- delta) by lra; field).
Qed.
Lemma huber_slope delta e : 0 < delta -> is_derive (huber delta) e (clip e (- delta) delta).
Proof.
  intro H. apply (d_of_quadratic _ _ _ (1 / 2)). intro h.
  rewrite !huber_dual_equal by easy. generalize (huber_dual delta (e + h) (clip e (- delta) delta) H (clip_bounds e delta H)).
  rewrite (huber_dual_equal delta (e + h)) by easy.
  assert (P : (clip (e + h) (- delta) delta - clip e (- delta) delta) * (e - clip e (- delta) delta) <= 0).
  { generalize (clip_bounds (e + h) delta H). generalize (clip (e + h) (- delta) delta). intros c' B.
    unfold clip, Rmin, Rmax. destruct (Rle_dec e (- delta)), (Rle_dec (- delta) delta), (Rle_dec e delta); try lra.
    all: first
      [ assert (0 <= (c' + delta) * (- delta - e)) by (apply Rmult_le_pos; lra); lra
      | assert (0 <= (delta - c') * (e - delta)) by (apply Rmult_le_pos; lra); lra ]. }
  revert P. generalize (clip e (- delta) delta) (clip (e + h) (- delta) delta). intros c c' P L.
  apply Rabs_le. generalize (pow2_ge_0 (c' - c - h)) (pow2_ge_0 h). intros A B. split; lra.
Qed.
(** Huber is convex: it lies above its tangents *)
Lemma huber_above_tangent delta a b : 0 < delta -> huber delta a + clip a (- delta) delta * (b - a) <= huber delta b.
Proof.
  intro H. generalize (huber_dual delta b _ H (clip_bounds a delta H)). rewrite (huber_dual_equal delta a) by easy. lra.
Qed.

Definition modified_huber u := if Rlt_dec u (- 1) then - (4 * u) else (if Rle_dec (- 1) u then (if Rlt_dec u 1 then (1 - u) ^ 2 else 0) else 0).
Lemma modified_huber_difference u : modified_huber u = Rmax (1 - u) 0 ^ 2 - Rmax (- 1 - u) 0 ^ 2.
Proof.
  unfold modified_huber, Rmax. repeat match goal with
  | |- context [Rlt_dec ?a ?b] => destruct (Rlt_dec a b)
  | |- context [Rle_dec ?a ?b] => destruct (Rle_dec a b) end; try lra; try nra.
  all: replace u with 1 by lra; ring.
Qed.
Lemma modified_huber_slope u : is_derive modified_huber u (- Rmin (Rmax (2 * (1 - u)) 0) 4).
Proof.
  apply h_ext with (1 := modified_huber_difference).
  eapply d_eq; [apply d_minus|].
  - apply (d_comp (fun t => Rmax t 0 ^ 2) (fun t => 1 - t)); [apply d_square_of_positive_part|apply d_minus; [apply d_const|apply d_id]].
  - apply (d_comp (fun t => Rmax t 0 ^ 2) (fun t => - 1 - t)); [apply d_square_of_positive_part|apply d_minus; [apply d_const|apply d_id]].
  - cbv beta. unfold Rmin, Rmax. destruct (Rle_dec (2 * (1 - u)) 0);
    repeat match goal with |- context [Rle_dec ?a ?b] => destruct (Rle_dec a b) end;
    repeat match goal with H : ~ (_ <= _) |- _ => apply Rnot_le_lt in H | H : ~ (_ < _) |- _ => apply Rnot_lt_le in H end; match goal with |- @eq _ ?a ?b => change (@eq R a b) end; lra.
Qed.
