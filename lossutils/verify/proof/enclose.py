"""Inequalities by interval arithmetic over a whole domain: boxes are split until each is decided.

What is evaluated is the expression itself, as it stands, never its normal form. Ends of intervals are computed outward,
so what is shown is shown. The expression has to be known to have a value everywhere: a box says nothing of that.
"""

from __future__ import annotations

from fractions import Fraction

from flint import arb, fmpq

from ..conditions import PIECED
from ..differentiate import Differentiator, NoDerivative
from ..expr import Expr, num, substitute, sym
from ..functions import INFINITE
from ..meaning.domains import Scalar
from ..numbers import Interval, interval, use_precision
from ..points.evaluation import Point, holds, value
from ..points.minima import FAILURES, halves, start
from .far import far_out
from .order import Order
from .regions import TooManyRegions
from .signs import NO_FORM

MOST_BOXES = 3000
MOST_LETTERS = 3
Box = dict[str, Interval]


class Enclosure:
    """Shows e > 0 or e >= 0 over the domains of up to three letters, in every region that its pieces make."""

    def __init__(self, order: Order) -> None:
        self.order, self.problem = order, order.problem
        self.slopes: dict[Expr, Expr | None] = {}

    def holds(self, e: Expr, strict: bool) -> bool:
        """Whether it is shown; e has to be without derivatives, and known to have a value everywhere."""
        names = sorted(n for n in e.free if "·" not in n)
        ranges = [self._range(n) for n in names]
        ends = [r for r in ranges if r is not None]
        if not names or len(names) > MOST_LETTERS or len(ends) < len(names) or self.problem.conditions:
            return False
        use_precision(96)
        boxes = [dict(zip(names, xs, strict=True)) for xs in _product([list(start(*r)) for r in ends])]
        try:
            regions = list(self.order.splitter().regions((e,)))
            return all(self._region(r.expressions[0], r.conditions, list(boxes), strict) for r in regions)
        except (*NO_FORM, TooManyRegions):
            return False

    def _range(self, name: str) -> tuple[arb, arb] | None:
        domain = self.problem.domains.get(name)
        if not isinstance(domain, Scalar) or domain.integer or domain.nonzero:
            return None
        ends = []
        for end, infinite in ((domain.low, INFINITE[1]), (domain.high, INFINITE[0])):
            if end is not None and end.head != "num":
                return None
            ends.append(infinite if end is None else arb(fmpq(end.args[0].numerator, end.args[0].denominator)))
        return ends[0], ends[1]

    def _region(self, e: Expr, conditions: tuple[Expr, ...], queue: list[Box], strict: bool) -> bool:
        names = sorted(queue[0])
        zeros = self._zeros(e, names[0]) if len(names) == 1 and not strict and _smooth(e) else []
        count = len(queue)
        while queue:
            box = queue.pop()
            if self._outside(conditions, box) or self._positive(e, box, strict) or self._touches(zeros, box):
                continue
            widest = max(names, key=lambda n: _size(box[n]))
            count += 2
            if count > MOST_BOXES or _size(box[widest]) < 1e-7:
                return False
            queue += [{**box, widest: half} for half in halves(box[widest])]
        return True

    def _outside(self, conditions: tuple[Expr, ...], box: Box) -> bool:
        """Whether no point of a box lies in the region."""
        try:
            return any(holds(c, Point(dict(box), over_intervals=True)) is False for c in conditions)
        except FAILURES:
            return False

    def _positive(self, e: Expr, box: Box, strict: bool) -> bool:
        if _above(_value(e, box), strict):
            return True
        for name, x in box.items():
            if x.low >= 1 or x.high <= -1:
                try:
                    if _above(far_out(e, name, box, self.order), strict):
                        return True
                except (*NO_FORM, *FAILURES):
                    continue
        return len(box) == 1 and _smooth(e) and self._by_mean_value(e, next(iter(box.items())), strict)

    def _by_mean_value(self, e: Expr, item: tuple[str, Interval], strict: bool) -> bool:
        """e(c) + e'(X) (X - c), for a smooth e: it narrows with the square of the box."""
        name, x = item
        if not x.width.is_finite():
            return False
        if e not in self.slopes:
            try:
                self.slopes[e] = Differentiator().derivative(e, sym(name))
            except NoDerivative:
                self.slopes[e] = None
        slope = self.slopes[e]
        if slope is None:
            return False
        middle = ((x.low + x.high) / 2).mid()
        return _above(_value(e, {name: interval(middle)}) + _value(slope, {name: x}) * (x - middle), strict)

    def _zeros(self, e: Expr, name: str) -> list[tuple[str, arb, Expr]]:
        """Simple points where e and its first derivatives are exactly zero, with the next one, if that is even."""
        found = []
        for p, q in ((0, 1), (1, 1), (-1, 1), (1, 2), (-1, 2), (2, 1), (1, 3), (2, 3)):
            order, here = 0, e
            at: Fraction | None = None
            try:
                while order < 7:
                    there = substitute(here, name, num(Fraction(p, q)))
                    at = self.order.normal.quotient(there).number() if self.order.defined(there) else None
                    if at != 0:
                        break
                    order, here = order + 1, Differentiator().derivative(here, sym(name))
            except (*NO_FORM, *FAILURES):
                continue
            if order and order % 2 == 0 and at is not None and at > 0:
                found.append((name, arb(fmpq(p, q)), here))
        return found

    def _touches(self, zeros: list[tuple[str, arb, Expr]], box: Box) -> bool:
        """Around a zero of even order, the derivative of that order is positive over the box: Taylor's theorem."""
        return any(
            box[name].low <= c and c <= box[name].high and bool(_value(derivative, box).low > 0)
            for name, c, derivative in zeros
        )


def _smooth(e: Expr) -> bool:
    """Whether an expression has no pieces, inside of sums either."""
    return not e.has(*PIECED, "floor", "maxover", "minover")


def _above(x: Interval, strict: bool) -> bool:
    return bool(x.low > 0 or (not strict and x.low >= 0))


def _value(e: Expr, box: Box) -> Interval:
    """An enclosure of the values over a box; everything, if none is found."""
    try:
        return interval(value(e, Point(dict(box), over_intervals=True)))
    except FAILURES:
        return Interval(INFINITE[1], INFINITE[0])


def _size(x: Interval) -> float:
    """A width for choosing what to split: an infinite interval is wide, but less so the farther out it begins."""
    if x.width.is_finite():
        return float(x.width.mid())
    near = min((abs(float(end.mid())) for end in (x.low, x.high) if end.is_finite()), default=0.0)
    return 1e6 / (1 + near)


def _product(lists: list[list[Interval]]) -> list[tuple[Interval, ...]]:
    found: list[tuple[Interval, ...]] = [()]
    for options in lists:
        found = [(*head, x) for head in found for x in options]
    return found
