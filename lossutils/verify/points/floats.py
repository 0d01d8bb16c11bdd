"""Expressions as Python functions of ordinary floats: fast, not to be trusted, and used only to say where to look."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from itertools import count
from typing import Any

from ..differentiate import Differentiator, NoDerivative
from ..expr import ByHead, Expr, branches
from ..functions import FUNCTIONS, expand

Place = tuple[dict[str, float], dict[str, dict[tuple[int, ...], float]], dict[str, frozenset[int]]]
LONGEST = 2000  # of a sum


class NotInFloats(ArithmeticError):
    """The expression has parts that are not computed in floats."""


def in_floats(e: Expr) -> Callable[[Place], float]:
    """A function of a place: numbers, components of families, and sets, by their letters. NaN where it has no value."""
    try:
        e = Differentiator().eliminate(e)
    except NoDerivative as why:
        raise NotInFloats(str(why)) from None
    source = _code(e, {}, count())
    scope: dict[str, Any] = dict(_HELPERS)
    exec(f"def f(V, F, S):\n    return {source}", scope)  # the text is made here, of heads known here
    inner = scope["f"]

    def function(place: Place) -> float:
        try:
            return float(inner(*place))
        except (ArithmeticError, ValueError, KeyError, TypeError, RecursionError):
            return math.nan

    return function


def _power(x: float, n: float) -> float:
    if n == int(n) and abs(n) < 1e6:
        try:
            return float(x) ** int(n)
        except OverflowError:
            return math.copysign(math.inf, x) if int(n) % 2 else math.inf
    if x < 0:
        raise ValueError
    return math.exp(n * math.log(x)) if x > 0 else 0.0**n


def _span(low: float, high: float) -> range:
    if high - low > LONGEST:
        raise ValueError
    return range(round(low), round(high) + 1)


def _product(xs: Iterable[float]) -> float:
    found = 1.0
    for x in xs:
        found *= x
    return found


def _times_log(factor: float, rest: Callable[[], float]) -> float:
    """A product in which an exact zero counts zero whatever the logarithms are."""
    return 0.0 if factor == 0 else factor * rest()


_HELPERS = {
    "_power": _power, "_span": _span, "_product": _product, "_times_log": _times_log, "_sum": math.fsum,
    "inf": math.inf, "nan": math.nan,
} | {f"_{name}": known.on_float for name, known in FUNCTIONS.items() if known.on_float is not None}  # fmt: skip

Names = dict[str, str]
_write: ByHead[Callable[[Expr, Names, Any], str]] = ByHead()


def _code(e: Expr, names: Names, fresh: Iterator[int]) -> str:
    """Python's spelling of an expression; `names` are those of bound letters."""
    rule = _write.get(e)
    if rule is not None:
        return rule(e, names, fresh)
    if e.head in FUNCTIONS and FUNCTIONS[e.head].on_float is not None:
        return f"_{e.head}({_code(e.args[0], names, fresh)})"
    expanded = expand(e)
    if expanded is None:
        raise NotInFloats(e.head)
    return _code(expanded, names, fresh)


@_write("num")
def _num(e: Expr, names: Names, fresh: Iterator[int]) -> str:
    try:
        return f"({float(e.args[0])!r})"
    except OverflowError:
        return "(inf)" if e.args[0] > 0 else "(-inf)"


@_write("const")
def _const(e: Expr, names: Names, fresh: Iterator[int]) -> str:
    return {"pi": repr(math.pi), "e": repr(math.e), "inf": "inf"}[e.args[0]]


@_write("rounded")
def _rounded(e: Expr, names: Names, fresh: Iterator[int]) -> str:
    return _code(e.args[0], names, fresh)


@_write("sym")
def _sym(e: Expr, names: Names, fresh: Iterator[int]) -> str:
    return names.get(e.args[0]) or f"V[{e.args[0]!r}]"


@_write("idx")
def _idx(e: Expr, names: Names, fresh: Iterator[int]) -> str:
    at = "".join(f"round({_code(i, names, fresh)})," for i in e.args[1:])
    return f"F[{e.args[0]!r}][({at})]"


@_write("card")
def _card(e: Expr, names: Names, fresh: Iterator[int]) -> str:
    return f"len(S[{e.args[0].args[0]!r}])"


