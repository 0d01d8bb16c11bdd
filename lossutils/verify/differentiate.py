"""Symbolic derivatives, indices included: the derivative of s_j by s_i is [j = i]."""

from __future__ import annotations

from collections.abc import Callable

from .conditions import PIECED
from .expr import BINDERS, ONE, ZERO, ByHead, Expr, Fresh, add, div, mul, neg, num, power, sub, substitute, sym
from .functions import FUNCTIONS

KINKED = ("abs", "sign", "floor", "max", "min", "cases", "bool", "maxover", "minover")


class NoDerivative(ArithmeticError):
    """No rule for this expression."""


class Differentiator:
    """Takes all derivatives out of an expression; notes the pieces it went through, where a kink may be.

    Each rule is the textbook's, right where the expression has a derivative. Where it has pieces, the rule takes the
    slope of a piece: whether there is a derivative where pieces meet is for whoever asks to show, for all of `kinks`.
    """

    def __init__(self) -> None:
        self.fresh = Fresh()
        self.kinks: list[tuple[Expr, Expr]] = []  # (the expression with pieces, the variable)

    def eliminate(self, e: Expr) -> Expr:
        """The expression without `deriv` and `at`."""
        if not e.has("deriv", "at"):
            return e
        e = e.map(self.eliminate)
        if e.head == "deriv":
            result, *variables = e.args
            for v in variables:
                if result.has(*KINKED):
                    self.kinks.append((result, v))
                result = self.derivative(result, v)
            return result  # type: ignore[no-any-return]
        if e.head == "at":
            body, variable, value = e.args
            if variable.head == "sym":
                return substitute(body, variable.args[0], value)
            raise NoDerivative("a component set to a value")
        return e

    def derivative(self, e: Expr, v: Expr) -> Expr:
        """The derivative of `e` by a symbol or a component `v`."""
        if v.args[0] not in e.free:
            return ZERO
        if e is v:
            return ONE
        rule = _RULES.get(e)
        if rule is not None:
            return rule(self, e, v)
        known = FUNCTIONS.get(e.head)
        if known is None or known.derivative is None or e.head in BINDERS:
            raise NoDerivative(e.head)
        return mul(known.derivative(e.args[0]), self.derivative(e.args[0], v))


_RULES: ByHead[Callable[[Differentiator, Expr, Expr], Expr]] = ByHead()


@_RULES("idx")
def _idx(d: Differentiator, e: Expr, v: Expr) -> Expr:
    """x_a by x_b is [a = b]; by anything else, whose indices do not hold it, 0."""
    if e.args[0] != v.args[0]:
        raise NoDerivative("an index that varies")
    if v.head != "idx" or len(v.args) != len(e.args):
        raise NoDerivative("a family by one letter of its name")
    same = [Expr("bool", Expr("=", a, b)) for a, b in zip(e.args[1:], v.args[1:], strict=True) if a is not b]
    return mul(*same)


@_RULES("add")
def _add(d: Differentiator, e: Expr, v: Expr) -> Expr:
    return add(*(d.derivative(a, v) for a in e.args))


@_RULES("mul")
def _mul(d: Differentiator, e: Expr, v: Expr) -> Expr:
    terms = []
    for k, a in enumerate(e.args):
        slope = d.derivative(a, v)
        if slope is not ZERO:
            terms.append(mul(*e.args[:k], slope, *e.args[k + 1 :]))
    return add(*terms)


@_RULES("pow")
def _pow(d: Differentiator, e: Expr, v: Expr) -> Expr:
    base, exponent = e.args
    if v.args[0] not in exponent.free:
        lower = num(exponent.args[0] - 1) if exponent.head == "num" else sub(exponent, ONE)
        return mul(exponent, power(base, lower), d.derivative(base, v))
    return mul(e, d.derivative(mul(exponent, Expr("log", base)), v))


@_RULES("sum")
def _sum(d: Differentiator, e: Expr, v: Expr) -> Expr:
    variable, range_, body = e.args
    if v.args[0] in range_.free:
        raise NoDerivative("a range that varies")
    return Expr("sum", variable, range_, d.derivative(body, v))


@_RULES("prod")
def _prod(d: Differentiator, e: Expr, v: Expr) -> Expr:
    """The product times the sum of the factors' logarithmic derivatives: no factor may be zero."""
    variable, range_, body = e.args
    if v.args[0] in range_.free:
        raise NoDerivative("a range that varies")
    d.fresh.count += 1
    name = f"{variable.args[0]}·d{d.fresh.count}"  # unlike any name that is in use
    inner = substitute(body, variable.args[0], Expr("sym", name))
    return mul(e, Expr("sum", Expr("sym", name), range_, div(d.derivative(inner, v), inner)))


@_RULES("integral")
def _integral(d: Differentiator, e: Expr, v: Expr) -> Expr:
    """Leibniz' rule: at the ends the integrand times their slopes, inside the integrand's derivative."""
    body, variable, low, high = e.args
    ends = [
        mul(substitute(body, variable.args[0], end), d.derivative(end, v), num(sign))
        for end, sign in ((high, 1), (low, -1))
        if end.head != "const" and v.args[0] in end.free
    ]
    inside = d.derivative(body, v)
    return add(*ends, *([Expr("integral", inside, variable, low, high)] if inside is not ZERO else []))


@_RULES("cases")
def _cases(d: Differentiator, e: Expr, v: Expr) -> Expr:
    conditions = range(1, len(e.args), 2)
    return Expr("cases", *(a if k in conditions else d.derivative(a, v) for k, a in enumerate(e.args)))


@_RULES("max")
def _max(d: Differentiator, e: Expr, v: Expr) -> Expr:
    first, *rest = e.args
    if not rest:
        return d.derivative(first, v)
    second = rest[0] if len(rest) == 1 else Expr("max", *rest)
    return Expr("cases", d.derivative(first, v), Expr("<", second, first), d.derivative(second, v))


@_RULES("min")
def _min(d: Differentiator, e: Expr, v: Expr) -> Expr:
    return neg(_max(d, Expr("max", *(neg(a) for a in e.args)), v))


@_RULES("bool")
def _bool(d: Differentiator, e: Expr, v: Expr) -> Expr:
    return ZERO


def constant_slope(e: Expr, name: str) -> Expr | None:
    """The slope of an expression that is linear in a letter and has no pieces; None for any other."""
    if e.has(*PIECED, "floor"):
        return None
    try:
        slope = Differentiator().derivative(e, sym(name))
    except NoDerivative:
        return None
    return None if name in slope.free else slope
