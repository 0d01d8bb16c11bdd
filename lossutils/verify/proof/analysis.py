"""Limits, integrals and minimisers: closed forms that are checked before they are used, and proofs by slopes."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import sympy

from ..differentiate import Differentiator, NoDerivative
from ..expr import INFINITY, ONE, OPTIMA, Expr, add, mul, neg, num, power, sub, substitute, sym
from ..meaning.assumptions import REAL, Scalar
from ..meaning.problem import Problem
from ..points.evaluation import Point
from ..points.refute import at_point
from .obligations import unmet
from .order import NO_FORM, Given, Order
from .prove import GIVE_UP, Prover
from .regions import TooManyRegions

SEEN = 12  # points at which a closed form is compared with numbers
LARGEST = 60  # parts of an expression that SymPy is asked about


class NoClosedForm(ArithmeticError):
    """None was found, or none that could be confirmed."""


def closed_forms(problem: Problem, a: Expr, b: Expr, points: list[Point]) -> tuple[Expr, Expr, tuple[str, ...] | None]:
    """Both sides with their limits and integrals in closed form, and by what means; None for means if that fails."""
    if not any(e.has("limit", "integral") for e in (a, b)):
        return a, b, ()
    means: set[str] = set()
    try:
        found = []
        for e in (a, b):
            closed = _closed(e, problem, means, points[:SEEN])
            seen = {at_point(e, "=", closed, p).kind for p in points[:SEEN]} if closed is not e else {"holds"}
            cut_off = unbounded(e)  # then only the limits of the antiderivative are seen well, in `_end`
            if "undefined" in seen or ("fails" in seen and not cut_off) or ("holds" not in seen and e.has("limit")):
                raise NoClosedForm("it differs from the numerical value")
            found.append(closed)
    except (NoClosedForm, *GIVE_UP, NotImplementedError, ValueError, TypeError, AttributeError):
        return a, b, None
    return found[0], found[1], tuple(sorted(means))


def unbounded(e: Expr) -> bool:
    """Whether an integral with an infinite limit occurs."""
    return any(x.head == "integral" and any(end.has("const") for end in x.args[2:]) for x in e.walk())


def _closed(e: Expr, problem: Problem, means: set[str], points: list[Point]) -> Expr:
    e = e.map(lambda x: _closed(x, problem, means, points))
    if e.head == "limit":
        means.add("SymPy")
        return _limit(e.args[0], e.args[1], e.args[2], e.args[3], problem)
    if e.head == "integral":
        means.add("SymPy")
        return _integral(e, problem, points)
    return e


# To SymPy and back


def to_sympy(e: Expr, problem: Problem) -> Any:
    """An expression without sums over unknown ranges, in SymPy."""
    if sum(1 for _ in e.walk()) > LARGEST:
        raise NoClosedForm("too large")
    return _to(e, problem)


def _to(e: Expr, problem: Problem) -> Any:
    args = e.args
    if e.head == "num":
        return sympy.Rational(args[0].numerator, args[0].denominator)
    if e.head == "const":
        return {"pi": sympy.pi, "e": sympy.E, "inf": sympy.oo}[args[0]]
    if e.head == "sym":
        domain = problem.domains.get(args[0], REAL)
        low = domain.low if isinstance(domain, Scalar) else None
        positive = (
            low is not None and low.head == "num" and (low.args[0] > 0 or (low.args[0] == 0 and not domain.low_closed))
        )
        return sympy.Symbol(args[0], real=True, **({"positive": True} if positive else {}))
    inner = [_to(a, problem) for a in e.children] if e.head not in ("cases", "idx") else []
    simple = {
        "add": sympy.Add, "mul": sympy.Mul, "pow": sympy.Pow, "exp": sympy.exp, "log": sympy.log, "tanh": sympy.tanh,
        "cosh": sympy.cosh, "sinh": sympy.sinh, "abs": sympy.Abs, "erf": sympy.erf, "sin": sympy.sin, "cos": sympy.cos,
        "arctan": sympy.atan, "max": sympy.Max, "min": sympy.Min, "sign": sympy.sign, "Gamma": sympy.gamma,
    }  # fmt: skip
    if e.head in simple:
        return simple[e.head](*inner)
    if e.head == "sigma":
        return 1 / (1 + sympy.exp(-inner[0]))
    if e.head == "softplus":
        return sympy.log(1 + sympy.exp(inner[0]))
    if e.head == "relu":
        return sympy.Max(inner[0], 0)
    raise NoClosedForm(e.head)


def from_sympy(s: Any) -> Expr:
    """The reverse, for elementary expressions."""
    if s.is_Rational:
        return num(Fraction(int(s.p), int(s.q)))
    if s == sympy.pi:
        return Expr("const", "pi")
    if s == sympy.E:
        return Expr("exp", ONE)
    if s == sympy.oo:
        return INFINITY
    if s == -sympy.oo:
        return neg(INFINITY)
    if s.is_Symbol:
        return sym(s.name)
    inner = [from_sympy(a) for a in s.args]
    if s.is_Add:
        return add(*inner)
    if s.is_Mul:
        return mul(*inner)
    if s.is_Pow:
        return Expr("exp", inner[1]) if s.args[0] == sympy.E else power(inner[0], inner[1])
    names = {"exp": "exp", "log": "log", "tanh": "tanh", "cosh": "cosh", "sinh": "sinh", "Abs": "abs", "erf": "erf"}
    names |= {
        "sign": "sign",
        "Max": "max",
        "Min": "min",
        "atan": "arctan",
        "sin": "sin",
        "cos": "cos",
        "gamma": "Gamma",
    }
    name = names.get(type(s).__name__)
    if name is None:
        raise NoClosedForm(type(s).__name__)
    return Expr(name, *inner)


# Limits


def _limit(body: Expr, variable: Expr, point: Expr, side: str, problem: Problem) -> Expr:
    body = Differentiator().eliminate(body)
    x = _to(variable, problem)
    at = to_sympy(point, problem)
    directions = (side,) if side else ("+", "-")
    if at in (sympy.oo, -sympy.oo):
        directions = ("+",)
    found = {sympy.limit(to_sympy(body, problem), x, at, d) for d in directions}
    if len(found) != 1:
        raise NoClosedForm("the two sides' limits differ")
    result = found.pop()
    if result.has(sympy.Limit, sympy.nan, sympy.zoo, sympy.AccumBounds):
        raise NoClosedForm("SymPy finds no limit")
    return from_sympy(result)


# Integrals


def _integral(e: Expr, problem: Problem, points: list[Point]) -> Expr:
    """F(b) - F(a), where F' is the integrand by our own rules and F has a value on the whole range."""
    body, variable, low, high = e.args
    x = _to(variable, problem)
    antiderivative = from_sympy(sympy.simplify(sympy.integrate(to_sympy(body, problem), x)))
    inside = _with_letter(problem, variable.args[0], low, high)
    order = Order(inside)
    slope = Differentiator().derivative(antiderivative, variable)
    if not order.normal.equal(slope, body):
        raise NoClosedForm("the antiderivative is not confirmed")
    if unmet(antiderivative, order, extended=False) is not None:
        raise NoClosedForm("the antiderivative may not have a value everywhere")
    ends = [_end(antiderivative, variable, end, problem, points) for end in (high, low)]
    return sub(*ends)


