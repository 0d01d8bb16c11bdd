(** * Derivatives, one theorem for each operation *)
From Losses Require Export Sigmoid.

Lemma upd_self s i j : upd s i (s i) j = s j.
Proof. unfold upd. destruct (Nat.eqb_spec i j); now subst. Qed.
Lemma upd2_self s i k j l : upd2 s i k (s i k) j l = s j l.
Proof. unfold upd2. destruct (Nat.eqb_spec i j), (Nat.eqb_spec k l); simpl; now subst. Qed.
Lemma upd_same s i x : upd s i x i = x.
Proof. unfold upd. now rewrite Nat.eqb_refl. Qed.

Section D.
Variables (f g : R -> R) (x a b : R).
Lemma d_const (c : R) : is_derive (fun _ => c) x 0. Proof. apply (is_derive_const c x). Qed.
Lemma d_id : is_derive (fun t : R => t) x 1. Proof. apply (is_derive_id x). Qed.
Hypothesis F : is_derive f x a.
Lemma d_eq (c : R) : a = c -> is_derive f x c. Proof. now intros <-. Qed.
Lemma d_opp : is_derive (fun t => - f t) x (- a). Proof. now apply (is_derive_opp f). Qed.
Lemma d_exp : is_derive (fun t => exp (f t)) x (a * exp (f x)).
Proof. apply (is_derive_comp exp f x (exp (f x)) a); [apply is_derive_exp|exact F]. Qed.
Lemma d_ln : 0 < f x -> is_derive (fun t => ln (f t)) x (a * / f x).
Proof. intro. apply (is_derive_comp ln f x (/ f x) a); [now apply is_derive_ln|exact F]. Qed.
Lemma d_sqrt : 0 < f x -> is_derive (fun t => sqrt (f t)) x (a * / (2 * sqrt (f x))).
Proof. intro. apply (is_derive_comp sqrt f x _ a); [|exact F]. apply is_derive_Reals, derivable_pt_lim_sqrt; easy. Qed.
Lemma d_atan : is_derive (fun t => atan (f t)) x (a * / (1 + f x ^ 2)).
Proof.
  apply (is_derive_comp atan f x (/ (1 + f x ^ 2)) a); [|exact F]. apply is_derive_Reals.
  apply derivable_pt_lim_atan.
Qed.
Lemma d_inv : f x <> 0 -> is_derive (fun t => / f t) x (- a / f x ^ 2). Proof. now apply is_derive_inv. Qed.
Lemma d_pow n : is_derive (fun t => f t ^ n) x (INR n * a * f x ^ pred n).
Proof. now apply is_derive_pow. Qed.
Lemma d_sigmoid : is_derive (fun t => sigmoid (f t)) x (a * (sigmoid (f x) * (1 - sigmoid (f x)))).
Proof.
  apply (is_derive_comp sigmoid f x _ a); [|exact F]. generalize (exp_pos (- f x)); intro.
  unfold sigmoid. auto_derive; [lra|field; lra].
Qed.
Lemma d_cosh : is_derive (fun t => cosh (f t)) x (a * sinh (f x)).
Proof. apply (is_derive_comp cosh f x _ a); [|exact F]. unfold cosh, sinh. auto_derive; [easy|field]. Qed.
Lemma d_sinh : is_derive (fun t => sinh (f t)) x (a * cosh (f x)).
Proof. apply (is_derive_comp sinh f x _ a); [|exact F]. unfold cosh, sinh. auto_derive; [easy|field]. Qed.
Lemma d_tanh : is_derive (fun t => tanh (f t)) x (a * (1 - tanh (f x) ^ 2)).
Proof.
  apply (is_derive_comp tanh f x _ a); [|exact F]. unfold tanh, cosh, sinh.
  generalize (exp_pos (f x)) (exp_pos (- f x)); intros. auto_derive; [lra|field; lra].
Qed.
Lemma d_softplus : is_derive (fun t => softplus (f t)) x (a * sigmoid (f x)).
Proof.
  apply (is_derive_comp softplus f x _ a); [|exact F]. generalize (exp_pos (f x)); intro.
  unfold softplus. rewrite sigmoid_E. auto_derive; [lra|field; lra].
