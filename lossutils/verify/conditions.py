"""Conditions inside expressions: finding one, and what is left when it is known to hold or not to."""

from __future__ import annotations

from .expr import BINDERS, MINUS_ONE, ONE, ZERO, Expr, branches, neg

PIECED = ("abs", "max", "min", "sign", "relu", "clip", "cases", "bool")


def negation(condition: Expr) -> Expr:
    """The opposite condition."""
    a, *b = condition.args
    opposite = {"=": "!=", "!=": "=", "in": "notin", "notin": "in"}
    if condition.head in opposite:
        return Expr(opposite[condition.head], a, *b)
    return Expr("<=" if condition.head == "<" else "<", b[0], a)


def find_condition(e: Expr, bound: frozenset[str]) -> Expr | None:
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
    if e.head == "cases":
        condition = next((c for c, _ in branches(e) if c is not None), None)
        return None if condition is None else _first(condition)
    if e.head == "bool":
        return _first(e.args[0])
    return _condition_of(e) if e.head in PIECED else None


def _first(condition: Expr) -> Expr:
    return _first(condition.args[0]) if condition.head in ("and", "not") else condition


def _condition_of(e: Expr) -> Expr | None:
    a = e.args[0]
    if e.head in ("abs", "relu"):
        return Expr("<=", ZERO, a)
    if e.head == "sign":
        return Expr("=", a, ZERO)
    if e.head == "clip":
        return Expr("<=", a, e.args[1])
    if len(e.args) < 2:
        return None
    return Expr("<=", e.args[1], a) if e.head == "max" else Expr("<=", a, e.args[1])


def decide(e: Expr, condition: Expr, truth: bool) -> Expr:
    """The expression where a condition is known to hold, or not to."""
    e = e.map(lambda a: decide(a, condition, truth))
    opposite = negation(condition)
    if e is condition or e is opposite:
        return Expr("truth", truth == (e is condition))
    if e.head in ("and", "not", "bool", "cases"):
        return _with_truth(e)
    if e.head in PIECED and _condition_of(e) is condition:
        return _chosen(e, truth)
    return e


def _with_truth(e: Expr) -> Expr:
    if e.head == "not" and e.args[0].head == "truth":
        return Expr("truth", not e.args[0].args[0])
    if e.head == "and":
        if any(a == Expr("truth", False) for a in e.args):
            return Expr("truth", False)
        left = [a for a in e.args if a.head != "truth"]
        return Expr("truth", True) if not left else left[0] if len(left) == 1 else Expr("and", *left)
    if e.head == "bool" and e.args[0].head == "truth":
        return ONE if e.args[0].args[0] else ZERO
    if e.head == "cases":
        kept: list[Expr] = []
        for c, value in branches(e):
            if c is None or c == Expr("truth", True):
                return Expr("cases", *kept, value) if kept else value
            if c != Expr("truth", False):
                kept += [value, c]
        return Expr("cases", *kept)
    return e


def _chosen(e: Expr, truth: bool) -> Expr:
    a = e.args[0]
    if e.head == "abs":
        return a if truth else neg(a)
    if e.head == "relu":
        return a if truth else ZERO
    if e.head == "sign":
        return ZERO if truth else Expr("cases", ONE, Expr("<", ZERO, a), MINUS_ONE)
    if e.head == "clip":
        return e.args[1] if truth else Expr("min", a, e.args[2])
    rest = e.args[2:]
    winner = a if truth else e.args[1]
    return Expr(e.head, winner, *rest) if rest else winner
