(** * Rounding: the binary and the two-class softmax loss in float64, from bounds on what exp and log1p return *)
From Losses Require Import Library.
From Flocq Require Import Core Relative Plus_error.
Open Scope R_scope.

(** The numbers of float64, subnormal ones among them, and rounding to the nearest; no bound from above, so no overflow *)
Definition float64 : R -> Prop := generic_format radix2 (FLT_exp (-1074) 53).
Definition rnd : R -> R := round radix2 (FLT_exp (-1074) 53) ZnearestE.
Definition u : R := / 2 ^ 53.
Local Instance some_digits : Prec_gt_0 53 := eq_refl.

(** A sum of two floats is rounded with a relative error of at most u, however small it is *)
Lemma sum_rounded x y : float64 x -> float64 y -> exists d, Rabs d <= u /\ rnd (x + y) = (x + y) * (1 + d).
Proof.
  intros X Y. destruct (FLT_plus_error_N_ex radix2 (-1074) 53 (fun z => negb (Z.even z)) x y X Y) as [d [D E]]. exists d. split; [|exact E].
  eapply Rle_trans; [exact D|]. assert (H : u_ro radix2 53 = u) by (unfold u_ro, u; simpl bpow; lra). rewrite H.
  assert (P : 0 < u) by (unfold u; apply Rinv_0_lt_compat, pow_lt; lra). apply (Rmult_le_reg_r (1 + u)); [lra|]. unfold Rdiv. rewrite Rmult_assoc, Rinv_l by lra. nra.
Qed.
(** What a relative error of the argument does to log(1 + E): no more than itself, because log(1 + E) is concave and 0 at 0 *)
Lemma log1p_concave E c : 0 < E -> 0 <= c <= 1 -> c * ln (1 + E) <= ln (1 + c * E).
Proof.
  intros HE Hc. assert (M : ln (1 + c * 0) - c * ln (1 + 0) <= ln (1 + c * E) - c * ln (1 + E)); [|rewrite Rmult_0_r, Rplus_0_r, ln_1 in M; lra].
  apply (monotone (fun E => ln (1 + c * E) - c * ln (1 + E)) (fun E => c * / (1 + c * E) - c * / (1 + E)) 0 E); [lra| |].
  - intros x Hx. assert (0 < 1 + c * x) by nra. eapply d_eq; [der; lra|]. tidy. field. split; lra.
  - intros x Hx. assert (0 < 1 + c * x <= 1 + x) by (split; nra). assert (/ (1 + x) <= / (1 + c * x)) by (apply Rinv_le_contravar; lra). nra.
Qed.
Lemma log1p_relative E a e : 0 < E -> Rabs a <= e -> e < 1 -> exists b, Rabs b <= e /\ ln (1 + E * (1 + a)) = ln (1 + E) * (1 + b).
Proof.
  intros HE Ha He. apply Rabs_le_between in Ha. assert (P : 0 < ln (1 + E)) by (apply ln_pos; lra). exists (ln (1 + E * (1 + a)) / ln (1 + E) - 1).
  split; [|field; lra]. assert (K : (1 - e) * ln (1 + E) <= ln (1 + E * (1 + a)) <= (1 + e) * ln (1 + E)).
  { destruct (Rle_dec a 0) as [N|N].
    - split; [apply Rle_trans with ((1 + a) * ln (1 + E)); [apply Rmult_le_compat_r; lra|]; rewrite (Rmult_comm E); apply log1p_concave; lra|].
      apply Rle_trans with (ln (1 + E)); [apply ln_le; nra|nra].
    - split; [apply Rle_trans with (ln (1 + E)); [nra|apply ln_le; nra]|].
      apply Rle_trans with ((1 + a) * ln (1 + E)); [|apply Rmult_le_compat_r; lra].
      generalize (log1p_concave (E * (1 + a)) (/ (1 + a)) ltac:(nra)). intro C.
      assert (Q : 0 <= / (1 + a) <= 1) by (split; [left; apply Rinv_0_lt_compat; lra|rewrite <- Rinv_1; apply Rinv_le_contravar; lra]).
      specialize (C Q). replace (/ (1 + a) * (E * (1 + a))) with E in C by (field; lra). apply (Rmult_le_compat_l (1 + a)) in C; [|lra].
      rewrite <- Rmult_assoc, Rinv_r, Rmult_1_l in C by lra. exact C. }
  apply Rabs_le. split; apply (Rmult_le_reg_r (ln (1 + E))); try easy; unfold Rminus; rewrite Rmult_plus_distr_r; unfold Rdiv; rewrite Rmult_assoc, Rinv_l, Rmult_1_r by lra; lra.
