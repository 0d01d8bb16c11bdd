"""Products, and largest and least values over a range, in normal form."""

from __future__ import annotations

from fractions import Fraction

from ..expr import Expr, conditions_of, limits_of, mul, num, substitute
from .algebra import Quotient, atom, number
from .form import Form, NoNormalForm, height, letter
from .sums import bounds, renamed, short_ends


def product_of(form: Form, e: Expr) -> Quotient:
    """A product, written out if it is short; else exp of the sum of logarithms, if every factor is positive."""
    variable, range_, body = e.args
    if (ends := short_ends(form, range_)) is not None:
        return _unrolled_product(form, e, *ends)
    if conditions_of(range_):
        raise NoNormalForm("a condition on a product")
    with form.over({variable.args[0]: range_}):
        if not form.positive(form.quotient(body)):
            raise NoNormalForm("a product of factors of any sign")
    return form.quotient(Expr("exp", Expr("sum", variable, range_, Expr("log", body))))


def _unrolled_product(form: Form, e: Expr, low: int, high: int) -> Quotient:
    variable, range_, body = e.args
    product = number(1)
    for k in range(low, high + 1):
        at = (variable.args[0], num(k))
        held = [Expr("bool", substitute(c, *at)) for c in range_.args[2:]]
        counts = form.quotient(mul(*held)).number() if held else Fraction(1)
        if counts is None:
            raise NoNormalForm("a condition on a product")
        if counts:
            product = product * form.quotient(substitute(body, *at))
    return product


def extremum_of(form: Form, e: Expr) -> Quotient:
    """The largest or least of a family: an atom, its letter named by what is inside."""
    variable, range_, body = e.args
    conditions = conditions_of(range_)
    ends = short_ends(form, range_)
    if ends is not None and ends[0] <= ends[1] and not conditions:
        terms = [substitute(body, variable.args[0], num(k)) for k in range(ends[0], ends[1] + 1)]
        return form.quotient(Expr(e.head.removesuffix("over"), *terms))
    plain = bounds(form, limits_of(range_))
    if any(c.head not in ("!=", "in", "notin") for c in conditions):
        raise NoNormalForm("a condition on an extremum")
    with form.over({variable.args[0]: plain}):
        inner = form.canonical(body)
    own = letter(1 + max(height(inner), *map(height, conditions), 0))
    at = {variable.args[0]: own}
    with form.over({own.args[0]: plain}):
        inner = form.canonical(renamed(inner, at))
    return atom(Expr(e.head, own, Expr(plain.head, *plain.args, *(renamed(c, at) for c in conditions)), inner))
