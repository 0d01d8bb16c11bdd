"""For TensorFlow: `keras_loss` wraps a loss for `model.compile`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

try:
    import tensorflow as tf
except ImportError as error:
    raise ImportError("lossutils.tensorflow needs TensorFlow: pip install 'lossutils[tensorflow]'") from error

__all__ = ["keras_loss"]


def keras_loss(loss: Any) -> Callable[[Any, Any], tf.Tensor]:
    """A loss as Keras expects it: a function of ``(y_true, y_pred)``, per example; Keras reduces."""

    def function(y_true: Any, y_pred: Any) -> tf.Tensor:
        return loss(y_true, y_pred)

    function.__name__ = type(loss).__name__
    return function
