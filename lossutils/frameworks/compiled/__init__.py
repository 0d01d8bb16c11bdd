"""A compiled core for large float32 batches on a processor, where numba is installed (``lossutils[fast]``).

A loss names its kernel: "elementwise" compiles the very functions that define the loss; "one class" and "several
classes" are loops over the rows of softmax cross-entropy. Targets are checked on the way: what looks wrong is left to
the callers, who can say what it is.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import TypeAlias

import numpy as np

from ..protocol import Formulas
from .elementwise import elementwise
from .rows import one_class, several_classes
from .threads import scale

Kernel: TypeAlias = Callable[[Formulas, tuple[str, ...], np.ndarray, np.ndarray], list[np.ndarray] | None]
__all__ = ["has_loop", "results", "scale"]

_KERNELS: dict[str, Kernel] = {"elementwise": elementwise, "one class": one_class, "several classes": several_classes}
_FLOAT32, _INT64 = np.dtype(np.float32), np.dtype(np.int64)
_OF_ROWS = frozenset(["value", "gradient"])
_TARGETS = frozenset([_FLOAT32, np.dtype(np.float64), _INT64])


@cache
def _kernel_of(kind: type) -> Kernel | None:
    """The kernel that a class names itself: a subclass, a user's, may compute something else."""
    named = vars(kind).get("kernel")
    return _KERNELS[named] if named else None


def has_loop(loss: Formulas, y: np.ndarray, f: np.ndarray) -> bool:
    """Whether `results` has the value and the gradient of this loss for such arrays, whose shapes fit."""
    kernel = _kernel_of(type(loss))
    if kernel is None or f.dtype != _FLOAT32 or y.dtype not in _TARGETS:
        return False
    return kernel is not one_class or (y.dtype == _INT64 and y.ndim < f.ndim and not vars(loss)["label_smoothing"])


def results(loss: Formulas, wants: tuple[str, ...], y: np.ndarray, f: np.ndarray) -> list[np.ndarray] | None:
    """The results named in `wants`; None if there is no loop for them, or if a target looks wrong."""
    kernel = _kernel_of(type(loss))
    if kernel is None or not has_loop(loss, y, f) or (loss.row_axes and not _OF_ROWS.issuperset(wants)):
        return None
    return kernel(loss, wants, y, f)
