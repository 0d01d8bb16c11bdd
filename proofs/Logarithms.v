(** * Logarithms and exponentials *)
From Losses Require Export Sums.

Lemma ln_le_sub1 x : 0 < x -> ln x <= x - 1.
Proof. intro H. generalize (exp_ineq1_le (ln x)). rewrite exp_ln by easy. lra. Qed.
Lemma ln_lt_sub1 x : 0 < x -> x <> 1 -> ln x < x - 1.
Proof.
  intros H N. assert (ln x <> 0). { intro E. apply N. rewrite <- (exp_ln x H), E. apply exp_0. }
  generalize (exp_ineq1 (ln x) H0). rewrite exp_ln by easy. lra.
Qed.
Lemma ln_ge_sub_inv x : 0 < x -> 1 - / x <= ln x.
Proof. intro H. generalize (ln_le_sub1 (/ x) (Rinv_0_lt_compat x H)). rewrite ln_Rinv by easy. lra. Qed.
Lemma ln_div' a b : 0 < a -> 0 < b -> ln (a / b) = ln a - ln b.
Proof. intros. unfold Rdiv. rewrite ln_mult, ln_Rinv; try easy. now apply Rinv_0_lt_compat. Qed.
Lemma ln_pow' a n : 0 < a -> ln (a ^ n) = INR n * ln a.
Proof. intro H. induction n; [simpl; rewrite ln_1; ring|]. rewrite S_INR, <- tech_pow_Rmult, ln_mult, IHn; [ring|easy|now apply pow_lt]. Qed.
Lemma ln_sqrt' a : 0 < a -> ln (sqrt a) = / 2 * ln a.
Proof. intro H. rewrite <- Rpower_sqrt by easy. unfold Rpower. now rewrite ln_exp. Qed.
Lemma ln_Rpower a x : ln (Rpower a x) = x * ln a.
Proof. unfold Rpower. apply ln_exp. Qed.
Lemma Rpower_pos a x : 0 < Rpower a x.
Proof. apply exp_pos. Qed.
Lemma exp_mulnat x n : exp (INR n * x) = exp x ^ n.
Proof. induction n; [now rewrite Rmult_0_l, exp_0|]. rewrite S_INR, Rmult_plus_distr_r, exp_plus, IHn, Rmult_1_l. simpl. ring. Qed.
Lemma exp_2 x : exp (2 * x) = exp x ^ 2.
Proof. rewrite <- (exp_mulnat x 2). f_equal; simpl; ring. Qed.
Lemma exp_le a b : a <= b -> exp a <= exp b.
Proof. intros [H| ->]; [left; now apply exp_increasing|lra]. Qed.
Lemma ln_le' a b : 0 < a -> a <= b -> ln a <= ln b.
Proof. intros. now apply ln_le. Qed.
Lemma ln_lt' a b : 0 < a -> a < b -> ln a < ln b.
Proof. intros. now apply ln_increasing. Qed.
Lemma ln_pos x : 1 < x -> 0 < ln x.
Proof. intro. rewrite <- ln_1. apply ln_increasing; lra. Qed.
Lemma ln_nonneg x : 1 <= x -> 0 <= ln x.
Proof. intro. rewrite <- ln_1. apply ln_le; lra. Qed.
Lemma ln_neg x : 0 < x < 1 -> ln x < 0.
Proof. intro. rewrite <- ln_1. apply ln_increasing; lra. Qed.
Lemma ln_nonpos x : 0 < x <= 1 -> ln x <= 0.
Proof. intro. rewrite <- ln_1. apply ln_le; lra. Qed.
Lemma ln2_pos : 0 < ln 2. Proof. apply ln_pos; lra. Qed.
Lemma ln1p x : ln (1 + exp (- x)) = ln (1 + exp x) - x.
Proof.
  assert (0 < exp x) by apply exp_pos. replace (1 + exp (-x)) with ((1 + exp x) / exp x) by (rewrite exp_Ropp; field; lra).
  rewrite ln_div', ln_exp; lra.
Qed.
Lemma ln_Sum_pos_shift n s c : (1 <= n)%nat -> ln (Sum n (fun k => exp (s k + c))) = ln (Sum n (fun k => exp (s k))) + c.
Proof.
  intro H. erewrite Sum_ext by (intros; apply exp_plus). rewrite Sum_scalr, ln_mult, ln_exp; [easy| |apply exp_pos].
  apply Sum_pos; [easy|intros; apply exp_pos].
Qed.
Lemma ln_Prod n f : (forall j, (1 <= j <= n)%nat -> 0 < f j) -> 0 < Prod n f /\ ln (Prod n f) = Sum n (fun j => ln (f j)).
Proof.
  induction n; intro H; simpl; [split; [lra|apply ln_1]|].
  assert (0 < f (S n)) by (apply H; lia). destruct IHn as [P E]; [intros; apply H; lia|]. split; [now apply Rmult_lt_0_compat|].
  rewrite ln_mult, E; easy.
Qed.
