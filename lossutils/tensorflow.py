"""For TensorFlow: `keras_loss` wraps a loss for `model.compile`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

try:
    import tensorflow as tf
except ImportError as error:
    raise ImportError("lossutils.tensorflow needs TensorFlow: pip install 'lossutils[tensorflow]'") from error

from .frameworks.names import named, spelled
from .losses.base import Loss

__all__ = ["keras_loss"]


def __dir__() -> list[str]:
    return __all__


def keras_loss(loss: Loss, reduction: str = "sum_over_batch_size", name: str | None = None) -> tf.keras.losses.Loss:
    """A loss as Keras expects it: one of its own `Loss` objects, which a saved model keeps.

    It is registered with Keras: a model that was compiled with it is read from its `.keras` file wherever
    `lossutils.tensorflow` has been imported.

    Parameters
    ----------
    loss : lossutils.losses.base.Loss
        The loss. Of a class of one's own, the file keeps the name; what defines it is imported before reading.
    reduction : str
        One of Keras's own: "sum_over_batch_size", "sum", "mean", "mean_with_sample_weight" or "none".
    name : str, optional
        Its name in Keras's logs; that of the loss's class if none is given.

    Returns
    -------
    keras.losses.Loss
        Of ``(y_true, y_pred, sample_weight=None)``, in the order of Keras. ``y_pred`` is floating, holds scores or
        logits, and keeps its dtype, as labels do. Of a loss of one number, a last axis of ``y_pred`` holds several
        outputs, whose losses are averaged as Keras averages them. An axis of length 1 that only one of the two has, as
        in labels (N, 1), is left out. What a Keras mask leaves out counts 0, whatever stands there, NaN included.

    Raises
    ------
    ValueError
        For another `reduction`.
    ValueError, TypeError
        By the object returned, as the loss raises them.

    Examples
    --------
    >>> import tensorflow as tf
    >>> from lossutils.tensorflow import keras_loss
    >>> criterion = keras_loss(lu.SquaredError())
    >>> criterion.name, float(criterion(tf.constant([1.0, 2.0]), tf.constant([3.0, 2.5])))
    ('SquaredError', 2.125)
    >>> criterion.get_config()["loss"]
    'SquaredError()'
    """
    return _KerasLoss(loss, reduction, name)


class _Given(tf.keras.losses.Loss):  # type: ignore[misc]  # TensorFlow's types are not read
    """Keras's own way from the losses of the examples to what is reported: weights, masks, reductions."""

    def call(self, y_true: tf.Tensor, y_pred: tf.Tensor) -> tf.Tensor:
        return y_pred


@tf.keras.utils.register_keras_serializable(package="lossutils", name="Loss")
class _KerasLoss(tf.keras.losses.Loss):  # type: ignore[misc]
    """What `keras_loss` returns."""

    def __init__(self, loss: Loss, reduction: str = "sum_over_batch_size", name: str | None = None) -> None:
        super().__init__(name=name or type(loss).__name__, reduction=reduction)
        self._loss = loss

    def __call__(
        self, y_true: tf.Tensor, y_pred: tf.Tensor, sample_weight: tf.Tensor | None = None
    ) -> tf.Tensor:  # as Keras's own, which would make all numbers of its `floatx` first, labels included
        mask = getattr(y_pred, "_keras_mask", None)
        losses = self.call(y_true, y_pred, mask)
        if mask is not None:
            losses._keras_mask = mask
        return _Given(self.name, self.reduction, losses.dtype.name)(losses, losses, sample_weight)

    def call(self, y_true: tf.Tensor, y_pred: tf.Tensor, mask: tf.Tensor | None = None) -> tf.Tensor:
        """The losses of the examples."""
        f = tf.convert_to_tensor(y_pred)
        y = _of_its_rank(self._loss, tf.convert_to_tensor(y_true), f)
        outputs = not self._loss.row_axes and len(f.shape) > 1
        ignore = None
        if mask is not None:
            ignore = tf.broadcast_to(~mask[..., None], tf.shape(f)) if outputs else ~mask
        losses = self._loss(y, f, ignore=ignore)
        return tf.reduce_mean(losses, -1) if outputs else losses

    def get_config(self) -> dict[str, object]:
        """The loss as text, with what Keras keeps of every loss."""
        return {**super().get_config(), "loss": spelled(self._loss)}

    @classmethod
    def from_config(cls, config: Mapping[str, object]) -> _KerasLoss:
        """The same again."""
        loss = cast("Loss", named(str(config["loss"])))
        return cls(loss, str(config["reduction"]), str(config["name"]))


def _of_its_rank(loss: Loss, y: tf.Tensor, f: tf.Tensor) -> tf.Tensor:
    """The target without an axis of length 1 that only it has, or with one that it lacks."""
    more = len(y.shape) - len(f.shape)
    if loss.row_axes:
        return y[..., 0] if more == 0 and y.shape[-1] == 1 and f.shape[-1] != 1 else y
    if more == 1 and y.shape[-1] == 1:
        return y[..., 0]
    return y[..., None] if more == -1 and f.shape[-1] == 1 else y
