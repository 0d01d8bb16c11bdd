(** * The sigmoid *)
From Losses Require Export Logarithms.

Lemma sigmoid_pos x : 0 < sigmoid x.
Proof. unfold sigmoid. apply Rinv_0_lt_compat. generalize (exp_pos (-x)); lra. Qed.
Lemma sigmoid_compl x : sigmoid (- x) = 1 - sigmoid x.
Proof. unfold sigmoid. rewrite Ropp_involutive, exp_Ropp. generalize (exp_pos x); intro. field. lra. Qed.
Lemma sigmoid_lt1 x : sigmoid x < 1.
Proof. generalize (sigmoid_pos (-x)); rewrite sigmoid_compl; lra. Qed.
Lemma sigmoid_E x : sigmoid x = exp x / (1 + exp x).
Proof. unfold sigmoid. rewrite exp_Ropp. generalize (exp_pos x); intro. field. lra. Qed.
Lemma sigmoid_0 : sigmoid 0 = 1 / 2.
Proof. unfold sigmoid. rewrite Ropp_0, exp_0. field. Qed.
Lemma sigmoid_increasing x y : x < y -> sigmoid x < sigmoid y.
Proof.
  intro H. unfold sigmoid. apply Rinv_lt_contravar.
  - apply Rmult_lt_0_compat; generalize (exp_pos (-x)) (exp_pos (-y)); lra.
  - apply Rplus_lt_compat_l, exp_increasing. lra.
Qed.
Lemma sigmoid_le x y : x <= y -> sigmoid x <= sigmoid y.
Proof. intros [H| ->]; [left; now apply sigmoid_increasing|lra]. Qed.
Lemma ln_sigmoid x : ln (sigmoid x) = x - ln (1 + exp x).
Proof. unfold sigmoid. rewrite ln_Rinv by (generalize (exp_pos (-x)); lra). rewrite ln1p. ring. Qed.
Lemma ln_1_sigmoid x : ln (1 - sigmoid x) = - ln (1 + exp x).
Proof. rewrite <- sigmoid_compl, ln_sigmoid, ln1p. ring. Qed.
Lemma ln_exp_1 x : ln (exp x + 1) = ln (1 + exp x).
Proof. now rewrite Rplus_comm. Qed.
Lemma sigmoid_logit p : 0 < p < 1 -> sigmoid (ln (p / (1 - p))) = p.
Proof.
  intro H. unfold sigmoid. rewrite <- ln_Rinv by (apply Rdiv_lt_0_compat; lra).
  rewrite exp_ln by (apply Rinv_0_lt_compat, Rdiv_lt_0_compat; lra). field. lra.
Qed.
