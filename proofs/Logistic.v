(** * The logistic loss *)
From Losses Require Export Softmax.

Definition ell (u : R) : R := ln (1 + exp (- u)).
Lemma one_exp_pos x : 0 < 1 + exp x. Proof. generalize (exp_pos x); lra. Qed.
Lemma ell_slope x : is_derive ell x (sigmoid x - 1).
Proof.
  unfold ell. eapply d_eq; [der|]. change (@eq R ((0 + - (1) * exp (- x)) * / (1 + exp (- x))) (sigmoid x - 1)).
  unfold sigmoid. generalize (exp_pos (- x)); intro. field. lra.
Qed.
Lemma ell_pos u : 0 < ell u.
Proof. unfold ell. apply ln_pos. generalize (exp_pos (- u)); lra. Qed.
Lemma ell_flip u : ell (- u) = ell u + u.
Proof. unfold ell. rewrite Ropp_involutive, ln1p. ring. Qed.
Lemma ell_decreasing a b : a <= b -> ell b <= ell a.
Proof. intro H. unfold ell. apply ln_le; [apply one_exp_pos|]. apply Rplus_le_compat_l, exp_le. lra. Qed.
Lemma ell_above_tangent u v : ell v + (sigmoid v - 1) * (u - v) <= ell u.
Proof. apply (above_tangent ell (fun x => sigmoid x - 1) ell_slope). intros x y H. generalize (sigmoid_le x y H). lra. Qed.
Lemma ell_convex a b t : 0 <= t <= 1 -> ell (t * a + (1 - t) * b) <= t * ell a + (1 - t) * ell b.
Proof. apply (convex_by_tangents ell (fun x => sigmoid x - 1)). intros; apply ell_above_tangent. Qed.
Lemma ell_lipschitz a b : Rabs (ell a - ell b) <= Rabs (a - b).
Proof.
  rewrite <- (Rmult_1_l (Rabs (a - b))). apply (lipschitz ell (fun x => sigmoid x - 1) 1 ell_slope).
  intro x. apply Rabs_le. generalize (sigmoid_pos x) (sigmoid_lt1 x). lra.
Qed.
Lemma sigmoid_slope x : is_derive sigmoid x (sigmoid x * (1 - sigmoid x)).
Proof. eapply d_eq; [apply (d_sigmoid (fun t => t) x 1), d_id|]. apply Rmult_1_l. Qed.
Lemma sigmoid_quarter a b : a <= b -> sigmoid b - sigmoid a <= (b - a) / 4.
Proof.
  intro H. assert (M : a / 4 - sigmoid a <= b / 4 - sigmoid b); [|lra].
  apply (monotone (fun x => x / 4 - sigmoid x) (fun x => 1 / 4 - sigmoid x * (1 - sigmoid x)) a b H).
  - intros x _. apply d_minus; [|apply sigmoid_slope]. eapply d_eq; [unfold Rdiv; apply d_mult; [apply d_id|apply d_const]|]. cbv beta. unfold Rdiv. ring.
  - intros x _. generalize (pow2_ge_0 (sigmoid x - 1 / 2)). intro. nra.
