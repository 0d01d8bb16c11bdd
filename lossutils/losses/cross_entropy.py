"""Softmax cross-entropy of one class or of a distribution over the classes, and the Kullback-Leibler divergence."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

import numpy as np

from ..frameworks import checks
from ..frameworks.arrays import log, side_of, where
from ..frameworks.domains import UNIT, Interval, parameter
from ..frameworks.protocol import NARROW, Array
from . import minimisers
from .description import of_rows
from .numerics import constant, exact_difference, weighted
from .precise import (
    PreciseShares,
    excess,
    in_three,
    less_log1p,
    less_log1p_near,
    log_in_parts,
    quotient,
    rounded,
    scaled_total,
    two_product,
)
from .shares import Shares, SoftmaxLoss

_FAR, _TINY = -600.0, 1e-290  # beyond these a ratio of probabilities may be subnormal or overflow
_NEAR = 2.0**-13


@dataclass(frozen=True)
class SoftmaxCrossEntropy(SoftmaxLoss):
    r"""Cross-entropy of a class, or of a distribution over the classes, and the softmax of the logits.

    {formulas}

    Parameters
    ----------
    label_smoothing : float
        The share a in [0, 1) spread evenly: q becomes (1 - a) q + a / K.

    Notes
    -----
    Shapes: prediction (..., K); target (...) of whole numbers in 0..K-1, or (..., K) of probabilities; loss (...).
    Domain of a dense target: rows of nonnegative numbers that sum to 1 (several positives in a row are what
    `MultiPositiveCrossEntropy` is for). Raises `ValueError` for a label out of range or not whole, a row that is no
    distribution, or a shape that does not fit; `TypeError` for an unsuitable dtype.
    {source}

    Examples
    --------
    >>> lu.SoftmaxCrossEntropy()([0, 2], [[50.0, 0.0, 0.0], [0.0, 0.0, 0.0]])
    array([3.85749970e-22, 1.09861229e+00])
    >>> lu.SoftmaxCrossEntropy()([[0.5, 0.5, 0.0]], [[1.0, 1.0, 0.0]]).round(4)
    array([0.862])
    """

    description = of_rows(
        loss=r"-\sum_{j=1}^K q_j \log p_j",
        gradient="p_j - q_j",
        curvature="p_i[i=j] - p_i p_j",
        defined=(r"p_j = \frac{e^{s_j}}{\sum_k e^{s_k}}",),
        target="q",
        lipschitz=r"\sqrt{1 + (1 - a)^2}",
        cancels="of a distribution it is the difference of two probabilities, each rounded",
        source="Bishop (2006), section 4.3.4; label smoothing: Szegedy et al. (2016)",
    )
    kernel = "one class"

    label_smoothing: float = parameter(0.0, Interval(0, 1, low_closed=True), "a", also=(r"\alpha",))

    domain = UNIT
    takes_labels = True

    @property
    def lipschitz(self) -> float:
        """The least Lipschitz constant."""
        return sqrt(1 + (1 - self.label_smoothing) ** 2)

    def _check_numbers(self, y: Array) -> Array:
        return checks.distribution(y)

    def minimiser(self, target: Array) -> Array:
        """The logarithms of the mean distribution over the classes, smoothed where the loss is, plus any constant."""
        y = np.asarray(target)
        q = np.eye(y.max() + 1)[y] if y.ndim == 1 else y
        return minimisers.log_frequencies(self, self._smoothed(q))

    def _smoothed(self, q: Array) -> Array:
        a = self.label_smoothing
        return (1 - a) * q + a / side_of(q).class_count(q) if a else q

    def _weights(self, y: Array, shares: Shares) -> Array:
        if len(y.shape) < len(shares.is_top.shape):
            y = where(shares.side.indicator(y, shares.p), 1.0, 0.0 * shares.complement)
        return self._smoothed(y)


@dataclass(frozen=True)
class KullbackLeibler(SoftmaxLoss):
    r"""Kullback-Leibler divergence of a distribution q from the softmax of the logits.

    {formulas}

    A class with q_j = 0 counts 0. The cross-entropy less the entropy of q, which does not depend on the logits.

    Notes
    -----
    Shapes: prediction (..., K); target (..., K), rows of probabilities; loss (...).
    Raises `ValueError` for a row that is no distribution or a shape that does not fit; `TypeError` for an unsuitable
    dtype. {source}

    Examples
    --------
    >>> lu.KullbackLeibler()([[0.5, 0.5, 0.0]], [[0.0, 0.0, 0.0]]).round(4)
    array([0.4055])
    """

    description = of_rows(
        loss=r"\sum_{j=1}^K q_j \log\frac{q_j}{p_j}",
        gradient="p_j - q_j",
        curvature="p_i[i=j] - p_i p_j",
        target="q",
        lipschitz=r"\sqrt2",
        cancels="what the other classes hold beside the largest is kept to 2^-150",
        source="Kullback and Leibler (1951); Cover and Thomas (2006), section 2.3",
    )

    domain = UNIT
    lipschitz = sqrt(2)
    minimiser = minimisers.log_frequencies

    def _check_numbers(self, y: Array) -> Array:
        return checks.distribution(y)

    def _value(self, q: Array, shares: Shares) -> Array:
        known = log(where(q > 0, q, 1.0))
        surprise = where(q == 0, 0.0, shares.surprise)
        rough = shares.total(where(q == 0, 0.0, q * (known + surprise)))[..., 0]

        def cancels() -> Array:
            return rough < NARROW * shares.total(where(q == 0, 0.0, q * (surprise - known)))[..., 0]

        return shares.mended(rough, cancels, _divergence, q)

    def _gradient(self, q: Array, shares: Shares) -> Array:
        rough = super()._gradient(q, shares)

        def cancels() -> Array:
            return shares.side.any_in_row(abs(rough) < where(q > 0, NARROW * shares.p, 0.0))

        return shares.mended(rough, cancels, _divergence_slope, q)


def _divergence(q: Array, s: Array) -> Array:
    r"""The divergence as $\sum_j (q_j \log(q_j/p_j) - q_j + p_j) + \sum_j q_j - 1$, whose brackets are nonnegative."""
    shares = PreciseShares(s)
    whole, far = shares.whole[0], (shares.gap < _FAR) | (q < _TINY)
    error, lost = shares.less(q)
    mean, of_mean = shares.of_whole(where(far, 1.0, q))
    x, x_lost = quotient(error, lost, mean, of_mean)  # p / q - 1
    close = (x > -0.5) & (x < 1.0)
    near = where(close, x, 0.0)
    ratio, ratio_lost = exact_difference(x, constant(-1.0, x))
    small = x < -0.999
    ratio, ratio_lost = where(small, shares.share[0] / mean, ratio), where(small, 0.0, ratio_lost + x_lost)
    logarithm = log_in_parts(where(far | close, 1.0, ratio), where(far | close, 0.0, ratio_lost))
    apart = rounded(in_three(x, *(-part for part in logarithm), x_lost))
    terms = where(close, less_log1p(near) + near / (1.0 + near) * x_lost, apart)
    of_far = error / whole - weighted(q, shares.gap - log(whole) - log(where(q > 0, q, 1.0)))
    tiny = (abs(x) < _NEAR) & ~far
    least, least_lost = less_log1p_near(where(tiny, x, 0.0), x_lost)
    product, product_lost = two_product(q, least)
    term = where(tiny, product, where(far, of_far, q * terms))
    total, *rest = scaled_total(term, where(tiny, product_lost + q * least_lost, 0.0))
    more, *of_more = excess(q)
    return rounded(in_three(total, more, *rest, *of_more))[..., 0]


def _divergence_slope(q: Array, s: Array) -> Array:
    """Its gradient, the probabilities times the sum of `q`, less `q`."""
    shares = PreciseShares(s)
    more, lost, _ = excess(q)
    first, second, _ = shares.share
    error, error_lost = shares.less(q)
    slope, missed, last = in_three(*two_product(first, more), first * lost + second * more)
    return rounded(in_three(error, slope, error_lost, missed, last)) / shares.whole[0]
