"""The spherical score: a proper score that a root keeps between 0 and 1."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

from ..frameworks.arrays import where
from ..frameworks.domains import Integers
from ..frameworks.protocol import Array
from . import minimisers
from .description import of_rows
from .shares import Shares, SoftmaxLoss, softmax_jacobian, softmax_jacobian_product


@dataclass(frozen=True)
class SphericalScore(SoftmaxLoss):
    r"""Spherical score as a loss: 1 less the right class's probability over the length of the row of probabilities.

    {formulas}

    Strictly proper: of all rows the true probabilities have the least expected loss. It is 1 less the root of the
    softmax of the doubled logits.

    Notes
    -----
    Shapes: prediction (..., K); target (...) of whole numbers in 0..K-1; loss (...).
    Raises `ValueError` for a label out of range or not whole, or a shape that does not fit; `TypeError` for an
    unsuitable dtype. Not convex. {source}

    Examples
    --------
    >>> lu.SphericalScore()([0, 1], [[0.0, 0.0], [2.0, 0.0]]).round(4)
    array([0.2929, 0.8659])
    """

    description = of_rows(
        loss=r"1 - \frac{p_t}{\sqrt{\sum_k p_k^2}}",
        gradient=r"\frac{p_t}{\sqrt{\sum_k p_k^2}} \left(r_j - [j = t]\right)",
        curvature=(
            r"\frac{p_t}{\sqrt{\sum_k p_k^2}} \left(2 r_i [i = j] - 2 r_i r_j - (r_i - [i = t]) (r_j - [j = t])\right)"
        ),
        defined=(r"p_j = \frac{e^{s_j}}{\sum_k e^{s_k}}", r"r_j = \frac{p_j^2}{\sum_k p_k^2}"),
        target="t",
        lipschitz=r"\tfrac29 \sqrt6",
        source="Gneiting and Raftery (2007), section 4.2",
    )

    domain = Integers(0)
    convex = False
    takes_labels = True
    takes_rows = False
    lipschitz = 2 / 9 * sqrt(6)
    minimiser = minimisers.class_log_frequencies

    def _shared(self, s: Array, exact: bool) -> Shares:
        return Shares(2.0 * s, exact=exact)

    def _value(self, y: Array, shares: Shares) -> Array:
        """1 less the root of a share is the sum of the other shares over 1 + root, in which nothing cancels."""
        others = where(shares.side.indicator(y, shares.p), 0.0, shares.finer)
        return (shares.total(others) / (1 + shares.root_of(y)))[..., 0]

    def _gradient(self, y: Array, shares: Shares) -> Array:
        """The others' entries are positive, and the right class's is minus their sum."""
        others = where(shares.side.indicator(y, shares.p), 0.0, shares.times_root_of(y))
        return where(shares.side.indicator(y, shares.p), -shares.total(others), others)

    def _hessian(self, y: Array, shares: Shares) -> Array:
        slope = shares.slope_of(y)
        return shares.root_of(y)[..., None] * (2.0 * softmax_jacobian(shares) - shares.side.outer(slope, slope))

    def _hessian_product(self, y: Array, shares: Shares, v: Array) -> Array:
        slope = shares.slope_of(y)
        return shares.root_of(y) * (2.0 * softmax_jacobian_product(shares, v) - slope * shares.side.total(slope * v))