Qed.
Lemma ell_parabola u v : ell u <= ell v + (sigmoid v - 1) * (u - v) + (u - v) ^ 2 / 8.
Proof.
  set (g := fun x => (x - v) ^ 2 / 8 + (sigmoid v - 1) * (x - v) - ell x).
  set (dg := fun x => (x - v) / 4 + (sigmoid v - 1) - (sigmoid x - 1)).
  assert (D : forall x, is_derive g x (dg x)).
  { intro x. unfold g. apply h_ext with (g := fun x => (1 / 8) * (x - v) ^ 2 + (sigmoid v - 1) * (x - v) - ell x); [intro; field|].
    eapply d_eq; [apply d_minus; [|apply ell_slope]; der|]. unfold dg. simpl. match goal with |- @eq _ ?a ?b => change (@eq R a b) end. field. }
  assert (G : g v <= g u).
  { destruct (Rle_dec v u) as [H|H].
    - apply (monotone g dg v u H); [intros; apply D|]. intros x Hx. unfold dg. generalize (sigmoid_quarter v x ltac:(lra)). lra.
    - assert (H' : u <= v) by lra. assert (M : - g u <= - g v); [|lra].
      apply (monotone (fun x => - g x) (fun x => - dg x) u v H'); [intros; apply d_opp, D|].
      intros x Hx. unfold dg. generalize (sigmoid_quarter x v ltac:(lra)). lra. }
  unfold g in G. replace ((v - v) ^ 2 / 8 + (sigmoid v - 1) * (v - v) - ell v) with (- ell v) in G by field. lra.
Qed.
(** Between the hinge at zero and that plus log 2 *)
Lemma ell_positive_part u : ell u = Rmax (- u) 0 + ln (1 + exp (- Rabs u)).
Proof.
  unfold ell, Rmax, Rabs. destruct (Rle_dec (- u) 0), (Rcase_abs u); try lra.
  rewrite Ropp_involutive, ln1p. ring.
Qed.
Lemma ell_above_hinge u : Rmax (- u) 0 < ell u.
Proof. rewrite ell_positive_part. assert (0 < ln (1 + exp (- Rabs u))); [|lra]. apply ln_pos. generalize (exp_pos (- Rabs u)); lra. Qed.
Lemma ell_below_hinge u : ell u <= Rmax (- u) 0 + ln 2.
Proof.
  rewrite ell_positive_part. apply Rplus_le_compat_l. apply ln_le; [apply one_exp_pos|].
  assert (exp (- Rabs u) <= 1); [|lra]. rewrite <- exp_0. apply exp_le. generalize (Rabs_pos u). lra.
Qed.
(** The logarithm above its chords and below its tangents *)
Lemma ln_1_above t : 0 <= t -> t - t ^ 2 / 2 <= ln (1 + t).
Proof.
  intro H. assert (M : ln (1 + 0) - (0 - 0 ^ 2 / 2) <= ln (1 + t) - (t - t ^ 2 / 2)); [|rewrite Rplus_0_r, ln_1 in M; lra].
  apply (monotone (fun x => ln (1 + x) - (x - x ^ 2 / 2)) (fun x => / (1 + x) - (1 - x)) 0 t H).
  - intros x Hx. apply h_ext with (g := fun x => ln (1 + x) - (x - (1 / 2) * x ^ 2)); [intro; field|].
    eapply d_eq; [apply d_minus; [apply (d_ln (fun x => 1 + x)); [apply d_plus; [apply d_const|apply d_id]|lra]|der]|].
    simpl. match goal with |- @eq _ ?a ?b => change (@eq R a b) end. field. lra.
  - intros x Hx. replace (/ (1 + x) - (1 - x)) with (x ^ 2 / (1 + x)) by (field; lra). apply Rmult_le_pos; [apply pow2_ge_0|left; apply Rinv_0_lt_compat; lra].
Qed.
(** Cross-entropy of two numbers is least at the truth, by at least Pinsker's square *)
Lemma binary_gibbs eta p : 0 < eta < 1 -> 0 < p < 1 -> p <> eta -> - (eta * ln eta) - (1 - eta) * ln (1 - eta) < - (eta * ln p) - (1 - eta) * ln (1 - p).
Proof.
  intros He Hp N. generalize (ln_lt_sub1 (p / eta) ltac:(apply Rdiv_lt_0_compat; lra)). intro A.
  assert (Q : p / eta <> 1). { intro E. apply N. replace p with (p / eta * eta) by (field; lra). rewrite E. ring. }
  specialize (A Q). generalize (ln_le_sub1 ((1 - p) / (1 - eta)) ltac:(apply Rdiv_lt_0_compat; lra)). intro B.
  rewrite ln_div' in A, B by lra. apply (Rmult_lt_compat_l eta) in A; [|lra]. apply (Rmult_le_compat_l (1 - eta)) in B; [|lra].
  replace (eta * (p / eta - 1)) with (p - eta) in A by (field; lra).
  replace ((1 - eta) * ((1 - p) / (1 - eta) - 1)) with (eta - p) in B by (field; lra). lra.
Qed.
Lemma pinsker eta p : 0 < eta < 1 -> 0 < p < 1 -> 2 * (p - eta) ^ 2 <= eta * ln (eta / p) + (1 - eta) * ln ((1 - eta) / (1 - p)).
Proof.
  intros He Hp. rewrite !ln_div' by lra.
  set (g := fun x => - (eta * ln x) - (1 - eta) * ln (1 - x) - 2 * (x - eta) ^ 2).
  set (dg := fun x => (x - eta) * (/ (x * (1 - x)) - 4)).
  assert (D : forall x, 0 < x < 1 -> is_derive g x (dg x)).
  { intros x Hx. unfold g. eapply d_eq; [der; lra|]. unfold dg. simpl. match goal with |- @eq _ ?a ?b => change (@eq R a b) end. field. lra. }
  assert (S : forall x, 0 < x < 1 -> 0 <= / (x * (1 - x)) - 4).
  { intros x Hx. replace (/ (x * (1 - x)) - 4) with ((1 - 2 * x) ^ 2 / (x * (1 - x))) by (field; lra).
    apply Rmult_le_pos; [apply pow2_ge_0|left; apply Rinv_0_lt_compat; nra]. }
  assert (G : g eta <= g p).
  { destruct (Rle_dec eta p) as [H|H].
    - apply (monotone g dg eta p H); [intros; apply D; lra|]. intros x Hx. unfold dg. apply Rmult_le_pos; [lra|apply S; lra].
    - assert (H' : p <= eta) by lra. assert (M : - g p <= - g eta); [|lra].
      apply (monotone (fun x => - g x) (fun x => - dg x) p eta H'); [intros; apply d_opp, D; lra|].
      intros x Hx. unfold dg. generalize (S x ltac:(lra)). intro. nra. }
  unfold g in G. replace ((eta - eta) ^ 2) with 0 in G by ring. lra.
Qed.
(** Minimisers of the two expected losses, over scores *)
Lemma argmin_logistic (D : R -> Prop) (a b : R) : 0 < a -> 0 < b -> (forall x, D x) ->
  is_argmin D (fun f => a * ln (1 + exp (- f)) + b * ln (1 + exp f)) (ln (a / b)).
Proof.
  intros Ha Hb HD. apply (argmin_by_slope D _ (fun f => (a + b) * (sigmoid f - sigmoid (ln (a / b))))); auto.
  - intros x _. eapply d_eq; [der|]. simpl. match goal with |- @eq _ ?a ?b => change (@eq R a b) end.
    rewrite (sigmoid_E (ln _)), exp_ln by (apply Rdiv_lt_0_compat; easy). rewrite sigmoid_E, exp_Ropp. generalize (exp_pos x); intro. field. repeat split; lra.
  - intros x _ H. generalize (sigmoid_increasing _ _ H). intro. nra.
  - intros x _ H. generalize (sigmoid_increasing _ _ H). intro. nra.
Qed.
Lemma argmin_exponential (D : R -> Prop) (a b : R) : 0 < a -> 0 < b -> (forall x, D x) ->
  is_argmin D (fun f => a * exp (- f) + b * exp f) (1 / 2 * ln (a / b)).
Proof.
  intros Ha Hb HD. set (r := 1 / 2 * ln (a / b)). assert (E : exp r * exp r = a / b).
  { rewrite <- exp_plus. replace (r + r) with (ln (a / b)) by (unfold r; field). apply exp_ln, Rdiv_lt_0_compat; easy. }
  apply argmin_by_excess; [auto|]. intros x _ N. rewrite !exp_Ropp.
  assert (Q : a = b * (exp r * exp r)) by (rewrite E; field; lra).
  assert (X : exp x <> exp r) by (intro A; apply N, exp_inv, A). generalize (exp_pos x) (exp_pos r). intros P S.
  replace (a * / exp x + b * exp x - (a * / exp r + b * exp r)) with (b * ((exp x - exp r) ^ 2 / exp x)) by (rewrite Q; field; lra).
  apply Rmult_lt_0_compat; [easy|]. apply Rdiv_lt_0_compat; [apply square_pos; lra|easy].
Qed.
Lemma argmin_scores (D : R -> Prop) (a b c : R) : 0 < a -> 0 < b -> 0 < c -> (forall x, D x) ->
  is_argmin D (fun w => (a + b) * ln (exp w + c) - a * w) (ln (c * a / b)).
Proof.
  intros Ha Hb Hc HD. set (r := ln (c * a / b)). assert (E : exp r = c * a / b) by (apply exp_ln; apply Rdiv_lt_0_compat; nra).
  apply (argmin_by_slope D _ (fun w => b * (exp w - exp r) / (exp w + c))); auto.
  - intros x _. generalize (exp_pos x). intro. eapply d_eq; [der; lra|]. simpl. match goal with |- @eq _ ?a ?b => change (@eq R a b) end. rewrite E. field. split; lra.
  - intros x _ H. generalize (exp_increasing _ _ H) (exp_pos x). intros. apply Ropp_lt_cancel. rewrite Ropp_0. unfold Rdiv. rewrite Ropp_mult_distr_l. apply Rdiv_lt_0_compat; nra.
  - intros x _ H. generalize (exp_increasing _ _ H) (exp_pos x). intros. apply Rdiv_lt_0_compat; nra.
Qed.
