r"""Differences that keep their digits however near zero they are: exponentials as sums of three numbers.

Where $e^f$ and $y$ nearly agree, the rounding of $e^f$ alone is larger than their difference. Here
$e^x = 2^k (m_1 + m_2 + m_3)$ to about $2^{-125}$, from a table of $2^{j/256}$ and the series of what is left of x, and
the roundings of sums and products are carried along. That takes some hundred operations, so losses do it only where the
usual way cancels: a loss says for each result what it is small beside, and how it is then computed (`Mend`).
"""

from __future__ import annotations

from functools import cache
from math import factorial, isqrt

import numpy as np

from ..frameworks.arrays import log, log1p, side_of
from ..frameworks.protocol import Array
from .numerics import SPLIT, exact_difference

Parts = tuple[Array, Array, Array]  # a number as the sum of three, each far below the one before
Split = tuple[Array, Array, Array]  # a number, and two halves of its digits

_STEPS = 1024  # of the table, from 1 to 2
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
        found.append(part / (1 << _FIXED))
        x -= part
    return found


@cache
def _roots() -> np.ndarray:
    """The numbers 2 to the j / 1024 in three parts, the first of these in two halves; and 1/5!, 1/4! and 1/3! for each.

    The last are looked up, since a graph's optimiser would rewrite (x + c) - c for a constant c.
    """
    root = 2 << _FIXED
    for _ in range(_STEPS.bit_length() - 1):
        root = isqrt(root << _FIXED)
    powers = [1 << _FIXED]
    for _ in range(1, _STEPS):
        powers.append(powers[-1] * root >> _FIXED)
    parts = np.array([_in_doubles(power, 53, 53, 53) for power in powers]).T
    constants = [np.full(_STEPS, _INVERSE[n][0]) for n in (5, 4, 3)]
    return np.array([*_halves(parts[0]), *parts[1:], *constants])


def _halves(a: Array) -> Split:
    """A number, and its first and its last 26 bits (Veltkamp)."""
    far = a * SPLIT
    high = far - (far - a)
    return a, high, a - high


