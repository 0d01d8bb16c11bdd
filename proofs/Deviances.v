(** * Minimisers of Poisson, Gamma and Tweedie losses *)
From Losses Require Export Normal.

(** Minimisers of sums of exponentials *)
Lemma argmin_tweedie a b p : 0 < a -> 0 < b -> 1 < p < 2 ->
  is_argmin (fun _ => True) (fun f => a * exp ((2 - p) * f) / (2 - p) + b * exp (- ((p - 1) * f)) / (p - 1)) (ln (b / a)).
Proof.
  intros Ha Hb Hp. assert (E : exp (- ln (b / a)) * b = a) by (rewrite exp_Ropp, exp_ln by (now apply Rdiv_lt_0_compat); field; lra).
  apply (argmin_by_slope _ _ (fun f => exp ((2 - p) * f) * (b * (exp (- ln (b / a)) - exp (- f))))); auto.
  - intros f _. eapply d_eq; [der; lra|]. tidy. replace (- ((p - 1) * f)) with ((2 - p) * f + - f) by ring. rewrite exp_plus, Rmult_minus_distr_l, (Rmult_comm b (exp (- ln (b / a)))), E. field. lra.
  - intros x _ H. assert (exp (- ln (b / a)) < exp (- x)) by (apply exp_increasing; lra). generalize (exp_pos ((2 - p) * x)). intro. assert (0 < exp ((2 - p) * x) * (b * (exp (- x) - exp (- ln (b / a))))) by (apply Rmult_lt_0_compat; [easy|apply Rmult_lt_0_compat; lra]). lra.
  - intros x _ H. assert (exp (- x) < exp (- ln (b / a))) by (apply exp_increasing; lra). apply Rmult_lt_0_compat; [apply exp_pos|apply Rmult_lt_0_compat; lra].
Qed.
Lemma argmin_poisson a b : 0 < a -> 0 < b -> is_argmin (fun _ => True) (fun f => a * exp f - b * f) (ln (b / a)).
Proof.
  intros Ha Hb. assert (E : a * exp (ln (b / a)) = b) by (rewrite exp_ln by (now apply Rdiv_lt_0_compat); field; lra).
  apply (argmin_by_slope _ _ (fun f => a * (exp f - exp (ln (b / a))))); auto.
  - intros f _. eapply d_eq; [der|]. tidy. rewrite Rmult_minus_distr_l, E. ring.
  - intros x _ H. generalize (exp_increasing _ _ H). intro. nra.
  - intros x _ H. generalize (exp_increasing _ _ H). intro. nra.
Qed.
Lemma argmin_gamma a b : 0 < a -> 0 < b -> is_argmin (fun _ => True) (fun f => a * f + b * exp (- f)) (ln (b / a)).
Proof.
  intros Ha Hb. assert (E : b * exp (- ln (b / a)) = a) by (rewrite exp_Ropp, exp_ln by (now apply Rdiv_lt_0_compat); field; lra).
  apply (argmin_by_slope _ _ (fun f => b * (exp (- ln (b / a)) - exp (- f)))); auto.
  - intros f _. eapply d_eq; [der|]. tidy. rewrite Rmult_minus_distr_l, E. ring.
  - intros x _ H. assert (exp (- ln (b / a)) < exp (- x)) by (apply exp_increasing; lra). nra.
  - intros x _ H. assert (exp (- x) < exp (- ln (b / a))) by (apply exp_increasing; lra). nra.
Qed.
Lemma argmin_same (D : R -> Prop) (f g : R -> R) (r q : R) : (forall x, D x) -> (forall x, f x = g x) -> r = q -> is_argmin (fun _ => True) g q -> is_argmin D f r.
Proof. intros HD E -> [_ A]. split; [auto|]. intros x _ N. rewrite !E. now apply A. Qed.
