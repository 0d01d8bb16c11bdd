"""Functions that stay accurate where the textbook form overflows, cancels, or loses its tail."""

from __future__ import annotations

from typing import Any

from ..frameworks.arrays import exp, isfinite, log1p, power, where

_SPLIT = 2.0**27 + 1  # cuts a float64 in two halves whose products are exact
_FAR = 700.0  # exp of anything nearer to 0 than this neither overflows nor goes subnormal in float64

LONG, PARTS = 256, 16  # a row of such a length is summed in so many parts, where the framework's own sum loses a digit


def in_pairs(x: Any) -> Any:
    """The sum of the last axis, kept, whose length is a power of 2: neighbours' sums, and so on."""
    while x.shape[-1] > 1:
        half = x.shape[-1] // 2
        x = x[..., :half] + x[..., half:]
    return x


def constant(c: float, like: Any) -> Any:
    """An array full of `c`, but NaN where `like` is."""
    return where(like == like, c, like)


def weighted(weight: Any, x: Any) -> Any:
    """`weight * x`, where a weight of 0 counts 0 even if `x` is infinite."""
    return where(weight == 0, 0.0, weight * x)


def softplus(x: Any) -> Any:
    r"""$\log(1 + e^x)$: both tails kept, since $e^{-|x|} \le 1$ and log1p keeps it however small."""
    return where(x > 0, x, 0.0) + log1p(exp(-abs(x)))


def sigmoid(x: Any) -> Any:
    r"""$1 / (1 + e^{-x})$: the small tail is $e^{-|x|} / (1 + e^{-|x|})$, never 1 minus the large one."""
    tail = exp(-abs(x))
    return where(x < 0, tail, 1.0) / (1 + tail)


def sigmoid_power(x: Any, c: float) -> Any:
    r"""$\sigma(x)^c$ for c >= 0, in which the roundings of exp and of 1 + e^{-|x|} are not multiplied by c."""
    if c == 0:
        return constant(1.0, x)
    tail = exp(-abs(x))
    whole = 1 + tail
    lost = tail - (whole - 1)
    product, rest = exact_product(c, abs(x))
    small = exp(-product)
    return where(x < 0, small - small * rest, 1.0) / (power(whole, c) * (1 + c * (lost / whole)))


def distance(weight: Any, a: Any, b: Any) -> Any:
    r"""$w\,|a - b|$, infinite only if the product is: the difference alone may overflow."""
    d = abs(a - b)
    return where(isfinite(d), weight * d, 2.0 * (weight * abs(0.5 * a - 0.5 * b)))


def exact_difference(a: Any, b: Any) -> tuple[Any, Any]:
    r"""The rounded difference of `a` and `b`, and what the rounding lost (Knuth's TwoSum; 0 where infinite)."""
    d = a - b
    back = d - a
    lost = (a - (d - back)) - (b + back)
    return d, where(isfinite(d), lost, 0.0)


def exact_product(c: float, x: Any) -> tuple[Any, Any]:
    r"""The rounded product of a number and an array, and what the rounding lost (Dekker; 0 where not finite)."""
    product = c * x
    c_high = c * _SPLIT - (c * _SPLIT - c)
    x_high = x * _SPLIT - (x * _SPLIT - x)
    c_low, x_low = c - c_high, x - x_high
    lost = ((c_high * x_high - product) + c_high * x_low + c_low * x_high) + c_low * x_low
    return product, where(isfinite(lost), lost, 0.0)


def exact_quotient(x: Any, low: Any, c: float) -> tuple[Any, Any]:
    r"""$(x + \text{low}) / c$ as the rounded quotient x / c and the little that is to be added to it."""
    quotient = x / c
    product, lost = exact_product(c, quotient)
    rest = ((x - product) - lost + low) / c
    return quotient, where(isfinite(rest), rest, 0.0)


def times_exp(weight: Any, x: Any, lost: Any = 0.0) -> Any:
    r"""$w\,e^{x + \text{lost}}$, over- or underflowing only if the product does: a far x is taken in two halves."""
    far = abs(x) > _FAR
    half = exp(where(far, 0.5 * x, x))
    known = where(abs(x) < 2000.0, lost + 0.0 * x, 0.0)  # beyond, the product is 0 or infinite
    return where(weight == 0, 0.0, (weight * half) * where(far, half, 1.0) * (1 + known))
