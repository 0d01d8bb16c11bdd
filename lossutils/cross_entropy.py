"""Cross-entropies of logits: binary, softmax, several positives in a row, and the Kullback-Leibler divergence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from . import checks
from .arrays import log, side_of, where
from .domains import POSITIVE, UNIT, Interval, parameter
from .loss import ElementwiseLoss, Loss
from .numerics import sigmoid, softplus
from .softmax import (
    Shares,
    expected_surprise,
    expected_surprise_gradient,
    softmax_jacobian,
    softmax_jacobian_product,
)

_SUM_TOLERANCE = {"float16": 1e-2, "bfloat16": 5e-2, "float32": 1e-4}  # of a row of probabilities; float64: 1e-6


@dataclass(frozen=True)
class BinaryCrossEntropy(ElementwiseLoss):
    r"""Cross-entropy of a label, or of a probability, and the Bernoulli distribution with logit f.

    .. math:: L(y, f) = -w\,y \log\sigma(f) - (1 - y) \log(1 - \sigma(f)),
       \qquad \frac{\partial L}{\partial f} = (1 - y)\,\sigma(f) - w\,y\,\sigma(-f)

    Parameters
    ----------
    positive_weight : float
        The weight w > 0 of the positive class.

    Notes
    -----
    Shapes: target and prediction (...) alike; results (...). Domain of the target: [0, 1], soft labels included.
    Raises `ValueError` for a target outside the domain or of another shape, `TypeError` for an unsuitable dtype.
    Source: Bishop (2006), *Pattern Recognition and Machine Learning*, section 4.3.2.
    """

    positive_weight: float = parameter(1.0, POSITIVE)

    domain = UNIT

    @staticmethod
    def formula(y: Any, f: Any, w: float) -> Any:
        """The loss."""
        return w * y * softplus(-f) + (1 - y) * softplus(f)

    @staticmethod
    def slope(y: Any, f: Any, w: float) -> Any:
        """Its derivative in `f`."""
        return (1 - y) * sigmoid(f) - w * y * sigmoid(-f)

    @staticmethod
    def curvature(y: Any, f: Any, w: float) -> Any:
        """Its second derivative in `f`."""
        return (w * y + (1 - y)) * sigmoid(f) * sigmoid(-f)


class SoftmaxLoss(Loss):
    """A loss of one row of K logits: prediction (..., K), result (...), gradient (..., K), Hessian (..., K, K)."""

    def _check(self, y: Any, s: Any, validate: bool) -> Any:
        _check_logits(s)
        checks.shape("target", y.shape, tuple(s.shape), why=", the shape of the prediction")
        return self._check_values(y, s) if validate else y

    def _check_values(self, y: Any, s: Any) -> Any:
        return checks.values("target", y, self.domain.outside(y), str(self.domain))

    def _prepare(self, s: Any) -> Shares:
        return Shares(s)

    def _per_example(self, weights: Any) -> Any:
        return weights[..., None]

    def _distribution(self, y: Any, shares: Shares) -> Any:
        """The weights q of the classes in the sum of q_j (-log p_j) that the loss is."""
        return y

    def _value(self, y: Any, shares: Shares) -> Any:
        return expected_surprise(self._distribution(y, shares), shares)

    def _gradient(self, y: Any, shares: Shares) -> Any:
        return expected_surprise_gradient(self._distribution(y, shares), shares)

    def _mass(self, y: Any, shares: Shares) -> Any:
        return shares.side.total(self._distribution(y, shares))

    def _hessian(self, y: Any, shares: Shares) -> Any:
        return self._mass(y, shares)[..., None] * softmax_jacobian(shares)

    def _hessian_product(self, y: Any, shares: Shares, v: Any) -> Any:
        return self._mass(y, shares) * softmax_jacobian_product(shares, v)


@dataclass(frozen=True)
class SoftmaxCrossEntropy(SoftmaxLoss):
    r"""Cross-entropy of a class, or of a distribution over the classes, and the softmax of the logits.

    .. math:: L(q, s) = -\sum_{j=1}^K q_j \log p_j, \qquad p_j = \frac{e^{s_j}}{\sum_k e^{s_k}},
       \qquad \frac{\partial L}{\partial s_j} = p_j - q_j

    Parameters
    ----------
    label_smoothing : float
        The share a in [0, 1) spread evenly: q becomes (1 - a) q + a / K.

    Notes
    -----
    Shapes: prediction (..., K); target (...) of whole numbers in 0..K-1, or (..., K) of probabilities; loss (...).
    Domain of a dense target: rows of nonnegative numbers that sum to 1 (several positives in a row are what
    `MultiPositiveCrossEntropy` is for). Raises `ValueError` for a label out of range or not whole, a row that is no
    distribution, or a shape that does not fit; `TypeError` for an unsuitable dtype.
    Source: Bishop (2006), section 4.3.4; label smoothing: Szegedy et al. (2016).
    """

    label_smoothing: float = parameter(0.0, Interval(0, 1, low_closed=True))

    domain = UNIT

    def _labels(self, y: Any, s: Any) -> bool:
        return len(y.shape) < len(s.shape)

    def _check(self, y: Any, s: Any, validate: bool) -> Any:
        classes = _check_logits(s)
        checks.shape("target", y.shape, tuple(s.shape[:-1]), tuple(s.shape), why=f" for {classes} classes")
        if not self._labels(y, s):
            return _check_distribution(y) if validate else y
        if validate:
            last = 2.0**53 if classes is None else classes - 1
            expected = f"whole numbers from 0 to {last:g}, the number of the class"
            y = checks.values("target", y, (y < 0) | (y > last) | (y % 1 != 0), expected)
        return side_of(y).as_index(y)

    def _smoothed(self, q: Any) -> Any:
        a = self.label_smoothing
        return (1 - a) * q + a / q.shape[-1] if a else q

    def _distribution(self, y: Any, shares: Shares) -> Any:
        if self._labels(y, shares.p):
            y = where(shares.side.indicator(y, shares.p), 1.0, 0.0 * shares.complement)
        return self._smoothed(y)

    def _value(self, y: Any, shares: Shares) -> Any:
        if self._labels(y, shares.p) and not self.label_smoothing:
            return shares.side.pick(shares.surprise, y)
        return super()._value(y, shares)

    def _gradient(self, y: Any, shares: Shares) -> Any:
        if self._labels(y, shares.p) and not self.label_smoothing:
            return where(shares.side.indicator(y, shares.p), -shares.complement, shares.p)
        return super()._gradient(y, shares)


@dataclass(frozen=True)
class KullbackLeibler(SoftmaxLoss):
    r"""Kullback-Leibler divergence of a distribution q from the softmax of the logits.

    .. math:: L(q, s) = \sum_{j=1}^K q_j \log\frac{q_j}{p_j}, \qquad \frac{\partial L}{\partial s_j} = p_j - q_j

    A class with q_j = 0 counts 0. The cross-entropy less the entropy of q, which does not depend on the logits.

    Notes
    -----
    Shapes: prediction (..., K); target (..., K), rows of probabilities; loss (...).
    Raises `ValueError` for a row that is no distribution or a shape that does not fit; `TypeError` for an unsuitable
    dtype. Source: Kullback and Leibler (1951); Cover and Thomas (2006), section 2.3.
    """

    domain = UNIT

    def _check_values(self, y: Any, s: Any) -> Any:
        return _check_distribution(y)

    def _value(self, q: Any, shares: Shares) -> Any:
        known = where(q > 0, q, 1.0)
        return shares.side.total(where(q == 0, 0.0, q * (log(known) + shares.surprise)))[..., 0]


def _check_logits(s: Any) -> int | None:
    if len(s.shape) == 0:
        raise ValueError("prediction: expected a row of logits (..., K), got a single number")
    if s.shape[-1] == 0:
        raise ValueError("prediction: expected at least one class, got none (the last dimension is 0)")
    return s.shape[-1]


def _check_distribution(q: Any) -> Any:
    side = side_of(q)
    q = checks.values("target", q, UNIT.outside(q), "probabilities, from 0 to 1")
    tolerance = _SUM_TOLERANCE.get(side.dtype_name(q), 1e-6)
    sums = side.total(side.working(q))[..., 0]
    hint = "for several positives in a row see MultiPositiveCrossEntropy"
    return checks.values("target", q, abs(sums - 1) > tolerance, "rows that sum to 1", hint, shown=sums)
