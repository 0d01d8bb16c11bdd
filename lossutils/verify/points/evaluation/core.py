"""The value of an expression at a point: exact, in balls, over an interval, or as a jet."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from flint import acb, arb, fmpq, fmpz

from ...expr import Expr
from ...functions import expand_function
from ...numbers import INFINITE, Interval, Jet, Undecided, Undefined, hull, sign, whole_power
from ..special import apply

CHEAP = ("num", "const", "sym", "idx", "card")  # not worth remembering
LONGEST_EXACT = 50_000  # bits of an exact number
_RULES: dict[str, Callable] = {}


def rule(*heads: str) -> Callable:
    """Register a function of an expression and a point as what evaluates some heads."""

    def register(function: Callable) -> Callable:
        for head in heads:
            _RULES[head] = function
        return function

    return register


@dataclass
class Point:
    """Values for the letters: numbers, components of families, sets of indices. Bound letters come and go."""

    values: dict[str, Any]
    families: dict[tuple[str, tuple[int, ...]], Any] = field(default_factory=dict)
    sets: dict[str, frozenset[int]] = field(default_factory=dict)
    beyond: Any = None  # gives components outside the family's range; without it they are undefined
    conventions: frozenset[str] = frozenset()
    cache: dict[tuple, Any] = field(default_factory=dict)
    jets: int = 0  # how many derivatives are being taken
    canonical: Any = None  # gives an expression's normal form, where a difference does not cancel but is gone
    optima: Any = None  # evaluates inf, sup, argmin and argmax
    analytic: bool | None = None  # inside an integral: whether roots and logarithms have to be analytic
    direction: int = 0  # 1 or -1: infinitesimals have that sign, where a tie is to be broken
    flat: int = 0  # while a condition is tested, infinitesimals do not count
    over_intervals: bool = False  # then a condition that holds on part of an interval gives the hull of both answers

    def fresh(self) -> Point:
        """The same point with nothing remembered, for another precision."""
        return replace(self, cache={}, jets=0)


def evaluate(e: Expr, point: Point) -> Any:
    """The value; `Undefined` where there is none, `Undecided` where the precision does not tell."""
    rule = _RULES.get(e.head)
    if rule is None:
        return apply(e.head, evaluate(e.args[0], point)) if len(e.args) == 1 else _unknown(e)
    if e.head in CHEAP or point.jets:
        return rule(e, point)
    key = (e, *[point.values.get(n) for n in sorted(e.free) if "·" in n or n[0] == "§"])
    try:
        return point.cache[key]
    except KeyError:
        pass
    except (TypeError, ValueError):  # an interval or a complex ball among the bound values
        return rule(e, point)
    try:
        result = rule(e, point)
    except (Undefined, Undecided) as error:
        point.cache[key] = error
        raise
    point.cache[key] = result
    return result


def value(e: Expr, point: Point) -> Any:
    """`evaluate`, with remembered failures raised again."""
    result = evaluate(e, point)
    if isinstance(result, ArithmeticError):
        raise result
    return result


def _unknown(e: Expr) -> Any:
    raise Undecided(f"{e.head} cannot be evaluated")


@rule("num")
def _num(e: Expr, p: Point) -> fmpq:
    return fmpq(e.args[0].numerator, e.args[0].denominator)


@rule("const")
def _const(e: Expr, p: Point) -> Any:
    return {"pi": arb.pi, "e": lambda: arb(1).exp(), "inf": arb.pos_inf}[e.args[0]]()


@rule("rounded")
def _rounded(e: Expr, p: Point) -> Any:
    return value(e.args[0], p)


@rule("sym")
def _sym(e: Expr, p: Point) -> Any:
    try:
        found = p.values[e.args[0]]
    except KeyError:
        raise Undecided(f"{e} has no value") from None
    return found.base if p.flat and isinstance(found, Jet) else found


def whole(x: Any) -> int:
    """An exact whole number, as an index or a bound has to be."""
    if isinstance(x, fmpq) and x.q == 1:
        return int(x.p)
    if isinstance(x, int | fmpz):
        return int(x)
    raise Undefined("an index that is not a whole number")


@rule("idx")
def _idx(e: Expr, p: Point) -> Any:
    at = tuple(whole(value(i, p)) for i in e.args[1:])
    found = p.families.get((e.args[0], at))
    if found is None:
        if p.beyond is None:
            raise Undefined(f"{e.args[0]} has no component {', '.join(map(str, at))}")
        found = p.families[e.args[0], at] = p.beyond(e.args[0], at)
    return found.base if p.flat and isinstance(found, Jet) else found


@rule("add")
def _add(e: Expr, p: Point) -> Any:
    total = value(e.args[0], p)
    for a in e.args[1:]:
        total = total + value(a, p)
    return checked(total)


def checked(x: Any) -> Any:
    if isinstance(x, arb) and x.is_nan():
        raise Undefined("infinity minus infinity, or zero times infinity")
    return x


@rule("mul")
def _mul(e: Expr, p: Point) -> Any:
    product: Any = fmpq(1)
    delayed = []
    factors = list(e.args)
    if p.over_intervals:
        for a in e.args:
            if a.head == "log" and a.args[0] in factors and a in factors:
                product = product * times_its_log(value(a.args[0], p))
                factors.remove(a)
                factors.remove(a.args[0])
    for a in factors:
        if "0 log 0 = 0" in p.conventions and a.has("log"):
            delayed.append(a)
            continue
        product = product * value(a, p)
    if delayed and not isinstance(product, Jet | Interval) and sign(product) == 0:
        return fmpq(0)
    for a in delayed:
        product = product * value(a, p)
    return checked(product)


def times_its_log(x: Any) -> Any:
    """x log x over an interval: it falls to -1/e at 1/e, and rises from there."""
    if not isinstance(x, Interval):
        return x * apply("log", x)
    if x.low < 0:
        raise Undefined("log of a negative number")
    ends = [fmpq(0) if end.is_zero() else end if not end.is_finite() else end * end.log() for end in (x.low, x.high)]
    turn = (-arb(1)).exp()
    return hull(*ends, -turn) if x.low <= turn and turn <= x.high else hull(*ends)


@rule("pow")
def _pow(e: Expr, p: Point) -> Any:
    base, exponent = value(e.args[0], p), value(e.args[1], p)
    if isinstance(exponent, fmpq) and exponent.q == 1 and abs(int(exponent.p)) < 10**6:
        return integer_power(base, int(exponent.p), p)
    if isinstance(base, acb):
        on_the_line(base, p)
        return base.pow(acb(exponent), analytic=bool(p.analytic))
    if isinstance(exponent, fmpq) and exponent == fmpq(1, 2):
        return square_root(base)
    s = sign(base)
    if s is None and not isinstance(base, Interval):
        raise Undecided("a power of a number near zero")
    if s == -1:
        raise Undefined("a fractional power of a negative number")
    if s == 0:
        if sign(exponent) == 1:
            return fmpq(0)
        raise Undefined("a negative power of zero")
    return apply("exp", exponent * apply("log", base))


def integer_power(base: Any, n: int, p: Point | None = None) -> Any:
    """A whole power, negative ones included; exact as long as it is not endless."""
    if isinstance(base, fmpq) and abs(n) * max(base.p.bit_length(), base.q.bit_length()) > LONGEST_EXACT:
        base = arb(base)
    if n >= 0 and isinstance(base, fmpq | arb | acb):
        return whole_power(base, n)
    if isinstance(base, Interval):
        return base.power(n)
    if isinstance(base, Jet):
        return base.through(lambda a, order: _power_taylor(a, n, order))
    if isinstance(base, acb):
        return base**n
    s = sign(base)
    if s == 0:
        if p is not None and "0 log 0 = 0" in p.conventions:
            return INFINITE[0]
        raise Undefined("division by zero")
    if s is None:
        raise Undecided("division by a number near zero")
    if isinstance(base, fmpq):
        return base**n
    return 1 / whole_power(base, -n) if base.is_finite() else fmpq(0)


def _power_taylor(a: Any, n: int, order: int) -> list:
    found, binomial = [], fmpq(1)
    for k in range(order + 1):
        found.append(fmpq(0) if binomial == 0 else integer_power(a, n - k) * binomial)
        binomial = binomial * fmpq(n - k, k + 1)
    return found


def on_the_line(z: acb, p: Point) -> None:
    """A root or a logarithm of a real number has to be of a positive one."""
    if z.imag.is_zero() and z.real < 0:
        raise Undefined("a root or a logarithm of a negative number")


def square_root(base: Any) -> Any:
    """The root, exact for squares of rationals."""
    if isinstance(base, fmpq) and base >= 0:
        top, bottom = fmpz(base.p).isqrt(), fmpz(base.q).isqrt()
        if top * top == base.p and bottom * bottom == base.q:
            return fmpq(top, bottom)
    if isinstance(base, fmpq) and base < 0:
        raise Undefined("the square root of a negative number")
    return apply("sqrt", base)


@rule("log")
def _log(e: Expr, p: Point) -> Any:
    x = value(e.args[0], p)
    if "0 log 0 = 0" in p.conventions and isinstance(x, fmpq) and x == 0:
        return INFINITE[1]
    if isinstance(x, acb):
        on_the_line(x, p)
        return x.log(analytic=bool(p.analytic))
    return apply("log", x)


def with_letter(p: Point, name: str, x: Any, e: Expr, function: Any) -> Any:
    """Evaluate with a letter bound."""
    had, before = name in p.values, p.values.get(name)
    p.values[name] = x
    try:
        return function(e, p)
    finally:
        if had:
            p.values[name] = before
        else:
            del p.values[name]


def bind(p: Point, name: str, x: Any, e: Expr) -> Any:
    """The value of `e` where a letter has the value `x`."""
    return with_letter(p, name, x, e, value)


@rule("sech", "coth", "logit", "tan")
def _expanded(e: Expr, p: Point) -> Any:
    return value(expand_function(e.head, e.args[0]), p)
