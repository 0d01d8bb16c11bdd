"""Bad input is an error that names the argument, what was expected, and the first offending value with its position.

The first half looks at types, dtypes, devices and shapes only; the second half at values.
"""

from __future__ import annotations

import numpy as np

from .arrays import side_of
from .domains import UNIT, Interval
from .protocol import Array, Domain, Formulas, Side

_SUM_TOLERANCE = {"float16": 1e-2, "bfloat16": 5e-2, "float32": 1e-4}  # of a row of probabilities; float64: 1e-6


def parameter(name: str, value: object, domain: Domain) -> None:
    """Refuse a loss parameter outside its domain."""
    if isinstance(value, bool) or not isinstance(value, int | float | np.integer | np.floating):
        raise TypeError(f"{name}: expected a number, got {value!r}")
    if float(value) not in domain:
        raise ValueError(f"{name}: expected {domain}, got {value!r}")


def flag(name: str, value: object) -> None:
    """Refuse anything but True and False."""
    if not isinstance(value, bool | np.bool_):
        raise TypeError(f"{name}: expected True or False, got {value!r}")


def prediction_array(x: Array) -> tuple[Side, Array]:
    """The prediction as a floating array, and the side it belongs to."""
    if not side_of(x).is_framework:
        x = _from_python("prediction", x)
        if x.dtype.kind in "iu":  # Python's own integers have no dtype to object to
            x = x.astype(np.float64)
    side = side_of(x)
    x = side.dense("prediction", x)
    if not side.is_floating(x):
        raise TypeError(f"prediction: expected a floating dtype, got {side.dtype_name(x)}; convert it first")
    return side, x


def target_array(x: Array, side: Side, prediction: Array) -> Array:
    """The target as an array of the prediction's framework, on its device."""
    own = side_of(x)
    if not own.is_framework:
        return side.from_numpy(_from_python("target", x), prediction)
    if own is not side:
        raise TypeError(
            f"target: expected {side.NAME}, the framework of the prediction, got {own.NAME}; convert one of them"
        )
    return side.target(x, prediction)


def mask_array(name: str, x: Array, side: Side, prediction: Array, examples: tuple[int, ...]) -> Array:
    """A mask of the examples as an array of truth values of the prediction's framework, on its device."""
    own = side_of(x)
    if not own.is_framework:
        x = side.from_numpy(_from_python(name, x), prediction)
    elif own is not side:
        raise TypeError(f"{name}: expected {side.NAME} of truth values, got {own.NAME}")
    else:
        x = side.placed(name, x, prediction)
        if "bool" not in side.dtype_name(x):
            raise TypeError(f"{name}: expected {side.NAME} of truth values, got {side.dtype_name(x)}")
    shape(name, tuple(x.shape), examples, why=", one truth value for each example")
    return side.as_mask(x)


def like_prediction(name: str, x: Array, side: Side, prediction: Array) -> Array:
    """An argument that goes with the prediction: of its framework, shape and dtype."""
    own = side_of(x)
    if not own.is_framework:
        x = side.from_numpy(_from_python(name, x), prediction)
    elif own is not side:
        raise TypeError(f"{name}: expected {side.NAME}, the framework of the prediction, got {own.NAME}")
    else:
        x = side.placed(name, x, prediction)
    shape(name, tuple(x.shape), tuple(prediction.shape), why=", the shape of the prediction")
    return side.in_type_of(prediction, x)


def shapes(loss: Formulas, y: Array, f: Array) -> None:
    """Refuse a target and a prediction whose shapes do not fit."""
    found, wanted = tuple(y.shape), tuple(f.shape)
    if not loss.row_axes:
        return shape("target", found, wanted, why=", the shape of the prediction")
    if loss.columns and wanted[-1:] not in ((len(loss.columns),), (None,)):
        raise ValueError(f"prediction: expected rows (..., {len(loss.columns)}) of {_listed(loss)}, got shape {wanted}")
    if loss.columns:
        return shape("target", found, wanted[:-1], why=f", one number for each row of {_listed(loss)}")
    if not wanted:
        raise ValueError("prediction: expected a row of logits (..., K), got a single number")
    count = wanted[-1]
    if count == 0:
        raise ValueError("prediction: expected at least one class, got none (the last dimension is 0)")
    allowed = [wanted[:-1]] * loss.takes_labels + [wanted] * loss.takes_rows
    shape("target", found, *allowed, why=f" for {'an unknown number of' if count is None else count} classes")
    if count == 1 and loss.least_classes > 1:
        raise ValueError("prediction: expected at least two classes, got one")


def _listed(loss: Formulas) -> str:
    return " and ".join(loss.columns)


def shape(name: str, found: tuple[int, ...], *expected: tuple[int | None, ...], why: str = "") -> None:
    """Refuse a shape that is none of the expected; nothing is broadcast. None stands for an unknown dimension."""
    for one in expected:
        if len(one) == len(found) and all(a == b or None in (a, b) for a, b in zip(found, one, strict=True)):
            return
    wanted = " or ".join(map(str, expected))
    raise ValueError(f"{name}: expected shape {wanted}{why}, got {found}; nothing is broadcast")


def _from_python(name: str, x: object) -> np.ndarray:
    try:
        array = np.asarray(x)
    except (ValueError, TypeError) as error:
        raise TypeError(f"{name}: expected an array of numbers, got {type(x).__name__} ({error})") from None
    if array.size == 0 and array.dtype == np.float64:
        return array
    if array.dtype.kind not in "fiub":
        raise TypeError(f"{name}: expected an array of numbers, got {type(x).__name__} of dtype {array.dtype}")
    return array


# Values.


def values(name: str, x: Array, bad: Array, expected: str, hint: str = "", shown: Array = None) -> Array:
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


def within(name: str, x: Array, domain: Domain) -> Array:
    """Return `x`, refusing what lies outside a domain."""
    if isinstance(domain, Interval) and side_of(x).between(x, *domain.inner):
        return x
    return values(name, x, domain.outside(x), str(domain))


def labels(y: Array, s: Array) -> Array:
    """Return `y`, the numbers of classes, refusing what is none of those that `s` has scores for."""
    side, known = side_of(y), s.shape[-1]
    last = side.last_class(s, y) if known is None else known - 1
    bad = (y < 0) | (y > last) | (y % 1 != 0)
    most = "below the number of classes" if known is None else f"from 0 to {known - 1}, the number of the class"
    return values("target", y, bad, f"whole numbers {most}")


def distribution(q: Array) -> Array:
    """Return `q`, refusing rows that are no probabilities or do not sum to 1 to the dtype's rounding."""
    side = side_of(q)
    if not side.between(q, 0, 1):
        q = values("target", q, UNIT.outside(q), "probabilities, from 0 to 1")
    sums = side.total(side.widened(q))[..., 0]
    tolerance = _SUM_TOLERANCE.get(side.dtype_name(q), 1e-6)
    hint = "for several positives in a row see MultiPositiveCrossEntropy"
    return values("target", q, abs(sums - 1) > tolerance, "rows that sum to 1", hint, shown=sums)


def positives(y: Array, otherwise: str) -> Array:
    """Return `y`, a mask of the classes, refusing a row without a positive."""
    empty = ~side_of(y).any_in_row(y == 1)
    return values("target", y, empty, "at least one positive in each row", otherwise)


def _text(value: np.generic | np.ndarray) -> str:
    if np.ndim(value):
        return np.array2string(np.asarray(value), separator=", ", threshold=8)
    return str(value)
