(** * The words of the statements

    Every statement that is generated from a formula of the book uses these definitions and those of Coq and Coquelicot.
    To trust a statement, read this file: nothing else in the folder can change what a statement says. *)
From Coq Require Export Reals Lra Psatz Lia Arith ZArith Bool.
From Coquelicot Require Export Coquelicot.
Open Scope R_scope.

(** Sums and products over 1..n *)
Fixpoint Sum (n : nat) (f : nat -> R) : R :=
  match n with O => 0 | S k => Sum k f + f (S k) end.
Fixpoint Prod (n : nat) (f : nat -> R) : R :=
  match n with O => 1 | S k => Prod k f * f (S k) end.

(** The largest and the smallest of f 1, ..., f n among the indices that [among] admits.
    Where it admits none the value is 0; every statement demands beside it that there is one. *)
Fixpoint some (n : nat) (among : nat -> bool) : bool :=
  match n with O => false | S k => some k among || among (S k) end.
Fixpoint Largest (n : nat) (among : nat -> bool) (f : nat -> R) : R :=
  match n with
  | O => 0
  | S k => if among (S k) then if some k among then Rmax (Largest k among f) (f (S k)) else f (S k)
           else Largest k among f
  end.
Definition Smallest (n : nat) (among : nat -> bool) (f : nat -> R) : R := - Largest n among (fun j => - f j).

(** Functions *)
Definition sigmoid (x : R) : R := / (1 + exp (- x)).
Definition softplus (x : R) : R := ln (1 + exp x).
Definition sgn (x : R) : R := if Rlt_dec 0 x then 1 else if Rlt_dec x 0 then -1 else 0.
Definition erf (x : R) : R := 2 / sqrt PI * RInt (fun t => exp (- t ^ 2)) 0 x.
(** The convention 0 log 0 = 0: q log x, and 0 where q is 0 whatever x is *)
Definition times_log (q x : R) : R := if Req_EM_T q 0 then 0 else q * ln x.

(** A family with one of its components replaced: what a partial derivative varies *)
Definition upd (s : nat -> R) (i : nat) (x : R) : nat -> R := fun j => if Nat.eqb i j then x else s j.
Definition upd2 (s : nat -> nat -> R) (i k : nat) (x : R) : nat -> nat -> R :=
  fun j l => if andb (Nat.eqb i j) (Nat.eqb k l) then x else s j l.

(** The minimiser of f over D: it lies in D, and f is larger everywhere else in D *)
Definition is_argmin (D : R -> Prop) (f : R -> R) (r : R) : Prop := D r /\ forall x, D x -> x <> r -> f r < f x.
Definition is_argmax (D : R -> Prop) (f : R -> R) (r : R) : Prop := D r /\ forall x, D x -> x <> r -> f x < f r.
(** The least and the greatest value of f over D: it is taken, and bounds all others *)
Definition is_least (D : R -> Prop) (f : R -> R) (m : R) : Prop := (exists x, D x /\ f x = m) /\ forall x, D x -> m <= f x.
Definition is_greatest (D : R -> Prop) (f : R -> R) (m : R) : Prop :=
  (exists x, D x /\ f x = m) /\ forall x, D x -> f x <= m.
