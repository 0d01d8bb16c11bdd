r"""What every loss shares.

Conventions, said once for the whole package:

- The order of arguments is ``(target, prediction)``.
- ``prediction`` is raw: a score, a logit, or the log of a mean; never a probability.
- Results are per example. The caller reduces, and multiplies by weights.
- NumPy, PyTorch and TensorFlow arrays are taken, not mixed; the result has the framework, dtype and device of
  ``prediction``. Plain numbers and lists count as float64 NumPy arrays.
- Half precision and float32 are computed in float64, float64 with error-free differences where they matter. With numba
  (``lossutils[fast]``) large float32 arrays go through a compiled core, to two ulps; small ones do if the environment
  variable ``LOSSUTILS_COMPILED`` is ``always``, and none do if it is ``never``.
- Infinite predictions give the limit where there is one. NaN in, NaN out.
- ``ignore``, a mask of the examples, leaves out what is padding: its loss and derivatives are 0, whatever stands in
  the target and the prediction there, NaN included. A mean over the rest divides by ``(~ignore).sum()``.
- ``validate=False`` skips the checks on the values of the target (never those on shapes and dtypes).
"""

from __future__ import annotations

from dataclasses import fields
from math import inf
from types import FunctionType
from typing import Any, ClassVar

from ..frameworks import checks
from ..frameworks import compute as blocks
from ..frameworks.arrays import side_of, where
from ..frameworks.domains import REAL, Among, Interval
from . import minimisers


class Loss:
    """A loss function; its parameters are the fields of a frozen dataclass."""

    domain: ClassVar[Interval | Among] = REAL  # of the target
    convex: ClassVar[bool] = True  # in the prediction
    lipschitz: ClassVar[float] = inf  # the least constant, in the prediction; of rows, in the Euclidean norm
    minimiser = minimisers.none_known
    row_axes: ClassVar[int] = 0  # of the prediction's axes, how many belong to one example

    autograph_info__: ClassVar[dict] = {}  # as tf.autograph.experimental.do_not_convert marks what to leave alone

    def __init_subclass__(cls) -> None:
        """Give each loss public methods of its own, which know whose they are: `Huber.gradient` is Huber's."""
        for name in ("__call__", "gradient", "hessian", "hessian_product", "value_and_gradient"):
            if name not in cls.__dict__:
                shared = getattr(cls, name)
                own = FunctionType(shared.__code__, shared.__globals__, name, shared.__defaults__, shared.__closure__)
                own.__kwdefaults__, own.__doc__ = shared.__kwdefaults__, shared.__doc__
                own.__annotations__, own.__qualname__ = shared.__annotations__, f"{cls.__name__}.{name}"
                setattr(cls, name, own)
            cls.__dict__[name].autograph_info__ = cls.autograph_info__

    def __post_init__(self) -> None:
        for f in fields(self):  # type: ignore[arg-type]
            if "domain" in f.metadata:
                checks.parameter(f.name, getattr(self, f.name), f.metadata["domain"])

    def __call__(self, target: Any, prediction: Any, *, ignore: Any = None, validate: bool = True) -> Any:
        """The loss of each example."""
        if (found := self._at_once(("value",), target, prediction, ignore)) is not None:
            return found[0]
        side, y, f, ignored, unchecked = self._read(target, prediction, ignore, validate)
        return _kept(side, side.value(self, y, f, unchecked), ignored)

    def gradient(self, target: Any, prediction: Any, *, ignore: Any = None, validate: bool = True) -> Any:
        """The derivative of each example's loss with respect to its prediction; the shape of ``prediction``."""
        if (found := self._at_once(("gradient",), target, prediction, ignore)) is not None:
            return found[0]
        side, y, f, ignored, unchecked = self._read(target, prediction, ignore, validate)
        return _kept(side, side.gradient(self, y, f, unchecked), ignored)

    def hessian(self, target: Any, prediction: Any, *, ignore: Any = None, validate: bool = True) -> Any:
        """The second derivative of each example's loss with respect to its prediction."""
        side, y, f, ignored, unchecked = self._read(target, prediction, ignore, validate)
        return _kept(side, side.plain(self, ("hessian",), y, f, unchecked=unchecked)[0], ignored)

    def hessian_product(
        self, target: Any, prediction: Any, v: Any, *, ignore: Any = None, validate: bool = True
    ) -> Any:
        """Each example's second derivative applied to ``v``, of the shape of ``prediction``; no matrix is formed."""
        side, y, f, ignored, unchecked = self._read(target, prediction, ignore, validate)
        v = checks.like_prediction("v", v, side, f)
        return _kept(side, side.plain(self, ("hessian_product",), y, f, v, unchecked=unchecked)[0], ignored)

    def value_and_gradient(
        self, target: Any, prediction: Any, *, ignore: Any = None, validate: bool = True
    ) -> tuple[Any, Any]:
        """The loss and its gradient from one pass over what they share."""
        if (found := self._at_once(("value", "gradient"), target, prediction, ignore)) is not None:
            return tuple(found)
        side, y, f, ignored, unchecked = self._read(target, prediction, ignore, validate)
        value, gradient = side.value_and_gradient(self, y, f, unchecked)
        return _kept(side, value, ignored), _kept(side, gradient, ignored)

    def _at_once(self, wants: tuple[str, ...], target: Any, prediction: Any, ignore: Any) -> Any:
        """What is asked for, by one compiled function that does the checks too; None if anything is unusual."""
        if blocks.COMPILED != "always" or ignore is not None:
            return None
        side = side_of(prediction)
        return side and side.at_once(self, wants, target, prediction)

    def _read(self, target: Any, prediction: Any, ignore: Any, validate: bool) -> tuple[Any, Any, Any, Any, bool]:
        """The framework's side, and the arguments made ready: checked, and harmless where they are to be ignored.

        Last, whether the values of the target are still to be checked: a compiled loop does that on its way.
        """
        side, f = checks.prediction_array(prediction)
        y = checks.target_array(target, side, f)
        self._check_shapes(y, f)
        ignored = None
        if ignore is not None:
            ignored = checks.mask_array("ignore", ignore, side, f, tuple(f.shape)[: len(f.shape) - self.row_axes])
            y, f = self._filled(y, f, ignored)
        labels = self._labels(y, f)
        y = y if labels else side.as_numbers(y)
        later = validate and side.checks_itself(self, y, f)
        if validate and not later:
            y = self._check_values(y, f)
        return side, side.as_index(y) if labels else y, f, ignored, later

    # What a family of losses provides. `prepared` is what value and gradient share, computed from
    # the prediction; `exact` says that the prediction's own type is the one computed in, so that roundings matter.

    def _check_shapes(self, y: Any, f: Any) -> None:
        """Refuse a target or a prediction of a shape that does not fit."""
        raise NotImplementedError

    def _check_values(self, y: Any, f: Any) -> Any:
        """Refuse a target with values that do not fit; return it."""
        return checks.within("target", y, self.domain)

    def _filled(self, y: Any, f: Any, ignored: Any) -> tuple[Any, Any]:
        """Target and prediction with something valid in place of what is ignored: 1 lies in every domain."""
        return where(ignored, 1, y), where(ignored, 0.0, f)

    def _labels(self, y: Any, f: Any) -> bool:
        """Whether the target names a class by its number."""
        return False

    def _prepare(self, f: Any, exact: bool) -> Any:
        return f

    def _value(self, y: Any, prepared: Any) -> Any:
        raise NotImplementedError

    def _gradient(self, y: Any, prepared: Any) -> Any:
        raise NotImplementedError

    def _hessian(self, y: Any, prepared: Any) -> Any:
        raise NotImplementedError

    def _hessian_product(self, y: Any, prepared: Any, v: Any) -> Any:
        """The Hessian applied to `v`."""
        raise NotImplementedError

    def _per_example(self, weights: Any) -> Any:
        """Weights of the examples, shaped to multiply a gradient."""
        return weights


