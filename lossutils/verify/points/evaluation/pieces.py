"""Values of functions in pieces, and of conditions."""

from __future__ import annotations

from fractions import Fraction

from flint import arb, fmpq

from ...expr import Expr, branches, neg, num, sub, substitute
from ...numbers import Interval, Jet, Number, Undecided, Undefined, ball, compare, hull, sign
from .core import Point, rule, value, whole


@rule("abs")
def _abs(e: Expr, p: Point) -> Number:
    x = value(e.args[0], p)
    if isinstance(x, Interval):
        return hull(0, -x, x) if sign(x) is None else abs_certain(x)
    if isinstance(x, arb):
        return abs(x)
    return larger(x, -x, p.direction)


def abs_certain(x: Interval) -> Interval:
    """The absolute value of an interval on one side of zero."""
    return -x if x.high <= 0 else x


def side(x: Number, direction: int) -> int:
    """The sign of a jet without a base, its infinitesimals small numbers of one sign; 0 if that does not tell."""
    if not direction or not isinstance(x, Jet):
        return 0
    signs = {sign(v) for mask, v in x.parts.items() if mask.bit_count() == 1} - {0}
    return direction * (signs.pop() or 0) if len(signs) == 1 else 0


def larger(a: Number, b: Number, direction: int = 0) -> Number:
    """The maximum; between jets it exists where one is larger, or both are the same, or on one side of a tie."""
    if isinstance(a, Interval) or isinstance(b, Interval):
        a, b = hull(a), hull(b)
        return Interval(a.low.max(b.low), a.high.max(b.high))
    order = compare(a, b)
    if isinstance(a, Jet) or isinstance(b, Jet):
        if order == 0:
            if towards := side(a - b, direction):
                return a if towards > 0 else b
            return agreeing(a, b, "the maximum of two functions is not differentiable where they meet")
        if order is None:
            raise Undecided("which is larger")
    if order is None:
        return ball(a).max(ball(b))
    return a if order >= 0 else b


def agreeing(a: Number, b: Number, why: str) -> Number:
    """The first of two numbers or jets that have to be the same."""
    difference = a - b
    for part in difference.parts.values() if isinstance(difference, Jet) else [difference]:
        s = sign(part)
        if s:
            raise Undefined(why)
        if s is None and not ball(part).rad() < arb(2) ** -60:
            raise Undecided(why)
    return a


@rule("max")
def _max(e: Expr, p: Point) -> Number:
    found = value(e.args[0], p)
    for a in e.args[1:]:
        found = larger(found, value(a, p), p.direction)
    return found


@rule("min")
def _min(e: Expr, p: Point) -> Number:
    found = -value(e.args[0], p)
    for a in e.args[1:]:
        found = larger(found, -value(a, p), p.direction)
    return -found


@rule("sign")
def _sign(e: Expr, p: Point) -> Number:
    x = value(e.args[0], p)
    s = sign(x)
    if s is None:
        if isinstance(x, Interval):
            return Interval(-1, 1)
        raise Undecided("the sign of a number near zero")
    if s == 0 and p.jets and not p.flat:
        if towards := side(x, p.direction):
            return fmpq(towards)
        raise Undefined("the sign is not differentiable at zero")
    return fmpq(s)


@rule("floor")
def _floor(e: Expr, p: Point) -> Number:
    x = value(e.args[0], p)
    if isinstance(x, fmpq):
        return fmpq(x.floor())
    raise Undecided("the integer part of a ball")


def holds(condition: Expr, p: Point) -> bool | None:
    """Whether a condition holds; None where the balls cannot tell."""
    p.flat += 1
    try:
        return _holds(condition, p)
    finally:
        p.flat -= 1


def _holds(condition: Expr, p: Point) -> bool | None:
    head = condition.head
    if head == "and":
        answers = [holds(c, p) for c in condition.args]
        return False if False in answers else None if None in answers else True
    if head == "not":
        answer = holds(condition.args[0], p)
        return None if answer is None else not answer
    if head in ("in", "notin") and p.direction and condition.args[1].head in ("interval", "set"):
        inside = _holds(_spelled(*condition.args), p)
        return inside if head == "in" or inside is None else not inside
    if head in ("in", "notin"):
        inside = member(value(condition.args[0], p), condition.args[1], p)
        return inside if head == "in" or inside is None else not inside
    order = compare(value(condition.args[0], p), value(condition.args[1], p))
    if order is None and p.zeros and vanishes(sub(*condition.args), p):
        order = 0
    if order is None:
        return None
    if order == 0 and p.direction:
        order = _beside(condition, p)
    return {"=": order == 0, "<": order < 0, "<=": order <= 0, "!=": order != 0}[head]


