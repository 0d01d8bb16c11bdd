"""Bad input is an error that names the argument, what was expected, and the first offending value with its position."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import numpy as np

from .arrays import side_of


def parameter(name: str, value: Any, domain: Any) -> None:
    """Refuse a loss parameter outside its domain."""
    if isinstance(value, bool) or not isinstance(value, int | float | np.integer | np.floating):
        raise TypeError(f"{name}: expected a number, got {value!r}")
    if value not in domain:
        raise ValueError(f"{name}: expected {domain}, got {value!r}")


def flag(name: str, value: Any) -> None:
    """Refuse anything but True and False."""
    if not isinstance(value, bool | np.bool_):
        raise TypeError(f"{name}: expected True or False, got {value!r}")


def prediction_array(x: Any) -> tuple[ModuleType, Any]:
    """The prediction as a floating array, and the side it belongs to."""
    side = side_of(x)
    if side is None:
        x = _from_python("prediction", x)
        if x.dtype.kind in "iu":  # Python's own integers have no dtype to object to
            x = x.astype(np.float64)
        side = side_of(x)
    x = side.dense("prediction", x)
    if not side.is_floating(x):
        raise TypeError(f"prediction: expected a floating dtype, got {side.dtype_name(x)}; convert it first")
    return side, x


def target_array(x: Any, side: ModuleType, prediction: Any) -> Any:
    """The target as an array of the prediction's framework, on its device."""
    own = side_of(x)
    if own is None:
        return side.from_numpy(_from_python("target", x), prediction)
    if own is not side:
        raise TypeError(
            f"target: expected {side.NAME}, the framework of the prediction, got {own.NAME}; convert one of them"
        )
    return side.target(x, prediction)


def _from_python(name: str, x: Any) -> np.ndarray:
    try:
        array = np.asarray(x)
    except (ValueError, TypeError) as error:
        raise TypeError(f"{name}: expected an array of numbers, got {type(x).__name__} ({error})") from None
    if array.size == 0 and array.dtype == np.float64:
        return array
    if array.dtype.kind not in "fiub":
        raise TypeError(f"{name}: expected an array of numbers, got {type(x).__name__} of dtype {array.dtype}")
    return array


def shape(name: str, found: tuple, *expected: tuple, why: str = "") -> None:
    """Refuse a shape that is none of the expected; nothing is broadcast. None stands for an unknown dimension."""
    for shape_ in expected:
        if len(shape_) == len(found) and all(a == b or None in (a, b) for a, b in zip(found, shape_, strict=True)):
            return
    wanted = " or ".join(str(tuple(s)) for s in expected)
    raise ValueError(f"{name}: expected shape {wanted}{why}, got {tuple(found)}; nothing is broadcast")


def values(name: str, x: Any, bad: Any, expected: str, hint: str = "", shown: Any = None) -> Any:
    """Return `x`, refusing it where `bad`; the message shows `x`, or what `shown` holds, at the first such place.

    In a TensorFlow graph the refusal is an assertion, whose message cannot name the place.
    """
    side = side_of(x)

    def message() -> str:
        where = tuple(int(i) for i in np.argwhere(side.to_numpy(bad))[0])
        value = side.to_numpy(x if shown is None else shown)[where]
        position = f" at position {where}" if where else ""
        return f"{name}: expected {expected}, got {_text(value)}{position}" + (f"; {hint}" if hint else "")

    return side.require(x, bad, message, f"{name}: expected {expected}" + (f"; {hint}" if hint else ""))


def _text(value: Any) -> str:
    if np.ndim(value):
        return np.array2string(np.asarray(value), separator=", ", threshold=8)
    return str(value)
