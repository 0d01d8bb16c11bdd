"""What the rules make of an expression, against its values in balls: forms, derivatives, enclosures, signs.

`faults(seed)` draws one expression and says where two readings of it differ; nothing is known of it beforehand.
"""

from collections.abc import Iterator
from dataclasses import replace
from functools import cache

from flint import arb, fmpq

from lossutils.verify.differentiate import Differentiator, NoDerivative
from lossutils.verify.expr import Expr, sym
from lossutils.verify.numbers import Interval, Jet, Undecided, Undefined, ball, interval, sign, use_precision
from lossutils.verify.points.evaluation import Point, value
from lossutils.verify.points.sample import Sampler
from lossutils.verify.proof.algebra import quotient_expr
from lossutils.verify.proof.order import Order
from lossutils.verify.proof.regions import ALWAYS
from lossutils.verify.proof.signs import GIVE_UP
from lossutils.verify.proof.smooth import smooth
from tests.verify.random_expressions import DOMAINS, Maker, problem

POINTS, BOXES, BITS = 14, 3, 128
SIGNS_EVERY, SLOPES_EVERY = 10, 400  # expressions: signs and definedness ask Z3, which takes its time
NO_VALUE = object()


def faults(seed: int) -> Iterator[str]:
    """Where two readings of the expression of this seed differ."""
    use_precision(BITS)
    maker = Maker(seed)
    e = maker.real(maker.one_of((2, 3, 3, 4)))
    order = Order(problem(e))
    points = _points(frozenset(order.problem.domains))
    values = [_value(e, p) for p in points]
    yield from _form(order, e, points, values)
    yield from _derivative(order, e, points)
    yield from _enclosures(maker, e, points, values)
    if seed % SIGNS_EVERY == 0:
        yield from _signs(order, e, points, values, 2 if seed % SLOPES_EVERY == 0 else 0)


@cache
def _points(letters: frozenset[str]) -> list[Point]:
    """Points for some letters; the edges of their domains, ties and short ranges are among them."""
    return list(Sampler(problem(*(sym(n) for n in letters if n in DOMAINS))).points(POINTS))


def _value(e: Expr, p: Point):
    """The value; `NO_VALUE` where there surely is none, None where that cannot be told."""
    try:
        return value(e, p.fresh())
    except Undefined:
        return NO_VALUE
    except (Undecided, ZeroDivisionError, OverflowError):
        return None


def _seen(x) -> bool:
    return x is not None and x is not NO_VALUE


def _differ(a, b) -> bool:
    a, b = ball(a), ball(b)
    return a.is_finite() and b.is_finite() and not a.overlaps(b)


def _with_bars(e: Expr) -> Expr:
    """The normal form's logarithms are of absolute values."""
    e = e.map(_with_bars)
    return Expr("log", Expr("abs", e.args[0])) if e.head == "log" else e


def _form(order: Order, e: Expr, points: list[Point], values: list) -> Iterator[str]:
    """Where an expression has a value, its normal form has none other."""
    try:
        form = _with_bars(quotient_expr(order.normal.quotient(e)))
    except GIVE_UP:
        return
    for p, v in zip(points, values, strict=True):
        if _seen(v) and _seen(w := _value(form, p)) and _differ(v, w):
            yield f"normal form of {e}: {form} at {p.described()}"


def _derivative(order: Order, e: Expr, points: list[Point]) -> Iterator[str]:
    """The derivative by rules, against that by infinitesimals; at kinks there is none."""
    if "x" not in e.free:
        return
    calculus, slope = Differentiator(), Expr("deriv", e, sym("x"))
    try:
        found = calculus.eliminate(slope)
    except NoDerivative:
        return
    for p in points:
        v, w = _value(slope, p), _value(found, p)
        apart = _seen(v) and _seen(w) and not isinstance(v, Jet) and not isinstance(w, Jet) and _differ(v, w)
        if apart and all(smooth(order, k, x) for k, x in calculus.kinks):
            yield f"derivative of {e}: {found} at {p.described()}"


def _enclosures(maker: Maker, e: Expr, points: list[Point], values: list) -> Iterator[str]:
    """The values over a box around a point lie within its enclosure."""
    for p, v in list(zip(points, values, strict=True))[:: POINTS // BOXES]:
        if not _seen(v):
            continue
        width = fmpq(1, maker.one_of((2, 10, 1000)))
        around = {n: Interval(x - width, x + 2 * width) if n in ("x", "y") else x for n, x in p.values.items()}
        try:
            found = interval(value(e, replace(p, values=around, cache={}, over_intervals=True)))
        except (ArithmeticError, NotImplementedError):
            continue
        if ball(v) < arb(found.low) or ball(v) > arb(found.high):
            yield f"enclosure of {e}: {found} around {p.described()}"


def _signs(order: Order, e: Expr, points: list[Point], values: list, depth: int) -> Iterator[str]:
    """What is shown to have a value has one, and what is shown to be positive is."""
    try:
        shown = order.unmet(e) is None
        strict = shown and order.holds(e, True, ALWAYS, depth)
        positive = strict or (shown and order.holds(e, False, ALWAYS, depth))
    except GIVE_UP:
        return
    for p, v in zip(points, values, strict=True):
        if shown and v is NO_VALUE:
            yield f"{e} is said to have a value at {p.described()}"
        if _seen(v) and positive and (s := sign(v)) is not None and (s < 0 or (strict and s == 0)):
            yield f"{e} is said to be positive at {p.described()}"
