"""A compiled core for large float32 batches on a processor, where numba is installed (``lossutils[fast]``).

The formulas are the very functions that define a loss: each is compiled with exp, log1p and the like replaced by the
versions below, which are branch-free, so that a loop over them uses the processor's vector instructions. They are right
to about 1e-13 in float64, a millionth of a unit in the last place of the float32 results they are for.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import astuple
from functools import cache
from types import FunctionType
from typing import Any

import numba
import numpy as np
from llvmlite import ir
from numba.core import types
from numba.extending import intrinsic

from . import arrays
from .cross_entropy import SoftmaxCrossEntropy
from .multi_positive import MultiPositiveCrossEntropy

_OPTIONS = {"nogil": True, "error_model": "numpy", "forceinline": True}
_LOG_2_HIGH, _LOG_2_LOW = 0.693147180369123816490, 1.90821492927058770002e-10
_SLICE = 1 << 16  # numbers a thread is worth being woken for


@intrinsic
def _as_float(context: Any, bits: Any) -> Any:
    """The float64 with these 64 bits."""

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.bitcast(args[0], ir.DoubleType())

    return types.float64(types.int64), generate


@intrinsic
def _as_bits(context: Any, x: Any) -> Any:
    """The 64 bits of a float64."""

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.bitcast(args[0], ir.IntType(64))

    return types.int64(types.float64), generate


@numba.njit(**_OPTIONS)
def _where(condition, a, b):
    return a if condition else b


@numba.njit(**_OPTIONS)
def _exp(x):
    """Two to a whole number, times a polynomial; never quite 0 or infinite, which float32 cannot tell."""
    near = 708.0 if x > 708.0 else (-708.0 if x < -708.0 else x)
    number = near if near == near else 0.0
    k = np.floor(number * 1.4426950408889634 + 0.5)
    r = (near - k * _LOG_2_HIGH) - k * _LOG_2_LOW
    p = 1 / 479001600.0
    p = p * r + 1 / 39916800.0
    p = p * r + 1 / 3628800.0
    p = p * r + 1 / 362880.0
    p = p * r + 1 / 40320.0
    p = p * r + 1 / 5040.0
    p = p * r + 1 / 720.0
    p = p * r + 1 / 120.0
    p = p * r + 1 / 24.0
    p = p * r + 1 / 6.0
    p = p * r + 0.5
    p = p * r + 1.0
    p = p * r + 1.0
    return p * _as_float((np.int64(np.int32(k)) + 1023) << 52)


@numba.njit(**_OPTIONS)
def _log(x):
    """For positive normal numbers: the exponent, and the series of log((1 + s) / (1 - s))."""
    bits = _as_bits(x) - _as_bits(0.7071067811865476)
    k = bits >> 52
    m = _as_float(_as_bits(x) - (k << 52))
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


@numba.njit(**_OPTIONS)
def _log1p(x):
    """For numbers from 0 on: what 1 + x loses of x is put back."""
    whole = 1.0 + x
    result = _log(whole) + (x - (whole - 1.0)) / whole
    return result if x < np.inf else x


@numba.njit(**_OPTIONS)
def _tanh(x):
    a = abs(x)
    t = _exp(-2.0 * a)
    far = (1.0 - t) / (1.0 + t)
    size = a - a * a * a / 3.0 if a < 1e-4 else far
    return -size if x < 0 else size


@numba.njit(**_OPTIONS)
def _sinh(x):
    e = _exp(x)
    return x + x * x * x / 6.0 if abs(x) < 1e-3 else 0.5 * (e - 1.0 / e)


@numba.njit(**_OPTIONS)
def _power(x, c):
    return _exp(c * _log(x))


@numba.njit(**_OPTIONS)
def _isfinite(x):
    return abs(x) < np.inf


_OWN = {
    arrays.where: _where,
    arrays.exp: _exp,
    arrays.log: _log,
    arrays.log1p: _log1p,
    arrays.tanh: _tanh,
    arrays.sinh: _sinh,
    arrays.power: _power,
    arrays.isfinite: _isfinite,
}


@cache
def _scalar(function: FunctionType) -> Any:
    """A formula compiled for numbers, and so what it calls."""
    if function in _OWN:
        return _OWN[function]
    own = dict(function.__globals__)
    for name in function.__code__.co_names:
        if isinstance(own.get(name), FunctionType):
            own[name] = _scalar(own[name])
    return numba.njit(**_OPTIONS)(FunctionType(function.__code__, own, function.__name__, function.__defaults__))


@cache
def _loop(loss: Any, wants: tuple[str, ...]) -> Callable:
    """A loop over one loss's formulas, its parameters known to the compiler."""
    names = {"value": "formula", "gradient": "slope", "hessian": "curvature"}
    arguments = "".join(f", {float(p)!r}" for p in astuple(loss))
    scope = {want: _scalar(getattr(type(loss), names[want])) for want in wants} | {"float64": np.float64}
    outs = ", ".join("out_" + want for want in wants)
    lines = [f"def loop(y, f, {outs}):", "    for i in range(f.size):", "        a, b = float64(y[i]), float64(f[i])"]
    lines += [f"        out_{want}[i] = {want}(a, b{arguments})" for want in wants]
    exec("\n".join(lines), scope)  # the text is made here, of names known here
    return numba.njit(nogil=True, error_model="numpy", fastmath={"contract"})(scope["loop"])


