(** * Sums over 1..n *)
From Losses Require Export Vocabulary.

Lemma Sum_ext n f g : (forall j, (1 <= j <= n)%nat -> f j = g j) -> Sum n f = Sum n g.
Proof. induction n; intro H; simpl; [easy|]. rewrite IHn, H; [easy|lia|]. intros; apply H; lia. Qed.
Lemma Sum_le n f g : (forall j, (1 <= j <= n)%nat -> f j <= g j) -> Sum n f <= Sum n g.
Proof. induction n; intro H; simpl; [lra|]. apply Rplus_le_compat; [apply IHn; intros; apply H; lia|apply H; lia]. Qed.
Lemma Sum_plus n f g : Sum n (fun j => f j + g j) = Sum n f + Sum n g.
Proof. induction n; simpl; [ring|rewrite IHn; ring]. Qed.
Lemma Sum_minus n f g : Sum n (fun j => f j - g j) = Sum n f - Sum n g.
Proof. induction n; simpl; [ring|rewrite IHn; ring]. Qed.
Lemma Sum_opp n f : Sum n (fun j => - f j) = - Sum n f.
Proof. induction n; simpl; [ring|rewrite IHn; ring]. Qed.
Lemma Sum_scal n c f : Sum n (fun j => c * f j) = c * Sum n f.
Proof. induction n; simpl; [ring|rewrite IHn; ring]. Qed.
Lemma Sum_scalr n c f : Sum n (fun j => f j * c) = Sum n f * c.
Proof. induction n; simpl; [ring|rewrite IHn; ring]. Qed.
Lemma Sum_div n c f : Sum n (fun j => f j / c) = Sum n f / c.
Proof. unfold Rdiv. apply Sum_scalr. Qed.
Lemma Sum_const n c : Sum n (fun _ => c) = INR n * c.
Proof. induction n; [simpl; ring|]. rewrite S_INR. simpl. rewrite IHn. ring. Qed.
Lemma Sum_nonneg n f : (forall j, (1 <= j <= n)%nat -> 0 <= f j) -> 0 <= Sum n f.
Proof. induction n; intro H; simpl; [lra|]. apply Rplus_le_le_0_compat; [apply IHn; intros; apply H; lia|apply H; lia]. Qed.
Lemma Sum_pos n f : (1 <= n)%nat -> (forall j, (1 <= j <= n)%nat -> 0 < f j) -> 0 < Sum n f.
Proof.
  intros Hn H. destruct n; [lia|]. simpl. apply Rplus_le_lt_0_compat; [|apply H; lia].
  apply Sum_nonneg. intros j Hj. left. apply H; lia.
Qed.
Lemma Sum_pos1 n i f : (1 <= i <= n)%nat -> (forall j, (1 <= j <= n)%nat -> 0 <= f j) -> 0 < f i -> 0 < Sum n f.
Proof.
  induction n; intros Hi H Hp; [lia|]. simpl. assert (0 <= Sum n f) by (apply Sum_nonneg; intros; apply H; lia).
  destruct (Nat.eq_dec i (S n)) as [->|N]; [lra|]. assert (0 <= f (S n)) by (apply H; lia).
  assert (0 < Sum n f) by (apply IHn; [lia| |easy]; intros; apply H; lia). lra.
Qed.
Lemma Sum_lt n i f g : (1 <= i <= n)%nat -> (forall j, (1 <= j <= n)%nat -> f j <= g j) -> f i < g i -> Sum n f < Sum n g.
Proof.
  intros Hi H L. apply Rminus_lt_0. rewrite <- Sum_minus. apply (Sum_pos1 n i); [easy| |lra].
  intros j Hj. specialize (H j Hj). lra.
Qed.
Lemma Sum_pick n i f : (1 <= i <= n)%nat -> Sum n (fun j => if Nat.eqb i j then f j else 0) = f i.
Proof.
  induction n; intro H; [lia|]. simpl. destruct (Nat.eqb_spec i (S n)) as [->|N].
  - rewrite (Sum_ext n _ (fun _ => 0)); [rewrite Sum_const; ring|]. intros j Hj. destruct (Nat.eqb_spec (S n) j); [lia|easy].
  - rewrite IHn; [ring|lia].
