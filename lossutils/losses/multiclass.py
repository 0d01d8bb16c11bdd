"""Losses of a row of scores, one for each class, other than the cross-entropies."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, sqrt

import numpy as np

from ..frameworks import checks
from ..frameworks.arrays import side_of, where
from ..frameworks.domains import UNIT, Integers
from ..frameworks.protocol import Array
from . import minimisers
from .base import RowLoss
from .description import of_rows
from .numerics import constant, exact_difference
from .precise import PreciseShares
from .shares import Shares, SoftmaxLoss, all_but_own

_ROUNDING = 2.0**-50  # of a probability, and a little more


@dataclass(frozen=True)
class SoftmaxSquaredError(SoftmaxLoss):
    r"""Squared distance of a class, or of a distribution over the classes, and the softmax of the logits (Brier score).

    {formulas}

    Neither half nor mean over the classes. With K = 2 it is twice `SigmoidSquaredError` of the logits' difference.

    Notes
    -----
    Shapes: prediction (..., K); target (...) of whole numbers in 0..K-1, or (..., K) of probabilities; loss (...).
    Raises `ValueError` for a label out of range or not whole, a row that is no distribution, or a shape that does not
    fit; `TypeError` for an unsuitable dtype. Not convex. {source}

    Examples
    --------
    >>> lu.SoftmaxSquaredError()([0, 1], [[0.0, 0.0], [2.0, 0.0]]).round(4)
    array([0.5   , 1.5516])
    """

    description = of_rows(
        loss=r"\sum_{j=1}^K (p_j - q_j)^2",
        gradient=r"2 p_j \left(p_j - q_j - \sum_k p_k (p_k - q_k)\right)",
        curvature="2 p_i[i=j](a_j - b) - 2 p_i p_j(a_i + a_j - b - c)",
        defined=(r"p_j = \frac{e^{s_j}}{\sum_k e^{s_k}}",),
        remark=r"$a_j = 2p_j - q_j$, $b = \sum_k p_k(p_k - q_k)$, $c = \sum_k p_k a_k$",
        target="q",
        lipschitz=r"\tfrac{16}{27}\sqrt2",
        source="Brier (1950)",
    )

    domain = UNIT
    convex = False
    takes_labels = True
    lipschitz = 16 / 27 * sqrt(2)

    def _check_numbers(self, y: Array) -> Array:
        return checks.distribution(y)

    def minimiser(self, target: Array) -> Array:
        """The logarithms of the mean distribution over the classes, plus any constant."""
        y = np.asarray(target)
        q = np.eye(y.max() + 1)[y] if y.ndim == 1 else y
        return minimisers.log_frequencies(self, q)

    def _error(self, y: Array, shares: Shares) -> Array:
        """Probabilities less target: each term keeps its tail."""
        if len(y.shape) < len(shares.is_top.shape):
            return where(shares.side.indicator(y, shares.p), -shares.complement_of(y), shares.finer)
        return shares.finer * (1 - y) - y * shares.complement

    def _slant(self, y: Array, shares: Shares) -> Array:
        r"""$d_j - \sum_k p_k d_k$ for the errors d."""
        d = self._error(y, shares)
        return d * shares.complement - all_but_own(shares.finer * d, shares.total)

    def _value(self, y: Array, shares: Shares) -> Array:
        d, size = self._error(y, shares), self._size(y, shares)
        rough = shares.total(d * d)[..., 0]
        near = rough < shares.near * shares.total((abs(d) + _ROUNDING * size) * size)[..., 0]
        return shares.side.mended(near, rough, _precisely, y, shares.scores)

    def _gradient(self, y: Array, shares: Shares) -> Array:
        d, size = self._error(y, shares), self._size(y, shares)
        rough = 2.0 * shares.finer * self._slant(y, shares)
        mean = shares.total(shares.finer * abs(d))
        near = shares.side.any_in_row(abs(d) + mean < shares.near * size)
        return shares.side.mended(near, rough, _slope_precisely, y, shares.scores)

    def _size(self, y: Array, shares: Shares) -> Array:
        """What the errors are differences of: 0 where a class is named, whose errors are not."""
        if len(y.shape) < len(shares.is_top.shape):
            return constant(0.0, shares.p)
        return shares.p * (1 - y) + y * shares.complement

    def _hessian(self, y: Array, shares: Shares) -> Array:
        side, p = shares.side, shares.p
        slope = self._slant(y, shares) + p
        both = slope[..., :, None] + slope[..., None, :] - side.total(p * p)[..., None]
        return 2.0 * (where(side.diagonal(p), (p * slope)[..., None], 0.0) - side.outer(p, p) * both)

    def _hessian_product(self, y: Array, shares: Shares, v: Array) -> Array:
        side, p = shares.side, shares.p
        slope, mean = self._slant(y, shares) + p, side.total(p * v)
        return 2.0 * p * (slope * (v - mean) - side.total(p * slope * v) + side.total(p * p) * mean)


def _precisely(y: Array, s: Array) -> Array:
    """The squared distance where probabilities and target nearly agree."""
    shares, total = PreciseShares(s), side_of(s).total
    error, lost = shares.less(y)
    whole, of_whole, _ = shares.whole
    return (total(error * error + 2.0 * (error * lost)) / (whole * whole) * (1 - 2.0 * (of_whole / whole)))[..., 0]


def _slope_precisely(y: Array, s: Array) -> Array:
    """Its gradient there: right to the errors of the probabilities, not only to the probabilities."""
    shares, total = PreciseShares(s), side_of(s).total
    error, lost = shares.less(y)
    share, whole = shares.share[0], shares.whole[0]
    slant = (error * whole - total(share * error)) + (lost * whole - total(share * lost))
    return 2.0 * share * slant / (whole * whole * whole)


@dataclass(frozen=True)
class CrammerSinger(RowLoss):
    r"""Crammer and Singer's hinge loss: how far the right class's score is from 1 above the best of the others.

    {formulas}

    The gradient is 1 at the best of the others (the first, in a tie) and -1 at t where the loss is positive, else 0.

    Notes
    -----
    Shapes: prediction (..., K), K at least 2; target (...) of whole numbers in 0..K-1; loss (...).
    Raises `ValueError` for a label out of range or not whole, or a shape that does not fit; `TypeError` for an
    unsuitable dtype. {source}

    Examples
    --------
    >>> lu.CrammerSinger()([0, 1], [[2.0, 0.5, 0.0], [2.0, 0.5, 0.0]])
    array([0. , 2.5])
    """

    description = of_rows(
        loss=r"\max\left(0, 1 + \max_{j \ne t} s_j - s_t\right)",
        gradient="[j = b] - [j = t]",
        gradient_in_words=True,
        curvature="0",
        remark="$b$ is the best of the other classes, the loss positive; elsewhere the gradient is 0",
        target="t",
        lipschitz=r"\sqrt2",
        minimiser="1 for a class that more than half of the targets name and 0 for the rest; else all alike",
        source=(
            "Crammer and Singer (2001), *On the algorithmic implementation of multiclass kernel-based vector machines*"
        ),
    )

    domain = Integers(0)
    takes_labels = True
    takes_rows = False
    least_classes = 2
    lipschitz = sqrt(2)

    def _rival(self, y: Array, s: Array) -> tuple[Array, Array, Array]:
        """How far the best of the others is above the own class's score less 1; where the two stand."""
        side = side_of(s)
        is_own = side.indicator(y, s)
        best, is_best = side.largest(where(is_own, -inf, s))
        gap, lost = exact_difference(best, side.total(where(is_own, s, 0.0)))
        return (1.0 + gap) + lost + side.total(constant(0.0, s)), is_own, is_best

    def _value(self, y: Array, s: Array) -> Array:
        excess = self._rival(y, s)[0][..., 0]
        return where(excess <= 0, 0.0, excess)

    def _gradient(self, y: Array, s: Array) -> Array:
        excess, is_own, is_best = self._rival(y, s)
        step = where(is_own, -1.0, where(is_best, 1.0, constant(0.0, s)))
        return where(excess > 0, step, constant(0.0, excess))

    def _hessian(self, y: Array, s: Array) -> Array:
        return side_of(s).outer(constant(0.0, s), constant(0.0, s))

    def _hessian_product(self, y: Array, s: Array, v: Array) -> Array:
        return constant(0.0, s) * constant(0.0, v)
