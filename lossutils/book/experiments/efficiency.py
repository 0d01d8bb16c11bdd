"""How much the weights of an estimator cost: maximum likelihood against the squared error, one weight."""

from __future__ import annotations

import numpy as np

import lossutils as lu


def predicted(weight: float) -> float:
    """(E x^2 v^2)^2 / (E x^2 v E x^2 v^3) for a standard normal input x; v is the label's variance there."""
    x = np.linspace(-12, 12, 4801)
    p = lu.BinaryCrossEntropy().gradient(np.zeros_like(x), weight * x)  # at the label 0 this is the probability
    v = p * (1 - p)
    one, two, three = ((x**2 * v**k * np.exp(-(x**2) / 2)).sum() for k in (1, 2, 3))
    return float(two**2 / (one * three))


def fitted(loss: lu.Loss, x: np.ndarray, y: np.ndarray, low: float, high: float) -> np.ndarray:
    """For each row of examples the weight between two bounds at which the mean slope changes sign, by bisection."""
    below, above = np.full((len(x), 1), low), np.full((len(x), 1), high)
    for _ in range(40):
        middle = (below + above) / 2
        falls = (loss.gradient(y, middle * x, validate=False) * x).mean(1, keepdims=True) < 0
        below, above = np.where(falls, middle, below), np.where(falls, above, middle)
    found: np.ndarray = ((below + above) / 2)[:, 0]
    return found


def simulated(weight: float, examples: int, rounds: int, seed: int) -> tuple[float, float]:
    """The ratio of the two estimators' mean squared errors over many data sets, and its standard error."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(rounds, examples))
    y = (rng.random(x.shape) < 1 / (1 + np.exp(-weight * x))).astype(float)
    errors = [
        (fitted(loss, x, y, weight / 2, 2 * weight) - weight) ** 2
        for loss in (lu.BinaryCrossEntropy(), lu.SigmoidSquaredError())
    ]
    likelihood, squares = errors
    ratio = likelihood.mean() / squares.mean()
    # of a ratio of means: the spread of one less the ratio times the other
    error = (likelihood - ratio * squares).std(ddof=1) / squares.mean() / np.sqrt(rounds)
    return float(ratio), float(error)
