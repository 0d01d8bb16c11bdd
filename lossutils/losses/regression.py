"""Smooth losses of the residual r = y - f."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, log

from ..frameworks.arrays import exp, log1p, sinh, tanh, where
from ..frameworks.domains import POSITIVE, Interval, parameter
from ..frameworks.protocol import Array
from . import minimisers
from .base import ElementwiseLoss
from .description import Description
from .numerics import constant, distance

_LOG_2 = log(2)


@dataclass(frozen=True)
class SquaredError(ElementwiseLoss):
    r"""Squared error, without a factor of one half.

    {formulas}

    Notes
    -----
    Shapes: target and prediction (...) alike; results (...). Domain of the target: finite numbers.
    Raises `ValueError` for a target outside the domain or of another shape, `TypeError` for an unsuitable dtype.
    {source}

    Examples
    --------
    >>> lu.SquaredError()([1.0, 2.0], [3.0, 2.5])
    array([4.  , 0.25])
    """

    description = Description(
        loss="(y - f)^2",
        gradient="2 (f - y)",
        curvature="2",
        source="Legendre (1805); Hastie, Tibshirani and Friedman (2009), section 2.4",
    )
    kernel = "elementwise"
    minimiser = minimisers.mean

    @staticmethod
    def formula(y: Array, f: Array) -> Array:
        """The loss."""
        return (y - f) * (y - f)

    @staticmethod
    def slope(y: Array, f: Array) -> Array:
        """Its derivative in `f`."""
        return 2.0 * (f - y)

    @staticmethod
    def curvature(y: Array, f: Array) -> Array:
        """Its second derivative in `f`."""
        return constant(2.0, f - y)


@dataclass(frozen=True)
class Huber(ElementwiseLoss):
    r"""Huber's loss: half the squared error within delta, and delta times (absolute error - delta / 2) beyond.

    {formulas}

    Parameters
    ----------
    delta : float
        The residual delta > 0 from which the loss grows linearly.

    Notes
    -----
    Shapes: target and prediction (...) alike; results (...). Domain of the target: finite numbers.
    Raises `ValueError` for a target outside the domain or of another shape, `TypeError` for an unsuitable dtype.
    The second derivative is 1 where the residual is delta. {source}

    Examples
    --------
    >>> lu.Huber(delta=2.0)([0.0, 1.0], [3.0, 1.5])
    array([4.   , 0.125])
    >>> lu.Huber(delta=2.0).gradient([0.0, 1.0], [3.0, 1.5])
    array([2. , 0.5])
    """

    description = Description(
        loss=(
            r"\begin{cases} \tfrac12 (y - f)^2 & |y - f| \le \delta \\ \delta \left(|y - f| - \tfrac12 "
            r"\delta\right) & |y - f| > \delta \end{cases}"
        ),
        gradient=r"\max(-\delta, \min(f - y, \delta))",
        curvature=r"[\,|y - f| \le \delta\,]",
        smooth_at=r"|y - f| \ne \delta",
        lipschitz=r"\delta",
        minimiser=r"where the residuals, cut off at $\pm\delta$, sum to 0",
        source="Huber (1964)",
    )
    kernel = "elementwise"

    delta: float = parameter(1.0, POSITIVE, r"\delta")

    @property
    def lipschitz(self) -> float:
        """The least Lipschitz constant."""
        return self.delta

    @staticmethod
    def formula(y: Array, f: Array, delta: float) -> Array:
        """The loss."""
        e = abs(y - f)
        beyond = where(e < inf, delta * (e - 0.5 * delta), distance(delta, y, f))
        return where(e <= delta, 0.5 * e * e, beyond)

    @staticmethod
    def slope(y: Array, f: Array, delta: float) -> Array:
        """Its derivative in `f`."""
        r = f - y
        return where(r > delta, delta, where(r < -delta, -delta, r))

    @staticmethod
    def curvature(y: Array, f: Array, delta: float) -> Array:
        """Its second derivative in `f`."""
        e = abs(y - f)
        return where(e > delta, 0.0, constant(1.0, e))


@dataclass(frozen=True)
class LogCosh(ElementwiseLoss):
    r"""Logarithm of the hyperbolic cosine of the residual r: r^2 / 2 near 0, the absolute residual less log 2 far away.

    {formulas}

    Notes
    -----
    Shapes: target and prediction (...) alike; results (...). Domain of the target: finite numbers.
    Raises `ValueError` for a target outside the domain or of another shape, `TypeError` for an unsuitable dtype.
    {source}

    Examples
    --------
    >>> lu.LogCosh()([0.0, 1.0], [0.5, 3.0]).round(4)
    array([0.1201, 1.325 ])
    """

    description = Description(
        loss=r"\log\cosh(y - f)",
        gradient=r"\tanh(f - y)",
        curvature=r"1 - \tanh^2(f - y)",
        minimiser="where the hyperbolic tangents of the residuals sum to 0",
        source="Green (1990), *Bayesian reconstructions from emission tomography data*",
    )
    kernel = "elementwise"
    lipschitz = 1.0

    @staticmethod
    def formula(y: Array, f: Array) -> Array:
        """The loss: since cosh^2 = 1 + sinh^2, near 0 half the log1p of the square of sinh."""
        e = abs(y - f)
        s = sinh(where(e > 1, 1.0, e))
        return where(e > 1, (e - _LOG_2) + log1p(exp(-2.0 * e)), 0.5 * log1p(s * s))

    @staticmethod
    def slope(y: Array, f: Array) -> Array:
        """Its derivative in `f`."""
        return tanh(f - y)

    @staticmethod
    def curvature(y: Array, f: Array) -> Array:
        """Its second derivative in `f`, the square of 1 / cosh."""
        t = exp(-2.0 * abs(y - f))
        return 4.0 * t / ((1 + t) * (1 + t))


@dataclass(frozen=True)
class Expectile(ElementwiseLoss):
    r"""Squared error that weighs the two sides differently; its minimiser is an expectile.

    {formulas}

    Parameters
    ----------
    level : float
        The level q in (0, 1) of the expectile. At 1/2 the loss is half the squared error.

    Notes
    -----
    Shapes: target and prediction (...) alike; results (...). Domain of the target: finite numbers.
    Raises `ValueError` for a target outside the domain or of another shape, `TypeError` for an unsuitable dtype.
    The second derivative at f = y is given as 2 q. {source}

    Examples
    --------
    >>> lu.Expectile(level=0.75)([1.0, 1.0], [0.0, 3.0])
    array([0.75, 1.  ])
    """

    description = Description(
        loss=r"\begin{cases} q\,(y - f)^2 & f \le y \\ (1 - q)(y - f)^2 & f > y \end{cases}",
        gradient=r"2 \left(q\,[f \le y] + (1 - q)\,[f > y]\right) (f - y)",
        curvature=r"2 \left(q\,[f \le y] + (1 - q)\,[f > y]\right)",
        smooth_at=r"f \ne y",
        source="Newey and Powell (1987), *Asymmetric Least Squares Estimation and Testing*",
    )
    kernel = "elementwise"

    level: float = parameter(0.5, Interval(0, 1), "q", also=(r"\tau",))

    minimiser = minimisers.expectile

    @staticmethod
    def formula(y: Array, f: Array, q: float) -> Array:
        """The loss."""
        return (where(f > y, 1 - q, constant(q, f)) * (y - f)) * (y - f)

    @staticmethod
    def slope(y: Array, f: Array, q: float) -> Array:
        """Its derivative in `f`."""
        return where(f > y, 1 - q, constant(q, f)) * (2.0 * (f - y))

    @staticmethod
    def curvature(y: Array, f: Array, q: float) -> Array:
        """Its second derivative in `f`."""
        return where(f > y, 2.0 * (1 - q), constant(2.0 * q, f - y))
