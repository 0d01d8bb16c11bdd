r"""Softmax cross-entropy from parts of the classes: no one has to hold all logits of a row at once.

Of the classes A of a part, a row keeps the largest logit M, the rest $R = \sum_{j \in A} e^{s_j - M} - 1$, summed
without the largest itself, and of its target q the sums $Q = \sum_{j \in A} q_j$ and
$G = \sum_{j \in A} q_j (M - s_j)$. Of two parts, with the larger M that of A,

$$ M = M_A, \qquad R = R_A + e^{M_B - M_A} (1 + R_B), \qquad Q = Q_A + Q_B, \qquad
   G = G_A + G_B + Q_B (M_A - M_B), $$

and of all classes the loss is $G + Q \log(1 + R)$, and its derivative $p_j Q - q_j$ with $p_j = e^{s_j - M} / (1 + R)$.
Every term is nonnegative, so nothing cancels, whatever the parts; the sums' roundings are carried along.
"""

from __future__ import annotations

from functools import reduce
from math import inf, nan
from typing import NamedTuple

from ..frameworks.arrays import exp, log1p, side_of, where
from ..frameworks.protocol import Array
from .numerics import exact_difference


class Part(NamedTuple):
    """What each row keeps of a part of its classes, in float64; `low` and `lost` are what roundings lost."""

    top: Array  # M
    rest: Array  # R
    gap: Array  # G
    mass: Array  # Q
    low: Array  # of R
    lost: Array  # of G

    @property
    def whole(self) -> Array:
        """1 + R."""
        return 1 + (self.rest + self.low)

    def loss(self) -> Array:
        """The loss, of a part that is all classes; NaN where no class is left, as all logits are minus infinity."""
        found = (self.gap + self.lost) + where(self.mass == 0, 0.0, self.mass * log1p(self.rest + self.low))
        return where(self.top == -inf, nan, found + 0.0 * self.rest)


def part(s: Array, gap: Array, mass: Array, exact: bool = True) -> Part:
    """The part whose logits are `s` (N, C); G relative to the largest of them, and Q, are given.

    Logits that came from a narrower type are not `exact`: what their differences lose is too little to be carried.
    """
    side = side_of(s)
    top, is_top = side.largest(s)
    shares = side.where(is_top, 0.0, _relative(s, top, exact))
    return Part(top[..., 0], side.total_in_parts(shares)[..., 0], gap, mass, 0.0 * mass, 0.0 * mass)


def _relative(s: Array, top: Array, exact: bool) -> Array:
    """e^(s - top); anything where both are infinite."""
    base = where(top == -inf, 0.0, top)
    if not exact:
        return exp(s - base)
    gap, lost = exact_difference(s, base)
    share = exp(gap)
    return share + share * lost


def below(top: Array, s: Array) -> tuple[Array, Array]:
    """How far `s` is below `top`, infinitely far if it is minus infinity, and what the rounding lost."""
    gap, lost = exact_difference(top, where(s == -inf, 0.0, s))
    tied = (top == s) & (s > -inf)
    return where(s == -inf, inf, where(tied, 0.0, gap)), where((s == -inf) | tied, 0.0, lost)


def merged(a: Part, b: Part) -> Part:
    """Two parts in one; in any order, and in any grouping, they give the same to the last roundings."""
    first = ~(a.top < b.top)  # also where it is NaN
    big, small = (Part(*(where(c, x, y) for x, y in zip(a, b, strict=True))) for c in (first, ~first))
    gap, lost = exact_difference(big.top, where(small.top == -inf, 0.0, small.top))
    relative = where(small.top == -inf, 0.0, exp(-gap))
    relative = relative - relative * where(small.top == -inf, 0.0, lost)
    rest, missed = exact_difference(big.rest, -(relative * (1 + small.rest)))
    low = big.low + relative * small.low + missed
    move = where((small.mass == 0) | (small.top == -inf), 0.0, small.mass * gap)
    more = where((small.mass == 0) | (small.top == -inf), 0.0, small.mass * lost)
    total, missed = exact_difference(small.gap, -move)
    total, again = exact_difference(big.gap, -total)
    return Part(big.top, rest, total, a.mass + b.mass, low, a.lost + b.lost + (missed + again + more))


def all_of(parts: list[Part]) -> Part:
    """Many parts in one."""
    return reduce(merged, parts)


def probabilities(s: Array, row: Part, exact: bool = True) -> Array:
    """Of logits of some classes (N, C), their probabilities among all."""
    top = row.top[..., None]
    return where(s == top, 1.0, _relative(s, top, exact)) / row.whole[..., None]


def complement(s: Array, p: Array, row: Part) -> Array:
    """One minus the probabilities p of logits s; the largest's by what the others have."""
    return where(s == row.top, (row.rest + row.low) / row.whole, 1 - p)


def stretched(row: Part) -> Part:
    """The same with an axis for the classes."""
    return Part(*(x[..., None] for x in row))
