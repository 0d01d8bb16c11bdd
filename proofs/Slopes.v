(** * Slopes of softmax losses, by one score *)
From Losses Require Export Logistic.

Section Slopes.
Variables (K : nat) (s : nat -> R) (i : nat).
Hypothesis Hi : (1 <= i <= K)%nat.
Lemma Z_pos : 0 < Sum K (fun k => exp (s k)). Proof. apply sum_exp_pos. lia. Qed.
Lemma at_place : Sum K (fun k => exp (upd s i (s i) k)) = Sum K (fun k => exp (s k)).
Proof. apply Sum_ext. intros. now rewrite upd_self. Qed.
Lemma d_sum_exp : is_derive (fun t => Sum K (fun k => exp (upd s i t k))) (s i) (exp (s i)).
Proof.
  eapply d_eq; [apply (d_Sum K (fun t k => exp (upd s i t k))); intros k Hk; apply (d_exp (fun t => upd s i t k)), d_upd|].
  rewrite (Sum_ext K _ (fun j => if (i =? j)%nat then exp (s j) else 0)); [now rewrite Sum_pick by lia|].
  intros j Hj. rewrite upd_self. destruct (i =? j)%nat; ring.
Qed.
Lemma d_lse : is_derive (fun t => ln (Sum K (fun k => exp (upd s i t k)))) (s i) (exp (s i) / Sum K (fun k => exp (s k))).
Proof.
  eapply d_eq; [apply (d_ln (fun t => Sum K (fun k => exp (upd s i t k)))); [apply d_sum_exp|rewrite at_place; apply Z_pos]|].
  rewrite at_place. reflexivity.
Qed.
Lemma d_softmax j : is_derive (fun t => exp (upd s i t j) / Sum K (fun k => exp (upd s i t k))) (s i)
  (exp (s j) / Sum K (fun k => exp (s k)) * ((if (i =? j)%nat then 1 else 0) - exp (s i) / Sum K (fun k => exp (s k)))).
Proof.
  unfold Rdiv. generalize Z_pos; intro P. eapply d_eq.
  - apply d_mult; [apply (d_exp (fun t => upd s i t j)), d_upd|apply (d_inv (fun t => Sum K (fun k => exp (upd s i t k)))); [apply d_sum_exp|rewrite at_place; lra]].
  - cbv beta. rewrite !upd_self, !at_place. match goal with |- @eq _ ?a ?b => change (@eq R a b) end. revert P. generalize (Sum K (fun k => exp (s k))) (exp (s i)) (exp (s j)). intros z a b P. destruct (i =? j)%nat; field; lra.
Qed.
(** The part of the loss that weights c give *)
Lemma d_weighted c : is_derive (fun t => - Sum K (fun j => c j * ln (exp (upd s i t j) / Sum K (fun k => exp (upd s i t k))))) (s i)
  (Sum K c * (exp (s i) / Sum K (fun k => exp (s k))) - c i).
Proof.
  apply h_ext with (g := fun t => Sum K c * ln (Sum K (fun k => exp (upd s i t k))) - Sum K (fun j => c j * upd s i t j)).
  - intro t. rewrite (Sum_ext K (fun j => c j * ln _) (fun j => c j * upd s i t j - c j * ln (Sum K (fun k => exp (upd s i t k))))) by (intros; rewrite ln_softmax by lia; ring).
    rewrite Sum_minus, Sum_scalr. etas. ring.
  - assert (L : is_derive (fun t => Sum K (fun j => c j * upd s i t j)) (s i) (c i)).
    { eapply d_eq; [apply (d_Sum K (fun t j => c j * upd s i t j) _ (fun j => if (i =? j)%nat then c j else 0))|].
      - intros j Hj. eapply d_eq; [apply d_mult; [apply d_const|apply d_upd]|]. cbv beta.
        match goal with |- @eq _ ?a ?b => change (@eq R a b) end. destruct (i =? j)%nat; ring.
      - now rewrite Sum_pick by lia. }
    eapply d_eq; [apply d_minus; [apply d_mult; [apply d_const|apply d_lse]|exact L]|]. cbv beta.
    match goal with |- @eq _ ?a ?b => change (@eq R a b) end. rewrite Rmult_0_l, Rplus_0_l. reflexivity.