@numba.njit(**_OPTIONS)
def _share(x):
    """exp for numbers up to 0, to 3e-10: enough where no difference of results is taken."""
    near = -708.0 if x < -708.0 else x
    number = near if near == near else 0.0
    k = np.floor(number * 1.4426950408889634 + 0.5)
    r = near - k * 0.6931471805599453
    p = 1 / 40320.0
    p = p * r + 1 / 5040.0
    p = p * r + 1 / 720.0
    p = p * r + 1 / 120.0
    p = p * r + 1 / 24.0
    p = p * r + 1 / 6.0
    p = p * r + 0.5
    p = p * r + 1.0
    p = p * r + 1.0
    return p * _as_float((np.int64(np.int32(k)) + 1023) << 52)


@numba.njit(nogil=True, error_model="numpy", fastmath=True)
def _largest(s):
    """The largest number; if there is a NaN, anything."""
    top = s[0]
    for j in range(s.size):
        top = max(top, s[j])
    return top


@numba.njit(nogil=True, error_model="numpy", fastmath={"reassoc", "contract"})
def _others(s, top):
    """The sum of all shares but one of the largest's, relative to it."""
    total, tied = 0.0, 0.0
    for j in range(s.size):
        x = np.float64(s[j])
        total += 0.0 if x == top else _share(x - top)
        tied += 1.0 if x == top else 0.0
    return np.nan if tied < 1 or (abs(top) == np.inf and tied > 1) else total + (tied - 1.0)


@numba.njit(nogil=True, error_model="numpy", fastmath={"contract"})
def _shares(s, top, share, out):
    for j in range(s.size):
        x = np.float64(s[j])
        out[j] = (1.0 if x == top else _share(x - top)) * share


@numba.njit(nogil=True, error_model="numpy")
def _one_class(y, s, value, gradient, with_gradient):
    """Cross-entropy of the classes named in `y`; see `softmax.Shares` for why the largest is summed apart."""
    for i in range(s.shape[0]):
        row, own = s[i], y[i]
        top = np.float64(_largest(row))
        rest, right = _others(row, top), np.float64(row[own])
        gap = 0.0 if right == top else top - right
        value[i] = gap + _log1p(rest)
        if with_gradient:
            share = 1.0 / (1.0 + rest)
            _shares(row, top, share, gradient[i])
            gradient[i, own] = -rest * share if right == top else _exp(-gap) * share - 1.0


@numba.njit(nogil=True, error_model="numpy", fastmath={"reassoc", "contract"})
def _positives(mask, s, top):
    """How many positives there are, and the sum of their gaps to the largest."""
    count, gaps = 0.0, 0.0
    for j in range(s.size):
        x, positive = np.float64(s[j]), np.float64(mask[j])
        count += positive
        gaps += (top - x) * positive if positive != 0 and x != top else 0.0
    return count, gaps