def _end(antiderivative: Expr, variable: Expr, end: Expr, problem: Problem, points: list[Point]) -> Expr:
    """The antiderivative's value at a finite end, its limit, if one is seen, at an infinite one."""
    if end.has("const") and (end is INFINITY or end == neg(INFINITY)):
        closed = _limit(antiderivative, variable, end, "", problem)
        limit = Expr("limit", antiderivative, variable, end, "")
        seen = {at_point(limit, "=", closed, p).kind for p in points}
        if "holds" not in seen or seen & {"fails", "undefined"}:
            raise NoClosedForm("no limit of the antiderivative is seen")
        return closed
    return substitute(antiderivative, variable.args[0], end)


def _with_letter(problem: Problem, name: str, low: Expr, high: Expr) -> Problem:
    """The problem with one more letter, which lies between two ends."""
    infinite = (INFINITY, neg(INFINITY))
    numbers = low.head == high.head == "num"
    if (numbers and low.args[0] > high.args[0]) or low is INFINITY or high is infinite[1]:
        low, high = high, low
    domain = Scalar(None if low in infinite else low, None if high in infinite else high)
    if domain.low is not None and domain.high is not None and not numbers:
        domain = REAL  # the ends may stand in either order
    return replace(problem, domains={**problem.domains, name: domain})


