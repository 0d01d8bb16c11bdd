"""Sets of numbers as objects that code can test: where a loss's target and its parameters may lie."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import inf, isnan
from typing import Any


@dataclass(frozen=True)
class Interval:
    """The real numbers between `low` and `high`; an end belongs to it if said to be closed."""

    low: float = -inf
    high: float = inf
    low_closed: bool = False
    high_closed: bool = False

    def outside(self, x: Any) -> Any:
        """Where `x`, a number or an array of any framework, lies outside. NaN lies nowhere, and passes."""
        below = x < self.low if self.low_closed else x <= self.low
        above = x > self.high if self.high_closed else x >= self.high
        return below | above

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

    def outside(self, x: Any) -> Any:
        """Where `x` is none of the values. NaN passes."""
        bad = x == x
        for value in self.values:
            bad = bad & (x != value)
        return bad

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

    def outside(self, x: Any) -> Any:
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


def parameter(default: float, domain: Interval | Among, meaning: str = "") -> Any:
    """A field of a loss whose value is checked against `domain` when the loss is made."""
    return field(default=default, metadata={"domain": domain, "meaning": meaning})
