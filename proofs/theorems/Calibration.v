(** * Convex losses of a margin are classification-calibrated exactly by their slope at 0 *)
From Losses Require Import Library.

Definition convex (f : R -> R) : Prop := forall a b t, 0 <= t <= 1 -> f (t * a + (1 - t) * b) <= t * f a + (1 - t) * f b.

(** A convex function lies above its tangent at 0 *)
Lemma above_tangent_at_0 (f : R -> R) (d x : R) : convex f -> is_derive f 0 d -> f 0 + d * x <= f x.
Proof.
  intros C D. apply Rnot_lt_le. intro L.
  assert (G : is_derive (fun t => f (t * x)) 0 (d * x)).
  { eapply d_eq; [apply (d_comp f (fun t => t * x) 0 d x); [now rewrite Rmult_0_l|]|apply Rmult_comm].
    eapply d_eq; [apply d_mult; [apply d_id|apply d_const]|]. cbv beta. real_eq. ring. }
  apply is_derive_Reals in G. destruct (G (f 0 + d * x - f x) ltac:(lra)) as [e He].
  set (h := Rmin (e / 2) (1 / 2)). assert (P : 0 < h <= 1 / 2) by (unfold h, Rmin; generalize (cond_pos e); destruct Rle_dec; lra).
  assert (Q : h < e) by (unfold h, Rmin; generalize (cond_pos e); destruct Rle_dec; lra).
  specialize (He h ltac:(lra) ltac:(rewrite Rabs_pos_eq; lra)). rewrite Rplus_0_l, Rmult_0_l in He. apply Rabs_lt_between in He.
  generalize (C x 0 h ltac:(lra)). rewrite Rmult_0_r, Rplus_0_r. intro B.
  assert (A : (f (h * x) - f 0) / h <= f x - f 0).
  { apply (Rmult_le_reg_r h); [lra|]. unfold Rdiv. rewrite Rmult_assoc, Rinv_l, Rmult_1_r by lra. lra. }
  lra.
Qed.
(** Where the slope is not 0, some value is smaller *)
Lemma smaller_nearby (f : R -> R) (x d : R) : is_derive f x d -> d <> 0 -> exists y, f y < f x.
Proof.
  intros D N. apply is_derive_Reals in D. destruct (D (Rabs d) (Rabs_pos_lt d N)) as [e He]. generalize (cond_pos e). intro P.
  exists (x + (if Rlt_dec 0 d then - (e / 2) else e / 2)).
  set (h := if Rlt_dec 0 d then - (e / 2) else e / 2). assert (H0 : h <> 0) by (unfold h; destruct Rlt_dec; lra).
  assert (H1 : Rabs h < e) by (unfold h; destruct Rlt_dec; [rewrite Rabs_Ropp|]; rewrite Rabs_pos_eq; lra).
  specialize (He h H0 H1). apply Rabs_lt_between in He. set (q := (f (x + h) - f x) / h) in *. assert (E : f (x + h) = f x + q * h) by (unfold q; field; easy).
  rewrite E. assert (q * h < 0); [|lra]. revert He H0. unfold h, Rabs. destruct Rlt_dec, Rcase_abs; intros; nra.
Qed.
(** The least conditional risk over all scores, and over those of the wrong sign, as infima *)
Definition risk (phi : R -> R) (eta f : R) : R := eta * phi f + (1 - eta) * phi (- f).
Definition least_risk phi eta (among : R -> Prop) : Rbar := Glb_Rbar (fun r => exists f, among f /\ r = risk phi eta f).
Definition classification_calibrated (phi : R -> R) : Prop :=
  forall eta, 0 <= eta <= 1 -> eta <> 1 / 2 ->
  Rbar_lt (least_risk phi eta (fun _ => True)) (least_risk phi eta (fun f => (2 * eta - 1) * f <= 0)).

Theorem convex_loss_needs_only_a_falling_start (phi : R -> R) (d : R) : convex phi -> is_derive phi 0 d -> d < 0 -> classification_calibrated phi.
Proof.
  intros C D N eta He Hn. assert (T := fun x => above_tangent_at_0 phi d x C D).
  assert (S : is_derive (risk phi eta) 0 ((2 * eta - 1) * d)).
  { unfold risk. eapply d_eq; [apply d_plus; apply d_mult; [apply d_const|exact D|apply d_const|apply (d_comp phi Ropp); [rewrite Ropp_0; exact D|apply d_opp, d_id]]|]. cbv beta. real_eq. ring. }
  destruct (smaller_nearby _ _ _ S) as [f Hf]; [apply Rmult_integral_contrapositive_currified; lra|].
  assert (R0 : risk phi eta 0 = phi 0) by (unfold risk; rewrite Ropp_0; ring). rewrite R0 in Hf.
  apply Rbar_le_lt_trans with (risk phi eta f).
  - apply (Glb_Rbar_correct (fun r => exists f, True /\ r = risk phi eta f)). now exists f.
  - apply Rbar_lt_le_trans with (phi 0); [exact Hf|]. apply (Glb_Rbar_correct (fun r => exists f, (2 * eta - 1) * f <= 0 /\ r = risk phi eta f)).
    intros r [g [Hg ->]]. simpl. unfold risk. generalize (T g) (T (- g)). intros A B.
    apply (Rmult_le_compat_l eta) in A; [|lra]. apply (Rmult_le_compat_l (1 - eta)) in B; [|lra]. nra.
Qed.
(** The other direction: a convex loss that is calibrated falls at 0 *)
Theorem calibrated_losses_fall (phi : R -> R) (d : R) : is_derive phi 0 d -> convex phi -> classification_calibrated phi -> d < 0.
Proof.
  intros D C K. apply Rnot_le_lt. intro L. specialize (K 1 ltac:(lra) ltac:(lra)). revert K. apply Rbar_le_not_lt.
  apply (Glb_Rbar_correct (fun r => exists f, True /\ r = risk phi 1 f)). intros r [f [_ ->]].
  apply Rbar_le_trans with (risk phi 1 (Rmin f 0)).
  - apply (Glb_Rbar_correct (fun r => exists f, (2 * 1 - 1) * f <= 0 /\ r = risk phi 1 f)). exists (Rmin f 0). split; [|easy]. generalize (Rmin_r f 0). lra.
  - simpl. unfold risk. unfold Rmin. destruct (Rle_dec f 0); [lra|]. generalize (above_tangent_at_0 phi d f C D). nra.
Qed.

Definition theorems := (convex_loss_needs_only_a_falling_start, calibrated_losses_fall).
Print Assumptions theorems.
