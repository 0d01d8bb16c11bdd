"""Large batches: compiled, or a block at a time, so that what a formula needs on the way stays in the cache."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import cache
from types import ModuleType
from typing import Any

LARGE = 1 << 17  # numbers that are worth the second it takes to compile a loss
COMPILED = os.environ.get("LOSSUTILS_COMPILED", "large")  # which batches: "large", "always" or "never"


@cache
def core() -> ModuleType | None:
    """The compiled core, where numba is installed and LOSSUTILS_COMPILED is not never."""
    if COMPILED not in ("large", "always", "never"):
        raise ValueError(f"LOSSUTILS_COMPILED: expected large, always or never, got {COMPILED}")
    if COMPILED == "never":
        return None
    try:
        from . import compiled
    except ImportError:
        return None
    return compiled


def in_blocks(
    loss: Any,
    wants: tuple[str, ...],
    arrays: tuple[Any, ...],
    block: int,
    compute: Callable[..., list[Any]],
    empty: Callable[[tuple[int, ...]], Any],
) -> list[Any] | None:
    """The results named in `wants`, or None where the batch is too small, or the loss asked for matrices.

    `arrays` are the target, the prediction, and what else has the prediction's shape; `block` is about how many
    numbers of the prediction are taken at once, `compute` what is done with them, `empty` makes room for results.
    """
    f = arrays[1]
    shape = tuple(f.shape)
    rows = loss.row_axes
    size = 1
    for n in shape:
        size *= n
    if size <= block or (rows and "hessian" in wants):
        return None
    width = shape[-1] if rows else 1
    count, step = size // width, max(1, block // width)
    if count <= step:
        return None
    flat = [x.reshape(count, width) if rows and len(x.shape) == len(shape) else x.reshape(count) for x in arrays]
    kept = [shape[:-1] if rows and want == "value" else shape for want in wants]
    results = [empty((count,) if rows and want == "value" else flat[1].shape) for want in wants]
    for start in range(0, count, step):
        part = slice(start, start + step)
        for result, own in zip(results, compute(*(x[part] for x in flat)), strict=True):
            result[part] = own
    return [result.reshape(own) for result, own in zip(results, kept, strict=True)]
