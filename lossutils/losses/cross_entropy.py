"""Softmax cross-entropy of one class or of a distribution over the classes, and the Kullback-Leibler divergence."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import Any

import numpy as np

from ..frameworks import checks
from ..frameworks.arrays import log, side_of, where
from ..frameworks.domains import UNIT, Interval, parameter
from . import minimisers
from .base import RowLoss
from .shares import Shares, expected_surprise, expected_surprise_gradient, softmax_jacobian, softmax_jacobian_product


class SoftmaxLoss(RowLoss):
    """A loss of the softmax of one row of K logits."""

    def _prepare(self, s: Any, exact: bool) -> Any:
        return Shares(s, exact=exact)

    def _distribution(self, y: Any, shares: Shares) -> Any:
        """The weights q of the classes in the sum of q_j (-log p_j) that the loss is."""
        return y

    def _value(self, y: Any, shares: Shares) -> Any:
        return expected_surprise(self._distribution(y, shares), shares)

    def _gradient(self, y: Any, shares: Shares) -> Any:
        return expected_surprise_gradient(self._distribution(y, shares), shares)

    def _mass(self, y: Any, shares: Shares) -> Any:
        return shares.side.total(self._distribution(y, shares))

    def _hessian(self, y: Any, shares: Shares) -> Any:
        return self._mass(y, shares)[..., None] * softmax_jacobian(shares)

    def _hessian_product(self, y: Any, shares: Shares, v: Any) -> Any:
        return self._mass(y, shares) * softmax_jacobian_product(shares, v)


@dataclass(frozen=True)
class SoftmaxCrossEntropy(SoftmaxLoss):
    r"""Cross-entropy of a class, or of a distribution over the classes, and the softmax of the logits.

    .. math:: L(q, s) = -\sum_{j=1}^K q_j \log p_j, \qquad p_j = \frac{e^{s_j}}{\sum_k e^{s_k}},
       \qquad \frac{\partial L}{\partial s_j} = p_j - q_j

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
    Source: Bishop (2006), section 4.3.4; label smoothing: Szegedy et al. (2016).
    """

    label_smoothing: float = parameter(0.0, Interval(0, 1, low_closed=True))

    domain = UNIT
    takes_labels = True

    @property
    def lipschitz(self) -> float:
        """The least Lipschitz constant."""
        return sqrt(1 + (1 - self.label_smoothing) ** 2)

    def _check_values(self, y: Any, s: Any) -> Any:
        return checks.labels(y, s) if self._labels(y, s) else checks.distribution(y)

    def minimiser(self, target: Any) -> Any:
        """The logarithms of the mean distribution over the classes, smoothed where the loss is, plus any constant."""
        y = np.asarray(target)
        q = np.eye(y.max() + 1)[y] if y.ndim == 1 else y
        return minimisers.log_frequencies(self, self._smoothed(q))

    def _smoothed(self, q: Any) -> Any:
        a = self.label_smoothing
        return (1 - a) * q + a / side_of(q).classes(q) if a else q

    def _distribution(self, y: Any, shares: Shares) -> Any:
        if shares.has_label(y):
            y = where(shares.side.indicator(y, shares.p), 1.0, 0.0 * shares.complement)
        return self._smoothed(y)

    def _value(self, y: Any, shares: Shares) -> Any:
        if shares.has_label(y) and not self.label_smoothing:
            return shares.surprise_of(y)
        return super()._value(y, shares)

    def _gradient(self, y: Any, shares: Shares) -> Any:
        if shares.has_label(y) and not self.label_smoothing:
            return where(shares.side.indicator(y, shares.p), -shares.complement_of(y), shares.p)
        return super()._gradient(y, shares)


@dataclass(frozen=True)
class KullbackLeibler(SoftmaxLoss):
    r"""Kullback-Leibler divergence of a distribution q from the softmax of the logits.

    .. math:: L(q, s) = \sum_{j=1}^K q_j \log\frac{q_j}{p_j}, \qquad \frac{\partial L}{\partial s_j} = p_j - q_j

    A class with q_j = 0 counts 0. The cross-entropy less the entropy of q, which does not depend on the logits.

    Notes
    -----
    Shapes: prediction (..., K); target (..., K), rows of probabilities; loss (...).
    Raises `ValueError` for a row that is no distribution or a shape that does not fit; `TypeError` for an unsuitable
    dtype. Source: Kullback and Leibler (1951); Cover and Thomas (2006), section 2.3.
    """

    domain = UNIT
    lipschitz = sqrt(2)
    minimiser = minimisers.log_frequencies

    def _check_values(self, y: Any, s: Any) -> Any:
        return checks.distribution(y)

    def _value(self, q: Any, shares: Shares) -> Any:
        known = where(q > 0, q, 1.0)
        return shares.total(where(q == 0, 0.0, q * (log(known) + shares.surprise)))[..., 0]
