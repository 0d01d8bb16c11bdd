(** * A linear score and a factorisation machine *)
From Losses Require Export Shares.

(** A linear score and a factorisation machine, by one weight *)
Lemma d_linear d (w x : nat -> R) j : (1 <= j <= d)%nat -> is_derive (fun t => Sum d (fun k => upd w j t k * x k)) (w j) (x j).
Proof.
  intro Hj. eapply d_eq; [apply (d_Sum d (fun t k => upd w j t k * x k) _ (fun k => if (j =? k)%nat then x k else 0))|now rewrite (Sum_pick d j x)].
  intros k Hk. eapply d_eq; [apply d_mult; [apply d_upd|apply d_const]|]. cbv beta. real_eq. destruct (j =? k)%nat; ring.
Qed.
Lemma linear_at d (w x : nat -> R) j : Sum d (fun k => upd w j (w j) k * x k) = Sum d (fun k => w k * x k).
Proof. apply Sum_ext. intros. now rewrite upd_self. Qed.
Definition machine n r (w_0 : R) (w x : nat -> R) (v : nat -> nat -> R) : R :=
  w_0 + Sum n (fun i0 => w i0 * x i0) + 1 / 2 * Sum r (fun k0 => (Sum n (fun i0 => v i0 k0 * x i0)) ^ 2 - Sum n (fun i0 => (v i0 k0) ^ 2 * (x i0) ^ 2)).
Lemma machine_at n r w_0 w x v i k : machine n r w_0 w x (upd2 v i k (v i k)) = machine n r w_0 w x v.
Proof.
  unfold machine. f_equal. f_equal. apply Sum_ext. intros k0 _. f_equal; [f_equal|]; apply Sum_ext; intros; now rewrite upd2_self.
Qed.
Lemma d_machine n r w_0 w x v i k : (1 <= i <= n)%nat -> (1 <= k <= r)%nat ->
  is_derive (fun t => machine n r w_0 w x (upd2 v i k t)) (v i k) (x i * (Sum n (fun i0 => v i0 k * x i0) - v i k * x i)).
Proof.
  intros Hi Hk. unfold machine. eapply d_eq; [apply d_plus; [apply d_const|apply d_mult; [apply d_const|apply (d_Sum r (fun t k0 => (Sum n (fun i0 => upd2 v i k t i0 k0 * x i0)) ^ 2 - Sum n (fun i0 => (upd2 v i k t i0 k0) ^ 2 * (x i0) ^ 2)) _
    (fun k0 => if (k =? k0)%nat then 2 * (x i * (Sum n (fun i0 => v i0 k0 * x i0) - v i k0 * x i)) else 0))]]|].
  - intros k0 Hk0. eapply d_eq; [apply d_minus; [apply (d_pow (fun t => Sum n (fun i0 => upd2 v i k t i0 k0 * x i0)));
      apply (d_Sum n (fun t i0 => upd2 v i k t i0 k0 * x i0) _ (fun i0 => if (i =? i0)%nat then (if (k =? k0)%nat then x i0 else 0) else 0))
      |apply (d_Sum n (fun t i0 => (upd2 v i k t i0 k0) ^ 2 * (x i0) ^ 2) _ (fun i0 => if (i =? i0)%nat then (if (k =? k0)%nat then 2 * v i0 k0 * x i0 ^ 2 else 0) else 0))]|].
    + intros i0 H0. eapply d_eq; [apply d_mult; [apply d_upd2|apply d_const]|]. cbv beta. real_eq. destruct (i =? i0)%nat, (k =? k0)%nat; simpl; ring.
    + intros i0 H0. eapply d_eq; [apply d_mult; [apply (d_pow (fun t => upd2 v i k t i0 k0)), d_upd2|apply d_const]|]. cbv beta. rewrite upd2_self. simpl pred. simpl INR. real_eq. destruct (i =? i0)%nat, (k =? k0)%nat; simpl; ring.
    + cbv beta. rewrite (Sum_pick n i (fun i0 => if (k =? k0)%nat then x i0 else 0)), (Sum_pick n i (fun i0 => if (k =? k0)%nat then 2 * v i0 k0 * x i0 ^ 2 else 0)) by easy.
      rewrite (Sum_ext n (fun i0 => upd2 v i k (v i k) i0 k0 * x i0) (fun i0 => v i0 k0 * x i0)) by (intros; now rewrite upd2_self).
      simpl pred. simpl INR. real_eq. destruct (k =? k0)%nat; ring.
  - rewrite (Sum_pick r k (fun k0 => 2 * (x i * (Sum n (fun i0 => v i0 k0 * x i0) - v i k0 * x i)))) by easy. real_eq. field.
Qed.
