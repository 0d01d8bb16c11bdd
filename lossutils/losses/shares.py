r"""The core of the softmax family: shares of the classes in which neither the large nor the small is lost.

With $M = s_t$ the largest logit and $R = \sum_{j \ne t} e^{s_j - M}$ summed without it,

$$ -\log p_j = (M - s_j) + \log(1 + R), \qquad p_j = \frac{e^{s_j - M}}{1 + R}, \qquad 1 - p_t = \frac{R}{1 + R}. $$

Every term is nonnegative, so nothing cancels: the loss of a confident right answer is about R, however small. In
float64 the rounding of each difference of logits, which exp would amplify by the size of the gap, is carried along.
"""

from __future__ import annotations

from collections.abc import Callable
from math import inf
from typing import Generic, TypeVar

from ..frameworks.arrays import SIDES, side_of, where
from ..frameworks.protocol import Array
from .base import RowLoss
from .numerics import constant, exact_difference, exact_quotient, times_exp
from .precise import two_product

T = TypeVar("T")


class once(Generic[T]):
    """A method whose result is kept in its place: `functools.cached_property`, without the lock it had until 3.12."""

    def __init__(self, method: Callable[[Shares], T]) -> None:
        self.method, self.__doc__ = method, method.__doc__

    def __get__(self, owner: Shares, kind: type) -> T:
        found = vars(owner)[self.method.__name__] = self.method(owner)
        return found


class Shares:
    """The classes' shares in one softmax along the last axis of `s`, each piece computed once.

    Of scores given as a sum of two numbers, `low` is the smaller; `temperature` divides the scores. Scores that came
    from a narrower type are not `exact`: the roundings of their differences are too small to be carried along.
    """

    def __init__(self, s: Array, low: Array = None, temperature: float = 1.0, exact: bool = True) -> None:
        side = self.side = SIDES[type(s)]
        self.where = side.where
        self.scores, self.exact = s, exact
        top, self.is_top = side.largest(s)
        exact = exact or low is not None or temperature != 1
        self.total = side.total_in_parts if exact else side.total
        self._lost: Array = None  # of the differences, what their roundings lost, where that is known
        if exact:
            self._gap, self._lost = exact_difference(s, top)  # s_j - M: never positive
        else:
            self._gap = s - top
        if low is not None:
            self._add(low)
        if temperature != 1:
            self._gap, self._lost = exact_quotient(self._gap, self._lost, temperature)
        share = self._share = side.exp(self._gap)
        carried = share if self._lost is None else share + share * self._lost
        self._others = side.where(self.is_top, 0.0, carried)
        self.rest = self.total(self._others)  # R: relative to the largest's exponential; NaN if a logit is

    def _add(self, low: Array) -> None:
        """Add the smaller numbers to the differences, which may change which class is the largest."""
        offset, lost = exact_difference(low, self.side.total(self.where(self.is_top, low, 0.0)))
        gap, more = exact_difference(self._gap, -offset)
        lost = self._lost + (lost + more)
        top, self.is_top = self.side.largest(gap)
        self._gap, more = exact_difference(gap, top)
        lost = more + (lost - self.side.total(self.where(self.is_top, lost, 0.0)))
        self._lost = self.where(self._gap == -float("inf"), 0.0, lost)

    @once
    def _whole(self) -> Array:
        return 1 + self.rest

    @once
    def p(self) -> Array:
        """The probabilities."""
        return self.where(self.is_top, 1.0, self._others) / self._whole

    @once
    def finer(self) -> Array:
        """The probabilities with every rounding that is known carried along: for products of several of them."""
        if self._lost is None:
            return self.p
        whole, lost = exact_difference(self.rest, -self.where(self.rest == self.rest, 1.0, self.rest))
        p = self.where(self.is_top, 1.0, self._share) / whole
        return p + p * (self.where(self.is_top, 0.0, self._lost) - lost / whole)

    @once
    def complement(self) -> Array:
        """One minus the probabilities; the largest's by the others, since it alone may be nearly one."""
        return self.where(self.is_top, self.rest / self._whole, 1 - self.p)

    def times(self, weight: float) -> tuple[Array, Array]:
        """`p` and `complement`, each times a weight that lifts what would be subnormal."""
        others = self.where(self.is_top, 0.0, times_exp(constant(weight, self._gap), self._gap, self._lost))
        p = self.where(self.is_top, weight, others) / self._whole
        return p, self.where(self.is_top, self.total(others) / self._whole, weight - p)

    @once
    def surprise(self) -> Array:
        """Minus the logarithms of the probabilities."""
        tail = self.side.log1p(self.rest)
        return self.where(self.is_top, 0.0, -self._gap) + (
            tail if self._lost is None else tail - self.where(self.is_top, 0.0, self._lost)
        )

    def mended(self, rough: Array, cancels: Callable[[], Array], precisely: Callable[..., Array], y: Array) -> Array:
        """A result, computed again from target and scores: of float64 scores always, of narrower ones where it cancels.

        A loss asks for this whose results cancel in most rows, or gather many roundings.
        """
        if self.side.dtype_name(self.scores) != "float64":
            return rough
        near = self.rest[..., 0] < inf if self.exact else cancels()
        near = near if len(rough.shape) == len(self.scores.shape) else near & (rough < inf)
        return self.side.mended(near, rough, precisely, y, self.scores)

    # The same of one class in each row, the one that `index` names: nothing is computed for the others.

    def surprise_of(self, index: Array) -> Array:
        """Minus the logarithm of its probability."""
        pick = self.side.pick
        is_top, gap = pick(self.is_top, index), pick(self._gap, index)
        tail = self.side.log1p(self.rest)[..., 0]
        if self._lost is not None:
            tail = tail - self.where(is_top, 0.0, pick(self._lost, index))
        return self.where(is_top, 0.0, -gap) + tail

    def complement_of(self, index: Array) -> Array:
        """One minus its probability, the axis of the classes kept."""
        pick = self.side.pick
        is_top = pick(self.is_top, index)[..., None]
        return self.where(is_top, self.rest / self._whole, 1 - pick(self.p, index)[..., None])

    def root_of(self, index: Array) -> Array:
        """The square root of its probability, the axis of the classes kept."""
        half = self.side.exp(0.5 * self.side.pick(self._gap, index)[..., None])
        if self._lost is not None:
            half = half + half * (0.5 * self.side.pick(self._lost, index)[..., None])
        return half / self.side.power(self._whole, 0.5)

    def times_root_of(self, index: Array) -> Array:
        """All probabilities times that root: one exponential each, and the power of the sum in two parts."""
        pick, whole = self.side.pick, self._whole
        far, lost = exact_difference(self._gap, -0.5 * pick(self._gap, index)[..., None])
        if self._lost is not None:
            lost = lost + (self._lost + 0.5 * pick(self._lost, index)[..., None])
        root = self.side.power(whole, 0.5)
        square, of_square = two_product(root, root)
        of_whole = self.rest - (whole - 1)
        of_root = ((whole - square) - of_square + of_whole) / (2.0 * root)
        power, of_power = two_product(whole, root)
        missed = (of_power + (whole * of_root + of_whole * root)) / power
        found = self.side.exp(far) / power
        return found + found * self.where(self.rest < float("inf"), lost - missed, 0.0)

    def slope_of(self, index: Array) -> Array:
        """The gradient of `surprise_of`: the probabilities, and minus the complement of the class named."""
        return self.where(self.side.indicator(index, self.p), -self.complement_of(index), self.p)


