"""Enclosures where a letter is large: log(1 + e^x) as x + log(1 + e^-x), x^n e^-x by what it falls from.

The normal form's logarithms are of absolute values. Here each has to be of a sum of positive terms, and then it is what
it was.
"""

from __future__ import annotations

from fractions import Fraction

from flint import arb, fmpq

from ..expr import Expr, num, sym
from ..numbers import Interval, Undecided, interval
from ..points.evaluation import Point, value
from .algebra import Quotient, atom, monomial, poly_expr, times
from .order import Order


def far_out(e: Expr, name: str, box: dict[str, Interval], order: Order) -> Interval:
    """An enclosure of e over a box in which a letter lies beyond 1 or below -1."""
    upward = bool(box[name].low > 0)
    grows, x = Expr("exp", sym(name)), sym(name)
    q = order.normal.quotient(e)
    total = Quotient({}, q.bottom)
    for m, c in q.top.items():
        term = Quotient({(): c}, q.bottom)
        for a, n in m:
            if a.has("log", "abs", "sign", "sum"):
                if not (a.head == "log" and n == 1):
                    raise Undecided("a logarithm inside of something")
                term = term * _logarithm(a, grows, x, upward, order)
            else:
                term = term * atom(a, n)
        total = total + term
    if total.bottom:
        raise Undecided("a quotient far out")
    found = Interval(0, 0)
    point = Point(dict(box), over_intervals=True)
    for m, c in total.top.items():
        found = found + _decaying(dict(m), grows, x, box[name], upward, point) * fmpq(c.numerator, c.denominator)
    return found


def _logarithm(a: Expr, grows: Expr, x: Expr, upward: bool, order: Order) -> Quotient:
    """log of a polynomial in e^x with positive terms: that of the leading power, and that of what is left."""
    if a.args[0].head == "num":
        return atom(a)
    inside = order.normal.quotient(a.args[0])
    positive = all(c > 0 for c in inside.top.values()) and all(order.normal.positive_atom(b) for b in inside.atoms())
    if inside.bottom or not positive:
        raise Undecided("a logarithm of what may be negative")
    powers = [dict(k).get(grows, Fraction(0)) for k in inside.top]
    top = max(powers) if upward else min(powers)
    rest = {times(k, monomial({grows: -top})): v for k, v in inside.top.items()}
    return atom(x) * Quotient({(): top} if top else {}) + atom(Expr("log", poly_expr(rest)))


def _decaying(m: dict[Expr, Fraction], grows: Expr, x: Expr, box: Interval, upward: bool, point: Point) -> Interval:
    """A monomial far out; x^n e^(-kx) falls once x > n / k."""
    n, k = m.pop(x, Fraction(0)), m.pop(grows, Fraction(0)) * (1 if upward else -1)
    found = Interval(1, 1)
    near = box.low if upward else -box.high
    if n > 0 and k < 0 and near > arb(int(n / -k) + 1):
        if not upward and n.denominator > 1:
            raise Undecided("a root of a negative number")
        top = (near.log() * fmpq(n.numerator, n.denominator) + near * fmpq(k.numerator, k.denominator)).exp()
        found = Interval(0, top) if upward or n % 2 == 0 else Interval(-top, 0)
        n = k = Fraction(0)
    for a, power in ((x, n), (grows, k if upward else -k), *m.items()):
        if power:
            found = found * interval(value(Expr("pow", a, num(power)), point))
    return found
