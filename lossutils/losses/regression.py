"""Losses of the residual e = y - f."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, log
from typing import Any

from ..frameworks.arrays import exp, log1p, sinh, tanh, where
from ..frameworks.domains import NONNEGATIVE, POSITIVE, Interval, parameter
from . import minimisers
from .base import ElementwiseLoss
from .numerics import constant, distance, exact_difference

_LOG_2 = log(2)


@dataclass(frozen=True)
class SquaredError(ElementwiseLoss):
    r"""Squared error, without a factor of one half.

    .. math:: L(y, f) = (y - f)^2, \qquad \frac{\partial L}{\partial f} = 2 (f - y)

    Notes
    -----
    Shapes: target and prediction (...) alike; results (...). Domain of the target: finite numbers.
    Raises `ValueError` for a target outside the domain or of another shape, `TypeError` for an unsuitable dtype.
    Source: Legendre (1805); Hastie, Tibshirani and Friedman (2009), section 2.4.
    """

    minimiser = minimisers.mean

    @staticmethod
    def formula(y: Any, f: Any) -> Any:
        """The loss."""
        return (y - f) * (y - f)

    @staticmethod
    def slope(y: Any, f: Any) -> Any:
        """Its derivative in `f`."""
        return 2.0 * (f - y)

    @staticmethod
    def curvature(y: Any, f: Any) -> Any:
        """Its second derivative in `f`."""
        return constant(2.0, f - y)


@dataclass(frozen=True)
class AbsoluteError(ElementwiseLoss):
    r"""Absolute error. At f = y, where it has no derivative, the gradient is the subgradient 0.

    .. math:: L(y, f) = |y - f|, \qquad \frac{\partial L}{\partial f} = \operatorname{sign}(f - y)

    Notes
    -----
    Shapes: target and prediction (...) alike; results (...). Domain of the target: finite numbers.
    Raises `ValueError` for a target outside the domain or of another shape, `TypeError` for an unsuitable dtype.
    Source: Koenker (2005), *Quantile Regression*, section 1.2.
    """

    lipschitz = 1.0
    minimiser = minimisers.median

    @staticmethod
    def formula(y: Any, f: Any) -> Any:
        """The loss."""
        return abs(y - f)

    @staticmethod
    def slope(y: Any, f: Any) -> Any:
        """Its derivative in `f`."""
        return where(f > y, 1.0, where(f < y, -1.0, f - y))

    @staticmethod
    def curvature(y: Any, f: Any) -> Any:
        """Its second derivative in `f`."""
        return constant(0.0, f - y)


@dataclass(frozen=True)
class Huber(ElementwiseLoss):
    r"""Huber's loss: half the squared error within delta, and delta times (absolute error - delta / 2) beyond.

    .. math:: L(y, f) = \begin{cases} \tfrac12 (y - f)^2 & |y - f| \le \delta \\
       \delta \left(|y - f| - \tfrac12 \delta\right) & |y - f| > \delta \end{cases},
       \qquad \frac{\partial L}{\partial f} = \max(-\delta, \min(f - y, \delta))

    Parameters
    ----------
    delta : float
        The residual delta > 0 from which the loss grows linearly.

    Notes
    -----
    Shapes: target and prediction (...) alike; results (...). Domain of the target: finite numbers.
    Raises `ValueError` for a target outside the domain or of another shape, `TypeError` for an unsuitable dtype.
    The second derivative is 1 where the residual is delta. Source: Huber (1964).
    """

    delta: float = parameter(1.0, POSITIVE)

    @property
    def lipschitz(self) -> float:
        """The least Lipschitz constant."""
        return self.delta

    @staticmethod
    def formula(y: Any, f: Any, delta: float) -> Any:
        """The loss."""
        e = abs(y - f)
        beyond = where(e < inf, delta * (e - 0.5 * delta), distance(delta, y, f))
        return where(e <= delta, 0.5 * e * e, beyond)

    @staticmethod
    def slope(y: Any, f: Any, delta: float) -> Any:
        """Its derivative in `f`."""
        r = f - y
        return where(r > delta, delta, where(r < -delta, -delta, r))

    @staticmethod
    def curvature(y: Any, f: Any, delta: float) -> Any:
        """Its second derivative in `f`."""
        e = abs(y - f)
        return where(e > delta, 0.0, constant(1.0, e))


@dataclass(frozen=True)
class LogCosh(ElementwiseLoss):
    r"""Logarithm of the hyperbolic cosine of the residual: e^2 / 2 near 0, the absolute residual less log 2 far away.

    .. math:: L(y, f) = \log\cosh(y - f), \qquad \frac{\partial L}{\partial f} = \tanh(f - y)

    Notes
    -----
    Shapes: target and prediction (...) alike; results (...). Domain of the target: finite numbers.
    Raises `ValueError` for a target outside the domain or of another shape, `TypeError` for an unsuitable dtype.
    Source: Green (1990), *Bayesian reconstructions from emission tomography data*.
    """

    lipschitz = 1.0

    @staticmethod
    def formula(y: Any, f: Any) -> Any:
        """The loss: since cosh^2 = 1 + sinh^2, near 0 half the log1p of the square of sinh."""
        e = abs(y - f)
        s = sinh(where(e > 1, 1.0, e))
        return where(e > 1, (e - _LOG_2) + log1p(exp(-2.0 * e)), 0.5 * log1p(s * s))

    @staticmethod
    def slope(y: Any, f: Any) -> Any:
        """Its derivative in `f`."""
        return tanh(f - y)

    @staticmethod
    def curvature(y: Any, f: Any) -> Any:
        """Its second derivative in `f`, the square of 1 / cosh."""
        t = exp(-2.0 * abs(y - f))
        return 4.0 * t / ((1 + t) * (1 + t))


@dataclass(frozen=True)
class Pinball(ElementwiseLoss):
    r"""Pinball loss, whose minimiser is a quantile. At f = y the gradient is the subgradient 0.

    .. math:: L(y, f) = \begin{cases} q\,(y - f) & f \le y \\ (1 - q)(f - y) & f > y \end{cases},
       \qquad \frac{\partial L}{\partial f} = [f > y] - q \quad (f \ne y)

    Parameters
    ----------
    quantile : float
        The level q in (0, 1) of the quantile. At 1/2 the loss is half the absolute error.

    Notes
    -----
    Shapes: target and prediction (...) alike; results (...). Domain of the target: finite numbers.
    Raises `ValueError` for a target outside the domain or of another shape, `TypeError` for an unsuitable dtype.
    Source: Koenker and Bassett (1978), *Regression Quantiles*.
    """

    quantile: float = parameter(0.5, Interval(0, 1))

    minimiser = minimisers.quantile

    @property
    def lipschitz(self) -> float:
        """The least Lipschitz constant."""
        return max(self.quantile, 1 - self.quantile)

    @staticmethod
    def formula(y: Any, f: Any, q: float) -> Any:
        """The loss."""
        return distance(where(f > y, 1 - q, constant(q, f)), y, f)

    @staticmethod
    def slope(y: Any, f: Any, q: float) -> Any:
        """Its derivative in `f`."""
        return where(f > y, 1 - q, where(f < y, -q, f - y))

    @staticmethod
    def curvature(y: Any, f: Any, q: float) -> Any:
        """Its second derivative in `f`."""
        return constant(0.0, f - y)


@dataclass(frozen=True)
class EpsilonInsensitive(ElementwiseLoss):
    r"""Absolute error less epsilon, and no loss within epsilon. At the two corners the gradient is the subgradient 0.

    .. math:: L(y, f) = \max(0, |y - f| - \epsilon),
       \qquad \frac{\partial L}{\partial f} = [\,|y - f| > \epsilon\,] \operatorname{sign}(f - y)

    Parameters
    ----------
    epsilon : float
        The residual epsilon >= 0 that costs nothing.

    Notes
    -----
    Shapes: target and prediction (...) alike; results (...). Domain of the target: finite numbers.
    Raises `ValueError` for a target outside the domain or of another shape, `TypeError` for an unsuitable dtype.
    Source: Vapnik (1995), *The Nature of Statistical Learning Theory*, section 6.1.
    """

    epsilon: float = parameter(0.1, NONNEGATIVE)

    lipschitz = 1.0
    minimiser = minimisers.median_of_ends

    @staticmethod
    def formula(y: Any, f: Any, epsilon: float) -> Any:
        """The loss."""
        excess = _excess(y, f, epsilon)
        return where(excess <= 0, 0.0, excess)

    @staticmethod
    def slope(y: Any, f: Any, epsilon: float) -> Any:
        """Its derivative in `f`."""
        excess = _excess(y, f, epsilon)
        return where(excess <= 0, 0.0, where(f > y, 1.0, constant(-1.0, excess)))

    @staticmethod
    def curvature(y: Any, f: Any, epsilon: float) -> Any:
        """Its second derivative in `f`."""
        return constant(0.0, f - y)


def _excess(y: Any, f: Any, epsilon: float) -> Any:
    """|y - f| - epsilon: exact near the corner, and the rounding of y - f itself is carried along."""
    e, lost = exact_difference(y, f)
    return (abs(e) - epsilon) + where(e < 0, -lost, lost)