# The logarithm of 2 over 1024, as 2 artanh(1/3): a step number times one of the first three parts is exact.
_LOG = _in_doubles(sum((2 << _FIXED) // ((2 * n + 1) * 3 ** (2 * n + 1)) for n in range(80)) // _STEPS, 32, 32, 32, 53)
_PER_STEP = 1 / sum(_LOG)
_INVERSE = [_in_doubles((1 << _FIXED) // factorial(n), 53, 53) for n in range(10)]  # of factorials
_POWERS = np.array([[2.0**k for k in range(_LEAST, _MOST + 1)]])


# Sums and products, of finite numbers. Where the order counts there are differences only: a graph reorders sums.


def _sum(a: Array, b: Array) -> tuple[Array, Array]:
    """The rounded sum, and what the rounding lost (Knuth's TwoSum)."""
    total = a + b
    back = total - a
    return total, (a - (total - back)) - (back - b)


def _sum_of_less(a: Array, b: Array) -> tuple[Array, Array]:
    """The same where b is not the larger (Dekker)."""
    total = a + b
    return total, b - (total - a)


def _times(a: Split, b: Split) -> tuple[Array, Array]:
    """The rounded product of two numbers in halves, and what the rounding lost (Dekker)."""
    whole = a[0] * b[0]
    return whole, a[2] * b[2] - (((whole - a[1] * b[1]) - a[1] * b[2]) - a[2] * b[1])


def two_product(a: Array, b: Array) -> tuple[Array, Array]:
    """The rounded product, and what the rounding lost."""
    return _times(_halves(a), _halves(b))


def in_three(first: Array, second: Array, *small: Array) -> Parts:
    """A sum as that of three numbers, also where the first two cancel, beside which the others are small."""
    total, lost = _sum(first, second)
    rest = []
    for term in small:
        lost, missed = _sum(lost, term)
        rest.append(missed)
    total, lost = _sum(total, lost)
    lost, last = _sum(lost, sum(rest))
    return total, lost, last


def rounded(x: Parts) -> Array:
    """The three parts in one."""
    return x[0] + (x[1] + x[2])


def product(a: Array, b: Parts) -> tuple[Array, ...]:
    """The terms of the product of a number and one in three parts, the largest first."""
    halves = _halves(a)
    return *_times(halves, _halves(b[0])), *_times(halves, _halves(b[1])), a * b[2]


def times_power_of_two(x: Array, k: Array) -> Array:
    """`x` times 2 to the k, for -2000 < k < 2000, rounded only if the result is subnormal."""
    half = _whole(0.5 * k)
    return (x * _power_of_two(half)) * _power_of_two(k - half)


def _power_of_two(k: Array) -> Array:
    return side_of(k).look_up(_POWERS, k - _LEAST)[0]


def _whole(x: Array) -> Array:
    """The nearest whole number."""
    return side_of(x).whole(x)


def exact_total(x: Parts) -> Parts:
    """The sum along the last axis, kept, of numbers between -1 and 1 in three parts: exact to 2^-105 of 1."""
    total = side_of(x[0]).total
    rests, sums = list(x), []
    for unit in _UNITS:
        of_unit = 0.0
        for i, rest in enumerate(rests):
            multiple = _whole(rest * (1 / unit)) * unit
            rests[i], of_unit = rest - multiple, of_unit + multiple
        sums.append(total(of_unit))
    return in_three(*sums, total(rests[0] + (rests[1] + rests[2])))


def scaled_total(x: Array, lost: Array) -> Parts:
    """The sum along the last axis, kept, of nonnegative numbers in two parts: exact to 2^-105 of the largest."""
    largest = side_of(x).largest(x)[0]
    k = _whole(log(largest + 1e-300) / log(0.0 * largest + 2.0)) + 1.0
    scaled = exact_total((times_power_of_two(x, -k), times_power_of_two(lost, -k), 0.0 * x))
    return times_power_of_two(scaled[0], k), times_power_of_two(scaled[1], k), times_power_of_two(scaled[2], k)


# Exponentials and logarithms.


def exp_in_parts(x: Array, lost: Array | None = None) -> tuple[Array, Parts]:
    """A whole number k and three numbers m with e^(x + lost) = 2^k (m_1 + m_2 + m_3), for finite |x| < 746.

    `lost` is what the rounding of x lost. The sum of m is between 0.99 and 2.
    """
    steps = _whole(x * _PER_STEP)
    k = _whole((steps - (_STEPS - 1) / 2) / _STEPS)
    root, high, low, root_1, root_2, *constants = side_of(x).look_up(_roots(), steps - _STEPS * k)
    u, u_1, u_2 = _expm1(*_beyond(x, steps, lost), *constants)
    halves = _halves(u)
    p, p_1 = _times((root, high, low), halves)
    q, q_2 = _times((root, high, low), _halves(u_1))
    s, s_2 = _times(_halves(root_1), halves)
    m, m_1 = _sum_of_less(root, p)
    rest = root_2 + (root_1 * u_1 + root * u_2 + root_2 * u) + (q_2 + s_2)
    for term in (root_1, p_1, q, s):
        m_1, missed = _sum(m_1, term)
        rest = rest + missed
    m, m_1 = _sum_of_less(m, m_1)
    return k, (m, *_sum_of_less(m_1, rest))


def _beyond(x: Array, steps: Array, lost: Array | None) -> Parts:
    """How far x + lost is beyond so many steps: below 0.00034 in size."""
    r, r_1 = _sum(x - steps * _LOG[0], -steps * _LOG[1])
    rest = -steps * _LOG[3]
    if lost is not None:
        r, missed = _sum(r, lost)
        r_1, missed = _sum(r_1, missed)
        rest = rest + missed
    r_1, missed = _sum(r_1, -steps * _LOG[2])
    r, r_1 = _sum(r, r_1)
    return r, *_sum(r_1, rest + missed)


def _expm1(r: Array, r_1: Array, r_2: Array, fifth: Array, fourth: Array, third: Array) -> Parts:
    """e^r - 1 for a small r: r + r^2 / 2 + r^3 (1/6 + r/24 + ...), the last sum by Horner's rule."""
    c, halves = _INVERSE, _halves(r)
    h = ((c[9][0] * r + c[8][0]) * r + c[7][0]) * r + c[6][0]
    h, h_1 = _sum_of_less(fifth, h * r + c[5][1])
    for near, rest in ((fourth, c[4][1]), (third, c[3][1])):
        p, missed = _times(_halves(h), halves)
        missed = missed + (h * r_1 + h_1 * r)
        h, h_1 = _sum_of_less(near, p)
        h_1 = h_1 + (missed + rest)
    square, square_1 = _times(halves, halves)
    cross = r * r_1
    cube, cube_1 = _times(_halves(square), halves)
    p, p_1 = _times(_halves(cube), _halves(h))
    p_1 = p_1 + (cube * h_1 + (cube_1 + (square_1 + 3.0 * cross) * r) * h)
    u, first = _sum_of_less(r, 0.5 * square)
    u, second = _sum_of_less(u, p)
    u_1, missed = _sum(first, second)
    u_1, more = _sum(u_1, r_1)
    u_1, last = _sum(u_1, 0.5 * square_1 + (cross + p_1))
    return u, u_1, missed + more + (last + r_2)


def log_in_parts(x: Array, lost: Array) -> tuple[Array, ...]:
    """The logarithm of x + lost, x > 1e-200, as terms: of a power of 2^(1/1024), and of what x is beside it."""
    steps = _whole(log(x) * _PER_STEP)
    k = _whole((steps - (_STEPS - 1) / 2) / _STEPS)
    root, _, _, more, *_ = side_of(x).look_up(_roots(), steps - _STEPS * k)
    beside = ((times_power_of_two(x, -k) - root) - more + times_power_of_two(lost, -k)) / root
    return steps * _LOG[0], steps * _LOG[1], log1p(beside) + steps * _LOG[2]


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


def less_log1p_near(x: Array, lost: Array) -> tuple[Array, Array]:
    r"""$x - \log(1 + x)$ in two parts, for |x| < 2^-13: $x^2/2 - x^3 (1/3 - x/4 + ...)$."""
    square, of_square = two_product(x, x)
    cubic = x * square * (1.0 / 3.0 - x * (0.25 - x * (0.2 - x * (1.0 / 6.0 - x / 7.0))))
    return 0.5 * square, 0.5 * of_square + x * lost - cubic


class PreciseShares:
    """A row's exponentials relative to the largest, and their sum, in three parts each; for finite scores.

    What is more than 745.9 below the largest counts 0, as its exponential does.
    """

    def __init__(self, s: Array) -> None:
        side = side_of(s)
        top, _ = side.largest(s)
        self.gap, lost = exact_difference(s, top)
        near = self.gap > -745.9
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
        share, share_1, share_2 = self.share
        whole, *more = product(-q, self.whole)
        total, lost, rest = in_three(share, whole, share_1, share_2, *more)
        return total, lost + rest
