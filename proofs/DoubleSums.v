(** * Double sums, sums of squares, mutual information *)
From Losses Require Export Squares.

(** Double sums *)
Lemma Sum_prod n m f g : Sum n (fun i => Sum m (fun j => f i * g j)) = Sum n f * Sum m g.
Proof. rewrite <- Sum_scalr. apply Sum_ext. intros. apply Sum_scal. Qed.
Lemma Sum_pairs n f : (forall i j, f i j = f j i) ->
  Sum n (fun i => Sum n (fun j => if ((i + 1) <=? j)%nat then f i j else 0)) = 1 / 2 * Sum n (fun i => Sum n (fun j => f i j)) - 1 / 2 * Sum n (fun i => f i i).
Proof.
  intro S. set (U := Sum n (fun i => Sum n (fun j => if ((i + 1) <=? j)%nat then f i j else 0))).
  assert (V : Sum n (fun i => Sum n (fun j => if ((j + 1) <=? i)%nat then f i j else 0)) = U).
  { rewrite Sum_swap. unfold U. apply Sum_ext. intros j _. apply Sum_ext. intros i _. now rewrite S. }
  assert (D : Sum n (fun i => f i i) = Sum n (fun i => Sum n (fun j => if (i =? j)%nat then f i j else 0))).
  { apply Sum_ext. intros i Hi. now rewrite (Sum_pick n i (f i) Hi). }
  assert (E : Sum n (fun i => Sum n (fun j => f i j)) = U + U + Sum n (fun i => f i i)).
  { rewrite D. rewrite <- V at 2. unfold U. rewrite <- !Sum_plus. apply Sum_ext. intros i _. rewrite <- !Sum_plus. apply Sum_ext. intros j _.
    destruct (Nat.leb_spec (i + 1) j), (Nat.leb_spec (j + 1) i), (Nat.eqb_spec i j); try lia; ring. }
  rewrite E. field.
Qed.
(** Sums of squares *)
Lemma Sum_of_squares_expanded n (z : nat -> R) b : Sum n (fun i => (z i - b) ^ 2) = Sum n (fun i => z i ^ 2) - 2 * b * Sum n z + INR n * b ^ 2.
Proof. rewrite <- (Sum_const n (b ^ 2)), <- Sum_scal, <- Sum_minus, <- Sum_plus. apply Sum_ext. intros. ring. Qed.
Lemma weighted_squares n (a z : nat -> R) b : Sum n a = 1 -> Sum n (fun i => a i * (z i - b) ^ 2) = Sum n (fun i => a i * z i ^ 2) - 2 * b * Sum n (fun i => a i * z i) + b ^ 2.
Proof.
  intro H. rewrite (Sum_ext n _ (fun i => a i * z i ^ 2 - 2 * b * (a i * z i) + b ^ 2 * a i)) by (intros; ring). rewrite Sum_plus, Sum_minus, !Sum_scal. etas. rewrite H. ring.
Qed.
(** Mutual information is not negative *)
Lemma mutual_information n d J : (forall i j, (1 <= i <= n)%nat -> (1 <= j <= d)%nat -> 0 < J i j) -> Sum n (fun i => Sum d (fun j => J i j)) = 1 ->
  0 <= Sum n (fun i => Sum d (fun j => J i j * ln (J i j / (Sum d (fun j0 => J i j0) * Sum n (fun i0 => J i0 j))))).
Proof.
  intros P T. set (a := fun i => Sum d (fun j0 => J i j0)). set (b := fun j => Sum n (fun i0 => J i0 j)).
  apply Rle_trans with (Sum n (fun i => Sum d (fun j => J i j - a i * b j))).
  - rewrite (Sum_ext n _ (fun i => a i - Sum d (fun j => a i * b j))) by (intros; now rewrite Sum_minus).
    rewrite Sum_minus, Sum_prod. replace (Sum d b) with 1 by (symmetry; unfold b; rewrite Sum_swap; exact T). replace (Sum n (fun i => a i)) with 1 by (symmetry; exact T). replace (Sum n a) with 1 by (symmetry; exact T). lra.
  - apply Sum_le. intros i Hi. apply Sum_le. intros j Hj. specialize (P i) as Pi. assert (0 < J i j) by auto.
    assert (0 < a i) by (unfold a; apply Sum_pos; [lia|auto]). assert (0 < b j) by (unfold b; apply Sum_pos; [lia|intros; auto]).
    fold (a i) (b j). generalize (ln_ge_sub_inv (J i j / (a i * b j)) ltac:(apply Rdiv_lt_0_compat; [easy|apply Rmult_lt_0_compat; easy])). intro L.
    apply (Rmult_le_compat_l (J i j)) in L; [|lra]. replace (J i j * (1 - / (J i j / (a i * b j)))) with (J i j - a i * b j) in L by (field; lra). exact L.
Qed.
Lemma another K t : (2 <= K)%nat -> (1 <= t <= K)%nat -> exists j, (1 <= j <= K)%nat /\ negb (j =? t)%nat = true.
Proof.
  intros HK Ht. exists (if (t =? 1)%nat then 2%nat else 1%nat). destruct (Nat.eqb_spec t 1) as [->|N]; split; try lia; [easy|].
  destruct (Nat.eqb_spec 1 t); [lia|easy].
Qed.
Lemma quadratic_form d (a x : nat -> R) c : Sum d (fun j => Sum d (fun l => a j * (c * x j * x l) * a l)) = c * Sum d (fun j => a j * x j) ^ 2.
Proof.
  rewrite (Sum_ext d _ (fun j => c * (a j * x j) * Sum d (fun l => a l * x l))).
  - rewrite Sum_scalr, Sum_scal. ring.
  - intros j _. rewrite <- Sum_scal. apply Sum_ext. intros. ring.
Qed.