# Minimisers and least values


def minimiser_proved(problem: Problem, a: Expr, relation: str, b: Expr) -> tuple[str, ...] | None:
    """Means, if it is proved that a = argmin (or the least value) is b."""
    if a.head not in OPTIMA:
        a, b = b, a
    if a.head not in OPTIMA or relation not in ("=", "in"):
        return None
    variable, body, *domain = a.args
    body = neg(body) if a.head in ("argmax", "sup", "most") else body
    value = neg(b) if a.head in ("sup", "most") else b
    name = variable.args[0]
    said = problem.declared.get(name.split("·")[0], REAL)
    letter = "x·" + name.split("·")[0]  # a plain letter, so that slopes may be taken by it
    letter = letter.replace("·", "_")
    body = substitute(body, name, sym(letter))
    own = _range(domain, said)
    if own is None:
        return None
    extended = replace(problem, domains={**problem.domains, letter: own})
    try:
        body = Differentiator().eliminate(body)
        order = Order(extended)
        if unmet(body, order, extended=False) is not None:
            return None
        if a.head in ("argmin", "argmax"):
            prover = Prover(extended)
            prover.order = order
            if not prover.continuous(body, sym(letter)):
                return None
            return _unique(order, body, letter, value, own)
        return _attained(extended, order, body, letter, value)
    except (*GIVE_UP, *NO_FORM, TooManyRegions, NoDerivative):
        return None


def _range(domain: list[Expr], said: Any) -> Scalar | None:
    if domain:
        if domain[0].head != "interval":
            return None
        low, high, ends = domain[0].args
        return Scalar(low, high, ends[0] == "[", ends[1] == "]")
    return said if isinstance(said, Scalar) and not said.integer and not said.nonzero else None


def _unique(order: Order, body: Expr, name: str, place: Expr, domain: Scalar) -> tuple[str, ...] | None:
    """It falls strictly before the place and rises strictly after; within an interval of places it is level."""
    x = sym(name)
    slope = Differentiator().derivative(body, x)
    ends = (place.args[0], place.args[1]) if place.head == "interval" else (place, place)
    if place.head == "interval" and place.args[2] != "[]":
        return None
    if not all(order._reaches(end, domain, Given()) for end in ends):
        return None
    rises = order.holds(slope, True, Given((Expr("<", ends[1], x),)))
    falls = order.holds(neg(slope), True, Given((Expr("<", x, ends[0]),)))
    level = True
    if place.head == "interval":
        between = Given((Expr("<", ends[0], x), Expr("<", x, ends[1])))
        level = order.holds(slope, False, between) and order.holds(neg(slope), False, between)
    return ("calculus",) if rises and falls and level else None


def _attained(problem: Problem, order: Order, body: Expr, name: str, least: Expr) -> tuple[str, ...] | None:
    """It is nowhere less than the value, and the value itself somewhere in each region."""
    prover = Prover(problem)
    if not prover.relation(least, "<=", body).done:
        return None
    others = [sym(n) for n in sorted(problem.domains) if n != name]
    pairs = [f(a, b) for a in others for b in others if a is not b for f in (add, sub)]
    pairs += [neg(add(a, b)) for a in others for b in others if a is not b]
    candidates = [num(0), ONE, num(-1), num(Fraction(1, 2)), num(Fraction(1, 3)), *others, *map(neg, others), *pairs]
    from .regions import Splitter

    candidates += order._level(Differentiator().derivative(body, sym(name)), name)
    domain = problem.domains[name]
    for region in Splitter(order.normal, order.solver).regions((least,)):
        given = Given(region.conditions)
        for c in candidates:
            here = substitute(body, name, c)
            inner = list(Splitter(order.normal, order.solver).regions((here,), region.conditions))
            equal = all(order.within(Given(r.conditions)).equal(r.expressions[0], region.expressions[0]) for r in inner)
            if equal and order._reaches(c, domain, given):
                break
        else:
            return None
    return ("calculus",)