Qed.
(** A sum of two numbers that are not negative, one right and one with a relative error, has no larger one *)
Lemma total_relative m x b e : 0 <= m -> 0 <= x -> Rabs b <= e -> exists c, Rabs c <= e /\ m + x * (1 + b) = (m + x) * (1 + c).
Proof.
  intros Hm Hx Hb. destruct (Req_dec (m + x) 0) as [Z|Z].
  - exists 0. assert (x = 0) by lra. subst x. rewrite Rabs_R0. split; [generalize (Rabs_pos b); lra|nra].
  - exists (x * b / (m + x)). split; [|field; lra]. unfold Rdiv. rewrite !Rabs_mult, Rabs_inv, (Rabs_pos_eq x), (Rabs_pos_eq (m + x)) by lra.
    apply (Rmult_le_reg_r (m + x)); [lra|]. rewrite Rmult_assoc, Rinv_l, Rmult_1_r by lra. generalize (Rabs_pos b). nra.
Qed.
Lemma product_of_errors a b e f : Rabs a <= e -> Rabs b <= f -> Rabs ((1 + a) * (1 + b) - 1) <= (1 + e) * (1 + f) - 1.
Proof.
  intros A B. replace ((1 + a) * (1 + b) - 1) with (a + b + a * b) by ring. eapply Rle_trans; [apply Rabs_triang|].
  assert (Rabs (a * b) <= e * f) by (rewrite Rabs_mult; apply Rmult_le_compat; try apply Rabs_pos; easy).
  assert (Rabs (a + b) <= e + f) by (eapply Rle_trans; [apply Rabs_triang|lra]). lra.
Qed.

(** log(1 + e^s) as the library computes it: max(s, 0) + log1p(exp(-|s|)). If exp errs by at most e_exp and log1p by at most
    e_log, relative to their results, the loss errs by at most (1 + e_exp)(1 + e_log)(1 + u) - 1, relative to itself, for every s. *)
Theorem softplus_rounded s tail logarithm e_exp e_log :
  float64 s -> float64 logarithm -> e_exp < 1 ->
  Rabs (tail - exp (- Rabs s)) <= e_exp * exp (- Rabs s) ->
  Rabs (logarithm - ln (1 + tail)) <= e_log * ln (1 + tail) ->
  Rabs (rnd (Rmax s 0 + logarithm) - ln (1 + exp s)) <= ((1 + e_exp) * (1 + e_log) * (1 + u) - 1) * ln (1 + exp s).
