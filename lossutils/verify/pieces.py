"""Functions in pieces: every way the conditions can fall, with the expression that is left in each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from .algebra import TooLarge
from .evaluate import branches
from .expr import BINDERS, MINUS_ONE, ONE, ZERO, Expr, div, neg, sub, substitute
from .normal import NoNormalForm, Normal
from .solver import Solver

MOST_REGIONS = 200
PIECED = ("abs", "max", "min", "sign", "relu", "clip", "cases", "bool")


class TooManyRegions(ArithmeticError):
    """More cases than it is worth."""


@dataclass(frozen=True)
class Region:
    """Conditions that hold, and what the expressions come to where they do."""

    expressions: tuple[Expr, ...]
    conditions: tuple[Expr, ...]


class Splitter:
    """Splits expressions on their conditions, dropping the cases that cannot occur."""

    def __init__(self, normal: Normal, solver: Solver, moving: frozenset[str] = frozenset()) -> None:
        self.normal, self.solver, self.moving, self.count = normal, solver, moving, 0

    def regions(self, expressions: tuple[Expr, ...], conditions: tuple[Expr, ...] = ()) -> Iterator[Region]:
        """All regions that are possible, as far as can be told."""
        condition = next((c for e in expressions if (c := find_condition(e, frozenset())) is not None), None)
        if condition is None:
            self.count += 1
            if self.count > MOST_REGIONS:
                raise TooManyRegions
            yield Region(expressions, conditions)
            return
        known = self.known(condition, conditions)
        for truth in (True, False) if known is None else (known,):
            held = condition if truth else negation(condition)
            if known is None and self.impossible((*conditions, held)):
                continue
            decided = tuple(decide(e, condition, truth) for e in expressions)
            if known is None and held.head == "=":
                decided, held = self.solved(decided, held)
            yield from self.regions(decided, (*conditions, held) if known is None else conditions)

    def known(self, condition: Expr, conditions: tuple[Expr, ...]) -> bool | None:
        """Whether a condition follows from nothing, or from those that hold."""
        if condition in conditions:
            return True
        if negation(condition) in conditions:
            return False
        if condition.head in ("in", "notin"):
            return None
        try:
            difference = self.normal.quotient(sub(*condition.args)).number()
        except (NoNormalForm, TooLarge, ZeroDivisionError):
            return None
        if difference is None:
            return None
        return {"=": difference == 0, "<": difference < 0, "<=": difference <= 0, "!=": difference != 0}[condition.head]

    def impossible(self, conditions: tuple[Expr, ...]) -> bool:
        return self.solver.impossible([], conditions, self.moving)

    def solved(self, expressions: tuple[Expr, ...], equation: Expr) -> tuple[tuple[Expr, ...], Expr]:
        """Put a solution of an equation that holds into the expressions, where one letter stands in it linearly."""
        found = solution(equation, self.normal)
        if found is None:
            return expressions, equation
        name, value = found
        return tuple(substitute(e, name, value) for e in expressions), equation


def solution(equation: Expr, normal: Normal) -> tuple[str, Expr] | None:
    """A letter and what it equals, from a = b, if some letter stands in it linearly with a numeric factor."""
    a, b = equation.args
    for x, y in ((a, b), (b, a)):
        if x.head == "sym" and x.args[0] not in y.free:
            return x.args[0], y
    try:
        q = normal.quotient(sub(a, b))
    except (NoNormalForm, TooLarge, ZeroDivisionError):
        return None
    if q.bottom:
        return None
    for m, c in q.top.items():
        if len(m) == 1 and m[0][1] == 1 and m[0][0].head == "sym":
            name = m[0][0].args[0]
            if sum(name in x.free for n in q.top for x, _ in n) == 1:
                rest = normal.canonical(sub(sub(a, b), div(m[0][0], Expr("num", 1 / c))))
                return name, div(neg(rest), Expr("num", c))
    return None


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
    if e.head == "cases":
        condition = next((c for c, _ in branches(e) if c is not None), None)
        return None if condition is None else _first(condition)
    if e.head == "bool":
        return _first(e.args[0])
    return _condition_of(e)


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