def all_but_own(x: Array, total: Callable[[Array], Array]) -> Array:
    r"""$\sum_{k \ne j} x_k$ for each j, the largest entry's by summing the others."""
    side = side_of(x)
    _, is_top = side.largest(abs(x))
    others = where(is_top, 0.0, x)
    rest = total(others)
    return where(is_top, rest, side.total(where(is_top, x, 0.0)) + (rest - others))


def expected_surprise(q: Array, shares: Shares) -> Array:
    r"""$-\sum_j q_j \log p_j$, where a class of weight 0 counts 0 even if its probability is 0."""
    return shares.total(where(q == 0, 0.0, q * shares.surprise))[..., 0]


def expected_surprise_gradient(q: Array, shares: Shares) -> Array:
    r"""$p_j \sum_k q_k - q_j$ as $p_j \sum_{k \ne j} q_k - q_j (1 - p_j)$: no cancellation within a term."""
    return shares.finer * all_but_own(q, shares.total) - q * shares.complement


def softmax_jacobian(shares: Shares) -> Array:
    r"""$\operatorname{diag}(p) - p p^\top$."""
    side, p = shares.side, shares.p
    return where(side.diagonal(p), (p * shares.complement)[..., None], -side.outer(p, p))


def softmax_jacobian_product(shares: Shares, v: Array) -> Array:
    r"""The same matrix times `v`: $p_j (v_j - \sum_k p_k v_k)$."""
    return shares.p * (v - shares.side.total(shares.p * v))


class SoftmaxLoss(RowLoss):
    """A loss of the softmax of one row of K logits: by itself, the cross-entropy of a class, or of weights of classes.

    Other losses of the shares say what is different.
    """

    label_smoothing: float = 0.0  # the share of a target that is spread evenly over the classes

    def _shared(self, s: Array, exact: bool) -> Array:
        return Shares(s, exact=exact)

    def _weights(self, y: Array, shares: Shares) -> Array:
        """The weights q of the classes in the sum of q_j (-log p_j) that the loss is."""
        return y

    def _names_one(self, y: Array, shares: Shares) -> bool:
        """Whether the loss is that of the one class which the target names."""
        return not self.label_smoothing and len(y.shape) < len(shares.is_top.shape)

    def _value(self, y: Array, shares: Shares) -> Array:
        if self._names_one(y, shares):
            return shares.surprise_of(y)
        return expected_surprise(self._weights(y, shares), shares)

    def _gradient(self, y: Array, shares: Shares) -> Array:
        if self._names_one(y, shares):
            return shares.slope_of(y)
        return expected_surprise_gradient(self._weights(y, shares), shares)

    def _mass(self, y: Array, shares: Shares) -> Array:
        """The sum of the weights, 1 for a distribution."""
        return shares.side.total(self._weights(y, shares))

    def _hessian(self, y: Array, shares: Shares) -> Array:
        return self._mass(y, shares)[..., None] * softmax_jacobian(shares)

    def _hessian_product(self, y: Array, shares: Shares, v: Array) -> Array:
        return self._mass(y, shares) * softmax_jacobian_product(shares, v)
