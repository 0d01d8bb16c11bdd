"""A look at some places before anything is tried: what fails there cannot be proved, what occurs there is possible.

Nothing is believed on this account. It saves attempts that would come to nothing.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

from ..expr import Expr, sub
from ..meaning.problem import Problem
from ..numbers import sign
from ..points.evaluation import Point, holds, value
from ..points.floats import NotInFloats, Place, in_floats
from ..points.roots import place_of
from ..points.sample import Sampler

PLACES = 36
SMALL = 1e-7  # what is nearer to zero than this is left to balls
FAILURES = (ArithmeticError, KeyError, TypeError, ValueError)


class Guard:
    """Some places that satisfy the assumptions of a problem, and what is found there, each thing once."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self._places: list[tuple[Point, Place]] | None = None
        self.negative: dict[Expr, int] = {}  # at which places an expression is negative, as bits
        self.held: dict[Expr, int] = {}  # at which places a condition holds

    def plausible(self, e: Expr, conditions: Iterable[Expr] = ()) -> bool:
        """Whether no place is known at which some conditions hold and e < 0."""
        where = self._where(conditions)
        return not where or not where & self._negative(e)

    def possible(self, conditions: Iterable[Expr]) -> bool:
        """Whether a place is known at which all of some conditions hold."""
        return bool(self._where(conditions))

    def _where(self, conditions: Iterable[Expr]) -> int:
        where = (1 << len(self._at())) - 1
        for c in conditions:
            where &= self._held(c) if where else 0
        return where

    def _held(self, condition: Expr) -> int:
        if condition not in self.held:
            self.held[condition] = self._bits(condition, _holds)
        return self.held[condition]

    def _negative(self, e: Expr) -> int:
        if e not in self.negative:
            self.negative[e] = self._bits(e, _is_negative)
        return self.negative[e]

    def _bits(self, e: Expr, test: object) -> int:
        assert callable(test)
        try:
            function = in_floats(sub(*e.args) if e.head in ("<", "<=") else e)
        except (NotInFloats, RecursionError, SyntaxError, MemoryError):
            function = None
        places = enumerate(self._at())
        return sum(1 << k for k, (point, place) in places if test(e, point, function and function(place)))

    def _at(self) -> list[tuple[Point, Place]]:
        if self._places is None:
            try:
                self._places = [(p, place_of(p)) for p in Sampler(self.problem).points(PLACES)]
            except FAILURES:
                self._places = []
        return self._places


def _holds(condition: Expr, point: Point, x: float | None) -> bool:
    """Whether a condition certainly holds; x is the left side less the right in floats, if they were computed."""
    if x is not None and condition.head in ("<", "<=") and math.isfinite(x) and abs(x) > SMALL:
        return x < 0
    try:
        return holds(condition, point.fresh()) is True
    except FAILURES:
        return False


def _is_negative(e: Expr, point: Point, x: float | None) -> bool:
    """Whether an expression is certainly negative; floats, which may have cancelled, only say where to look."""
    if x is None or not math.isfinite(x) or x >= -SMALL:
        return False
    try:
        return sign(value(e, point.fresh())) == -1
    except FAILURES:
        return False
