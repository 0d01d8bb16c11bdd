"""Losses of one logit f, whose sigmoid is the probability of the label 1: labels y in [0, 1], soft ones included."""

from __future__ import annotations

from dataclasses import dataclass
from math import log
from typing import ClassVar

from ..frameworks.arrays import exp, log1p, where
from ..frameworks.domains import NONNEGATIVE, POSITIVE, UNIT, parameter
from ..frameworks.protocol import Array, Mend
from . import minimisers
from .base import ElementwiseLoss
from .description import Description
from .numerics import constant, exact_difference, sigmoid, sigmoid_power, softplus, times_exp, weighted
from .precise import exp_in_parts, in_three, product, times_power_of_two

_FAR = 100.0  # beyond this log(1 + e^-f) is e^-f


@dataclass(frozen=True)
class BinaryCrossEntropy(ElementwiseLoss):
    r"""Cross-entropy of a label, or of a probability, and the Bernoulli distribution with logit f.

    {formulas}

    Parameters
    ----------
    positive_weight : float
        The weight w > 0 of the positive class.

    Notes
    -----
    Shapes: target and prediction (...) alike; results (...). Domain of the target: [0, 1], soft labels included.
    Raises `ValueError` for a target outside the domain or of another shape, `TypeError` for an unsuitable dtype.
    {source}

    Examples
    --------
    >>> lu.BinaryCrossEntropy()([1, 0, 0.5], [2.0, 2.0, 0.0]).round(4)
    array([0.1269, 2.1269, 0.6931])
    >>> lu.BinaryCrossEntropy(positive_weight=3.0)([1, 0], [2.0, 2.0]).round(4)
    array([0.3808, 2.1269])
    """

    description = Description(
        loss=r"-w\,y \log\sigma(f) - (1 - y) \log(1 - \sigma(f))",
        gradient=r"(1 - y)\,\sigma(f) - w\,y\,\sigma(-f)",
        curvature=r"(w y + 1 - y)\,\sigma(f)\,\sigma(-f)",
        prediction_is="logit",
        lipschitz=r"\max(1, w)",
        cancels="of a soft label it is the difference of two probabilities, each rounded",
        source="Bishop (2006), *Pattern Recognition and Machine Learning*, section 4.3.2",
    )
    kernel = "elementwise"

    positive_weight: float = parameter(1.0, POSITIVE, "w")

    domain = UNIT
    minimiser = minimisers.weighted_logit

    @property
    def lipschitz(self) -> float:
        """The least Lipschitz constant."""
        return max(1.0, self.positive_weight)

    @staticmethod
    def formula(y: Array, f: Array, w: float) -> Array:
        """The loss."""
        tail = log1p(exp(-abs(f)))
        positive = weighted(w * y, where(f < 0, -f, 0.0) + tail)
        if w > 1:  # it may lift what is subnormal
            positive = where(f > _FAR, times_exp(w * y, -abs(f)), positive)
        return positive + weighted(1 - y, where(f > 0, f, 0.0) + tail)

    @staticmethod
    def slope(y: Array, f: Array, w: float) -> Array:
        """Its derivative in `f`."""
        tail = exp(-abs(f))
        negative = f < 0
        pull = times_exp(w * y, -abs(f)) if w > 1 else w * y * tail
        return ((1 - y) * where(negative, tail, 1.0) - where(negative, w * y, pull)) / (1 + tail)

    @staticmethod
    def curvature(y: Array, f: Array, w: float) -> Array:
        """Its second derivative in `f`."""
        return (w * y + (1 - y)) * sigmoid(f) * sigmoid(-f)


