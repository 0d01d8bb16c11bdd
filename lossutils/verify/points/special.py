"""Functions of one number of any kind: exact where that is known, in balls, over intervals, and as Taylor series."""

from __future__ import annotations

from flint import acb, arb, arb_series, fmpq, fmpz

from ..functions import FUNCTIONS, INFINITE, Function
from ..numbers import Interval, Jet, Number, Undecided, Undefined, ball, sign


def apply(name: str, x: Number) -> Number:
    """A function of a number; `Undefined` outside of its domain, `Undecided` where the ball does not tell."""
    function = FUNCTIONS.get(name)
    if function is None or function.on_ball is None:
        raise Undecided(f"{name} cannot be evaluated")
    if isinstance(x, fmpq | fmpz):
        exact = function.exact.get(int(x.p)) if isinstance(x, fmpq) and x.q == 1 else None
        if exact is not None:
            return fmpq(exact.numerator, exact.denominator)
        x = arb(x)
    if isinstance(x, Jet):
        return x.through(lambda a, n: taylor(name, a, n))
    if isinstance(x, Interval):
        return _on_interval(name, function, x)
    if isinstance(x, arb):
        return _on_ball(name, function, x)
    if isinstance(x, acb):
        return function.on_ball(x)
    raise Undecided(f"{name} of {type(x).__name__}")


def _on_ball(name: str, function: Function, x: arb) -> Number:
    if not x.is_finite():
        return _at_infinity(name, function, x)
    if name in ("log", "Gamma", "digamma"):
        s = sign(x)
        if s is None:
            raise Undecided(f"{name} near zero")
        if s < 0 and name == "log":
            raise Undefined("log of a negative number")
        if s == 0:
            raise Undefined(f"{name} of zero")
    if name == "artanh" and not abs(x) < 1:
        raise Undefined("artanh outside (-1, 1)") if abs(x) >= 1 else Undecided("artanh near 1")
    assert function.on_ball is not None
    result = function.on_ball(x)
    if result.is_finite():
        return result
    if function.limits is not None:
        raise Undecided(f"{name} of a number too large to tell")
    raise Undecided(f"{name} near a pole, or of a number too large to tell")


def _at_infinity(name: str, function: Function, x: arb) -> Number:
    if x.is_nan() or not (x > 0 or x < 0):
        raise Undecided("infinity of unknown sign")
    up = bool(x > 0)
    if function.limits is not None:
        return ball(function.limits[up])
    if name == "log" and up:
        return x
    raise Undecided(f"{name} at infinity")


def square_root(x: Number) -> Number:
    """The root: exact for squares of rationals."""
    if isinstance(x, fmpq | fmpz):
        x = fmpq(x)
        if x < 0:
            raise Undefined("the square root of a negative number")
        top, bottom = fmpz(x.p).isqrt(), fmpz(x.q).isqrt()
        if top * top == x.p and bottom * bottom == x.q:
            return fmpq(top, bottom)
        return arb(x).sqrt()
    if isinstance(x, Jet):
        return x.through(_root_taylor)
    if isinstance(x, Interval):
        if x.low < 0:
            raise Undecided("the square root of what may be negative")
        return x.monotone(lambda end: end.sqrt() if end.is_finite() else end)
    if isinstance(x, acb):
        return x.sqrt()
    s = sign(x)
    if s is None:
        raise Undecided("the square root of a number near zero")
    if s < 0:
        raise Undefined("the square root of a negative number")
    return x.sqrt() if x.is_finite() else x


def _root_taylor(a: Number, order: int) -> list[Number]:
    """Coefficients of sqrt(a + h); at 0 there is no slope."""
    first = square_root(a)
    if order == 0:
        return [first]
    if sign(a) == 0:
        raise Undefined("the square root has no slope at zero")
    found, slope = [first], first
    for k in range(1, order + 1):
        slope = slope * (fmpq(3, 2) - k) / k / a
        found.append(slope)
    return found


def _on_interval(name: str, function: Function, x: Interval) -> Interval:
    if name == "log":
        if x.low < 0 or not x.high > 0:
            raise Undecided("log of what may be negative")
        low = x.low.log() if x.low > 0 else INFINITE[1]
        high = x.high.log() if x.high.is_finite() else INFINITE[0]
        return Interval(low, high)
    if name == "cosh":
        top = (-x.low).max(x.high)
        bottom = arb(0) if x.low <= 0 <= x.high else abs(x.low).min(abs(x.high))
        return Interval(apply(name, bottom), apply(name, top))
    if function.increasing and name not in ("digamma", "artanh"):
        return x.monotone(lambda end: ball(apply(name, end)))
    wide = ball(x.low).union(ball(x.high))
    if not wide.is_finite():
        return Interval(-1, 1) if name in ("sin", "cos") else Interval(INFINITE[1], INFINITE[0])
    found = _on_ball(name, function, wide)
    return Interval(found, found)


def taylor(name: str, a: Number, order: int) -> list[Number]:
    """Taylor coefficients of a function at a point, up to an order."""
    if isinstance(a, Interval):
        raise Undecided("a derivative over an interval")
    first = apply(name, a)  # the domain is looked after here
    if order == 0:
        return [first]
    make = FUNCTIONS[name].series
    if make is None:
        raise Undecided(f"the derivative of {name}")
    try:
        series = make(arb_series([ball(a), arb(1)], prec=order + 1))
    except (ValueError, ZeroDivisionError):  # Arb's words for a denominator whose ball holds zero
        raise Undecided(f"the derivative of {name} here") from None
    found = list(series.coeffs()) if hasattr(series, "coeffs") else list(series)
    found += [arb(0)] * (order + 1 - len(found))
    return [first, *found[1:]]
