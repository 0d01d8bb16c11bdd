"""Numbers a formula can be evaluated on: exact rationals, Arb's balls, intervals, and jets for derivatives.

Rationals stay exact until a transcendental function needs a ball, so ties are seen as ties. A jet carries the
infinitesimals of the derivatives around it: evaluating at x + d and reading off d's coefficient differentiates without
a symbolic rule, which is what the symbolic rules are checked against.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import flint
from flint import acb, arb, fmpq, fmpz

from .functions import INFINITE

Number: TypeAlias = Any  # a rational (fmpq), a ball (arb or acb), an Interval or a Jet: they mix as numbers do


class Undefined(ArithmeticError):
    """The expression has no value at this point."""


class Undecided(ArithmeticError):
    """The balls are too wide to tell, or no method applies."""


def ball(x: Number) -> arb:
    """A number as a ball."""
    return x if isinstance(x, arb) else arb(x)


def single_whole(x: arb) -> int:
    """The one whole number in a ball."""
    found = x.unique_fmpz()
    if found is None:
        raise Undecided("a ball around more or less than one whole number")
    return int(found)


def sign(x: Number) -> int | None:
    """-1, 0 or 1; None if the ball, or interval, cannot tell."""
    if isinstance(x, Jet):
        x = x.base
    if isinstance(x, fmpq | fmpz):
        return int(x > 0) - int(x < 0)
    if isinstance(x, Interval):
        return 1 if x.low > 0 else -1 if x.high < 0 else 0 if x.low == 0 == x.high else None
    if isinstance(x, acb):
        raise Undecided("order of complex numbers")
    if x.is_nan():
        raise Undefined("infinity minus infinity")
    return 1 if x > 0 else -1 if x < 0 else 0 if x.is_zero() else None


def compare(a: Number, b: Number) -> int | None:
    """The sign of a - b."""
    if a is b:
        return 0
    infinite = [isinstance(x, arb) and not x.is_finite() and not x.is_nan() for x in (a, b)]
    if any(infinite):
        return 1 if a > b else -1 if a < b else 0 if all(infinite) and (a > 0) == (b > 0) else None
    return sign(a - b)


class Jet:
    """A number plus multiples of products of infinitesimals, each of square zero; a mask says which product."""

    __slots__ = ("parts",)

    def __init__(self, parts: dict[int, Number]) -> None:
        self.parts = parts

    @property
    def base(self) -> Number:
        return self.parts.get(0, fmpq(0))

    def __add__(self, other: Number) -> Jet:
        parts = dict(self.parts)
        for mask, value in _parts(other).items():
            parts[mask] = parts[mask] + value if mask in parts else value
        return Jet(parts)

    def __mul__(self, other: Number) -> Jet:
        parts: dict[int, Number] = {}
        for m, a in self.parts.items():
            for n, b in _parts(other).items():
                if not m & n:
                    parts[m | n] = parts[m | n] + a * b if m | n in parts else a * b
        return Jet(parts)

    __radd__, __rmul__ = __add__, __mul__

    def __neg__(self) -> Jet:
        return Jet({m: -v for m, v in self.parts.items()})

    def __sub__(self, other: Number) -> Jet:
        return self.__add__(-other)

    def __rsub__(self, other: Number) -> Jet:
        return (-self).__add__(other)

    def through(self, taylor: Callable[[Number, int], list[Number]]) -> Jet:
        """A function of this jet, from the function's Taylor coefficients at the base."""
        bits = 0
        for mask in self.parts:
            bits |= mask
        coefficients = taylor(self.base, bits.bit_count())
        small = Jet({m: v for m, v in self.parts.items() if m})
        result, power = Jet({0: coefficients[0]}), Jet({0: fmpq(1)})
        for c in coefficients[1:]:
            power = power * small
            result = result + power * c
        return result


def _parts(x: Number) -> dict[int, Number]:
    return x.parts if isinstance(x, Jet) else {0: x}


class Interval:
    """All numbers from `low` to `high`, ends included and possibly infinite; sharp at ends that are exact."""

    __slots__ = ("high", "low")

    def __init__(self, low: Number, high: Number) -> None:
        self.low, self.high = ball(low).lower(), ball(high).upper()
        if self.low.is_nan() or self.high.is_nan():
            self.low, self.high = INFINITE[1], INFINITE[0]

    def __repr__(self) -> str:
        return f"[{self.low.str(6, radius=False)}, {self.high.str(6, radius=False)}]"

    def __add__(self, other: Number) -> Interval:
        other = interval(other)
        return Interval(self.low + other.low, self.high + other.high)

    def __neg__(self) -> Interval:
        return Interval(-self.high, -self.low)

    def __sub__(self, other: Number) -> Interval:
        return self + (-interval(other))

    def __rsub__(self, other: Number) -> Interval:
        return (-self).__add__(other)

    def __mul__(self, other: Number) -> Interval:
        other = interval(other)
        products = [_times(a, b) for a in (self.low, self.high) for b in (other.low, other.high)]
        return hull(*products)

    __radd__, __rmul__ = __add__, __mul__

    def inverse(self) -> Interval:
        """One over it; an end at zero gives infinity."""
        if self.low < 0 and self.high > 0:
            return Interval(INFINITE[1], INFINITE[0])
        low = 1 / self.high if not self.high.is_zero() else INFINITE[1]
        high = 1 / self.low if not self.low.is_zero() else INFINITE[0]
        return Interval(low, high)

    def power(self, n: int) -> Interval:
        """A whole power."""
        if n < 0:
            return self.power(-n).inverse()
        if n % 2 == 0 and self.low < 0:
            top = (-self.low).max(self.high)
            return Interval(0 if self.high > 0 else whole_power(self.high, n), whole_power(top, n))
        return Interval(whole_power(self.low, n), whole_power(self.high, n))

    def monotone(self, function: Callable[[arb], arb]) -> Interval:
        """An increasing function."""
        return Interval(function(self.low), function(self.high))

    @property
    def width(self) -> arb:
        return self.high - self.low


def whole_power(x: Number, n: int) -> Number:
    """x^n for n >= 0 by squaring: a ball's own power goes through its logarithm, and a ball around 0 has none."""
    if not isinstance(x, arb):
        return x**n
    result, square = arb(1), x
    while n:
        result = result * square if n & 1 else result
        square, n = square * square if n > 1 else square, n >> 1
    return result


def _times(a: arb, b: arb) -> arb:
    return arb(0) if a.is_zero() or b.is_zero() else a * b


def interval(x: Number) -> Interval:
    """A number as an interval."""
    return x if isinstance(x, Interval) else Interval(x, x)


def hull(*xs: Number) -> Interval:
    """The least interval around some numbers and intervals."""
    parts = [interval(x) for x in xs]
    low, high = parts[0].low, parts[0].high
    for p in parts[1:]:
        low, high = low.min(p.low), high.max(p.high)
    return Interval(low, high)


def precision() -> int:
    """The working precision of balls, in bits."""
    return int(flint.ctx.prec)


def use_precision(bits: int) -> None:
    """Set the working precision of balls."""
    flint.ctx.prec = bits