@dataclass(frozen=True)
class Focal(ElementwiseLoss):
    r"""Focal loss: cross-entropy in which each label's term is weighted by its own missing probability to the gamma.

    {formulas}

    Parameters
    ----------
    gamma : float
        The exponent gamma >= 0; at 0 the loss is `BinaryCrossEntropy`.

    Notes
    -----
    Without a class weight (the paper's alpha): multiply by it outside.
    Shapes: target and prediction (...) alike; results (...). Domain of the target: [0, 1], soft labels included.
    Raises `ValueError` for a target outside the domain or of another shape, `TypeError` for an unsuitable dtype.
    Not convex unless gamma is 0. {source}

    Examples
    --------
    >>> lu.Focal(gamma=2.0)([1, 0], [2.0, 2.0]).round(4)
    array([0.0018, 1.6501])
    """

    description = Description(
        loss=r"-y\,(1 - \sigma(f))^\gamma \log\sigma(f) - (1 - y)\,\sigma(f)^\gamma \log(1 - \sigma(f))",
        gradient=(
            r"(1 - y)\,\sigma(f)^\gamma \left(\sigma(f) - \gamma\,\sigma(-f) \log\sigma(-f)\right) - "
            r"y\,\sigma(-f)^\gamma \left(\sigma(-f) - \gamma\,\sigma(f) \log\sigma(f)\right)"
        ),
        curvature=r"(1 - y)\,c_\gamma(f) + y\,c_\gamma(-f)",
        curvature_defined=(
            r"c_\gamma(f) = \sigma(f)^\gamma\bigl(\gamma(\gamma\sigma(-f) - \sigma(f))\,\sigma(-f)\log(1 + "
            r"e^f) + (2\gamma + 1)\,\sigma(f)\sigma(-f)\bigr)",
        ),
        prediction_is="logit",
        minimiser=r"no closed form; its sigmoid is nearer to $\frac12$ than the mean of the targets",
        cancels="of a soft label it is the difference of two labels' terms, each rounded",
        source="Lin et al. (2017), *Focal Loss for Dense Object Detection*, equation 4",
    )
    kernel = "elementwise"

    gamma: float = parameter(2.0, NONNEGATIVE, r"\gamma")

    domain = UNIT

    @property
    def convex(self) -> bool:
        """Whether the loss is convex in the prediction."""
        return self.gamma == 0

    @property
    def lipschitz(self) -> float:
        """The least Lipschitz constant, found numerically: the largest slope of a positive label's term."""

        def slope(p: float) -> float:
            return float((1 - p) ** self.gamma * (1 - p - self.gamma * p * log(p)))

        best = max(range(1, 1000), key=lambda k: slope(k / 1000)) / 1000
        low, high = max(best - 1e-3, 1e-9), best + 1e-3
        for _ in range(60):
            a, b = (2 * low + high) / 3, (low + 2 * high) / 3
            low, high = (a, high) if slope(a) < slope(b) else (low, b)
        return max(1.0, slope(low))

    @staticmethod
    def formula(y: Array, f: Array, gamma: float) -> Array:
        """The loss."""
        positive = weighted(y, sigmoid_power(-f, gamma) * softplus(-f))
        return positive + weighted(1 - y, sigmoid_power(f, gamma) * softplus(f))

    @staticmethod
    def slope(y: Array, f: Array, gamma: float) -> Array:
        """Its derivative in `f`: the negative label's term at f, and minus the positive's, the same at -f."""
        return (1 - y) * _focal_slope(f, gamma) - y * _focal_slope(-f, gamma)

    @staticmethod
    def curvature(y: Array, f: Array, gamma: float) -> Array:
        """Its second derivative in `f`."""
        return (1 - y) * _focal_curvature(f, gamma) + y * _focal_curvature(-f, gamma)


def _focal_slope(f: Array, gamma: float) -> Array:
    r"""The derivative of $\sigma(f)^\gamma \log(1 + e^f)$: two terms of one sign."""
    tail = exp(-abs(f))
    terms = where(f < 0, tail, 1.0) + gamma * weighted(where(f < 0, 1.0, tail), softplus(f))
    return sigmoid_power(f, gamma, terms, 1)


def _focal_curvature(f: Array, gamma: float) -> Array:
    """The second derivative of the same."""
    p, s = sigmoid(f), sigmoid(-f)
    loss = weighted(s, softplus(f))
    return sigmoid_power(f, gamma) * (gamma * gamma * s * loss - gamma * p * loss + (2 * gamma + 1) * p * s)


