"""What `arrays` needs of TensorFlow's tensors; `tensorflow_gradients` is the whole of TensorFlow's side."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

try:
    import tensorflow as tf
except ImportError as error:
    raise ImportError("lossutils.tensorflow needs TensorFlow: pip install 'lossutils[tensorflow]'") from error

from tensorflow.math import exp, expm1, is_finite, is_nan, log, log1p, sign, sinh  # noqa: F401
from tensorflow.math import pow as power  # noqa: F401

from ..losses.numerics import LONG, PARTS, in_pairs
from . import numpy_arrays as _numpy

NAME = "a TensorFlow tensor"
_FLOATING = (tf.float16, tf.bfloat16, tf.float32, tf.float64)
_CPU = "device:CPU:0"
isfinite, isnan = is_finite, is_nan


def tanh(x: tf.Tensor) -> tf.Tensor:
    """By expm1: TensorFlow's own is 1 too early."""
    t = expm1(-2.0 * abs(x))
    return where(x < 0, t, -t) / (2.0 + t)


def where(condition: tf.Tensor, a: Any, b: Any) -> tf.Tensor:
    """`a` where `condition` holds, else `b`; one of the two may be a number."""
    dtype = (a if tf.is_tensor(a) else b).dtype
    return tf.where(condition, tf.convert_to_tensor(a, dtype), tf.convert_to_tensor(b, dtype))


def dense(name: str, x: Any) -> tf.Tensor:
    """`x`, if it is an ordinary tensor or variable."""
    if isinstance(x, tf.SparseTensor | tf.RaggedTensor | tf.IndexedSlices):
        raise TypeError(f"{name}: expected a dense tensor, got {type(x).__name__}")
    x = tf.convert_to_tensor(x)
    if x.shape.rank is None:
        raise ValueError(f"{name}: expected a tensor of known rank, got one of none")
    if not (x.dtype.is_floating or x.dtype.is_integer or x.dtype.is_bool):
        raise TypeError(f"{name}: expected a tensor of numbers, got dtype {dtype_name(x)}")
    return x


def placed(name: str, x: Any, prediction: Any) -> tf.Tensor:
    """`x`, as an ordinary array."""
    return dense(name, x)


def target(x: Any, prediction: tf.Tensor) -> tf.Tensor:
    """`x`, cut off from gradients; integers and truth values as int64."""
    x = tf.stop_gradient(dense("target", x))
    return x if x.dtype.is_floating else tf.cast(x, tf.int64)


def from_numpy(x: np.ndarray, like: tf.Tensor) -> tf.Tensor:
    """A NumPy array in this framework."""
    return target(tf.constant(x), like)


def to_numpy(x: tf.Tensor) -> np.ndarray:
    """The reverse."""
    return tf.cast(x, tf.float32).numpy() if x.dtype == tf.bfloat16 else x.numpy()


def is_floating(x: tf.Tensor) -> bool:
    """Whether the dtype is one to compute with."""
    return x.dtype in _FLOATING


def is_integer(x: tf.Tensor) -> bool:
    """Whether the dtype is of whole numbers."""
    return x.dtype.is_integer


def dtype_name(x: tf.Tensor) -> str:
    """The dtype, to name in a message."""
    return x.dtype.name


def between(x: tf.Tensor, low: float, high: float) -> bool:
    """Whether all of `x` lies between two numbers. False says only that this was not cheap to tell."""
    return tf.executing_eagerly() and _numpy.between(to_numpy(x), low, high)


def require(x: Any, bad: Any, message: Callable[[], str], short: str) -> Any:
    """`x`, if nothing in it is `bad`; in a graph, tied to an assertion that says so.

    XLA leaves assertions out: there what is bad is made NaN, or of whole numbers -1, which `plain` makes NaN.
    """
    failing = tf.reduce_any(bad)
    if tf.executing_eagerly():
        if failing:
            raise ValueError(message())
        return x
    with tf.control_dependencies([tf.debugging.Assert(~failing, [short, x], summarize=8)]):
        bad = tf.reshape(bad, tf.concat([tf.shape(bad), tf.ones(len(x.shape) - len(bad.shape), tf.int32)], 0))
        return tf.where(bad, tf.constant(float("nan") if x.dtype.is_floating else -1, x.dtype), x)


