(** * Hyperbolic functions, and log-cosh *)
From Losses Require Export Machines.

(** The hyperbolic functions *)
Lemma cosh_ge_1 x : 1 <= cosh x.
Proof.
  unfold cosh. rewrite exp_Ropp. generalize (exp_pos x). intro P. apply (Rmult_le_reg_r (2 * exp x)); [lra|].
  replace ((exp x + / exp x) / 2 * (2 * exp x)) with (exp x ^ 2 + 1) by (field; lra). generalize (pow2_ge_0 (exp x - 1)). lra.
Qed.
Lemma cosh_even x : cosh (- x) = cosh x. Proof. unfold cosh. rewrite Ropp_involutive. lra. Qed.
Lemma cosh_abs x : cosh (Rabs x) = cosh x. Proof. unfold Rabs. destruct Rcase_abs; [apply cosh_even|easy]. Qed.
Lemma ln_cosh x : ln (cosh x) = Rabs x - ln 2 + ln (1 + exp (- (2 * Rabs x))).
Proof.
  rewrite <- cosh_abs. generalize (Rabs x). clear x. intro x. rewrite <- (ln_exp x) at 2. rewrite <- ln_div' by (try apply exp_pos; lra).
  rewrite <- ln_mult by first [apply one_exp_pos | apply Rdiv_lt_0_compat; [apply exp_pos|lra]]. f_equal. unfold cosh.
  replace (- (2 * x)) with (2 * - x) by ring. rewrite exp_2, exp_Ropp. generalize (exp_pos x). intro. field. lra.
Qed.
Lemma d_ln_cosh x : is_derive (fun x : R => ln (cosh x)) x (tanh x).
Proof. generalize (cosh_ge_1 x). intro. eapply d_eq; [apply (d_ln cosh); [apply (d_cosh (fun t : R => t)), d_id|lra]|]. unfold tanh. real_eq. field. lra. Qed.
Lemma tanh_slope x : is_derive tanh x (1 - tanh x ^ 2).
Proof. eapply d_eq; [apply (d_tanh (fun t : R => t)), d_id|]. real_eq. ring. Qed.
Lemma tanh_0 : tanh 0 = 0. Proof. unfold tanh, sinh. rewrite Ropp_0. unfold Rdiv. rewrite Rminus_eq_0, !Rmult_0_l. easy. Qed.
Lemma tanh_bounds x : -1 < tanh x < 1.
Proof.
  unfold tanh. generalize (cosh_ge_1 x). intro. assert (A : cosh x - sinh x = exp (- x)) by (unfold cosh, sinh; lra). assert (B : cosh x + sinh x = exp x) by (unfold cosh, sinh; lra).
  generalize (exp_pos x) (exp_pos (- x)). intros. split; apply (Rmult_lt_reg_r (cosh x)); try lra; unfold Rdiv; rewrite Rmult_assoc, Rinv_l; lra.
Qed.
Lemma tanh_upper x : 0 <= x -> tanh x <= x.
Proof.
  intro H. assert (M : 0 - tanh 0 <= x - tanh x); [|rewrite tanh_0 in M; lra].
  apply (monotone (fun x => x - tanh x) (fun x => tanh x ^ 2) 0 x H); [|intros; apply pow2_ge_0].
  intros t _. eapply d_eq; [apply d_minus; [apply d_id|apply tanh_slope]|]. real_eq. ring.
Qed.
Lemma tanh_nonneg x : 0 <= x -> 0 <= tanh x.
Proof.
  intro H. unfold tanh, sinh. generalize (cosh_ge_1 x) (exp_le (- x) x ltac:(lra)). intros. apply Rmult_le_pos; [lra|]. left. apply Rinv_0_lt_compat. lra.
Qed.
Lemma tanh_lower x : 0 <= x -> x - x ^ 3 / 3 <= tanh x.
Proof.
  intro H. assert (M : tanh 0 - (0 - 0 ^ 3 / 3) <= tanh x - (x - x ^ 3 / 3)); [|rewrite tanh_0 in M; lra].
  apply (monotone (fun x => tanh x - (x - x ^ 3 / 3)) (fun x => x ^ 2 - tanh x ^ 2) 0 x H).
  - intros t _. eapply h_ext with (g := fun t => tanh t - (t - 1 / 3 * t ^ 3)); [intro; field|]. eapply d_eq; [apply d_minus; [apply tanh_slope|der]|]. simpl. real_eq. field.
  - intros t Ht. generalize (tanh_upper t ltac:(lra)) (tanh_nonneg t ltac:(lra)). intros. nra.
Qed.
Lemma ln_cosh_0 : ln (cosh 0) = 0. Proof. unfold cosh. rewrite Ropp_0, exp_0. replace ((1 + 1) / 2) with 1 by field. apply ln_1. Qed.
Lemma ln_cosh_upper x : ln (cosh x) <= x ^ 2 / 2.
Proof.
  rewrite <- cosh_abs, <- pow2_abs. generalize (Rabs x) (Rabs_pos x). clear x. intros x H.
  assert (M : 0 ^ 2 / 2 - ln (cosh 0) <= x ^ 2 / 2 - ln (cosh x)); [|rewrite ln_cosh_0 in M; lra].
  apply (monotone (fun x => x ^ 2 / 2 - ln (cosh x)) (fun x => x - tanh x) 0 x H).
  - intros t _. eapply h_ext with (g := fun t => 1 / 2 * t ^ 2 - ln (cosh t)); [intro; field|]. eapply d_eq; [apply d_minus; [der|apply d_ln_cosh]|]. simpl. real_eq. field.
  - intros t Ht. generalize (tanh_upper t ltac:(lra)). lra.
Qed.
Lemma ln_cosh_lower x : x ^ 2 / 2 - x ^ 4 / 12 <= ln (cosh x).
Proof.
  replace (x ^ 4) with ((x ^ 2) ^ 2) by ring. rewrite <- cosh_abs, <- pow2_abs. generalize (Rabs x) (Rabs_pos x). clear x. intros x H.
  assert (M : ln (cosh 0) - (0 ^ 2 / 2 - (0 ^ 2) ^ 2 / 12) <= ln (cosh x) - (x ^ 2 / 2 - (x ^ 2) ^ 2 / 12)); [|rewrite ln_cosh_0 in M; lra].
  apply (monotone (fun x => ln (cosh x) - (x ^ 2 / 2 - (x ^ 2) ^ 2 / 12)) (fun x => tanh x - (x - x ^ 3 / 3)) 0 x H).
  - intros t _. eapply h_ext with (g := fun t => ln (cosh t) - (1 / 2 * t ^ 2 - 1 / 12 * t ^ 4)); [intro; field|]. eapply d_eq; [apply d_minus; [apply d_ln_cosh|der]|]. simpl. real_eq. field.
  - intros t Ht. generalize (tanh_lower t ltac:(lra)). lra.
Qed.
