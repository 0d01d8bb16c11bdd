"""The elementary functions, one entry each: what the reader, the calculus, the proofs and the balls know of one.

A new function is one entry of `FUNCTIONS`.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from flint import arb, arb_series

from .expr import HALF, MINUS_ONE, ONE, TWO, ZERO, Expr, add, div, mul, neg, power, sub

Map = Callable[[Expr], Expr]
Needs = Callable[[Expr], tuple[tuple[Expr, str], ...]]
INFINITE = (arb.pos_inf(), arb.neg_inf())


def _anything(x: Expr) -> tuple[tuple[Expr, str], ...]:
    return ()


def _positive(x: Expr) -> tuple[tuple[Expr, str], ...]:
    return ((x, ">"),)


@dataclass(frozen=True)
class Function:
    """What is known of one function of one number.

    Attributes
    ----------
    spellings : tuple of str
        Its names in LaTeX, as a command or an operator's name.
    derivative : callable, optional
        Its derivative at an expression.
    expansion : callable, optional
        The function in terms of simpler ones.
    needs : callable
        What has to be positive (">"), or not zero ("!="), for it to have a value.
    positive : bool
        Whether its values are positive.
    increasing : bool
        Whether it increases throughout.
    on_ball, series : callable, optional
        Its value on Arb's balls, and on power series.
    on_float : callable, optional
        Its value in floats, which only say where to look.
    sympy : str
        Its name in SymPy, which is asked for antiderivatives.
    exact : mapping
        Its values at whole numbers where these are rational.
    limits : pair, optional
        Its limits at minus infinity and at infinity.
    step : bool
        Whether it is constant but for jumps.
    """

    spellings: tuple[str, ...]
    derivative: Map | None = None
    expansion: Map | None = None
    needs: Needs = _anything
    positive: bool = False
    increasing: bool = False
    on_ball: Callable[[Any], Any] | None = None
    series: Callable[[Any], Any] | None = None
    on_float: Callable[[float], float] | None = None
    sympy: str = ""
    exact: dict[int, Fraction] = field(default_factory=dict)
    limits: tuple[Any, Any] | None = None
    step: bool = False


def _exp(x: Expr) -> Expr:
    return Expr("exp", x)


def _one(x: arb_series) -> arb_series:
    return arb_series([arb(1)], prec=x.prec)


def _values(*pairs: tuple[int, int | Fraction]) -> dict[int, Fraction]:
    return {x: Fraction(y) for x, y in pairs}


def _float_exp(x: float) -> float:
    return math.exp(x) if x < 709.7 else math.inf


def _float_log(x: float) -> float:
    if x <= 0:
        raise ValueError
    return math.log(x)


def _float_sign(x: float) -> float:
    return float((x > 0) - (x < 0))


FUNCTIONS: dict[str, Function] = {
    "exp": Function(
        ("exp",),
        derivative=_exp,
        positive=True,
        increasing=True,
        on_ball=lambda x: x.exp(),
        series=lambda x: x.exp(),
        exact=_values((0, 1)),
        limits=(0, INFINITE[0]),
        on_float=_float_exp,
        sympy="exp",
    ),
    "log": Function(
        ("log", "ln"),
        derivative=lambda x: power(x, MINUS_ONE),
        needs=_positive,
        increasing=True,
        on_ball=lambda x: x.log(),
        series=lambda x: x.log(),
        exact=_values((1, 0)),
        on_float=_float_log,
        sympy="log",
    ),
    "sigma": Function(
        ("sigma", "sigmoid"),
        derivative=lambda x: mul(Expr("sigma", x), Expr("sigma", neg(x))),
        expansion=lambda x: div(ONE, add(ONE, _exp(neg(x)))),
        positive=True,
        increasing=True,
        on_ball=lambda x: 1 / (1 + (-x).exp()),
        series=lambda x: _one(x) / (_one(x) + (-x).exp()),
        exact=_values((0, Fraction(1, 2))),
        limits=(0, 1),
        on_float=lambda x: 1 / (1 + _float_exp(-x)) if x > 0 else _float_exp(x) / (1 + _float_exp(x)),
    ),
    "softplus": Function(
        ("softplus",),
        derivative=lambda x: Expr("sigma", x),
        expansion=lambda x: Expr("log", add(ONE, _exp(x))),
        positive=True,
        increasing=True,
        on_ball=lambda x: x.exp().log1p() if isinstance(x, arb) else (1 + x.exp()).log(),
        series=lambda x: (_one(x) + x.exp()).log(),
        limits=(0, INFINITE[0]),
        on_float=lambda x: max(x, 0.0) + math.log1p(_float_exp(-abs(x))),
    ),
    "tanh": Function(
        ("tanh",),
        derivative=lambda x: sub(ONE, power(Expr("tanh", x), TWO)),
        expansion=lambda x: div(sub(_exp(x), _exp(neg(x))), add(_exp(x), _exp(neg(x)))),
        increasing=True,
        on_ball=lambda x: x.tanh(),
        series=lambda x: (x.exp() - (-x).exp()) / (x.exp() + (-x).exp()),
        exact=_values((0, 0)),
        limits=(-1, 1),
        on_float=math.tanh,
        sympy="tanh",
    ),
    "sinh": Function(
        ("sinh",),
        derivative=lambda x: Expr("cosh", x),
        expansion=lambda x: mul(HALF, sub(_exp(x), _exp(neg(x)))),
        increasing=True,
        on_ball=lambda x: x.sinh(),
        series=lambda x: (x.exp() - (-x).exp()) / 2,
        exact=_values((0, 0)),
        limits=(INFINITE[1], INFINITE[0]),
        on_float=math.sinh,
        sympy="sinh",
    ),
    "cosh": Function(
        ("cosh",),
        derivative=lambda x: Expr("sinh", x),
        expansion=lambda x: mul(HALF, add(_exp(x), _exp(neg(x)))),
        positive=True,
        on_ball=lambda x: x.cosh(),
        series=lambda x: (x.exp() + (-x).exp()) / 2,
        exact=_values((0, 1)),
        limits=(INFINITE[0], INFINITE[0]),
        on_float=math.cosh,
        sympy="cosh",
    ),
    "sech": Function(
        ("sech",),
        derivative=lambda x: neg(mul(Expr("sech", x), Expr("tanh", x))),
        expansion=lambda x: div(TWO, add(_exp(x), _exp(neg(x)))),
        positive=True,
    ),
    "coth": Function(
        ("coth",),
        derivative=lambda x: sub(ONE, power(Expr("coth", x), TWO)),
        expansion=lambda x: div(add(_exp(x), _exp(neg(x))), sub(_exp(x), _exp(neg(x)))),
        needs=lambda x: ((x, "!="),),
    ),
    "logit": Function(
        ("logit",),
        derivative=lambda x: power(mul(x, sub(ONE, x)), MINUS_ONE),
        expansion=lambda x: Expr("log", div(x, sub(ONE, x))),
        needs=lambda x: ((x, ">"), (sub(ONE, x), ">")),
    ),
    "artanh": Function(
        ("artanh", "arctanh", "atanh"),
        derivative=lambda x: power(sub(ONE, power(x, TWO)), MINUS_ONE),
        expansion=lambda x: mul(HALF, Expr("log", div(add(ONE, x), sub(ONE, x)))),
        needs=lambda x: ((sub(ONE, x), ">"), (add(ONE, x), ">")),
        on_ball=lambda x: x.atanh(),
        series=lambda x: ((_one(x) + x) / (_one(x) - x)).log() / 2,
        exact=_values((0, 0)),
        on_float=math.atanh,
    ),
    "erf": Function(
        ("erf",),
        derivative=lambda x: mul(TWO, power(Expr("const", "pi"), neg(HALF)), _exp(neg(power(x, TWO)))),
        increasing=True,
        on_ball=lambda x: x.erf(),
        series=lambda x: x.erf(),
        exact=_values((0, 0)),
        limits=(-1, 1),
        on_float=math.erf,
        sympy="erf",
    ),
    "sin": Function(
        ("sin",),
        derivative=lambda x: Expr("cos", x),
        on_ball=lambda x: x.sin(),
        series=lambda x: x.sin(),
        exact=_values((0, 0)),
        on_float=math.sin,
        sympy="sin",
    ),
    "cos": Function(
        ("cos",),
        derivative=lambda x: neg(Expr("sin", x)),
        on_ball=lambda x: x.cos(),
        series=lambda x: x.cos(),
        exact=_values((0, 1)),
        on_float=math.cos,
        sympy="cos",
    ),
    "tan": Function(
        ("tan",),
        derivative=lambda x: add(ONE, power(Expr("tan", x), TWO)),
        expansion=lambda x: div(Expr("sin", x), Expr("cos", x)),
        needs=lambda x: ((Expr("cos", x), "!="),),
    ),
    "arctan": Function(
        ("arctan",),
        derivative=lambda x: power(add(ONE, power(x, TWO)), MINUS_ONE),
        increasing=True,
        on_ball=lambda x: x.atan(),
        series=lambda x: x.atan(),
        exact=_values((0, 0)),
        limits=(-arb.pi() / 2, arb.pi() / 2),
        on_float=math.atan,
        sympy="atan",
    ),
    "Gamma": Function(
        ("Gamma",),
        derivative=lambda x: mul(Expr("Gamma", x), Expr("digamma", x)),
        needs=_positive,
        positive=True,
        on_ball=lambda x: x.gamma(),
        series=lambda x: x.gamma(),
        exact=_values((1, 1), (2, 1), (3, 2), (4, 6), (5, 24), (6, 120), (7, 720), (8, 5040)),
        on_float=math.gamma,
        sympy="gamma",
    ),
    "digamma": Function(
        ("digamma",),
        needs=_positive,
        increasing=True,
        on_ball=lambda x: x.digamma(),
    ),
    "abs": Function(("abs",), derivative=lambda x: Expr("sign", x), on_float=abs, sympy="Abs"),
    "sign": Function(("sign", "sgn"), derivative=lambda x: ZERO, step=True, on_float=_float_sign, sympy="sign"),
    "floor": Function(("floor",), derivative=lambda x: ZERO, step=True, on_float=math.floor),
}

SPELLED = {spelling: name for name, function in FUNCTIONS.items() for spelling in function.spellings}


def expand(e: Expr) -> Expr | None:
    """A function applied, in terms of exp and log, if it has such a form."""
    known = FUNCTIONS.get(e.head)
    return known.expansion(e.args[0]) if known is not None and known.expansion is not None else None
