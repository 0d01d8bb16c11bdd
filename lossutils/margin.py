"""Losses of the margin u = z f, the score of the right label: labels z are -1 and +1."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .domains import SIGNS
from .loss import ElementwiseLoss
from .numerics import sigmoid, softplus


@dataclass(frozen=True)
class Logistic(ElementwiseLoss):
    r"""Logistic loss, the negative log-likelihood of a sign under the Bernoulli distribution with logit f.

    .. math:: L(z, f) = \log(1 + e^{-z f}), \qquad \frac{\partial L}{\partial f} = -z\,\sigma(-z f)

    Notes
    -----
    Shapes: target and prediction (...) alike; results (...). Domain of the target: -1 and +1.
    Raises `ValueError` for a target outside the domain or of another shape, `TypeError` for an unsuitable dtype.
    Source: Hastie, Tibshirani and Friedman (2009), *The Elements of Statistical Learning*, section 10.5.
    """

    domain = SIGNS

    @staticmethod
    def formula(z: Any, f: Any) -> Any:
        """The loss."""
        return softplus(-z * f)

    @staticmethod
    def slope(z: Any, f: Any) -> Any:
        """Its derivative in `f`."""
        return -z * sigmoid(-z * f)

    @staticmethod
    def curvature(z: Any, f: Any) -> Any:
        """Its second derivative in `f`."""
        return sigmoid(f) * sigmoid(-f)
