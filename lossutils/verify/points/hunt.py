"""A hunt for a point at which a relation fails: ends and far points, zeros of every part, and descent in floats.

Floats only say where to look. What is found there is looked at in balls, and only that counts.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import islice, pairwise

from flint import fmpq

from ..expr import OVER_INDEX, Expr, sub
from ..meaning.domains import Family, Scalar
from ..meaning.problem import Problem
from ..numbers import Number, ball
from .compare import MOST_EFFORT, Outcome, agree, at_point, effort
from .evaluation import Point
from .floats import NotInFloats, Place, in_floats
from .landmarks import landmarks
from .places import EXPONENTS, ends, far, moves, starts
from .roots import rational, roots, vanishes, vanishing
from .sample import Sampler
from .space import Space, allowed

STARTS, STEPS = 10, 200  # of a descent
EVALUATIONS = 20_000  # of the sides, in floats; fewer where there are many coordinates
NEAR = 1e-7  # of the sides' size: nearer than this they touch, as far as floats tell
LARGER = (7, 12, 40, 150, 1000, 20_000)  # sizes that no ordinary point has
NESTED = (7, 12, 25, 60, 300)  # where sums stand in sums
MOST_COMPONENTS = 20_000
MOST_SIZE = 300  # that a zero of a part may ask for
WHOLE = 150  # up to which all whole numbers are tried
SEEN = 4  # points at which each letter is taken to its ends


@dataclass
class Hunted:
    """What a hunt found: a point at which the relation fails or a side has no value; else how near the sides came."""

    point: Point | None = None
    outcome: Outcome | None = None
    gap: float = math.inf  # the least found, relative to the sides' size
    nearest: Point | None = None
    ends: int = 0
    zeros: int = 0
    starts: int = 0
    largest: int = 0
    turning: bool = False  # whether an equation among the conditions nearly holds somewhere, and perhaps does

    @property
    def touches(self) -> bool:
        """Whether the sides came so near that floats do not tell them apart."""
        return self.gap < NEAR

    def tried(self) -> str:
        """What was done, in words."""
        said = [f"{self.ends} far and end points"] if self.ends else []
        said += [f"{self.zeros} zeros of parts"] if self.zeros else []
        said += [f"{self.starts} descents"] if self.starts else []
        said += [f"sizes up to {self.largest}"] if self.largest else []
        return ", ".join(said)


class Hunt:
    """One relation, attacked."""

    def __init__(
        self, problem: Problem, a: Expr, relation: str, b: Expr, points: list[Point], evaluations: int = EVALUATIONS
    ) -> None:
        self.problem, self.a, self.relation, self.b = problem, a, relation, b
        self.points, self.found = points, Hunted()
        self.left, self.effort = evaluations, MOST_EFFORT
        self.sampler = Sampler(problem)
        self.sizes = self.sampler.sizes  # to change one is to draw anew all that has it

    def run(self) -> Hunted:
        """All of it, until something is found."""
        for step in (self._far_out, self._zeros, self._sizes, self._descents):
            step()
            if self.found.point is not None:
                break
        return self.found

    def _look(self, point: Point | None) -> bool:
        """Whether the relation fails, or has no value, at a point."""
        if point is None or self.found.point is not None or not allowed(self.problem, point):
            return False
        own = effort(self.a, point) + effort(self.b, point)
        if own > self.effort:
            return False
        self.effort -= own
        outcome = at_point(self.a, self.relation, self.b, point)
        if outcome.kind in ("fails", "undefined"):
            self.found.point, self.found.outcome = point, outcome
            return True
        if outcome.kind == "unclear" and outcome.right is not None and agree(outcome.left, outcome.right):
            self.found.gap, self.found.nearest = 0.0, point  # equal, as far as balls tell
        return False

    # Far out, and at the ends

    def _far_out(self) -> None:
        """Each letter near the ends of its domain, and far out, the others as they are at some points."""
        for point in self.points[:SEEN]:
            for name, domain in sorted(self.problem.domains.items()):
                if isinstance(domain, Scalar) and name in point.values and name not in self.sizes:
                    for x in far(domain):
                        self.found.ends += 1
                        if self._look(replace(point, values={**point.values, name: x}, cache={})):
                            return
                    whole = range(-WHOLE, WHOLE + 1) if domain.integer and point is self.points[0] else ()
                    for x in (*map(fmpq, whole), *self._beside(name, point)):
                        self.found.ends += 1
                        if self._look(replace(point, values={**point.values, name: x}, cache={})):
                            return
                elif isinstance(domain, Family) and isinstance(domain.component, Scalar):
                    for x in islice(far(domain.component), 24):
                        key = next((k for k in sorted(point.families) if k[0] == name), None)
                        self.found.ends += 1
                        if key and self._look(replace(point, families={**point.families, key: x}, cache={})):
                            return

    def _beside(self, name: str, point: Point) -> Iterator[Number]:
        """Next to what other letters are, near and nearer."""
        for other in sorted(point.values):
            if other != name and isinstance(self.problem.domains.get(other), Scalar):
                for k in (0, *EXPONENTS[::2]):
                    if k <= 320:
                        yield point.values[other] + fmpq(1) / fmpq(10) ** k
                yield point.values[other]

    # Zeros of parts

    def _zeros(self) -> None:
        """Where something vanishes that is divided by, of which a logarithm is taken, or on which a condition turns."""
        for point in self.points[:2]:
            places: dict[str, set[Fraction]] = {}
            turns = {sub(*c.args) for side in (self.a, self.b) for c in side.walk() if c.head == "=" and c.free}
            self.found.turning |= len(turns) > 1  # where several hold together, no point may have been found
            for e in landmarks(self.problem, self.a, self.b):
                for name in sorted(e.free):
                    for there in self._at_zeros(e, name, point):
                        self.found.zeros += 1
                        if self._look(there):
                            return
                        if e in turns and not vanishes(e, there):
                            self.found.turning = True
                        places.setdefault(name, set()).add(Fraction(float(ball(there.values[name]).mid())))
                    if self.found.zeros > 200:
                        return
            for name, xs in places.items():  # between two that are neighbours
                if name in self.sizes:
                    continue
                for x, y in pairwise(sorted(xs)):
                    if self._look(replace(point, values={**point.values, name: rational((x + y) / 2)}, cache={})):
                        return
            self._all_zeros(point)

    def _at_zeros(self, e: Expr, name: str, point: Point) -> Iterator[Point]:
        domain = self.problem.domains.get(name)
        if not isinstance(domain, Scalar) or name not in point.values:
            return
        for x, exact in roots(e, name, *ends(domain), point):
            near = round(float(ball(x).mid())) if domain.integer else 0
            if name in self.sizes:  # all that has this size is drawn anew
                drawn = (self.sampler.with_size(near + d, 0) for d in (0, 1, -1) if 0 < near + d <= MOST_SIZE)
                yield from (p for p in drawn if p is not None)
            elif domain.integer:  # the whole numbers beside it
                yield from (replace(point, values={**point.values, name: fmpq(near + d)}, cache={}) for d in (0, 1, -1))
            else:
                yield vanishing(e, name, x, exact, point)

    def _all_zeros(self, point: Point) -> None:
        """As many parts as possible at zero together: each letter in turn at a zero of a part that holds it."""
        for first in range(3):
            there = point
            for name in sorted(self.problem.domains):
                parts = [e for e in landmarks(self.problem, self.a, self.b) if name in e.free]
                found = [p for e in parts for p in islice(self._at_zeros(e, name, there), 2)]
                if found:
                    there = found[first % len(found)]
            if there is not point:
                self.found.zeros += 1
                if self._look(there):
                    return

    # Descent

    def _descents(self) -> None:
        """From many starts, small and large, downhill to where the gap between the sides is least."""
        try:
            gap = self._gap(in_floats(self.a), in_floats(self.b))
        except NotInFloats:
            return
        for base in self._bases():
            space = Space(self.problem, base)
            if not space.keys:
                continue
            for start in starts(space):
                if self.left <= 0:
                    return
                self.found.starts += 1
                if self._descent(space, gap, start):
                    return

    def _bases(self) -> Iterator[Point]:
        """Ordinary points, and some with larger sizes."""
        seen: set[tuple[tuple[str, str], ...]] = set()
        discrete = {n for n, d in self.problem.domains.items() if not (isinstance(d, Scalar) and not d.integer)}
        for point in self.points:
            key = tuple((n, str(v)) for n, v in sorted(point.values.items()) if n in discrete)
            if key not in seen and len(seen) < STARTS:
                seen.add(key)
                yield point
                if self.relation == "=" and len(seen) == 3:
                    break
        if self.sizes and (large := self.sampler.with_size(LARGER[0], 0)) is not None:
            yield large

    def _sizes(self) -> None:
        """Larger sizes than any ordinary point has, numbers drawn in several ways, all alike among them."""
        if not self.sizes:
            return
        nested = any(_nested(e) for e in (self.a, self.b))
        for size in NESTED if nested else LARGER:
            for n in range(6) if size < 100 else (2,):  # the third way has ties
                large = self.sampler.with_size(size, n)
                if large is not None and len(large.families) <= MOST_COMPONENTS:
                    self.found.largest = max(self.found.largest, size)
                    if self._look(large):
                        return

    def _gap(self, f: Callable[[Place], float], g: Callable[[Place], float]) -> Callable[[Place | None], float]:
        """How far the relation is from failing, relative to the sides' size; NaN where that is unknown."""

        def gap(place: Place | None) -> float:
            if place is None:
                return math.nan
            x, y = f(place), g(place)
            if math.isinf(x) or math.isinf(y):
                return math.nan if x == y or self.relation in ("=", "!=") else math.copysign(1.0, y - x)
            size = abs(x) + abs(y) if x and y else 1.0  # where one is 0, all depends on the other alone
            difference = (y - x) / size
            return {"=": -abs(difference), "!=": abs(difference)}.get(self.relation, difference)

        return gap

    def _descent(self, space: Space, gap: Callable[[Place | None], float], xs: list[float]) -> bool:
        """Pattern search; whatever looks like a failure is looked at in balls. True once a point has been found."""
        best, step, count = gap(space.at(xs)), 1.0, 0
        if math.isnan(best):
            return False
        threshold = -1e-9 if self.relation == "=" else -1e-14  # what floats may lose of an equation that holds
        most = STEPS * min(12, max(1, len(xs))) // (4 if self.relation == "=" else 1)
        while step > 1e-10 and count < most:
            better = False
            for moved in moves(xs, step, space):
                count += 1
                self.left -= 1 + len(xs) // 10
                new = gap(space.at(moved))
                if new < best:
                    xs, best, better = moved, new, True
                    break
            if best < threshold:
                if self._verified(space, xs):
                    return True
                threshold = 2 * best
            step = min(step * 1.6, 1e3) if better else step / 4
        if best < self.found.gap:
            self.found.gap = best
            self.found.nearest = space.point([Fraction(x) for x in xs])
        return best < (threshold if self.relation == "=" else NEAR) and self._verified(space, xs)

    def _verified(self, space: Space, xs: list[float]) -> bool:
        """Whether the relation fails there for certain: at simple numbers close by, or at the floats themselves."""
        for most in (1, 2, 12, 1000, 10**7, None):
            simple = [Fraction(x) if most is None else Fraction(x).limit_denominator(most) for x in xs]
            if self._look(space.point(simple)):
                return True
        return False


def _nested(e: Expr) -> bool:
    """Whether a sum or an extremum stands in another."""
    return any(p is not q for p in e.walk() if p.head in OVER_INDEX for q in p.walk() if q.head in OVER_INDEX)
