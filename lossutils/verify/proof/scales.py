"""The scale that a growing letter is measured on: exp(P(t)) t^a (log t)^b, and sums of such terms."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from ..expr import Expr, add, neg
from .algebra import Quotient, quotient_expr
from .order import Order

Expo = tuple[tuple[Fraction, Expr], ...]  # powers of t and their coefficients, highest first


@dataclass(frozen=True)
class Scale:
    """exp(P(t)) t^a (log t)^b, and the remainders beside it."""

    expo: Expo = ()
    power: Fraction = Fraction(0)
    log: Fraction = Fraction(0)
    rest: tuple[tuple[int, int], ...] = ()  # remainders by number, with their powers


UNIT = Scale()
Terms = dict[Scale, Quotient]


def clean(terms: Terms) -> Terms:
    return {s: c for s, c in terms.items() if not c.is_zero}


def product(a: Scale, b: Scale, order: Order) -> Scale:
    return Scale(_sum(a.expo, b.expo, order, False), a.power + b.power, a.log + b.log, _powers(a.rest, b.rest))


def over(a: Scale, b: Scale, order: Order) -> Scale:
    """The ratio of two scales; remainders are left out, since they neither grow nor vanish."""
    return Scale(_sum(a.expo, b.expo, order, True), a.power - b.power, a.log - b.log)


def _sum(a: Expo, b: Expo, order: Order, negative: bool) -> Expo:
    found = dict(a)
    for p, c in b:
        c = neg(c) if negative else c
        found[p] = add(found[p], c) if p in found else c
    kept = [(p, order.normal.quotient(c)) for p, c in found.items()]
    return tuple(sorted(((p, quotient_expr(c)) for p, c in kept if not c.is_zero), key=lambda item: -item[0]))


def _powers(a: tuple[tuple[int, int], ...], b: tuple[tuple[int, int], ...]) -> tuple[tuple[int, int], ...]:
    found = dict(a)
    for k, n in b:
        found[k] = found.get(k, 0) + n
    return tuple(sorted(found.items()))
