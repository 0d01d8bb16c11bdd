"""Linear classifiers on the breast cancer data, trained with some of their labels flipped."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import numpy as np

from ...losses.base import Loss
from ...losses.hinge import Hinge
from ...losses.numerics import sigmoid
from . import split, standardised

Scores = tuple[np.ndarray, np.ndarray]  # the labels, as signs, and the scores

STEPS = 500  # of L-BFGS, at most
KINKED_STEPS = 3000  # of subgradient descent


def fit_margin(loss: Loss, x: np.ndarray, z: np.ndarray, decay: float, kinked: bool = False) -> np.ndarray:
    """Weights of a linear score that minimise the mean loss plus decay / 2 times their squared length.

    L-BFGS builds on a slope that changes continuously; a `kinked` loss gets subgradient descent instead.
    """

    start = np.zeros(x.shape[1])
    if kinked:
        weighted = x.T / len(z)
        return _averaged_descent(lambda w: weighted @ loss.gradient(z, x @ w, validate=False) + decay * w, start, decay)
    from scipy.optimize import minimize

    def objective(w: np.ndarray) -> tuple[float, np.ndarray]:
        values, slopes = loss.value_and_gradient(z, x @ w, validate=False)
        return values.mean() + 0.5 * decay * w @ w, x.T @ slopes / len(z) + decay * w

    options = {"maxiter": STEPS, "ftol": 1e-14, "gtol": 1e-9}
    found: np.ndarray = minimize(objective, start, jac=True, method="L-BFGS-B", options=options).x
    return found


def _averaged_descent(
    slope: Callable[[np.ndarray], np.ndarray], w: np.ndarray, decay: float, first_step: float = 0.5
) -> np.ndarray:
    """Subgradient descent with steps that shrink like 1 / t, and the mean of its path, late points counting more."""
    mean, offset = w, 1 / (decay * first_step)
    for t in range(KINKED_STEPS):
        w = w - slope(w) / (decay * (t + offset))
        mean = mean + (w - mean) * 2 / (t + 2)
    return mean


def inverse_link(slope: float) -> Callable[[np.ndarray], np.ndarray]:
    """The sigmoid of a multiple of the score: how logistic (1) and exponential (2) scores become probabilities."""
    return lambda f: sigmoid(slope * f)


def clipped_link(f: np.ndarray) -> np.ndarray:
    """(1 + f) / 2, kept between 0 and 1: how the scores of squared losses become probabilities."""
    return np.clip((1 + f) / 2, 0, 1)


def breast_cancer() -> tuple[np.ndarray, np.ndarray]:
    """Features, and signs: +1 for benign, -1 for malignant."""
    from sklearn.datasets import load_breast_cancer

    x, y = load_breast_cancer(return_X_y=True)
    return x, 2.0 * y - 1


def flip_labels(z: np.ndarray, share: float, seed: int) -> np.ndarray:
    """Signs, each reversed with probability `share`; a larger share reverses those of a smaller one and more."""
    return np.where(np.random.default_rng(1000 + seed).random(len(z)) < share, -z, z)


def scores_under_flips(
    losses: dict[str, Loss], shares: Sequence[float], seeds: Iterable[int], decay: float
) -> dict[tuple[str, float], list[Scores]]:
    """For each loss and share of flipped training labels, one (clean test labels, test scores) for each seed."""
    features, signs = breast_cancer()
    found: dict[tuple[str, float], list[Scores]] = {(name, share): [] for name in losses for share in shares}
    for seed in seeds:
        train, test = split(len(signs), seed)
        x, held_out = standardised(features[train], features[test])
        for share in shares:
            z = flip_labels(signs[train], share, seed)
            for name, loss in losses.items():
                w = fit_margin(loss, x, z, decay, kinked=isinstance(loss, Hinge))
                found[name, share].append((signs[test], held_out @ w))
    return found


def accuracy(z: np.ndarray, f: np.ndarray) -> float:
    """The share of scores with the right sign."""
    return float(np.mean(z * f > 0))


def brier(z: np.ndarray, p: np.ndarray, share: float = 0.0) -> float:
    """Mean squared distance of p from the probability of a positive label when `share` of the labels is flipped."""
    y = (1 + z) / 2
    return float(np.mean((p - (1 - share) * y - share * (1 - y)) ** 2))


def unflipped(p: np.ndarray, share: float) -> np.ndarray:
    """Probabilities of the clean label from those of the flipped one."""
    return np.clip((p - share) / (1 - 2 * share), 0, 1)
