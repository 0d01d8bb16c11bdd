"""Integrals in closed form: F(b) - F(a) for an F whose slope is the integrand, by our own rules, from end to end.

F is found by SymPy, and what SymPy says is not believed: F' is taken here and has to be the integrand in normal form,
both have to have a value everywhere between the ends, and F no jump, so that the fundamental theorem applies. At an
infinite end F has to have a finite limit.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from math import inf
from typing import Any

import sympy

from ..conditions import find_condition
from ..differentiate import Differentiator
from ..expr import INFINITY, ONE, ByHead, Expr, add, mul, neg, num, power, sub, substitute, sym
from ..functions import FUNCTIONS, expand
from ..meaning.domains import REAL, Scalar
from ..meaning.problem import Problem
from .normal import NormalForm
from .order import Order
from .regions import solution
from .signs import NO_FORM
from .slopes import jumps

LARGEST = 60  # parts of an expression that SymPy is asked about
CALLS = 12_000_000  # and returns, some seconds
INSIDE = "§v"


class NoClosedForm(ArithmeticError):
    """None was found, or none that could be confirmed."""


def closed(e: Expr, problem: Problem) -> Expr:
    """An expression with its integrals in closed form; limits are left where an end is infinite."""
    if not e.has("integral"):
        return e
    inside = problem.beneath(e)
    e = e.map(lambda x: closed(x, inside))
    if e.head != "integral":
        return e
    if Order(problem).unmet(e) is not None:
        raise NoClosedForm("the integrand may have no value somewhere between the ends")
    body, variable, low, high = e.args
    body = substitute(body, variable.args[0], sym(INSIDE))
    ends = [low, *(num(k) for k in _kinks(body, low, high)), high]
    return add(*(_between(body, problem, *part) for part in pairwise(ends)))


def _kinks(body: Expr, low: Expr, high: Expr) -> list[Fraction]:
    """Where a piece of the integrand changes, between ends that are numbers or infinite: there it is cut in two."""
    first, last = (_as_number(e) for e in (low, high))
    if first is None or last is None or find_condition(body) is None:
        return []
    found = set()
    for e in body.walk():
        condition = find_condition(e)
        if condition is not None and condition.head in ("=", "<", "<=", "!="):
            at = solution(Expr("=", *condition.args), NormalForm(Problem([], [], {INSIDE: REAL}, [], set())))
            if at is not None and at[0] == INSIDE and at[1].head == "num" and first < at[1].args[0] < last:
                found.add(at[1].args[0])
    return sorted(found)


def _as_number(e: Expr) -> Fraction | float | None:
    if e.head == "num":
        value: Fraction = e.args[0]
        return value
    return {INFINITY: inf, neg(INFINITY): -inf}.get(e)


def _between(body: Expr, problem: Problem, low: Expr, high: Expr) -> Expr:
    """One part of an integral, in whose inside no piece changes."""
    x, domain = sym(INSIDE), Order(problem).between(low, high)
    inside = replace(domain, low_closed=False, high_closed=False)
    regions = list(Order(replace(problem, domains={**problem.domains, INSIDE: inside})).splitter().regions((body,)))
    if len(regions) == 1:  # the ends change no integral
        body = regions[0].expressions[0]
    order = Order(replace(problem, domains={**problem.domains, INSIDE: domain}))
    found = from_sympy(_antiderivative(to_sympy(body, problem)))
    try:
        whole = not jumps(found, INSIDE) and order.defined(found)
        confirmed = whole and order.normal.equal(Differentiator().derivative(found, x), body)
    except NO_FORM:
        confirmed = False
    if not confirmed:
        raise NoClosedForm("the antiderivative is not confirmed")
    return sub(_end(found, x, high), _end(found, x, low))


def _antiderivative(body: Any) -> Any:
    """SymPy's, in v + a instead of v where v - a stands in an exponential."""
    v = sympy.Symbol(INSIDE, real=True)
    shifts = {v - s for e in body.atoms(sympy.exp) for s in e.atoms(sympy.Add) if (v - s).is_Symbol}
    shift = shifts.pop() if len(shifts) == 1 else sympy.Integer(0)
    moved = sympy.expand(body.subs(v, v + shift)) if shift else body
    return _counted(lambda: sympy.simplify(sympy.integrate(moved, v)).subs(v, v - shift))


