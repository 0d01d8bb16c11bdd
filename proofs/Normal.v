(** * The error function and the normal distribution *)
From Losses Require Export Hyperbolic.

(** The error function *)
Lemma d_erf x : is_derive erf x (2 / sqrt PI * exp (- x ^ 2)).
Proof.
  unfold erf. eapply d_eq; [apply d_mult; [apply d_const|]|].
  - apply (is_derive_RInt (V := R_NormedModule) (fun t => exp (- t ^ 2)) (fun x => RInt (fun t => exp (- t ^ 2)) 0 x) 0 x).
    + apply near_all. intro t. apply (RInt_correct (V := R_CompleteNormedModule)). apply (ex_RInt_continuous (V := R_CompleteNormedModule)). intros. eapply d_cont. der.
    + eapply d_cont. der.
  - cbv beta. real_eq. ring.
Qed.
Lemma erf_0 : erf 0 = 0. Proof. unfold erf. rewrite RInt_point. apply Rmult_0_r. Qed.
Lemma normal_constant : 2 / sqrt PI / sqrt 2 = sqrt (2 / PI).
Proof.
  generalize PI_RGT_0. intro P. rewrite sqrt_div by lra. assert (0 < sqrt PI) by (apply sqrt_lt_R0; lra). assert (0 < sqrt 2) by (apply sqrt_lt_R0; lra).
  replace 2 with (sqrt 2 * sqrt 2) at 1 by (apply sqrt_sqrt; lra). field. lra.
Qed.
Lemma d_share_of_normal x : is_derive (fun x => erf (x / sqrt 2)) x (sqrt (2 / PI) * exp (- (x ^ 2 / 2))).
Proof.
  assert (S : 0 < sqrt 2) by (apply sqrt_lt_R0; lra). assert (P : 0 < sqrt PI) by (apply sqrt_lt_R0, PI_RGT_0). eapply d_eq; [apply (d_comp erf (fun x => x / sqrt 2)); [apply d_erf|unfold Rdiv; apply d_mult; [apply d_id|apply d_const]]|].
  real_eq. rewrite <- normal_constant. replace (- (x / sqrt 2) ^ 2) with (- (x ^ 2 / 2)); [field; lra|]. replace 2 with (sqrt 2 * sqrt 2) at 1 by (apply sqrt_sqrt; lra). field. lra.
Qed.
Lemma normal_root_bounds : 0 < sqrt (2 / PI) < 1.
Proof. split; [apply sqrt_lt_R0, Rdiv_lt_0_compat; [lra|apply PI_RGT_0]|interval]. Qed.
Lemma d_normal_squares x : is_derive (fun x => erf (x / sqrt 2) - sqrt (2 / PI) * x * exp (- (x ^ 2 / 2))) x (x ^ 2 * sqrt (2 / PI) * exp (- (x ^ 2 / 2))).
Proof. eapply d_eq; [apply d_minus; [apply d_share_of_normal|der]|]. tidy. field. Qed.
