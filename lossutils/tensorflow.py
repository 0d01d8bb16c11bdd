"""For TensorFlow: `keras_loss` wraps a loss for `model.compile`."""

from __future__ import annotations

from collections.abc import Callable

try:
    import tensorflow as tf
except ImportError as error:
    raise ImportError("lossutils.tensorflow needs TensorFlow: pip install 'lossutils[tensorflow]'") from error

from .losses.base import Loss

__all__ = ["keras_loss"]


def __dir__() -> list[str]:
    return __all__


def keras_loss(loss: Loss) -> Callable[[tf.Tensor, tf.Tensor], tf.Tensor]:
    """A loss as Keras expects it: a function of ``(y_true, y_pred)``, per example; Keras reduces."""

    def function(y_true: tf.Tensor, y_pred: tf.Tensor) -> tf.Tensor:
        return loss(y_true, y_pred)

    function.__name__ = type(loss).__name__
    return function
