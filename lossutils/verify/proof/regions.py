"""Functions in pieces: every way the conditions can fall, with the expression that is left in each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ..conditions import decide, find_condition, negation
from ..expr import Expr, div, neg, sub, substitute
from .algebra import TooLarge
from .normal import NoNormalForm, Normal
from .solver import Solver

MOST_REGIONS = 200


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