def _counted(work: Callable[[], Any]) -> Any:
    """What some work returns, given up after so many calls: SymPy may take any time, and no clock may count here."""
    left = CALLS

    def count(*_: Any) -> None:
        nonlocal left
        left -= 1
        if left < 0:
            raise NoClosedForm("SymPy takes too long")

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        return work()
    finally:
        sys.setprofile(before)


def _end(found: Expr, x: Expr, end: Expr) -> Expr:
    """The antiderivative at an end; at an infinite one its limit."""
    if end in (INFINITY, neg(INFINITY)):
        return Expr("limit", found, x, end, "")
    return substitute(found, x.args[0], end)


# To SymPy and back


def to_sympy(e: Expr, problem: Problem) -> Any:
    """An expression without sums over unknown ranges, in SymPy."""
    if sum(1 for _ in e.walk()) > LARGEST:
        raise NoClosedForm("too large")
    return _to(e, problem)


_SAME = {"add": "Add", "mul": "Mul", "pow": "Pow", "max": "Max", "min": "Min"} | {
    name: known.sympy for name, known in FUNCTIONS.items() if known.sympy
}
_BACK = {sympy_name: name for name, sympy_name in _SAME.items() if name in FUNCTIONS or name in ("max", "min")}


def _to(e: Expr, problem: Problem) -> Any:
    own = _AS_SYMPY.get(e)
    if own is not None:
        return own(e, problem)
    if e.head in _SAME:
        return getattr(sympy, _SAME[e.head])(*(_to(a, problem) for a in e.children))
    expanded = expand(e)
    if expanded is None:
        raise NoClosedForm(e.head)
    return _to(expanded, problem)


_AS_SYMPY: ByHead[Callable[[Expr, Problem], Any]] = ByHead()


@_AS_SYMPY("num")
def _num(e: Expr, problem: Problem) -> Any:
    return sympy.Rational(e.args[0].numerator, e.args[0].denominator)


@_AS_SYMPY("const")
def _const(e: Expr, problem: Problem) -> Any:
    return {"pi": sympy.pi, "e": sympy.E, "inf": sympy.oo}[e.args[0]]


@_AS_SYMPY("sym")
def _sym(e: Expr, problem: Problem) -> Any:
    return sympy.Symbol(e.args[0], real=True, **({"positive": True} if _is_positive(e, problem) else {}))


def _is_positive(e: Expr, problem: Problem) -> bool:
    domain = problem.domains.get(e.args[0], REAL)
    low = domain.low if isinstance(domain, Scalar) else None
    if low is None or low.head != "num":
        return False
    return bool(low.args[0] > 0 or (low.args[0] == 0 and isinstance(domain, Scalar) and not domain.low_closed))


def from_sympy(s: Any) -> Expr:
    """The reverse, for elementary expressions."""
    if s.is_Rational:
        return num(Fraction(int(s.p), int(s.q)))
    if s.is_Symbol:
        return sym(s.name)
    constants = {sympy.pi: Expr("const", "pi"), sympy.E: Expr("exp", ONE), sympy.oo: INFINITY, -sympy.oo: neg(INFINITY)}
    if s in constants:
        return constants[s]
    inner = [from_sympy(a) for a in s.args]
    if s.is_Add:
        return add(*inner)
    if s.is_Mul:
        return mul(*inner)
    if s.is_Pow:
        return Expr("exp", inner[1]) if s.args[0] == sympy.E else power(inner[0], inner[1])
    name = _BACK.get(type(s).__name__)
    if name is None:
        raise NoClosedForm(type(s).__name__)
    return Expr(name, *inner)
