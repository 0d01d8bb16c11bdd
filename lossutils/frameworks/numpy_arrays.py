"""NumPy's side: see `arrays`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy import exp, expm1, isfinite, isnan, log, log1p, power, sign, sinh, tanh, where  # noqa: F401

from . import compute as blocks
from .compute import LARGE, core, in_blocks

NAME = "a NumPy array"
_BLOCK = 8192  # numbers: 64 kB in float64
_COMPUTED_IN = {np.dtype(np.float16): np.float64, np.dtype(np.float32): np.float64}


def dense(name: str, x: Any) -> np.ndarray:
    """`x` as an ordinary array."""
    if isinstance(x, np.ma.MaskedArray):
        raise TypeError(f"{name}: expected an array, got a masked array; drop or fill the masked entries first")
    if np.asarray(x).dtype.kind not in "fiub":
        raise TypeError(f"{name}: expected an array of numbers, got dtype {np.asarray(x).dtype}")
    return np.asarray(x)


def placed(name: str, x: Any, prediction: Any) -> np.ndarray:
    """`x`, as an ordinary array."""
    return dense(name, x)


def target(x: Any, prediction: Any) -> np.ndarray:
    """`x` where the prediction is; small integers and truth values as int64."""
    x = dense("target", x)
    return x.astype(np.int64) if x.dtype.kind in "iub" else x


def from_numpy(x: np.ndarray, like: Any) -> np.ndarray:
    """A NumPy array in this framework."""
    return x


def to_numpy(x: Any) -> np.ndarray:
    """The reverse."""
    return np.asarray(x)


def is_floating(x: np.ndarray) -> bool:
    """Whether the dtype is one to compute with."""
    return x.dtype.kind == "f"


def is_integer(x: np.ndarray) -> bool:
    """Whether the dtype is of whole numbers or of truth values."""
    return x.dtype.kind in "iub"


def dtype_name(x: np.ndarray) -> str:
    """The dtype, to name in a message."""
    return str(x.dtype)


def between(x: np.ndarray, low: float, high: float) -> bool:
    """Whether all of `x` lies between two numbers. False says only that this was not cheap to tell."""
    return x.size > 0 and low <= float(x.min()) and float(x.max()) <= high


def require(x: Any, bad: Any, message: Callable[[], str], short: str) -> Any:
    """`x`, if nothing in it is `bad`."""
    if np.any(bad):
        raise ValueError(message())
    return x


def as_numbers(x: np.ndarray) -> np.ndarray:
    """Whole numbers that count as quantities."""
    return x


def working(x: np.ndarray) -> np.ndarray:
    """`x` in the type that is computed in."""
    own = x.dtype.newbyteorder("=")
    return x.astype(_COMPUTED_IN.get(own, own), copy=False)


def as_working(y: np.ndarray, f: np.ndarray) -> np.ndarray:
    """A target in the type of a prediction that is being computed with."""
    return y.astype(f.dtype, copy=False)


def as_index(y: np.ndarray) -> np.ndarray:
    """Whole numbers as indices."""
    return y.astype(np.int64, copy=False)


def as_mask(x: np.ndarray) -> np.ndarray:
    """Zeros and ones as truth values."""
    return x.astype(bool, copy=False)


# Along the last axis, which holds the classes.


def total(x: np.ndarray) -> np.ndarray:
    """The sum, its axis kept."""
    return x.sum(axis=-1, keepdims=True)


total_in_parts = total  # NumPy itself sums in parts


def largest(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The maximum, its axis kept, and where it stands (one place, also in a tie)."""
    if x.shape[-1] == 0:
        return x.sum(axis=-1, keepdims=True), x != x
    return x.max(axis=-1, keepdims=True), np.arange(x.shape[-1]) == x.argmax(axis=-1, keepdims=True)


def classes(x: np.ndarray) -> Any:
    """The length of the last axis."""
    return x.shape[-1]


def any_in_row(x: np.ndarray) -> np.ndarray:
    """Whether a row holds something true."""
    return x.any(axis=-1)


def pick(x: np.ndarray, index: np.ndarray) -> np.ndarray:
    """The entry of each row that `index` names."""
    index = index.reshape(-1)
    return x.reshape(-1, x.shape[-1])[np.arange(index.size), index].reshape(x.shape[:-1])


def indicator(index: np.ndarray, x: np.ndarray) -> np.ndarray:
    """True at the entry of each row of `x` that `index` names."""
    return np.arange(x.shape[-1]) == index[..., None]


def outer(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """The product of every entry with every other: (..., K, K)."""
    return a[..., :, None] * b[..., None, :]


def diagonal(x: np.ndarray) -> np.ndarray:
    """True on the diagonal of (K, K)."""
    return np.eye(x.shape[-1], dtype=bool)


# What a loss is asked for.


def checks_itself(loss: Any, y: np.ndarray, f: np.ndarray) -> bool:
    """Whether the values of the target are best checked by `plain`, while it computes."""
    return is_large(f.size) and core() is not None and core().takes(loss, y, f)


def is_large(size: int) -> bool:
    """Whether so many numbers are worth compiling a loss for."""
    return size >= LARGE or (blocks.COMPILED == "always" and size > 0)


def at_once(loss: Any, wants: tuple[str, ...], y: Any, f: Any) -> list[np.ndarray] | None:
    """The results, if two ordinary arrays of the right shapes are what was given."""
    if core() is None or not type(y) is type(f) is np.ndarray or y.dtype.char not in "fdl":
        return None
    if f.ndim <= loss.row_axes or not f.size:
        return None
    return core().run(loss, wants, y, f)


def plain(
    loss: Any, wants: tuple[str, ...], y: np.ndarray, f: np.ndarray, *more: np.ndarray, unchecked: bool = False
) -> list[np.ndarray]:
    """The results named in `wants`, computed in the wider type and returned in the prediction's."""
    if not more and checks_itself(loss, y, f):
        found = core().run(loss, wants, y, f)
        if found is not None:
            return [r[()] for r in found]
    if unchecked:
        y = loss._check_values(y, f)
    with np.errstate(all="ignore"):
        found = None
        if f.size > _BLOCK:
            found = in_blocks(
                loss, wants, (y, f, *more), _BLOCK, lambda *x: _wide(loss, wants, *x), lambda s: np.empty(s, f.dtype)
            )
        found = _wide(loss, wants, y, f, *more) if found is None else found
        return [np.asarray(r).astype(f.dtype, copy=False)[()] for r in found]


def _wide(loss: Any, wants: tuple[str, ...], y: np.ndarray, f: np.ndarray, *more: np.ndarray) -> list[np.ndarray]:
    """The same in the type that is computed in."""
    wide = working(f)
    y = y if loss._labels(y, f) else as_working(y, wide)
    prepared = loss._prepare(wide, wide.dtype == f.dtype)
    return [getattr(loss, "_" + want)(y, prepared, *map(working, more)) for want in wants]


def value(loss: Any, y: np.ndarray, f: np.ndarray, unchecked: bool) -> np.ndarray:
    """The loss."""
    return plain(loss, ("value",), y, f, unchecked=unchecked)[0]


def gradient(loss: Any, y: np.ndarray, f: np.ndarray, unchecked: bool) -> np.ndarray:
    """Its gradient."""
    return plain(loss, ("gradient",), y, f, unchecked=unchecked)[0]


def value_and_gradient(loss: Any, y: np.ndarray, f: np.ndarray, unchecked: bool) -> tuple[np.ndarray, np.ndarray]:
    """Both."""
    return tuple(plain(loss, ("value", "gradient"), y, f, unchecked=unchecked))
