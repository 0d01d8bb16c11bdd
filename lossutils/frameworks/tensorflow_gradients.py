"""TensorFlow's side: losses have custom gradients, the closed form, twice over.

Eager tensors in this processor's memory are computed by NumPy, which is faster.
"""

from __future__ import annotations

from collections.abc import Callable

import tensorflow as tf

from .compute import answer, evaluate, numpy_results
from .protocol import Array, Formulas, Prepared, Views
from .settings import SETTINGS
from .tensorflow_arrays import TensorFlowArrays

_EAGER = type(tf.constant(0))
_NUMPYS = (tf.float16, tf.float32, tf.float64)  # floating types that NumPy has, too
_CPU = "device:CPU:0"


class TensorFlow(TensorFlowArrays):
    """TensorFlow's side."""

    answer = staticmethod(tf.autograph.experimental.do_not_convert(answer))  # AutoGraph need not read what it calls

    def in_memory(self, target: Array, prediction: Array, /) -> Views | None:
        """NumPy's copies of two eager tensors of types that NumPy has."""
        if (
            not SETTINGS.tensors_by_numpy
            or not type(target) is type(prediction) is _EAGER
            or not tf.executing_eagerly()
        ):
            return None
        if target.dtype not in (tf.int64, *_NUMPYS) or prediction.dtype not in _NUMPYS:
            return None
        return (target.numpy(), prediction.numpy()) if prediction.device.endswith(_CPU) else None

    def keeps_whole(self, prediction: Array, /) -> bool:
        """Never: a graph is made of the formulas' own operations."""
        return False

    def value(self, loss: Formulas, given: Prepared, /) -> Array:
        """The loss of each example."""

        def function(f: Array) -> tuple[Array, Callable[[Array], Array]]:
            def backward(upstream: Array) -> Array:
                return loss._per_example(upstream) * self.gradient(loss, _again(given, f))

            return self.results(loss, ("value",), given._replace(prediction=f))[0], backward

        return tf.custom_gradient(function)(given.prediction)

    def gradient(self, loss: Formulas, given: Prepared, /) -> Array:
        """Its gradient."""

        def function(f: Array) -> tuple[Array, Callable[[Array], Array]]:
            def backward(upstream: Array) -> Array:
                return self.results(loss, ("hessian_product",), _again(given, f), upstream)[0]

            return self.results(loss, ("gradient",), given._replace(prediction=f))[0], backward

        return tf.custom_gradient(function)(given.prediction)

    def value_and_gradient(self, loss: Formulas, given: Prepared, /) -> tuple[Array, Array]:
        """Both, computed together; each differentiable."""

        def function(f: Array) -> tuple[tuple[Array, ...], Callable[[Array, Array], Array]]:
            def backward(of_value: Array, of_gradient: Array) -> Array:
                product = self.results(loss, ("hessian_product",), _again(given, f), of_gradient)[0]
                return loss._per_example(of_value) * self.gradient(loss, _again(given, f)) + product

            return tuple(self.results(loss, ("value", "gradient"), given._replace(prediction=f))), backward

        value, gradient = tf.custom_gradient(function)(given.prediction)
        return value, gradient

    def results(self, loss: Formulas, wants: tuple[str, ...], given: Prepared, /, *more: Array) -> list[Array]:
        """The results named in `wants`, in the prediction's type: by NumPy where it reaches the tensors."""
        y, f = given.target, given.prediction
        if SETTINGS.tensors_by_numpy and tf.executing_eagerly() and f.dtype != tf.bfloat16 and f.device.endswith(_CPU):
            views = given.views or (self.to_numpy(y), self.to_numpy(f))
            found = numpy_results(loss, wants, *views, *map(self.to_numpy, more), check_target=given.check_target)
            return [tf.convert_to_tensor(x, f.dtype) for x in found]
        if not loss.columns and len(y.shape) < len(f.shape) and not tf.executing_eagerly():
            outside = (y < 0) | (y >= tf.shape(f, tf.int64)[-1])
            f = self.where(outside[..., None], float("nan"), f)  # what XLA's missing assertions would let through
        return [tf.cast(x, f.dtype) for x in evaluate(self, loss, wants, y, f, *more)]


TENSORFLOW = TensorFlow()


def _again(given: Prepared, f: Array) -> Prepared:
    """The same on the way back: checked, and `f` as the tape has it."""
    return given._replace(prediction=f, check_target=False)
