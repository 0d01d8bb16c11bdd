r"""The core of the softmax family: shares of the classes in which neither the large nor the small is lost.

With $M = s_t$ the largest logit and $R = \sum_{j \ne t} e^{s_j - M}$ summed without it,

$$ -\log p_j = (M - s_j) + \log(1 + R), \qquad p_j = \frac{e^{s_j - M}}{1 + R}, \qquad 1 - p_t = \frac{R}{1 + R}. $$

Every term is nonnegative, so nothing cancels: the loss of a confident right answer is about R, however small. In
float64 the rounding of each difference of logits, which exp would amplify by the size of the gap, is carried along.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..frameworks.arrays import exp, log1p, side_of, where
from .numerics import constant, exact_difference, exact_quotient, times_exp


class once:
    """A method whose result is kept in its place: `functools.cached_property`, without the lock it had until 3.12."""

    def __init__(self, method: Callable) -> None:
        self.method, self.__doc__ = method, method.__doc__

    def __get__(self, owner: Any, kind: type) -> Any:
        found = owner.__dict__[self.method.__name__] = self.method(owner)
        return found


class Shares:
    """The classes' shares in one softmax along the last axis of `s`, each piece computed once.

    Of scores given as a sum of two numbers, `low` is the smaller; `temperature` divides the scores. Scores that came
    from a narrower type are not `exact`: the roundings of their differences are too small to be carried along.
    """

    def __init__(self, s: Any, low: Any = None, temperature: float = 1.0, exact: bool = True) -> None:
        self.side = side_of(s)
        top, self.is_top = self.side.largest(s)
        exact = exact or low is not None or temperature != 1
        self.total = self.side.total_in_parts if exact else self.side.total
        self._gap, self._lost = exact_difference(s, top) if exact else (s - top, None)  # s_j - M: never positive
        if low is not None:
            self._add(low)
        if temperature != 1:
            self._gap, self._lost = exact_quotient(self._gap, self._lost, temperature)

    def _add(self, low: Any) -> None:
        """Add the smaller numbers to the differences, which may change which class is the largest."""
        offset, lost = exact_difference(low, self.side.total(where(self.is_top, low, 0.0)))
        gap, more = exact_difference(self._gap, -offset)
        lost = self._lost + (lost + more)
        top, self.is_top = self.side.largest(gap)
        self._gap, more = exact_difference(gap, top)
        lost = more + (lost - self.side.total(where(self.is_top, lost, 0.0)))
        self._lost = where(self._gap == -float("inf"), 0.0, lost)

    def _carried(self, x: Any) -> Any:
        """`x`, a share times something, with what the rounding of its difference lost."""
        return x if self._lost is None else x + x * self._lost

    @once
    def _share(self) -> Any:
        return exp(self._gap)

    @once
    def _others(self) -> Any:
        return where(self.is_top, 0.0, self._carried(self._share))

    @once
    def rest(self) -> Any:
        """R: the other classes' sum of exponentials, relative to the largest's; NaN if a logit is."""
        return self.total(self._others)

    @once
    def _whole(self) -> Any:
        return 1 + self.rest

    @once
    def p(self) -> Any:
        """The probabilities."""
        return where(self.is_top, 1.0, self._others) / self._whole

    @once
    def finer(self) -> Any:
        """The probabilities with every rounding that is known carried along: for products of several of them."""
        if self._lost is None:
            return self.p
        whole, lost = exact_difference(self.rest, -where(self.rest == self.rest, 1.0, self.rest))
        p = where(self.is_top, 1.0, self._share) / whole
        return p + p * (where(self.is_top, 0.0, self._lost) - lost / whole)

    @once
    def complement(self) -> Any:
        """One minus the probabilities; the largest's by the others, since it alone may be nearly one."""
        return where(self.is_top, self.rest / self._whole, 1 - self.p)

    def times(self, weight: float) -> tuple[Any, Any]:
        """`p` and `complement`, each times a weight that lifts what would be subnormal."""
        others = where(self.is_top, 0.0, times_exp(constant(weight, self._gap), self._gap, self._lost))
        p = where(self.is_top, weight, others) / self._whole
        return p, where(self.is_top, self.total(others) / self._whole, weight - p)

    @once
    def surprise(self) -> Any:
        """Minus the logarithms of the probabilities."""
        tail = log1p(self.rest)
        return where(self.is_top, 0.0, -self._gap) + (
            tail if self._lost is None else tail - where(self.is_top, 0.0, self._lost)
        )

    # The same of one class in each row, the one that `index` names: nothing is computed for the others.

    def has_label(self, y: Any) -> bool:
        """Whether a target names classes, and is no distribution over them."""
        return len(y.shape) < len(self._gap.shape)

    def surprise_of(self, index: Any) -> Any:
        """Minus the logarithm of its probability."""
        is_top, gap = self.side.pick(self.is_top, index), self.side.pick(self._gap, index)
        tail = log1p(self.rest)[..., 0]
        if self._lost is not None:
            tail = tail - where(is_top, 0.0, self.side.pick(self._lost, index))
        return where(is_top, 0.0, -gap) + tail

    def complement_of(self, index: Any) -> Any:
        """One minus its probability, the axis of the classes kept."""
        is_top = self.side.pick(self.is_top, index)[..., None]
        return where(is_top, self.rest / self._whole, 1 - self.side.pick(self.p, index)[..., None])


def all_but_own(x: Any, total: Callable) -> Any:
    r"""$\sum_{k \ne j} x_k$ for each j, the largest entry's by summing the others."""
    side = side_of(x)
    _, is_top = side.largest(abs(x))
    others = where(is_top, 0.0, x)
    rest = total(others)
    return where(is_top, rest, side.total(where(is_top, x, 0.0)) + (rest - others))


def expected_surprise(q: Any, shares: Shares) -> Any:
    r"""$-\sum_j q_j \log p_j$, where a class of weight 0 counts 0 even if its probability is 0."""
    return shares.total(where(q == 0, 0.0, q * shares.surprise))[..., 0]


def expected_surprise_gradient(q: Any, shares: Shares) -> Any:
    r"""$p_j \sum_k q_k - q_j$ as $p_j \sum_{k \ne j} q_k - q_j (1 - p_j)$: no cancellation within a term."""
    return shares.p * all_but_own(q, shares.total) - q * shares.complement


def softmax_jacobian(shares: Shares) -> Any:
    r"""$\operatorname{diag}(p) - p p^\top$."""
    side, p = shares.side, shares.p
    return where(side.diagonal(p), (p * shares.complement)[..., None], -side.outer(p, p))


def softmax_jacobian_product(shares: Shares, v: Any) -> Any:
    r"""The same matrix times `v`: $p_j (v_j - \sum_k p_k v_k)$."""
    return shares.p * (v - shares.side.total(shares.p * v))
