"""Functions in pieces: every way the conditions can fall, with the expression that is left in each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ..conditions import decide, find_condition, negation
from ..expr import Expr, div, neg, num, sub, substitute
from .algebra import TooLarge
from .form import NoNormalForm
from .normal import NormalForm
from .solver import Solver

MOST_REGIONS = 200


class TooManyRegions(ArithmeticError):
    """More cases than it is worth."""


@dataclass(frozen=True)
class Given:
    """What holds besides the assumptions: conditions, and letters that move, of which no condition may be used."""

    conditions: tuple[Expr, ...] = ()
    moving: frozenset[str] = frozenset()

    def and_(self, *conditions: Expr) -> Given:
        """With more conditions."""
        return Given((*self.conditions, *conditions), self.moving)

    def freed(self, name: str) -> Given:
        """For all values of a letter within its domain, not only those that the conditions leave it."""
        kept = tuple(c for c in self.conditions if name not in c.free)
        return Given(kept, self.moving | {name})


ALWAYS = Given()


@dataclass(frozen=True)
class Region:
    """Conditions that hold, and what the expressions come to where they do."""

    expressions: tuple[Expr, ...]
    conditions: tuple[Expr, ...]


class Splitter:
    """Splits expressions on their conditions, dropping the cases that cannot occur.

    A condition holds or its negation does, so the regions cover every value; one is dropped only if Z3 shows that no
    value lies in it.
    """

    def __init__(self, normal: NormalForm, solver: Solver, moving: frozenset[str] = frozenset()) -> None:
        self.normal, self.solver, self.moving, self.count = normal, solver, moving, 0

    def regions(self, expressions: tuple[Expr, ...], conditions: tuple[Expr, ...] = ()) -> Iterator[Region]:
        """All regions that are possible, as far as can be told."""
        condition = next((c for e in expressions if (c := find_condition(e)) is not None), None)
        if condition is None:
            self.count += 1
            if self.count > MOST_REGIONS:
                raise TooManyRegions
            yield Region(expressions, conditions)
            return
        known = self._known(condition, conditions)
        for truth in (True, False) if known is None else (known,):
            held = condition if truth else negation(condition)
            if known is None and self.solver.impossible([], (*conditions, held), self.moving):
                continue
            decided = tuple(decide(e, condition, truth) for e in expressions)
            if known is None and held.head == "=":
                decided = self._solved(decided, held)
            yield from self.regions(decided, (*conditions, held) if known is None else conditions)

    def _known(self, condition: Expr, conditions: tuple[Expr, ...]) -> bool | None:
        """Whether a condition follows from nothing, or from those that hold."""
        if condition in conditions:
            return True
        if negation(condition) in conditions:
            return False
        try:
            if condition.head in ("in", "notin"):
                truth = self.normal.truth(condition).number()
                return None if truth is None else truth == 1
            difference = self.normal.quotient(sub(*condition.args)).number()
        except (NoNormalForm, TooLarge, ZeroDivisionError):
            return None
        if difference is None:
            return None
        return {"=": difference == 0, "<": difference < 0, "<=": difference <= 0, "!=": difference != 0}[condition.head]

    def _solved(self, expressions: tuple[Expr, ...], equation: Expr) -> tuple[Expr, ...]:
        """A solution of an equation that holds put into the expressions, if one letter stands in it linearly."""
        found = solution(equation, self.normal)
        return expressions if found is None else tuple(substitute(e, *found) for e in expressions)


def solution(equation: Expr, normal: NormalForm) -> tuple[str, Expr] | None:
    """A letter and what it equals, from a = b, if some letter stands in it linearly with a numeric factor."""
    a, b = equation.args
    for x, y in ((a, b), (b, a)):
        if x.head == "sym" and x.args[0] not in y.free:
            return x.args[0], y
    try:
        q = normal.quotient(sub(a, b))
        if q.bottom:
            return None
        for m, c in q.top.items():
            if len(m) == 1 and m[0][1] == 1 and m[0][0].head == "sym":
                name = m[0][0].args[0]
                if sum(name in x.free for n in q.top for x, _ in n) == 1:
                    rest = normal.canonical(sub(sub(a, b), div(m[0][0], num(1 / c))))
                    return name, div(neg(rest), num(c))
    except (NoNormalForm, TooLarge, ZeroDivisionError):
        return None
    return None
