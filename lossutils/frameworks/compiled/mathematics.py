"""Exponentials, logarithms and the like that a compiled loop can take several at a time: see `elementwise`.

Branch-free, and right to about 1e-13 in float64: a millionth of a unit in the last place of a float32 result. Only
`near_share` computes in float32, at twice the speed.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from .. import arrays
from .bits import as_bits64, as_float64, times_two_to
from .jit import inlined

_LOG_2_HIGH, _LOG_2_LOW = 0.693147180369123816490, 1.90821492927058770002e-10


@inlined
def _where(condition: bool, a: float, b: float) -> float:
    return a if condition else b


@inlined
def _twos(x: float) -> float:
    """The whole number of factors 2 in exp(x); 0 for NaN."""
    number = x if x == x else 0.0
    count: float = np.floor(number * 1.4426950408889634 + 0.5)
    return count


@inlined
def _scaled(p: float, r: float, k: float) -> float:
    """The series of exp(r) on from its term of order 8, times 2 to the k."""
    p = p * r + 1 / 5040.0
    p = p * r + 1 / 720.0
    p = p * r + 1 / 120.0
    p = p * r + 1 / 24.0
    p = p * r + 1 / 6.0
    p = p * r + 0.5
    p = p * r + 1.0
    p = p * r + 1.0
    return p * as_float64((np.int64(np.int32(k)) + 1023) << 52)


@inlined
def exp(x: float) -> float:
    """Two to a whole number, times a polynomial; what is below the normal numbers is 0."""
    near = 708.0 if x > 708.0 else (-708.0 if x < -708.0 else x)
    k = _twos(near)
    r = (near - k * _LOG_2_HIGH) - k * _LOG_2_LOW
    p = 1 / 479001600.0
    p = p * r + 1 / 39916800.0
    p = p * r + 1 / 3628800.0
    p = p * r + 1 / 362880.0
    result = _scaled(p * r + 1 / 40320.0, r, k)
    result = 0.0 if x < -708.0 else result
    return np.inf if x > 709.0 else result


@inlined
def _log(x: float) -> float:
    """For positive normal numbers: the exponent, and the series of log((1 + s) / (1 - s))."""
    bits = as_bits64(x) - as_bits64(0.7071067811865476)
    k = bits >> 52
    m = as_float64(as_bits64(x) - (k << 52))
    s = (m - 1.0) / (m + 1.0)
    t = s * s
    p = 2 / 19.0
    p = p * t + 2 / 17.0
    p = p * t + 2 / 15.0
    p = p * t + 2 / 13.0
    p = p * t + 2 / 11.0
    p = p * t + 2 / 9.0
    p = p * t + 2 / 7.0
    p = p * t + 2 / 5.0
    p = p * t + 2 / 3.0
    p = p * t + 2.0
    e = np.float64(np.int32(k))
    return e * _LOG_2_HIGH + (s * p + e * _LOG_2_LOW)


@inlined
def log1p(x: float) -> float:
    """For numbers from 0 on: what 1 + x loses of x is put back."""
    whole = 1.0 + x
    result = _log(whole) + (x - (whole - 1.0)) / whole
    return result if x < np.inf else x


@inlined
def _tanh(x: float) -> float:
    a = abs(x)
    t = exp(-2.0 * a)
    far = (1.0 - t) / (1.0 + t)
    size = a - a * a * a / 3.0 if a < 1e-4 else far
    return -size if x < 0 else size


@inlined
def _sinh(x: float) -> float:
    e = exp(x)
    return x + x * x * x / 6.0 if abs(x) < 1e-3 else 0.5 * (e - 1.0 / e)


@inlined
def _expm1(x: float) -> float:
    near = x + x * x * (0.5 + x * (1 / 6.0 + x / 24.0))
    return near if abs(x) < 1e-3 else exp(x) - 1.0


@inlined
def _any_log(x: float) -> float:
    return _log(x) if 0.0 < x < np.inf else (-np.inf if x == 0.0 else x)


@inlined
def _power(x: float, c: float) -> float:
    found = exp(c * _log(x)) if x < np.inf else exp(c * x)
    return 1.0 if c == 0.0 else found


@inlined
def _isfinite(x: float) -> bool:
    return abs(x) < np.inf


@inlined
def share(x: float) -> float:
    """exp for numbers up to 0, to 3e-10: enough where no difference of results is taken."""
    near = -708.0 if x < -708.0 else x
    k = _twos(near)
    r = near - k * 0.6931471805599453
    return _scaled(1 / 40320.0, r, k)


_LOG2_E, _SHIFT = np.float32(1.4426950408889634), np.float32(1.5 * 2**23)
_HIGH, _LOW = np.float32(0.693145751953125), np.float32(1.42860682e-06)  # of log 2
_C6, _C5, _C4, _C3 = (np.float32(c) for c in (0.0013926927, 0.008363774, 0.041666549, 0.16666573))
_HALF, _ONE = np.float32(0.5), np.float32(1.0)


@inlined
def near_share(s: float, top: float) -> float:
    """exp(s - top) in float32 for a gap of at most 80, to about one unit in the last place; 1 for a tie.

    The difference is taken with what its rounding loses (Knuth's TwoSum), which exp would amplify by the gap.
    """
    d = s - top
    back = d - s
    lost = (s - (d - back)) - (top + back)
    shifted = d * _LOG2_E + _SHIFT
    k = shifted - _SHIFT
    r = (d - k * _HIGH) + (lost - k * _LOW)
    p = _C6 * r + _C5
    p = p * r + _C4
    p = p * r + _C3
    p = p * r + _HALF
    return times_two_to((p * r) * r + r + _ONE, shifted)


COMPILED: dict[Callable[..., object], Callable[..., object]] = {  # for a function of `arrays`, its compiled version
    arrays.where: _where,
    arrays.exp: exp,
    arrays.log: _any_log,
    arrays.expm1: _expm1,
    arrays.log1p: log1p,
    arrays.tanh: _tanh,
    arrays.sinh: _sinh,
    arrays.power: _power,
    arrays.isfinite: _isfinite,
}
