"""Losses of a row of scores, one for each class, other than the cross-entropies."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, sqrt
from typing import Any

import numpy as np

from ..frameworks import checks
from ..frameworks.arrays import side_of, where
from ..frameworks.domains import UNIT, Integers
from . import minimisers
from .base import RowLoss
from .cross_entropy import SoftmaxLoss
from .numerics import constant, exact_difference
from .shares import Shares, all_but_own


@dataclass(frozen=True)
class SoftmaxSquaredError(SoftmaxLoss):
    r"""Squared distance of a class, or of a distribution over the classes, and the softmax of the logits (Brier score).

    .. math:: L(q, s) = \sum_{j=1}^K (p_j - q_j)^2, \qquad p_j = \frac{e^{s_j}}{\sum_k e^{s_k}},
       \qquad \frac{\partial L}{\partial s_j} = 2 p_j \left(p_j - q_j - \sum_k p_k (p_k - q_k)\right)

    Neither half nor mean over the classes. With K = 2 it is twice `SigmoidSquaredError` of the logits' difference.

    Notes
    -----
    Shapes: prediction (..., K); target (...) of whole numbers in 0..K-1, or (..., K) of probabilities; loss (...).
    Raises `ValueError` for a label out of range or not whole, a row that is no distribution, or a shape that does not
    fit; `TypeError` for an unsuitable dtype. Not convex. Source: Brier (1950).
    """

    domain = UNIT
    convex = False
    takes_labels = True
    lipschitz = 16 / 27 * sqrt(2)

    def _check_values(self, y: Any, s: Any) -> Any:
        return checks.labels(y, s) if self._labels(y, s) else checks.distribution(y)

    def minimiser(self, target: Any) -> Any:
        """The logarithms of the mean distribution over the classes, plus any constant."""
        y = np.asarray(target)
        q = np.eye(y.max() + 1)[y] if y.ndim == 1 else y
        return minimisers.log_frequencies(self, q)

    def _error(self, y: Any, shares: Shares) -> Any:
        """Probabilities less target: each term keeps its tail."""
        if shares.has_label(y):
            return where(shares.side.indicator(y, shares.p), -shares.complement_of(y), shares.finer)
        return shares.finer * (1 - y) - y * shares.complement

    def _slant(self, y: Any, shares: Shares) -> Any:
        r"""$d_j - \sum_k p_k d_k$ for the errors d."""
        d = self._error(y, shares)
        return d * shares.complement - all_but_own(shares.finer * d, shares.total)

    def _value(self, y: Any, shares: Shares) -> Any:
        d = self._error(y, shares)
        return shares.total(d * d)[..., 0]

    def _gradient(self, y: Any, shares: Shares) -> Any:
        return 2.0 * shares.finer * self._slant(y, shares)

    def _hessian(self, y: Any, shares: Shares) -> Any:
        side, p = shares.side, shares.p
        slope = self._slant(y, shares) + p
        both = slope[..., :, None] + slope[..., None, :] - side.total(p * p)[..., None]
        return 2.0 * (where(side.diagonal(p), (p * slope)[..., None], 0.0) - side.outer(p, p) * both)

    def _hessian_product(self, y: Any, shares: Shares, v: Any) -> Any:
        side, p = shares.side, shares.p
        slope, mean = self._slant(y, shares) + p, side.total(p * v)
        return 2.0 * p * (slope * (v - mean) - side.total(p * slope * v) + side.total(p * p) * mean)


@dataclass(frozen=True)
class CrammerSinger(RowLoss):
    r"""Crammer and Singer's hinge loss: how far the right class's score is from 1 above the best of the others.

    .. math:: L(t, s) = \max\left(0, 1 + \max_{j \ne t} s_j - s_t\right)

    The gradient is 1 at the best of the others (the first, in a tie) and -1 at t where the loss is positive, else 0.

    Notes
    -----
    Shapes: prediction (..., K), K at least 2; target (...) of whole numbers in 0..K-1; loss (...).
    Raises `ValueError` for a label out of range or not whole, or a shape that does not fit; `TypeError` for an
    unsuitable dtype. Source: Crammer and Singer (2001), *On the algorithmic implementation of multiclass kernel-based
    vector machines*.
    """

    domain = Integers(0)
    takes_labels = True
    takes_rows = False
    lipschitz = sqrt(2)

    def _check_shapes(self, y: Any, s: Any) -> None:
        super()._check_shapes(y, s)
        if s.shape[-1] == 1:
            raise ValueError("prediction: expected at least two classes, got one")

    def _check_values(self, y: Any, s: Any) -> Any:
        return checks.labels(y, s)

    def _rival(self, y: Any, s: Any) -> tuple[Any, Any, Any]:
        """How far the best of the others is above the own class's score less 1; where the two stand."""
        side = side_of(s)
        is_own = side.indicator(y, s)
        best, is_best = side.largest(where(is_own, -inf, s))
        gap, lost = exact_difference(best, side.total(where(is_own, s, 0.0)))
        return (1.0 + gap) + lost + side.total(constant(0.0, s)), is_own, is_best

    def _value(self, y: Any, s: Any) -> Any:
        excess = self._rival(y, s)[0][..., 0]
        return where(excess <= 0, 0.0, excess)

    def _gradient(self, y: Any, s: Any) -> Any:
        excess, is_own, is_best = self._rival(y, s)
        step = where(is_own, -1.0, where(is_best, 1.0, constant(0.0, s)))
        return where(excess > 0, step, constant(0.0, excess))

    def _hessian(self, y: Any, s: Any) -> Any:
        return side_of(s).outer(constant(0.0, s), constant(0.0, s))

    def _hessian_product(self, y: Any, s: Any, v: Any) -> Any:
        return constant(0.0, s) * constant(0.0, v)
