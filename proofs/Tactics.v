(** * How the kinds of statements are proved

    None of this is trusted: a tactic only finds a proof, the kernel checks it. No tactic looks at a clock, so that what is
    proved on one machine is proved on all. *)
From Losses Require Export Pieces.
From Interval Require Export Tactic.

(** ** Assumptions *)
Ltac ors := repeat match goal with H : _ \/ _ |- _ => destruct H | H : (_ <= _ <= _)%R |- _ => destruct H | H : _ /\ _ |- _ => destruct H end; try subst.
Ltac nots := repeat match goal with H : ~ (_ <= _) |- _ => apply Rnot_le_lt in H | H : ~ (_ < _) |- _ => apply Rnot_lt_le in H end.

(** ** Signs *)
Ltac case_if_b := match goal with |- context [if ?c then _ else _] => destruct c eqn:? end.
Ltac pos :=
  solve [ lra | assumption |
  match goal with
  | |- 0 < exp _ => apply exp_pos
  | |- 0 < PI => exact PI_RGT_0
  | |- 0 < sigmoid _ => apply sigmoid_pos
  | |- 0 < Rpower _ _ => apply Rpower_pos
  | |- 0 < INR _ => apply lt_0_INR; lia
  | |- 0 <= INR _ => apply pos_INR
  | |- 0 < 1 - sigmoid ?x => generalize (sigmoid_lt1 x); lra
  | |- 0 < _ * _ => apply Rmult_lt_0_compat; pos
  | |- 0 < / _ => apply Rinv_0_lt_compat; pos
  | |- 0 < _ / _ => apply Rdiv_lt_0_compat; pos
  | |- 0 < _ ^ _ => apply pow_lt; pos
  | |- 0 < ?x ^ 2 => apply square_pos; pos
  | |- 0 < sqrt _ => apply sqrt_lt_R0; pos
  | |- 0 < cosh ?x => unfold cosh; pos
  | |- 0 < Rmax ?a _ => apply Rlt_le_trans with a; [pos|apply Rmax_l]
  | |- 0 < Rmax _ ?a => apply Rlt_le_trans with a; [pos|apply Rmax_r]
  | |- 0 < Rabs _ => apply Rabs_pos_lt; pos
  | |- 0 < _ + _ => first [apply Rplus_lt_0_compat; pos | apply Rplus_lt_le_0_compat; pos | apply Rplus_le_lt_0_compat; pos]
  | |- 0 < Sum _ _ => apply Sum_pos; [lia | let j := fresh "j" in let H := fresh "Hj" in intros j H; cbv beta; pos]
  | H : exists i, _ /\ _ = true |- 0 < Sum _ _ =>
      let i := fresh "i" in let Hi := fresh "Hi" in let E := fresh "E" in
      destruct H as [i [Hi E]]; apply (Sum_pos1 _ i); [lia | intros; cbv beta; repeat case_if_b; pos | cbv beta; rewrite ?E; pos]
  | H : exists i, _ /\ _ = false |- 0 < Sum _ _ =>
      let i := fresh "i" in let Hi := fresh "Hi" in let E := fresh "E" in
      destruct H as [i [Hi E]]; apply (Sum_pos1 _ i); [lia | intros; cbv beta; repeat case_if_b; pos | cbv beta; rewrite ?E; simpl; pos]
  | H : (1 <= ?i <= ?n)%nat |- 0 < Sum ?n _ =>
      apply (Sum_pos1 _ i); [lia | intros; cbv beta; repeat case_if_b; pos | cbv beta; rewrite ?Nat.eqb_refl; simpl; pos]
  | H : forall j, _ -> 0 < ?f j |- 0 < ?f _ => apply H; lia
  | H : forall j, _ -> 0 <= ?f j |- 0 <= ?f _ => apply H; lia
  | H : forall j, _ -> 0 < ?f j |- 0 <= ?f _ => left; apply H; lia
  | H : forall j, _ -> (0 < ?f j) |- _ => generalize (H _ ltac:(eassumption)); intro; lra
  | H : forall j k, _ -> _ -> 0 < ?f j k |- 0 < ?f _ _ => apply H; lia
  | |- 0 < if ?c then _ else _ => destruct c; pos
  | |- 0 <= if ?c then _ else _ => destruct c; pos
  | |- 0 <= sigmoid _ => left; apply sigmoid_pos
  | |- 0 <= exp _ => left; apply exp_pos
  | |- 0 <= 1 - sigmoid ?x => left; pos
  | |- 0 <= _ ^ 2 => apply pow2_ge_0
  | |- 0 <= _ * _ => apply Rmult_le_pos; pos
  | |- 0 <= _ + _ => apply Rplus_le_le_0_compat; pos
  | |- 0 <= / _ => left; apply Rinv_0_lt_compat; pos
  | |- 0 <= _ / _ => unfold Rdiv; apply Rmult_le_pos; pos
  | |- 0 <= _ ^ _ => apply pow_le; pos
  | |- 0 <= Rabs _ => apply Rabs_pos
  | |- 0 <= sqrt _ => apply sqrt_pos
  | |- 0 <= Rmax 0 _ => apply Rmax_l
  | |- 0 <= Rmax _ 0 => apply Rmax_r
  | |- 0 <= Sum _ _ => apply Sum_nonneg; let j := fresh "j" in let H := fresh "Hj" in intros j H; cbv beta; pos
  | |- 0 < ln _ => apply ln_pos; pos
  | |- 1 < 1 + ?x => cut (0 < x); [lra|pos]
  | |- 0 <= _ => left; pos
  | |- _ * _ <> 0 => apply Rmult_integral_contrapositive_currified; pos
  | |- _ ^ _ <> 0 => apply pow_nonzero; pos
  | |- / _ <> 0 => apply Rinv_neq_0_compat; pos
  | |- _ / _ <> 0 => unfold Rdiv; apply Rmult_integral_contrapositive_currified; [pos|apply Rinv_neq_0_compat; pos]
  | |- Rabs _ <> 0 => apply Rabs_no_R0; pos
  | |- _ <> 0 => apply Rgt_not_eq; unfold Rgt; pos
  | |- _ > 0 => unfold Rgt; pos
  | |- _ - _ <> 0 => apply Rminus_eq_contra; pos
  end ].