Qed.
Lemma Sum_pick' n i f : (1 <= i <= n)%nat -> Sum n (fun j => if Nat.eqb j i then f j else 0) = f i.
Proof. intro H. rewrite <- (Sum_pick n i f H). apply Sum_ext. intros. now rewrite Nat.eqb_sym. Qed.
Lemma Sum_others n i f : (1 <= i <= n)%nat -> Sum n (fun j => if negb (Nat.eqb j i) then f j else 0) = Sum n f - f i.
Proof.
  intro H. rewrite <- (Sum_pick' n i f H), <- Sum_minus. apply Sum_ext. intros j _. destruct (Nat.eqb j i); simpl; ring.
Qed.
Lemma Sum_split n (c : nat -> bool) f :
  Sum n f = Sum n (fun j => if c j then f j else 0) + Sum n (fun j => if negb (c j) then f j else 0).
Proof. rewrite <- Sum_plus. apply Sum_ext. intros j _. destruct (c j); simpl; ring. Qed.
Lemma Sum_abs n f : Rabs (Sum n f) <= Sum n (fun j => Rabs (f j)).
Proof. induction n; simpl; [rewrite Rabs_R0; lra|]. eapply Rle_trans; [apply Rabs_triang|lra]. Qed.
Lemma Sum_swap n m f : Sum n (fun i => Sum m (fun j => f i j)) = Sum m (fun j => Sum n (fun i => f i j)).
Proof. induction n; simpl; [now rewrite Sum_const, Rmult_0_r|]. rewrite IHn, <- Sum_plus. easy. Qed.
Lemma Sum_term n i f : (1 <= i <= n)%nat -> (forall j, (1 <= j <= n)%nat -> 0 <= f j) -> f i <= Sum n f.
Proof.
  induction n; intros Hi H; [lia|]. simpl. assert (0 <= Sum n f) by (apply Sum_nonneg; intros; apply H; lia).
  destruct (Nat.eq_dec i (S n)) as [->|N]; [lra|]. assert (0 <= f (S n)) by (apply H; lia).
  assert (f i <= Sum n f) by (apply IHn; [lia|]; intros; apply H; lia). lra.
Qed.
Lemma Sum_cond n (P : nat -> bool) f : Sum n (fun j => (if P j then 1 else 0) * f j) = Sum n (fun j => if P j then f j else 0).
Proof. apply Sum_ext. intros j _. destruct (P j); ring. Qed.
Lemma square_of_Sum n f : (Sum n f) ^ 2 = Sum n (fun i => Sum n (fun j => f i * f j)).
Proof. erewrite (Sum_ext n (fun i => Sum n _)). 2: { intros; apply Sum_scal. } rewrite Sum_scalr. ring. Qed.
Lemma probability_le_1 n p i : (1 <= i <= n)%nat -> (forall j, (1 <= j <= n)%nat -> 0 <= p j) -> Sum n p = 1 -> p i <= 1.
Proof. intros Hi H <-. now apply Sum_term. Qed.

(** Conditions on the index, as factors and as filters *)
Lemma ifb_mul (c : bool) (a b : R) : (if c then a else 0) * b = if c then a * b else 0. Proof. destruct c; ring. Qed.
Lemma ifb_mul1 (c : bool) (b : R) : (if c then 1 else 0) * b = if c then b else 0. Proof. destruct c; ring. Qed.
Lemma mul_ifb (c : bool) (b : R) : b * (if c then 1 else 0) = if c then b else 0. Proof. destruct c; ring. Qed.
Lemma mul_if (c : bool) (a b : R) : b * (if c then a else 0) = if c then b * a else 0. Proof. destruct c; ring. Qed.
Lemma opp_if (c : bool) (b : R) : - (if c then b else 0) = if c then - b else 0. Proof. destruct c; ring. Qed.
Lemma Sum_if_add n (c : nat -> bool) f g : Sum n (fun j => if c j then f j + g j else 0)
  = Sum n (fun j => if c j then f j else 0) + Sum n (fun j => if c j then g j else 0).
Proof. rewrite <- Sum_plus. apply Sum_ext. intros j _. destruct (c j); ring. Qed.
Lemma Sum_if_sub n (c : nat -> bool) f g : Sum n (fun j => if c j then f j - g j else 0)
  = Sum n (fun j => if c j then f j else 0) - Sum n (fun j => if c j then g j else 0).
Proof. rewrite <- Sum_minus. apply Sum_ext. intros j _. destruct (c j); ring. Qed.
Lemma Sum_if_opp n (c : nat -> bool) f : Sum n (fun j => if c j then - f j else 0) = - Sum n (fun j => if c j then f j else 0).
Proof. rewrite <- Sum_opp. apply Sum_ext. intros j _. destruct (c j); ring. Qed.
Lemma Sum_if_scal n (c : nat -> bool) a f : Sum n (fun j => if c j then a * f j else 0) = a * Sum n (fun j => if c j then f j else 0).
Proof. rewrite <- Sum_scal. apply Sum_ext. intros j _. destruct (c j); ring. Qed.
Lemma Sum_if_scalr n (c : nat -> bool) a f : Sum n (fun j => if c j then f j * a else 0) = Sum n (fun j => if c j then f j else 0) * a.
Proof. rewrite <- Sum_scalr. apply Sum_ext. intros j _. destruct (c j); ring. Qed.
Lemma Sum_if_const n (c : nat -> bool) a : Sum n (fun j => if c j then a else 0) = a * Sum n (fun j => if c j then 1 else 0).
Proof. rewrite <- Sum_scal. apply Sum_ext. intros j _. destruct (c j); ring. Qed.

(** The largest and the smallest *)
Lemma some_spec n c : some n c = true <-> exists i, (1 <= i <= n)%nat /\ c i = true.
Proof.
  induction n; simpl; [split; [easy|intros [i [? _]]; lia]|]. rewrite orb_true_iff, IHn. split.
  - intros [[i [? ?]]|H]; [exists i; split; [lia|easy]|exists (S n); split; [lia|easy]].
  - intros [i [? H]]. destruct (Nat.eq_dec i (S n)) as [<-|]; [now right|left; exists i; split; [lia|easy]].
Qed.
Lemma Largest_ge n c f i : (1 <= i <= n)%nat -> c i = true -> f i <= Largest n c f.
Proof.
  induction n; intros Hi Hc; [lia|]. simpl. destruct (Nat.eq_dec i (S n)) as [<-|N].
  - rewrite Hc. destruct (some n c); [apply Rmax_r|lra].
  - assert (some n c = true) by (apply some_spec; exists i; split; [lia|easy]). rewrite H.
    assert (f i <= Largest n c f) by (apply IHn; [lia|easy]). destruct (c (S n)); [|easy].
    eapply Rle_trans; [eassumption|apply Rmax_l].
Qed.
Lemma Largest_attained n c f : (exists i, (1 <= i <= n)%nat /\ c i = true) -> exists i, (1 <= i <= n)%nat /\ c i = true /\ Largest n c f = f i.
Proof.
  induction n; intros [i [Hi Hc]]; [lia|]. simpl. destruct (some n c) eqn:E.
  - apply some_spec in E. destruct (IHn E) as [k [Hk [Hc' ->]]]. destruct (c (S n)) eqn:E'.
    + unfold Rmax. destruct (Rle_dec (f k) (f (S n))); [exists (S n)|exists k]; repeat split; try lia; easy.
    + exists k; repeat split; try lia; easy.
  - destruct (Nat.eq_dec i (S n)) as [->|N].
    + rewrite Hc. exists (S n); repeat split; try lia; easy.
    + exfalso. assert (some n c = true) by (apply some_spec; exists i; split; [lia|easy]). congruence.
Qed.
Lemma Largest_le n c f m : (exists i, (1 <= i <= n)%nat /\ c i = true) ->
  (forall i, (1 <= i <= n)%nat -> c i = true -> f i <= m) -> Largest n c f <= m.
Proof. intros E H. destruct (Largest_attained n c f E) as [i [Hi [Hc ->]]]. now apply H. Qed.
