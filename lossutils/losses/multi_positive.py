"""Cross-entropies of a row with several positives: all of them should win, or any one will do."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, sqrt

from ..frameworks import checks
from ..frameworks.arrays import exp, log, log1p, side_of, where
from ..frameworks.domains import BINARY
from ..frameworks.protocol import Array
from . import minimisers
from .description import of_rows
from .numerics import exact_difference
from .shares import Shares, SoftmaxLoss, expected_surprise, softmax_jacobian, softmax_jacobian_product

_FAR = 80.0  # beyond this the odds are so large that they and 1 + odds have the same logarithm


@dataclass(frozen=True)
class MultiPositiveCrossEntropy(SoftmaxLoss):
    r"""Softmax cross-entropy of a row with m positives P, each of which should win.

    {formulas}

    With ``average=False`` both are multiplied by m: the sum over the positives, whose gradient is m p_j - [j in P].

    Parameters
    ----------
    average : bool
        Whether to divide by the number of positives in the row.

    Notes
    -----
    Shapes: prediction (..., K); target (..., K), a mask of 0 and 1 (or truth values); loss (...).
    Raises `ValueError` for an entry other than 0 and 1, a shape that does not fit, or, where an average is asked for, a
    row without a positive (a sum over none is 0); `TypeError` for an unsuitable dtype.
    {source}

    Examples
    --------
    >>> lu.MultiPositiveCrossEntropy()([[1, 1, 0]], [[0.0, 0.0, 0.0]]).round(4)
    array([1.0986])
    >>> lu.MultiPositiveCrossEntropy(average=False)([[1, 1, 0]], [[0.0, 0.0, 0.0]]).round(4)
    array([2.1972])
    """

    description = of_rows(
        loss=r"-\frac{1}{m} \sum_{i \in P} \log p_i",
        gradient=r"p_j - \frac{1}{m} [j \in P]",
        curvature="p_i[i=j] - p_i p_j",
        remark="$m = |P|$; without averaging, $m$ times all three",
        target="P",
        lipschitz=r"\sqrt2\text{, with averaging}",
        cancels="of several positives it is the difference of a probability and a share, each rounded",
        source="Khosla et al. (2020), *Supervised Contrastive Learning*, equation 2, for the mean over the positives",
    )
    kernel = "several classes"

    average: bool = True

    domain = BINARY
    minimiser = minimisers.log_frequencies_of_positives

    @property
    def lipschitz(self) -> float:
        """The least Lipschitz constant."""
        return sqrt(2) if self.average else inf

    def __post_init__(self) -> None:
        checks.flag("average", self.average)

    def _check_numbers(self, y: Array) -> Array:
        y = super()._check_numbers(y)
        return checks.positives(y, "average=False gives such rows 0") if self.average else y

    def _count(self, y: Array) -> Array:
        return side_of(y).total(y) if self.average else 1.0

    def _value(self, y: Array, shares: Shares) -> Array:
        total = expected_surprise(y, shares) + 0.0 * shares.rest[..., 0]  # NaN in, NaN out, even without a positive
        return total / self._count(y)[..., 0] if self.average else total

    def _gradient(self, y: Array, shares: Shares) -> Array:
        others = shares.side.total(y) - y  # whole numbers: nothing is lost
        return (shares.p * others - y * shares.complement) / self._count(y)

    def _mass(self, y: Array, shares: Shares) -> Array:
        return shares.side.total(y) / self._count(y)


@dataclass(frozen=True)
class AnyPositiveCrossEntropy(SoftmaxLoss):
    r"""Minus the logarithm of the positives' total probability: any one of them may win.

    {formulas}

    Not convex in the logits. Never above `MultiPositiveCrossEntropy`, by Jensen's inequality.

    Notes
    -----
    Shapes: prediction (..., K); target (..., K), a mask of 0 and 1 (or truth values); loss (...).
    Raises `ValueError` for an entry other than 0 and 1, a shape that does not fit, or a row without a positive;
    `TypeError` for an unsuitable dtype.
    {source}

    Examples
    --------
    >>> lu.AnyPositiveCrossEntropy()([[1, 1, 0]], [[0.0, 0.0, 0.0]]).round(4)
    array([0.4055])
    """

    description = of_rows(
        loss=r"-\log \sum_{i \in P} p_i",
        gradient=r"p_j - \frac{p_j [j \in P]}{\sum_{i \in P} p_i}",
        curvature="p_i[i=j] - p_i p_j - r_i[i=j] + r_i r_j",
        remark=r"$r_j = p_j[j \in P]/\sum_{i\in P}p_i$",
        target="P",
        lipschitz=r"\sqrt2",
        minimiser="no closed form; for one row none, the loss tends to 0",
        source=(
            "Jin and Ghahramani (2002), *Learning with Multiple Labels*; Khosla et al. (2020), equation 3, up to log m"
        ),
    )

    domain = BINARY
    convex = False
    lipschitz = sqrt(2)

    def _check_numbers(self, y: Array) -> Array:
        return checks.positives(super()._check_numbers(y), "its loss would be infinite")

    def _shared(self, s: Array, exact: bool) -> Array:
        return s

    def _value(self, y: Array, s: Array) -> Array:
        return (Odds(y, s).loss + 0.0 * side_of(y).total(y))[..., 0]  # NaN in, NaN out

    def _gradient(self, y: Array, s: Array) -> Array:
        return Odds(y, s).slope(y) + 0.0 * side_of(y).total(y)

    def _hessian(self, y: Array, s: Array) -> Array:
        return softmax_jacobian(Shares(s)) - softmax_jacobian(Shares(where(y > 0, s, -float("inf"))))

    def _hessian_product(self, y: Array, s: Array, v: Array) -> Array:
        inside = Shares(where(y > 0, s, -float("inf")))
        return softmax_jacobian_product(Shares(s), v) - softmax_jacobian_product(inside, v)


class Odds:
    r"""The odds $\sum_{j \notin P} e^{s_j} / \sum_{i \in P} e^{s_i}$ against the positives, and what follows from them.

    Each sum is taken relative to its own largest term, the difference of the two with its rounding carried along.
    """

    def __init__(self, y: Array, s: Array) -> None:
        nothing = -float("inf")
        self.terms_in, self.total_in, self.lost_in, top_in = self._part(where(y > 0, s, nothing))
        self.terms_out, total_out, self.lost_out, top_out = self._part(where(y > 0, nothing, s))
        none_out = top_out == nothing
        gap, lost = exact_difference(top_out, top_in)
        gap, self.total_out = where(none_out, nothing, gap), where(none_out, 0.0, total_out)
        relative = exp(gap)
        self.relative = relative + relative * lost
        against = self.relative * self.total_out
        self.far = gap > _FAR
        self.against = where(self.far, 0.0, against)
        self.loss = where(
            self.far,
            gap + (lost + log(where(self.far, self.total_out / self.total_in, 1.0))),
            log1p(self.against / self.total_in),
        )

    def slope(self, y: Array) -> Array:
        """The gradient; the roundings of the three sums, which would add up, are put back where there is a product."""
        whole, lost = exact_difference(self.total_in, -self.against)
        of_out = self.lost_out / where(self.total_out == 0, 1.0, self.total_out) * (self.total_in / whole)
        missed = of_out - self.lost_in / self.total_in * (1 + self.total_in / whole) - lost / whole
        within = self.terms_in / self.total_in
        pull = within * where(self.far, 1.0, self.against / whole)
        near = self.terms_out * (self.relative / whole)
        near = near - near * ((lost + self.lost_in) / whole)
        outside = where(self.far, self.terms_out / self.total_out, near)
        return where(y > 0, where(self.far, -pull, -(pull + pull * missed)), outside)

    @staticmethod
    def _part(s: Array) -> tuple[Array, Array, Array, Array]:
        """The exponentials relative to the largest, their sum and what its last rounding lost, and the largest."""
        side = side_of(s)
        top, is_top = side.largest(s)
        gap, lost = exact_difference(s, top)
        term = exp(gap)
        terms = where(is_top, 1.0, where(s == -float("inf"), 0.0, term + term * lost))
        total, lost = exact_difference(side.total_in_parts(where(is_top, 0.0, terms)), -1.0)
        return terms, total, lost, top
