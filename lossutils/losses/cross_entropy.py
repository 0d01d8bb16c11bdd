"""Softmax cross-entropy of one class or of a distribution over the classes, and the Kullback-Leibler divergence."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

import numpy as np

from ..frameworks import checks
from ..frameworks.arrays import log, side_of, where
from ..frameworks.domains import UNIT, Interval, parameter
from ..frameworks.protocol import Array
from . import minimisers
from .description import of_rows
from .shares import Shares, SoftmaxLoss


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
        source="Kullback and Leibler (1951); Cover and Thomas (2006), section 2.3",
    )

    domain = UNIT
    lipschitz = sqrt(2)
    minimiser = minimisers.log_frequencies

    def _check_numbers(self, y: Array) -> Array:
        return checks.distribution(y)

    def _value(self, q: Array, shares: Shares) -> Array:
        known = where(q > 0, q, 1.0)
        return shares.total(where(q == 0, 0.0, q * (log(known) + shares.surprise)))[..., 0]
