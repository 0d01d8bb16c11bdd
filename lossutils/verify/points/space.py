"""The points of a problem as lists of real coordinates, to move about in; whole numbers, sets and sizes stay."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

from flint import fmpq

from ..meaning.domains import Domain, Family, Finite, Index, Scalar, Simplex, Subset
from ..meaning.problem import Problem
from ..numbers import Number, Undecided, Undefined, ball, compare
from .draw import inside
from .evaluation import Point, holds, value, whole
from .floats import Place
from .roots import place_of
from .sample import indices

Key = tuple[str, tuple[int, ...]]  # a family's component, or a letter and no index
FAILURES = (Undefined, Undecided, ZeroDivisionError, OverflowError, KeyError)


class Space:
    """What is near a point: the same letters with other real values, as far as the assumptions allow."""

    def __init__(self, problem: Problem, base: Point) -> None:
        self.problem, self.base = problem, base
        self.keys = list(self._keys())
        self.groups = self._grouped()
        self.place = place_of(base)

    def _keys(self) -> Iterator[Key]:
        """The coordinates that may be moved."""
        for name, domain in sorted(self.problem.domains.items()):
            if isinstance(domain, Scalar) and not domain.integer and name in self.base.values:
                yield name, ()
            elif (isinstance(domain, Simplex) and not domain.corner) or (
                isinstance(domain, Family) and isinstance(domain.component, Scalar) and not domain.component.integer
            ):
                yield from (k for k in sorted(self.base.families) if k[0] == name)

    def _grouped(self) -> dict[str, list[int]]:
        """The coordinates of each family."""
        found: dict[str, list[int]] = {}
        for n, (name, _) in enumerate(self.keys):
            found.setdefault(name, []).append(n)
        return found

    def start(self) -> list[float]:
        """The coordinates of the point itself."""
        return [self._of(key) for key in self.keys]

    def _of(self, key: Key) -> float:
        name, at = key
        return self.place[1][name][at] if at else self.place[0][name]

    def at(self, coordinates: list[float]) -> Place | None:
        """The place in floats; None outside of the domains. Weights of a probability vector are made to sum to 1."""
        values, families = dict(self.place[0]), {k: dict(v) for k, v in self.place[1].items()}
        for name, members in self.groups.items():
            domain = self.problem.domains[name]
            xs = [coordinates[n] for n in members]
            if isinstance(domain, Simplex):
                total = sum(xs)
                if min(xs) < 0 or not 0 < total < math.inf or (domain.inner and min(xs) == 0):
                    return None
                xs = [x / total for x in xs]
            for n, x in zip(members, xs, strict=True):
                if not math.isfinite(x):
                    return None
                at = self.keys[n][1]
                if at:
                    families[name][at] = x
                else:
                    values[name] = x
        place = values, families, self.place[2]
        return place if self._inside(place) else None

    def _inside(self, place: Place) -> bool:
        """Whether each coordinate lies in its domain, in floats."""
        for name, at in self.keys:
            domain = self.problem.domains[name]
            own = domain.component if isinstance(domain, Family) else domain
            if not isinstance(own, Scalar):
                continue
            x = place[1][name][at] if at else place[0][name]
            for end, sign, closed in ((own.low, 1, own.low_closed), (own.high, -1, own.high_closed)):
                limit = self._end(end, place)
                if limit is not None and (sign * (x - limit) < 0 or (x == limit and not closed)):
                    return False
            if own.nonzero and x == 0:
                return False
        return True

    def _end(self, end: object, place: Place) -> float | None:
        if end is None:
            return None
        point = Point({k: fmpq(*v.as_integer_ratio()) for k, v in place[0].items() if math.isfinite(v)})
        try:
            return float(ball(value(end, point)).mid())  # type: ignore[arg-type]
        except FAILURES:
            return None

    def point(self, coordinates: list[Fraction]) -> Point | None:
        """The exact point, if it satisfies every assumption."""
        values, families = dict(self.base.values), dict(self.base.families)
        for name, members in self.groups.items():
            xs = [fmpq(coordinates[n].numerator, coordinates[n].denominator) for n in members]
            if isinstance(self.problem.domains[name], Simplex):
                total = sum(xs, fmpq(0))
                if total == 0:
                    return None
                xs = [x / total for x in xs]
            for n, x in zip(members, xs, strict=True):
                at = self.keys[n][1]
                if at:
                    families[name, at] = x
                else:
                    values[name] = x
        found = replace(self.base, values=values, families=families, cache={})
        return found if allowed(self.problem, found) else None


def allowed(problem: Problem, point: Point) -> bool:
    """Whether a point certainly satisfies every assumption of a problem."""
    try:
        if not all(_fits(problem, name, domain, point) for name, domain in problem.domains.items()):
            return False
        return all(holds(c, point) for c in problem.conditions)
    except FAILURES:
        return False


def _fits(problem: Problem, name: str, domain: Domain, point: Point) -> bool:
    """Whether what stands for a letter is in its domain, with as many components as there have to be."""
    if isinstance(domain, Scalar):
        return _within(point.values[name], domain, point)
    if isinstance(domain, Finite):
        return any(compare(point.values[name], value(v, point)) == 0 for v in domain.values)
    if isinstance(domain, Index):
        return whole(point.values[name]) in indices(problem, domain, point)
    if isinstance(domain, Subset):
        chosen, length = point.sets[name], whole(value(domain.length, point))
        return 0 < len(chosen) <= length - domain.proper and all(1 <= k <= length for k in chosen)
    own = {at: x for (family, at), x in point.families.items() if family == name}
    lengths = domain.lengths if isinstance(domain, Family) else (domain.length,)
    for axis, end in enumerate(lengths):
        if end is not None and {at[axis] for at in own} != set(range(1, whole(value(end, point)) + 1)):
            return False
    if isinstance(domain, Simplex):
        positive = all(x > 0 if domain.inner else x >= 0 for x in own.values())
        return positive and sum(own.values(), fmpq(0)) == 1 and not (domain.corner and 1 not in own.values())
    return not isinstance(domain.component, Scalar) or all(_within(x, domain.component, point) for x in own.values())


def _within(x: Number, domain: Scalar, point: Point) -> bool:
    """Whether a number, a rational or a ball, lies between two ends for certain."""
    ends = [None if end is None else value(end, point) for end in (domain.low, domain.high)]
    if isinstance(x, fmpq) and all(end is None or isinstance(end, fmpq) for end in ends):
        return inside(x, domain, ends[0], ends[1]) and not (domain.integer and x.q != 1)
    low, high = ends
    return (low is None or bool(ball(x) > ball(low))) and (high is None or bool(ball(x) < ball(high)))