Ltac side := repeat split; first [ pos | nra | lia ].

(** ** Pieces *)
Ltac unf := unfold sigmoid, softplus, cosh, sinh, tanh, sgn, Rpower in *.
Ltac flat t := lazymatch t with
  | context [if _ then _ else _] => fail | context [Rabs _] => fail | context [Rmax _ _] => fail | context [Rmin _ _] => fail | _ => idtac end.
Ltac cases1 :=
  match goal with
  | |- context [Rle_dec ?a ?b] => flat a; flat b; destruct (Rle_dec a b)
  | |- context [Rlt_dec ?a ?b] => flat a; flat b; destruct (Rlt_dec a b)
  | |- context [Req_EM_T ?a ?b] => flat a; flat b; destruct (Req_EM_T a b)
  | |- context [Nat.eqb ?a ?b] => destruct (Nat.eqb_spec a b)
  | |- context [Nat.leb ?a ?b] => destruct (Nat.leb_spec a b)
  | |- context [Rabs ?a] => flat a; rewrite (abs_if a)
  | |- context [Rmax ?a ?b] => flat a; flat b; rewrite (max_if a b)
  | |- context [Rmin ?a ?b] => flat a; flat b; rewrite (min_if a b)
  end.
Ltac hyps := repeat match goal with
  | H : context [Rabs ?a] |- _ => rewrite (abs_if a) in H; destruct (Rle_dec 0 a)
  | H : context [Rmax ?a ?b] |- _ => rewrite (max_if a b) in H; destruct (Rle_dec a b)
  | H : context [Rmin ?a ?b] |- _ => rewrite (min_if a b) in H; destruct (Rle_dec a b) end.
Ltac pieces := unfold sgn, clip; repeat cases1; nots; hyps; nots; try subst; try lia; try lra; try congruence.