Qed.
Hypothesis G : is_derive g x b.
Lemma d_plus : is_derive (fun t => f t + g t) x (a + b). Proof. now apply (is_derive_plus f g). Qed.
Lemma d_minus : is_derive (fun t => f t - g t) x (a - b). Proof. now apply (is_derive_minus f g). Qed.
Lemma d_mult : is_derive (fun t => f t * g t) x (a * g x + f x * b).
Proof. apply (is_derive_mult f g x a b); auto. intros; apply Rmult_comm. Qed.
End D.
Lemma d_Sum n (f : R -> nat -> R) x (d : nat -> R) :
  (forall j, (1 <= j <= n)%nat -> is_derive (fun t => f t j) x (d j)) -> is_derive (fun t => Sum n (fun j => f t j)) x (Sum n d).
Proof.
  induction n; intro H; simpl; [apply (is_derive_const 0)|].
  apply (is_derive_plus (fun t => Sum n (fun j => f t j)) (fun t => f t (S n))); [apply IHn; intros; apply H; lia|apply H; lia].
Qed.
Lemma d_upd s i j x : is_derive (fun t => upd s i t j) x (if Nat.eqb i j then 1 else 0).
Proof. unfold upd. destruct (Nat.eqb i j); [apply (is_derive_id x)|apply (is_derive_const (s j))]. Qed.
Lemma d_upd2 s i k j l x : is_derive (fun t => upd2 s i k t j l) x (if andb (Nat.eqb i j) (Nat.eqb k l) then 1 else 0).
Proof. unfold upd2. destruct (andb _ _); [apply (is_derive_id x)|apply (is_derive_const (s j l))]. Qed.
Lemma d_ifb (c : bool) (f g : R -> R) x a b : is_derive f x a -> is_derive g x b ->
  is_derive (fun t => if c then f t else g t) x (if c then a else b).
Proof. now destruct c. Qed.
Lemma d_ext (f g : R -> R) x d : (forall t, f t = g t) -> is_derive f x d -> is_derive g x d.
Proof. intros. eapply is_derive_ext; eauto. Qed.
Lemma h_ext (h g : R -> R) x d : (forall t, h t = g t) -> is_derive g x d -> is_derive h x d.
Proof. intros E D. apply (is_derive_ext g h); [intro; symmetry; apply E|exact D]. Qed.
Lemma h_ext_loc (h g : R -> R) x d : locally x (fun t => h t = g t) -> is_derive g x d -> is_derive h x d.
Proof. intros E D. apply (is_derive_ext_loc g h); [|exact D]. revert E. apply filter_imp. intros; easy. Qed.

(** What holds near a place *)
Lemma near_all (x : R) (P : R -> Prop) : (forall t, P t) -> locally x P.
Proof. intro H. now apply filter_forall. Qed.
Lemma near_gt (a x : R) : a < x -> locally x (fun t => a < t). Proof. intro. now apply (open_gt a). Qed.
Lemma near_lt (a x : R) : x < a -> locally x (fun t => t < a). Proof. intro. now apply (open_lt a). Qed.
Lemma lt_near (u v : R -> R) (x : R) : continuous u x -> continuous v x -> u x < v x -> locally x (fun t => u t < v t).
Proof.
  intros U V H. assert (C : continuous (fun t => v t - u t) x) by (apply (continuous_minus v u); auto).
  assert (P : 0 < v x - u x) by lra.
  generalize (C (fun y => 0 < y) (open_gt 0 _ P)). unfold filtermap. apply filter_imp. intros; lra.
Qed.
Lemma d_cont (f : R -> R) x d : is_derive f x d -> continuous f x.
Proof. intro H. apply (ex_derive_continuous f). now exists d. Qed.
Lemma near_pos (g : R -> R) x d : is_derive g x d -> 0 < g x -> locally x (fun t => 0 < g t).
Proof. intros D H. apply (lt_near (fun _ => 0) g x); [apply continuous_const|eapply d_cont, D|exact H]. Qed.
Lemma near_neq (g : R -> R) x d : is_derive g x d -> g x <> 0 -> locally x (fun t => g t <> 0).
Proof.
  intros D H. destruct (Rlt_dec 0 (g x)) as [P|P].
  - generalize (near_pos g x d D P). apply filter_imp. intros; lra.
  - assert (Q : 0 < - g x) by lra. generalize (near_pos (fun t => - g t) x (- d) (d_opp g x d D) Q). apply filter_imp. intros; lra.
