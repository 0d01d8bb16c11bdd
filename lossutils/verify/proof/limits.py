"""Limits in closed form, by the terms that lead; by cases where a sign that decides is not known."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TypeVar

from ..conditions import decide, find_condition, negation
from ..differentiate import Differentiator
from ..expr import INFINITY, MINUS_ONE, ONE, Expr, add, neg, power, sub, substitute, sym
from ..meaning.domains import Scalar
from ..meaning.problem import Problem
from .asymptotics import ORDERS, Asymptotics, NoLimit, Split
from .order import Order
from .regions import solution

DEEPEST = 4  # cases within cases
GROWING = "§l"
Answer = TypeVar("Answer")


def cases(problem: Problem, *sides: Expr) -> Iterator[tuple[Problem, tuple[Expr, ...]]]:
    """The sides with their limits in closed form, for each case that has to be told apart: together they are all.

    A case holds at its own values and perhaps not beside them: it says nothing of a derivative by one of its letters.
    """
    yield from _cases(problem, sides, 0)


def _cases(problem: Problem, sides: tuple[Expr, ...], depth: int) -> Iterator[tuple[Problem, tuple[Expr, ...]]]:
    try:
        found = tuple(_closed(e, problem) for e in sides)
    except Split as split:
        if depth == DEEPEST:
            raise NoLimit("too many cases") from None
        letters = {n for e in sides for n in e.free}
        varied = {n for e in sides for n in _varied(e)}
        if any(not c.free <= letters for c in split.conditions):
            raise NoLimit("cases by a letter that a sum or the like binds") from None
        if any(c.free & varied for c in split.conditions):
            raise NoLimit("cases by a letter that is differentiated by") from None
        for condition in split.conditions:
            order = Order(problem)
            if order.solver.impossible([], [condition]):
                continue
            known = replace(problem, conditions=[*problem.conditions, condition])
            here = sides
            if condition.head == "=" and (value := solution(condition, order.normal)) is not None:
                here = tuple(substitute(e, *value) for e in sides)
            yield from _cases(known, here, depth + 1)
        return
    yield problem, found


def _varied(e: Expr) -> set[str]:
    """The letters by which limits are differentiated."""
    return {v.args[0] for d in e.walk() if d.head == "deriv" and d.has("limit") for v in d.args[1:]}


def _closed(e: Expr, problem: Problem) -> Expr:
    """An expression with its limits taken, innermost first."""
    if not e.has("limit"):
        return e
    inside = problem.beneath(e)
    e = e.map(lambda x: _closed(x, inside))
    return _limit(e, problem) if e.head == "limit" else e


def _limit(e: Expr, problem: Problem) -> Expr:
    body, variable, point, side = e.args
    calculus = Differentiator()
    body = calculus.eliminate(body)
    if calculus.kinks:
        raise NoLimit("a derivative through pieces")
    t = sym(GROWING)
    order = Order(replace(problem, domains={**problem.domains, GROWING: Scalar(low=ONE)}))
    if point is INFINITY:
        places = [t]
    elif point == neg(INFINITY):
        places = [neg(t)]
    else:
        if not order.defined(point):
            raise NoLimit("the place may have no value")
        step = power(t, MINUS_ONE)
        places = [add(point, step)] if side != "-" else []
        places += [sub(point, step)] if side != "+" else []
    values = [_eventually(substitute(body, variable.args[0], x), order) for x in places]
    if len(values) == 2 and values[0] is not values[1] and not _equal(order, *values):
        raise NoLimit("the two sides' limits differ")
    return values[0]


def _equal(order: Order, a: Expr, b: Expr) -> bool:
    infinite = (INFINITY, neg(INFINITY))
    return a not in infinite and b not in infinite and order.normal.equal(a, b)


def _eventually(e: Expr, order: Order) -> Expr:
    """The limit of an expression in pieces: of the piece that it is in for all large t."""
    condition = find_condition(e)
    if condition is None:
        return _expanded(order, lambda a: a.limit(e))
    if GROWING not in condition.free:
        for truth, other in ((True, negation(condition)), (False, condition)):
            if order.solver.impossible([], [other]):
                return _eventually(decide(e, condition, truth), order)
        raise Split(condition, negation(condition))
    if condition.head not in ("=", "!=", "<", "<="):
        raise NoLimit("a condition that is no comparison")
    sign = _expanded(order, lambda a: a.eventual_sign(sub(*condition.args)))
    truth = {"=": sign == 0, "!=": sign != 0, "<": sign < 0, "<=": sign <= 0}[condition.head]
    return _eventually(decide(e, condition, truth), order)


def _expanded(order: Order, ask: Callable[[Asymptotics], Answer]) -> Answer:
    """An answer by the shortest expansion that is enough."""
    for terms in ORDERS[:-1]:
        try:
            return ask(Asymptotics(order, GROWING, terms))
        except NoLimit:
            continue
    return ask(Asymptotics(order, GROWING, ORDERS[-1]))
