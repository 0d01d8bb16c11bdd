"""Whether an expression has a value everywhere the assumptions allow: what must be positive, or not zero, for that."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

from ..conditions import negation
from ..differentiate import Differentiator
from ..expr import BINDERS, ONE, OVER_INDEX, ZERO, Expr, branches, mul, neg, sub, substitute, text
from .order import NO_FORM, Given, Order
from .regions import TooManyRegions


@dataclass(frozen=True)
class Obligation:
    """An expression that must be positive, nonnegative, nonzero or zero where some conditions hold."""

    expression: Expr
    relation: str
    conditions: tuple[Expr, ...]
    ranges: tuple[tuple[str, Expr], ...]

    def __str__(self) -> str:
        return f"{text(self.expression)} {self.relation} 0"


@dataclass(frozen=True)
class _Place:
    """Where in an expression: under which conditions and sums, and with which factor (None: not a factor's place)."""

    conditions: tuple[Expr, ...] = ()
    ranges: tuple[tuple[str, Expr], ...] = ()
    factor: Expr | None = None

    def needs(self, e: Expr, relation: str) -> Obligation:
        return Obligation(e, relation, self.conditions, self.ranges)

    def where(self, *conditions: Expr) -> _Place:
        return replace(self, conditions=(*self.conditions, *conditions))


def obligations(e: Expr, extended: bool = False) -> Iterator[Obligation]:
    """All of an expression. `extended`: zero times log 0 counts as zero."""
    return _walk(e, _Place(factor=ONE if extended else None))


def _walk(e: Expr, here: _Place) -> Iterator[Obligation]:
    if e.head == "deriv":  # what is differentiated has a value; whether it has a slope is for the derivative to say
        yield from _walk(e.args[0], replace(here, factor=None))
        return
    if e.head == "at" and e.args[1].head == "sym":
        yield from _walk(e.args[2], replace(here, factor=None))
        yield from _walk(_placed(e.args[0], e.args[1].args[0], e.args[2]), replace(here, factor=None))
        return
    if e.head == "cases":
        yield from _cases(e, here)
        return
    if e.head == "mul" and here.factor is not None:
        for k, child in enumerate(e.args):
            yield from _walk(child, replace(here, factor=mul(here.factor, *e.args[:k], *e.args[k + 1 :])))
        return
    inner = here if e.head in ("add", "sum") else replace(here, factor=None)
    if e.head in BINDERS:
        name = e.args[BINDERS[e.head]].args[0]
        if e.head in OVER_INDEX:
            inner = replace(inner, ranges=(*inner.ranges, (name, e.args[1])))
    for child in e.children:
        yield from _walk(child, inner)
    yield from _own(e, here)


def _own(e: Expr, here: _Place) -> Iterator[Obligation]:
    """What an expression's own head asks of its arguments."""
    a = e.args[0] if e.args and isinstance(e.args[0], Expr) else ZERO
    if e.head == "log" and here.factor is not None and here.factor is not ONE:
        yield here.needs(a, ">=")
        yield here.where(Expr("=", a, ZERO)).needs(here.factor, "=")
    elif e.head in ("log", "Gamma", "digamma"):
        yield here.needs(a, ">")
    elif e.head == "logit":
        yield here.needs(a, ">")
        yield here.needs(sub(ONE, a), ">")
    elif e.head == "artanh":
        yield here.needs(sub(ONE, a), ">")
        yield here.needs(sub(a, neg(ONE)), ">")
    elif e.head == "coth":
        yield here.needs(a, "!=")
    elif e.head == "tan":
        yield here.needs(Expr("cos", a), "!=")
    elif e.head == "pow":
        yield from _power(e, here)
    elif e.head in ("maxover", "minover"):  # the extremum over nothing
        range_ = e.args[1]
        if range_.head == "range":
            yield here.needs(sub(range_.args[1], range_.args[0]), ">=")
        if len(range_.args) > (2 if range_.head == "range" else 1):
            yield here.needs(num_minus_one, ">")


def _placed(e: Expr, name: str, value: Expr) -> Expr:
    """What has to have a value at a place, derivatives left out."""
    while e.head == "deriv":
        e = e.args[0]
    return substitute(e, name, value)


def _power(e: Expr, here: _Place) -> Iterator[Obligation]:
    base, exponent = e.args
    n = exponent.args[0] if exponent.head == "num" else None
    if n is None:
        yield here.needs(base, ">")
    elif n.denominator != 1:
        yield here.needs(base, ">=" if n > 0 else ">")
    elif n < 0:
        yield here.needs(base, "!=")


def _cases(e: Expr, here: _Place) -> Iterator[Obligation]:
    before: tuple[Expr, ...] = ()
    for condition, value in branches(e):
        yield from _walk(value, here.where(*before, *((condition,) if condition is not None else ())))
        if condition is not None:
            yield from _walk(condition, replace(here.where(*before), factor=None))
            before += (Expr("not", condition),) if condition.head == "and" else (negation(condition),)
    if len(e.args) % 2 == 0:  # no "otherwise": the conditions have to cover everything
        yield here.where(*before).needs(num_minus_one, ">")


num_minus_one = Expr("num", Fraction(-1))


def unmet(e: Expr, order: Order, extended: bool) -> Obligation | None:
    """The first obligation that cannot be shown to be met."""
    for need in dict.fromkeys(obligations(e, extended)):
        if not met(_explicit(need), order):
            return need
    return None


def met(need: Obligation, order: Order) -> bool:
    """Whether an obligation is met for certain."""
    outer, order.normal.ranges = order.normal.ranges, {**order.normal.ranges, **dict(need.ranges)}
    given = Given(tuple(c for c in need.conditions if c.head != "not"))
    try:
        if need.relation == "=":
            return order.solver.impossible([(order.normal.quotient(need.expression), "!=")], given.conditions)
        if need.relation != "!=":
            return order.holds(need.expression, need.relation == ">", given)
        if order.holds(need.expression, True, given) or order.holds(neg(need.expression), True, given):
            return True
        return order.solver.surely(order.normal.quotient(need.expression), "!=", given.conditions)
    except (*NO_FORM, TooManyRegions, RecursionError):
        return False
    finally:
        order.normal.ranges = outer


def _explicit(need: Obligation) -> Obligation:
    """With derivatives taken, where an expression that has to be positive or nonzero contains one."""
    parts = (need.expression, *need.conditions)
    if not any(e.has("deriv", "at") for e in parts):
        return need
    expression, *conditions = (Differentiator().eliminate(e) for e in parts)
    return replace(need, expression=expression, conditions=tuple(conditions))