Qed.
Lemma neq_near (a x : R) : x <> a -> locally x (fun t => t <> a).
Proof. intro H. destruct (Rlt_dec x a); [generalize (near_lt a x r)|assert (L : a < x) by lra; generalize (near_gt a x L)]; apply filter_imp; intros; lra. Qed.

(** Pieces, split where u <= v; where they meet, both must have the same value and slope *)
Lemma d_if_le (u v f g : R -> R) x d du dv :
  is_derive u x du -> is_derive v x dv ->
  (u x < v x -> is_derive f x d) -> (v x < u x -> is_derive g x d) ->
  (u x = v x -> is_derive f x d /\ is_derive g x d /\ f x = g x) ->
  is_derive (fun t => if Rle_dec (u t) (v t) then f t else g t) x d.
Proof.
  intros Du Dv F G E. assert (Cu := d_cont _ _ _ Du). assert (Cv := d_cont _ _ _ Dv).
  destruct (Rtotal_order (u x) (v x)) as [H|[H|H]].
  - apply (is_derive_ext_loc f); [|auto]. generalize (lt_near u v x Cu Cv H). apply filter_imp. intros t Ht.
    destruct (Rle_dec (u t) (v t)); [easy|lra].
  - destruct (E H) as [D1 [D2 Q]]. apply is_derive_Reals in D1, D2. apply is_derive_Reals.
    intros eps He. destruct (D1 eps He) as [d1 H1]. destruct (D2 eps He) as [d2 H2].
    assert (Hm : 0 < Rmin d1 d2) by (apply Rmin_pos; [apply d1|apply d2]). exists (mkposreal _ Hm). simpl. intros h Hh Hd.
    assert (Rabs h < d1) by (eapply Rlt_le_trans; [exact Hd|apply Rmin_l]).
    assert (Rabs h < d2) by (eapply Rlt_le_trans; [exact Hd|apply Rmin_r]).
    destruct (Rle_dec (u x) (v x)); [|lra]. destruct (Rle_dec (u (x + h)) (v (x + h))); [auto|rewrite Q; auto].
  - apply (is_derive_ext_loc g); [|auto]. generalize (lt_near v u x Cv Cu H). apply filter_imp. intros t Ht.
    destruct (Rle_dec (u t) (v t)); [lra|easy].
Qed.
(** A function that is sandwiched so closely has that slope: the way over kinks that cancel *)
Lemma d_of_quadratic f x l c : (forall h, Rabs (f (x + h) - f x - l * h) <= c * h ^ 2) -> is_derive f x l.
Proof.
  intro Q. apply is_derive_Reals. intros eps He.
  assert (Hc : 0 < eps / (Rabs c + 1)) by (apply Rdiv_lt_0_compat; [easy|generalize (Rabs_pos c); lra]).
  exists (mkposreal _ Hc). simpl. intros h Hn Hh. specialize (Q h).
  replace ((f (x + h) - f x) / h - l) with ((f (x + h) - f x - l * h) / h) by (field; easy).
  unfold Rdiv. rewrite Rabs_mult, Rabs_inv. assert (0 < Rabs h) by now apply Rabs_pos_lt.
  apply Rmult_lt_reg_r with (Rabs h); [easy|]. rewrite Rmult_assoc, Rinv_l, Rmult_1_r by lra.
  replace (h ^ 2) with (Rabs h * Rabs h) in Q by (rewrite <- Rabs_mult, Rabs_pos_eq; nra).
  assert (c <= Rabs c) by apply Rle_abs. assert (0 <= Rabs c) by apply Rabs_pos.
  apply (Rmult_lt_compat_r (Rabs c + 1)) in Hh; [|lra]. unfold Rdiv in Hh. rewrite Rmult_assoc, Rinv_l, Rmult_1_r in Hh by lra. nra.
