"""A relation at one point, in balls: it holds, it fails, a side has no value, or the balls do not tell.

What fails is refuted, so it has to fail for certain: two balls that are disjoint, or two exact numbers.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from itertools import pairwise

from flint import arb, fmpq

from ..expr import INFINITY, OPTIMA, OVER_INDEX, ZERO, Expr, neg, sub
from ..numbers import Interval, Number, Undecided, Undefined, ball, compare, use_precision
from .evaluation import Point, bind, member, value

PRECISIONS = (256, 1280)
AGREEING_BITS = 90  # of the larger side, that two equal sides have to share
SETS = ("interval", "set")
_SIMPLE = [fmpq(p, q) for p, q in ((0, 1), (1, 1), (-1, 1), (1, 2), (2, 1), (-2, 1), (10, 1), (-10, 1))]
MOST_EFFORT = 1_000_000  # values, at all points of a relation together
MANY_BITS, LITTLE_EFFORT = 20_480, 2_000  # at which two sides that seem equal are looked at again
COARSE_BITS = 18  # where a least value was searched for, or a limit approached


@dataclass(frozen=True)
class Outcome:
    """holds, fails, undefined or unclear at a point, with the values of both sides."""

    kind: str
    left: Number = None
    right: Number = None
    reason: str = ""


def at_point(a: Expr, relation: str, b: Expr, point: Point) -> Outcome:
    """Compare two sides at a point, with more precision where the first does not tell."""
    outcome = Outcome("unclear")
    constant = not (point.values or point.families)
    for bits in (*PRECISIONS, 5120 if constant else 8192):
        if bits == 8192 and effort(a, point) + effort(b, point) > LITTLE_EFFORT:
            break
        use_precision(bits)
        outcome = _compare(a, relation, b, point if bits == PRECISIONS[0] else point.fresh())
        seen_equal = outcome.kind == "holds" and outcome.reason and not (point.values or point.families)
        if outcome.kind != "unclear" and not seen_equal:  # one point: only its digits can tell
            break
    use_precision(PRECISIONS[0])
    return outcome


def differs_closely(a: Expr, b: Expr, point: Point) -> Outcome | None:
    """Of two sides that agreed as far as was computed: that they differ after all, seen with many more digits."""
    if effort(a, point) + effort(b, point) > LITTLE_EFFORT:
        return None
    use_precision(MANY_BITS)
    outcome = _compare(a, "=", b, point.fresh())
    use_precision(PRECISIONS[0])
    return outcome if outcome.kind == "fails" else None


def comparisons(a: Expr, relation: str, b: Expr) -> list[tuple[Expr, str, Expr]]:
    """A membership as comparisons that all have to hold; nothing if it is none, or says that one of several holds."""
    if relation == "in" and b.head == "interval" and a.head not in OPTIMA:
        low, high, ends = b.args
        found = [(low, "<=" if ends[0] == "[" else "<", a), (a, "<=" if ends[1] == "]" else "<", high)]
        return [(x, r, y) for x, r, y in found if neg(INFINITY) is not x and y is not INFINITY]
    if relation == "notin" and b.head == "set":
        return [(a, "!=", x) for x in b.args]
    if relation == "notin" and b.head == "interval" and b.args[2] in ("[]", "()"):
        outside = Expr("max", sub(b.args[0], a), sub(a, b.args[1]))
        return [(ZERO, "<" if b.args[2] == "[]" else "<=", outside)]
    return []


def effort(e: Expr, point: Point) -> int:
    """About how many values it takes to evaluate an expression at a point: sums take as many as they have terms."""
    return _effort(e, point, {})


def _effort(e: Expr, point: Point, known: dict[Expr, int]) -> int:
    if e not in known:
        within = sum(_effort(c, point, known) for c in e.children)
        known[e] = 1 + within * (_terms(e, point) if e.head in OVER_INDEX else 1)
    return known[e]


def _terms(e: Expr, point: Point) -> int:
    """How many terms there are at most; of a range with ends that vary, as many as the largest number allows."""
    ends = e.args[1].args[:2] if e.args[1].head == "range" else ()
    with suppress(ArithmeticError, AttributeError, KeyError, TypeError, ValueError):
        low, high = (int(value(end, point).p) for end in ends)
        return max(high - low + 1, 0)
    return max(
        [int(x.p) for x in point.values.values() if isinstance(x, fmpq) and x.q == 1 and 0 < x < 10**6], default=1
    )


def beaten(a: Expr, b: Expr, point: Point) -> Outcome | None:
    """Where a = argmin or a least value is claimed: another place as good or better, if a quick look finds one."""
    if a.head not in OPTIMA:
        a, b = b, a
    if a.head not in OPTIMA or b.head in ("interval", "set"):
        return None
    variable, body = a.args[:2]
    name, sign_, places = variable.args[0], -1 if a.head in ("argmax", "most", "sup") else 1, a.head[:3] == "arg"
    claimed = value(b, point)
    if places and name not in body.free:
        return Outcome("fails", None, claimed)  # the same everywhere
    try:
        best = bind(point, name, claimed, body) if places else claimed
    except (Undefined, Undecided):
        return None
    centre = claimed if isinstance(claimed, fmpq) else ball(claimed).mid().fmpq()
    steps = [s * fmpq(10) ** -k for k in (-2, -1, 0, 1, 3, 6) for s in (1, -1)]
    elsewhere = (fmpq(0), fmpq(1), fmpq(-1)) if places else _SIMPLE
    for x in [*elsewhere, *(centre + step for step in steps if places)]:
        if point.optima is None or not point.optima.within(a, x, point):
            continue
        try:
            found = bind(point, name, x, body)
        except (Undefined, Undecided):
            continue
        if isinstance(found, Interval):
            continue
        order = compare(sign_ * found, sign_ * best)
        if order == -1 or (order == 0 and places and compare(x, claimed) in (1, -1)):
            return Outcome("fails", x if places else found, claimed)
    return None


def outran(a: Expr, b: Expr, point: Point) -> bool:
    """Whether a claim of a least value fails at a point, or has no value there, as far as is seen without a search."""
    use_precision(PRECISIONS[0])
    try:
        if beaten(a, b, point) is not None:
            return True
        e, other = (a, b) if a.head in OPTIMA else (b, a)
        for x in other.children if other.head in SETS else (other,):
            place = value(x, point)
            if e.head in ("argmin", "argmax"):
                bind(point, e.args[0].args[0], place, e.args[1])
    except Undefined:
        return True
    except (Undecided, ZeroDivisionError, OverflowError):
        return False
    return False


def _compare(a: Expr, relation: str, b: Expr, point: Point) -> Outcome:
    if a.head in SETS or (b.head in SETS and relation not in ("=", "in", "notin")):
        return Outcome("unclear", reason="a set can only stand on the right, after = or after a membership sign")
    try:
        if relation == "=" and (quick := beaten(a, b, point)):
            return quick
        if relation == "=" and b.head in SETS:
            return _is_set(a, b, point)
        left = value(a, point)
    except Undefined as why:
        return Outcome("undefined", reason=f"the left side has no value: {why}")
    except (Undecided, ZeroDivisionError, OverflowError) as why:
        return Outcome("unclear", reason=str(why))
    if b.head in SETS:
        return _in_set(left, relation, b, point)
    try:
        right = value(b, point)
    except Undefined as why:
        return Outcome("undefined", left, reason=f"the right side has no value: {why}")
    except (Undecided, ZeroDivisionError, OverflowError) as why:
        return Outcome("unclear", reason=str(why))
    if relation == "~":
        return _approximately(left, right, b)
    coarse = any(e.has(*OPTIMA, "limit", "integral") for e in (a, b))
    order = 0 if point.zeros and {sub(a, b), sub(b, a)} & point.zeros else compare(left, right)
    if order is None:
        close = relation == "=" and agree(left, right, COARSE_BITS if coarse else AGREEING_BITS)
        return Outcome("holds" if close else "unclear", left, right, "the two sides cannot be told apart")
    good = {"=": order == 0, "<": order < 0, "<=": order <= 0, "!=": order != 0}[relation]
    return Outcome("holds" if good else "fails", left, right)


def agree(left: Number, right: Number, bits: int = AGREEING_BITS) -> bool:
    """Whether two overlapping balls are narrow enough for their overlap to mean something."""
    gap, size = ball(left) - ball(right), abs(ball(left)) + abs(ball(right))
    if not gap.is_finite():
        return False
    spread = gap.abs_upper()
    return bool(spread < size * arb(2) ** -bits or spread < arb(2) ** (-2 * bits))


def _approximately(left: Number, right: Number, b: Expr) -> Outcome:
    """Equal to half a unit of the last digit shown."""
    off = abs(ball(left) - ball(right)) - fmpq(10) ** b.args[1] / 2
    if off <= 0:
        return Outcome("holds", left, right)
    return Outcome("fails" if off > 0 else "unclear", left, right)


def _in_set(left: Number, relation: str, b: Expr, point: Point) -> Outcome:
    """Whether a value is a member of an interval or a finite set."""
    try:
        inside = member(left, b, point)
    except (Undefined, Undecided) as why:
        return Outcome("unclear", reason=str(why))
    if inside is None:
        return Outcome("unclear", left, None, "on the border of the set, as far as can be told")
    return Outcome("holds" if inside == (relation == "in") else "fails", left)


def _is_set(a: Expr, b: Expr, point: Point) -> Outcome:
    """Whether the minimisers are those of an interval or a finite set, no more and no fewer."""
    if a.head not in ("argmin", "argmax"):
        return Outcome("unclear", reason="a number is not a set")
    name, body = a.args[0].args[0], a.args[1]
    sign_ = -1 if a.head == "argmax" else 1

    def at(x: Number) -> Number:
        return sign_ * bind(point, name, x, body)

    try:
        members = [value(x, point) for x in b.children]
        inner = members
        if b.head == "interval":
            order = compare(members[0], members[1])
            if order != -1 and order != 0:
                return Outcome("undefined" if order else "unclear", reason="the interval is empty")
            inner = [members[0] + (members[1] - members[0]) * fmpq(k, 8) for k in range(1, 8)]
        best = at(inner[0])
        low, high = min(members, key=_middle), max(members, key=_middle)
        if any(compare(at(x), best) in (1, -1) for x in [*inner[1:], *members]):
            return Outcome("fails", None, members[0])
        outer = [end + s * fmpq(10) ** -k for end, s in ((low, -1), (high, 1)) for k in (6, 3, 2, 1, 0, -1)]
        between = [(x + y) / 2 for x, y in pairwise(sorted(members, key=_middle))] if b.head == "set" else []
        for x in [*outer, *between]:
            if point.optima and point.optima.within(a, x, point) and compare(at(x), best) in (0, -1):
                return Outcome("fails", x, members[0])
        if b.head == "interval" and b.args[2] != "[]":
            ends = [x for x, mark in zip(members, b.args[2], strict=True) if mark in "()"]
            reached = all(compare(at(x), best) == 0 for x in ends)
            return Outcome("fails" if reached else "unclear", ends[0], members[0], "an end is left out")
        left = value(a, point)
    except (Undecided, ZeroDivisionError) as why:
        return Outcome("unclear", reason=str(why))
    bounds, slack = (
        Interval(ball(left).lower(), ball(left).upper()),
        (abs(ball(low)) + abs(ball(high)) + 1) * arb(2) ** -8,
    )
    if ball(low) < bounds.low or ball(high) > bounds.high:
        return Outcome("fails", left, members[0])
    same = abs(bounds.low - ball(low)) < slack and abs(bounds.high - ball(high)) < slack
    return Outcome("holds" if same else "unclear", left, members[0], "the minimisers may reach further than the set")


def _middle(x: Number) -> float:
    return float(ball(x).mid())


def shown(x: Number) -> str:
    """A value for a reader: exact, or the digits that are certain."""
    if x is None:
        return "no value"
    if isinstance(x, fmpq) and max(x.p.bit_length(), x.q.bit_length()) < 400:
        return str(x)
    return str(ball(x).str(12))
