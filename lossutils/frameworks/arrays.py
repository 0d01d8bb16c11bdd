"""The thin layer over NumPy, PyTorch and TensorFlow arrays.

A framework's side is a module (`numpy_arrays`, `torch_autograd`, `tensorflow_gradients`) offering the same few
functions; it is loaded when its first array is seen. The formulas call the functions below, which pass each call to the
side its array belongs to.
"""

from __future__ import annotations

import importlib
import sys
from types import ModuleType
from typing import Any

import numpy as np

_SIDES: dict[type, ModuleType | None] = {}  # what was found for a type of array


def _find_side(x: Any) -> ModuleType | None:
    name = None
    if isinstance(x, np.ndarray | np.generic):
        name = ".numpy_arrays"
    elif "torch" in sys.modules and isinstance(x, sys.modules["torch"].Tensor):
        name = ".torch_autograd"
    elif "tensorflow" in sys.modules and sys.modules["tensorflow"].is_tensor(x):
        name = ".tensorflow_gradients"
    return name and importlib.import_module(name, __package__)


def side_of(x: Any) -> ModuleType | None:
    """The module for the framework that `x` is an array of; None for a plain number or list."""
    try:
        return _SIDES[type(x)]
    except KeyError:
        return _SIDES.setdefault(type(x), _find_side(x))


def _elementwise(name: str) -> Any:
    def function(x: Any, *more: Any) -> Any:
        return getattr(_SIDES.get(type(x)) or side_of(x), name)(x, *more)

    function.__name__ = function.__qualname__ = name
    function.__doc__ = f"`{name}`, elementwise, on the framework of the first argument."
    return function


exp = _elementwise("exp")
expm1 = _elementwise("expm1")
log = _elementwise("log")
log1p = _elementwise("log1p")
power = _elementwise("power")
sinh = _elementwise("sinh")
tanh = _elementwise("tanh")
sign = _elementwise("sign")
isfinite = _elementwise("isfinite")
where = _elementwise("where")
