"""Large batches are taken a block at a time, so that what a formula needs on the way stays in the cache."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from .protocol import Formulas


def in_blocks(
    loss: Formulas,
    wants: tuple[str, ...],
    arrays: tuple[np.ndarray, ...],
    block: int,
    compute: Callable[..., list[np.ndarray]],
) -> list[np.ndarray] | None:
    """The results named in `wants`, or None where the batch is too small, or the loss asked for matrices.

    `arrays` are the target, the prediction, and what else has the prediction's shape; `block` is about how many
    numbers of the prediction are taken at once, `compute` what is done with them.
    """
    f = arrays[1]
    rows = loss.row_axes
    if f.size <= block or (rows and "hessian" in wants):
        return None
    width = f.shape[-1] if rows else 1
    count, step = f.size // width, max(1, block // width)
    if count <= step:
        return None
    flat = [x.reshape(count, width) if rows and x.ndim == f.ndim else x.reshape(count) for x in arrays]
    kept = [f.shape[:-1] if rows and want == "value" else f.shape for want in wants]
    results = [np.empty((count,) if rows and want == "value" else flat[1].shape, f.dtype) for want in wants]
    for start in range(0, count, step):
        part = slice(start, start + step)
        for result, own in zip(results, compute(*(x[part] for x in flat)), strict=True):
            result[part] = own
    return [result.reshape(own) for result, own in zip(results, kept, strict=True)]
