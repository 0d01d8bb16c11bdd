"""Linear classifiers: with flipped labels, with one far example, and with few positives."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import numpy as np

from ...losses.base import Loss
from ...losses.binary import BinaryCrossEntropy
from ...losses.hinge import Hinge
from ...losses.numerics import sigmoid
from . import split, standardised
from .logistic_equivalence import raw_cancer

Scores = tuple[np.ndarray, np.ndarray]  # the labels, as signs, and the scores

STEPS = 500  # of L-BFGS, at most
KINKED_STEPS = 3000  # of subgradient descent


def fit_margin(
    loss: Loss, x: np.ndarray, z: np.ndarray, decay: float, kinked: bool = False, free_intercept: bool = False
) -> np.ndarray:
    """Weights of a linear score that minimise the mean loss plus decay / 2 times their squared length.

    The last weight is the intercept, which a `free_intercept` leaves out of the decay (not for a kinked loss).

    L-BFGS builds on a slope that changes continuously; a `kinked` loss gets subgradient descent instead.
    """

    start = np.zeros(x.shape[1])
    if kinked:
        weighted = x.T / len(z)
        return _averaged_descent(lambda w: weighted @ loss.gradient(z, x @ w, validate=False) + decay * w, start, decay)
    from scipy.optimize import minimize

    shrink = np.full(len(start), decay)
    shrink[-1] *= not free_intercept

    def objective(w: np.ndarray) -> tuple[float, np.ndarray]:
        values, slopes = loss.value_and_gradient(z, x @ w, validate=False)
        return values.mean() + 0.5 * (shrink * w) @ w, x.T @ slopes / len(z) + shrink * w

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
    x, y = raw_cancer()
    return x, 2 * y - 1


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


def accuracy_with_far_example(loss: Loss, place: float | None, seeds: Iterable[int]) -> float:
    """Mean accuracy of a linear score of one feature, from 200 examples and a wrongly labelled one at `place`.

    The classes are normal of deviation 1 about plus and minus 1.25, and so are the 10,000 examples of the test.
    """
    found = []
    for seed in seeds:
        random = np.random.default_rng(seed)
        z = random.choice([-1.0, 1.0], 10_200)
        x = np.column_stack([1.25 * z + random.normal(size=10_200), np.ones(10_200)])
        held_out, truth, x, z = x[200:], z[200:], x[:200], z[:200]
        if place is not None:
            x, z = np.vstack([x, [place, 1.0]]), np.append(z, -1.0)
        found.append(accuracy(truth, held_out @ fit_margin(loss, x, z, decay=1e-6)))
    return float(np.mean(found))


def scores_of_rare_digit(weight: int, decay: float, seeds: Iterable[int]) -> dict[str, list[Scores]]:
    """Is a digit an eight? Labels 0 and 1 and scores on the held-out half of a set with one eight in five kept.

    Trained as the data are, with positives weighted, and with one negative in `weight` kept.
    """
    from sklearn.datasets import load_digits

    pixels, digit = load_digits(return_X_y=True)
    found: dict[str, list[Scores]] = {"plain": [], "weighted": [], "thinned": []}
    for seed in seeds:
        random = np.random.default_rng([seed, 7])
        rows = np.flatnonzero((digit != 8) | (random.random(len(digit)) < 0.2))
        train, test = (rows[half] for half in split(len(rows), seed, 0.5))
        x, held_out = standardised(pixels[train], pixels[test])
        y, truth = (digit[half] == 8.0 for half in (train, test))
        kept = np.flatnonzero(y | (random.random(len(train)) < 1 / weight))
        for name, loss, part in (
            ("plain", BinaryCrossEntropy(), slice(None)),
            ("weighted", BinaryCrossEntropy(positive_weight=weight), slice(None)),
            ("thinned", BinaryCrossEntropy(), kept),
        ):
            w = fit_margin(loss, x[part], y[part].astype(float), decay, free_intercept=True)
            found[name].append((truth.astype(float), held_out @ w))
    return found


def cost(y: np.ndarray, f: np.ndarray, weight: float) -> float:
    """Mean cost of deciding by the sign of a score, when a missed positive costs `weight` and a false alarm 1."""
    return float(np.mean(weight * y * (f <= 0) + (1 - y) * (f > 0)))
