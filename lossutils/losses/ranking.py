"""Losses of an order: what is relevant in a row is to stand above what is not."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

from ..frameworks import checks
from ..frameworks.arrays import side_of, where
from ..frameworks.domains import BINARY
from ..frameworks.protocol import Array
from .base import RowLoss
from .description import of_rows
from .numerics import exact_difference, sigmoid, softplus, weighted


@dataclass(frozen=True)
class PairwiseLogistic(RowLoss):
    r"""Logistic loss of each relevant score less each other one, averaged over all such pairs of a row.

    {formulas}

    All differences of a row's scores are formed at once, K times K of them.

    Notes
    -----
    Shapes: prediction (..., K), K at least 2; target (..., K), a mask of the relevant; loss (...).
    Domain of the target: 0 and 1, at least one of each in every row.
    Raises `ValueError` for a target outside the domain or of another shape, `TypeError` for an unsuitable dtype.
    {source}

    Examples
    --------
    >>> lu.PairwiseLogistic()([[1, 0, 0]], [[2.0, -1.0, 0.5]]).round(4)
    array([0.125])
    """

    description = of_rows(
        loss=r"\frac{1}{m (K - m)} \sum_{l \in P} \sum_{k \notin P} \log(1 + e^{s_k - s_l})",
        gradient=(
            r"\frac{1}{m (K - m)} \left([j \notin P] \sum_{l \in P} \sigma(s_j - s_l) "
            r"- [j \in P] \sum_{k \notin P} \sigma(s_k - s_j)\right)"
        ),
        curvature=r"\frac{1}{m (K - m)} \left([i = j] \sum_{k=1}^K d_{i k} - d_{i j}\right)",
        curvature_defined=(
            r"d_{i j} = \left([i \in P] [j \notin P] + [i \notin P] [j \in P]\right) "
            r"\sigma(s_i - s_j)\,\sigma(s_j - s_i)",
        ),
        remark=r"$m = |P|$",
        target="P",
        lipschitz=r"\sqrt2",
        minimiser="where each class's pairs, won and expected to be won, add up alike; plus any constant",
        source="Burges et al. (2005), *Learning to Rank using Gradient Descent*",
    )

    domain = BINARY
    least_classes = 2
    lipschitz = sqrt(2)

    def _check_numbers(self, y: Array) -> Array:
        y = checks.positives(super()._check_numbers(y), "a row without one has no pair; ignore it")
        nothing = ~side_of(y).any_in_row(y == 0)
        return checks.values("target", y, nothing, "at least one 0 in each row", "a row without one has no pair")

    def _pairs(self, y: Array, s: Array) -> tuple[Array, Array, Array]:
        """How far each score is on the wrong side of each other one, what its rounding lost, and each pair's weight."""
        side = side_of(s)
        a, b = s[..., :, None], s[..., None, :]
        gap, lost = exact_difference(b, a)
        up = (y == 1)[..., None]
        weight = side.outer(y, 1 - y) + side.outer(1 - y, y)
        return where(up, gap, -gap), where(up, lost, -lost), weight

    def _count(self, y: Array) -> Array:
        total = side_of(y).total
        return total(y) * total(1 - y)

    def _value(self, y: Array, s: Array) -> Array:
        total = side_of(s).total
        gap, lost, weight = self._pairs(y, s)
        losses = total(weighted(weight, softplus(gap) + sigmoid(gap) * lost))[..., 0]
        return (total(y * losses) / self._count(y))[..., 0]

    def _gradient(self, y: Array, s: Array) -> Array:
        gap, lost, weight = self._pairs(y, s)
        p = sigmoid(gap)
        p = side_of(s).total(weighted(weight, p + p * (sigmoid(-gap) * lost)))[..., 0]
        return (1 - 2 * y) * p / self._count(y)

    def _curvatures(self, y: Array, s: Array) -> Array:
        gap, _, weight = self._pairs(y, s)
        return weighted(weight, sigmoid(gap) * sigmoid(-gap)) / self._count(y)[..., None]

    def _hessian(self, y: Array, s: Array) -> Array:
        d, side = self._curvatures(y, s), side_of(s)
        return where(side.diagonal(s), side.total(d), -d)

    def _hessian_product(self, y: Array, s: Array, v: Array) -> Array:
        d = self._curvatures(y, s)
        return side_of(s).total(d * (v[..., :, None] - v[..., None, :]))[..., 0]
