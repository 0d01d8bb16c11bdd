"""Two settings of how losses are computed, read at each call: the compiled core, and NumPy for other frameworks.

``LOSSUTILS_COMPILED`` in the environment is the first one's initial value. Both hold for the whole process.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from math import inf

from .protocol import Core

LARGE = 1 << 17  # numbers that are worth the second it takes to compile a loss
_FROM = {"large": LARGE, "always": 1, "never": inf}  # how many numbers have to be there for the compiled core


class _Settings:
    """What holds now."""

    def __init__(self) -> None:
        self.compiled_from = _FROM[_mode("LOSSUTILS_COMPILED", os.environ.get("LOSSUTILS_COMPILED", "large"))]
        self.by_numpy = True


def _mode(name: str, value: str) -> str:
    if value not in _FROM:
        raise ValueError(f"{name}: expected large, always or never, got {value}")
    return value


SETTINGS = _Settings()


@contextmanager
def compiled(mode: str) -> Iterator[None]:
    """Which batches go through the compiled core, for a while: "large" ones, "always" all, "never" any."""
    before, SETTINGS.compiled_from = SETTINGS.compiled_from, _FROM[_mode("compiled", mode)]
    try:
        yield
    finally:
        SETTINGS.compiled_from = before


@contextmanager
def by_numpy(allowed: bool) -> Iterator[None]:
    """Whether tensors in this processor's memory are computed by NumPy, for a while; else by their framework."""
    before, SETTINGS.by_numpy = SETTINGS.by_numpy, allowed
    try:
        yield
    finally:
        SETTINGS.by_numpy = before


@cache
def core() -> Core | None:
    """The compiled core, if numba is installed. Whether it is used, `SETTINGS.compiled_from` says."""
    try:
        from . import compiled
    except ModuleNotFoundError as error:
        if error.name not in ("numba", "llvmlite"):
            raise
        return None
    return compiled
