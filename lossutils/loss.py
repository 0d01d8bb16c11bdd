r"""What every loss shares.

Conventions, said once for the whole package:

- The order of arguments is ``(target, prediction)``.
- ``prediction`` is raw: a score, a logit, or the log of a mean; never a probability.
- Results are per example. The caller reduces, and multiplies by weights.
- NumPy, PyTorch and TensorFlow arrays are taken, not mixed; the result has the framework, dtype and device of
  ``prediction``. Plain numbers and lists count as float64 NumPy arrays.
- Half precision is computed in float32, float32 in float64, float64 with error-free differences where they matter.
- Infinite predictions give the limit where there is one. NaN in, NaN out.
- ``validate=False`` skips the checks on the values of the target (never those on shapes and dtypes).
"""

from __future__ import annotations

from dataclasses import astuple, fields
from types import FunctionType
from typing import Any, ClassVar

from . import checks
from .domains import REAL, Among, Interval


class Loss:
    """A loss function; its parameters are the fields of a frozen dataclass."""

    domain: ClassVar[Interval | Among] = REAL  # of the target
    convex: ClassVar[bool] = True  # in the prediction

    def __init_subclass__(cls) -> None:
        """Give each loss public methods of its own, which know whose they are: `Huber.gradient` is Huber's."""
        for name in ("__call__", "gradient", "hessian", "value_and_gradient"):
            if name not in cls.__dict__:
                shared = getattr(cls, name)
                own = FunctionType(shared.__code__, shared.__globals__, name, shared.__defaults__, shared.__closure__)
                own.__kwdefaults__, own.__doc__ = shared.__kwdefaults__, shared.__doc__
                own.__annotations__, own.__qualname__ = shared.__annotations__, f"{cls.__name__}.{name}"
                setattr(cls, name, own)

    def __post_init__(self) -> None:
        for f in fields(self):  # type: ignore[arg-type]
            if "domain" in f.metadata:
                checks.parameter(f.name, getattr(self, f.name), f.metadata["domain"])

    def __call__(self, target: Any, prediction: Any, *, validate: bool = True) -> Any:
        """The loss of each example."""
        side, y, f = self._read(target, prediction, validate)
        return side.value(self, y, f)

    def gradient(self, target: Any, prediction: Any, *, validate: bool = True) -> Any:
        """The derivative of each example's loss with respect to its prediction; the shape of ``prediction``."""
        side, y, f = self._read(target, prediction, validate)
        return side.gradient(self, y, f)

    def hessian(self, target: Any, prediction: Any, *, validate: bool = True) -> Any:
        """The second derivative of each example's loss with respect to its prediction."""
        side, y, f = self._read(target, prediction, validate)
        return side.plain(self, ("hessian",), y, f)[0]

    def value_and_gradient(self, target: Any, prediction: Any, *, validate: bool = True) -> tuple[Any, Any]:
        """The loss and its gradient from one pass over what they share."""
        side, y, f = self._read(target, prediction, validate)
        return side.value_and_gradient(self, y, f)

    def _read(self, target: Any, prediction: Any, validate: bool) -> tuple[Any, Any, Any]:
        side, f = checks.prediction_array(prediction)
        y = checks.target_array(target, side, f)
        return side, self._check(y, f, validate), f

    # What a family of losses provides. `prepared` is what value and gradient share, computed from the prediction.

    def _check(self, y: Any, f: Any, validate: bool) -> Any:
        """Refuse a target that does not fit; return it."""
        raise NotImplementedError

    def _labels(self, y: Any, f: Any) -> bool:
        """Whether the target names a class by its number."""
        return False

    def _prepare(self, f: Any) -> Any:
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

    def _check(self, y: Any, f: Any, validate: bool) -> Any:
        checks.shape("target", y.shape, tuple(f.shape), why=", the shape of the prediction")
        return checks.values("target", y, self.domain.outside(y), str(self.domain)) if validate else y

    def _value(self, y: Any, f: Any) -> Any:
        return self.formula(y, f, *astuple(self))

    def _gradient(self, y: Any, f: Any) -> Any:
        return self.slope(y, f, *astuple(self))

    def _hessian(self, y: Any, f: Any) -> Any:
        return self.curvature(y, f, *astuple(self))

    def _hessian_product(self, y: Any, f: Any, v: Any) -> Any:
        return self._hessian(y, f) * v