@dataclass(frozen=True)
class SigmoidSquaredError(ElementwiseLoss):
    r"""Squared error of a probability (Brier score), as a loss of its logit; like `SquaredError` without a half.

    {formulas}

    Notes
    -----
    Shapes: target and prediction (...) alike; results (...). Domain of the target: [0, 1], soft labels included.
    Raises `ValueError` for a target outside the domain or of another shape, `TypeError` for an unsuitable dtype.
    Not convex. {source}

    Examples
    --------
    >>> lu.SigmoidSquaredError()([1, 0], [0.0, 2.0]).round(4)
    array([0.25  , 0.7758])
    """

    description = Description(
        loss=r"(\sigma(f) - y)^2",
        gradient=r"2\,(\sigma(f) - y)\,\sigma(f)\,\sigma(-f)",
        curvature=r"2 v\,(v + (\sigma(f) - y)(1 - 2\sigma(f)))",
        remark=r"$v = \sigma(f)\,\sigma(-f)$",
        prediction_is="logit",
        lipschitz=r"\tfrac{8}{27}",
        source="Brier (1950), *Verification of forecasts expressed in terms of probability*",
    )
    kernel = "elementwise"
    domain = UNIT
    convex = False
    lipschitz = 8 / 27
    minimiser = minimisers.logit

    @staticmethod
    def formula(y: Array, f: Array) -> Array:
        """The loss."""
        error, whole, lost, _ = _brier(y, f)
        return _square(error, whole, lost)

    @staticmethod
    def slope(y: Array, f: Array) -> Array:
        """Its derivative in `f`."""
        error, whole, lost, tail = _brier(y, f)
        return _slope(error, whole, lost, tail)

    @staticmethod
    def curvature(y: Array, f: Array) -> Array:
        """Its second derivative in `f`."""
        p, s = sigmoid(f), sigmoid(-f)
        return 2.0 * p * s * (p * s + ((1 - y) * p - y * s) * (s - p))

    mends: ClassVar = {
        "value": Mend(lambda y, f: _least(y, f)[0], lambda y, f: _brier_precisely(y, f)[0], 1e6),
        "gradient": Mend(lambda y, f: _least(y, f)[1], lambda y, f: _brier_precisely(y, f)[1], 1e3),
    }


def _brier(y: Array, f: Array) -> tuple[Array, Array, Array, Array]:
    r"""$(\sigma(f) - y)(1 + t)$ for $t = e^{-|f|}$, which keeps both tails; 1 + t, what its rounding lost, and t."""
    tail = exp(-abs(f))
    whole = 1 + tail
    up, down = _terms(y, f, tail)
    return up - down, whole, tail - (whole - 1), tail


def _terms(y: Array, f: Array, tail: Array) -> tuple[Array, Array]:
    r"""What $\sigma(f) - y = (1 - y)\,\sigma(f) - y\,\sigma(-f)$ is the difference of, each times 1 + t."""
    return (1 - y) * where(f < 0, tail, 1.0), y * where(f < 0, 1.0, tail)


def _square(error: Array, whole: Array, lost: Array, missed: Array = 0.0) -> Array:
    """The square of the error, of which `missed` is the part that its rounding lost, and 1 + t that of `whole`."""
    found = error * error / (whole * whole)
    return found + 2.0 * found * (missed - lost / whole)


def _slope(error: Array, whole: Array, lost: Array, tail: Array, missed: Array = 0.0) -> Array:
    """Twice the error, times sigma(f) sigma(-f); `missed` is what the roundings of error and tail lost."""
    found = 2.0 * error * tail / (whole * whole * whole)
    return found + found * (missed - 3.0 * (lost / whole))


def _least(y: Array, f: Array) -> tuple[Array, Array]:
    """What value and slope are small beside where the two terms agree: 0 for a hard label, where they cannot."""
    tail = exp(-abs(f))
    whole = 1 + tail
    up, down = _terms(y, f, tail)
    less = where(up < down, up, down) / whole
    return less * less, 2.0 * less * tail / (whole * whole)


def _brier_precisely(y: Array, f: Array) -> tuple[Array, Array]:
    """Value and slope with all their digits where the error's two terms nearly agree."""
    k, tail = exp_in_parts(-abs(f))
    rest, lost = exact_difference(constant(1.0, y), y)
    of_tail, alone = where(f < 0, rest, -y), where(f < 0, -y, rest)
    lost_of_tail, lost_alone = where(f < 0, lost, 0.0), where(f < 0, 0.0, lost)
    first, *more = product(of_tail, tail)
    more += [*product(lost_of_tail, tail), times_power_of_two(lost_alone, -k)]
    error, error_lost, _ = in_three(times_power_of_two(alone, -k), first, *more)
    error_lost = error_lost / where(error == 0, 1.0, error)
    error, small = times_power_of_two(error, k), times_power_of_two(tail[0], k)
    whole = 1 + small
    lost = (small - (whole - 1)) + times_power_of_two(tail[1], k)
    return _square(error, whole, lost, error_lost), _slope(error, whole, lost, small, error_lost + tail[1] / tail[0])
