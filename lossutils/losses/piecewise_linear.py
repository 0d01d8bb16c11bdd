"""Piecewise linear losses of the residual r = y - f: of medians, of quantiles, and with a tolerance."""

from __future__ import annotations

from dataclasses import dataclass

from ..frameworks.arrays import where
from ..frameworks.domains import NONNEGATIVE, Interval, parameter
from ..frameworks.protocol import Array
from . import minimisers
from .base import ElementwiseLoss
from .description import Description
from .numerics import constant, distance, exact_difference


@dataclass(frozen=True)
class AbsoluteError(ElementwiseLoss):
    r"""Absolute error. At f = y, where it has no derivative, the gradient is the subgradient 0.

    {formulas}

    Notes
    -----
    Shapes: target and prediction (...) alike; results (...). Domain of the target: finite numbers.
    Raises `ValueError` for a target outside the domain or of another shape, `TypeError` for an unsuitable dtype.
    {source}

    Examples
    --------
    >>> lu.AbsoluteError()([1.0, 2.0], [3.0, 2.5])
    array([2. , 0.5])
    >>> lu.AbsoluteError().gradient([1.0, 2.0], [3.0, 2.0])
    array([1., 0.])
    """

    description = Description(
        loss="|y - f|",
        gradient=r"\operatorname{sign}(f - y)",
        curvature="0",
        smooth_at=r"f \ne y",
        source="Koenker (2005), *Quantile Regression*, section 1.2",
    )
    kernel = "elementwise"
    lipschitz = 1.0
    minimiser = minimisers.median

    @staticmethod
    def formula(y: Array, f: Array) -> Array:
        """The loss."""
        return abs(y - f)

    @staticmethod
    def slope(y: Array, f: Array) -> Array:
        """Its derivative in `f`."""
        return where(f > y, 1.0, where(f < y, -1.0, f - y))

    @staticmethod
    def curvature(y: Array, f: Array) -> Array:
        """Its second derivative in `f`."""
        return constant(0.0, f - y)


@dataclass(frozen=True)
class Pinball(ElementwiseLoss):
    r"""Pinball loss, whose minimiser is a quantile. At f = y the gradient is the subgradient 0.

    {formulas}

    Parameters
    ----------
    quantile : float
        The level q in (0, 1) of the quantile. At 1/2 the loss is half the absolute error.

    Notes
    -----
    Shapes: target and prediction (...) alike; results (...). Domain of the target: finite numbers.
    Raises `ValueError` for a target outside the domain or of another shape, `TypeError` for an unsuitable dtype.
    {source}

    Examples
    --------
    >>> lu.Pinball(quantile=0.75)([1.0, 1.0], [0.0, 2.0])
    array([0.75, 0.25])
    """

    description = Description(
        loss=r"\begin{cases} q\,(y - f) & f \le y \\ (1 - q)(f - y) & f > y \end{cases}",
        gradient="[f > y] - q",
        gradient_at=r"f \ne y",
        curvature="0",
        smooth_at=r"f \ne y",
        lipschitz=r"\max(q, 1 - q)",
        source="Koenker and Bassett (1978), *Regression Quantiles*",
    )
    kernel = "elementwise"

    quantile: float = parameter(0.5, Interval(0, 1), "q", also=(r"\tau",))

    minimiser = minimisers.quantile

    @property
    def lipschitz(self) -> float:
        """The least Lipschitz constant."""
        return max(self.quantile, 1 - self.quantile)

    @staticmethod
    def formula(y: Array, f: Array, q: float) -> Array:
        """The loss."""
        return distance(where(f > y, 1 - q, constant(q, f)), y, f)

    @staticmethod
    def slope(y: Array, f: Array, q: float) -> Array:
        """Its derivative in `f`."""
        return where(f > y, 1 - q, where(f < y, -q, f - y))

    @staticmethod
    def curvature(y: Array, f: Array, q: float) -> Array:
        """Its second derivative in `f`."""
        return constant(0.0, f - y)


@dataclass(frozen=True)
class EpsilonInsensitive(ElementwiseLoss):
    r"""Absolute error less epsilon, and no loss within epsilon. At the two corners the gradient is the subgradient 0.

    {formulas}

    Parameters
    ----------
    epsilon : float
        The residual epsilon >= 0 that costs nothing.

    Notes
    -----
    Shapes: target and prediction (...) alike; results (...). Domain of the target: finite numbers.
    Raises `ValueError` for a target outside the domain or of another shape, `TypeError` for an unsuitable dtype.
    {source}

    Examples
    --------
    >>> lu.EpsilonInsensitive(epsilon=0.5)([1.0, 1.0], [1.25, 3.0])
    array([0. , 1.5])
    """

    description = Description(
        loss=r"\max(0, |y - f| - \epsilon)",
        gradient=r"[\,|y - f| > \epsilon\,] \operatorname{sign}(f - y)",
        curvature="0",
        smooth_at=r"|y - f| \ne \epsilon",
        source="Vapnik (1995), *The Nature of Statistical Learning Theory*, section 6.1",
    )
    kernel = "elementwise"

    epsilon: float = parameter(0.1, NONNEGATIVE, r"\epsilon")

    lipschitz = 1.0
    minimiser = minimisers.median_of_ends

    @staticmethod
    def formula(y: Array, f: Array, epsilon: float) -> Array:
        """The loss."""
        excess = _excess(y, f, epsilon)
        return where(excess <= 0, 0.0, excess)

    @staticmethod
    def slope(y: Array, f: Array, epsilon: float) -> Array:
        """Its derivative in `f`."""
        excess = _excess(y, f, epsilon)
        return where(excess <= 0, 0.0, where(f > y, 1.0, constant(-1.0, excess)))

    @staticmethod
    def curvature(y: Array, f: Array, epsilon: float) -> Array:
        """Its second derivative in `f`."""
        return constant(0.0, f - y)


def _excess(y: Array, f: Array, epsilon: float) -> Array:
    """|y - f| - epsilon: exact near the corner, and the rounding of y - f itself is carried along."""
    e, lost = exact_difference(y, f)
    return (abs(e) - epsilon) + where(e < 0, -lost, lost)
