"""A relation at exact points: where it certainly fails it is refuted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flint import arb, fmpq

from .evaluation import Point, bind, value
from .expr import Expr
from .numbers import Interval, Undecided, Undefined, ball, compare, use_precision

PRECISIONS = (256, 1280)
AGREEING_BITS = 90  # of the larger side, that two equal sides have to share
COARSE_BITS = 18  # where a least value was searched for, or a limit approached


@dataclass(frozen=True)
class Outcome:
    """holds, fails, undefined or unclear at a point, with the values of both sides."""

    kind: str
    left: Any = None
    right: Any = None
    reason: str = ""


def at_point(a: Expr, relation: str, b: Expr, point: Point) -> Outcome:
    """Compare two sides at a point, with more precision where the first does not tell."""
    outcome = Outcome("unclear")
    for bits in PRECISIONS:
        use_precision(bits)
        outcome = _compare(a, relation, b, point if bits == PRECISIONS[0] else point.fresh())
        if outcome.kind != "unclear":
            break
    use_precision(PRECISIONS[0])
    return outcome


def beaten(a: Expr, b: Expr, point: Point) -> Outcome | None:
    """Where a = argmin or a least value is claimed: another place with a smaller value, if a quick look finds one."""
    if a.head not in ("argmin", "argmax", "inf", "sup"):
        a, b = b, a
    if a.head not in ("argmin", "argmax", "inf", "sup") or b.head in ("interval", "set"):
        return None
    variable, body = a.args[:2]
    name, sign_ = variable.args[0], -1 if a.head in ("argmax", "sup") else 1
    claimed = value(b, point)
    low, high = point.optima.range(variable, list(a.args[2:]), point)
    try:
        best = bind(point, name, claimed, body) if a.head in ("argmin", "argmax") else claimed
    except (Undefined, Undecided):
        return None
    centre = ball(claimed).mid() if a.head in ("argmin", "argmax") else arb(0)
    steps = [s * arb(10) ** -k for k in (-2, -1, 0, 1, 3, 6) for s in (1, -1)]
    for x in [arb(0), arb(1), arb(-1), *(centre + step for step in steps)]:
        if not (low < x and x < high):
            continue
        try:
            found = bind(point, name, x, body)
        except (Undefined, Undecided):
            continue
        if sign_ * ball(found) < sign_ * ball(best):
            return Outcome("fails", x if a.head in ("argmin", "argmax") else found, claimed)
    return None


def _compare(a: Expr, relation: str, b: Expr, point: Point) -> Outcome:
    try:
        if relation == "=" and (quick := beaten(a, b, point)):
            return quick
        left = value(a, point)
    except Undefined as why:
        return Outcome("undefined", reason=f"the left side has no value: {why}")
    except (Undecided, ZeroDivisionError, OverflowError) as why:
        return Outcome("unclear", reason=str(why))
    if b.head in ("interval", "set"):
        return _in_set(left, relation, b, point)
    try:
        right = value(b, point)
    except Undefined as why:
        return Outcome("undefined", left, reason=f"the right side has no value: {why}")
    except (Undecided, ZeroDivisionError, OverflowError) as why:
        return Outcome("unclear", reason=str(why))
    if relation == "~":
        return _approximately(left, right, b)
    order = compare(left, right)
    if order is None:
        coarse = any(e.has("inf", "sup", "argmin", "argmax", "limit", "integral") for e in (a, b))
        close = _agree(left, right, COARSE_BITS if coarse else AGREEING_BITS)
        kind = "holds" if close and relation in ("=", "<=") else "unclear"
        return Outcome(kind, left, right, "the two sides cannot be told apart")
    good = {"=": order == 0, "<": order < 0, "<=": order <= 0, "!=": order != 0}[relation]
    return Outcome("holds" if good else "fails", left, right)


def _agree(left: Any, right: Any, bits: int) -> bool:
    """Whether two overlapping balls are narrow enough for their overlap to mean something."""
    gap, size = ball(left) - ball(right), abs(ball(left)) + abs(ball(right))
    if not gap.is_finite():
        return False
    spread = gap.abs_upper()
    return bool(spread < size * arb(2) ** -bits or spread < arb(2) ** (-2 * bits))


def _approximately(left: Any, right: Any, b: Expr) -> Outcome:
    """Equal to half a unit of the last digit shown."""
    shown = b if b.head == "num" else next((e for e in b.walk() if e.head == "num"), None)
    if shown is None:
        return Outcome("unclear", reason="the right side of an approximation has to be a decimal number")
    digits, bottom = 0, shown.args[0].denominator
    while 10**digits % bottom and digits < 60:
        digits += 1
    off = abs(ball(left) - ball(right)) - fmpq(1, 2 * 10**digits)
    if off <= 0:
        return Outcome("holds", left, right)
    return Outcome("fails" if off > 0 else "unclear", left, right)


def _in_set(left: Any, relation: str, b: Expr, point: Point) -> Outcome:
    """A minimiser's enclosure against an interval or a set."""
    try:
        members = [value(x, point) for x in b.children]
    except (Undefined, Undecided) as why:
        return Outcome("unclear", reason=str(why))
    x = ball(left)
    if relation == "in":
        inside = x >= ball(members[0]) and x <= ball(members[-1])
        outside = x < ball(members[0]) or x > ball(members[-1])
        return Outcome("holds" if inside else "fails" if outside else "unclear", left, members[0])
    low, high = ball(members[0]), ball(members[-1])
    slack = (abs(low) + abs(high) + 1) * arb(2) ** -8
    bounds = Interval(x.lower(), x.upper())
    if low < bounds.low or high > bounds.high:
        return Outcome("fails", left, members[0])
    same = abs(bounds.low - low) < slack and abs(bounds.high - high) < slack
    return Outcome("holds" if same else "unclear", left, members[0], "the minimisers reach further than the set")


def shown(x: Any) -> str:
    """A value for a reader: exact, or the digits that are certain."""
    if x is None:
        return "no value"
    if isinstance(x, fmpq):
        return str(x)
    return ball(x).str(12)
