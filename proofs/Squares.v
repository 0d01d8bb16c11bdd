(** * Roots, means and the losses of a margin *)
From Losses Require Export Limits.

(** Means *)
Lemma am_gm a b : 0 <= a -> 0 <= b -> 2 * sqrt (a * b) <= a + b.
Proof. intros Ha Hb. rewrite sqrt_mult by easy. generalize (pow2_ge_0 (sqrt a - sqrt b)) (sqrt_sqrt a Ha) (sqrt_sqrt b Hb). lra. Qed.
Lemma sqrt_lt_of_square x y : 0 <= x -> 0 <= y -> x < y ^ 2 -> sqrt x < y.
Proof. intros Hx Hy H. rewrite <- (sqrt_pow2 y) by easy. apply sqrt_lt_1; try easy. apply pow2_ge_0. Qed.
Lemma sqrt_le_of_square x y : 0 <= x -> 0 <= y -> x <= y ^ 2 -> sqrt x <= y.
Proof. intros Hx Hy H. rewrite <- (sqrt_pow2 y) by easy. apply sqrt_le_1; try easy. apply pow2_ge_0. Qed.
Lemma sqrt_ge_of_square x y : 0 <= y -> y ^ 2 <= x -> y <= sqrt x.
Proof. intros Hy H. rewrite <- (sqrt_pow2 y) by easy. apply sqrt_le_1; try easy; [apply pow2_ge_0|]. generalize (pow2_ge_0 y). lra. Qed.
Lemma odds_le a b : 0 < a -> a <= b -> b < 1 -> a / (1 - a) <= b / (1 - b).
Proof.
  intros Ha H Hb. apply Rminus_le_0. replace (b / (1 - b) - a / (1 - a)) with ((b - a) / ((1 - a) * (1 - b))) by (field; lra).
  apply Rmult_le_pos; [lra|]. left. apply Rinv_0_lt_compat. apply Rmult_lt_0_compat; lra.
Qed.
(** The modified Huber loss *)
Lemma modified_huber_falling x y : x <= y -> - Rmin (Rmax (2 * (1 - x)) 0) 4 <= - Rmin (Rmax (2 * (1 - y)) 0) 4.
Proof. intro H. unfold Rmin, Rmax. destruct (Rle_dec (2 * (1 - x)) 0), (Rle_dec (2 * (1 - y)) 0); repeat destruct Rle_dec; lra. Qed.
Lemma modified_huber_convex a b t : 0 <= t <= 1 -> modified_huber (t * a + (1 - t) * b) <= t * modified_huber a + (1 - t) * modified_huber b.
Proof.
  apply (convex_by_tangents modified_huber (fun x => - Rmin (Rmax (2 * (1 - x)) 0) 4)). intros u v.
  apply (above_tangent modified_huber (fun x => - Rmin (Rmax (2 * (1 - x)) 0) 4)); [exact modified_huber_slope|exact modified_huber_falling].
Qed.
Lemma modified_huber_lipschitz a b : Rabs (modified_huber a - modified_huber b) <= 4 * Rabs (a - b).
Proof.
  apply (lipschitz modified_huber (fun x => - Rmin (Rmax (2 * (1 - x)) 0) 4) 4 modified_huber_slope). intro x. apply Rabs_le.
  unfold Rmin, Rmax. destruct (Rle_dec (2 * (1 - x)) 0); destruct Rle_dec; lra.
Qed.
(** The spherical score *)
Lemma spherical_square a b p q : (a * p + b * q) ^ 2 = (a ^ 2 + b ^ 2) * (p ^ 2 + q ^ 2) - (a * q - b * p) ^ 2. Proof. ring. Qed.
Lemma sum_of_squares_pos p : 0 < p ^ 2 + (1 - p) ^ 2. Proof. generalize (pow2_ge_0 (2 * p - 1)). lra. Qed.
