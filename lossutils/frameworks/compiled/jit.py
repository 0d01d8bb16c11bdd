"""numba's decorators with the options used here, and with types, of which numba says nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import numba

F = TypeVar("F", bound=Callable[..., object])


def _jit(**options: object) -> Callable[[F], F]:
    decorate: Callable[[F], F] = numba.njit(nogil=True, error_model="numpy", **options)
    return decorate


def fast_loop(function: F) -> F:
    """Compile a loop; products may be contracted with sums."""
    return _jit(fastmath={"contract"})(function)


def summing_loop(function: F) -> F:
    """Compile a loop whose sums may be taken in any order."""
    return _jit(fastmath={"contract", "reassoc"})(function)


def inlined(function: F) -> F:
    """Compile a function of numbers into the loops that call it, which then take several numbers at a time."""
    return _jit(fastmath={"contract"}, forceinline=True)(function)


def inlined_as_written(function: F) -> F:
    """The same, each product and each sum rounded by itself."""
    return _jit(forceinline=True)(function)
