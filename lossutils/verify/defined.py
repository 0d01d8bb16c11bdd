"""Whether an expression has a value everywhere the assumptions allow: what must be positive, or not zero, for that."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from .conditions import negation
from .expr import BINDERS, ONE, ZERO, Expr, branches, neg, sub, text
from .order import NO_FORM, Given, Order
from .pieces import TooManyRegions


@dataclass(frozen=True)
class Obligation:
    """An expression that must be positive (>), nonnegative (>=) or nonzero (!=) where some conditions hold."""

    expression: Expr
    relation: str
    conditions: tuple[Expr, ...]
    ranges: tuple[tuple[str, Expr], ...]

    def __str__(self) -> str:
        return f"{text(self.expression)} {self.relation} 0"


def obligations(e: Expr, extended: bool = False) -> Iterator[Obligation]:
    """All of an expression. `extended`: 0 log 0 counts as 0 and log 0 as minus infinity."""
    return _walk(e, (), (), extended)


def _walk(e: Expr, conditions: tuple, ranges: tuple, extended: bool) -> Iterator[Obligation]:
    if e.head == "cases":
        yield from _cases(e, conditions, ranges, extended)
        return
    if e.head in BINDERS:
        name = e.args[BINDERS[e.head]].args[0]
        ranges = (*ranges, (name, e.args[1])) if e.head in ("sum", "prod", "maxover", "minover") else ranges
    for child in e.children:
        yield from _walk(child, conditions, ranges, extended)

    def needs(x: Expr, relation: str) -> Obligation:
        return Obligation(x, relation, conditions, ranges)

    a = e.args[0] if e.args and isinstance(e.args[0], Expr) else ZERO
    if e.head in ("log", "Gamma", "digamma"):
        yield needs(a, ">=" if extended and e.head == "log" else ">")
    elif e.head == "logit":
        yield needs(a, ">")
        yield needs(sub(ONE, a), ">")
    elif e.head == "artanh":
        yield needs(sub(ONE, a), ">")
        yield needs(sub(a, neg(ONE)), ">")
    elif e.head == "coth":
        yield needs(a, "!=")
    elif e.head == "tan":
        yield needs(Expr("cos", a), "!=")
    elif e.head == "pow":
        yield from _power(e, needs, extended)


def _power(e: Expr, needs: object, extended: bool) -> Iterator[Obligation]:
    base, exponent = e.args
    n = exponent.args[0] if exponent.head == "num" else None
    if n is None:
        yield needs(base, ">")  # type: ignore[operator]
    elif n.denominator != 1:
        yield needs(base, ">=" if n > 0 else ">")  # type: ignore[operator]
    elif n < 0 and not extended:
        yield needs(base, "!=")  # type: ignore[operator]


def _cases(e: Expr, conditions: tuple, ranges: tuple, extended: bool) -> Iterator[Obligation]:
    before: tuple[Expr, ...] = ()
    for condition, value in branches(e):
        here = (*conditions, *before) + ((condition,) if condition is not None else ())
        yield from _walk(value, here, ranges, extended)
        if condition is not None:
            yield from _walk(condition, (*conditions, *before), ranges, extended)
            before += (Expr("not", condition),) if condition.head == "and" else (negation(condition),)
    if len(e.args) % 2 == 0:  # no "otherwise": the conditions have to cover everything
        yield Obligation(num_minus_one, ">", (*conditions, *before), ranges)


num_minus_one = Expr("num", Fraction(-1))


def unmet(e: Expr, order: Order, extended: bool) -> Obligation | None:
    """The first obligation that cannot be shown to be met."""
    for need in dict.fromkeys(obligations(e, extended)):
        if not met(need, order):
            return need
    return None


def met(need: Obligation, order: Order) -> bool:
    """Whether an obligation is met for certain."""
    outer, order.normal.ranges = order.normal.ranges, {**order.normal.ranges, **dict(need.ranges)}
    given = Given(tuple(c for c in need.conditions if c.head != "not"))
    try:
        if need.relation != "!=":
            return order.holds(need.expression, need.relation == ">", given)
        if order.holds(need.expression, True, given) or order.holds(neg(need.expression), True, given):
            return True
        return order.solver.surely(order.normal.quotient(need.expression), "!=", given.conditions)
    except (*NO_FORM, TooManyRegions, RecursionError):
        return False
    finally:
        order.normal.ranges = outer