Proof.
  intros S L He HE HL. set (E := exp (- Rabs s)) in *. assert (PE : 0 < E) by apply exp_pos.
  set (a := tail / E - 1). assert (Ha : Rabs a <= e_exp). { unfold a. replace (tail / E - 1) with ((tail - E) / E) by (field; lra). unfold Rdiv. rewrite Rabs_mult, Rabs_inv, (Rabs_pos_eq E) by lra. apply (Rmult_le_reg_r E); [easy|]. rewrite Rmult_assoc, Rinv_l, Rmult_1_r by lra. exact HE. }
  assert (T : tail = E * (1 + a)) by (unfold a; field; lra). assert (A := Ha). apply Rabs_le_between in A. assert (PT : 0 < tail) by (rewrite T; apply Rmult_lt_0_compat; lra).
  assert (PL : 0 < ln (1 + tail)) by (apply ln_pos; lra).
  set (b := logarithm / ln (1 + tail) - 1). assert (Hb : Rabs b <= e_log). { unfold b. replace (logarithm / ln (1 + tail) - 1) with ((logarithm - ln (1 + tail)) / ln (1 + tail)) by (field; lra). unfold Rdiv. rewrite Rabs_mult, Rabs_inv, (Rabs_pos_eq (ln (1 + tail))) by lra. apply (Rmult_le_reg_r (ln (1 + tail))); [easy|]. rewrite Rmult_assoc, Rinv_l, Rmult_1_r by lra. exact HL. }
  assert (G : logarithm = ln (1 + tail) * (1 + b)) by (unfold b; field; lra).
  destruct (log1p_relative E a e_exp PE Ha He) as [a' [Ha' Ea]]. rewrite <- T in Ea.
  assert (V : ln (1 + exp s) = Rmax s 0 + ln (1 + E)).
  { unfold E, Rmax, Rabs. destruct (Rle_dec s 0), (Rcase_abs s); try lra.
    - rewrite Ropp_involutive. ring.
    - assert (s = 0) by lra. subst s. rewrite Ropp_0. ring.
    - rewrite ln1p. ring. }
  assert (M0 : 0 <= Rmax s 0) by apply Rmax_r. assert (L0 : 0 < ln (1 + E)) by (apply ln_pos; lra).
  assert (FM : float64 (Rmax s 0)) by (unfold Rmax; destruct Rle_dec; [apply generic_format_0|exact S]).
  destruct (sum_rounded (Rmax s 0) logarithm FM L) as [d [Hd Ed]]. rewrite Ed, G, Ea.
  destruct (total_relative (Rmax s 0) (ln (1 + E)) ((1 + a') * (1 + b) - 1) ((1 + e_exp) * (1 + e_log) - 1) M0 ltac:(lra) (product_of_errors _ _ _ _ Ha' Hb)) as [c [Hc Ec]].
  replace (Rmax s 0 + ln (1 + E) * (1 + a') * (1 + b)) with (Rmax s 0 + ln (1 + E) * (1 + ((1 + a') * (1 + b) - 1))) by ring. rewrite Ec, <- V.
  generalize (product_of_errors c d _ _ Hc Hd). intro F. replace (ln (1 + exp s) * (1 + c) * (1 + d) - ln (1 + exp s)) with (((1 + c) * (1 + d) - 1) * ln (1 + exp s)) by ring.
  assert (PS : 0 < ln (1 + exp s)) by (apply ln_pos; generalize (exp_pos s); lra).
  rewrite Rabs_mult, (Rabs_pos_eq (ln (1 + exp s))) by lra. apply Rmult_le_compat_r; [lra|]. eapply Rle_trans; [exact F|]. right. ring.
Qed.
(** With exp and log1p within one unit in the last place, that is 2 u relative to their results, the loss is right to 6 u *)
Theorem binary_loss_rounded s tail logarithm : float64 s -> float64 logarithm ->
  Rabs (tail - exp (- Rabs s)) <= 2 * u * exp (- Rabs s) -> Rabs (logarithm - ln (1 + tail)) <= 2 * u * ln (1 + tail) ->
  Rabs (rnd (Rmax s 0 + logarithm) - ln (1 + exp s)) <= 6 * u * ln (1 + exp s).
Proof.
  intros S L HE HL. assert (U : 0 < u <= 1 / 1000) by (unfold u; split; [apply Rinv_0_lt_compat, pow_lt; lra|interval]).
  eapply Rle_trans; [apply (softplus_rounded s tail logarithm (2 * u) (2 * u)); try easy; lra|]. apply Rmult_le_compat_r; [|nra].
  left. apply ln_pos. generalize (exp_pos s). lra.
Qed.

(** ** Two classes: the difference of the logits carries what its rounding lost *)
Lemma rounded x : exists d eta, Rabs d <= u /\ Rabs eta <= / 2 * bpow radix2 (-1074) /\ rnd x = x * (1 + d) + eta.
Proof.
  destruct (error_N_FLT radix2 (-1074) 53 ltac:(reflexivity) (fun z => negb (Z.even z)) x) as [d [eta [D [H [_ E]]]]]. exists d, eta. split; [|now split].
  eapply Rle_trans; [exact D|]. unfold u. simpl bpow. lra.
