"""Cross-entropies of one right answer among sampled wrong ones: sampled softmax, and InfoNCE."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, log, sqrt
from typing import Any

from ..frameworks import checks
from ..frameworks.arrays import where
from ..frameworks.domains import POSITIVE, Integers, Interval, parameter
from .cross_entropy import SoftmaxLoss
from .numerics import constant, exact_difference
from .shares import Shares


@dataclass(frozen=True)
class SampledSoftmax(SoftmaxLoss):
    r"""Softmax cross-entropy of the first class of a row against sampled others, corrected for how often each is drawn.

    .. math:: L(c, s) = -\log\frac{e^{s_1 - c_1}}{\sum_k e^{s_k - c_k}}, \qquad
       \frac{\partial L}{\partial s_j} = r_j - [j = 1], \quad r_j = \frac{e^{s_j - c_j}}{\sum_k e^{s_k - c_k}}

    The target c holds the logarithms of the classes' expected counts in the sample. Where a class that was drawn is the
    right one itself (an accidental hit), its count is set to infinity, which leaves it out.

    Notes
    -----
    Shapes: prediction (..., 1 + n), the right class's score first; target the same; loss (...).
    Domain of the target: numbers, and +infinity except in the first place.
    Raises `ValueError` for a target outside the domain or of another shape, `TypeError` for an unsuitable dtype.
    Source: Jean et al. (2015), *On Using Very Large Target Vocabulary for Neural Machine Translation*, section 3.
    """

    domain = Interval(-inf, inf, high_closed=True)
    lipschitz = sqrt(2)

    def _check_values(self, y: Any, s: Any) -> Any:
        y = super()._check_values(y, s)
        return checks.values("target", y, y[..., 0] == inf, "a finite log count of the right class, the first")

    def _prepare(self, s: Any, exact: bool) -> Any:
        return s

    def _right(self, y: Any, s: Any) -> tuple[Shares, Any]:
        """The shares of the corrected scores, and an array with 1 at the right class."""
        score, lost = exact_difference(s, y)
        shares = Shares(score, lost)
        return shares, shares.side.indicator(shares.side.as_index(constant(0.0, s[..., 0])), s)

    def _value(self, y: Any, s: Any) -> Any:
        return self._right(y, s)[0].surprise[..., 0]

    def _gradient(self, y: Any, s: Any) -> Any:
        shares, right = self._right(y, s)
        return where(right, -shares.complement, shares.p)

    def _hessian(self, y: Any, s: Any) -> Any:
        return super()._hessian(y, self._right(y, s)[0])

    def _hessian_product(self, y: Any, s: Any, v: Any) -> Any:
        return super()._hessian_product(y, self._right(y, s)[0], v)

    def _mass(self, y: Any, shares: Shares) -> Any:
        return constant(1.0, shares.p[..., :1])


@dataclass(frozen=True)
class InfoNCE(SoftmaxLoss):
    r"""Softmax cross-entropy of the positive among K candidates, their similarities divided by a temperature.

    .. math:: L(t, s) = -\log\frac{e^{s_t / \tau}}{\sum_k e^{s_k / \tau}}, \qquad
       \frac{\partial L}{\partial s_j} = \frac{p_j - [j = t]}{\tau}

    Parameters
    ----------
    temperature : float
        The temperature tau > 0.

    Notes
    -----
    Shapes: prediction (..., K); target (...) of whole numbers in 0..K-1; loss (...).
    `information` turns a mean loss into the bound log K - L on the mutual information.
    Raises `ValueError` for a label out of range or not whole, or a shape that does not fit; `TypeError` for an
    unsuitable dtype. Source: van den Oord, Li and Vinyals (2018), *Representation Learning with Contrastive Predictive
    Coding*.
    """

    temperature: float = parameter(1.0, POSITIVE)

    domain = Integers(0)
    takes_labels = True
    takes_rows = False

    @property
    def lipschitz(self) -> float:
        """The least Lipschitz constant."""
        return sqrt(2) / self.temperature

    @staticmethod
    def information(mean_loss: Any, candidates: int) -> Any:
        r"""The lower bound $\log K - L$ on the mutual information, in nats; it cannot exceed log K."""
        return log(candidates) - mean_loss

    def _check_values(self, y: Any, s: Any) -> Any:
        return checks.labels(y, s)

    def _prepare(self, s: Any, exact: bool) -> Any:
        return Shares(s, temperature=self.temperature)

    def _value(self, y: Any, shares: Shares) -> Any:
        return shares.surprise_of(y)

    def _gradient(self, y: Any, shares: Shares) -> Any:
        p, complement = shares.times(1 / self.temperature)
        return where(shares.side.indicator(y, p), -complement, p)

    def _hessian(self, y: Any, shares: Shares) -> Any:
        return self._per_square(super()._hessian(y, shares))

    def _hessian_product(self, y: Any, shares: Shares, v: Any) -> Any:
        return self._per_square(super()._hessian_product(y, shares, v))

    def _mass(self, y: Any, shares: Shares) -> Any:
        return constant(1.0, shares.p[..., :1])

    def _per_square(self, x: Any) -> Any:
        return x / (self.temperature * self.temperature)
