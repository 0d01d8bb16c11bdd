"""A compiled core for large float32 batches on a processor, where numba is installed (``lossutils[fast]``).

`elementwise` compiles the very functions that define a loss; `softmax` has loops of its own for the two softmax losses
that matter most. Targets are checked on the way: what looks wrong is left to the callers, who can say what it is.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

from ...losses.cross_entropy import SoftmaxCrossEntropy
from ...losses.multi_positive import MultiPositiveCrossEntropy
from .elementwise import elementwise
from .rows import softmax
from .threads import scale

__all__ = ["run", "scale", "takes"]


@cache
def _has_loop(kind: type) -> bool:
    """Whether losses of this class are compiled; a user's may hold what numba cannot read, and checks of its own."""
    if kind.row_axes:
        return kind in (SoftmaxCrossEntropy, MultiPositiveCrossEntropy)
    return kind.__module__.split(".")[0] == __package__.split(".")[0]


def takes(loss: Any, y: np.ndarray, f: np.ndarray) -> bool:
    """Whether `run` has the value and the gradient of this loss for such arrays."""
    if f.dtype != np.float32 or not _has_loop(type(loss)):
        return False
    if not (f.dtype.isnative and y.dtype.isnative) or y.dtype.char in "eg":
        return False
    if type(loss) is SoftmaxCrossEntropy:
        return not loss.label_smoothing and y.dtype == np.int64 and y.shape == f.shape[:-1]
    return y.shape == f.shape


def run(loss: Any, wants: tuple[str, ...], y: np.ndarray, f: np.ndarray) -> list[np.ndarray] | None:
    """The results named in `wants`; None if they are not compiled, or if a target looks wrong."""
    if not takes(loss, y, f) or (loss.row_axes and not {"value", "gradient"}.issuperset(wants)):
        return None
    if not loss.row_axes:
        return elementwise(loss, wants, y, f)
    return softmax(wants, y, f, getattr(loss, "average", None))
