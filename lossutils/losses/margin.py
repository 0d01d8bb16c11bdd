"""The 0-1 loss and the exponential ones, of the margin u = z f, the right label's score: labels z are -1 and +1."""

from __future__ import annotations

from dataclasses import dataclass

from ..frameworks.arrays import exp, where
from ..frameworks.domains import SIGNS
from ..frameworks.protocol import Array
from . import minimisers
from .base import ElementwiseLoss
from .description import of_margin
from .numerics import constant, sigmoid, softplus


@dataclass(frozen=True)
class ZeroOne(ElementwiseLoss):
    r"""0-1 loss: one for a wrong sign and for none (u = 0 counts as an error). Its gradient is 0, and trains nothing.

    {formulas}

    Notes
    -----
    Shapes: target and prediction (...) alike; results (...). Domain of the target: -1 and +1.
    Raises `ValueError` for a target outside the domain or of another shape, `TypeError` for an unsuitable dtype.
    {source}

    Examples
    --------
    >>> lu.ZeroOne()([1, -1, 1], [0.5, 0.5, 0.0])
    array([0., 1., 1.])
    """

    description = of_margin(
        loss=r"[z f \le 0]",
        gradient="0",
        gradient_at=r"f \ne 0",
        curvature="0",
        smooth_at=r"z f \ne 0",
        source="Hastie, Tibshirani and Friedman (2009), section 2.4",
    )
    kernel = "elementwise"
    domain = SIGNS
    convex = False
    minimiser = minimisers.majority

    @staticmethod
    def formula(z: Array, f: Array) -> Array:
        """The loss."""
        u = z * f
        return where(u > 0, 0.0, constant(1.0, u))

    @staticmethod
    def slope(z: Array, f: Array) -> Array:
        """Its derivative in `f`."""
        return constant(0.0, z * f)

    @staticmethod
    def curvature(z: Array, f: Array) -> Array:
        """Its second derivative in `f`."""
        return constant(0.0, z * f)


@dataclass(frozen=True)
class Exponential(ElementwiseLoss):
    r"""Exponential loss, the one that AdaBoost minimises.

    {formulas}

    Notes
    -----
    Shapes: target and prediction (...) alike; results (...). Domain of the target: -1 and +1.
    Raises `ValueError` for a target outside the domain or of another shape, `TypeError` for an unsuitable dtype.
    {source}

    Examples
    --------
    >>> lu.Exponential()([1, -1], [0.0, 1.0]).round(4)
    array([1.    , 2.7183])
    """

    description = of_margin(
        loss="e^{-z f}",
        gradient=r"-z\,e^{-z f}",
        curvature="e^{-z f}",
        source="Friedman, Hastie and Tibshirani (2000), *Additive logistic regression*",
    )
    kernel = "elementwise"
    domain = SIGNS
    minimiser = minimisers.half_log_odds

    @staticmethod
    def formula(z: Array, f: Array) -> Array:
        """The loss."""
        return exp(-z * f)

    @staticmethod
    def slope(z: Array, f: Array) -> Array:
        """Its derivative in `f`."""
        return -z * exp(-z * f)

    @staticmethod
    def curvature(z: Array, f: Array) -> Array:
        """Its second derivative in `f`."""
        return exp(-z * f)


@dataclass(frozen=True)
class Logistic(ElementwiseLoss):
    r"""Logistic loss, the negative log-likelihood of a sign under the Bernoulli distribution with logit f.

    {formulas}

    Notes
    -----
    Shapes: target and prediction (...) alike; results (...). Domain of the target: -1 and +1.
    Raises `ValueError` for a target outside the domain or of another shape, `TypeError` for an unsuitable dtype.
    {source}

    Examples
    --------
    >>> lu.Logistic()([1, -1], [0.5, 0.5]).round(4)
    array([0.4741, 0.9741])
    >>> lu.Logistic()([1], [60.0])
    array([8.75651076e-27])
    """

    description = of_margin(
        loss=r"\log(1 + e^{-z f})",
        gradient=r"-z\,\sigma(-z f)",
        curvature=r"\sigma(f)\,\sigma(-f)",
        source="Hastie, Tibshirani and Friedman (2009), *The Elements of Statistical Learning*, section 10.5",
    )
    kernel = "elementwise"
    domain = SIGNS
    lipschitz = 1.0
    minimiser = minimisers.log_odds

    @staticmethod
    def formula(z: Array, f: Array) -> Array:
        """The loss."""
        return softplus(-z * f)

    @staticmethod
    def slope(z: Array, f: Array) -> Array:
        """Its derivative in `f`."""
        return -z * sigmoid(-z * f)

    @staticmethod
    def curvature(z: Array, f: Array) -> Array:
        """Its second derivative in `f`."""
        return sigmoid(f) * sigmoid(-f)