Qed.
Lemma lost_is_float x y : float64 x -> float64 y -> float64 (x - y - rnd (x - y)).
Proof.
  intros X Y. replace (x - y - rnd (x - y)) with (- (rnd (x + - y) - (x + - y))) by (unfold Rminus; ring). apply generic_format_opp.
  apply (plus_error radix2 (FLT_exp (-1074) 53) (fun z => negb (Z.even z)) x (- y)); [exact X|now apply generic_format_opp].
Qed.
(** exp(g)(1 + l), with g + l the exact difference, is exp of the difference to a thousandth of u *)
Lemma carried_exactly l c : Rabs l <= / 2 ^ 42 -> Rabs c <= / 2 ^ 74 -> exists w, Rabs w <= u / 1000 /\ 1 + l + c = exp l * (1 + w).
Proof.
  intros L C. exists ((1 + l + c) * exp (- l) - 1). split; [|rewrite exp_Ropp; generalize (exp_pos l); intro; field; lra].
  apply Rabs_le_between in L. apply Rabs_le_between in C. assert (S : / 2 ^ 42 <= 1 / 1000) by lra.
  generalize (exp_ineq1_le l) (exp_ineq1_le (- l)). rewrite exp_Ropp. generalize (exp_pos l). set (E := exp l). intros P A B.
  assert (I : 0 < / E) by now apply Rinv_0_lt_compat. assert (EI : E * / E = 1) by (apply Rinv_r; lra). assert (I2 : / E <= 2) by nra.
  assert (Q : l * l <= / 2 ^ 42 * / 2 ^ 42) by nra. apply Rabs_le. unfold u. split.
  - assert (c * / E >= - (2 * / 2 ^ 74)) by nra. assert ((1 + l) * / E >= 1 - l * l) by nra. lra.
  - assert (c * / E <= 2 * / 2 ^ 74) by nra. assert ((1 + l) * / E <= 1) by nra. lra.
Qed.
Section TwoClasses.
Variables (s t share logarithm e_exp e_log : R). (* t is the larger logit, s the other *)
Hypotheses (Fs : float64 s) (Ft : float64 t) (Fshare : float64 share) (Flog : float64 logarithm).
Let gap := rnd (s - t).
Let lost := s - t - gap. (* which TwoSum computes without an error *)
Let rest := rnd (share + rnd (share * lost)).
Hypothesis near : -693 <= s - t <= 0.
Hypothesis normal : bpow radix2 (-1000) <= share.
Hypothesis small : 0 <= e_exp < 1 / 2.
Hypothesis exp_right : Rabs (share - exp gap) <= e_exp * exp gap.
Hypothesis log_right : Rabs (logarithm - ln (1 + rest)) <= e_log * ln (1 + rest).

Lemma lost_small : Rabs lost <= u * Rabs (s - t) /\ Rabs lost <= / 2 ^ 43.
Proof.
  destruct (sum_rounded s (- t) Fs (generic_format_opp _ _ _ Ft)) as [d [D E]]. change (s + - t) with (s - t) in E.
  assert (B : Rabs lost <= u * Rabs (s - t)). { unfold lost, gap. rewrite E. replace (s - t - (s - t) * (1 + d)) with (- d * (s - t)) by ring. rewrite Rabs_mult, Rabs_Ropp. apply Rmult_le_compat_r; [apply Rabs_pos|easy]. }
  split; [easy|]. eapply Rle_trans; [exact B|]. assert (Rabs (s - t) <= 1000) by (apply Rabs_le; lra). unfold u. lra.