@_write("add")
def _add(e: Expr, names: Names, fresh: Iterator[int]) -> str:
    return "(" + " + ".join(_code(a, names, fresh) for a in e.args) + ")"


@_write("mul")
def _mul(e: Expr, names: Names, fresh: Iterator[int]) -> str:
    logs = [a for a in e.args if a.has("log")]
    others = [a for a in e.args if not a.has("log")]
    product = " * ".join(_code(a, names, fresh) for a in others)
    if not logs or not any(a.free for a in others):
        return "(" + " * ".join(_code(a, names, fresh) for a in e.args) + ")"
    return f"_times_log({product}, lambda: {' * '.join(_code(a, names, fresh) for a in logs)})"


@_write("pow")
def _pow(e: Expr, names: Names, fresh: Iterator[int]) -> str:
    return f"_power({_code(e.args[0], names, fresh)}, {_code(e.args[1], names, fresh)})"


@_write("max", "min")
def _extreme(e: Expr, names: Names, fresh: Iterator[int]) -> str:
    return f"{e.head}([{', '.join(_code(a, names, fresh) for a in e.args)}])"


@_write("sum", "prod", "maxover", "minover")
def _over(e: Expr, names: Names, fresh: Iterator[int]) -> str:
    variable, range_, body = e.args
    letter = f"i{next(fresh)}"
    inner = {**names, variable.args[0]: letter}
    if range_.head == "range":
        members = f"_span({_code(range_.args[0], names, fresh)}, {_code(range_.args[1], names, fresh)})"
        conditions = range_.args[2:]
    else:
        members, conditions = f"sorted(S[{range_.args[0].args[0]!r}])", range_.args[1:]
    tests = "".join(f" if {_condition(c, inner, fresh)}" for c in conditions)
    function = {"sum": "_sum", "prod": "_product", "maxover": "max", "minover": "min"}[e.head]
    return f"{function}([{_code(body, inner, fresh)} for {letter} in {members}{tests}])"


@_write("bool")
def _bool(e: Expr, names: Names, fresh: Iterator[int]) -> str:
    return f"(1.0 if {_condition(e.args[0], names, fresh)} else 0.0)"


@_write("cases")
def _cases(e: Expr, names: Names, fresh: Iterator[int]) -> str:
    found = "nan"
    for condition, branch in reversed(branches(e)):
        own = _code(branch, names, fresh)
        found = own if condition is None else f"({own} if {_condition(condition, names, fresh)} else {found})"
    return f"({found})"


def _condition(c: Expr, names: Names, fresh: Iterator[int]) -> str:
    own = _TRUTH.get(c)
    if own is None:
        raise NotInFloats(c.head)
    return own(c, names, fresh)


_TRUTH: ByHead[Callable[[Expr, Names, Iterator[int]], str]] = ByHead()  # a condition as Python writes it
_RELATIONS = {"=": "==", "!=": "!=", "<": "<", "<=": "<="}


@_TRUTH("and")
def _and(c: Expr, names: Names, fresh: Iterator[int]) -> str:
    return "(" + " and ".join(_condition(a, names, fresh) for a in c.args) + ")"


@_TRUTH("not")
def _not(c: Expr, names: Names, fresh: Iterator[int]) -> str:
    return f"(not {_condition(c.args[0], names, fresh)})"


@_TRUTH("in", "notin")
def _member(c: Expr, names: Names, fresh: Iterator[int]) -> str:
    x, group = _code(c.args[0], names, fresh), c.args[1]
    if group.head == "sym":
        inside = f"(round({x}) in S[{group.args[0]!r}])"
    elif group.head == "set":
        inside = "(" + " or ".join(f"{x} == {_code(g, names, fresh)}" for g in group.args) + ")"
    else:
        low, high = (_code(g, names, fresh) for g in group.args[:2])
        left, right = ("<=" if mark in "[]" else "<" for mark in group.args[2])
        inside = f"({low} {left} {x} {right} {high})"
    return inside if c.head == "in" else f"(not {inside})"


@_TRUTH(*_RELATIONS)
def _related(c: Expr, names: Names, fresh: Iterator[int]) -> str:
    return f"({_code(c.args[0], names, fresh)} {_RELATIONS[c.head]} {_code(c.args[1], names, fresh)})"
