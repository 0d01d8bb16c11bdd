"""Numbers worth a look, and how a search moves about."""

from __future__ import annotations

from collections.abc import Iterator

from flint import arb, fmpq

from ..meaning.domains import Scalar
from ..numbers import Number
from .roots import rational
from .space import Space

EXPONENTS = (1, 2, 3, 5, 8, 13, 30, 100, 320, 1000, 10**4, 10**6, 10**9, 10**15)


def ends(domain: Scalar) -> tuple[fmpq | None, fmpq | None]:
    """The ends of a domain that are numbers."""
    low, high = (None if e is None or e.head != "num" else rational(e.args[0]) for e in (domain.low, domain.high))
    return low, high


def far(domain: Scalar) -> Iterator[Number]:
    """Numbers at, near and far from the ends of a domain, nearer ones first."""
    low, high = ends(domain)
    simple = [fmpq(0), fmpq(1), fmpq(-1), fmpq(1, 2), fmpq(-1, 2), fmpq(2), fmpq(-2), fmpq(3), fmpq(1, 3)]
    yield from simple
    if low is not None and high is not None:
        yield from ((low + high) / 2, low, high)
    for k in EXPONENTS:
        large = fmpq(10) ** k if k <= 1000 else arb(10) ** k
        small = 1 / large
        for end, sign in ((low, 1), (high, -1), (fmpq(0), 1), (fmpq(0), -1)):
            if end is not None and (k <= 320 or end == 0):
                yield end + sign * small
        if high is None:
            yield large
        if low is None:
            yield -large


def starts(space: Space) -> Iterator[list[float]]:
    """The point itself; all alike; one large; apart by steps; far apart."""
    own = space.start()
    yield own
    n = len(own)
    yield [0.5] * n
    yield [1.0] * n
    yield [2.0 ** (k % 7 - 3) for k in range(n)]
    for members in list(space.groups.values())[:3]:
        if len(members) > 1:
            yield [1.0 if k == members[0] else 0.01 if k in members else own[k] for k in range(n)]
            yield [own[members[0]] if k in members else own[k] for k in range(n)]
    yield [10.0 * x for x in own]
    yield [0.01 * x for x in own]


def moves(xs: list[float], step: float, space: Space) -> Iterator[list[float]]:
    """Each coordinate up, down, and scaled; families as a whole; one coordinate where another is."""
    order = range(len(xs)) if len(xs) <= 24 else range(0, len(xs), max(1, len(xs) // 24))
    for k in order:
        x = xs[k]
        for new in (x + step, x - step, x * (1 + step), x / (1 + step)):
            yield [*xs[:k], new, *xs[k + 1 :]]
    for members in space.groups.values():
        if len(members) > 1:
            for shift, scale in ((step, 1.0), (-step, 1.0), (0.0, 1 + step), (0.0, 1 / (1 + step))):
                yield [(x + shift) * scale if k in members else x for k, x in enumerate(xs)]
    if len(xs) > 1:
        yield [x + step for x in xs]
        yield [x - step for x in xs]
        yield [x * (1 + step) for x in xs]
        yield [x / (1 + step) for x in xs]
    if 1 < len(xs) <= 6 and step < 0.3:
        for k in range(len(xs)):
            for j in range(len(xs)):
                if j != k and xs[j] != xs[k]:
                    yield [*xs[:k], xs[j], *xs[k + 1 :]]
