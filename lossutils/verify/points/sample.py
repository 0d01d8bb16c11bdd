"""Exact points that satisfy every assumption and reach the hard places: ties, ends of domains, the huge, the tiny."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from flint import fmpq

from ..meaning.domains import Domain, Family, Finite, Index, Scalar, Simplex, Subset
from ..meaning.problem import Problem
from ..numbers import Undecided, Undefined, ball, single_whole
from .draw import MODES, Draw, Mode, candidate, inside, simplex
from .evaluation import Point, holds, value, whole
from .landmarks import landmarks, root

SIZES = (2, 3, 1, 4, 2, 5, 3)  # of the things that sums run over
ATTEMPTS = 60  # for each point wanted


def indices(problem: Problem, domain: Index, point: Point) -> list[int]:
    """What an index may be at a point."""
    if domain.within:
        return sorted(point.sets[domain.within])
    if domain.outside:
        inside = point.sets[domain.outside]
        all_ = problem.domains[domain.outside]
        assert isinstance(all_, Subset)
        found = [k for k in range(1, whole(value(all_.length, point)) + 1) if k not in inside]
    else:
        assert domain.high is not None
        found = list(range(whole(value(domain.low, point)), whole(value(domain.high, point)) + 1))
    if not found:
        raise Undefined("no index is left")
    return found


class Sampler:
    """Points of a problem, the n-th always the same."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.order = self._order()
        self.sizes = self._sizes()
        self.first = min(self.sizes, default="")
        self.hard = landmarks(problem)
        self.wanted_size: int | None = None

    def _order(self) -> list[str]:
        """Letters after those that their domains speak of."""
        domains, order = self.problem.domains, []

        def visit(name: str, above: tuple[str, ...]) -> None:
            if name in above:
                raise Undefined(f"the domains of {', '.join(above)} go in a circle")
            if name not in order and name in domains:
                for other in sorted(mentions(domains[name])):
                    visit(other, (*above, name))
                order.append(name)

        for name in sorted(domains):
            visit(name, ())
        return order

    def _sizes(self) -> set[str]:
        """Letters that bound sums or say how long families are: kept small."""
        found: set[str] = set()
        for domain in self.problem.domains.values():
            found |= mentions(domain) if isinstance(domain, Family | Simplex | Subset | Index) else set()
        for side in [*self.problem.sides, *self.problem.conditions]:
            for part in side.walk():
                if part.head == "range":
                    found |= set(part.args[0].free | part.args[1].free)
        return found

    def points(self, count: int) -> Iterator[Point]:
        """Up to `count` points that satisfy all assumptions."""
        found = 0
        for n in range(count * ATTEMPTS):
            try:
                point = self.point(n)
            except (Undefined, Undecided):
                continue
            if point is not None:
                yield point
                found += 1
                if found == count:
                    return

    def point(self, n: int) -> Point | None:
        """The n-th candidate; None if it violates an assumption."""
        draw, mode = Draw(n), MODES[n % len(MODES)]
        point = Point({}, conventions=self.problem.conventions)
        seen: list[fmpq] = []
        combination = n
        for name in self.order:
            domain = self.problem.domains[name]
            if isinstance(domain, Finite):  # all combinations of finite sets in turn
                combination, which = divmod(combination, len(domain.values))
                point.values[name] = value(domain.values[which], point)
            elif name in self.sizes and isinstance(domain, Scalar):
                point.values[name] = self._size(name, domain, n, point)
            elif n % 3 != 2 or not self._at_hard(name, domain, n // 3, point):
                self._place(name, domain, draw, mode, seen, point)
        point.beyond = lambda family, at: self.beyond(family, at, n)
        if all(holds(c, point) for c in self.problem.conditions):
            point.beyond = None
            return point
        return None

    def with_size(self, size: int, n: int) -> Point | None:
        """A point whose sizes are as near to a number as their domains allow; None if there is none."""
        self.wanted_size = size
        try:
            return self.point(n)
        except (Undefined, Undecided):
            return None
        finally:
            self.wanted_size = None

    def _at_hard(self, name: str, domain: Domain, turn: int, point: Point) -> bool:
        """Place a letter where something in the formula vanishes, or near, or as far out as its constants are."""
        if not isinstance(domain, Scalar) or domain.integer:
            return False
        roots = {x for e in self.hard if name in e.free and (x := root(e, name, point)) is not None}
        if not roots:
            return False
        low, high = self._ends(domain, point)
        found = sorted(roots)
        found += [(a + b) / 2 for a, b in pairwise(found)]
        small, tiny = fmpq(1, 10**9), fmpq(1, 10**40)
        found += [x + d for d in (small, -small, tiny, -tiny, fmpq(1), fmpq(-1)) for x in sorted(roots)]
        found = [x for x in found if inside(x, domain, low, high)]
        if found:
            point.values[name] = found[turn % len(found)]
        return bool(found)

    def _size(self, name: str, domain: Scalar, n: int, point: Point) -> fmpq:
        """A small size; two letters' sizes are often different, and sometimes the same."""
        low, high = self._ends(domain, point)
        least = 1 if low is None else int(low.ceil())
        at = n if name == self.first else n // len(SIZES) + n * (3 + sum(map(ord, name)) % 3) + sum(map(ord, name))
        size = least + (SIZES[at % len(SIZES)] - 1) % 5
        if self.wanted_size is not None:
            size = max(least, self.wanted_size)
        return fmpq(size if high is None else min(size, int(high.floor())))

    def _place(self, name: str, domain: Domain, draw: Draw, mode: Mode, seen: list[fmpq], point: Point) -> None:
        if isinstance(domain, Scalar):
            point.values[name] = self._number(domain, draw, mode, seen, point)
        elif isinstance(domain, Subset):
            point.sets[name] = self._subset(domain, draw, point)
        elif isinstance(domain, Index):
            point.values[name] = fmpq(draw.choose(indices(self.problem, domain, point)))
        elif isinstance(domain, Simplex):
            length = whole(value(domain.length, point))
            for k, p in enumerate(simplex(length, domain, draw, mode)):
                point.families[name, (k + 1,)] = p
        elif isinstance(domain, Family):
            for at in _grid(self._axes(name, domain, point)):
                point.families[name, at] = self._number(domain.component, draw, mode, seen, point)

    def _axes(self, name: str, domain: Family, point: Point) -> list[range]:
        """The indices of each axis: 1 to its length, or as far as any size in sight where no length is known."""
        parts = [p for s in self.problem.sides for p in s.walk() if p.head == "idx" and p.args[0] == name]
        rank = max([len(p.args) - 1 for p in parts] + [len(domain.lengths), 1])
        lengths = [*domain.lengths, *[None] * (rank - len(domain.lengths))]
        furthest = max([int(point.values[s].p) for s in self.sizes if isinstance(point.values.get(s), fmpq)] + [2])
        return [range(1, whole(value(n, point)) + 1) if n is not None else range(furthest + 2) for n in lengths]

    def _subset(self, domain: Subset, draw: Draw, point: Point) -> frozenset[int]:
        length = whole(value(domain.length, point))
        most = length - 1 if domain.proper else length
        if most < 1:
            raise Undefined("no such set")
        items = list(range(1, length + 1))
        size = draw.between(1, most)
        return frozenset(items.pop(draw.below(len(items))) for _ in range(size))

    def _ends(self, domain: Scalar, point: Point) -> tuple[fmpq | None, fmpq | None]:
        ends = []
        for end in (domain.low, domain.high):
            found = None if end is None else value(end, point)
            if found is not None and not isinstance(found, fmpq):  # an irrational end, such as pi: the next inside
                scaled = ball(found) * fmpq(10) ** 30
                inside = scaled.upper().ceil() if end is domain.low else scaled.lower().floor()
                found = fmpq(single_whole(inside), 10**30)
            ends.append(found)
        return ends[0], ends[1]

    def _number(self, domain: Scalar | Finite, draw: Draw, mode: Mode, seen: list[fmpq], point: Point) -> fmpq:
        if isinstance(domain, Finite):
            chosen: fmpq = value(draw.choose(domain.values), point)
            return chosen
        low, high = self._ends(domain, point)
        for _ in range(30):
            x = candidate(domain, low, high, draw, mode, seen)
            if inside(x, domain, low, high):
                if x != 0:
                    seen.append(x)
                return x
        raise Undefined("no number found in the domain")

    def beyond(self, family: str, at: tuple[int, ...], n: int) -> fmpq:
        """A component outside the family's range, for variants that reach there."""
        domain = self.problem.domains.get(family)
        draw = Draw(n, family, at)
        component = domain.component if isinstance(domain, Family) else Scalar(low=None)
        return self._number(component, draw, MODES[0], [], Point({}))


def _grid(axes: list[range]) -> Iterator[tuple[int, ...]]:
    if not axes:
        yield ()
        return
    for head in axes[0]:
        for tail in _grid(axes[1:]):
            yield (head, *tail)


def mentions(domain: Domain) -> set[str]:
    """Letters that a domain speaks of."""
    if isinstance(domain, Index):
        found = set(domain.low.free) | (set(domain.high.free) if domain.high is not None else set())
        return found | {n for n in (domain.within, domain.outside) if n}
    if isinstance(domain, Simplex | Subset):
        return set(domain.length.free)
    if isinstance(domain, Family):
        own = {n for size in domain.lengths if size is not None for n in size.free}
        return own | mentions(domain.component)
    if isinstance(domain, Scalar):
        return {n for e in (domain.low, domain.high) if e is not None for n in e.free}
    return set()
