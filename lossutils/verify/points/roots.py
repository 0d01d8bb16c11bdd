"""Places where a part of a formula vanishes: found in floats, then enclosed in balls, whether rational or not."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import islice

from flint import arb, fmpq

from ..expr import Expr
from ..numbers import Interval, Number, Undecided, Undefined, ball, interval, precision, sign, use_precision
from .evaluation import Point, value
from .floats import NotInFloats, Place, in_floats

TOUCHES = 1e-8
BITS = 600  # to which a root is enclosed, and twice that
MOST = 6  # roots of one part
FAILURES = (Undefined, Undecided, ZeroDivisionError, OverflowError, ValueError)
_STEPS = (1e-12, 1e-6, 1e-3, 0.03, 0.1, 0.3, 0.5, 0.7, 1.0, 1.5, 2.0, 3.0, 5.0, 8.0, 13.0, 30.0, 100.0, 1e3, 1e6, 1e12)


def place_of(point: Point) -> Place:
    """A point in floats."""
    values = {k: float(ball(v).mid()) for k, v in point.values.items()}
    families: dict[str, dict[tuple[int, ...], float]] = {}
    for (name, at), v in point.families.items():
        families.setdefault(name, {})[at] = float(ball(v).mid())
    return values, families, point.sets


def roots(e: Expr, name: str, low: fmpq | None, high: fmpq | None, point: Point) -> Iterator[tuple[Number, bool]]:
    """Values of a letter at which an expression vanishes, the other letters being what they are.

    Each is a rational at which it is exactly zero (and True), or a ball that holds a zero: the expression is continuous
    on the ball and has two signs at its ends, so the intermediate value theorem gives one.
    """
    try:
        function = in_floats(e)
    except NotInFloats:
        return
    values, families, sets = place_of(point)

    def at(x: float) -> float:
        return function(({**values, name: x}, families, sets))

    grid = _grid(low, high)
    found, before = 0, (math.nan, math.nan)
    ys = [at(x) for x in grid]
    for x in islice(_touching(at, grid, ys), MOST // 2):
        yield rational(Fraction(x)), True
    for x, y in zip(grid, ys, strict=True):
        if y == 0 or (before[1] * y < 0 and math.isfinite(before[1]) and math.isfinite(y)):
            exact = _confirmed(e, name, x if y == 0 else _bisected(at, before[0], x), point)
            if exact is not None:
                yield exact
                found += 1
                if found == MOST:
                    return
        before = (x, y)


def _touching(at: Callable[[float], float], grid: list[float], ys: list[float]) -> Iterator[float]:
    """Where a function comes near to zero and turns back, as far as floats tell: only a place to look at."""
    for k in range(1, len(grid) - 1):
        around = [abs(y) for y in ys[k - 1 : k + 2]]
        if not all(map(math.isfinite, around)) or around[1] > min(around[0], around[2]) or ys[k - 1] * ys[k + 1] <= 0:
            continue
        low, high = grid[k - 1], grid[k + 1]
        for _ in range(90):
            a, b = low + (high - low) / 3, high - (high - low) / 3
            low, high = (low, b) if abs(at(a)) < abs(at(b)) else (a, high)
        if abs(at((low + high) / 2)) <= TOUCHES * (around[0] + around[2]):
            yield (low + high) / 2


def _grid(low: fmpq | None, high: fmpq | None) -> list[float]:
    """Places to look at between two ends: near the ends, near zero, far out."""
    a, b = (None if end is None else float(arb(end).mid()) for end in (low, high))
    if a is not None and b is not None:
        inner = [a + (b - a) * k / 64 for k in range(65)]
        return sorted(
            {*inner, *(a + (b - a) * s for s in _STEPS if s < 0.5), *(b - (b - a) * s for s in _STEPS if s < 0.5)}
        )
    if a is not None:
        return sorted({a, *(a + s for s in _STEPS), *(s for s in _STEPS if s > a)})
    if b is not None:
        return sorted({b, *(b - s for s in _STEPS), *(-s for s in _STEPS if -s < b)})
    return sorted({0.0, *_STEPS, *(-s for s in _STEPS), *(k / 2 for k in range(-12, 13))})


def _bisected(at: Callable[[float], float], a: float, b: float) -> float:
    """A float next to a change of sign."""
    fa = at(a)
    for _ in range(200):
        middle = (a + b) / 2
        if middle in (a, b):
            break
        if at(middle) * fa > 0:
            a = middle
        else:
            b = middle
    return (a + b) / 2


def _confirmed(e: Expr, name: str, near: float, point: Point) -> tuple[Number, bool] | None:
    """A rational zero close by, or a ball around a zero that balls have shown to be there."""
    if not math.isfinite(near):
        return None
    for most in (1, 12, 1000):
        simple = Fraction(near).limit_denominator(most)
        if abs(float(simple) - near) <= 1e-9 * (1 + abs(near)) and _exactly_zero(e, name, rational(simple), point):
            return rational(simple), True
    bits = precision()
    try:
        use_precision(2 * BITS)
        return _enclosed(e, name, rational(Fraction(near)), point)
    except FAILURES:
        return None
    finally:
        use_precision(bits)


def rational(x: Fraction) -> fmpq:
    return fmpq(x.numerator, x.denominator)


def _at(e: Expr, name: str, x: Number, point: Point) -> Number:
    """The value of an expression with a letter at a number, nothing of another place remembered."""
    return value(e, replace(point, values={**point.values, name: x}, cache={}, jets=0))


def _exactly_zero(e: Expr, name: str, x: fmpq, point: Point) -> bool:
    try:
        found = _at(e, name, x, point)
    except FAILURES:
        return False
    return isinstance(found, fmpq) and found == 0


def _enclosed(e: Expr, name: str, near: fmpq, point: Point) -> tuple[Number, bool] | None:
    """Two ends of different sign, the expression continuous between them; then halved until they are close."""
    size = (abs(near) + fmpq(1, 10**9)) / 10**9
    low, high = near - size, near + size
    if e.has("floor", "sign", "bool", "cases"):
        return None
    around = interval(_at(e, name, Interval(low, high), replace(point, over_intervals=True)))
    signs = [sign(_at(e, name, x, point)) for x in (low, high)]
    if not (around.low.is_finite() and around.high.is_finite()) or None in signs or signs[0] == signs[1] or 0 in signs:
        return None
    for _ in range(2 * BITS):
        middle = (low + high) / 2
        s = sign(_at(e, name, middle, point))
        if s == 0:
            return middle, True
        if s is None or high - low < fmpq(1, 2**BITS):
            break
        low, high = (middle, high) if s == signs[0] else (low, middle)
    return arb(low).union(arb(high)), False


def vanishes(e: Expr, point: Point) -> bool:
    """Whether an expression is known to be zero at a point."""
    if e in point.zeros:
        return True
    try:
        found = value(e, point.fresh())
    except FAILURES:
        return False
    return isinstance(found, fmpq) and found == 0


def vanishing(e: Expr, name: str, x: Number, exact: bool, point: Point) -> Point:
    """The point with a letter at a zero of a part, which is known to vanish there."""
    zeros = point.zeros if exact else point.zeros | {e}
    return replace(point, values={**point.values, name: x}, families=dict(point.families), zeros=zeros, cache={})
