"""One way to make, read and differentiate arrays in each framework."""

from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Framework:
    """How the tests speak to a framework."""

    name: str

    def array(self, x: Any, dtype: str | None = None) -> Any:
        """An array from NumPy's."""
        return np.array(x, dtype)

    def numpy(self, x: Any) -> np.ndarray:
        """The reverse."""
        return np.asarray(x)

    def graph(self, function: Any) -> Any:
        """A function as the framework's graph, where it has them."""
        return function


class Torch(Framework):
    def array(self, x, dtype=None):
        import torch

        return torch.tensor(np.asarray(x), dtype=dtype and getattr(torch, dtype))

    def numpy(self, x):
        x = x.detach()
        return (x.float() if x.element_size() == 2 else x).numpy()

    def derivative(self, function, x, order=1):
        """The derivative of the sum of a function's values; second: its derivative again, along ones."""
        import torch

        x = x.clone().requires_grad_()
        g = torch.autograd.grad(function(x).sum(), x, create_graph=order > 1)[0]
        return g if order == 1 else torch.autograd.grad((g * self._weights(x)).sum(), x)[0]

    @staticmethod
    def _weights(x):
        import torch

        return torch.arange(1, x.numel() + 1, dtype=x.dtype).reshape(x.shape) / x.numel()


class TensorFlow(Framework):
    def graph(self, function):
        import tensorflow as tf

        return tf.function(function)

    def array(self, x, dtype=None):
        import tensorflow as tf

        # TensorFlow's own cast would set subnormal numbers to zero
        return tf.constant(np.asarray(x) if dtype is None else np.asarray(x).astype(tf.as_dtype(dtype).as_numpy_dtype))

    def numpy(self, x):
        x = x.numpy()
        return x.astype(np.float32) if x.dtype.itemsize == 2 else x

    def derivative(self, function, x, order=1):
        """The derivative of the sum of a function's values; second: its derivative again, along ones."""
        import tensorflow as tf

        with tf.GradientTape() as outer:
            outer.watch(x)
            with tf.GradientTape() as inner:
                inner.watch(x)
                value = tf.reduce_sum(function(x))
            g = inner.gradient(value, x)
            weighted = tf.reduce_sum(g * self._weights(x))
        return g if order == 1 else outer.gradient(weighted, x)

    @staticmethod
    def _weights(x):
        import tensorflow as tf

        n = tf.size(x)
        return tf.cast(tf.reshape(tf.range(1, n + 1), x.shape), x.dtype) / tf.cast(n, x.dtype)


FRAMEWORKS = {f.name: f for f in (Framework("numpy"), Torch("torch"), TensorFlow("tensorflow"))}
