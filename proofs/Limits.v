(** * Limits: what is approached, written in a number that goes where all is continuous *)
From Losses Require Export Slopes.

Section Limits.
Context {F : (R -> Prop) -> Prop} {FF : ProperFilter F}.
Lemma lim_ext (f g : R -> R) G : F (fun x => f x = g x) -> filterlim g F G -> filterlim f F G.
Proof. intros E. apply filterlim_ext_loc. revert E. apply filter_imp. now intros. Qed.
Lemma lim_by (g u : R -> R) (f : R -> R) (a l : R) : filterlim u F (locally a) -> F (fun x => f x = g (u x)) -> continuous g a -> g a = l ->
  filterlim f F (locally l).
Proof. intros U E C <-. apply (lim_ext f (fun x => g (u x)) _ E). exact (filterlim_comp _ _ _ u g F (locally a) (locally (g a)) U C). Qed.
Lemma lim_const (c : R) : filterlim (fun _ => c) F (locally c). Proof. apply filterlim_const. Qed.
Lemma lim_plus (f g : R -> R) (a b : R) : filterlim f F (locally a) -> filterlim g F (locally b) -> filterlim (fun x => f x + g x) F (locally (a + b)).
Proof. intros A B. apply (filterlim_comp_2 f g Rplus A B). exact (filterlim_plus a b). Qed.
Lemma lim_opp (f : R -> R) (a : R) : filterlim f F (locally a) -> filterlim (fun x => - f x) F (locally (- a)).
Proof. intros A. exact (filterlim_comp _ _ _ f Ropp F (locally a) _ A (filterlim_opp a)). Qed.
Lemma lim_mult (f g : R -> R) (a b : R) : filterlim f F (locally a) -> filterlim g F (locally b) -> filterlim (fun x => f x * g x) F (locally (a * b)).
Proof. intros A B. apply (filterlim_comp_2 f g Rmult A B). exact (filterlim_mult a b). Qed.
Lemma lim_eq (f : R -> R) (a b : R) : a = b -> filterlim f F (locally a) -> filterlim f F (locally b). Proof. now intros <-. Qed.
Lemma lim_squeeze (f g : R -> R) (l : R) : F (fun x => Rabs (f x - l) <= g x) -> filterlim g F (locally 0) -> filterlim f F (locally l).
Proof.
  intros B G P [eps HP]. generalize (G (ball 0 eps) (locally_ball 0 eps)). unfold filtermap. intro N.
  generalize (filter_and _ _ B N). apply filter_imp. intros x [A H]. apply HP.
  change (Rabs (g x - 0) < eps) in H. change (Rabs (f x - l) < eps). rewrite Rminus_0_r in H. generalize (Rle_abs (g x)). lra.
