"""Two settings of how losses are computed, read at each call: the compiled core, and NumPy for other frameworks.

``LOSSUTILS_COMPILED`` in the environment is the first one's initial value, else it is "always". Both hold for the whole
process.
"""

from __future__ import annotations

import os
from contextlib import AbstractContextManager
from functools import cache
from math import inf

from .protocol import Core

LARGE = 1 << 17  # numbers that are worth the second it takes to compile a loss
_FROM = {"large": LARGE, "always": 1, "never": inf}  # how many numbers have to be there for the compiled core


class _Settings:
    """What holds now."""

    def __init__(self) -> None:
        self.compiled_from = _FROM[_mode("LOSSUTILS_COMPILED", os.environ.get("LOSSUTILS_COMPILED", "always"))]
        self.tensors_by_numpy = True


def _mode(name: str, value: str) -> str:
    if value not in _FROM:
        raise ValueError(f"{name}: expected large, always or never, got {value}")
    return value


SETTINGS = _Settings()


class _Held:
    """A setting's value, which holds for as long as a `with` block runs."""

    def __init__(self, name: str, value: float) -> None:
        self._name, self._value, self._before = name, value, getattr(SETTINGS, name)

    def __enter__(self) -> None:
        self._before = getattr(SETTINGS, self._name)
        setattr(SETTINGS, self._name, self._value)

    def __exit__(self, *_: object) -> None:
        setattr(SETTINGS, self._name, self._before)


def use_core(mode: str) -> AbstractContextManager[None]:
    """Which batches go through the compiled core while a block runs: "large" ones, "always" all, "never" any."""
    return _Held("compiled_from", _FROM[_mode("use_core", mode)])


def use_numpy(allowed: bool) -> AbstractContextManager[None]:
    """Whether NumPy computes the tensors in this processor's memory while a block runs; else their framework does."""
    return _Held("tensors_by_numpy", allowed)


@cache
def core() -> Core | None:
    """The compiled core, if numba is installed. Whether it is used, `SETTINGS.compiled_from` says."""
    try:
        from . import compiled
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in ("numba", "llvmlite"):
            raise  # a fault of the core's own, which is not to be hidden
        return None
    return compiled
