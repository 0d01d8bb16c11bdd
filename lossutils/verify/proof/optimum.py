"""Minimisers and least values, proved by slopes. *The* minimiser exists and is the only one: both are shown.

A place is the minimiser of f over an interval if f is continuous there, the place has a value and lies in the interval,
and f falls strictly before it and rises strictly after. A least value is one that f nowhere falls below and somewhere
takes: an infimum that is not attained is no minimum, and nothing here proves it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ..differentiate import Differentiator
from ..expr import HALF, MINUS_ONE, ONE, OPTIMA, ZERO, Expr, add, neg, num, sub, substitute, sym
from ..meaning.domains import REAL, Domain, Scalar
from ..meaning.problem import Problem
from .order import Order
from .prove import Proof, Prover
from .regions import Given
from .signs import GIVE_UP
from .slopes import level, reaches
from .smooth import continuous


def optimum_proved(problem: Problem, a: Expr, relation: str, b: Expr) -> Proof | None:
    """A proof that the minimiser a, or the least value a, is b; None if a is neither, or nothing is shown."""
    if a.head not in OPTIMA:
        a, b = b, a
    if a.head not in OPTIMA or relation not in ("=", "in") or b.has(*OPTIMA, "limit", "integral"):
        return None
    variable, body, *where = a.args
    downward = a.head in ("argmin", "inf", "least")
    name = "§m" + variable.args[0].replace("·", "_")  # a plain letter, so that slopes may be taken by it
    domain = _range(where, problem.declared.get(variable.args[0].split("·")[0], REAL))
    if domain is None or (relation == "in" and b.head not in ("interval", "set")):
        return None
    prover = Prover(replace(problem, domains={**problem.domains, name: domain}))
    try:
        (body,), missing = prover.elementary(substitute(body if downward else neg(body), variable.args[0], sym(name)))
        if missing:
            return None
        if a.head in ("argmin", "argmax"):
            shown = continuous(prover.order, body, sym(name)) and _unique(prover.order, body, name, b, domain)
        else:
            shown = _attained(prover, body, name, b if downward else neg(b), domain)
    except GIVE_UP:
        return None
    if not shown:
        return None
    prover.order.means.add("calculus")
    return prover.proof()


def _range(where: list[Expr], said: Domain) -> Scalar | None:
    """The interval that the letter varies in; None if it is none."""
    if where:
        if where[0].head != "interval":
            return None
        low, high, ends = where[0].args
        infinite = (Expr("const", "inf"), neg(Expr("const", "inf")))
        return Scalar(
            None if low in infinite else low, None if high in infinite else high, ends[0] == "[", ends[1] == "]"
        )
    return said if isinstance(said, Scalar) and not said.integer and not said.nonzero else None


def _unique(order: Order, body: Expr, name: str, place: Expr, domain: Scalar) -> bool:
    """It falls strictly before the place and rises strictly after; within a closed interval of places it is level."""
    x = sym(name)
    if place.head == "set" or (place.head == "interval" and place.args[2] != "[]"):
        return False
    low, high = place.args[:2] if place.head == "interval" else (place, place)
    if not all(reaches(order, end, domain, Given()) for end in {low, high}):
        return False
    if low is not high and not order.holds(sub(high, low), False, Given(), 0):
        return False
    slope = Differentiator().derivative(body, x)
    if not order.holds(slope, True, Given((Expr("<", high, x),))):
        return False
    if not order.holds(neg(slope), True, Given((Expr("<", x, low),))):
        return False
    between = Given((Expr("<", low, x), Expr("<", x, high)))
    return low is high or (order.holds(slope, False, between) and order.holds(neg(slope), False, between))


def _attained(prover: Prover, body: Expr, name: str, least: Expr, domain: Scalar) -> bool:
    """It is nowhere less than the value, and takes it somewhere, in each region that the value's pieces make."""
    if not prover.relation(least, "<=", body).done:
        return False
    order = prover.order
    places = list(_places(order, body, name))
    return all(
        any(_takes(order, body, name, c, r.expressions[0], domain, Given(r.conditions)) for c in places)
        for r in order.splitter().regions((least,))
    )


def _takes(order: Order, body: Expr, name: str, c: Expr, least: Expr, domain: Scalar, given: Given) -> bool:
    """Whether the least value is taken at c, a place of the domain."""
    here = substitute(body, name, c)
    inner = list(order.splitter().regions((here,), given.conditions))
    equal = all(order.within(Given(r.conditions)).equal(r.expressions[0], least) for r in inner)
    return equal and reaches(order, c, domain, given)


def _places(order: Order, body: Expr, name: str) -> Iterator[Expr]:
    """Where a least value may be taken: simple numbers, the other letters and their sums, where the slope vanishes."""
    others = [sym(n) for n in sorted(order.problem.domains) if n != name and not n.startswith("§")]
    yield from (ZERO, ONE, MINUS_ONE, HALF, num(ONE.args[0] / 3), *others, *map(neg, others))
    for a in others:
        for b in others:
            if a is not b:
                yield from (add(a, b), sub(a, b), neg(add(a, b)))
    yield from level(order, Differentiator().derivative(body, sym(name)), name)
