r"""Differences that keep their digits however near zero they are: exponentials as sums of three numbers.

Where $e^f$ and $y$ nearly agree, the rounding of $e^f$ alone is larger than their difference. Here
$e^x = 2^k (m_1 + m_2 + m_3)$ to about $2^{-125}$, from a table of $2^{j/256}$ and the series of what is left of x, and
the roundings of sums and products are carried along. That takes some hundred operations, so losses do it only where the
usual way cancels: a loss says for each result what it is small beside, and how it is then computed (`Mend`).
"""

from __future__ import annotations

from fractions import Fraction
from math import isqrt

import numpy as np

from ..frameworks.arrays import log, log1p, side_of
from ..frameworks.protocol import Array
from .numerics import SPLIT, exact_difference

Parts = tuple[Array, Array, Array]  # a number as the sum of three, each far below the one before

_STEPS = 256  # of the table, from 1 to 2
_ROUND = 1.5 * 2.0**52  # added to a number and taken off again, it rounds to a whole one
_LEAST, _MOST = -1074, 1023  # the exponents of float64 numbers
_UNITS = (2.0**-35, 2.0**-70, 2.0**-105)  # whole multiples of these add up exactly, 80,000 of them
_FIXED = 240  # bits after the point, of the whole numbers that tables are made from


# Tables.


