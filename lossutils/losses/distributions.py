"""Losses of two predicted numbers that go with one target: a normal distribution, or the ends of an interval."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, log, pi, sqrt
from typing import ClassVar

from ..frameworks.arrays import exp, expm1, isfinite, where
from ..frameworks.domains import Interval, parameter
from ..frameworks.protocol import Array, Mend
from . import minimisers
from .base import PairLoss
from .description import of_pair
from .error_function import erf, erf_in_two
from .numerics import constant, distance, exact_difference, times_exp
from .precise import Parts, exp_in_parts, in_three, product, rounded, times_power_of_two, two_product

_NEAR = 300.0  # a logarithm of a scale from which on squares of residuals are not computed more precisely
_LOG_2 = log(2), 2.3190468138462996e-17, 5.707708438416212e-34
_AT_CENTRE, _AT_CENTRE_LOW = 0.23369497725510907, -2.003122620879715e-18  # the root of 2 less 1, over that of pi
_GROWTH = sqrt(2 / pi)


def _square(y: Array, m: Array, scale: Array) -> Array:
    """The square of (y - m) / e^scale, which alone may over- or underflow."""
    d, lost = exact_difference(y, m)
    near = times_exp(d, -2.0 * scale)
    more = 2.0 * near * lost
    return where(d == 0, 0.0, near * d + where(isfinite(more), more, 0.0))


def _and_square(
    a: Array, factor: float, y: Array, m: Array, scale: Array, low: float = 0.0, lower: float = 0.0
) -> Array:
    """a + low + lower + factor (y - m)^2 / e^(2 scale), right however small it is."""
    k, decay = exp_in_parts(-2.0 * scale)
    square = [times_power_of_two(factor * part, k) for part in _square_in_parts(y, m)]
    whole, *rest = product(square[0], decay)
    high, lost = two_product(square[1], decay[0])
    more = lost + (square[1] * decay[1] + square[2] * decay[0]) + lower
    return rounded(in_three(a, whole, low + 0.0 * a, *rest, high, more))


def _square_in_parts(y: Array, m: Array) -> Parts:
    """The square of y - m as the sum of three numbers."""
    d, lost = exact_difference(y, m)
    return in_three(*two_product(d, d), *two_product(2.0 * d, lost), lost * lost)


@dataclass(frozen=True)
class GaussianLikelihood(PairLoss):
    r"""Negative log-likelihood of a number under a normal distribution whose mean and scale are predicted.

    {formulas}

    The prediction is the mean and the logarithm of the standard deviation; with the logarithm of the variance, which
    others predict, the loss is the same at half of it. The constant $\tfrac12 \log(2\pi)$ is left out.

    Notes
    -----
    Shapes: prediction (..., 2), the mean and the logarithm of the standard deviation; target (...); loss (...).
    Domain of the target: finite numbers. Raises `ValueError` for a target outside the domain or a shape that does not
    fit, `TypeError` for an unsuitable dtype. Not convex, and the gradient in the mean grows without bound as the
    standard deviation falls. {source}

    Examples
    --------
    >>> lu.GaussianLikelihood()([1.0, 1.0], [[0.0, 0.0], [0.0, 1.0]]).round(4)
    array([0.5   , 1.0677])
    """

    description = of_pair(
        loss=r"\lambda + \frac{(y - \mu)^2}{2 e^{2 \lambda}}",
        gradients=(r"\frac{\mu - y}{e^{2 \lambda}}", r"1 - \frac{(y - \mu)^2}{e^{2 \lambda}}"),
        curvatures=(
            r"e^{-2 \lambda}",
            r"-\frac{2 (\mu - y)}{e^{2 \lambda}}",
            r"\frac{2 (y - \mu)^2}{e^{2 \lambda}}",
        ),
        letters=(r"\mu", r"\lambda"),
        source="Nix and Weigend (1994), *Estimating the mean and variance of the target probability distribution*",
    )
    columns = ("mean", "logarithm of the standard deviation")
    convex = False
    minimiser = minimisers.mean_and_log_deviation
    mends: ClassVar = {
        "value": Mend(
            lambda y, m, a: where(abs(a) < _NEAR, abs(a), 0.0), lambda y, m, a: _and_square(a, 0.5, y, m, a), 1.0
        ),
        "gradient": Mend(
            lambda y, m, a: where(abs(a) < _NEAR, 1.0, 0.0 * a),
            lambda y, m, a: _and_square(constant(1.0, a), -1.0, y, m, a),
            1.0,
        ),
    }

    @staticmethod
    def formula(y: Array, a: Array, b: Array) -> Array:
        """The loss."""
        half = 0.5 * _square(y, a, b)
        return where(half == inf, half, b + half)

    @staticmethod
    def slope(y: Array, a: Array, b: Array) -> tuple[Array, Array]:
        """Its derivatives in the two."""
        return -times_exp(y - a, -2.0 * b), 1.0 - _square(y, a, b)

    @staticmethod
    def curvature(y: Array, a: Array, b: Array) -> tuple[Array, Array, Array]:
        """Its second derivatives: in the first twice, in both, in the second twice."""
        return exp(-2.0 * b), 2.0 * times_exp(y - a, -2.0 * b), 2.0 * _square(y, a, b)


@dataclass(frozen=True)
class NormalCRPS(PairLoss):
    r"""Continuous ranked probability score of a number and a normal distribution whose mean and scale are predicted.

    {formulas}

    The score is the integral of the squared difference of the predicted distribution function and the step from 0 to 1
    at the target; it is in the target's unit. With the normal distribution function, erf(z / sqrt 2) is 2 Phi(z) - 1.

    Notes
    -----
    Shapes: prediction (..., 2), the mean and the logarithm of the standard deviation; target (...); loss (...).
    Domain of the target: finite numbers. Raises `ValueError` for a target outside the domain or a shape
    that does not fit, `TypeError` for an unsuitable dtype. Not convex in the logarithm. {source}

    Examples
    --------
    >>> lu.NormalCRPS()([0.0, 1.0], [[0.0, 0.0], [0.0, 0.0]]).round(4)
    array([0.2337, 0.6024])
    """

    description = of_pair(
        loss=(
            r"(y - \mu) \operatorname{erf}\left(\frac{y - \mu}{\sqrt{2} e^\lambda}\right) + e^\lambda "
            r"\left(\sqrt{\frac{2}{\pi}} e^{-(y - \mu)^2/(2 e^{2 \lambda})} - \frac{1}{\sqrt{\pi}}\right)"
        ),
        gradients=(
            r"-\operatorname{erf}\left(\frac{y - \mu}{\sqrt{2} e^\lambda}\right)",
            r"e^\lambda \left(\sqrt{\frac{2}{\pi}} e^{-(y - \mu)^2/(2 e^{2 \lambda})} - \frac{1}{\sqrt{\pi}}\right)",
        ),
        curvatures=(
            r"\sqrt{\frac{2}{\pi}} e^{-z^2/2 - \lambda}",
            r"\sqrt{\frac{2}{\pi}} z e^{-z^2/2}",
            r"e^\lambda \left(\sqrt{\frac{2}{\pi}} (1 + z^2) e^{-z^2/2} - \frac{1}{\sqrt{\pi}}\right)",
        ),
        curvature_defined=(r"z = \frac{y - \mu}{e^\lambda}",),
        letters=(r"\mu", r"\lambda"),
        minimiser=(
            r"where the mean of $\operatorname{erf}(z/\sqrt2)$ is 0 and that of $e^{-z^2/2}$ is $1/\sqrt2$, "
            r"$z = (y - \mu)/e^\lambda$"
        ),
        source=(
            "Gneiting et al. (2005), *Calibrated Probabilistic Forecasting Using Ensemble Model Output Statistics and "
            "Minimum CRPS Estimation*, equation 5"
        ),
    )
    columns = ("mean", "logarithm of the standard deviation")
    convex = False
    mends: ClassVar = {
        "gradient": Mend(
            lambda y, m, a: where(abs(a) < _NEAR, exp(a), 0.0),
            lambda y, m, a: exp(a) / sqrt(pi) * expm1(0.5 * _less_log_2(y, m, a)),
        ),
    }

    @staticmethod
    def formula(y: Array, a: Array, b: Array) -> Array:
        r"""The loss: beside $|y - a| \operatorname{erf}$ what it is at z = 0, and what of that is lost until z."""
        d, lost = exact_difference(y, a)
        d, lost = abs(d), where(d < 0, -lost, lost)
        z, scale = times_exp(d, -b) * sqrt(0.5), exp(b)
        share, of_share = erf_in_two(z)
        outer, of_outer = two_product(d, share)
        at, of_at = exact_difference(_AT_CENTRE, -_GROWTH * expm1(-z * z))
        inner, of_inner = two_product(scale, at)
        total, missed = exact_difference(outer, -inner)
        low = (of_outer + d * of_share + lost * share) + (of_inner + scale * (of_at + _AT_CENTRE_LOW)) + missed
        return total + where(isfinite(low), low, 0.0)

    @staticmethod
    def slope(y: Array, a: Array, b: Array) -> tuple[Array, Array]:
        r"""Its derivatives in the two; the second is $e^\lambda (\sqrt2 e^{-z^2/2} - 1) / \sqrt\pi$."""
        z = times_exp(y - a, -b)
        return -erf(z / sqrt(2)), exp(b) / sqrt(pi) * expm1(0.5 * (_LOG_2[0] - z * z))

    @staticmethod
    def curvature(y: Array, a: Array, b: Array) -> tuple[Array, Array, Array]:
        """Its second derivatives: in the first twice, in both, in the second twice."""
        z = times_exp(y - a, -b)
        z = where(abs(z) > 100, 100.0, z)
        twice = _GROWTH * exp(-0.5 * z * z)
        return exp(-b) * twice, z * twice, exp(b) * ((1.0 + z * z) * twice - 1 / sqrt(pi))


def _less_log_2(y: Array, m: Array, a: Array) -> Array:
    """log 2 less the squared residual in scales."""
    return _and_square(constant(_LOG_2[0], a), -1.0, y, m, a, *_LOG_2[1:])


@dataclass(frozen=True)
class IntervalScore(PairLoss):
    r"""Interval score: how long a predicted interval is, and a penalty for how far a number lies outside.

    {formulas}

    It is $2/\alpha$ times the sum of the pinball losses of the two ends, at the levels $\alpha/2$ and $1 - \alpha/2$.
    The ends need not be in order. At y = a and at y = b the gradient is the subgradient 0.

    Parameters
    ----------
    coverage : float
        The share 1 - alpha in (0, 1) of the numbers that the interval is to hold.

    Notes
    -----
    Shapes: prediction (..., 2), the lower end and the upper; target (...); loss (...). Domain of the target: finite
    numbers. Raises `ValueError` for a target outside the domain or a shape that does not fit, `TypeError` for an
    unsuitable dtype. {source}

    Examples
    --------
    >>> lu.IntervalScore(coverage=0.5)([0.0, 3.0], [[-1.0, 1.0], [-1.0, 1.0]])
    array([ 2., 10.])
    """

    description = of_pair(
        loss=(r"b - a + \frac{2}{1 - c} \max(0, a - y) + \frac{2}{1 - c} \max(0, y - b)"),
        gradients=(r"\frac{2}{1 - c} [y < a] - 1", r"1 - \frac{2}{1 - c} [y > b]"),
        curvatures=("0", "0", "0"),
        smooth_at=r"y \ne a",
        letters=("a", "b"),
        lipschitz=r"\sqrt2\,\frac{1 + c}{1 - c}",
        source="Gneiting and Raftery (2007), section 6.2",
    )
    columns = ("lower end", "upper end")

    coverage: float = parameter(0.9, Interval(0, 1), "c")

    minimiser = minimisers.central_quantiles

    @property
    def lipschitz(self) -> float:
        """The least Lipschitz constant: reached between two ends that are out of order."""
        return sqrt(2) * _outside(self.coverage)

    @staticmethod
    def formula(y: Array, a: Array, b: Array, c: float) -> Array:
        """The loss, as a sum of two that are not negative."""
        lower = distance(where(a > y, _outside(c), constant(1.0, a)), y, a)
        return lower + distance(where(b < y, _outside(c), constant(1.0, b)), y, b)

    @staticmethod
    def slope(y: Array, a: Array, b: Array, c: float) -> tuple[Array, Array]:
        """Its derivatives in the two."""
        lower = where(a > y, _outside(c), where(a < y, -1.0, a - y))
        return lower, where(b < y, -_outside(c), where(b > y, 1.0, b - y))

    @staticmethod
    def curvature(y: Array, a: Array, b: Array, c: float) -> tuple[Array, Array, Array]:
        """Its second derivatives."""
        none = constant(0.0, a + b)
        return none, none, none


def _outside(c: float) -> float:
    """The slope outside of an interval of coverage c; inside it is 1."""
    return (1 + c) / (1 - c)