(** ** Exponentials and logarithms in a normal form *)
Ltac tidy := cbv beta; try match goal with |- @eq _ ?a ?b => change (@eq R a b) end; simpl pred; simpl INR; rewrite ?upd_self, ?upd2_self, ?upd_same.
Ltac noise := rewrite ?Rmult_0_l, ?Rmult_0_r, ?Rmult_1_l, ?Rmult_1_r, ?Rplus_0_l, ?Rplus_0_r, ?Rminus_0_r, ?Rminus_0_l, ?Ropp_0,
  ?Ropp_involutive, ?exp_0, ?ln_1.
Ltac args := repeat match goal with
  | |- context [exp ?a] => progress ring_simplify a
  | |- context [sigmoid ?a] => progress ring_simplify a end.
Ltac fold_sigmoid := repeat match goal with |- context [/ (1 + exp (- ?x))] => change (/ (1 + exp (- x))) with (sigmoid x) end.
Ltac fargs := repeat match goal with
  | |- context [exp ?a] => progress (field_simplify a; [|side..]) end.
Ltac expn :=
  unfold Rminus, Rdiv;
  repeat first
   [ rewrite exp_0 | rewrite Ropp_involutive | rewrite Ropp_plus_distr
   | progress rewrite exp_plus | progress rewrite exp_Ropp | rewrite exp_2
   | rewrite <- Ropp_mult_distr_l | rewrite <- Ropp_mult_distr_r | rewrite exp_ln by pos ].
Ltac lnn :=
  repeat first
   [ rewrite ln_1 | rewrite ln_exp | rewrite ln_mult by pos | rewrite ln_div' by pos | rewrite ln_Rinv by pos
   | rewrite ln_pow' by pos | rewrite ln_sqrt' by pos | rewrite ln_Rpower | rewrite ln1p | rewrite exp_ln by pos ].
Ltac lsig := repeat first [rewrite ln_sigmoid | rewrite ln_1_sigmoid | rewrite ln_exp_1 | rewrite ln1p | rewrite sigmoid_compl | rewrite Ropp_involutive].
Ltac genexp :=
  repeat match goal with |- context [exp ?x] => let E := fresh "E" in let P := fresh "P" in
    assert (P : 0 < exp x) by apply exp_pos; set (E := exp x) in *; clearbody E end.
Ltac fin := first [ reflexivity | lra | ring | (field; side) ].

(** ** Identities *)
Ltac id_plain := fin.
Ltac id_noise := noise; fin.
Ltac id_sigmoid := rewrite ?sigmoid_compl; noise; fin.
Ltac id_logs := fold_sigmoid; noise; lsig; noise; first [fin | lnn; lsig; noise; fin].
Ltac id_args := fold_sigmoid; noise; args; noise; lsig; lnn; lsig; noise; fin.
Ltac id_exp := rewrite ?sigmoid_E; unf; noise; expn; noise; fin.
Ltac id_exp_args := unf; args; expn; noise; fin.
Ltac id_inside := noise; f_equal; first [fin | (unf; expn; fin) | (unf; args; expn; fin)].
Ltac id_inside2 := noise; do 2 f_equal; first [fin | (unf; expn; fin)].
Ltac id_pieces := pieces; first [fin | nra].
Ltac id_pieces_logs := pieces; first [fin | id_logs | id_args | id_exp].
Ltac id_ln_exp := match goal with |- ln ?a = ?b => rewrite <- (ln_exp b); f_equal; unf; args; expn; noise; fin
  | |- ?b = ln ?a => rewrite <- (ln_exp b); f_equal; unf; args; expn; noise; fin end.
Ltac id_exp_inv := apply exp_inv; unf; args; expn; noise; fin.
Ltac id_deep := noise; unf; lnn; expn; noise; lnn; fin.

(** ** Inequalities *)
Lemma sub_pos a b : 0 < b - a -> a < b. Proof. lra. Qed.
Lemma sub_nonneg a b : 0 <= b - a -> a <= b. Proof. lra. Qed.
Lemma quot_nonneg n d : 0 <= n -> 0 < d -> 0 <= n / d.
Proof. intros. unfold Rdiv. apply Rmult_le_pos; [easy|]. left. now apply Rinv_0_lt_compat. Qed.
Ltac turn := try match goal with |- _ >= _ => apply Rle_ge | |- _ > _ => apply Rlt_gt end.
Ltac frac := match goal with
  | |- _ < _ => apply sub_pos; field_simplify; [apply Rdiv_lt_0_compat; [first [pos|nra|psatz R 2]|side]|side..]
  | |- _ <= _ => apply sub_nonneg; field_simplify; [apply quot_nonneg; [first [pos|nra|psatz R 2]|side]|side..] end.
