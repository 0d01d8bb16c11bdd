"""Functions that stay accurate where the textbook form overflows, cancels, or loses its tail."""

from __future__ import annotations

from ..frameworks.arrays import exp, isfinite, log1p, power, where
from ..frameworks.protocol import Array

SPLIT = 2.0**27 + 1  # cuts a float64 in two halves whose products are exact
_FAR = 700.0  # exp of anything nearer to 0 than this neither overflows nor goes subnormal in float64


def constant(c: float, like: Array) -> Array:
    """An array full of `c`, but NaN where `like` is."""
    return where(like == like, c, like)


def weighted(weight: Array, x: Array) -> Array:
    """`weight * x`, where a weight of 0 counts 0 even if `x` is infinite."""
    return where(weight == 0, 0.0, weight * x)


def softplus(x: Array) -> Array:
    r"""$\log(1 + e^x)$: both tails kept, since $e^{-|x|} \le 1$ and log1p keeps it however small."""
    return where(x > 0, x, 0.0) + log1p(exp(-abs(x)))


def sigmoid(x: Array) -> Array:
    r"""$1 / (1 + e^{-x})$: the small tail is $e^{-|x|} / (1 + e^{-|x|})$, never 1 minus the large one."""
    tail = exp(-abs(x))
    return where(x < 0, tail, 1.0) / (1 + tail)


def sigmoid_power(x: Array, c: float, factor: Array = 1.0, more: int = 0) -> Array:
    r"""$\sigma(x)^c$ times a factor, over $(1 + e^{-|x|})^{more}$, for c >= 0, with one power.

    The roundings of exp and of $1 + e^{-|x|}$ are not multiplied by the exponents.
    """
    if c == 0 and more == 0:
        return constant(1.0, x) * factor
    tail = exp(-abs(x))
    whole = 1 + tail
    lost = (c + more) * ((tail - (whole - 1)) / whole)
    if c == 0:
        found = factor * power(whole, -more)
        return found - found * lost
    product, rest = exact_product(c, abs(x))
    found = factor * where(x < 0, exp(-product), 1.0) * power(whole, -(c + more))
    return found - found * (where(x < 0, rest, 0.0) + lost)


def distance(weight: Array, a: Array, b: Array) -> Array:
    r"""$w\,|a - b|$, infinite only if the product is: the difference alone may overflow."""
    d = abs(a - b)
    return where(isfinite(d), weight * d, 2.0 * (weight * abs(0.5 * a - 0.5 * b)))


def exact_difference(a: Array, b: Array) -> tuple[Array, Array]:
    r"""The rounded difference of `a` and `b`, and what the rounding lost (Knuth's TwoSum; 0 where infinite)."""
    d = a - b
    back = d - a
    lost = (a - (d - back)) - (b + back)
    return d, where(isfinite(d), lost, 0.0)


def exact_product(c: float, x: Array) -> tuple[Array, Array]:
    r"""The rounded product of a number and an array, and what the rounding lost (Dekker; 0 where not finite)."""
    product = c * x
    c_high = c * SPLIT - (c * SPLIT - c)
    x_high = x * SPLIT - (x * SPLIT - x)
    c_low, x_low = c - c_high, x - x_high
    lost = c_low * x_low - (((product - c_high * x_high) - c_high * x_low) - c_low * x_high)  # a graph reorders sums
    return product, where(isfinite(lost), lost, 0.0)


def exact_square(x: Array, low: Array) -> tuple[Array, Array]:
    r"""The square of x + low, rounded, and the little that is to be added to it (Dekker; 0 where not finite)."""
    square = x * x
    high = x * SPLIT - (x * SPLIT - x)
    rest = x - high
    lost = rest * rest - ((square - high * high) - 2.0 * high * rest)
    lost = lost + 2.0 * x * low
    return square, where(isfinite(lost), lost, 0.0)


def exact_quotient(x: Array, low: Array, c: float) -> tuple[Array, Array]:
    r"""$(x + \text{low}) / c$ as the rounded quotient x / c and the little that is to be added to it."""
    quotient = x / c
    product, lost = exact_product(c, quotient)
    rest = ((x - product) - lost + low) / c
    return quotient, where(isfinite(rest), rest, 0.0)


def times_exp(weight: Array, x: Array, lost: Array = 0.0) -> Array:
    r"""$w\,e^{x + \text{lost}}$, over- or underflowing only if the product does: a far x is taken in two halves."""
    far = abs(x) > _FAR
    half = exp(where(far, 0.5 * x, x))
    known = where((x < 1400.0) & (x > -2000.0), lost + 0.0 * x, 0.0)  # beyond, the product is infinite or 0
    carried = where(known == 0, half, half + half * known)
    return where(weight == 0, 0.0, (weight * carried) * where(far, half, 1.0))
