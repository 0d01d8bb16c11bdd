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
    """A loss as Keras expects it.

    Parameters
    ----------
    loss : lossutils.losses.base.Loss
        The loss.

    Returns
    -------
    function
        Of ``(y_true, y_pred)``, in the order of Keras: the loss of each example, in the dtype of ``y_pred``, which is
        floating and holds scores or logits. It has the name of the loss's class. Keras reduces.

    Raises
    ------
    ValueError, TypeError
        By the function returned, as the loss raises them.

    Examples
    --------
    >>> import tensorflow as tf
    >>> from lossutils.tensorflow import keras_loss
    >>> function = keras_loss(lu.SquaredError())
    >>> function.__name__, function(tf.constant([1.0, 2.0]), tf.constant([3.0, 2.5])).numpy()
    ('SquaredError', array([4.  , 0.25], dtype=float32))
    """

    def function(y_true: tf.Tensor, y_pred: tf.Tensor) -> tf.Tensor:
        return loss(y_true, y_pred)

    function.__name__ = type(loss).__name__
    return function
