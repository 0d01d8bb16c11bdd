"""Functions of one number of any kind, with their domains and their Taylor coefficients."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flint import arb, arb_series, fmpq, fmpz

from ..numbers import INFINITE, Interval, Jet, Undecided, Undefined, ball, sign

# Functions. On balls: a name to a function of one ball. Domains are looked after in `apply`.

_ON_BALLS: dict[str, Callable] = {
    "exp": lambda x: x.exp(),
    "log": lambda x: x.log(),
    "tanh": lambda x: x.tanh(),
    "sinh": lambda x: x.sinh(),
    "cosh": lambda x: x.cosh(),
    "sigma": lambda x: 1 / (1 + (-x).exp()),
    "softplus": lambda x: x.exp().log1p() if isinstance(x, arb) else (1 + x.exp()).log(),
    "erf": lambda x: x.erf(),
    "arctan": lambda x: x.atan(),
    "artanh": lambda x: x.atanh(),
    "sin": lambda x: x.sin(),
    "cos": lambda x: x.cos(),
    "Gamma": lambda x: x.gamma(),
    "digamma": lambda x: x.digamma(),
    "sqrt": lambda x: x.sqrt(),
}
_INCREASING = ("exp", "log", "tanh", "sinh", "sigma", "softplus", "erf", "arctan", "sqrt")
_EXACT = {  # values at a rational that are themselves rational
    ("exp", 0): 1, ("log", 1): 0, ("tanh", 0): 0, ("sinh", 0): 0, ("cosh", 0): 1, ("sigma", 0): fmpq(1, 2),
    ("erf", 0): 0, ("arctan", 0): 0, ("artanh", 0): 0, ("sin", 0): 0, ("cos", 0): 1, ("Gamma", 1): 1, ("Gamma", 2): 1,
}  # fmt: skip
_LIMITS = {"exp": (0, INFINITE[0]), "sigma": (0, 1), "tanh": (-1, 1), "softplus": (0, INFINITE[0]), "erf": (-1, 1)}


def apply(name: str, x: Any) -> Any:
    """A function of one number of any kind."""
    if isinstance(x, fmpq | fmpz):
        exact = _EXACT.get((name, int(x.p))) if isinstance(x, fmpq) and x.q == 1 else None
        if exact is not None:
            return fmpq(exact)
        x = arb(x)
    if isinstance(x, Jet):
        return x.through(lambda a, n: taylor(name, a, n))
    if isinstance(x, Interval):
        return _on_interval(name, x)
    if isinstance(x, arb):
        return _on_ball(name, x)
    if name in _ON_BALLS:
        return _ON_BALLS[name](x)
    raise Undecided(f"{name} of a complex number")


def _on_ball(name: str, x: arb) -> Any:
    if not x.is_finite():
        return _at_infinity(name, x)
    if name in ("log", "sqrt", "Gamma", "digamma"):
        s = sign(x)
        if s is None:
            raise Undecided(f"{name} near zero")
        if s < 0 and name in ("log", "sqrt"):
            raise Undefined(f"{name} of a negative number")
        if s == 0 and name != "sqrt":
            raise Undefined(f"{name} of zero")
    if name == "artanh" and not abs(x) < 1:
        raise Undefined("artanh outside (-1, 1)") if abs(x) >= 1 else Undecided("artanh near 1")
    result = _ON_BALLS[name](x)
    if not result.is_finite():
        raise Undefined(f"{name} has a pole here")
    return result


def _at_infinity(name: str, x: arb) -> Any:
    if x.is_nan() or not (x > 0 or x < 0):
        raise Undecided("infinity of unknown sign")
    up = bool(x > 0)
    if name in _LIMITS:
        return ball(_LIMITS[name][up])
    if name in ("log", "sqrt") and up:
        return x
    if name in ("sinh", "cosh"):
        return x if name == "sinh" or up else -x
    if name == "arctan":
        return (1 if up else -1) * arb.pi() / 2
    raise Undecided(f"{name} at infinity")


def _on_interval(name: str, x: Interval) -> Interval:
    if name in ("log", "sqrt") and x.high < 0:
        raise Undefined(f"{name} of a negative number")
    if name == "log":
        low = x.low.log() if x.low > 0 else INFINITE[1]
        return Interval(low, INFINITE[0] if not x.high.is_finite() else x.high.log() if x.high > 0 else INFINITE[1])
    if name == "sqrt":
        x = Interval(x.low.max(arb(0)), x.high)
    if name == "cosh":
        top = (-x.low).max(x.high)
        bottom = arb(0) if x.low <= 0 <= x.high else abs(x.low).min(abs(x.high))
        return Interval(apply(name, bottom), apply(name, top))
    if name in _INCREASING:
        return x.monotone(lambda end: ball(apply(name, end)))
    wide = ball(x.low).union(ball(x.high))
    return Interval(*(2 * [_ON_BALLS[name](wide)])) if wide.is_finite() else Interval(INFINITE[1], INFINITE[0])


def taylor(name: str, a: Any, order: int) -> list:
    """Taylor coefficients of a function at a point, up to an order."""
    if isinstance(a, Interval):
        raise Undecided("a derivative over an interval")
    first = apply(name, a)  # the domain is looked after here
    if order == 0:
        return [first]
    x = arb_series([ball(a), arb(1)], prec=order + 1)
    series = _series(name, x)
    found = list(series.coeffs()) if hasattr(series, "coeffs") else list(series)
    found += [arb(0)] * (order + 1 - len(found))
    return [first, *found[1:]]


def _series(name: str, x: arb_series) -> arb_series:
    one = arb_series([arb(1)], prec=x.prec)
    if name in ("tanh", "sinh", "cosh", "sigma", "softplus"):
        e = x.exp() if name == "softplus" else (-x).exp()
        if name == "sigma":
            return one / (one + e)
        if name == "softplus":
            return (one + e).log()
        up = x.exp()
        sinh, cosh = (up - e) / 2, (up + e) / 2
        return sinh / cosh if name == "tanh" else sinh if name == "sinh" else cosh
    if name == "artanh":
        return ((one + x) / (one - x)).log() / 2
    if name == "arctan":
        return x.atan()
    if name == "Gamma":
        return x.gamma()
    if name == "digamma":
        raise Undecided("the derivative of digamma")
    return getattr(x, name)()
