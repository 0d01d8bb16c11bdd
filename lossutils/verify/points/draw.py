"""Numbers, probability vectors and choices drawn alike on every machine, hard ones among them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Any, TypeVar

from flint import fmpq

from ..meaning.domains import Scalar, Simplex
from ..numbers import Undefined

Item = TypeVar("Item")
_SIMPLE = [fmpq(p, q) for p, q in [(0, 1), (1, 1), (-1, 1), (2, 1), (-2, 1), (1, 2), (-1, 2), (3, 1), (-3, 1), (1, 3)]]


class Draw:
    """Random choices that are the same on every machine and in every Python."""

    def __init__(self, *seed: Any) -> None:
        self.random = Random(":".join(map(str, seed))).random

    def below(self, n: int) -> int:
        return int(self.random() * n)

    def choose(self, items: Sequence[Item]) -> Item:
        return items[self.below(len(items))]

    def between(self, low: int, high: int) -> int:
        return low + self.below(high - low + 1)

    def fraction(self, size: int) -> fmpq:
        """A rational of about a size, with a denominator that no power of two divides into exactly."""
        bottom = self.choose((3, 5, 7, 8, 9, 11, 13, 16))
        return fmpq(self.between(-size * bottom, size * bottom), bottom)


@dataclass
class Mode:
    """How the real numbers of a point are drawn."""

    name: str

    def real(self, draw: Draw, seen: list[fmpq]) -> fmpq:
        """Any real number."""
        kind = draw.choose(("small", "simple", "moderate", "large", "tiny")) if self.name == "mixed" else self.name
        if kind == "ties" and seen:
            return seen[-1]
        if seen and draw.random() < 0.12:
            return draw.choose(seen) * draw.choose((1, -1))
        if kind in ("simple", "ties"):
            return draw.choose(_SIMPLE)
        if kind == "tiny":
            return fmpq(draw.between(-9, 9), 10 ** draw.between(2, 12))
        size = {"small": 2, "moderate": 9, "large": 60, "huge": 800}.get(kind, 3)
        return draw.fraction(size)


MODES = [Mode(n) for n in ("small", "simple", "ties", "moderate", "mixed", "large", "simple", "tiny", "huge", "small")]


def candidate(domain: Scalar, low: fmpq | None, high: fmpq | None, draw: Draw, mode: Mode, seen: list[fmpq]) -> fmpq:
    if domain.integer:
        return _integer(low, high, draw, mode)
    if low is not None and high is not None:
        return _within(low, high, domain, draw, mode, seen)
    x = mode.real(draw, seen)
    if low is not None and x < low:
        return low + abs(x) if low != 0 else abs(x)
    if high is not None and x > high:
        return high - abs(x) if high != 0 else -abs(x)
    return x


def _integer(low: fmpq | None, high: fmpq | None, draw: Draw, mode: Mode) -> fmpq:
    size = {"large": 30, "huge": 90, "moderate": 12}.get(mode.name, 5)
    if low is None and high is None:
        return fmpq(draw.between(-size, size))
    if low is None:
        assert high is not None
        return fmpq(int(high.floor()) - draw.below(size))
    top = int(low.ceil()) + size if high is None else int(high.floor())
    return fmpq(draw.between(int(low.ceil()), top))


def _within(low: fmpq, high: fmpq, domain: Scalar, draw: Draw, mode: Mode, seen: list[fmpq]) -> fmpq:
    """Between two ends: inside, close to an end, at it, in the middle, or where another letter is."""
    if seen and draw.random() < 0.1:
        return draw.choose(seen)
    span, kind = high - low, draw.random()
    if mode.name == "ties" and seen:
        return seen[-1]
    if kind < 0.1:
        return low if draw.random() < 0.5 else high
    if kind < 0.25 or mode.name in ("tiny", "huge"):
        close = span * fmpq(
            draw.between(1, 9), 10 ** (draw.between(2, 12) if draw.random() < 0.8 else draw.between(20, 75))
        )
        return low + close if draw.random() < 0.5 else high - close
    if kind < 0.4:
        return low + span * draw.choose((fmpq(1, 2), fmpq(1, 3), fmpq(1, 4), fmpq(2, 3), fmpq(3, 4)))
    bottom = draw.choose((7, 11, 13, 17, 64))
    return low + span * fmpq(draw.between(1, bottom - 1), bottom)


def inside(x: fmpq, domain: Scalar, low: fmpq | None, high: fmpq | None) -> bool:
    if domain.nonzero and x == 0:
        return False
    if low is not None and (x < low or (x == low and not domain.low_closed)):
        return False
    return not (high is not None and (x > high or (x == high and not domain.high_closed)))


def simplex(length: int, domain: Simplex, draw: Draw, mode: Mode) -> list[fmpq]:
    """A probability vector in rationals."""
    if length < 1:
        raise Undefined("no probability vector is empty")
    if domain.corner or (not domain.inner and draw.random() < 0.12):
        corner = draw.below(length)
        return [fmpq(int(k == corner)) for k in range(length)]
    least = 1 if domain.inner else 0
    if mode.name == "ties":
        weights = [1] * length
    elif mode.name in ("tiny", "huge"):
        weights = [draw.choose((least, 1, 10**6, 10**9)) for _ in range(length)]
    else:
        weights = [draw.between(least, 7) for _ in range(length)]
    if not any(weights):
        weights[draw.below(length)] = 1
    total = sum(weights)
    return [fmpq(w, total) for w in weights]