def vanishes(e: Expr, p: Point) -> bool:
    """Whether an expression is known to be zero here, the letters bound around it being what they are."""
    for name in e.free:
        x = p.values.get(name)
        if "·" in name and isinstance(x, fmpq):
            e = substitute(e, name, num(Fraction(int(x.p), int(x.q))))
    return e in p.zeros or neg(e) in p.zeros


def _spelled(x: Expr, group: Expr) -> Expr:
    """Membership as comparisons, whose borders can be looked at from either side."""
    if group.head == "set":
        return Expr("not", Expr("and", *(Expr("!=", x, g) for g in group.args)))
    low, high, ends = group.args
    return Expr("and", Expr("<=" if ends[0] == "[" else "<", low, x), Expr("<=" if ends[1] == "]" else "<", x, high))


def member(x: Number, group: Expr, p: Point) -> bool | None:
    """Whether a value lies in a set of indices, a finite set or an interval; None where the balls cannot tell."""
    if group.head == "sym":
        if group.args[0] not in p.sets:
            raise Undecided(f"{group} is not declared as a set")
        return whole(x) in p.sets[group.args[0]]
    if group.head == "set":
        answers = [compare(x, value(g, p)) for g in group.args]
        return True if 0 in answers else None if None in answers else False
    low, high, ends = group.args
    below, above = compare(x, value(low, p)), compare(value(high, p), x)
    if below is None or above is None:
        return None
    return (below > 0 or (below == 0 and ends[0] == "[")) and (above > 0 or (above == 0 and ends[1] == "]"))


def _beside(condition: Expr, p: Point) -> int:
    """Which side of a condition's border the infinitesimals lie on."""
    flat, p.flat = p.flat, 0
    try:
        a, b = (value(x, p) for x in condition.args)
    finally:
        p.flat = flat
    return side(a - b, p.direction)


@rule("bool")
def _bool(e: Expr, p: Point) -> Number:
    if p.jets and not p.flat and not p.direction and _moves_across(e.args[0], p):
        raise Undefined("not differentiable where a condition begins or ceases to hold")
    answer = holds(e.args[0], p)
    if answer is None:
        if p.over_intervals:
            return Interval(0, 1)
        raise Undecided("a condition near equality")
    return fmpq(int(answer))


@rule("cases")
def _cases(e: Expr, p: Point) -> Number:
    possible: list[Number] = []
    for condition, branch in branches(e):
        answer = True if condition is None else holds(condition, p)
        if answer:
            chosen = value(branch, p)
            if possible:
                return hull(*possible, chosen)
            return _smooth(e, condition, branch, chosen, p) if p.jets and not p.flat and not p.direction else chosen
        if answer is None:
            if not p.over_intervals:
                raise Undecided("which case applies")
            possible.append(value(branch, p))
    raise Undefined("no case applies")


def _smooth(e: Expr, condition: Expr | None, branch: Expr, chosen: Number, p: Point) -> Number:
    """A derivative where a case begins or ends has to be the neighbouring case's too."""
    for other, neighbour in branches(e):
        if neighbour is not branch and _touching(condition, p) | _touching(other, p):
            agreeing(chosen, value(neighbour, p), "not differentiable where two cases meet")
    return chosen


def _moves_across(condition: Expr, p: Point) -> bool:
    """Whether what is differentiated by stands at the border of a condition."""
    if condition.head in ("and", "not"):
        return any(_moves_across(c, p) for c in condition.args)
    if condition.head in ("in", "notin"):
        x, group = value(condition.args[0], p), condition.args[1]
        ends = group.args[:2] if group.head == "interval" else group.args if group.head == "set" else ()
        return isinstance(x, Jet) and any(compare(x, value(end, p)) == 0 for end in ends)
    sides = [value(a, p) for a in condition.args]
    return any(isinstance(x, Jet) for x in sides) and compare(*sides) == 0


def _touching(condition: Expr | None, p: Point) -> bool:
    if condition is None:
        return False
    if condition.head in ("and", "not"):
        return any(_touching(c, p) for c in condition.args)
    if condition.head in ("in", "notin"):
        return False
    p.flat += 1
    try:
        return compare(value(condition.args[0], p), value(condition.args[1], p)) == 0
    finally:
        p.flat -= 1
