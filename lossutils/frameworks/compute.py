"""How a loss is computed: a call is prepared and checked here, and what lies in memory is computed by NumPy."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import ClassVar

import numpy as np

from . import checks
from .arrays import SIDES
from .blocks import in_blocks
from .domains import REAL
from .numpy_arrays import NumPyArrays
from .protocol import Array, Domain, Formulas, Mend, Prepared, Shared, Side, Views
from .settings import SETTINGS, core

_BLOCK = 8192  # numbers: 64 kB in float64
_INT64 = np.dtype(np.int64)


class Computable:
    """What a loss can be asked for; each call goes to the side of the prediction's framework.

    A subclass provides the formulas: `_value`, `_gradient`, `_hessian` and `_hessian_product`, of the target and of
    what `_shared` makes of the prediction. A class that names a `kernel` has loops in the compiled core; that says
    nothing of its subclasses, which may compute something else.
    """

    domain: ClassVar[Domain] = REAL  # of the target
    row_axes: ClassVar[int] = 0  # of the prediction's axes, how many belong to one example
    takes_labels: ClassVar[bool] = False  # of a loss of rows: whether a target may be the numbers of classes
    takes_rows: ClassVar[bool] = True  # whether it may be of the prediction's shape
    least_classes: ClassVar[int] = 1
    columns: ClassVar[tuple[str, ...]] = ()  # of rows that are no scores of classes, and have one number as the target
    mends: ClassVar[Mapping[str, Mend]] = {}  # how results that may cancel are computed again
    kernel: ClassVar[str | None] = None  # "elementwise", "one class" or "several classes"

    def __call__(self, target: Array, prediction: Array, *, ignore: Array = None, validate: bool = True) -> Array:
        """The loss of each example.

        Parameters
        ----------
        target : array or list of numbers
            Floating, of any such dtype; whole numbers and truth values count as their values. Of the prediction's
            shape; where it holds the numbers of classes, (...). The loss's own documentation says what it may hold.
        prediction : array or list of numbers
            Float16, float32 or float64, or bfloat16 where the framework has it: (...) for a loss of one number,
            (..., K) for a loss of rows, (..., 2) for a loss of two numbers that go with one target.
        ignore : array or list of truth values, optional
            (...): True for each example to leave out, whose results are 0.
        validate : bool
            Whether the target's values are checked. Shapes and dtypes always are.

        Returns
        -------
        array
            Of shape (...), with the framework, dtype and device of `prediction`.

        Raises
        ------
        ValueError
            For a target's value outside the loss's domain, and for shapes that do not fit; nothing is broadcast.
        TypeError
            For a prediction that is not floating, a mask that is not of truth values, arrays that are not of numbers,
            and arrays of different frameworks.

        Examples
        --------
        >>> lu.SquaredError()([1.0, 2.0], [3.0, 2.5], ignore=[False, True])
        array([4., 0.])
        >>> lu.SoftmaxCrossEntropy()([2], [[1.0, 2.0, 3.0]]).round(4)
        array([0.4076])
        """
        return SIDES[type(prediction)].answer(self, "value", target, prediction, ignore, validate)

    def gradient(self, target: Array, prediction: Array, *, ignore: Array = None, validate: bool = True) -> Array:
        """The derivative of each example's loss with respect to its prediction, in closed form.

        Parameters
        ----------
        target, prediction, ignore, validate
            As for the loss itself.

        Returns
        -------
        array
            Of the shape, framework, dtype and device of `prediction`.

        Raises
        ------
        ValueError, TypeError
            As for the loss itself.

        Examples
        --------
        >>> lu.SoftmaxCrossEntropy().gradient([2], [[1.0, 2.0, 3.0]]).round(4)
        array([[ 0.09  ,  0.2447, -0.3348]])
        """
        return SIDES[type(prediction)].answer(self, "gradient", target, prediction, ignore, validate)

    def hessian(self, target: Array, prediction: Array, *, ignore: Array = None, validate: bool = True) -> Array:
        """The second derivative of each example's loss with respect to its prediction.

        Parameters
        ----------
        target, prediction, ignore, validate
            As for the loss itself.

        Returns
        -------
        array
            Of shape (...) for a loss of one number and (..., K, K) for a loss of rows, with the framework, dtype and
            device of `prediction`.

        Raises
        ------
        ValueError, TypeError
            As for the loss itself.

        Examples
        --------
        >>> lu.SoftmaxCrossEntropy().hessian([0], [[0.0, 0.0]])
        array([[[ 0.25, -0.25],
                [-0.25,  0.25]]])
        """
        return SIDES[type(prediction)].answer(self, "hessian", target, prediction, ignore, validate)

    def hessian_product(
        self, target: Array, prediction: Array, v: Array, *, ignore: Array = None, validate: bool = True
    ) -> Array:
        """Each example's second derivative applied to `v`; no matrix is formed.

        Parameters
        ----------
        target, prediction, ignore, validate
            As for the loss itself.
        v : array or list of numbers
            Of the shape and framework of `prediction`, and taken in its dtype.

        Returns
        -------
        array
            Of the shape, framework, dtype and device of `prediction`: for a loss of rows, the (K, K) matrix of each
            row times that row of `v`.

        Raises
        ------
        ValueError, TypeError
            As for the loss itself, and for a `v` whose shape or framework is not the prediction's.

        Examples
        --------
        >>> lu.SoftmaxCrossEntropy().hessian_product([0], [[0.0, 0.0]], [[1.0, 0.0]])
        array([[ 0.25, -0.25]])
        """
        return SIDES[type(prediction)].answer(self, "hessian_product", target, prediction, ignore, validate, v)

    def value_and_gradient(
        self, target: Array, prediction: Array, *, ignore: Array = None, validate: bool = True
    ) -> tuple[Array, Array]:
        """The loss and its gradient from one pass over what they share.

        Parameters
        ----------
        target, prediction, ignore, validate
            As for the loss itself.

        Returns
        -------
        tuple of two arrays
            What the loss itself returns, and what `gradient` returns.

        Raises
        ------
        ValueError, TypeError
            As for the loss itself.

        Examples
        --------
        >>> lu.SquaredError().value_and_gradient([1.0, 2.0], [3.0, 2.5])
        (array([4.  , 0.25]), array([4., 1.]))
        """
        both = SIDES[type(prediction)].answer(self, "value_and_gradient", target, prediction, ignore, validate)
        return both[0], both[1]

    # What a family of losses provides.

    def _check_values(self, y: Array, f: Array) -> Array:
        """Refuse a target with values that do not fit; return it."""
        if self.columns or len(y.shape) == len(f.shape):
            return self._check_numbers(y)
        quickly = SIDES[type(y)].are_classes(y, f.shape[-1])
        return y if quickly else checks.labels(y, f)

    def _check_numbers(self, y: Array) -> Array:
        """The same of a target that does not name classes."""
        return checks.within("target", y, self.domain)

    def _filled(self, y: Array, f: Array, ignored: Array) -> tuple[Array, Array]:
        """Target and prediction with something valid in place of what is ignored."""
        raise NotImplementedError

    def _shared(self, f: Array, exact: bool) -> Shared:
        """What value and derivatives share; `exact` if the prediction came in the type that is computed in."""
        return f

    def _per_example(self, weights: Array) -> Array:
        """Weights of the examples, shaped to multiply a gradient."""
        return weights[..., None] if self.row_axes else weights


# A call.


def answer(
    loss: Formulas, what: str, target: Array, prediction: Array, ignore: Array, validate: bool, *more: Array
) -> Array:
    """What a caller asks of a loss: a method of its side, or its Hessian; 0 for the examples that are ignored."""
    given = prepare(loss, target, prediction, ignore, validate)
    side = given.side
    if what in ("hessian", "hessian_product"):
        more = tuple(checks.like_prediction("v", v, side, given.prediction) for v in more)
        found = side.results(loss, (what,), given, *more)[0]
    else:
        found = getattr(side, what)(loss, given)
    if given.ignored is None:
        return found
    if what == "value_and_gradient":
        return tuple(_zero_where(given.ignored, x, side) for x in found)
    return _zero_where(given.ignored, found, side)


def _zero_where(ignored: Array, result: Array, side: Side) -> Array:
    """A result with 0 for every entry of an example that is ignored."""
    per_entry = ignored[(..., *(None,) * (len(result.shape) - len(ignored.shape)))]
    return side.where(per_entry, 0.0, result)[()]


def prepare(loss: Formulas, target: Array, prediction: Array, ignore: Array, validate: bool) -> Prepared:
    """Target and prediction, checked, and harmless where they are ignored."""
    # Types and places. Ordinary arrays in memory, which NumPy sees as its own, need no closer look.
    side = SIDES[type(prediction)]
    views = side.in_memory(target, prediction)
    if views is None:
        side, prediction = checks.prediction_array(prediction)
        target = checks.target_array(target, side, prediction)
        views = side.in_memory(target, prediction)
    y, f = views or (target, prediction)

    # Shapes. What does not fit at first sight is looked at again: a graph may not know its sizes.
    y_shape, shape = y.shape, f.shape
    if views is None or not (_rows_fit(loss, y_shape, shape) if loss.row_axes else y_shape == shape):
        checks.shapes(loss, y, f)
    names_class = not loss.columns and len(y_shape) < len(shape)

    ignored = None
    if ignore is not None:
        examples = tuple(shape)[: len(shape) - loss.row_axes]
        ignored = checks.mask_array("ignore", ignore, side, prediction, examples)
        target, prediction = loss._filled(target, prediction, ignored)
        views = side.in_memory(target, prediction)
        y, f = views or (target, prediction)

    if views is None and side.keeps_whole(prediction):
        return Prepared(side, target, prediction, ignored, validate, None)

    # Values, of the target only. A compiled loop checks them on its way.
    if views is None and not names_class:
        target = y = side.as_numbers(target)
    by_loop = validate and views is not None and f.size >= SETTINGS.compiled_from and has_loop(loss, y, f)
    if validate and not by_loop:
        checked = loss._check_values(y, f)
        target = checked if views is None else target
    if names_class and (views is None or y.dtype.kind == "f"):
        target = side.as_index(target)
        views = views and side.in_memory(target, prediction)
    return Prepared(side, target, prediction, ignored, by_loop, views)


def _rows_fit(loss: Formulas, y_shape: tuple[int, ...], shape: tuple[int, ...]) -> bool:
    """Whether a target of one shape goes with rows of another, and there are enough classes."""
    if loss.columns:
        return shape[-1:] == (len(loss.columns),) and y_shape == shape[:-1]
    fits = (loss.takes_labels and y_shape == shape[:-1]) or (loss.takes_rows and y_shape == shape)
    return fits and len(shape) > 0 and shape[-1] >= loss.least_classes


def has_loop(loss: Formulas, y: np.ndarray, f: np.ndarray) -> bool:
    """Whether the compiled core has a loop for these arrays."""
    loops = core()
    return loops is not None and loops.has_loop(loss, y, f)


# By NumPy.


def numpy_results(
    loss: Formulas, wants: tuple[str, ...], y: np.ndarray, f: np.ndarray, *more: np.ndarray, check_target: bool = False
) -> list[np.ndarray]:
    """The results named in `wants`, in the prediction's type: compiled, in blocks, or at once."""
    if f.size >= SETTINGS.compiled_from and not more and (loops := core()) is not None:
        found = loops.results(loss, wants, y, f) if check_target or loops.has_loop(loss, y, f) else None
        if found is not None:
            return [
                _mended(loss, want, y, f, x) if want in loss.mends else x for want, x in zip(wants, found, strict=True)
            ]
    if check_target:
        loss._check_values(y, f)
    with np.errstate(all="ignore"):
        found = None
        if f.size > _BLOCK:
            found = in_blocks(loss, wants, (y, f, *more), _BLOCK, partial(evaluate, NUMPY, loss, wants))
        if found is None:
            found = evaluate(NUMPY, loss, wants, y, f, *more)
        return [np.asarray(x).astype(f.dtype, copy=False) for x in found]


