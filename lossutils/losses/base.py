r"""What every loss shares.

Conventions, said once for the whole package:

- The order of arguments is ``(target, prediction)``.
- ``prediction`` is raw: a score, a logit, or the log of a mean; never a probability.
- Results are per example. The caller reduces, and multiplies by weights.
- NumPy, PyTorch and TensorFlow arrays are taken, not mixed; the result has the framework, dtype and device of
  ``prediction``. Plain numbers and lists count as float64 NumPy arrays.
- Half precision and float32 are computed in float64, float64 with error-free differences where they matter. With numba
  (``lossutils[fast]``) large float32 arrays go through a compiled core, to two ulps; small ones do if the environment
  variable ``LOSSUTILS_COMPILED`` is ``always``, and none do if it is ``never``. What was compiled is kept on disk, in
  the folder ``LOSSUTILS_CACHE``, by default the user's for caches; nothing is if it is ``never``.
- Infinite predictions give the limit where there is one. NaN in, NaN out.
- ``ignore``, a mask of the examples, leaves out what is padding: its loss and derivatives are 0, whatever stands in
  the target and the prediction there, NaN included. A mean over the rest divides by ``(~ignore).sum()``.
- ``validate=False`` skips the checks on the values of the target (never those on shapes and dtypes).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import Field
from math import inf
from typing import ClassVar, NamedTuple

from ..frameworks import checks
from ..frameworks.arrays import side_of, where
from ..frameworks.compute import Computable
from ..frameworks.names import register
from ..frameworks.protocol import NARROW, Array, Domain, Shared
from .description import Description
from .minimisers import Minimiser, none_known


class Loss(Computable):
    """A loss function; its parameters are the fields of a frozen dataclass.

    Notes
    -----
    Dtypes: predictions are floating; results have the prediction's dtype. Targets may be floating, whole numbers or
    truth values.
    """

    description: ClassVar[Description]
    minimiser: ClassVar[Minimiser] = none_known
    _domains: ClassVar[Mapping[str, Domain]] = {}  # of the parameters

    def __init_subclass__(cls) -> None:
        """Complete the documentation by the formulas, and make the class known by its name."""
        register(cls)
        own = {name: field.metadata for name, field in vars(cls).items() if isinstance(field, Field)}
        cls._domains = {**cls._domains, **{name: more["domain"] for name, more in own.items() if "domain" in more}}
        if "description" in vars(cls) and cls.__doc__:
            cls.__doc__ = cls.description.filled_into(cls.__doc__)

    def __post_init__(self) -> None:
        for name, domain in self._domains.items():
            checks.parameter(name, getattr(self, name), domain)

    @property
    def convex(self) -> bool:
        """Whether the loss is convex in the prediction."""
        return True

    @property
    def lipschitz(self) -> float:
        """The least Lipschitz constant in the prediction, of rows in the Euclidean norm; infinite if there is none."""
        return inf


class Scores(NamedTuple):
    """Predictions of one number each."""

    f: Array
    exact: bool  # whether they came in the type that is computed in
    mended: bool  # whether a result that cancels is computed again


class ElementwiseLoss(Loss):
    """A loss of one number: ``target``, ``prediction`` and every result have the same shape.

    A subclass gives three formulas in ``(y, f, *parameters)``, each on numbers and on arrays of any framework; and of a
    result that may cancel it says how it is computed where it does.
    """

    @staticmethod
    def formula(y: Array, f: Array, *parameters: Array) -> Array:
        """The loss."""
        raise NotImplementedError

    @staticmethod
    def slope(y: Array, f: Array, *parameters: Array) -> Array:
        """Its derivative in `f`."""
        raise NotImplementedError

    @staticmethod
    def curvature(y: Array, f: Array, *parameters: Array) -> Array:
        """Its second derivative in `f`."""
        raise NotImplementedError

    def _filled(self, y: Array, f: Array, ignored: Array) -> tuple[Array, Array]:
        return where(ignored, 1, y), where(ignored, 0.0, f)  # 1 lies in every domain

    def _shared(self, f: Array, exact: bool) -> Scores:
        return Scores(f, exact, bool(self.mends) and side_of(f).dtype_name(f) == "float64")

    def _value(self, y: Array, scores: Scores) -> Array:
        return self._mended("value", self.formula, y, scores)

    def _gradient(self, y: Array, scores: Scores) -> Array:
        return self._mended("gradient", self.slope, y, scores)

    def _hessian(self, y: Array, scores: Scores) -> Array:
        return self.curvature(y, scores.f, *vars(self).values())

    def _hessian_product(self, y: Array, scores: Scores, v: Array) -> Array:
        return self._hessian(y, scores) * v

    def _mended(self, what: str, formula: Callable[..., Array], y: Array, scores: Scores) -> Array:
        """A result by its formula, and where that cancels by what the loss has for it."""
        f, parameters = scores.f, vars(self).values()
        rough = formula(y, f, *parameters)
        if not scores.mended or what not in self.mends:
            return rough
        size, precisely, within = self.mends[what]
        near = abs(rough) < (within if scores.exact else NARROW) * size(y, f, *parameters)
        return side_of(f).mended(near, rough, lambda y, f: precisely(y, f, *parameters), y, f)


class RowLoss(Loss):
    """A loss of one row of K scores: prediction (..., K), result (...), gradient (..., K), Hessian (..., K, K).

    A subclass gives the formulas of the target and of what it makes of a row: the row itself, or shares of its classes.
    """

    row_axes = 1

    def _filled(self, y: Array, s: Array, ignored: Array) -> tuple[Array, Array]:
        s = where(ignored[..., None], 0.0, s)
        if len(y.shape) < len(s.shape):
            return where(ignored, 0, y), s
        side = side_of(s)
        first = side.indicator(side.as_index(where(ignored, 0.0, 0.0 * s[..., 0])), s)
        return where(ignored[..., None] & first, 1, where(ignored[..., None] & ~first, 0, y)), s

    def _value(self, y: Array, shared: Shared) -> Array:
        raise NotImplementedError

    def _gradient(self, y: Array, shared: Shared) -> Array:
        raise NotImplementedError

    def _hessian(self, y: Array, shared: Shared) -> Array:
        raise NotImplementedError

    def _hessian_product(self, y: Array, shared: Shared, v: Array) -> Array:
        raise NotImplementedError


class Pair(NamedTuple):
    """Predictions of two numbers each."""

    a: Array
    b: Array
    rows: Array
    exact: bool  # whether they came in the type that is computed in
    mended: bool  # whether a result that cancels is computed again


class PairLoss(RowLoss):
    """A loss of two numbers that go with one target: prediction (..., 2), target and result (...), Hessian (..., 2, 2).

    A subclass gives its formulas in ``(y, a, b, *parameters)``, each on numbers and on arrays of any framework.
    """

    takes_rows = False

    @staticmethod
    def formula(y: Array, a: Array, b: Array, *parameters: Array) -> Array:
        """The loss."""
        raise NotImplementedError

    @staticmethod
    def slope(y: Array, a: Array, b: Array, *parameters: Array) -> tuple[Array, Array]:
        """Its derivatives in the two."""
        raise NotImplementedError

    @staticmethod
    def curvature(y: Array, a: Array, b: Array, *parameters: Array) -> tuple[Array, Array, Array]:
        """Its second derivatives: in the first twice, in both, in the second twice."""
        raise NotImplementedError

    def _shared(self, s: Array, exact: bool) -> Pair:
        return Pair(s[..., 0], s[..., 1], s, exact, bool(self.mends) and side_of(s).dtype_name(s) == "float64")

    def _value(self, y: Array, pair: Pair) -> Array:
        return self._mended("value", self.formula(y, pair.a, pair.b, *vars(self).values()), y, pair)

    def _gradient(self, y: Array, pair: Pair) -> Array:
        first, second = self.slope(y, pair.a, pair.b, *vars(self).values())
        return _columns(first, self._mended("gradient", second, y, pair), pair.rows)

    def _hessian(self, y: Array, pair: Pair) -> Array:
        first, both, second = self.curvature(y, pair.a, pair.b, *vars(self).values())
        diagonal = side_of(pair.rows).diagonal(pair.rows)
        return where(diagonal, _columns(first, second, pair.rows)[..., None], both[..., None, None])

    def _hessian_product(self, y: Array, pair: Pair, v: Array) -> Array:
        first, both, second = self.curvature(y, pair.a, pair.b, *vars(self).values())
        v1, v2 = v[..., 0], v[..., 1]
        return _columns(first * v1 + both * v2, both * v1 + second * v2, pair.rows)

    def _mended(self, what: str, rough: Array, y: Array, pair: Pair) -> Array:
        """A result, and where it cancels what the loss has for it."""
        if not pair.mended or what not in self.mends:
            return rough
        size, precisely, within = self.mends[what]
        near = abs(rough) < (within if pair.exact else NARROW) * size(y, pair.a, pair.b)
        return side_of(rough).mended(near, rough, precisely, y, pair.a, pair.b)


def _columns(first: Array, second: Array, rows: Array) -> Array:
    """Two numbers of each row side by side."""
    side = side_of(rows)
    is_first = side.indicator(0 * side.as_index(first == first), rows)
    return where(is_first, first[..., None], second[..., None])
