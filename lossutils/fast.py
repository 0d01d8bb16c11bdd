"""A compiled core for large float32 batches on a processor, where numba is installed (``lossutils[fast]``).

The formulas are the very functions that define a loss: each is compiled with exp, log1p and the like replaced by those
of `vector`, so that a loop over them uses the processor's vector instructions. The two softmax losses that matter most
have loops of their own.
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

from .cross_entropy import SoftmaxCrossEntropy
from .multi_positive import MultiPositiveCrossEntropy
from .vector import OPTIONS, OWN, exp, log1p
from .vector import share as share_of

_SLICE = 1 << 16  # numbers a thread is worth being woken for


@cache
def _scalar(function: FunctionType) -> Any:
    """A formula compiled for numbers, and so what it calls."""
    if function in OWN:
        return OWN[function]
    own = dict(function.__globals__)
    for name in function.__code__.co_names:
        if isinstance(own.get(name), FunctionType):
            own[name] = _scalar(own[name])
    return numba.njit(**OPTIONS)(FunctionType(function.__code__, own, function.__name__, function.__defaults__))


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
        total += 0.0 if x == top else share_of(x - top)
        tied += 1.0 if x == top else 0.0
    return np.nan if tied < 1 or (abs(top) == np.inf and tied > 1) else total + (tied - 1.0)


@numba.njit(nogil=True, error_model="numpy", fastmath={"contract"})
def _shares(s, top, share, out):
    for j in range(s.size):
        x = np.float64(s[j])
        out[j] = (1.0 if x == top else share_of(x - top)) * share


@numba.njit(nogil=True, error_model="numpy")
def _one_class(y, s, value, gradient, with_gradient):
    """Cross-entropy of the classes named in `y`; see `softmax.Shares` for why the largest is summed apart."""
    for i in range(s.shape[0]):
        row, own = s[i], y[i]
        top = np.float64(_largest(row))
        rest, right = _others(row, top), np.float64(row[own])
        gap = 0.0 if right == top else top - right
        value[i] = gap + log1p(rest)
        if with_gradient:
            share = 1.0 / (1.0 + rest)
            _shares(row, top, share, gradient[i])
            gradient[i, own] = -rest * share if right == top else exp(-gap) * share - 1.0


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
        value[i] = weight * gaps + weight * count * log1p(rest)
        if with_gradient:
            _slopes(mask, row, top, rest, count, weight, gradient[i])


@numba.njit(nogil=True, error_model="numpy", fastmath={"contract"})
def _slopes(mask, s, top, rest, count, weight, out):
    """The gradient of a row with several positives: no cancellation where one of them has nearly all."""
    share = 1.0 / (1.0 + rest)
    for j in range(s.size):
        x = np.float64(s[j])
        p = (1.0 if x == top else share_of(x - top)) * share
        missing = rest * share if x == top else 1.0 - p
        out[j] = weight * ((count - 1.0) * p - missing) if mask[j] != 0 else weight * count * p


@numba.njit(nogil=True, fastmath={"reassoc"})
def _outside(x, low, high, found):
    count = 0
    for i in range(x.size):
        count += 0 if low <= x[i] <= high else 1
    if count:  # threads share it: none may write that it found nothing
        found[0] = count


def between(x: np.ndarray, low: float, high: float) -> bool:
    """Whether all of `x` lies between two numbers; a NaN does not."""
    found = np.zeros(1, np.int64)
    x = np.ascontiguousarray(x).reshape(-1)
    _in_threads(lambda x: _outside(x, low, high, found), x.size, 1, x)
    return not found[0]


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