class ElementwiseLoss(Loss):
    """A loss of one number: ``target``, ``prediction`` and every result have the same shape.

    A subclass gives three formulas in ``(y, f, *parameters)``, each on numbers and on arrays of any framework.
    """

    @staticmethod
    def formula(y: Any, f: Any, *parameters: Any) -> Any:
        """The loss."""
        raise NotImplementedError

    @staticmethod
    def slope(y: Any, f: Any, *parameters: Any) -> Any:
        """Its derivative in `f`."""
        raise NotImplementedError

    @staticmethod
    def curvature(y: Any, f: Any, *parameters: Any) -> Any:
        """Its second derivative in `f`."""
        raise NotImplementedError

    def _check_shapes(self, y: Any, f: Any) -> None:
        checks.shape("target", y.shape, tuple(f.shape), why=", the shape of the prediction")

    def _value(self, y: Any, f: Any) -> Any:
        return self.formula(y, f, *vars(self).values())

    def _gradient(self, y: Any, f: Any) -> Any:
        return self.slope(y, f, *vars(self).values())

    def _hessian(self, y: Any, f: Any) -> Any:
        return self.curvature(y, f, *vars(self).values())

    def _hessian_product(self, y: Any, f: Any, v: Any) -> Any:
        return self._hessian(y, f) * v


class RowLoss(Loss):
    """A loss of one row of K scores: prediction (..., K), result (...), gradient (..., K), Hessian (..., K, K)."""

    row_axes = 1
    takes_labels: ClassVar[bool] = False  # whether a target may be (...) numbers of classes
    takes_rows: ClassVar[bool] = True  # whether it may be (..., K)

    def _labels(self, y: Any, s: Any) -> bool:
        return len(y.shape) < len(s.shape)

    def _check_shapes(self, y: Any, s: Any) -> None:
        count = checks.classes(s)
        shapes = [tuple(s.shape[:-1])] * self.takes_labels + [tuple(s.shape)] * self.takes_rows
        checks.shape(
            "target", y.shape, *shapes, why=f" for {'an unknown number of' if count is None else count} classes"
        )

    def _filled(self, y: Any, s: Any, ignored: Any) -> tuple[Any, Any]:
        """Something valid in place of the rows that are ignored: the first class for its own."""
        s = where(ignored[..., None], 0.0, s)
        if self._labels(y, s):
            return where(ignored, 0, y), s
        first = side_of(s).indicator(side_of(s).as_index(where(ignored, 0.0, 0.0 * s[..., 0])), s)
        return where(ignored[..., None] & first, 1, where(ignored[..., None] & ~first, 0, y)), s

    def _per_example(self, weights: Any) -> Any:
        return weights[..., None]


def _kept(side: Any, result: Any, ignored: Any) -> Any:
    """The result, 0 where the example is ignored."""
    if ignored is None:
        return result
    return side.where(ignored[(..., *(None,) * (len(result.shape) - len(ignored.shape)))], 0.0, result)[()]
