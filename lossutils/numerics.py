"""Functions that stay accurate where the textbook form overflows, or loses its tail."""

from __future__ import annotations

from typing import Any

from .arrays import exp, isfinite, log1p, where


def softplus(x: Any) -> Any:
    r"""$\log(1 + e^x)$: both tails kept, since $e^{-|x|} \le 1$ and log1p keeps it however small."""
    return where(x > 0, x, 0.0) + log1p(exp(-abs(x)))


def sigmoid(x: Any) -> Any:
    r"""$1 / (1 + e^{-x})$: the small tail is $e^{-|x|} / (1 + e^{-|x|})$, never 1 minus the large one."""
    tail = exp(-abs(x))
    return where(x < 0, tail, 1.0) / (1 + tail)


def exact_difference(a: Any, b: Any) -> tuple[Any, Any]:
    r"""The rounded difference of `a` and `b`, and what the rounding lost (Knuth's TwoSum; 0 where infinite)."""
    d = a - b
    back = d - a
    lost = (a - (d - back)) - (b + back)
    return d, where(isfinite(d), lost, 0.0)