Ltac sigfacts := repeat match goal with
  |- context [sigmoid ?x] => generalize (sigmoid_pos x) (sigmoid_lt1 x); let s := fresh "s" in set (s := sigmoid x); clearbody s; intros ? ? end.
Ltac lnfacts := repeat match goal with
  |- context [ln ?x] => let P := fresh in assert (P : 0 < x) by pos; generalize (ln_le_sub1 x P) (ln_ge_sub_inv x P); let l := fresh "l" in set (l := ln x); clearbody l; intros ? ? end.
Ltac in_plain := turn; first [lra | pos | nra].
Ltac in_sigmoid := turn; rewrite ?sigmoid_compl; sigfacts; first [lra | nra].
Ltac in_psatz := turn; rewrite ?sigmoid_compl; sigfacts; psatz R 3.
Ltac in_pieces := turn; pieces; nra.
Ltac in_pieces_fin := turn; pieces; first [lra | nra | pos].
Ltac in_exp := turn; unf; noise; expn; genexp; first [lra | nra | frac].
Ltac in_frac := turn; frac.
Ltac in_logs := turn; lsig; lnfacts; first [lra | nra].
Ltac in_interval := turn; unf; interval with (i_prec 60).
Ltac in_ln_mono := turn; first [apply ln_le' | apply ln_lt']; first [pos | lra | apply Rplus_le_compat_l, exp_le; first [lra|nra] | apply Rplus_lt_compat_l, exp_increasing; first [lra|nra]].

(** ** Numbers *)
Ltac conc := repeat match goal with |- context [Sum ?n ?f] => match n with O => idtac | S _ => idtac end; simpl (Sum n f) end; cbv [Nat.leb Nat.eqb negb]; simpl INR.
Ltac nu_plain := conc; first [lra | field | interval with (i_prec 60)].
Ltac nu_interval := turn; conc; unf; interval with (i_prec 90).
Ltac nu_pieces := conc; pieces; first [lra | interval].

(** ** Sums *)
Ltac under_sum tac :=
  repeat match goal with |- context [Sum ?n ?f] =>
    lazymatch f with (fun j => @?b j) =>
    let H := fresh "US" in
    eassert (H : Sum n f = Sum n _) by (apply Sum_ext; let j := fresh "j" in let Hj := fresh "Hj" in intros j Hj; cbv beta; progress tac; reflexivity);
    rewrite H; clear H end end.
Ltac dist := unfold Rdiv, Rminus; repeat first [ rewrite ifb_mul1 | rewrite ifb_mul | rewrite mul_ifb | rewrite Rmult_plus_distr_l | rewrite Rmult_plus_distr_r
   | rewrite Ropp_plus_distr | rewrite <- Ropp_mult_distr_l | rewrite <- Ropp_mult_distr_r | rewrite Ropp_involutive ].
