"""Loss functions that keep their tails, on NumPy, PyTorch and TensorFlow arrays."""

import importlib
from typing import Any

from .cross_entropy import BinaryCrossEntropy, KullbackLeibler, SoftmaxCrossEntropy
from .loss import Loss
from .margin import Logistic
from .multi_positive import AnyPositiveCrossEntropy, MultiPositiveCrossEntropy

__all__ = [
    "AnyPositiveCrossEntropy",
    "BinaryCrossEntropy",
    "KullbackLeibler",
    "Logistic",
    "Loss",
    "MultiPositiveCrossEntropy",
    "SoftmaxCrossEntropy",
    "losses",
]


def losses() -> list[Loss]:
    """One instance of each loss, for tests and tables."""
    return [
        Logistic(),
        BinaryCrossEntropy(),
        SoftmaxCrossEntropy(),
        KullbackLeibler(),
        MultiPositiveCrossEntropy(),
        AnyPositiveCrossEntropy(),
    ]


def __getattr__(name: str) -> Any:
    """Load what needs more than NumPy when it is asked for: lossutils.torch, .tensorflow, .verify."""
    if name in ("torch", "tensorflow", "verify"):
        return importlib.import_module("." + name, __name__)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
