"""Losses of a row of scores, one for each class, other than the cross-entropies."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, sqrt

from ..frameworks import checks
from ..frameworks.arrays import side_of, where
from ..frameworks.domains import UNIT, Integers
from ..frameworks.protocol import NARROW, Array
from . import minimisers
from .base import RowLoss
from .description import of_rows
from .numerics import constant, exact_difference
from .precise import PreciseShares, rounded, scaled_total, two_product
from .shares import Shares, SoftmaxLoss, all_but_own


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
        cancels="it is 0 where a class's error is the mean error, and the errors are rounded",
        source="Brier (1950)",
    )

    domain = UNIT
    convex = False
    takes_labels = True
    lipschitz = 16 / 27 * sqrt(2)
    minimiser = minimisers.class_log_frequencies

    def _check_numbers(self, y: Array) -> Array:
        return checks.distribution(y)

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
        d = self._error(y, shares)
        rough = shares.total(d * d)[..., 0]

        def cancels() -> Array:
            size = self._size(y, shares)
            return rough < NARROW * shares.total((abs(d) + NARROW * size) * size)[..., 0]

        return shares.mended(rough, cancels, _distance, y)

    def _gradient(self, y: Array, shares: Shares) -> Array:
        def cancels() -> Array:
            d = abs(self._error(y, shares))
            return shares.side.any_in_row(d + shares.total(shares.p * d) < NARROW * self._size(y, shares))

        return shares.mended(2.0 * shares.finer * self._slant(y, shares), cancels, _distance_slope, y)

    def _size(self, y: Array, shares: Shares) -> Array:
        """What the errors are differences of; 0 where a class is named, whose errors are none."""
        if self._names_one(y, shares):
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


def _distance(y: Array, s: Array) -> Array:
    """The squared distance with all its digits, also where probabilities and target nearly agree."""
    shares = PreciseShares(s)
    error, lost = shares.less(_as_weights(y, s))
    square, of_square = two_product(error, error)
    whole, of_whole = two_product(shares.whole[0], shares.whole[0])
    of_whole = of_whole + 2.0 * (shares.whole[0] * shares.whole[1])
    found = rounded(scaled_total(square, of_square + 2.0 * (error * lost))) / whole
    return (found - found * (of_whole / whole))[..., 0]


def _distance_slope(y: Array, s: Array) -> Array:
    """Its gradient: right to the errors of the probabilities, not only to the probabilities."""
    shares, total = PreciseShares(s), side_of(s).total_in_parts
    error, lost = shares.less(_as_weights(y, s))
    share, share_1, _ = shares.share
    whole, whole_1, _ = shares.whole
    others, others_1 = exact_difference(whole, share)
    more = lost * others + error * (others_1 + (whole_1 - share_1)) - all_but_own(share * lost + share_1 * error, total)
    found = 2.0 * share * ((error * others - all_but_own(share * error, total)) + more)
    square, of_square = two_product(whole, whole)
    cube, of_cube = two_product(square, whole)
    missed = share_1 / where(share > 0, share, 1.0) - 3.0 * (whole_1 / whole) - (of_cube + of_square * whole) / cube
    return found / cube + (found / cube) * missed


def _as_weights(y: Array, s: Array) -> Array:
    """A target as weights of the classes."""
    named = len(y.shape) < len(s.shape)
    return where(side_of(s).indicator(y, s), 1.0, constant(0.0, s)) if named else y


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
