"""A look in floats at what is about to be tried: what fails at some place cannot be proved, and is not worth trying.

Nothing is believed on this account; it only saves attempts that would come to nothing.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable

from ..expr import Expr, sub
from ..meaning.problem import Problem
from ..numbers import sign
from ..points.evaluation import Point, value
from ..points.floats import NotInFloats, Place, in_floats
from ..points.roots import place_of
from ..points.sample import Sampler

PLACES = 36
TOLERANCE = 1e-7


class Guard:
    """Some places that satisfy the assumptions of a problem."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self._places: list[tuple[Point, Place]] | None = None
        self.functions: dict[Expr, Callable[[Place], float] | None] = {}

    def plausible(self, e: Expr, conditions: Iterable[Expr] = ()) -> bool:
        """Whether e >= 0 at all places at which some conditions hold, as far as floats tell."""
        function = self._function(e)
        if function is None:
            return True
        tests = [self._function(_excess(c)) for c in conditions if c.head in ("<", "<=")]
        if any(c.head not in ("<", "<=") for c in conditions) or None in tests:
            return True
        for point, place in self._at():
            if all(test is not None and test(place) < -TOLERANCE for test in tests):
                found = function(place)
                if found < -TOLERANCE and math.isfinite(found) and _negative(e, point):
                    return False
        return True

    def _at(self) -> list[tuple[Point, Place]]:
        if self._places is None:
            try:
                self._places = [(p, place_of(p)) for p in Sampler(self.problem).points(PLACES)]
            except (ArithmeticError, KeyError):
                self._places = []
        return self._places

    def _function(self, e: Expr) -> Callable[[Place], float] | None:
        if e not in self.functions:
            try:
                self.functions[e] = in_floats(e)
            except (NotInFloats, RecursionError, SyntaxError, MemoryError):
                self.functions[e] = None
        return self.functions[e]


def _negative(e: Expr, point: Point) -> bool:
    """Whether balls say the same: floats may have cancelled."""
    try:
        return sign(value(e, point.fresh())) == -1
    except (ArithmeticError, KeyError, TypeError, ValueError):
        return False


def _excess(condition: Expr) -> Expr:
    """The left side less the right: negative where a < b holds."""
    return sub(*condition.args)
