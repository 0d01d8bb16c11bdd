"""TensorFlow's side: see `arrays`. Losses have custom gradients, the closed form, twice over."""

from __future__ import annotations

from typing import Any

from . import numpy_arrays as _numpy
from .tensorflow_arrays import *  # noqa: F403
from .tensorflow_arrays import _CPU, as_working, tf, to_numpy, where, working

BY_NUMPY = True  # whether eager tensors in this processor's memory are computed with by NumPy

# What a loss is asked for.


def checks_itself(loss: Any, y: tf.Tensor, f: tf.Tensor) -> bool:
    """Whether the values of the target are best checked by `plain`, while it computes."""
    return False


def at_once(loss: Any, wants: tuple[str, ...], y: Any, f: Any) -> None:
    """Nothing is compiled for TensorFlow."""


def plain(
    loss: Any, wants: tuple[str, ...], y: tf.Tensor, f: tf.Tensor, *more: Any, unchecked: bool = False
) -> list[tf.Tensor]:
    """The results named in `wants`, computed in the wider type and returned in the prediction's."""
    if BY_NUMPY and tf.executing_eagerly() and f.dtype != tf.bfloat16 and f.device.endswith(_CPU):
        found = _numpy.plain(loss, wants, *map(to_numpy, (y, f, *more)))
        return [tf.convert_to_tensor(x, f.dtype) for x in found]
    wide = working(f)
    if not loss._labels(y, f):
        y = as_working(y, wide)
    elif not tf.executing_eagerly():
        outside = (y < 0) | (y >= tf.shape(f, tf.int64)[-1])
        wide = where(outside[..., None], float("nan"), wide)
    prepared = loss._prepare(wide, wide.dtype == f.dtype)
    return [tf.cast(getattr(loss, "_" + want)(y, prepared, *map(working, more)), f.dtype) for want in wants]


def value(loss: Any, y: tf.Tensor, f: tf.Tensor, unchecked: bool = False) -> tf.Tensor:
    """The loss, differentiable through its closed-form gradient."""

    @tf.custom_gradient
    def function(f: tf.Tensor) -> tuple:
        def backward(upstream: tf.Tensor) -> tf.Tensor:
            return loss._per_example(upstream) * gradient(loss, y, f)

        return plain(loss, ("value",), y, f)[0], backward

    return function(f)


def gradient(loss: Any, y: tf.Tensor, f: tf.Tensor, unchecked: bool = False) -> tf.Tensor:
    """Its gradient, differentiable through the closed-form Hessian."""

    @tf.custom_gradient
    def function(f: tf.Tensor) -> tuple:
        def backward(upstream: tf.Tensor) -> tf.Tensor:
            return plain(loss, ("hessian_product",), y, f, upstream)[0]

        return plain(loss, ("gradient",), y, f)[0], backward

    return function(f)


def value_and_gradient(loss: Any, y: tf.Tensor, f: tf.Tensor, unchecked: bool = False) -> tuple[tf.Tensor, tf.Tensor]:
    """Both, computed together; each differentiable."""

    @tf.custom_gradient
    def function(f: tf.Tensor) -> tuple:
        def backward(of_value: tf.Tensor, of_gradient: tf.Tensor) -> tf.Tensor:
            product = plain(loss, ("hessian_product",), y, f, of_gradient)[0]
            return loss._per_example(of_value) * gradient(loss, y, f) + product

        return tuple(plain(loss, ("value", "gradient"), y, f)), backward

    return function(f)
