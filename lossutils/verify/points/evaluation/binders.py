"""Values of what binds a letter: sums, products, extrema, derivatives, integrals, limits."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from typing import Any

from flint import acb, arb, fmpq

from ...conditions import condition_of, decide, find_condition
from ...differentiate import Differentiator, NoDerivative, constant_slope
from ...expr import OPTIMA, Expr, sub
from ...numbers import Interval, Jet, Number, Undecided, Undefined, ball, compare
from .core import Point, bind, checked, rule, value, whole, with_letter
from .pieces import agreeing, holds, larger

LONGEST_SUM = 25_000
# where limits are looked at: 1 over these from a point, or this far out; no multiples of one another
FAR = (fmpq(10**30) + fmpq(1, 3), fmpq(10**35 * 3, 11), fmpq(10**40, 7), fmpq(10**70 * 2, 13))
_CUTS = (fmpq(-90), fmpq(-9), fmpq(0), fmpq(9), fmpq(90))
REACHES = (1500, 2000)  # where unbounded integrals are cut off
INTEGRAL_BITS, MOST_EVALUATIONS = 80, 4000


def members(range_: Expr, variable: str, p: Point) -> Iterator[int]:
    """The indices a sum runs over."""
    indices: Sequence[int]
    if range_.head == "in":
        indices, conditions = sorted(p.sets[range_.args[0].args[0]]), range_.args[1:]
    else:
        low, high = (whole(value(b, p)) for b in range_.args[:2])
        if high - low > LONGEST_SUM:
            raise Undecided("too long a sum")
        indices, conditions = range(low, high + 1), range_.args[2:]
    for i in indices:
        answers = [with_letter(p, variable, fmpq(i), c, holds) for c in conditions]
        if None in answers and False not in answers:
            raise Undecided("a condition on an index near equality")
        if all(answers):
            yield i


def _over(e: Expr, p: Point) -> list[Number]:
    variable, range_, body = e.args
    return [bind(p, variable.args[0], fmpq(i), body) for i in members(range_, variable.args[0], p)]


@rule("sum")
def _sum(e: Expr, p: Point) -> Number:
    total: Number = fmpq(0)
    for x in _over(e, p):
        total = total + x
    return checked(total)


@rule("prod")
def _prod(e: Expr, p: Point) -> Number:
    product: Number = fmpq(1)
    for x in _over(e, p):
        product = product * x
    return product


@rule("maxover")
def _maxover(e: Expr, p: Point) -> Number:
    found = _over(e, p)
    if not found:
        raise Undefined("the maximum over nothing")
    best = found[0]
    for x in found[1:]:
        best = larger(best, x, p.direction)
    return best


@rule("minover")
def _minover(e: Expr, p: Point) -> Number:
    return -_maxover(Expr("maxover", *e.args[:2], Expr("mul", Expr("num", Fraction(-1)), e.args[2])), p)


@rule("card")
def _card(e: Expr, p: Point) -> fmpq:
    return fmpq(len(p.sets[e.args[0].args[0]]))


@rule("deriv")
def _deriv(e: Expr, p: Point) -> Number:
    """Give each variable an infinitesimal of its own and read off the coefficient of their product."""
    body, *variables = e.args
    mask, undo = 0, list[Callable[[], None]]()
    p.jets += 1
    try:
        for n, v in enumerate(variables):
            bit = 1 << (8 * (p.jets - 1) + n)
            mask |= bit
            undo.append(_seed(v, bit, p))
        try:
            return _coefficient(value(body, p), mask)
        except Undefined:
            if p.direction:
                raise
            return _from_both_sides(body, mask, p)
    finally:
        for restore in reversed(undo):
            restore()
        p.jets -= 1


def _from_both_sides(body: Expr, mask: int, p: Point) -> Number:
    """Where pieces meet: the slope from the right and from the left, if they agree and the values do."""
    found = []
    try:
        for p.direction in (1, -1):
            x = value(body, p)
            found.append((x.base if isinstance(x, Jet) else x, _coefficient(x, mask)))
    finally:
        p.direction = 0
    p.flat += 1
    try:
        here = value(body, p)
    finally:
        p.flat -= 1
    here = here.base if isinstance(here, Jet) else here
    for x, y in ((found[0][0], here), (found[1][0], here), (found[0][1], found[1][1])):
        agreeing(x, y, "not differentiable where its pieces meet")
    return found[0][1]


def _seed(v: Expr, bit: int, p: Point) -> Callable[[], None]:
    store: dict[Any, Number] = p.values if v.head == "sym" else p.families
    key: Any = v.args[0] if v.head == "sym" else (v.args[0], tuple(whole(value(i, p)) for i in v.args[1:]))
    before = value(v, p)
    store[key] = Jet({0: before}) + Jet({bit: fmpq(1)}) if not isinstance(before, Jet) else before + Jet({bit: fmpq(1)})
    return lambda: store.__setitem__(key, before)


def _coefficient(x: Number, mask: int) -> Number:
    if not isinstance(x, Jet):
        return fmpq(0)
    parts = {m & ~mask: v for m, v in x.parts.items() if m & mask == mask}
    if not parts:
        return fmpq(0)
    return parts[0] if set(parts) == {0} else Jet(parts)


@rule("at")
def _at(e: Expr, p: Point) -> Number:
    body, variable, where = e.args
    x = value(where, p)
    if variable.head == "sym":
        return bind(p, variable.args[0], x, body)
    key = (variable.args[0], tuple(whole(value(i, p)) for i in variable.args[1:]))
    before, p.families[key] = value(variable, p), x
    try:
        return value(body, replace(p, cache={}))
    finally:
        p.families[key] = before


@rule("integral")
def _integral(e: Expr, p: Point) -> Number:
    body, variable, low, high = e.args
    a, b = (value(x, p) for x in (low, high))
    if isinstance(a, Jet | Interval) or isinstance(b, Jet | Interval) or p.jets:
        raise Undecided("an integral inside a derivative")
    if not (ball(a).is_finite() and ball(b).is_finite()):
        return _unbounded(e, a, b, p)
    if ball(a).overlaps(ball(b)) and a == b:
        return fmpq(0)
    if body.has("deriv", "at"):
        calculus = Differentiator()
        try:
            body = calculus.eliminate(body)
        except NoDerivative as why:
            raise Undecided(f"no derivative of {why}") from None
        if calculus.kinks:
            raise Undecided("an integral of a derivative that may not exist")
    for k in range(1, 8):  # where it has no value, neither has the integral
        bind(p, variable.args[0], a + (b - a) * fmpq(k, 8), body)
    name = variable.args[0]
    total: Number = fmpq(0)
    far = bool(abs(ball(b - a)) >= min(REACHES))  # then the tails, which are next to nothing, apart
    cuts = [c for c in _CUTS if far and ((a < c and c < b) or (b < c and c < a))]
    breaks = [*cuts, *_breaks(body, name, a, b, p)]
    breaks.sort(key=lambda x: float(ball(x).mid()), reverse=bool(ball(a) > ball(b)))
    for left, right in pairwise([a, *breaks, b]):
        total = total + _analytic(_piece(body, name, (left + right) / 2, p), name, left, right, p)
    return total


def _breaks(body: Expr, name: str, a: Number, b: Number, p: Point) -> list[Number]:
    """Where a condition on the variable changes between the limits; it has to be linear, and without pieces itself."""
    found = []
    for e in body.walk():
        condition = condition_of(e)
        if condition is None or name not in condition.free:
            continue
        gap = sub(*condition.args)
        slope = constant_slope(gap, name)
        if slope is None:
            raise Undecided("an integral of a function in pieces that are not told apart")
        root = -bind(p, name, fmpq(0), gap) / value(slope, p)
        if (compare(root, a) or 0) * (compare(root, b) or 0) < 0:
            found.append(root)
    return sorted(found, key=lambda x: float(ball(x).mid()), reverse=bool(ball(a) > ball(b)))


def _piece(body: Expr, name: str, middle: Number, p: Point) -> Expr:
    """What a function in pieces is around a place."""
    while (condition := find_condition(body, frozenset())) is not None:
        truth = with_letter(p, name, middle, condition, holds)
        if truth is None:
            raise Undecided("which piece")
        body = decide(body, condition, truth)
    return body


def _analytic(body: Expr, name: str, a: Number, b: Number, p: Point) -> arb:
    """Arb's integral of an analytic function."""

    def integrand(z: acb, analytic: bool) -> acb:
        if stopped:
            return acb("nan")
        p.analytic = analytic
        try:
            return acb(bind(p, name, z, body))
        except Undefined as why:
            if z.imag.is_zero() and z.real.is_exact():
                stopped.append(why)
            return acb("nan")
        except (Undecided, ZeroDivisionError, TypeError):
            return acb("nan")
        except BaseException as why:  # an exception must not cross the integrator
            stopped.append(why)
            return acb("nan")

    stopped: list[BaseException] = []
    accuracy = arb(2) ** -INTEGRAL_BITS
    result = acb.integral(integrand, ball(a), ball(b), rel_tol=accuracy, abs_tol=accuracy, eval_limit=MOST_EVALUATIONS)
    if stopped:
        raise stopped[0]
    if not result.is_finite() or not result.imag.contains(0):
        raise Undecided("the integrand is not analytic near the range")
    return result.real


