"""The value of an expression at a point: exact, in balls, over an interval, or as a jet."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from flint import acb, arb, fmpq, fmpz

from ...expr import ByHead, Expr
from ...functions import FUNCTIONS, expand
from ...numbers import Interval, Jet, Number, Undecided, Undefined, hull, sign, whole_power
from ..special import apply, square_root

CHEAP = ("num", "const", "sym", "idx", "card")  # not worth remembering
LONGEST_EXACT = 50_000  # bits of an exact number


class Optimiser(Protocol):
    """What finds least and greatest values at a point: `points.minima.Optima`."""

    def __call__(self, e: Expr, point: Point) -> Number:
        """The least or greatest value, or the place where it is taken."""

    def within(self, e: Expr, x: Number, point: Point) -> bool:
        """Whether a place lies for certain where the letter may vary."""


MOST_SHOWN = 40  # components of a family at a point


@dataclass
class Point:
    """Values for the letters: numbers, components of families, sets of indices. Bound letters come and go."""

    values: dict[str, Number]
    families: dict[tuple[str, tuple[int, ...]], Number] = field(default_factory=dict)
    sets: dict[str, frozenset[int]] = field(default_factory=dict)
    zeros: frozenset[Expr] = frozenset()  # parts that vanish here for certain: a letter is a root that balls enclose
    beyond: Callable[[str, tuple[int, ...]], Number] | None = None  # components outside a family's range
    conventions: frozenset[str] = frozenset()
    cache: dict[tuple[Any, ...], Any] = field(default_factory=dict)
    jets: int = 0  # how many derivatives are being taken
    optima: Optimiser | None = None
    analytic: bool | None = None  # inside an integral: whether roots and logarithms have to be analytic
    direction: int = 0  # 1 or -1: infinitesimals have that sign, where a tie is to be broken
    flat: int = 0  # while a condition is tested, infinitesimals do not count
    over_intervals: bool = False  # then a condition that holds on part of an interval gives the hull of both answers

    def fresh(self) -> Point:
        """The same point with nothing remembered, for another precision."""
        return replace(self, cache={}, jets=0)

    def described(self) -> dict[str, str]:
        """The letters with their values, families as vectors, sets in braces."""
        found = {n: _shown(v) for n, v in sorted(self.values.items()) if "·" not in n}
        families: dict[str, list[str]] = {}
        for (name, at), v in sorted(self.families.items()):
            families.setdefault(name, []).append(_shown(v) if len(at) < 2 else f"{list(at)}: {_shown(v)}")
        found |= {n: f"({_listed(vs)})" for n, vs in families.items()}
        return found | {n: "{" + _listed([*map(str, sorted(s))]) + "}" for n, s in sorted(self.sets.items())}


def _listed(items: list[str]) -> str:
    """The items, or the first and the last of very many."""
    return ", ".join(items if len(items) <= MOST_SHOWN else [*items[: MOST_SHOWN // 2], "…", items[-1]])


def _shown(x: Number) -> str:
    return (
        str(x) if isinstance(x, fmpq | fmpz) else str(x.str(15, radius=False)) + "…" if isinstance(x, arb) else str(x)
    )


rule: ByHead[Callable[[Expr, Point], Number]] = ByHead()  # what evaluates a head


def value(e: Expr, point: Point) -> Number:
    """The value; `Undefined` where there is none, `Undecided` where the precision does not tell."""
    if point.zeros and e in point.zeros:
        return _vanishing(e, point)
    return _evaluated(e, point)


def _vanishing(e: Expr, point: Point) -> Number:
    """What is known to be zero here; its derivatives need not be."""
    found = _evaluated(e, point) if point.jets else fmpq(0)
    return Jet({**found.parts, 0: fmpq(0)}) if isinstance(found, Jet) else fmpq(0)


def _evaluated(e: Expr, point: Point) -> Number:
    own = rule.get(e)
    if own is None:
        if len(e.args) != 1:
            raise Undecided(f"{e.head} cannot be evaluated")
        if (expanded := expand(e)) is not None and FUNCTIONS[e.head].on_ball is None:
            return value(expanded, point)
        return apply(e.head, value(e.args[0], point))
    if e.head in CHEAP or point.jets:
        return own(e, point)
    key = (e, *[point.values.get(n) for n in sorted(e.free) if "·" in n or n[0] == "§"])
    try:
        found = point.cache[key]
    except KeyError:
        found = point.cache[key] = _attempt(own, e, point)
    except (TypeError, ValueError):  # an interval or a complex ball among the bound values
        return own(e, point)
    if isinstance(found, ArithmeticError):
        raise found
    return found


def _attempt(own: Callable[[Expr, Point], Number], e: Expr, point: Point) -> Number:
    """A value, or the reason why there is none: both are remembered."""
    try:
        return own(e, point)
    except (Undefined, Undecided) as why:
        return why


@rule("num")
def _num(e: Expr, p: Point) -> fmpq:
    return fmpq(e.args[0].numerator, e.args[0].denominator)


@rule("const")
def _const(e: Expr, p: Point) -> Number:
    return {"pi": arb.pi, "e": lambda: arb(1).exp(), "inf": arb.pos_inf}[e.args[0]]()


@rule("rounded")
def _rounded(e: Expr, p: Point) -> Number:
    return value(e.args[0], p)


@rule("sym")
def _sym(e: Expr, p: Point) -> Number:
    try:
        found = p.values[e.args[0]]
    except KeyError:
        raise Undecided(f"{e} has no value") from None
    return found.base if p.flat and isinstance(found, Jet) else found


def whole(x: Number) -> int:
    """An exact whole number, as an index or a bound has to be."""
    if isinstance(x, fmpq) and x.q == 1:
        return int(x.p)
    if isinstance(x, int | fmpz):
        return int(x)
    raise Undefined("an index that is not a whole number")


@rule("idx")
def _idx(e: Expr, p: Point) -> Number:
    at = tuple(whole(value(i, p)) for i in e.args[1:])
    found = p.families.get((e.args[0], at))
    if found is None:
        if p.beyond is None:
            raise Undefined(f"{e.args[0]} has no component {', '.join(map(str, at))}")
        found = p.families[e.args[0], at] = p.beyond(e.args[0], at)
    return found.base if p.flat and isinstance(found, Jet) else found


@rule("add")
def _add(e: Expr, p: Point) -> Number:
    total = value(e.args[0], p)
    for a in e.args[1:]:
        total = total + value(a, p)
    return checked(total)


def checked(x: Number) -> Number:
    """A number that is one: infinity minus infinity is none."""
    if isinstance(x, arb) and x.is_nan():
        raise Undecided("infinity minus infinity, or zero times infinity")
    return x


@rule("mul")
def _mul(e: Expr, p: Point) -> Number:
    """A product; where 0 log 0 = 0 is agreed, one with an exact zero is zero whatever its logarithms are."""
    extended = "0 log 0 = 0" in p.conventions
    product: Number = fmpq(1)
    factors, delayed = list(e.args), []
    if p.over_intervals:
        for a in e.args:
            if a.head == "log" and a.args[0] in factors and a in factors:
                product = product * times_its_log(value(a.args[0], p))
                factors.remove(a)
                factors.remove(a.args[0])
    for a in factors:
        if extended and a.has("log"):
            delayed.append(a)
            continue
        product = product * value(a, p)
    if delayed and isinstance(product, fmpq) and product == 0:
        return fmpq(0)
    for a in delayed:
        product = product * value(a, p)
    return checked(product)


def times_its_log(x: Number) -> Number:
    """x log x over an interval: it falls to -1/e at 1/e, and rises from there."""
    if not isinstance(x, Interval):
        return x * apply("log", x)
    if x.low < 0:
        raise Undecided("log of what may be negative")
    ends = [fmpq(0) if end.is_zero() else end if not end.is_finite() else end * end.log() for end in (x.low, x.high)]
    turn = (-arb(1)).exp()
    return hull(*ends, -turn) if x.low <= turn and turn <= x.high else hull(*ends)


@rule("pow")
def _pow(e: Expr, p: Point) -> Number:
    base, exponent = value(e.args[0], p), value(e.args[1], p)
    if isinstance(exponent, fmpq) and exponent.q == 1 and abs(int(exponent.p)) < 10**6:
        return integer_power(base, int(exponent.p))
    if isinstance(base, acb):
        on_the_line(base)
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


def integer_power(base: Number, n: int) -> Number:
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
        raise Undefined("division by zero")
    if s is None:
        raise Undecided("division by a number near zero")
    if isinstance(base, fmpq):
        return base**n
    return 1 / whole_power(base, -n) if base.is_finite() else fmpq(0)


def _power_taylor(a: Number, n: int, order: int) -> list[Number]:
    found, binomial = [], fmpq(1)
    for k in range(order + 1):
        found.append(fmpq(0) if binomial == 0 else integer_power(a, n - k) * binomial)
        binomial = binomial * fmpq(n - k, k + 1)
    return found


def on_the_line(z: acb) -> None:
    """A root or a logarithm of a real number has to be of a positive one."""
    if z.imag.is_zero() and z.real < 0:
        raise Undefined("a root or a logarithm of a negative number")


@rule("log")
def _log(e: Expr, p: Point) -> Number:
    x = value(e.args[0], p)
    if isinstance(x, acb):
        on_the_line(x)
        return x.log(analytic=bool(p.analytic))
    return apply("log", x)


def with_letter(p: Point, name: str, x: Number, e: Expr, function: Callable[[Expr, Point], Any]) -> Any:
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


def bind(p: Point, name: str, x: Number, e: Expr) -> Number:
    """The value of `e` where a letter has the value `x`."""
    return with_letter(p, name, x, e, value)