Qed.
Let e_rest := (1 + e_exp) * (1 + u) * (1 + u / 1000) - 1.
Lemma rest_right : exists r, Rabs r <= e_rest /\ rest = exp (s - t) * (1 + r).
Proof.
  destruct lost_small as [_ SL]. assert (P : 0 < bpow radix2 (-1000)) by apply bpow_gt_0.
  destruct (rounded (share * lost)) as [d1 [eta [D1 [Eta E1]]]].
  assert (C : Rabs (lost * d1 + eta / share) <= / 2 ^ 74).
  { eapply Rle_trans; [apply Rabs_triang|]. assert (Rabs (lost * d1) <= / 2 ^ 43 * u) by (rewrite Rabs_mult; apply Rmult_le_compat; try apply Rabs_pos; easy).
    assert (Rabs (eta / share) <= / 2 * / 2 ^ 74).
    { unfold Rdiv. rewrite Rabs_mult, Rabs_inv, (Rabs_pos_eq share) by lra. apply (Rmult_le_reg_r share); [lra|]. rewrite Rmult_assoc, Rinv_l, Rmult_1_r by lra. eapply Rle_trans; [exact Eta|].
      replace (bpow radix2 (-1074)) with (/ 2 ^ 74 * bpow radix2 (-1000)); [nra|]. change (-1074)%Z with (-74 + -1000)%Z. rewrite bpow_plus. f_equal. simpl. lra. }
    assert (/ 2 ^ 43 * u <= / 2 * / 2 ^ 74) by (unfold u; lra). lra. }
  destruct (carried_exactly lost (lost * d1 + eta / share)) as [w [W EW]]; [eapply Rle_trans; [exact SL|lra]|exact C|].
  destruct (sum_rounded share (rnd (share * lost)) Fshare) as [d2 [D2 E2]]; [apply generic_format_round; auto with typeclass_instances|].
  set (a := share / exp gap - 1). assert (PG := exp_pos gap). assert (ES : share = exp gap * (1 + a)) by (unfold a; field; lra).
  assert (Ha : Rabs a <= e_exp). { unfold a. replace (share / exp gap - 1) with ((share - exp gap) / exp gap) by (field; lra). unfold Rdiv. rewrite Rabs_mult, Rabs_inv, (Rabs_pos_eq (exp gap)) by lra. apply (Rmult_le_reg_r (exp gap)); [easy|]. rewrite Rmult_assoc, Rinv_l, Rmult_1_r by lra. exact exp_right. }
  exists ((1 + ((1 + a) * (1 + d2) - 1)) * (1 + w) - 1). split.
  - eapply Rle_trans; [apply product_of_errors; [apply product_of_errors; [exact Ha|exact D2]|exact W]|]. unfold e_rest. right. ring.
  - unfold rest. rewrite E2, E1. replace (share + (share * lost * (1 + d1) + eta)) with (share * (1 + lost + (lost * d1 + eta / share))) by (field; lra).
    rewrite EW. replace (s - t) with (gap + lost) by (unfold lost; ring). rewrite exp_plus. replace (share * (exp lost * (1 + w))) with (exp gap * (1 + a) * (exp lost * (1 + w))) by now rewrite <- ES. ring.
Qed.
Let e_tail := (1 + e_rest) * (1 + e_log) - 1.
Hypothesis small_rest : e_rest < 1.
Lemma tail_right : exists b, Rabs b <= e_tail /\ logarithm = ln (1 + exp (s - t)) * (1 + b).
Proof.
  destruct rest_right as [r [Hr Er]]. destruct (log1p_relative (exp (s - t)) r e_rest (exp_pos _) Hr small_rest) as [b [Hb Eb]]. rewrite <- Er in Eb.
  assert (PR : 0 < rest) by (rewrite Er; apply Rmult_lt_0_compat; [apply exp_pos|apply Rabs_le_between in Hr; lra]). assert (PL : 0 < ln (1 + rest)) by (apply ln_pos; lra).
  set (c := logarithm / ln (1 + rest) - 1). assert (Hc : Rabs c <= e_log). { unfold c. replace (logarithm / ln (1 + rest) - 1) with ((logarithm - ln (1 + rest)) / ln (1 + rest)) by (field; lra). unfold Rdiv. rewrite Rabs_mult, Rabs_inv, (Rabs_pos_eq (ln (1 + rest))) by lra. apply (Rmult_le_reg_r (ln (1 + rest))); [easy|]. rewrite Rmult_assoc, Rinv_l, Rmult_1_r by lra. exact log_right. }
  exists ((1 + b) * (1 + c) - 1). split; [now apply product_of_errors|]. replace logarithm with (ln (1 + rest) * (1 + c)) by (unfold c; field; lra). rewrite Eb. ring.
