"""Signs by calculus: what is not negative at a place, falls before it and rises after it is negative nowhere."""

from __future__ import annotations

from fractions import Fraction

from ..differentiate import Differentiator
from ..expr import HALF, MINUS_ONE, ONE, TWO, ZERO, Expr, div, neg, num, power, sub, substitute, sym
from ..meaning.domains import Scalar
from ..meaning.problem import Problem
from .algebra import poly_expr
from .regions import Given
from .signs import NO_FORM, Signs

MOST_PLACES = 12


def by_slope(signs: Signs, e: Expr, strict: bool, given: Given, depth: int) -> bool:
    """For some letter x and some place c: e(c) >= 0, and the slope is not positive before c and not negative after.

    By the mean value theorem then e(x) >= e(c) for every x of the domain. For that the domain of x has to be an
    interval that no other letter's domain speaks of; e has no jump in x and a value for every x of it, whatever
    conditions hold; and c has a value, and lies in the interval, or is an end of it at which e has a value all the
    same. For e > 0 either e(c) > 0, or c itself is excluded and the slopes are strict.
    """
    for name in sorted(e.free):
        domain = signs.problem.domains.get(name)
        if "·" in name or not isinstance(domain, Scalar) or domain.integer or domain.nonzero:
            continue
        free = given.freed(name)
        if bounds_others(signs.problem, name) or jumps(e, name) or not signs.defined(e, free):
            continue
        slope = Differentiator().derivative(e, sym(name))
        for c in [*_candidates(e, name, domain), *level(signs, slope, name)]:
            if _approaches(signs, e, name, c, domain, given) and _least_at(
                signs, e, slope, name, c, strict, given, depth
            ):
                return True
    return False


def bounds_others(problem: Problem, name: str) -> bool:
    """Whether another letter's domain speaks of this one, which may then not be moved alone."""
    return any(
        name in end.free
        for domain in problem.domains.values()
        for scalar in (domain, getattr(domain, "component", None))
        if isinstance(scalar, Scalar)
        for end in (scalar.low, scalar.high)
        if end is not None
    )


def jumps(e: Expr, name: str) -> bool:
    """Whether it may jump as a letter moves."""
    return any(x.head in ("floor", "sign", "bool", "cases") and name in x.free for x in e.walk())


def _least_at(signs: Signs, e: Expr, slope: Expr, name: str, c: Expr, strict: bool, given: Given, depth: int) -> bool:
    x, free = sym(name), given.freed(name)
    try:
        here = signs.within(free).quotient(substitute(e, name, c))
    except NO_FORM:
        return False
    solver = signs.solver
    rising = False  # where it is positive only because it is zero at c alone, and c is excluded
    if strict and not solver.surely(here, ">", free.conditions, free.moving):
        rising = solver.impossible([], (*given.conditions, Expr("=", x, c)), given.moving)
        if not rising:
            return False
    if not solver.surely(here, ">=", free.conditions, free.moving):
        return False
    for condition, direction in ((Expr("<=", c, x), slope), (Expr("<=", x, c), neg(slope))):
        strictly = Expr("<", *condition.args)
        if solver.impossible([], (*given.conditions, strictly), given.moving):
            continue  # no point of the region lies on that side
        if not signs.ordered(direction, rising, free.and_(strictly if rising else condition), depth - 1):
            return False
    return True


def _candidates(e: Expr, name: str, domain: Scalar) -> list[Expr]:
    """Where it may be least: ends of the domain, simple numbers, and what the other letters are."""
    others = [sym(n) for n in sorted(e.free) if n != name and "·" not in n]
    found = [end for end in (domain.low, domain.high) if end is not None]
    found += [ZERO, ONE, HALF, MINUS_ONE, *others, *(neg(o) for o in others)]
    found += [sub(ONE, o) for o in others] + [power(o, MINUS_ONE) for o in others] + [div(o, TWO) for o in others]
    return list(dict.fromkeys(found))[:MOST_PLACES]


def level(signs: Signs, slope: Expr, name: str) -> list[Expr]:
    """Where a slope vanishes that is linear in a power of e^x, or in x; whether the place has a value is not asked."""
    try:
        top = signs.normal.quotient(slope).top
    except NO_FORM:
        return []
    found = []
    for base in (Expr("exp", sym(name)), sym(name)):
        powers = sorted({dict(m).get(base, Fraction(0)) for m in top})
        if len(powers) != 2 or any(name in a.free for m in top for a, _ in m if a is not base):
            continue
        low, high = (
            {tuple((a, n) for a, n in m if a is not base): c for m, c in top.items() if dict(m).get(base, 0) == p}
            for p in powers
        )
        ratio = div(neg(poly_expr(low)), poly_expr(high))
        width = num(powers[1] - powers[0])
        if base.head == "exp":
            found.append(div(Expr("log", ratio), width))
        elif width is ONE:
            found.append(ratio)
    return found


def _approaches(signs: Signs, e: Expr, name: str, c: Expr, domain: Scalar, given: Given) -> bool:
    """Whether c lies in the domain, or at an end that is excluded where the expression has a value all the same."""
    free = given.freed(name)
    if reaches(signs, c, domain, free):
        return True
    if c not in (domain.low, domain.high) or not signs.defined(c, free):
        return False
    try:
        return signs.defined(substitute(e, name, c), free)
    except NO_FORM:  # one over zero and the like
        return False


def reaches(signs: Signs, c: Expr, domain: Scalar, given: Given) -> bool:
    """Whether c has a value and lies in the domain for certain, so that every x is joined to it within."""
    if c.has("deriv", "at", "limit", "integral") or not signs.defined(c, given):
        return False
    tests = []
    if domain.low is not None:
        tests.append((sub(c, domain.low), ">=" if domain.low_closed else ">"))
    if domain.high is not None:
        tests.append((sub(domain.high, c), ">=" if domain.high_closed else ">"))
    return all(signs.surely(e, relation, given) for e, relation in tests)
