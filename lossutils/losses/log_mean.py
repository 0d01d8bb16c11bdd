"""Losses of a prediction f that is the logarithm of a mean: negative log-likelihoods of the Tweedie family."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from typing import Any

from ..frameworks.arrays import exp, where
from ..frameworks.domains import NONNEGATIVE, POSITIVE, Interval, parameter
from . import minimisers
from .base import ElementwiseLoss
from .numerics import constant, exact_product, times_exp, weighted

_BIG = 2.0**64
_SMALL, _LIFT = 1e-290, 2.0**60


@dataclass(frozen=True)
class Poisson(ElementwiseLoss):
    r"""Negative log-likelihood of a count under the Poisson distribution of mean e^f, without its term log y!.

    .. math:: L(y, f) = e^f - y f, \qquad \frac{\partial L}{\partial f} = e^f - y

    Notes
    -----
    Shapes: target and prediction (...) alike; results (...). Domain of the target: numbers >= 0, not only whole ones.
    Raises `ValueError` for a target outside the domain or of another shape, `TypeError` for an unsuitable dtype.
    Source: McCullagh and Nelder (1989), *Generalized Linear Models*, section 6.2.
    """

    domain = NONNEGATIVE
    minimiser = minimisers.log_mean

    @staticmethod
    def formula(y: Any, f: Any) -> Any:
        """The loss; where e^f may overflow and the difference not, both terms are taken 2^64 times smaller."""
        small = where(f > 700, 1 / _BIG, constant(1.0, f))
        return where(f > 800, inf, (times_exp(small, f) - weighted(y, small * f)) / small)

    @staticmethod
    def slope(y: Any, f: Any) -> Any:
        """Its derivative in `f`."""
        small = where(f > 700, 1 / _BIG, constant(1.0, f))
        return (times_exp(small, f) - small * y) / small

    @staticmethod
    def curvature(y: Any, f: Any) -> Any:
        """Its second derivative in `f`."""
        return exp(f)


@dataclass(frozen=True)
class Gamma(ElementwiseLoss):
    r"""Negative log-likelihood under the Gamma distribution of mean e^f, over its shape, less what f does not enter.

    .. math:: L(y, f) = f + y e^{-f}, \qquad \frac{\partial L}{\partial f} = 1 - y e^{-f}

    Notes
    -----
    Shapes: target and prediction (...) alike; results (...). Domain of the target: numbers > 0.
    Raises `ValueError` for a target outside the domain or of another shape, `TypeError` for an unsuitable dtype.
    Source: McCullagh and Nelder (1989), section 8.2.
    """

    domain = POSITIVE
    minimiser = minimisers.log_mean

    @staticmethod
    def formula(y: Any, f: Any) -> Any:
        """The loss."""
        return where(f == -inf, inf, f + times_exp(y, -f))

    @staticmethod
    def slope(y: Any, f: Any) -> Any:
        """Its derivative in `f`."""
        return 1.0 - times_exp(y, -f)

    @staticmethod
    def curvature(y: Any, f: Any) -> Any:
        """Its second derivative in `f`."""
        return times_exp(y, -f)


def _times_exp_over(y: Any, x: Any, lost: Any, b: float) -> Any:
    """`y e^(x + lost) / b`; of a tiny y, whose y / b may be subnormal, the product is divided, and lifted if small."""
    small = y < _SMALL
    lift = where(small & (x < 700.0), _LIFT, constant(1.0, x))
    product = times_exp(where(small, y * lift, y / b), x, lost)
    return where(small, product / b, product) / lift


@dataclass(frozen=True)
class Tweedie(ElementwiseLoss):
    r"""Negative log-likelihood under a Tweedie distribution of mean e^f, times its dispersion, less what f enters not.

    .. math:: L(y, f) = \frac{e^{(2 - p) f}}{2 - p} + \frac{y e^{-(p - 1) f}}{p - 1},
       \qquad \frac{\partial L}{\partial f} = e^{(2 - p) f} - y e^{-(p - 1) f}

    Parameters
    ----------
    power : float
        The power p in (1, 2): the variance is proportional to the p-th power of the mean. `Poisson` and `Gamma` are
        what it tends to at 1 and at 2, but for a constant.

    Notes
    -----
    Shapes: target and prediction (...) alike; results (...). Domain of the target: numbers >= 0.
    Raises `ValueError` for a target outside the domain or of another shape, `TypeError` for an unsuitable dtype.
    Source: Jorgensen (1987), *Exponential Dispersion Models*; Dunn and Smyth (2018), section 12.2.
    """

    power: float = parameter(1.5, Interval(1, 2))

    domain = NONNEGATIVE
    minimiser = minimisers.log_mean

    @staticmethod
    def formula(y: Any, f: Any, p: float) -> Any:
        """The loss."""
        a, b = 2 - p, p - 1  # both exact
        return times_exp(constant(1 / a, f), *exact_product(a, f)) + _times_exp_over(y, *exact_product(-b, f), b)

    @staticmethod
    def slope(y: Any, f: Any, p: float) -> Any:
        """Its derivative in `f`; where the first term may overflow and the difference not, both are a quarter."""
        a, b = 2 - p, p - 1
        small = where(a * f > 700, 0.25, constant(1.0, f))
        return (times_exp(small, *exact_product(a, f)) - times_exp(small * y, *exact_product(-b, f))) / small

    @staticmethod
    def curvature(y: Any, f: Any, p: float) -> Any:
        """Its second derivative in `f`."""
        a, b = 2 - p, p - 1
        return times_exp(constant(a, f), *exact_product(a, f)) + times_exp(b * y, *exact_product(-b, f))