Qed.
(** The loss of the class with the larger logit is the logarithm itself *)
Lemma loss_of_the_larger : Rabs (logarithm - ln (1 + exp (s - t))) <= e_tail * ln (1 + exp (s - t)).
Proof.
  destruct tail_right as [b [Hb ->]]. assert (P : 0 < ln (1 + exp (s - t))) by (apply ln_pos; generalize (exp_pos (s - t)); lra).
  replace (ln (1 + exp (s - t)) * (1 + b) - ln (1 + exp (s - t))) with (b * ln (1 + exp (s - t))) by ring. rewrite Rabs_mult, (Rabs_pos_eq (ln _)) by lra. apply Rmult_le_compat_r; lra.
Qed.
(** The loss of the other class is - gap + (logarithm - lost), each rounded *)
Lemma loss_of_the_smaller :
  Rabs (rnd (- gap + rnd (logarithm - lost)) - ln (1 + exp (t - s))) <= ((1 + e_tail + u * (1 + e_tail + u)) * (1 + u) - 1) * ln (1 + exp (t - s)).
Proof.
  destruct tail_right as [b [Hb EL]]. destruct lost_small as [SL _]. assert (L0 : 0 < ln (1 + exp (s - t))) by (apply ln_pos; generalize (exp_pos (s - t)); lra).
  assert (V : ln (1 + exp (t - s)) = (t - s) + ln (1 + exp (s - t))) by (replace (s - t) with (- (t - s)) by ring; rewrite ln1p; ring). rewrite V. set (T := ln (1 + exp (s - t))) in *. set (W := t - s + T).
  assert (FL : float64 lost) by (unfold lost, gap; now apply lost_is_float). assert (FG : float64 gap) by (apply generic_format_round; auto with typeclass_instances).
  destruct (sum_rounded logarithm (- lost) Flog (generic_format_opp _ _ _ FL)) as [d3 [D3 E3]]. change (logarithm + - lost) with (logarithm - lost) in E3.
  destruct (sum_rounded (- gap) (rnd (logarithm - lost)) (generic_format_opp _ _ _ FG)) as [d4 [D4 E4]]; [apply generic_format_round; auto with typeclass_instances|]. rewrite E4, E3.
  assert (LW : Rabs lost <= u * W). { eapply Rle_trans; [exact SL|]. apply Rmult_le_compat_l; [unfold u; lra|]. rewrite Rabs_left1 by lra. unfold W. lra. }
  assert (TW : Rabs (T * b) <= e_tail * W). { rewrite Rabs_mult, (Rabs_pos_eq T) by lra. rewrite Rmult_comm. apply Rmult_le_compat; [apply Rabs_pos|lra|easy|unfold W; lra]. }
  assert (AW : Rabs (logarithm - lost) <= (1 + e_tail + u) * W).
  { rewrite EL. replace (T * (1 + b) - lost) with (T + T * b + - lost) by ring. eapply Rle_trans; [apply Rabs_triang|]. rewrite Rabs_Ropp. assert (Rabs (T + T * b) <= T + e_tail * W) by (eapply Rle_trans; [apply Rabs_triang|]; rewrite (Rabs_pos_eq T) by lra; lra). unfold W in *. lra. }
  assert (X : Rabs (T * b + (logarithm - lost) * d3) <= (e_tail + u * (1 + e_tail + u)) * W).
  { eapply Rle_trans; [apply Rabs_triang|]. assert (Rabs ((logarithm - lost) * d3) <= (1 + e_tail + u) * W * u) by (rewrite Rabs_mult; apply Rmult_le_compat; try apply Rabs_pos; easy). lra. }
  assert (PW : 0 < W) by (unfold W; lra). assert (M : - gap + (logarithm - lost) * (1 + d3) = W * (1 + (T * b + (logarithm - lost) * d3) / W)).
  { replace (W * (1 + (T * b + (logarithm - lost) * d3) / W)) with (W + (T * b + (logarithm - lost) * d3)) by (field; lra). rewrite EL. unfold W, lost. ring. }
  rewrite M. set (c := (T * b + (logarithm - lost) * d3) / W). assert (HC : Rabs c <= e_tail + u * (1 + e_tail + u)).
  { unfold c, Rdiv. rewrite Rabs_mult, Rabs_inv, (Rabs_pos_eq W) by lra. apply (Rmult_le_reg_r W); [easy|]. rewrite Rmult_assoc, Rinv_l, Rmult_1_r by lra. exact X. }
  replace (W * (1 + c) * (1 + d4) - W) with (((1 + c) * (1 + d4) - 1) * W) by ring. rewrite Rabs_mult, (Rabs_pos_eq W) by lra. apply Rmult_le_compat_r; [lra|].
  eapply Rle_trans; [apply product_of_errors; [exact HC|exact D4]|]. right. ring.
