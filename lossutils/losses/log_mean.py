"""Losses of a prediction f that is the logarithm of a mean: negative log-likelihoods of the Tweedie family."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from typing import ClassVar

from ..frameworks.arrays import exp, where
from ..frameworks.domains import NONNEGATIVE, POSITIVE, Interval, parameter
from ..frameworks.protocol import Array, Mend
from . import minimisers
from .base import ElementwiseLoss
from .description import Description
from .numerics import constant, exact_product, times_exp, weighted
from .precise import exp_in_parts, in_three, product, rounded, times_power_of_two, two_product

_BIG = 2.0**64
_SMALL, _LIFT = 1e-290, 2.0**60


def _exp_less(y: Array, f: Array) -> Array:
    """e^f - y."""
    k, exponential = exp_in_parts(f)
    high, *low = exponential
    return times_power_of_two(rounded(in_three(high, -times_power_of_two(y, -k), *low)), k)


def _exp_less_product(y: Array, f: Array) -> Array:
    """e^f - y f."""
    k, exponential = exp_in_parts(f)
    high, *low = exponential
    whole, lost = two_product(times_power_of_two(y, -k), f)
    return times_power_of_two(rounded(in_three(high, -whole, -lost, *low)), k)


def _plus_decay(a: Array, y: Array, f: Array) -> Array:
    """a + y e^-f."""
    k, exponential = exp_in_parts(-f)
    return rounded(in_three(a, *product(times_power_of_two(y, k), exponential)))


@dataclass(frozen=True)
class Poisson(ElementwiseLoss):
    r"""Negative log-likelihood of a count under the Poisson distribution of mean e^f, without its term log y!.

    {formulas}

    Notes
    -----
    Shapes: target and prediction (...) alike; results (...). Domain of the target: numbers >= 0, not only whole ones.
    Raises `ValueError` for a target outside the domain or of another shape, `TypeError` for an unsuitable dtype.
    {source}

    Examples
    --------
    >>> lu.Poisson()([2, 0], [0.0, 0.0])
    array([1., 1.])
    """

    description = Description(
        loss="e^f - y f",
        gradient="e^f - y",
        curvature="e^f",
        prediction_is="log mean",
        source="McCullagh and Nelder (1989), *Generalized Linear Models*, section 6.2",
    )
    kernel = "elementwise"
    domain = NONNEGATIVE
    minimiser = minimisers.log_mean
    mends: ClassVar = {
        "value": Mend(lambda y, f: abs(y * f), _exp_less_product),
        "gradient": Mend(lambda y, f: y, _exp_less),
    }

    @staticmethod
    def formula(y: Array, f: Array) -> Array:
        """The loss; where e^f may overflow and the difference not, both terms are taken 2^64 times smaller."""
        small = where(f > 700, 1 / _BIG, constant(1.0, f))
        return where(f > 800, inf, (times_exp(small, f) - weighted(y, small * f)) / small)

    @staticmethod
    def slope(y: Array, f: Array) -> Array:
        """Its derivative in `f`."""
        small = where(f > 700, 1 / _BIG, constant(1.0, f))
        return (times_exp(small, f) - small * y) / small

    @staticmethod
    def curvature(y: Array, f: Array) -> Array:
        """Its second derivative in `f`."""
        return exp(f)


@dataclass(frozen=True)
class Gamma(ElementwiseLoss):
    r"""Negative log-likelihood under the Gamma distribution of mean e^f, over its shape, less what f does not enter.

    {formulas}

    Notes
    -----
    Shapes: target and prediction (...) alike; results (...). Domain of the target: numbers > 0.
    Raises `ValueError` for a target outside the domain or of another shape, `TypeError` for an unsuitable dtype.
    {source}

    Examples
    --------
    >>> lu.Gamma()([1.0, 2.0], [0.0, 0.0])
    array([1., 2.])
    """

    description = Description(
        loss="f + y e^{-f}",
        gradient="1 - y e^{-f}",
        curvature="y e^{-f}",
        prediction_is="log mean",
        source="McCullagh and Nelder (1989), section 8.2",
    )
    kernel = "elementwise"
    domain = POSITIVE
    minimiser = minimisers.log_mean
    mends: ClassVar = {
        "value": Mend(lambda y, f: abs(f), lambda y, f: _plus_decay(f, y, f), 0.8),
        "gradient": Mend(lambda y, f: constant(1.0, f), lambda y, f: _plus_decay(constant(1.0, f), -y, f)),
    }

    @staticmethod
    def formula(y: Array, f: Array) -> Array:
        """The loss."""
        return where(f == -inf, inf, f + times_exp(y, -f))

    @staticmethod
    def slope(y: Array, f: Array) -> Array:
        """Its derivative in `f`."""
        return 1.0 - times_exp(y, -f)

    @staticmethod
    def curvature(y: Array, f: Array) -> Array:
        """Its second derivative in `f`."""
        return times_exp(y, -f)


def _times_exp_over(y: Array, x: Array, lost: Array, b: float) -> Array:
    """`y e^(x + lost) / b`; of a tiny y, whose y / b may be subnormal, the product is divided, and lifted if small."""
    small = y < _SMALL
    lift = where(small & (x < 700.0), _LIFT, constant(1.0, x))
    product = times_exp(where(small, y * lift, y / b), x, lost)
    return where(small, product / b, product) / lift


@dataclass(frozen=True)
class Tweedie(ElementwiseLoss):
    r"""Negative log-likelihood under a Tweedie distribution of mean e^f, times its dispersion, less what f enters not.

    {formulas}

    Parameters
    ----------
    power : float
        The power p in (1, 2): the variance is proportional to the p-th power of the mean. `Poisson` and `Gamma` are
        what it tends to at 1 and at 2, but for a constant.

    Notes
    -----
    Shapes: target and prediction (...) alike; results (...). Domain of the target: numbers >= 0.
    Raises `ValueError` for a target outside the domain or of another shape, `TypeError` for an unsuitable dtype.
    {source}

    Examples
    --------
    >>> lu.Tweedie(power=1.5)([0.0, 1.0], [0.0, 0.0])
    array([2., 4.])
    """

    description = Description(
        loss=r"\frac{e^{(2 - p) f}}{2 - p} + \frac{y e^{-(p - 1) f}}{p - 1}",
        gradient="e^{(2 - p) f} - y e^{-(p - 1) f}",
        curvature=r"(2 - p)\,e^{(2 - p) f} + (p - 1)\,y e^{-(p - 1) f}",
        prediction_is="log mean",
        source="Jorgensen (1987), *Exponential Dispersion Models*; Dunn and Smyth (2018), section 12.2",
    )
    kernel = "elementwise"

    power: float = parameter(1.5, Interval(1, 2), "p", also=(r"\rho",))

    domain = NONNEGATIVE
    minimiser = minimisers.log_mean
    mends: ClassVar = {
        "gradient": Mend(
            lambda y, f, p: exp((2 - p) * f),
            lambda y, f, p: times_exp(_plus_decay(constant(1.0, f), -y, f), *exact_product(2 - p, f)),
            0.75,
        ),
    }

    @staticmethod
    def formula(y: Array, f: Array, p: float) -> Array:
        """The loss."""
        a, b = 2 - p, p - 1  # both exact
        return times_exp(constant(1 / a, f), *exact_product(a, f)) + _times_exp_over(y, *exact_product(-b, f), b)

    @staticmethod
    def slope(y: Array, f: Array, p: float) -> Array:
        """Its derivative in `f`; where the first term may overflow and the difference not, both are a quarter."""
        a, b = 2 - p, p - 1
        small = where(a * f > 700, 0.25, constant(1.0, f))
        return (times_exp(small, *exact_product(a, f)) - times_exp(small * y, *exact_product(-b, f))) / small

    @staticmethod
    def curvature(y: Array, f: Array, p: float) -> Array:
        """Its second derivative in `f`."""
        a, b = 2 - p, p - 1
        return times_exp(constant(a, f), *exact_product(a, f)) + times_exp(b * y, *exact_product(-b, f))
