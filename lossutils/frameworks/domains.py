"""Sets of numbers as objects that code can test: where a loss's target and its parameters may lie."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from math import inf, isnan, nextafter

from .protocol import Array


@dataclass(frozen=True)
class Interval:
    """The real numbers between `low` and `high`; an end belongs to it if said to be closed."""

    low: float = -inf
    high: float = inf
    low_closed: bool = False
    high_closed: bool = False

    def outside(self, x: Array) -> Array:
        """Where `x`, a number or an array of any framework, lies outside. NaN lies nowhere, and passes."""
        below = x < self.low if self.low_closed else x <= self.low
        above = x > self.high if self.high_closed else x >= self.high
        return below | above

    @cached_property
    def inner(self) -> tuple[float, float]:
        """The least and the greatest float64 in it."""
        low = self.low if self.low_closed else nextafter(self.low, inf)
        return low, self.high if self.high_closed else nextafter(self.high, -inf)

    def __contains__(self, x: float) -> bool:
        return not isnan(x) and not self.outside(x)

    def __str__(self) -> str:
        if self == REAL:
            return "finite numbers"
        left, right = "[" if self.low_closed else "(", "]" if self.high_closed else ")"
        return f"values in {left}{self.low:g}, {self.high:g}{right}"


@dataclass(frozen=True)
class Among:
    """A finite set of numbers, such as the labels -1 and +1."""

    values: tuple[float, ...]

    def outside(self, x: Array) -> Array:
        """Where `x` is none of the values. NaN passes."""
        good = x != x
        for value in self.values:
            good = good | (x == value)
        return ~good if hasattr(good, "shape") else not good

    def __contains__(self, x: float) -> bool:
        return x in self.values

    def __str__(self) -> str:
        *first, last = (f"{v:g}" for v in self.values)
        return f"labels {', '.join(first)} or {last}"


@dataclass(frozen=True)
class Integers:
    """The whole numbers from `low` to `high`, both included."""

    low: float = 0
    high: float = inf

    def outside(self, x: Array) -> Array:
        """Where `x` is below, above, or between two whole numbers. NaN passes."""
        return (x < self.low) | (x > self.high) | (x % 1 > 0)

    def __contains__(self, x: float) -> bool:
        return not isnan(x) and not self.outside(x)

    def __str__(self) -> str:
        return f"whole numbers from {self.low:g}" + ("" if self.high == inf else f" to {self.high:g}")


REAL = Interval()
POSITIVE = Interval(0, inf)
NONNEGATIVE = Interval(0, inf, low_closed=True)
UNIT = Interval(0, 1, low_closed=True, high_closed=True)
SIGNS = Among((-1, 1))
BINARY = Among((0, 1))


def parameter(default: float, domain: Interval | Among, letter: str, also: tuple[str, ...] = ()) -> float:
    """A field of a loss: its value is checked against `domain` when the loss is made.

    `letter` is the field's in formulas, as LaTeX; `also` are others that a formula may use for it.
    """
    return field(default=default, metadata={"domain": domain, "letter": letter, "also": also})