def _in_doubles(x: int, *bits: int) -> list[float]:
    """A number with `_FIXED` bits after the point as a sum of float64 numbers of so many bits each."""
    found = []
    for many in bits:
        unit = 1 << max(0, abs(x).bit_length() - many)
        part = (x + unit // 2) // unit * unit
        found.append(float(Fraction(part, 1 << _FIXED)))
        x -= part
    return found


def _log_of_two() -> int:
    """Twice the inverse hyperbolic tangent of 1/3."""
    terms = ((2 << _FIXED) // ((2 * n + 1) * 3 ** (2 * n + 1)) for n in range(_FIXED // 3))
    return sum(terms)


def _roots() -> np.ndarray:
    """The numbers 2 to the j / 256, in three parts."""
    root = 2 << _FIXED
    for _ in range(8):
        root = isqrt(root << _FIXED)
    powers = [1 << _FIXED]
    for _ in range(1, _STEPS):
        powers.append(powers[-1] * root >> _FIXED)
    return np.array([_in_doubles(power, 53, 53, 53) for power in powers]).T.copy()


def _inverse_factorial(n: int) -> list[float]:
    factorial = 1
    for k in range(2, n + 1):
        factorial *= k
    return _in_doubles((1 << _FIXED) // factorial, 53, 53)


_ROOTS = _roots()
_POWERS = np.array([2.0**k for k in range(_LEAST, _MOST + 1)])
_LOG = _in_doubles(_log_of_two() // _STEPS, 35, 35, 35, 53)  # of 2, over 256: a whole number times a part is exact
_PER_STEP = 1 / sum(_LOG)
_TAIL = [_inverse_factorial(n)[0] for n in range(11, 6, -1)]
_HEAD = [_inverse_factorial(n) for n in range(6, 2, -1)]


# Sums and products, of finite numbers.


def _sum(a: Array, b: Array) -> tuple[Array, Array]:
    """The rounded sum, and what the rounding lost (Knuth's TwoSum)."""
    total = a + b
    back = total - a
    return total, (a - (total - back)) + (b - back)


def two_product(a: Array, b: Array) -> tuple[Array, Array]:
    """The rounded product, and what the rounding lost (Dekker)."""
    whole = a * b
    a_high, b_high = a * SPLIT - (a * SPLIT - a), b * SPLIT - (b * SPLIT - b)
    a_low, b_low = a - a_high, b - b_high
    return whole, ((a_high * b_high - whole) + a_high * b_low + a_low * b_high) + a_low * b_low


def in_three(*terms: Array) -> Parts:
    """A sum of numbers as the sum of three: what each addition loses is added up by itself, twice."""
    total, lost = _added(*terms)
    second, lost = _added(*lost)
    total, rest = _sum(total, second)
    rest, last = _sum(rest, sum(lost))
    return total, rest, last


def _added(*terms: Array) -> tuple[Array, list[Array]]:
    """The sum of terms, and what each addition lost."""
    total, lost = terms[0], []
    for term in terms[1:]:
        total, missed = _sum(total, term)
        lost.append(missed)
    return total, lost


def rounded(x: Parts) -> Array:
    """The three parts in one."""
    return x[0] + (x[1] + x[2])


def product(a: Array, b: Parts) -> tuple[Array, ...]:
    """The terms of the product of a number and one in three parts."""
    return *two_product(a, b[0]), *two_product(a, b[1]), a * b[2]


def times_power_of_two(x: Array, k: Array) -> Array:
    """`x` times 2 to the k, for -2000 < k < 2000, rounded only if the result is subnormal."""
    half = _whole(0.5 * k)
    return (x * _power_of_two(half)) * _power_of_two(k - half)


def _power_of_two(k: Array) -> Array:
    return side_of(k).look_up(_POWERS, k - _LEAST)


def _whole(x: Array) -> Array:
    """The nearest whole number."""
    return (x + _ROUND) - _ROUND


def exact_total(x: Parts) -> Parts:
    """The sum along the last axis, kept, of numbers between -1 and 1 in three parts: exact to 2^-105 of 1."""
    total = side_of(x[0]).total
    rests, sums = list(x), []
    for unit in _UNITS:
        of_unit = 0.0
        for i, rest in enumerate(rests):
            multiple = (rest + _ROUND * unit) - _ROUND * unit
            rests[i], of_unit = rest - multiple, of_unit + multiple
        sums.append(total(of_unit))
    return in_three(*sums, total(rests[0] + (rests[1] + rests[2])))


# The exponential function.


def exp_in_parts(x: Array, lost: Array = 0.0) -> tuple[Array, Parts]:
    """A whole number k and three numbers m with e^(x + lost) = 2^k (m_1 + m_2 + m_3), for finite |x| < 746.

    `lost` is what the rounding of x lost. The sum of m is between 0.99 and 2.
    """
    steps = _whole(x * _PER_STEP)
    k = _whole((steps - 127.5) / _STEPS)
    root = [side_of(x).look_up(part, steps - _STEPS * k) for part in _ROOTS]
    first, second, third, fourth = (steps * part for part in _LOG)
    r = in_three(x - first, lost + 0.0 * x, -second, -third, -fourth)  # |r| < 0.0014
    u = _expm1(r)
    p, p_lost = two_product(root[0], u[0])
    q, q_lost = two_product(root[0], u[1])
    s, s_lost = two_product(root[1], u[0])
    small = root[2] + (root[1] * u[1] + root[0] * u[2] + root[2] * u[0]) + (q_lost + s_lost)
    return k, in_three(root[0], p, root[1], p_lost, q, s, small)


def _expm1(r: Parts) -> Parts:
    """e^r - 1 of a small r: r + r^2 / 2 + r^3 (1/6 + r/24 + ...), the last sum by Horner's rule in two numbers."""
    high, low = _TAIL[0], 0.0 * r[0]
    for c in _TAIL[1:]:
        high = high * r[0] + c
    for c, more in _HEAD:
        p, missed = two_product(high, r[0])
        missed = missed + (high * r[1] + low * r[0])
        high, of_sum = _sum(p, c)
        low = of_sum + (missed + more)
    square, missed = two_product(r[0], r[0])
    twice = 2.0 * (r[0] * r[1])
    cube, of_cube = two_product(square, r[0])
    of_cube = of_cube + (missed + 1.5 * twice) * r[0]
    p, of_p = two_product(cube, high)
    of_p = of_p + (cube * low + of_cube * high)
    return in_three(r[0], 0.5 * square, p, r[1], 0.5 * missed + (0.5 * twice + of_p), r[2])


def log_in_parts(x: Array, lost: Array) -> tuple[Array, ...]:
    """The logarithm of x + lost as terms to be added: of a power of 2^(1/256), and of what x is beside it; 1e-200 < x."""
    steps = _whole(log(x) * _PER_STEP)
    k = _whole((steps - 127.5) / _STEPS)
    root, more, _ = (side_of(x).look_up(part, steps - _STEPS * k) for part in _ROOTS)
    beside = ((times_power_of_two(x, -k) - root) - more + times_power_of_two(lost, -k)) / root
    return steps * _LOG[0], steps * _LOG[1], log1p(beside)


def excess(q: Array) -> Parts:
    """By how much the numbers of a row, from 0 to 1, add up to more than 1."""
    total = exact_total((q, 0.0 * q, 0.0 * q))
    return in_three(total[0] - 1.0, *total[1:])  # exact: the sum is near 1


def quotient(a: Array, a_lost: Array, b: Array, b_lost: Array) -> tuple[Array, Array]:
    """The quotient of two numbers in two parts each, in two parts."""
    x = a / b
    again, lost = two_product(x, b)
    return x, ((a - again) - lost + (a_lost - x * b_lost)) / b


def less_log1p(x: Array) -> Array:
    r"""$x - \log(1 + x)$ for -1/2 <= x <= 1: with $s = x / (2 + x)$ it is $x s - 2 (s^3/3 + s^5/5 + ...)$."""
    s = x / (2.0 + x)
    square = s * s
    series = 0.0 * s
    for n in range(35, 1, -2):
        series = series * square + 1.0 / n
    return s * (x - 2.0 * square * series)


class PreciseShares:
    """A row's exponentials relative to the largest, and their sum, in three parts each; for finite scores.

    What is more than 740 below the largest counts 0.
    """

    def __init__(self, s: Array) -> None:
        side = side_of(s)
        top, _ = side.largest(s)
        self.gap, lost = exact_difference(s, top)
        near = self.gap > -740.0
        k, share = exp_in_parts(side.where(near, self.gap, 0.0), side.where(near, lost, 0.0))
        one, two, three = (side.where(near, times_power_of_two(part, k), 0.0) for part in share)
        self.share = one, two, three
        self.whole = exact_total(self.share)

    def of_whole(self, q: Array) -> tuple[Array, Array]:
        """`q` times the sum, in two parts."""
        total, lost, rest = in_three(*product(q, self.whole))
        return total, lost + rest

    def less(self, q: Array) -> tuple[Array, Array]:
        """The probabilities less `q`, times the sum, in two parts."""
        total, lost, rest = in_three(*self.share, *product(-q, self.whole))
        return total, lost + rest
