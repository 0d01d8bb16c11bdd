"""The name of an array that may be any framework's."""

from typing import Any

Array = Any  # of NumPy, PyTorch or TensorFlow