Qed.
Lemma abs_if x : Rabs x = if Rle_dec 0 x then x else - x.
Proof. unfold Rabs. destruct (Rcase_abs x), (Rle_dec 0 x); lra. Qed.
Lemma max_if a b : Rmax a b = if Rle_dec a b then b else a. Proof. easy. Qed.
Lemma min_if a b : Rmin a b = if Rle_dec a b then a else b. Proof. easy. Qed.
Lemma if_lt_le (a b x y : R) : (if Rlt_dec a b then x else y) = (if Rle_dec b a then y else x).
Proof. destruct (Rlt_dec a b), (Rle_dec b a); lra. Qed.

(** Mean values *)
Lemma mvt (f df : R -> R) a b : a < b -> (forall x, a <= x <= b -> is_derive f x (df x)) ->
  exists c, a < c < b /\ f b - f a = df c * (b - a).
Proof. intros H D. destruct (MVT_cor2 f df a b H) as [c [E Hc]]; [intros; apply is_derive_Reals; auto|]. exists c. split; [easy|lra]. Qed.
Lemma monotone (f df : R -> R) a b : a <= b -> (forall x, a <= x <= b -> is_derive f x (df x)) ->
  (forall x, a < x < b -> 0 <= df x) -> f a <= f b.
Proof.
  intros [H| ->] D P; [|lra]. destruct (mvt f df a b H D) as [c [Hc E]]. specialize (P c Hc). nra.
Qed.
Lemma monotone_strict (f df : R -> R) a b : a < b -> (forall x, a <= x <= b -> is_derive f x (df x)) ->
  (forall x, a < x < b -> 0 < df x) -> f a < f b.
Proof. intros H D P. destruct (mvt f df a b H D) as [c [Hc E]]. specialize (P c Hc). nra. Qed.
Lemma lipschitz (f df : R -> R) L : (forall x, is_derive f x (df x)) -> (forall x, Rabs (df x) <= L) ->
  forall x y, Rabs (f x - f y) <= L * Rabs (x - y).
Proof.
  intros D B. assert (H : forall x y, x < y -> Rabs (f y - f x) <= L * Rabs (y - x)).
  { intros x y Hxy. destruct (mvt f df x y Hxy) as [c [_ E]]; [intros; apply D|]. rewrite E.
    rewrite Rabs_mult. apply Rmult_le_compat_r; [apply Rabs_pos|apply B]. }
  intros x y. destruct (Rtotal_order x y) as [L1|[->|L1]].
  - rewrite (Rabs_minus_sym (f x)), (Rabs_minus_sym x). now apply H.
  - rewrite !Rminus_eq_0, Rabs_R0. lra.
  - now apply H.
Qed.
(** A function with increasing slope lies above its tangents, and is convex *)
Lemma above_tangent (f df : R -> R) : (forall x, is_derive f x (df x)) -> (forall x y, x <= y -> df x <= df y) ->
  forall u v, f v + df v * (u - v) <= f u.
Proof.
  intros D M u v. destruct (Rtotal_order u v) as [H|[->|H]]; [| lra |].
  - destruct (mvt f df u v H) as [c [Hc E]]; [intros; apply D|]. assert (df c <= df v) by (apply M; lra). nra.
  - destruct (mvt f df v u H) as [c [Hc E]]; [intros; apply D|]. assert (df v <= df c) by (apply M; lra). nra.
Qed.
Lemma convex_by_tangents (f df : R -> R) : (forall u v, f v + df v * (u - v) <= f u) ->
  forall a b t, 0 <= t <= 1 -> f (t * a + (1 - t) * b) <= t * f a + (1 - t) * f b.
Proof.
  intros T a b t H. generalize (T a (t * a + (1 - t) * b)) (T b (t * a + (1 - t) * b)).
  generalize (df (t * a + (1 - t) * b)) (f (t * a + (1 - t) * b)). intros d m A B.
  apply (Rmult_le_compat_l t) in A; [|lra]. apply (Rmult_le_compat_l (1 - t)) in B; [|lra]. nra.
Qed.
