"""Losses of the margin u = z f, the score of the right label: labels z are -1 and +1."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..frameworks.arrays import exp, where
from ..frameworks.domains import SIGNS
from . import minimisers
from .base import ElementwiseLoss
from .numerics import constant, sigmoid, softplus


def _shortfall(u: Any) -> Any:
    """How far the margin is below 1."""
    return where(u >= 1, 0.0, 1.0 - u)


@dataclass(frozen=True)
class ZeroOne(ElementwiseLoss):
    r"""0-1 loss: one for a wrong sign and for none (u = 0 counts as an error). Its gradient is 0, and trains nothing.

    .. math:: L(z, f) = [z f \le 0], \qquad \frac{\partial L}{\partial f} = 0 \quad (f \ne 0)

    Notes
    -----
    Shapes: target and prediction (...) alike; results (...). Domain of the target: -1 and +1.
    Raises `ValueError` for a target outside the domain or of another shape, `TypeError` for an unsuitable dtype.
    Source: Hastie, Tibshirani and Friedman (2009), section 2.4.
    """

    domain = SIGNS
    convex = False
    minimiser = minimisers.majority

    @staticmethod
    def formula(z: Any, f: Any) -> Any:
        """The loss."""
        u = z * f
        return where(u > 0, 0.0, constant(1.0, u))

    @staticmethod
    def slope(z: Any, f: Any) -> Any:
        """Its derivative in `f`."""
        return constant(0.0, z * f)

    @staticmethod
    def curvature(z: Any, f: Any) -> Any:
        """Its second derivative in `f`."""
        return constant(0.0, z * f)


@dataclass(frozen=True)
class Perceptron(ElementwiseLoss):
    r"""Perceptron loss: minus the margin, where that is positive. At u = 0 the gradient is the subgradient 0.

    .. math:: L(z, f) = \max(0, -z f), \qquad \frac{\partial L}{\partial f} = -z\,[z f < 0]

    Notes
    -----
    Shapes: target and prediction (...) alike; results (...). Domain of the target: -1 and +1.
    Raises `ValueError` for a target outside the domain or of another shape, `TypeError` for an unsuitable dtype.
    Source: Rosenblatt (1958); Bishop (2006), section 4.1.7.
    """

    domain = SIGNS
    lipschitz = 1.0
    minimiser = minimisers.zero

    @staticmethod
    def formula(z: Any, f: Any) -> Any:
        """The loss."""
        u = z * f
        return where(u >= 0, 0.0, -u)

    @staticmethod
    def slope(z: Any, f: Any) -> Any:
        """Its derivative in `f`."""
        u = z * f
        return where(u >= 0, 0.0, where(u < 0, -z, u))

    @staticmethod
    def curvature(z: Any, f: Any) -> Any:
        """Its second derivative in `f`."""
        return constant(0.0, z * f)


@dataclass(frozen=True)
class Hinge(ElementwiseLoss):
    r"""Hinge loss: how far the margin is below 1. At u = 1 the gradient is the subgradient 0.

    .. math:: L(z, f) = \max(0, 1 - z f), \qquad \frac{\partial L}{\partial f} = -z\,[z f < 1]

    Notes
    -----
    Shapes: target and prediction (...) alike; results (...). Domain of the target: -1 and +1.
    Raises `ValueError` for a target outside the domain or of another shape, `TypeError` for an unsuitable dtype.
    Source: Cortes and Vapnik (1995), *Support-vector networks*.
    """

    domain = SIGNS
    lipschitz = 1.0
    minimiser = minimisers.majority_sign

    @staticmethod
    def formula(z: Any, f: Any) -> Any:
        """The loss."""
        return _shortfall(z * f)

    @staticmethod
    def slope(z: Any, f: Any) -> Any:
        """Its derivative in `f`."""
        u = z * f
        return where(u >= 1, 0.0, where(u < 1, -z, u))

    @staticmethod
    def curvature(z: Any, f: Any) -> Any:
        """Its second derivative in `f`."""
        return constant(0.0, z * f)


@dataclass(frozen=True)
class SquaredHinge(ElementwiseLoss):
    r"""The square of the hinge loss, without a factor of one half. The second derivative at u = 1 is given as 0.

    .. math:: L(z, f) = \max(0, 1 - z f)^2, \qquad \frac{\partial L}{\partial f} = -2 z \max(0, 1 - z f)

    Notes
    -----
    Shapes: target and prediction (...) alike; results (...). Domain of the target: -1 and +1.
    Raises `ValueError` for a target outside the domain or of another shape, `TypeError` for an unsuitable dtype.
    Source: Chang, Hsieh and Lin (2008), *Coordinate descent method for large-scale L2-loss linear SVM*.
    """

    domain = SIGNS
    minimiser = minimisers.mean

    @staticmethod
    def formula(z: Any, f: Any) -> Any:
        """The loss."""
        short = _shortfall(z * f)
        return short * short

    @staticmethod
    def slope(z: Any, f: Any) -> Any:
        """Its derivative in `f`."""
        return -2.0 * z * _shortfall(z * f)

    @staticmethod
    def curvature(z: Any, f: Any) -> Any:
        """Its second derivative in `f`."""
        u = z * f
        return where(u >= 1, 0.0, constant(2.0, u))


@dataclass(frozen=True)
class ModifiedHuber(ElementwiseLoss):
    r"""Squared hinge loss down to a margin of -1, and linear below, with the slope reached there.

    .. math:: L(z, f) = \begin{cases} \max(0, 1 - z f)^2 & z f \ge -1 \\ -4 z f & z f < -1 \end{cases},
       \qquad \frac{\partial L}{\partial f} = -2 z \min(2, \max(0, 1 - z f))

    Notes
    -----
    Shapes: target and prediction (...) alike; results (...). Domain of the target: -1 and +1.
    Raises `ValueError` for a target outside the domain or of another shape, `TypeError` for an unsuitable dtype.
    Source: Zhang (2004), *Solving large scale linear prediction problems using stochastic gradient descent*.
    """

    domain = SIGNS
    lipschitz = 4.0
    minimiser = minimisers.mean

    @staticmethod
    def formula(z: Any, f: Any) -> Any:
        """The loss."""
        u = z * f
        short = _shortfall(u)
        return where(u < -1, -4.0 * u, short * short)

    @staticmethod
    def slope(z: Any, f: Any) -> Any:
        """Its derivative in `f`."""
        short = _shortfall(z * f)
        return -2.0 * z * where(short > 2, 2.0, short)

    @staticmethod
    def curvature(z: Any, f: Any) -> Any:
        """Its second derivative in `f`."""
        u = z * f
        return where(abs(u) >= 1, 0.0, constant(2.0, u))


@dataclass(frozen=True)
class Exponential(ElementwiseLoss):
    r"""Exponential loss, the one that AdaBoost minimises.

    .. math:: L(z, f) = e^{-z f}, \qquad \frac{\partial L}{\partial f} = -z\,e^{-z f}

    Notes
    -----
    Shapes: target and prediction (...) alike; results (...). Domain of the target: -1 and +1.
    Raises `ValueError` for a target outside the domain or of another shape, `TypeError` for an unsuitable dtype.
    Source: Friedman, Hastie and Tibshirani (2000), *Additive logistic regression*.
    """

    domain = SIGNS
    minimiser = minimisers.half_log_odds

    @staticmethod
    def formula(z: Any, f: Any) -> Any:
        """The loss."""
        return exp(-z * f)

    @staticmethod
    def slope(z: Any, f: Any) -> Any:
        """Its derivative in `f`."""
        return -z * exp(-z * f)

    @staticmethod
    def curvature(z: Any, f: Any) -> Any:
        """Its second derivative in `f`."""
        return exp(-z * f)


@dataclass(frozen=True)
class Logistic(ElementwiseLoss):
    r"""Logistic loss, the negative log-likelihood of a sign under the Bernoulli distribution with logit f.

    .. math:: L(z, f) = \log(1 + e^{-z f}), \qquad \frac{\partial L}{\partial f} = -z\,\sigma(-z f)

    Notes
    -----
    Shapes: target and prediction (...) alike; results (...). Domain of the target: -1 and +1.
    Raises `ValueError` for a target outside the domain or of another shape, `TypeError` for an unsuitable dtype.
    Source: Hastie, Tibshirani and Friedman (2009), *The Elements of Statistical Learning*, section 10.5.
    """

    domain = SIGNS
    lipschitz = 1.0
    minimiser = minimisers.log_odds

    @staticmethod
    def formula(z: Any, f: Any) -> Any:
        """The loss."""
        return softplus(-z * f)

    @staticmethod
    def slope(z: Any, f: Any) -> Any:
        """Its derivative in `f`."""
        return -z * sigmoid(-z * f)

    @staticmethod
    def curvature(z: Any, f: Any) -> Any:
        """Its second derivative in `f`."""
        return sigmoid(f) * sigmoid(-f)
