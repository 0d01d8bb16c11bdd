"""The hinge loss and its relatives: losses of the margin u = z f, the labels z being -1 and +1, that end at 0."""

from __future__ import annotations

from dataclasses import dataclass

from ..frameworks.arrays import where
from ..frameworks.domains import SIGNS
from ..frameworks.protocol import Array
from . import minimisers
from .base import ElementwiseLoss
from .description import of_margin
from .numerics import constant


def _shortfall(u: Array) -> Array:
    """How far the margin is below 1."""
    return where(u >= 1, 0.0, 1.0 - u)


@dataclass(frozen=True)
class Perceptron(ElementwiseLoss):
    r"""Perceptron loss: minus the margin, where that is positive. At u = 0 the gradient is the subgradient 0.

    {formulas}

    Notes
    -----
    Shapes: target and prediction (...) alike; results (...). Domain of the target: -1 and +1.
    Raises `ValueError` for a target outside the domain or of another shape, `TypeError` for an unsuitable dtype.
    {source}

    Examples
    --------
    >>> lu.Perceptron()([1, -1], [0.5, 0.5])
    array([0. , 0.5])
    """

    description = of_margin(
        loss=r"\max(0, -z f)",
        gradient=r"-z\,[z f < 0]",
        curvature="0",
        smooth_at=r"z f \ne 0",
        source="Rosenblatt (1958); Bishop (2006), section 4.1.7",
    )
    kernel = "elementwise"
    domain = SIGNS
    lipschitz = 1.0
    minimiser = minimisers.zero

    @staticmethod
    def formula(z: Array, f: Array) -> Array:
        """The loss."""
        u = z * f
        return where(u >= 0, 0.0, -u)

    @staticmethod
    def slope(z: Array, f: Array) -> Array:
        """Its derivative in `f`."""
        u = z * f
        return where(u >= 0, 0.0, where(u < 0, -z, u))

    @staticmethod
    def curvature(z: Array, f: Array) -> Array:
        """Its second derivative in `f`."""
        return constant(0.0, z * f)


@dataclass(frozen=True)
class Hinge(ElementwiseLoss):
    r"""Hinge loss: how far the margin is below 1. At u = 1 the gradient is the subgradient 0.

    {formulas}

    Notes
    -----
    Shapes: target and prediction (...) alike; results (...). Domain of the target: -1 and +1.
    Raises `ValueError` for a target outside the domain or of another shape, `TypeError` for an unsuitable dtype.
    {source}

    Examples
    --------
    >>> lu.Hinge()([1, -1], [0.5, 0.5])
    array([0.5, 1.5])
    """

    description = of_margin(
        loss=r"\max(0, 1 - z f)",
        gradient=r"-z\,[z f < 1]",
        curvature="0",
        smooth_at=r"z f \ne 1",
        source="Cortes and Vapnik (1995), *Support-vector networks*",
    )
    kernel = "elementwise"
    domain = SIGNS
    lipschitz = 1.0
    minimiser = minimisers.majority_sign

    @staticmethod
    def formula(z: Array, f: Array) -> Array:
        """The loss."""
        return _shortfall(z * f)

    @staticmethod
    def slope(z: Array, f: Array) -> Array:
        """Its derivative in `f`."""
        u = z * f
        return where(u >= 1, 0.0, where(u < 1, -z, u))

    @staticmethod
    def curvature(z: Array, f: Array) -> Array:
        """Its second derivative in `f`."""
        return constant(0.0, z * f)


@dataclass(frozen=True)
class SquaredHinge(ElementwiseLoss):
    r"""The square of the hinge loss, without a factor of one half. The second derivative at u = 1 is given as 0.

    {formulas}

    Notes
    -----
    Shapes: target and prediction (...) alike; results (...). Domain of the target: -1 and +1.
    Raises `ValueError` for a target outside the domain or of another shape, `TypeError` for an unsuitable dtype.
    {source}

    Examples
    --------
    >>> lu.SquaredHinge()([1, -1], [0.5, 0.5])
    array([0.25, 2.25])
    """

    description = of_margin(
        loss=r"\max(0, 1 - z f)^2",
        gradient=r"-2 z \max(0, 1 - z f)",
        curvature=r"2\,[z f < 1]",
        smooth_at=r"z f \ne 1",
        source="Chang, Hsieh and Lin (2008), *Coordinate descent method for large-scale L2-loss linear SVM*",
    )
    kernel = "elementwise"
    domain = SIGNS
    minimiser = minimisers.mean

    @staticmethod
    def formula(z: Array, f: Array) -> Array:
        """The loss."""
        short = _shortfall(z * f)
        return short * short

    @staticmethod
    def slope(z: Array, f: Array) -> Array:
        """Its derivative in `f`."""
        return -2.0 * z * _shortfall(z * f)

    @staticmethod
    def curvature(z: Array, f: Array) -> Array:
        """Its second derivative in `f`."""
        u = z * f
        return where(u >= 1, 0.0, constant(2.0, u))


@dataclass(frozen=True)
class ModifiedHuber(ElementwiseLoss):
    r"""Squared hinge loss down to a margin of -1, and linear below, with the slope reached there.

    {formulas}

    Notes
    -----
    Shapes: target and prediction (...) alike; results (...). Domain of the target: -1 and +1.
    Raises `ValueError` for a target outside the domain or of another shape, `TypeError` for an unsuitable dtype.
    {source}

    Examples
    --------
    >>> lu.ModifiedHuber()([1, -1], [0.5, 3.0])
    array([ 0.25, 12.  ])
    """

    description = of_margin(
        loss=r"\begin{cases} \max(0, 1 - z f)^2 & z f \ge -1 \\ -4 z f & z f < -1 \end{cases}",
        gradient=r"-2 z \min(2, \max(0, 1 - z f))",
        curvature=r"2\,[\,|f| < 1\,]",
        smooth_at=r"|z f| \ne 1",
        source="Zhang (2004), *Solving large scale linear prediction problems using stochastic gradient descent*",
    )
    kernel = "elementwise"
    domain = SIGNS
    lipschitz = 4.0
    minimiser = minimisers.mean

    @staticmethod
    def formula(z: Array, f: Array) -> Array:
        """The loss."""
        u = z * f
        short = _shortfall(u)
        return where(u < -1, -4.0 * u, short * short)

    @staticmethod
    def slope(z: Array, f: Array) -> Array:
        """Its derivative in `f`."""
        short = _shortfall(z * f)
        return -2.0 * z * where(short > 2, 2.0, short)

    @staticmethod
    def curvature(z: Array, f: Array) -> Array:
        """Its second derivative in `f`."""
        u = z * f
        return where(abs(u) >= 1, 0.0, constant(2.0, u))