Qed.
End Limits.
(** Exponentials and inverses *)
Lemma exp_m : filterlim exp (Rbar_locally' m_infty) (locally 0). Proof. exact is_lim_exp_m. Qed.
Lemma opp_p : filterlim Ropp (Rbar_locally' p_infty) (Rbar_locally' m_infty). Proof. exact (filterlim_Rbar_opp p_infty). Qed.
Lemma scaled_p c : 0 < c -> filterlim (fun x => x * c) (Rbar_locally' p_infty) (Rbar_locally' p_infty).
Proof. intros H P [M HM]. exists (M / c). intros x Hx. apply HM. apply (Rmult_lt_compat_r c) in Hx; [|easy]. unfold Rdiv in Hx. rewrite Rmult_assoc, Rinv_l in Hx by lra. lra. Qed.
Lemma exp_p c : 0 < c -> filterlim (fun x => exp (- (x * c))) (Rbar_locally' p_infty) (locally 0).
Proof.
  intro H. apply (filterlim_comp _ _ _ (fun x => - (x * c)) exp _ (Rbar_locally' m_infty)); [|exact exp_m].
  apply (filterlim_comp _ _ _ (fun x => x * c) Ropp _ (Rbar_locally' p_infty)); [now apply scaled_p|exact opp_p].
Qed.
Lemma exp_p1 : filterlim (fun x => exp (- x)) (Rbar_locally' p_infty) (locally 0).
Proof. apply (filterlim_comp _ _ _ Ropp exp _ (Rbar_locally' m_infty)); [exact opp_p|exact exp_m]. Qed.
Lemma inv_p : filterlim Rinv (Rbar_locally' p_infty) (locally 0).
Proof. apply (is_lim_inv (fun x => x) p_infty p_infty); [apply is_lim_id|discriminate]. Qed.
Lemma inv_0 : filterlim Rinv (at_right 0) (Rbar_locally' p_infty). Proof. exact filterlim_Rinv_0_right. Qed.
Lemma x_exp_m : filterlim (fun x => x * exp x) (Rbar_locally' m_infty) (locally 0). Proof. exact is_lim_mul_exp_m. Qed.
Lemma x_exp_p : filterlim (fun x => x * exp (- x)) (Rbar_locally' p_infty) (locally 0).
Proof.
  apply (lim_eq _ (- 0)); [apply Ropp_0|]. apply (lim_ext _ (fun x => - ((fun y => y * exp y) (- x)))); [apply filter_forall; intros; ring|].
  apply lim_opp. apply (filterlim_comp _ _ _ Ropp (fun y => y * exp y) _ (Rbar_locally' m_infty)); [exact opp_p|exact x_exp_m].
Qed.
Lemma after (M : R) (P : R -> Prop) : (forall x, M < x -> P x) -> Rbar_locally' p_infty P. Proof. intro H. now exists M. Qed.
Lemma before (M : R) (P : R -> Prop) : (forall x, x < M -> P x) -> Rbar_locally' m_infty P. Proof. intro H. now exists M. Qed.
(** From the right of a, and from the left *)
Lemma right_of a b (P : R -> Prop) : a < b -> (forall x, a < x < b -> P x) -> at_right a P.
Proof. intros L H. unfold at_right, within. generalize (near_lt b a L). apply filter_imp. intros x Hb Ha. apply H. now split. Qed.
Lemma left_of a b (P : R -> Prop) : b < a -> (forall x, b < x < a -> P x) -> at_left a P.
Proof. intros L H. unfold at_left, within. generalize (near_gt b a L). apply filter_imp. intros x Hb Ha. apply H. now split. Qed.
Lemma lim_right (f g : R -> R) (a l : R) : at_right a (fun x => f x = g x) -> continuous g a -> g a = l -> filterlim f (at_right a) (locally l).
Proof. intros E C <-. apply (lim_ext f g _ E). apply (filterlim_filter_le_1 _ (filter_le_within _)). exact C. Qed.
Lemma lim_left (f g : R -> R) (a l : R) : at_left a (fun x => f x = g x) -> continuous g a -> g a = l -> filterlim f (at_left a) (locally l).
Proof. intros E C <-. apply (lim_ext f g _ E). apply (filterlim_filter_le_1 _ (filter_le_within _)). exact C. Qed.
(** A slope is the limit of its difference quotients *)
Lemma slope_right f (x l : R) : is_derive f x l -> filterlim (fun t => (f t - f x) / (t - x)) (at_right x) (locally l).
Proof.
  intros D P [eps HP]. apply is_derive_Reals in D. destruct (D eps (cond_pos eps)) as [d Hd]. exists d. intros t Ht Hr. apply HP.
  change (Rabs (t - x) < d) in Ht. change (Rabs ((f t - f x) / (t - x) - l) < eps). specialize (Hd (t - x) ltac:(lra) Ht). assert (E : Rplus x (Rminus t x) = t) by (cbn; lra). rewrite E in Hd. exact Hd.
Qed.
Lemma slope_left f (x l : R) : is_derive f x l -> filterlim (fun t => (f t - f x) / (t - x)) (at_left x) (locally l).
Proof.
  intros D P [eps HP]. apply is_derive_Reals in D. destruct (D eps (cond_pos eps)) as [d Hd]. exists d. intros t Ht Hr. apply HP.
  change (Rabs (t - x) < d) in Ht. change (Rabs ((f t - f x) / (t - x) - l) < eps). specialize (Hd (t - x) ltac:(lra) Ht). assert (E : Rplus x (Rminus t x) = t) by (cbn; lra). rewrite E in Hd. exact Hd.
Qed.
Ltac cont := eapply d_cont; der.
