"""What must hold for an expression to have a value: what has to be positive, not zero, or zero, and where."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from ..conditions import negation
from ..differentiate import Differentiator
from ..expr import INFINITY, MINUS_ONE, ONE, OVER_INDEX, ZERO, ByHead, Expr, branches, mul, neg, substitute, text
from ..functions import FUNCTIONS


@dataclass(frozen=True)
class Obligation:
    """An expression that must be positive, nonnegative, nonzero or zero where some conditions hold, or index a family.

    `ranges` are those of the letters that sums around it bind; `between` holds letters that integrals bind, each with
    its two ends, of which either may be the lower.
    """

    expression: Expr
    relation: str
    conditions: tuple[Expr, ...] = ()
    ranges: tuple[tuple[str, Expr], ...] = ()
    between: tuple[tuple[str, Expr, Expr], ...] = ()

    def __str__(self) -> str:
        return f"{text(self.expression)} {self.relation} 0"

    def explicit(self) -> Obligation:
        """With derivatives taken, where an expression that has to be positive or nonzero contains one."""
        parts = (self.expression, *self.conditions)
        if not any(e.has("deriv", "at") for e in parts):
            return self
        expression, *conditions = (Differentiator().eliminate(e) for e in parts)
        return replace(self, expression=expression, conditions=tuple(conditions))


@dataclass(frozen=True)
class _Place:
    """Where in an expression: under which conditions and binders, and with which factor (None: no factor's place)."""

    conditions: tuple[Expr, ...] = ()
    ranges: tuple[tuple[str, Expr], ...] = ()
    between: tuple[tuple[str, Expr, Expr], ...] = ()
    factor: Expr | None = None
    varied: frozenset[str] = frozenset()  # letters that what is here is differentiated by

    def needs(self, e: Expr, relation: str) -> Obligation:
        """A slope needs values on both sides of the place: zero, where they end on one, is not enough."""
        if relation == ">=" and e.free & self.varied:
            relation = ">"
        return Obligation(e, relation, self.conditions, self.ranges, self.between)

    def where(self, *conditions: Expr) -> _Place:
        return replace(self, conditions=(*self.conditions, *conditions))

    def alone(self) -> _Place:
        """Not as a factor of a product."""
        return replace(self, factor=None)


def obligations(e: Expr, extended: bool = False) -> Iterator[Obligation]:
    """All of an expression. `extended`: zero times log 0 counts as zero."""
    return _walk(e, _Place(factor=ONE if extended else None))


_inside: ByHead[Callable[[Expr, _Place], Iterator[Obligation]]] = ByHead()  # heads whose parts have places of their own


def _walk(e: Expr, here: _Place) -> Iterator[Obligation]:
    own = _inside.get(e)
    if own is not None:
        yield from own(e, here)
    else:
        inner = here if e.head == "add" else here.alone()
        for child in e.children:
            yield from _walk(child, inner)
    yield from _own(e, here)


@_inside("deriv")
def _deriv(e: Expr, here: _Place) -> Iterator[Obligation]:
    """What is differentiated has a value, and beside the place too; whether it has a slope the derivative says."""
    yield from _walk(e.args[0], replace(here.alone(), varied=here.varied | {v.args[0] for v in e.args[1:]}))


@_inside("at")
def _at(e: Expr, here: _Place) -> Iterator[Obligation]:
    body, variable, value = e.args
    yield from _walk(value, here.alone())
    if variable.head != "sym":
        yield from _walk(body, here.alone())
        return
    place = here.alone()
    while body.head == "deriv":  # what has to have a value at the place, derivatives left out
        place = replace(place, varied=place.varied | {v.args[0] for v in body.args[1:]} | value.free)
        body = body.args[0]
    yield from _walk(substitute(body, variable.args[0], value), place)


@_inside("mul")
def _mul(e: Expr, here: _Place) -> Iterator[Obligation]:
    for k, child in enumerate(e.args):
        others = e.args[:k] + e.args[k + 1 :]
        factor = None if here.factor is None else mul(here.factor, *others)
        yield from _walk(child, replace(here, factor=factor))


@_inside("cases")
def _cases(e: Expr, here: _Place) -> Iterator[Obligation]:
    before: tuple[Expr, ...] = ()
    for condition, value in branches(e):
        yield from _walk(value, here.where(*before, *((condition,) if condition is not None else ())))
        if condition is not None:
            yield from _walk(condition, here.where(*before).alone())
            before += (negation(condition),)
    if len(e.args) % 2 == 0:  # no "otherwise": the conditions have to cover everything
        yield here.where(*before).needs(MINUS_ONE, ">")


@_inside(*OVER_INDEX)
def _over(e: Expr, here: _Place) -> Iterator[Obligation]:
    variable, range_, body = e.args
    outer = here.alone()
    for part in range_.children:
        yield from _walk(part, replace(outer, ranges=(*outer.ranges, (variable.args[0], range_))))
    inner = replace(here if e.head == "sum" else outer, ranges=(*here.ranges, (variable.args[0], range_)))
    yield from _walk(body, inner)


@_inside("integral")
def _integral(e: Expr, here: _Place) -> Iterator[Obligation]:
    """The integrand has a value from end to end, an infinite end left out."""
    body, variable, low, high = e.args
    outer = here.alone()
    for end in (low, high):
        if end not in (INFINITY, neg(INFINITY)):
            yield from _walk(end, outer)
    yield from _walk(body, replace(outer, between=(*outer.between, (variable.args[0], low, high))))


@_inside("limit")
def _limit(e: Expr, here: _Place) -> Iterator[Obligation]:
    """Where a limit is taken the body needs no value; near it does, which is for the limit to say."""
    if e.args[2] not in (INFINITY, neg(INFINITY)):
        yield from _walk(e.args[2], here.alone())


@_inside("least", "most", "inf", "sup", "argmin", "argmax")
def _optimum(e: Expr, here: _Place) -> Iterator[Obligation]:
    """Whether there is a least value, and what is minimised has values, is for whoever proves it to say."""
    for end in e.args[2:]:
        yield from _walk(end, here.alone())


def _own(e: Expr, here: _Place) -> Iterator[Obligation]:
    """What an expression's own head asks of its arguments."""
    a = e.args[0] if e.args and isinstance(e.args[0], Expr) else ZERO
    if e.head == "log" and here.factor is not None and here.factor is not ONE:
        yield here.needs(a, ">=")
        yield here.where(Expr("=", a, ZERO)).needs(here.factor, "=")
    elif e.head in FUNCTIONS:
        for need, relation in FUNCTIONS[e.head].needs(a):
            yield here.needs(need, relation)
    elif e.head == "pow":
        yield from _power(e, here)
    elif e.head == "idx":
        for axis, index in enumerate(e.args[1:]):
            yield here.needs(index, f"indexes {e.args[0]} {axis}")
    elif e.head in ("maxover", "minover"):
        yield from _something(e.args[0].args[0], e.args[1], here)


def _power(e: Expr, here: _Place) -> Iterator[Obligation]:
    base, exponent = e.args
    n = exponent.args[0] if exponent.head == "num" else None
    if n is None:
        yield here.needs(base, ">")
    elif n.denominator != 1:
        yield here.needs(base, ">=" if n > 0 else ">")
    elif n < 0:
        yield here.needs(base, "!=")


def _something(name: str, range_: Expr, here: _Place) -> Iterator[Obligation]:
    """An extremum is over something: the sum of ones over its range is positive."""
    count = Expr("sum", Expr("sym", name), range_, ONE)
    yield here.needs(count, ">")
