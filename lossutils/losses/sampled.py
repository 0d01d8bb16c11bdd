"""Cross-entropies of one right answer among sampled wrong ones: sampled softmax, and InfoNCE."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, log, sqrt

from ..frameworks import checks
from ..frameworks.arrays import where
from ..frameworks.domains import POSITIVE, Integers, Interval, parameter
from ..frameworks.protocol import Array
from .description import of_rows
from .numerics import constant, exact_difference
from .shares import Shares, SoftmaxLoss


@dataclass(frozen=True)
class SampledSoftmax(SoftmaxLoss):
    r"""Softmax cross-entropy of the first class of a row against sampled others, corrected for how often each is drawn.

    {formulas}

    The target c holds the logarithms of the classes' expected counts in the sample. Where a class that was drawn is the
    right one itself (an accidental hit), its count is set to infinity, which leaves it out.

    Notes
    -----
    Shapes: prediction (..., 1 + n), the right class's score first; target the same; loss (...).
    Domain of the target: numbers, and +infinity except in the first place.
    Raises `ValueError` for a target outside the domain or of another shape, `TypeError` for an unsuitable dtype.
    {source}

    Examples
    --------
    >>> lu.SampledSoftmax()([[0.0, 0.0, 0.0]], [[0.0, 0.0, 0.0]]).round(4)
    array([1.0986])
    """

    description = of_rows(
        loss=r"-\log\frac{e^{s_1 - c_1}}{\sum_k e^{s_k - c_k}}",
        gradient="r_j - [j = 1]",
        curvature="r_i[i=j] - r_i r_j",
        defined=(r"r_j = \frac{e^{s_j - c_j}}{\sum_k e^{s_k - c_k}}",),
        target="c",
        lipschitz=r"\sqrt2",
        minimiser=(
            "of a model: the logarithms of the classes' probabilities, plus any constant, if the right class is "
            "corrected, too, and hits are kept"
        ),
        source=(
            "Jean et al. (2015), *On Using Very Large Target Vocabulary for Neural Machine Translation*, section 3"
        ),
    )

    domain = Interval(-inf, inf, high_closed=True)
    lipschitz = sqrt(2)

    def _check_numbers(self, y: Array) -> Array:
        y = super()._check_numbers(y)
        return checks.values("target", y, y[..., 0] == inf, "a finite log count of the right class, the first")

    def _shared(self, s: Array, exact: bool) -> Array:
        return s

    def _right(self, y: Array, s: Array) -> tuple[Shares, Array]:
        """The shares of the corrected scores, and an array with 1 at the right class."""
        score, lost = exact_difference(s, y)
        shares = Shares(score, lost)
        return shares, shares.side.indicator(shares.side.as_index(constant(0.0, s[..., 0])), s)

    def _value(self, y: Array, s: Array) -> Array:
        return self._right(y, s)[0].surprise[..., 0]

    def _gradient(self, y: Array, s: Array) -> Array:
        shares, right = self._right(y, s)
        return where(right, -shares.complement, shares.p)

    def _hessian(self, y: Array, s: Array) -> Array:
        return super()._hessian(y, self._right(y, s)[0])

    def _hessian_product(self, y: Array, s: Array, v: Array) -> Array:
        return super()._hessian_product(y, self._right(y, s)[0], v)

    def _mass(self, y: Array, shares: Shares) -> Array:
        return constant(1.0, shares.p[..., :1])


@dataclass(frozen=True)
class InfoNCE(SoftmaxLoss):
    r"""Softmax cross-entropy of the positive among K candidates, their similarities divided by a temperature.

    {formulas}

    Parameters
    ----------
    temperature : float
        The temperature tau > 0.

    Notes
    -----
    Shapes: prediction (..., K); target (...) of whole numbers in 0..K-1; loss (...).
    `information` turns a mean loss into the bound log K - L on the mutual information.
    Raises `ValueError` for a label out of range or not whole, or a shape that does not fit; `TypeError` for an
    unsuitable dtype. {source}

    Examples
    --------
    >>> lu.InfoNCE(temperature=0.5)([0], [[1.0, 0.0, 0.0]]).round(4)
    array([0.2395])
    """

    description = of_rows(
        loss=r"-\log\frac{e^{s_t / \tau}}{\sum_k e^{s_k / \tau}}",
        gradient=r"\frac{p_j - [j = t]}{\tau}",
        curvature=r"\frac{p_i[i=j] - p_i p_j}{\tau^2}",
        remark=r"$p_j = e^{s_j/\tau}/\sum_k e^{s_k/\tau}$",
        target="t",
        lipschitz=r"\sqrt2/\tau",
        minimiser=r"of a critic: $\tau$ times the logarithm of the density ratio, plus any constant",
        source="van den Oord, Li and Vinyals (2018), *Representation Learning with Contrastive Predictive Coding*",
    )

    temperature: float = parameter(1.0, POSITIVE, r"\tau")

    domain = Integers(0)
    takes_labels = True
    takes_rows = False

    @property
    def lipschitz(self) -> float:
        """The least Lipschitz constant."""
        return sqrt(2) / self.temperature

    @staticmethod
    def information(mean_loss: Array, candidates: int) -> Array:
        r"""The lower bound $\log K - L$ on the mutual information, in nats; it cannot exceed log K.

        Parameters
        ----------
        mean_loss : float or array
            The mean L of the losses.
        candidates : int
            The number K of candidates in a row.

        Returns
        -------
        float or array
            Of the shape of `mean_loss`.

        Examples
        --------
        >>> round(float(lu.InfoNCE.information(0.5, candidates=8)), 4)
        1.5794
        """
        return log(candidates) - mean_loss

    def _shared(self, s: Array, exact: bool) -> Array:
        return Shares(s, temperature=self.temperature)

    def _value(self, y: Array, shares: Shares) -> Array:
        return shares.surprise_of(y)

    def _gradient(self, y: Array, shares: Shares) -> Array:
        p, complement = shares.times(1 / self.temperature)
        return where(shares.side.indicator(y, p), -complement, p)

    def _hessian(self, y: Array, shares: Shares) -> Array:
        return self._per_square(super()._hessian(y, shares))

    def _hessian_product(self, y: Array, shares: Shares, v: Array) -> Array:
        return self._per_square(super()._hessian_product(y, shares, v))

    def _mass(self, y: Array, shares: Shares) -> Array:
        return constant(1.0, shares.p[..., :1])

    def _per_square(self, x: Array) -> Array:
        return x / (self.temperature * self.temperature)