Ltac pull := repeat first
 [ rewrite Sum_plus | rewrite Sum_minus | rewrite Sum_opp | rewrite Sum_scal | rewrite Sum_scalr | rewrite Sum_const
 | rewrite Sum_if_add | rewrite Sum_if_sub | rewrite Sum_if_opp | rewrite Sum_if_scal | rewrite Sum_if_scalr
 | rewrite Sum_pick by lia | rewrite Sum_pick' by lia | rewrite Sum_others by lia ].
Ltac ones := repeat match goal with H : Sum ?n ?f = 1 |- _ => progress rewrite H end.
Ltac gensum := repeat match goal with |- context [Sum ?n ?f] =>
   let X := fresh "X" in first [ let P := fresh "PX" in assert (P : 0 < Sum n f) by pos; set (X := Sum n f) in *; clearbody X
                               | set (X := Sum n f) in *; clearbody X ] end.
Ltac sfin := first [ fin | (gensum; fin) | (pieces; gensum; fin) ].
Ltac lns := repeat first [rewrite ln_1 | rewrite ln_exp | rewrite ln_mult by pos | rewrite ln_div' by pos | rewrite ln_Rinv by pos | rewrite ln_Rpower | rewrite ln_sigmoid | rewrite ln_1_sigmoid | rewrite sigmoid_compl].
Ltac su_plain := sfin.
Ltac su_conc := conc; first [fin | id_logs | id_exp].
Ltac su_pull := pull; ones; sfin.
Ltac su_ext := repeat (apply Sum_ext; intros; cbv beta); first [fin | id_logs | id_exp | id_pieces].
Ltac su_ext_in := f_equal; repeat (apply Sum_ext; intros; cbv beta); first [fin | id_logs | id_exp | id_pieces].
Ltac su_dist := under_sum ltac:(dist); pull; ones; sfin.
Ltac su_logs := lns; under_sum ltac:(lns); pull; ones; sfin.
Ltac su_logs_dist := under_sum ltac:(lns); lns; under_sum ltac:(dist); pull; ones; sfin.
Ltac su_exp := under_sum ltac:(progress (unfold Rminus, Rdiv; rewrite ?Rmult_plus_distr_r; rewrite exp_plus)); pull; ones; sfin.
Ltac term := first [ lra | pos | nra | apply Rmult_le_compat_l; [pos | first [lra | apply ln_le_sub1; pos]] ].
Ltac si_terms := turn; apply Sum_le; intros; cbv beta; term.
Ltac si_opp_terms := turn; apply Ropp_le_contravar; first [apply Sum_le | apply Rmult_le_compat_l; [pos|apply Sum_le]]; intros; cbv beta; try case_if_b; first [lra|term|apply ln_le_sub1; pos].
Ltac si_scal_terms := turn; apply Rmult_le_compat_l; [pos|]; apply Sum_le; intros; cbv beta; try case_if_b; first [lra|term|apply ln_le_sub1; pos].
Ltac si_gen := turn; gensum; first [lra | nra | pos].

(** ** Derivatives *)
Ltac apart := first [ lra | assumption | side
  | match goal with H : _ <> _ |- _ <> _ => intro; apply H; first [lra | nra | (unfold Rabs; destruct Rcase_abs; lra)] end ].
Ltac der :=
  lazymatch goal with
  | |- is_derive (fun _ => ?c) _ _ => apply d_const
  | |- is_derive (fun t => t) _ _ => apply d_id
  | |- is_derive (fun t => upd ?s ?i t ?j) _ _ => apply d_upd
  | |- is_derive (fun t => upd2 ?s ?i ?k t ?j ?l) _ _ => apply d_upd2
  | |- is_derive (fun t => upd (upd ?s ?i t) ?k (upd ?s ?i t ?k) ?j) _ _ => eapply h_ext; [intro; apply upd_self | cbv beta; der]
  | |- is_derive (fun t => - @?f t) _ _ => eapply (d_opp f); der
  | |- is_derive (fun t => @?f t + @?g t) _ _ => eapply (d_plus f g); der
  | |- is_derive (fun t => @?f t - @?g t) _ _ => eapply (d_minus f g); der
  | |- is_derive (fun t => @?f t * @?g t) _ _ => eapply (d_mult f g); der
  | |- is_derive (fun t => @?f t / @?g t) _ _ => unfold Rdiv; der
  | |- is_derive (fun t => / @?f t) _ _ => eapply (d_inv f); [der | tidy; side]
  | |- is_derive (fun t => Rmax (@?f t) 0 ^ 2) _ _ => eapply (d_comp (fun u => Rmax u 0 ^ 2) f); [apply d_square_of_positive_part | der]
  | |- is_derive (fun t => Rmax (@?f t) (@?g t)) _ _ => eapply (d_max f g); [der | der | tidy; apart]
  | |- is_derive (fun t => Rmin (@?f t) (@?g t)) _ _ => eapply (d_min f g); [der | der | tidy; apart]
  | |- is_derive (fun t => Rabs (@?f t)) _ _ => eapply (d_comp Rabs f); [apply d_abs; tidy; apart | der]
  | |- is_derive (fun t => if Rle_dec (Rabs (@?f t)) ?d then _ else _) _ _ => eapply (d_comp (huber d) f); [apply huber_slope; lra | der]
  | |- is_derive (fun t => if Rlt_dec (@?f t) (- 1) then _ else _) _ _ => eapply (d_comp modified_huber f); [apply modified_huber_slope | der]
  | |- is_derive (fun t => @?f t ^ ?n) _ _ => eapply (d_pow f); der
  | |- is_derive (fun t => exp (@?f t)) _ _ => eapply (d_exp f); der
  | |- is_derive (fun t => ln (@?f t)) _ _ => eapply (d_ln f); [der | tidy; side]
  | |- is_derive (fun t => sqrt (@?f t)) _ _ => eapply (d_sqrt f); [der | tidy; side]
  | |- is_derive (fun t => atan (@?f t)) _ _ => eapply (d_atan f); der
  | |- is_derive (fun t => sigmoid (@?f t)) _ _ => eapply (d_sigmoid f); der
  | |- is_derive (fun t => softplus (@?f t)) _ _ => eapply (d_softplus f); der
  | |- is_derive (fun t => cosh (@?f t)) _ _ => eapply (d_cosh f); der
  | |- is_derive (fun t => sinh (@?f t)) _ _ => eapply (d_sinh f); der
  | |- is_derive (fun t => tanh (@?f t)) _ _ => eapply (d_tanh f); der
  | |- is_derive (fun t => Sum ?n (fun j => @?f t j)) _ _ => eapply (d_Sum n f); let j := fresh "j" in let H := fresh in intros j H; cbv beta; der
  | |- is_derive (fun t => if ?c then @?f t else @?g t) _ _ => eapply (d_ifb c f g); der
  | |- is_derive (fun t => Rpower (@?f t) (@?g t)) _ _ => unfold Rpower; der
  | |- is_derive (fun t => let y := @?v t in @?f t y) _ _ => cbv zeta; der
  end.
(** Near a place: everywhere, or by the assumptions on the place, or because what is positive there is so around it *)
Ltac near := match goal with
  | |- locally ?x _ => apply near_all; let t := fresh "t" in intro t
  | |- locally ?x _ => match goal with
     | H1 : ?a < x, H2 : x < ?b |- _ => generalize (filter_and _ _ (near_gt a x H1) (near_lt b x H2)); apply filter_imp; let t := fresh "t" in intros t [? ?]
     | H1 : ?a < x |- _ => generalize (near_gt a x H1); apply filter_imp; intros ? ?
     | H1 : x < ?a |- _ => generalize (near_lt a x H1); apply filter_imp; intros ? ?
     | H1 : x <> ?a |- _ => generalize (neq_near a x H1); apply filter_imp; intros ? ? end end.
Ltac deriv_1 := match goal with |- context [Derive ?F ?x] =>
   let H := fresh "DD" in
   first
   [ eassert (H : Derive F x = _) by (apply is_derive_unique; der)
   | eassert (H : Derive F x = _) by (apply is_derive_unique; eapply h_ext; [intro; cbv beta; apply is_derive_unique; der | cbv beta; der])
   | eassert (H : Derive F x = _) by (apply is_derive_unique; eapply h_ext_loc; [near; cbv beta; apply is_derive_unique; der | cbv beta; der])
   ]; rewrite H; clear H end.
Ltac der2 := first [ der
  | eapply h_ext; [intro; cbv beta; apply is_derive_unique; der2 | cbv beta; der]
  | eapply h_ext_loc; [near; cbv beta; apply is_derive_unique; der2 | cbv beta; der] ].
Ltac exd := first [ (eexists; der2) | (unf; auto_derive; side) ].
Ltac dv tac := first [ eapply d_eq; [der2 | try (repeat deriv_1); tidy; unfold clip; tac] | repeat deriv_1; tidy; tac ].
Ltac dv_plain := dv ltac:(fin).
Ltac dv_noise := dv ltac:(rewrite ?sigmoid_compl; noise; fin).
Ltac dv_args := dv ltac:(args; rewrite ?sigmoid_compl; noise; fin).
Ltac dv_exp := dv ltac:(rewrite ?sigmoid_E; noise; expn; noise; fin).
Ltac dv_exp_args := dv ltac:(unf; args; expn; noise; fin).
Ltac dv_args_exp := dv ltac:(noise; args; rewrite ?sigmoid_compl, ?sigmoid_E; noise; args; expn; noise; fin).
Ltac dv_cosh := dv ltac:(unfold tanh, cosh, sinh; args; expn; noise; fin).
Ltac dv_pieces := dv ltac:(pieces; first [fin | nra]).
Ltac dv_ineq := repeat deriv_1; tidy; first [in_sigmoid | in_plain | in_exp | in_interval].
Ltac dv_sums := dv ltac:(first [ sfin | su_pull | su_dist ]).
Ltac dv_sums_logs := dv ltac:(first [ su_logs | su_logs_dist | su_exp ]).
Ltac dv_picks := dv ltac:(under_sum ltac:(dist); under_sum ltac:(rewrite <- ?Rmult_assoc; rewrite ?(Rmult_comm _ (if _ then _ else _))); dist; pull; ones; pieces; gensum; fin).
Ltac smooth := first [ der | (unf; der) ].
Ltac pder := lazymatch goal with
  | |- is_derive (fun t => if Rle_dec (@?u t) (@?v t) then @?f t else @?g t) ?x ?d =>
     first [ solve [eapply d_eq; [apply (d_const x)|lra]] |
     eapply (d_if_le u v f g); [ smooth | smooth | intro; cbv beta in *; pder | intro; cbv beta in *; pder | intro; cbv beta in *; first [exfalso; nra | repeat split; [pder|pder|fin]] ] ]
  | |- is_derive _ ?x ?d => eapply d_eq; [smooth | cbv beta; pfin] end
with pfin := tidy; pieces; first [lra | exfalso; lra | exfalso; nra | fin | nra].
Ltac dv_kinks := eapply d_ext; [intro; cbv beta; unfold sgn; repeat first [rewrite abs_if | rewrite max_if | rewrite min_if | rewrite if_lt_le]; reflexivity | cbv beta; pder].

(** ** Minimisers *)
Ltac am_slope := eapply argmin_by_slope;
  [ cbv beta; intros; ors; repeat split; lra | cbv beta; repeat split; side | cbv beta; intros; ors; der
  | cbv beta; intros; ors; tidy; first [lra | nra | in_exp | in_frac] | cbv beta; intros; ors; tidy; first [lra | nra | in_exp | in_frac] ].
Ltac am_square := apply argmin_by_excess; [cbv beta; repeat split; side | cbv beta; intros; ors; first [nra | pieces; nra]].
Ltac am_pieces := apply argmin_by_excess; [cbv beta; repeat split; side | cbv beta; intros; ors; pieces; first [lra | nra]].

(** ** Definedness, and a whole link *)
Ltac defd := intros; cbv beta in *;
  lazymatch goal with
  | |- locally _ _ => near; defd
  | |- ex_derive _ _ => exd
  | |- exists i, (1 <= i <= _)%nat /\ _ => first [assumption | (eexists; split; [|eassumption]; lia) | (exists 1%nat; split; [lia|easy])]
  | |- exists i, (1 <= i <= _)%nat => exists 1%nat; lia
  | |- ex_RInt _ _ _ => apply (ex_RInt_continuous (V := R_CompleteNormedModule)); intros; eapply d_cont; der
  | |- let _ := _ in _ => cbv zeta; defd
  | |- _ => first [ side | (conc; side) | (fold_sigmoid; side) | (sigfacts; nra) | (unf; side) | (pieces; side) ]
  end.
Ltac near_open := lazymatch goal with
  | |- locally ?x (fun t => 0 < @?g t) => eapply (near_pos g x); [der|cbv beta; tidy; side]
  | |- locally ?x (fun t => @?g t <> 0) => eapply (near_neq g x); [der|cbv beta; tidy; side] end.
Ltac conditions := lazymatch goal with
  | |- _ /\ _ => split; [ first [solve [defd] | solve [near_open]] | conditions ]
  | |- _ => idtac end.
Ltac start := intros; ors; conditions.
Tactic Notation "link" tactic3(tac) := start; solve [tac].