def _unbounded(e: Expr, a: Number, b: Number, p: Point) -> arb:
    """Cut off far out, unless the integrand has not faded there: then the integral has no finite value."""
    body, variable = e.args[:2]
    for x, far in ((a, -REACHES[1]), (b, REACHES[1])):
        if not ball(x).is_finite():
            rest = ball(bind(p, variable.args[0], fmpq(far), body))
            if abs(rest) > fmpq(1, abs(far)):
                return rest * arb.pos_inf()
    return _settled(*(_integral(_truncated(e, a, b, reach), p) for reach in REACHES))


def _truncated(e: Expr, a: Number, b: Number, reach: int) -> Expr:
    body, variable, low, high = e.args
    ends = [
        Expr("num", Fraction(reach if ball(x) > 0 else -reach)) if not ball(x).is_finite() else end
        for x, end in ((a, low), (b, high))
    ]
    return Expr("integral", body, variable, *ends)


def _settled(*values: Number) -> arb:
    """A ball around a limit, from values on the way: evidence, not proof, so only if they hardly differ."""
    near, *others = balls = [ball(v) for v in values]
    for sign_ in (1, -1):  # as slowly as a logarithm, but without end
        if len(balls) > 2 and all(sign_ * (b - a) > 1 + abs(a) / 16 for a, b in pairwise(balls)):
            return sign_ * arb.pos_inf()
    if all(abs(far) > 2 * abs(near) and abs(far) > 10**8 for far in others):
        signs = {bool(far > 0) for far in others}
        if len(signs) == 1:
            return arb.pos_inf() if signs.pop() else arb.neg_inf()
    found = others[-1]
    for far in [near, *others[:-1]]:
        gap, size = abs(far - others[-1]), abs(others[-1]) + 1
        if not gap < size * arb(2) ** -40:
            raise Undecided("no limit is in sight")
        found = found.union(far)
    return found


@rule("limit")
def _limit(e: Expr, p: Point) -> Number:
    body, variable, point, side = e.args
    at = value(point, p)
    if isinstance(at, Jet | Interval) or p.jets:
        raise Undecided("a limit inside a derivative")
    if isinstance(at, arb) and not at.is_finite():
        places = [(far if at > 0 else -far) for far in FAR]
        return _settled(*(bind(p, variable.args[0], x, body) for x in places))
    found = []
    for sign_ in (1, -1) if not side else (1,) if side == "+" else (-1,):
        found.append(_settled(*(bind(p, variable.args[0], at + sign_ / far, body) for far in FAR)))
    if len(found) == 2 and not found[0].overlaps(found[1]):
        raise Undefined("the limits from the two sides differ")
    return found[0]


@rule(*OPTIMA)
def _optimum(e: Expr, p: Point) -> Number:
    if p.optima is None or p.jets:
        raise Undecided(f"{e.head} inside a derivative")
    return p.optima(e, p)
