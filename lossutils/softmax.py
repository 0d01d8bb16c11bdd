r"""The core of the softmax family: shares of the classes in which neither the large nor the small is lost.

With $M = s_t$ the largest logit and $R = \sum_{j \ne t} e^{s_j - M}$ summed without it,

$$ -\log p_j = (M - s_j) + \log(1 + R), \qquad p_j = \frac{e^{s_j - M}}{1 + R}, \qquad 1 - p_t = \frac{R}{1 + R}. $$

Every term is nonnegative, so nothing cancels: the loss of a confident right answer is about R, however small. In
float64 the rounding of each difference of logits, which exp would amplify by the size of the gap, is carried along.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

from .arrays import exp, log1p, side_of, where
from .numerics import exact_difference


class Shares:
    """The classes' shares in one softmax along the last axis of `s`, each piece computed once."""

    def __init__(self, s: Any) -> None:
        self.side = side_of(s)
        top, self.is_top = self.side.largest(s)
        self._gap, self._lost = exact_difference(s, top)  # s_j - M: never positive

    @cached_property
    def _others(self) -> Any:
        return where(self.is_top, 0.0, exp(self._gap) * (1 + self._lost))

    @cached_property
    def _rest(self) -> Any:
        return self.side.total(self._others)

    @cached_property
    def p(self) -> Any:
        """The probabilities."""
        return where(self.is_top, 1.0, self._others) / (1 + self._rest)

    @cached_property
    def complement(self) -> Any:
        """One minus the probabilities, without subtracting from one what is nearly one."""
        return where(self.is_top, self._rest, 1 + (self._rest - self._others)) / (1 + self._rest)

    @cached_property
    def surprise(self) -> Any:
        """Minus the logarithms of the probabilities."""
        return where(self.is_top, 0.0, -self._gap) + (log1p(self._rest) - where(self.is_top, 0.0, self._lost))


def all_but_own(q: Any) -> Any:
    r"""$\sum_{k \ne j} q_k$ for each j, the largest entry's by summing the others."""
    side = side_of(q)
    _, is_top = side.largest(q)
    others = where(is_top, 0.0, q)
    rest = side.total(others)
    return where(is_top, rest, side.total(where(is_top, q, 0.0)) + (rest - others))


def expected_surprise(q: Any, shares: Shares) -> Any:
    r"""$-\sum_j q_j \log p_j$, where a class of weight 0 counts 0 even if its probability is 0."""
    return shares.side.total(where(q == 0, 0.0, q * shares.surprise))[..., 0]


def expected_surprise_gradient(q: Any, shares: Shares) -> Any:
    r"""$p_j \sum_k q_k - q_j$ as $p_j \sum_{k \ne j} q_k - q_j (1 - p_j)$: no cancellation within a term."""
    return shares.p * all_but_own(q) - q * shares.complement


def softmax_jacobian(shares: Shares) -> Any:
    r"""$\operatorname{diag}(p) - p p^\top$."""
    side, p = shares.side, shares.p
    return where(side.diagonal(p), (p * shares.complement)[..., None], -side.outer(p, p))


def softmax_jacobian_product(shares: Shares, v: Any) -> Any:
    r"""The same matrix times `v`: $p_j (v_j - \sum_k p_k v_k)$."""
    return shares.p * (v - shares.side.total(shares.p * v))