@numba.njit(nogil=True, error_model="numpy")
def _several_classes(y, s, value, gradient, with_gradient, average):
    """Cross-entropy of the classes that are 1 in `y`: their mean, or their sum."""
    for i in range(s.shape[0]):
        row, mask = s[i], y[i]
        top = np.float64(_largest(row))
        rest = _others(row, top)
        count, gaps = _positives(mask, row, top)
        weight = 1.0 / count if average else 1.0
        value[i] = weight * gaps + weight * count * _log1p(rest)
        if with_gradient:
            share, out = 1.0 / (1.0 + rest), gradient[i]
            _shares(row, top, share * (weight * count), out)
            for j in range(row.size):
                if mask[j] != 0:
                    x = np.float64(row[j])
                    p = share if x == top else _exp(x - top) * share
                    missing = rest * share if x == top else 1.0 - p
                    out[j] = weight * ((count - 1.0) * p - missing)


def run(loss: Any, wants: tuple[str, ...], y: np.ndarray, f: np.ndarray) -> list[np.ndarray] | None:
    """The results named in `wants` for float32 predictions; None for what is not compiled."""
    if not loss.row_axes:
        return elementwise(loss, wants, y, f)
    if "hessian" in wants or "hessian_product" in wants:
        return None
    if isinstance(loss, SoftmaxCrossEntropy) and not loss.label_smoothing and y.ndim < f.ndim:
        return softmax(wants, y, f)
    if isinstance(loss, MultiPositiveCrossEntropy):
        return softmax(wants, y, f, loss.average)
    return None


def elementwise(loss: Any, wants: tuple[str, ...], y: np.ndarray, f: np.ndarray) -> list[np.ndarray]:
    """Results of an elementwise loss for float32 predictions."""
    shape, y, f = f.shape, np.ascontiguousarray(y.reshape(-1)), np.ascontiguousarray(f.reshape(-1))
    results = [np.empty(f.shape, f.dtype) for _ in wants]
    _in_threads(_loop(loss, wants), f.size, 1, y, f, *results)
    return [r.reshape(shape) for r in results]


def softmax(wants: tuple[str, ...], y: np.ndarray, s: np.ndarray, average: bool | None = None) -> list[np.ndarray]:
    """Softmax cross-entropy of class numbers, or of masks of positives, for float32 logits."""
    shape, s = s.shape, np.ascontiguousarray(s.reshape(-1, s.shape[-1]))
    y = np.ascontiguousarray(y.reshape(len(s)) if average is None else y.reshape(s.shape))
    wanted = "gradient" in wants
    gradient, value = np.empty(s.shape if wanted else (len(s), 0), s.dtype), np.empty(len(s), s.dtype)

    def rows(*parts: Any) -> None:
        if average is None:
            _one_class(*parts, wanted)
        else:
            _several_classes(*parts, wanted, average)

    _in_threads(rows, len(s), s.shape[1], y, s, value, gradient)
    found = {"value": value.reshape(shape[:-1]), "gradient": gradient.reshape(shape) if wanted else None}
    return [found[want] for want in wants]


@cache
def _pool() -> tuple[ThreadPoolExecutor, int]:
    allowed = getattr(os, "sched_getaffinity", None)
    threads = len(allowed(0)) if allowed else os.cpu_count() or 1
    return ThreadPoolExecutor(threads), threads


def _in_threads(loop: Callable, count: int, width: int, *parts: np.ndarray) -> None:
    """A loop over the first axis of some arrays, in as many threads as there is work for."""
    pool, threads = _pool()
    threads = max(1, min(threads, count, count * width // _SLICE))
    if threads == 1:
        loop(*parts)
        return
    loop(*(x[:0] for x in parts))  # compiled once, here
    edges = [count * k // threads for k in range(threads + 1)]
    list(pool.map(lambda k: loop(*(x[edges[k] : edges[k + 1]] for x in parts)), range(threads)))
