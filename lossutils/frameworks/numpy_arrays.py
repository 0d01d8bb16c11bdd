"""The operations of `protocol.Operations` on NumPy arrays."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np

from .protocol import Array

_WIDER = {np.dtype(np.float16): np.float64, np.dtype(np.float32): np.float64}


class NumPyArrays:
    """NumPy's operations."""

    NAME = "a NumPy array"
    is_framework = True

    exp, log, log1p, expm1 = np.exp, np.log, np.log1p, np.expm1
    sinh, tanh, power = np.sinh, np.tanh, np.power
    isfinite, where, whole = np.isfinite, staticmethod(np.where), np.rint

    def look_up(self, table: np.ndarray, index: Array, /) -> tuple[Array, ...]:
        """The entries of each row of a table; the index is whole, in a floating type."""
        return tuple(table[:, index.astype(np.int64)])

    def mended(self, near: Array, rough: Array, precisely: Callable[..., Array], /, *arrays: Array) -> Array:
        """`rough`, but where `near` what a function makes of the entries, or rows, of some arrays there."""
        if near.any():
            rough = np.array(rough)
            rough[near] = precisely(*(x[near] for x in arrays))
        return rough

    # Along the last axis.

    total = staticmethod(partial(np.add.reduce, axis=-1, keepdims=True))
    total_in_parts = total  # NumPy itself sums in parts

    def largest(self, x: Array, /) -> tuple[Array, Array]:
        """The maximum, its axis kept, and where it stands: one place, also in a tie."""
        if x.shape[-1] == 0:
            return self.total(x), x != x
        return x.max(axis=-1, keepdims=True), np.arange(x.shape[-1]) == x.argmax(axis=-1, keepdims=True)

    def class_count(self, x: Array, /) -> Array:
        """The length of the axis."""
        return x.shape[-1]

    def last_class(self, x: Array, y: Array, /) -> Array:
        """The last index of the axis."""
        return x.shape[-1] - 1

    def any_in_row(self, x: Array, /) -> Array:
        """Whether a row holds something true."""
        return x.any(axis=-1)

    def pick(self, x: Array, index: Array, /) -> Array:
        """The entry of each row that `index` names."""
        index = index.reshape(-1)
        return x.reshape(-1, x.shape[-1])[np.arange(index.size), index].reshape(x.shape[:-1])

    def indicator(self, index: Array, x: Array, /) -> Array:
        """True at the entry of each row of `x` that `index` names."""
        return np.arange(x.shape[-1]) == index[..., None]

    def outer(self, a: Array, b: Array, /) -> Array:
        """The product of every entry with every other: (..., K, K)."""
        return a[..., :, None] * b[..., None, :]

    def diagonal(self, x: Array, /) -> Array:
        """True on the diagonal of (K, K)."""
        return np.eye(x.shape[-1], dtype=bool)

    # Types.

    def widened(self, x: Array, /) -> Array:
        """`x` in float64, or in its own type if that is wider."""
        own = x.dtype.newbyteorder("=")
        return x.astype(_WIDER.get(own, own), copy=False)

    def in_type_of(self, f: Array, y: Array, /) -> Array:
        """`y` in the type of `f`."""
        return y.astype(f.dtype, copy=False)

    def as_index(self, y: Array, /) -> Array:
        """Whole numbers as int64."""
        return y.astype(np.int64, copy=False)

    def as_mask(self, x: Array, /) -> Array:
        """Zeros and ones as truth values."""
        return x.astype(bool, copy=False)

    def as_numbers(self, y: Array, /) -> Array:
        """Whole numbers that count as quantities, as they are."""
        return y

    def is_floating(self, x: Array, /) -> bool:
        """Whether the dtype is one to compute with."""
        return bool(x.dtype.kind == "f")

    def dtype_name(self, x: Array, /) -> str:
        """The dtype, to name in a message."""
        return str(x.dtype)

    # What comes in.

    def dense(self, name: str, x: Array, /) -> Array:
        """`x` as an ordinary array."""
        if isinstance(x, np.ma.MaskedArray):
            raise TypeError(f"{name}: expected an array, got a masked array; drop or fill the masked entries first")
        if np.asarray(x).dtype.kind not in "fiub":
            raise TypeError(f"{name}: expected an array of numbers, got dtype {np.asarray(x).dtype}")
        return np.asarray(x)

    def placed(self, name: str, x: Array, prediction: Array, /) -> Array:
        """The same: there is one place only."""
        return self.dense(name, x)

    def target(self, x: Array, prediction: Array, /) -> Array:
        """The same; whole numbers and truth values as int64."""
        x = self.dense("target", x)
        return x.astype(np.int64) if x.dtype.kind in "iub" else x

    def from_numpy(self, x: np.ndarray, prediction: Array, /) -> Array:
        """The array itself."""
        return x

    def to_numpy(self, x: Array, /) -> np.ndarray:
        """The array itself, or a number as one."""
        return np.asarray(x)

    def between(self, x: Array, low: float, high: float, /) -> bool:
        """Whether all of `x` lies between two numbers."""
        return x.size > 0 and low <= float(x.min()) and float(x.max()) <= high

    def are_classes(self, y: Array, count: int | None, /) -> bool:
        """Whether all of `y` are numbers of so many classes."""
        return count is not None and y.dtype.kind in "iub" and self.between(y, 0, count - 1)

    def require(self, x: Array, bad: Array, message: Callable[[], str], short: str, /) -> Array:
        """`x`, if nothing in it is `bad`."""
        if np.any(bad):
            raise ValueError(message())
        return x
