"""Loops over the first axis of some arrays, in as many threads as there is work for."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from itertools import pairwise

import numpy as np

from .jit import fast_loop

_WORTH = 1 << 16  # numbers a thread is worth being woken for


@cache
def _pool() -> tuple[ThreadPoolExecutor, int]:
    allowed = getattr(os, "sched_getaffinity", None)
    threads = len(allowed(0)) if allowed else os.cpu_count() or 1
    return ThreadPoolExecutor(max(1, threads - 1)), threads


if hasattr(os, "register_at_fork"):  # threads do not survive a fork
    os.register_at_fork(after_in_child=_pool.cache_clear)


def in_threads(loop: Callable[..., int], width: int, *parts: np.ndarray) -> int:
    """Call `loop` on slices of `parts`, whose first axes have one length; `width` numbers belong to each step of it.

    Returns the sum of what the calls return.
    """
    count = len(parts[0])
    if count * width < 2 * _WORTH:
        return loop(*parts)
    pool, threads = _pool()
    threads = max(1, min(threads, count, count * width // _WORTH))
    edges = [count * k // threads for k in range(threads + 1)]
    slices = [[x[a:b] for x in parts] for a, b in pairwise(edges)]
    if threads > 1:
        loop(*(x[:0] for x in parts))  # compiled once, here
    others = [pool.submit(loop, *more) for more in slices[1:]]
    return loop(*slices[0]) + sum(other.result() for other in others)


@fast_loop
def _scale(weights: np.ndarray, x: np.ndarray) -> int:
    if x.ndim == 1:
        for i in range(weights.size):
            x[i] *= weights[i]
    else:
        for i in range(weights.size):
            for j in range(x.shape[1]):
                x[i, j] *= weights[i]
    return 0


def scale(x: np.ndarray, weights: np.ndarray) -> None:
    """Multiply results in place by the weights of their examples."""
    if weights.size and not any(weights.strides) and weights.flat[0] == 1:  # what a sum passes on
        return
    rows = x.reshape(weights.size, -1) if x.ndim > weights.ndim else x.reshape(-1)
    in_threads(_scale, x.size // max(1, weights.size), weights.reshape(-1), rows)
