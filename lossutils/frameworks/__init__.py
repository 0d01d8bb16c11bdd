"""How a formula runs on an array: NumPy, PyTorch, TensorFlow, the compiled core, and the checks of what comes in.

From the bottom: `protocol`, `arrays` and `domains`; `checks`; the operations of each framework (`numpy_arrays`,
`torch_arrays`, `tensorflow_arrays`); `settings` and `blocks`; `compute`, where every call begins; and what
differentiates, `torch_autograd` and `tensorflow_gradients`. This file says which side a type of array belongs to.
"""

from __future__ import annotations

import sys

import numpy as np

from .arrays import SIDES
from .compute import NUMPY, PYTHON
from .protocol import Side


def _side(kind: type) -> Side:
    """The side of a type; a framework's is loaded when its first array is seen."""
    if issubclass(kind, (np.ndarray, np.generic)):
        return NUMPY
    torch, tf = sys.modules.get("torch"), sys.modules.get("tensorflow")
    if torch is not None and issubclass(kind, torch.Tensor):
        from .torch_autograd import TORCH

        return TORCH
    # TensorFlow's public test, `is_tensor`, wants an array and not its type; Keras, too, uses these two classes.
    if tf is not None and issubclass(kind, (tf.__internal__.types.Tensor, tf.__internal__.CompositeTensor)):
        from .tensorflow_gradients import TENSORFLOW

        return TENSORFLOW
    return PYTHON


SIDES.find = _side