def as_numbers(x: tf.Tensor) -> tf.Tensor:
    """Whole numbers that count as quantities; in a graph as float64, which has a NaN."""
    return x if x.dtype.is_floating or tf.executing_eagerly() else tf.cast(x, tf.float64)


def working(x: tf.Tensor) -> tf.Tensor:
    """`x` in the type that is computed in."""
    return tf.cast(x, tf.float64)


def as_working(y: tf.Tensor, f: tf.Tensor) -> tf.Tensor:
    """A target in the type of a prediction that is being computed with."""
    return tf.cast(y, f.dtype)


def as_index(y: tf.Tensor) -> tf.Tensor:
    """Whole numbers as indices."""
    return tf.cast(y, tf.int64)


def as_mask(x: tf.Tensor) -> tf.Tensor:
    """Zeros and ones as truth values."""
    return tf.cast(x, tf.bool)


# Along the last axis, which holds the classes.


def total(x: tf.Tensor) -> tf.Tensor:
    """The sum, its axis kept; of float64 as a product with ones, which XLA computes several times as fast."""
    if x.dtype != tf.float64:
        return tf.reduce_sum(x, -1, keepdims=True)
    return tf.linalg.matmul(x[..., None, :], tf.ones([tf.shape(x)[-1], 1], x.dtype))[..., 0]


def total_in_parts(x: tf.Tensor) -> tf.Tensor:
    """The same, of long rows in parts, since TensorFlow's own sum loses a digit."""
    k = x.shape[-1]
    if k is None or k < LONG:
        return total(x)
    whole = k - k % PARTS
    parts = tf.reshape(x[..., :whole], tf.concat([tf.shape(x)[:-1], [PARTS, whole // PARTS]], 0))
    found = in_pairs(tf.reduce_sum(parts, -1))
    return found if whole == k else found + tf.reduce_sum(x[..., whole:], -1, keepdims=True)


def largest(x: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
    """The maximum, its axis kept, and where it stands (one place, also in a tie)."""
    place = tf.argmax(x, -1)
    return tf.gather(x, place[..., None], batch_dims=len(x.shape) - 1), indicator(place, x)


def classes(x: tf.Tensor) -> Any:
    """The length of the last axis."""
    return tf.cast(tf.shape(x)[-1], x.dtype)


def last_class(x: tf.Tensor, like: tf.Tensor) -> tf.Tensor:
    """The last index of an axis whose length a graph does not know, in another tensor's dtype."""
    return tf.cast(tf.shape(x)[-1] - 1, like.dtype)


def any_in_row(x: tf.Tensor) -> tf.Tensor:
    """Whether a row holds something true."""
    return tf.reduce_any(x, -1)


def pick(x: tf.Tensor, index: tf.Tensor) -> tf.Tensor:
    """The entry of each row that `index` names."""
    return tf.gather(x, index, batch_dims=len(index.shape))


def indicator(index: tf.Tensor, x: tf.Tensor) -> tf.Tensor:
    """True at the entry of each row of `x` that `index` names."""
    return tf.range(tf.shape(x, tf.int64)[-1]) == index[..., None]


def outer(a: tf.Tensor, b: tf.Tensor) -> tf.Tensor:
    """The product of every entry with every other: (..., K, K)."""
    return a[..., :, None] * b[..., None, :]


def diagonal(x: tf.Tensor) -> tf.Tensor:
    """True on the diagonal of (K, K)."""
    return tf.eye(tf.shape(x)[-1]) > 0
