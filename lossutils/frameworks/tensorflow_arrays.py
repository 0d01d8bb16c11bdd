"""The operations of `protocol.Operations` on TensorFlow tensors."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

try:
    import tensorflow as tf
except ImportError as error:
    raise ImportError("lossutils.tensorflow needs TensorFlow: pip install 'lossutils[tensorflow]'") from error

from .protocol import Array
from .sums import LONG, PARTS, in_pairs

_FLOATING = (tf.float16, tf.bfloat16, tf.float32, tf.float64)


class TensorFlowArrays:
    """TensorFlow's operations."""

    NAME = "a TensorFlow tensor"
    is_framework = True

    exp, log, log1p = staticmethod(tf.math.exp), staticmethod(tf.math.log), staticmethod(tf.math.log1p)
    expm1, whole = staticmethod(tf.math.expm1), staticmethod(tf.math.round)
    sinh, power, isfinite = staticmethod(tf.math.sinh), staticmethod(tf.math.pow), staticmethod(tf.math.is_finite)

    def tanh(self, x: Array, /) -> Array:
        """By expm1: TensorFlow's own is 1 too early."""
        t = tf.math.expm1(-2.0 * abs(x))
        return self.where(x < 0, t, -t) / (2.0 + t)

    def where(self, condition: Array, a: Array, b: Array, /) -> Array:
        """`a` where the condition holds, else `b`; one of the two may be a number."""
        dtype = (a if tf.is_tensor(a) else b).dtype
        return tf.where(condition, tf.convert_to_tensor(a, dtype), tf.convert_to_tensor(b, dtype))

    def look_up(self, table: np.ndarray, index: Array, /) -> tuple[Array, ...]:
        """The entries of each row of a table; the index is whole, in a floating type."""
        return tuple(tf.unstack(tf.gather(tf.constant(table), tf.cast(index, tf.int32), axis=1), num=len(table)))

    def mended(self, near: Array, rough: Array, precisely: Callable[..., Array], /, *arrays: Array) -> Array:
        """`rough`, but where `near` what a function makes of some arrays, harmless elsewhere; nothing if none is."""

        def found() -> Array:
            harmless = (tf.where(_like(near, x), x, tf.zeros([], x.dtype)) for x in arrays)
            return tf.where(_like(near, rough), precisely(*harmless), rough)

        return tf.cond(tf.reduce_any(near), found, lambda: rough)

    # Along the last axis.

    def total(self, x: Array, /) -> Array:
        """The sum, its axis kept; of float64 as a product with ones, which XLA computes several times as fast."""
        if x.dtype != tf.float64:
            return tf.reduce_sum(x, -1, keepdims=True)
        return tf.linalg.matmul(x[..., None, :], tf.ones([tf.shape(x)[-1], 1], x.dtype))[..., 0]

    def total_in_parts(self, x: Array, /) -> Array:
        """The same, of long rows in parts."""
        k = x.shape[-1]
        if k is None or k < LONG:
            return self.total(x)
        whole = k - k % PARTS
        parts = tf.reshape(x[..., :whole], tf.concat([tf.shape(x)[:-1], [PARTS, whole // PARTS]], 0))
        found = in_pairs(tf.reduce_sum(parts, -1))
        return found if whole == k else found + tf.reduce_sum(x[..., whole:], -1, keepdims=True)

    def largest(self, x: Array, /) -> tuple[Array, Array]:
        """The maximum, its axis kept, and where it stands: one place, also in a tie."""
        place = tf.argmax(x, -1)
        return tf.gather(x, place[..., None], batch_dims=len(x.shape) - 1), self.indicator(place, x)

    def class_count(self, x: Array, /) -> Array:
        """The length of the axis, in the type of `x`: a graph may not know it."""
        return tf.cast(tf.shape(x)[-1], x.dtype)

    def last_class(self, x: Array, y: Array, /) -> Array:
        """The last index of the axis, in the type of `y`."""
        return tf.cast(tf.shape(x)[-1] - 1, y.dtype)

    def any_in_row(self, x: Array, /) -> Array:
        """Whether a row holds something true."""
        return tf.reduce_any(x, -1)

    def pick(self, x: Array, index: Array, /) -> Array:
        """The entry of each row that `index` names."""
        return tf.gather(x, index, batch_dims=len(index.shape))

    def indicator(self, index: Array, x: Array, /) -> Array:
        """True at the entry of each row of `x` that `index` names."""
        return tf.range(tf.shape(x, tf.int64)[-1]) == index[..., None]

    def outer(self, a: Array, b: Array, /) -> Array:
        """The product of every entry with every other: (..., K, K)."""
        return a[..., :, None] * b[..., None, :]

    def diagonal(self, x: Array, /) -> Array:
        """True on the diagonal of (K, K)."""
        return tf.eye(tf.shape(x)[-1]) > 0

    # Types.

    def widened(self, x: Array, /) -> Array:
        """`x` in float64."""
        return tf.cast(x, tf.float64)

    def in_type_of(self, f: Array, y: Array, /) -> Array:
        """`y` in the type of `f`."""
        return tf.cast(y, f.dtype)

    def as_index(self, y: Array, /) -> Array:
        """Whole numbers as int64."""
        return tf.cast(y, tf.int64)

    def as_mask(self, x: Array, /) -> Array:
        """Zeros and ones as truth values."""
        return tf.cast(x, tf.bool)

    def as_numbers(self, y: Array, /) -> Array:
        """Whole numbers that count as quantities; in a graph as float64, which has a NaN."""
        return y if y.dtype.is_floating or tf.executing_eagerly() else tf.cast(y, tf.float64)

    def is_floating(self, x: Array, /) -> bool:
        """Whether the dtype is one to compute with."""
        return x.dtype in _FLOATING

    def dtype_name(self, x: Array, /) -> str:
        """The dtype, to name in a message."""
        return str(x.dtype.name)

    # What comes in.

    def dense(self, name: str, x: Array, /) -> Array:
        """`x` as an ordinary tensor."""
        if isinstance(x, tf.SparseTensor | tf.RaggedTensor | tf.IndexedSlices):
            raise TypeError(f"{name}: expected a dense tensor, got {type(x).__name__}")
        x = tf.convert_to_tensor(x)
        if x.shape.rank is None:
            raise ValueError(f"{name}: expected a tensor of known rank, got one of none")
        if not (x.dtype.is_floating or x.dtype.is_integer or x.dtype.is_bool):
            raise TypeError(f"{name}: expected a tensor of numbers, got dtype {self.dtype_name(x)}")
        return x

    def placed(self, name: str, x: Array, prediction: Array, /) -> Array:
        """The same: TensorFlow moves tensors itself."""
        return self.dense(name, x)

    def target(self, x: Array, prediction: Array, /) -> Array:
        """The same, cut off from gradients; whole numbers and truth values as int64."""
        x = tf.stop_gradient(self.dense("target", x))
        return x if x.dtype.is_floating else tf.cast(x, tf.int64)

    def from_numpy(self, x: np.ndarray, prediction: Array, /) -> Array:
        """A NumPy array as a tensor."""
        return self.target(tf.constant(x), prediction)

    def to_numpy(self, x: Array, /) -> np.ndarray:
        """A tensor as a NumPy array; bfloat16, which NumPy has not, as float32."""
        return np.asarray(tf.cast(x, tf.float32).numpy() if x.dtype == tf.bfloat16 else x.numpy())

    def between(self, x: Array, low: float, high: float, /) -> bool:
        """Never told: a graph has no values yet. What is in memory is looked at by NumPy."""
        return False

    def are_classes(self, y: Array, count: int | None, /) -> bool:
        """Never told, like `between`."""
        return False

    def require(self, x: Array, bad: Array, message: Callable[[], str], short: str, /) -> Array:
        """`x`, if nothing in it is `bad`; in a graph, tied to an assertion that says so.

        XLA leaves assertions out: there what is bad is made NaN, or of whole numbers -1, which the side makes NaN.
        """
        failing = tf.reduce_any(bad)
        if tf.executing_eagerly():
            if failing:
                raise ValueError(message())
            return x
        with tf.control_dependencies([tf.debugging.Assert(~failing, [short, x], summarize=8)]):
            bad = tf.reshape(bad, tf.concat([tf.shape(bad), tf.ones(len(x.shape) - len(bad.shape), tf.int32)], 0))
            return tf.where(bad, tf.constant(float("nan") if x.dtype.is_floating else -1, x.dtype), x)


def _like(near: Array, x: Array) -> Array:
    """A mask of entries or of rows, shaped to go with `x`."""
    return near[(..., *(None,) * (len(x.shape) - len(near.shape)))]
