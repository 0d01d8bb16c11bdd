"""Exponentials, logarithms and the like that a compiled loop can take several at a time: see `elementwise`.

Branch-free, and right to about 1e-13 in float64: a millionth of a unit in the last place of a float32 result. Only
`near_share` computes in float32, at twice the speed.
"""

from __future__ import annotations

import numba
import numpy as np

from .. import arrays
from .bits import as_bits64, as_float64, times_two_to

OPTIONS = {"nogil": True, "error_model": "numpy", "forceinline": True, "fastmath": {"contract"}}
_LOG_2_HIGH, _LOG_2_LOW = 0.693147180369123816490, 1.90821492927058770002e-10


@numba.njit(**OPTIONS)
def _where(condition, a, b):
    return a if condition else b


@numba.njit(**OPTIONS)
def _twos(x):
    """The whole number of factors 2 in exp(x); 0 for NaN."""
    number = x if x == x else 0.0
    return np.floor(number * 1.4426950408889634 + 0.5)


@numba.njit(**OPTIONS)
def _scaled(p, r, k):
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


@numba.njit(**OPTIONS)
def exp(x):
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


@numba.njit(**OPTIONS)
def _log(x):
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


@numba.njit(**OPTIONS)
def log1p(x):
    """For numbers from 0 on: what 1 + x loses of x is put back."""
    whole = 1.0 + x
    result = _log(whole) + (x - (whole - 1.0)) / whole
    return result if x < np.inf else x


@numba.njit(**OPTIONS)
def _tanh(x):
    a = abs(x)
    t = exp(-2.0 * a)
    far = (1.0 - t) / (1.0 + t)
    size = a - a * a * a / 3.0 if a < 1e-4 else far
    return -size if x < 0 else size


@numba.njit(**OPTIONS)
def _sinh(x):
    e = exp(x)
    return x + x * x * x / 6.0 if abs(x) < 1e-3 else 0.5 * (e - 1.0 / e)


@numba.njit(**OPTIONS)
def _power(x, c):
    return exp(c * _log(x))


@numba.njit(**OPTIONS)
def _isfinite(x):
    return abs(x) < np.inf


@numba.njit(**OPTIONS)
def share(x):
    """exp for numbers up to 0, to 3e-10: enough where no difference of results is taken."""
    near = -708.0 if x < -708.0 else x
    k = _twos(near)
    r = near - k * 0.6931471805599453
    return _scaled(1 / 40320.0, r, k)


_LOG2_E, _SHIFT = np.float32(1.4426950408889634), np.float32(1.5 * 2**23)
_HIGH, _LOW = np.float32(0.693145751953125), np.float32(1.42860682e-06)  # of log 2
_C6, _C5, _C4, _C3 = (np.float32(c) for c in (0.0013926927, 0.008363774, 0.041666549, 0.16666573))
_HALF, _ONE = np.float32(0.5), np.float32(1.0)


@numba.njit(**OPTIONS)
def near_share(s, top):
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


OWN = {  # for a function of `arrays`, its compiled version
    arrays.where: _where,
    arrays.exp: exp,
    arrays.log: _log,
    arrays.log1p: log1p,
    arrays.tanh: _tanh,
    arrays.sinh: _sinh,
    arrays.power: _power,
    arrays.isfinite: _isfinite,
}
