"""Bad input is an error that names the argument, what was expected, and the first offending value with its position."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import numpy as np

from .arrays import side_of
from .domains import UNIT, Interval

_SUM_TOLERANCE = {"float16": 1e-2, "bfloat16": 5e-2, "float32": 1e-4}  # of a row of probabilities; float64: 1e-6


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


def mask_array(name: str, x: Any, side: ModuleType, prediction: Any, expected: tuple) -> Any:
    """A mask of the examples as an array of truth values of the prediction's framework, on its device."""
    own = side_of(x)
    x = side.from_numpy(_from_python(name, x), prediction) if own is None else x
    x = side.placed(name, x, prediction) if own is side else x
    if own not in (None, side) or not (own is None or "bool" in side.dtype_name(x)):
        found = own.NAME if own is not side else side.dtype_name(x)
        raise TypeError(f"{name}: expected {side.NAME} of truth values, got {found}")
    shape(name, tuple(x.shape), expected, why=", one truth value for each example")
    return side.as_mask(x)


def like_prediction(name: str, x: Any, side: ModuleType, prediction: Any) -> Any:
    """An argument that goes with the prediction: of its framework, shape and dtype."""
    own = side_of(x)
    if own not in (None, side):
        raise TypeError(f"{name}: expected {side.NAME}, the framework of the prediction, got {own.NAME}")
    x = side.from_numpy(_from_python(name, x), prediction) if own is None else side.placed(name, x, prediction)
    shape(name, tuple(x.shape), tuple(prediction.shape), why=", the shape of the prediction")
    return side.as_working(x, prediction)


def classes(s: Any) -> int | None:
    """The number of classes in rows of scores, None where a graph does not know it; at least one is needed."""
    if len(s.shape) == 0:
        raise ValueError("prediction: expected a row of logits (..., K), got a single number")
    if s.shape[-1] == 0:
        raise ValueError("prediction: expected at least one class, got none (the last dimension is 0)")
    return s.shape[-1]


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


def within(name: str, x: Any, domain: Any) -> Any:
    """Return `x`, refusing what lies outside a domain."""
    if isinstance(domain, Interval) and side_of(x).between(x, *domain.inner):
        return x
    return values(name, x, domain.outside(x), str(domain))


def labels(y: Any, s: Any) -> Any:
    """Return `y`, the numbers of classes, refusing what is none of those that `s` has scores for."""
    known = s.shape[-1]
    side = side_of(y)
    last = side.last_class(s, y) if known is None else known - 1
    if side.is_integer(y) and side.between(y, 0, last):
        return y
    bad = (y < 0) | (y > last) | (y % 1 != 0)
    most = "below the number of classes" if known is None else f"from 0 to {known - 1}, the number of the class"
    return values("target", y, bad, f"whole numbers {most}")


def distribution(q: Any) -> Any:
    """Return `q`, refusing rows that are no probabilities or do not sum to 1 to the dtype's rounding."""
    side = side_of(q)
    if not side.between(q, 0, 1):
        q = values("target", q, UNIT.outside(q), "probabilities, from 0 to 1")
    sums = side.total(side.working(q))[..., 0]
    tolerance = _SUM_TOLERANCE.get(side.dtype_name(q), 1e-6)
    hint = "for several positives in a row see MultiPositiveCrossEntropy"
    return values("target", q, abs(sums - 1) > tolerance, "rows that sum to 1", hint, shown=sums)


def _text(value: Any) -> str:
    if np.ndim(value):
        return np.array2string(np.asarray(value), separator=", ", threshold=8)
    return str(value)
