"""Conditions inside expressions: finding one, and what is left when it is known to hold or not to."""

from __future__ import annotations

from collections.abc import Callable

from .expr import BINDERS, MINUS_ONE, ONE, ZERO, ByHead, Expr, branches, neg

PIECED = ("abs", "max", "min", "sign", "cases", "bool")
TRUE, FALSE = Expr("truth", True), Expr("truth", False)


def negation(condition: Expr) -> Expr:
    """The opposite condition."""
    opposite = {"=": "!=", "!=": "=", "in": "notin", "notin": "in"}
    if condition.head in opposite:
        return Expr(opposite[condition.head], *condition.args)
    if condition.head == "not":
        return condition.args[0]  # type: ignore[no-any-return]
    if condition.head == "and":
        return Expr("not", condition)
    a, b = condition.args
    return Expr("<=" if condition.head == "<" else "<", b, a)


def find_condition(e: Expr, bound: frozenset[str] = frozenset()) -> Expr | None:
    """The innermost condition that an expression depends on, outside of sums' own letters."""
    if e.head in BINDERS:
        bound = bound | {e.args[BINDERS[e.head]].args[0]}
    for child in e.children:
        if (found := find_condition(child, bound)) is not None:
            return found
    if e.head not in PIECED or e.free & bound:
        return None
    return condition_of(e)


def condition_of(e: Expr) -> Expr | None:
    """The first condition that an expression's own head depends on."""
    own = _CONDITION.get(e)
    return None if own is None else own(e)


_CONDITION: ByHead[Callable[[Expr], Expr | None]] = ByHead()


@_CONDITION("cases")
def _of_cases(e: Expr) -> Expr | None:
    condition = next((c for c, _ in branches(e) if c is not None), None)
    return None if condition is None else _first(condition)


@_CONDITION("bool")
def _of_bool(e: Expr) -> Expr:
    return _first(e.args[0])


@_CONDITION("abs")
def _of_abs(e: Expr) -> Expr:
    return Expr("<=", ZERO, e.args[0])


@_CONDITION("sign")
def _of_sign(e: Expr) -> Expr:
    return Expr("=", e.args[0], ZERO)


@_CONDITION("max", "min")
def _of_extreme(e: Expr) -> Expr | None:
    if len(e.args) < 2:
        return None
    a, b = e.args[:2]
    return Expr("<=", b, a) if e.head == "max" else Expr("<=", a, b)


def _first(condition: Expr) -> Expr:
    return _first(condition.args[0]) if condition.head in ("and", "not") else condition


def decide(e: Expr, condition: Expr, truth: bool) -> Expr:
    """The expression where a condition is known to hold, or not to."""
    e = e.map(lambda a: decide(a, condition, truth))
    if e is condition or e is negation(condition):
        return Expr("truth", truth == (e is condition))
    known = _WITH_TRUTH.get(e)
    if known is not None:
        return known(e)
    if e.head in PIECED and condition_of(e) is condition:
        return _chosen(e, truth)
    return e


_WITH_TRUTH: ByHead[Callable[[Expr], Expr]] = ByHead()  # what is left once a part of it is true or false


@_WITH_TRUTH("not")
def _not(e: Expr) -> Expr:
    return Expr("truth", not e.args[0].args[0]) if e.args[0].head == "truth" else e


@_WITH_TRUTH("and")
def _and(e: Expr) -> Expr:
    if FALSE in e.args:
        return FALSE
    left = [a for a in e.args if a is not TRUE]
    return TRUE if not left else left[0] if len(left) == 1 else Expr("and", *left)


@_WITH_TRUTH("bool")
def _bool(e: Expr) -> Expr:
    return {TRUE: ONE, FALSE: ZERO}.get(e.args[0], e)


@_WITH_TRUTH("cases")
def _cases(e: Expr) -> Expr:
    kept: list[Expr] = []
    for c, value in branches(e):
        if c is None or c is TRUE:
            return Expr("cases", *kept, value) if kept else value
        if c is not FALSE:
            kept += [value, c]
    return Expr("cases", *kept)


def _chosen(e: Expr, truth: bool) -> Expr:
    """The piece of |a|, sign a, max or min where its first condition is known."""
    a: Expr = e.args[0]
    if e.head == "abs":
        return a if truth else neg(a)
    if e.head == "sign":
        return ZERO if truth else Expr("cases", ONE, Expr("<", ZERO, a), MINUS_ONE)
    winner: Expr = a if truth else e.args[1]
    rest = e.args[2:]
    return Expr(e.head, winner, *rest) if rest else winner