Qed.
Lemma d_class t : is_derive (fun x => - ln (exp (upd s i x t) / Sum K (fun k => exp (upd s i x k)))) (s i)
  (exp (s i) / Sum K (fun k => exp (s k)) - (if (i =? t)%nat then 1 else 0)).
Proof.
  apply h_ext with (g := fun x => ln (Sum K (fun k => exp (upd s i x k))) - upd s i x t); [intro; rewrite ln_softmax by lia; ring|].
  apply d_minus; [apply d_lse|apply d_upd].
Qed.
(** Over a set, unweighted *)
Lemma d_over (P : nat -> bool) : is_derive (fun t => - Sum K (fun j => if P j then ln (exp (upd s i t j) / Sum K (fun k => exp (upd s i t k))) else 0)) (s i)
  (Sum K (fun j => if P j then 1 else 0) * (exp (s i) / Sum K (fun k => exp (s k))) - (if P i then 1 else 0)).
Proof.
  apply h_ext with (g := fun t => - Sum K (fun j => (if P j then 1 else 0) * ln (exp (upd s i t j) / Sum K (fun k => exp (upd s i t k))))).
  - intro t. f_equal. apply Sum_ext. intros. destruct (P j); ring.
  - apply (d_weighted (fun j => if P j then 1 else 0)).
Qed.
(** The logarithm of a set's share *)
Lemma d_share (P : nat -> bool) : (exists j, (1 <= j <= K)%nat /\ P j = true) ->
  is_derive (fun t => - ln (Sum K (fun j => if P j then exp (upd s i t j) / Sum K (fun k => exp (upd s i t k)) else 0))) (s i)
  (exp (s i) / Sum K (fun k => exp (s k)) - exp (s i) * (if P i then 1 else 0) / Sum K (fun j => if P j then exp (s j) else 0)).
Proof.
  intros [a [Ha Pa]]. assert (Q : forall v, 0 < Sum K (fun j => if P j then exp (v j) else 0)).
  { intro v. apply (Sum_pos1 K a); [easy| |rewrite Pa; apply exp_pos]. intros; destruct (P j); [left; apply exp_pos|lra]. }
  apply h_ext with (g := fun t => ln (Sum K (fun k => exp (upd s i t k))) - ln (Sum K (fun j => if P j then exp (upd s i t j) else 0))).
  - intro t. unfold Rdiv. rewrite Sum_if_scalr, ln_mult, ln_Rinv; [ring|apply sum_exp_pos; lia|apply Q|apply Rinv_0_lt_compat, sum_exp_pos; lia].
  - assert (L : is_derive (fun t => Sum K (fun j => if P j then exp (upd s i t j) else 0)) (s i) (if P i then exp (s i) else 0)).
    { eapply d_eq; [apply (d_Sum K (fun t j => if P j then exp (upd s i t j) else 0) _ (fun j => if (i =? j)%nat then (if P j then exp (s j) else 0) else 0))|].
      - intros j Hj. eapply d_eq; [apply (d_ifb (P j) (fun t => exp (upd s i t j)) (fun _ => 0)); [apply (d_exp (fun t => upd s i t j)), d_upd|apply d_const]|].
        cbv beta. rewrite upd_self. match goal with |- @eq _ ?a ?b => change (@eq R a b) end. destruct (i =? j)%nat, (P j); ring.
      - now rewrite Sum_pick by lia. }
    assert (E : Sum K (fun j => if P j then exp (upd s i (s i) j) else 0) = Sum K (fun j => if P j then exp (s j) else 0)) by (apply Sum_ext; intros; now rewrite upd_self).
    eapply d_eq; [apply d_minus; [apply d_lse|apply (d_ln (fun t => Sum K (fun j => if P j then exp (upd s i t j) else 0))); [exact L|apply Q]]|].
    cbv beta. match goal with |- @eq _ ?a ?b => change (@eq R a b) end. rewrite E. f_equal. unfold Rdiv. destruct (P i); ring.
Qed.
End Slopes.
Ltac real_eq := match goal with |- @eq _ ?a ?b => change (@eq R a b) end.