def _mended(loss: Formulas, want: str, y: np.ndarray, f: np.ndarray, found: np.ndarray) -> np.ndarray:
    """A compiled result; one that may cancel, computed again where it is NaN: there it does, or is none."""
    if want in loss.mends and (odd := np.isnan(found)).any():
        with np.errstate(all="ignore"):
            found[odd] = evaluate(NUMPY, loss, (want,), y[odd], f[odd])[0]
    return found


def evaluate(side: Side, loss: Formulas, wants: tuple[str, ...], y: Array, f: Array, *more: Array) -> list[Array]:
    """The formulas of a loss for the results named in `wants`, in the type that is computed in."""
    wide = side.widened(f)
    if loss.columns or len(y.shape) == len(f.shape):
        y = side.in_type_of(wide, y)
    shared = loss._shared(wide, wide.dtype == f.dtype)
    return [getattr(loss, "_" + want)(y, shared, *map(side.widened, more)) for want in wants]


class NumPy(NumPyArrays):
    """NumPy's side."""

    def __init__(self, is_framework: bool) -> None:
        self.is_framework = is_framework

    answer = staticmethod(answer)

    def in_memory(self, target: Array, prediction: Array, /) -> Views | None:
        """The two themselves, if they are arrays of types to compute with."""
        if not type(target) is type(prediction) is np.ndarray or prediction.dtype.kind != "f":
            return None
        dtype = target.dtype
        return (target, prediction) if dtype.kind == "f" or dtype == _INT64 else None

    def keeps_whole(self, prediction: Array, /) -> bool:
        """Never: there are no graphs."""
        return False

    def value(self, loss: Formulas, given: Prepared, /) -> Array:
        """The loss."""
        y, f = given.target, given.prediction
        return numpy_results(loss, ("value",), y, f, check_target=given.check_target)[0][()]

    def gradient(self, loss: Formulas, given: Prepared, /) -> Array:
        """Its gradient."""
        y, f = given.target, given.prediction
        return numpy_results(loss, ("gradient",), y, f, check_target=given.check_target)[0][()]

    def value_and_gradient(self, loss: Formulas, given: Prepared, /) -> tuple[Array, Array]:
        """Both."""
        y, f = given.target, given.prediction
        value, gradient = numpy_results(loss, ("value", "gradient"), y, f, check_target=given.check_target)
        return value[()], gradient[()]

    def results(self, loss: Formulas, wants: tuple[str, ...], given: Prepared, /, *more: Array) -> list[Array]:
        """The results named in `wants`; a single number as a scalar."""
        found = numpy_results(loss, wants, given.target, given.prediction, *more, check_target=given.check_target)
        return [x[()] for x in found]


NUMPY = NumPy(is_framework=True)
PYTHON = NumPy(is_framework=False)  # plain numbers and lists