Qed.
End TwoClasses.
(** The same with its assumptions written out; t is the larger logit, s the other *)
Theorem two_class_loss_of_the_larger s t share logarithm e_exp e_log : float64 s -> float64 t -> float64 share -> float64 logarithm ->
  let gap := rnd (s - t) in
  let lost := s - t - gap in (* which TwoSum computes without an error *)
  let rest := rnd (share + rnd (share * lost)) in
  let e_rest := (1 + e_exp) * (1 + u) * (1 + u / 1000) - 1 in
  let e_tail := (1 + e_rest) * (1 + e_log) - 1 in
  -693 <= s - t <= 0 -> bpow radix2 (-1000) <= share -> 0 <= e_exp < 1 / 2 -> e_rest < 1 ->
  Rabs (share - exp gap) <= e_exp * exp gap -> Rabs (logarithm - ln (1 + rest)) <= e_log * ln (1 + rest) ->
  Rabs (logarithm - ln (1 + exp (s - t))) <= e_tail * ln (1 + exp (s - t)).
Proof. intros. apply (loss_of_the_larger s t share logarithm e_exp e_log); assumption. Qed.
Theorem two_class_loss_of_the_smaller s t share logarithm e_exp e_log : float64 s -> float64 t -> float64 share -> float64 logarithm ->
  let gap := rnd (s - t) in
  let lost := s - t - gap in (* which TwoSum computes without an error *)
  let rest := rnd (share + rnd (share * lost)) in
  let e_rest := (1 + e_exp) * (1 + u) * (1 + u / 1000) - 1 in
  let e_tail := (1 + e_rest) * (1 + e_log) - 1 in
  -693 <= s - t <= 0 -> bpow radix2 (-1000) <= share -> 0 <= e_exp < 1 / 2 -> e_rest < 1 ->
  Rabs (share - exp gap) <= e_exp * exp gap -> Rabs (logarithm - ln (1 + rest)) <= e_log * ln (1 + rest) ->
  Rabs (rnd (- gap + rnd (logarithm - lost)) - ln (1 + exp (t - s))) <=
    ((1 + e_tail + u * (1 + e_tail + u)) * (1 + u) - 1) * ln (1 + exp (t - s)).
Proof. intros. apply (loss_of_the_smaller s t share logarithm e_exp e_log); assumption. Qed.
(** With e_exp = e_log = 2 u, one unit in the last place each, the two bounds are below 6 u and 8 u *)
Theorem two_class_losses_in_units : let e_tail := (1 + ((1 + 2 * u) * (1 + u) * (1 + u / 1000) - 1)) * (1 + 2 * u) - 1 in
  e_tail <= 6 * u /\ (1 + e_tail + u * (1 + e_tail + u)) * (1 + u) - 1 <= 8 * u.
Proof. unfold u. split; lra. Qed.

Definition theorems := (softplus_rounded, binary_loss_rounded, two_class_loss_of_the_larger, two_class_loss_of_the_smaller,
  two_class_losses_in_units).
Print Assumptions theorems.
