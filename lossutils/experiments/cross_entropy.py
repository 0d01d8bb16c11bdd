"""What the cross-entropy chapter measures: digits with several labels, and a bound on mutual information."""

from __future__ import annotations

from typing import Any

import numpy as np

import lossutils as lu

from . import fit_linear, split, standardised

ANSWERS = {
    "mean over positives": (lu.MultiPositiveCrossEntropy(), 0.5),
    "the notes' sum": (lu.MultiPositiveCrossEntropy(average=False), 0.25),
    "any positive": (lu.AnyPositiveCrossEntropy(), 0.5),
    "independent binary": (lu.BinaryCrossEntropy(), 0.5),
}  # each with the step size that descends fastest without oscillating


def one_hot(labels: np.ndarray, classes: int) -> np.ndarray:
    """A row for each label, 1 at its class."""
    return np.eye(classes)[labels]


def with_candidates(labels: np.ndarray, classes: int, extra: int, rng: np.random.Generator) -> np.ndarray:
    """Masks that hold the right class and `extra` others drawn at random: one is right, nobody says which."""
    order = rng.random((len(labels), classes))
    order[np.arange(len(labels)), labels] = -1
    return (order.argsort(1).argsort(1) <= extra).astype(float)


def overlaid(images: np.ndarray, labels: np.ndarray, classes: int, rng: np.random.Generator):
    """Pairs of images of different classes, the brighter pixel of the two, and masks of both classes."""
    other = rng.permutation(len(labels))
    keep = labels != labels[other]
    a, b = np.flatnonzero(keep), other[keep]
    return np.maximum(images[a], images[b]), np.maximum(one_hot(labels[a], classes), one_hot(labels[b], classes))


def ambiguous_digits(loss: Any, rate: float, extra: int, seed: int, steps: int = 200) -> float:
    """Test accuracy of a linear model of the digits, trained on sets of candidates."""
    images, labels = _digits()
    train, test = split(len(labels), seed)
    x, held_out = standardised(images[train], images[test])
    masks = with_candidates(labels[train], 10, extra, np.random.default_rng(1000 + seed))
    w = fit_linear(loss, x, masks, 10, rate, steps)
    return float(((held_out @ w).argmax(1) == labels[test]).mean())


def overlaid_digits(loss: Any, rate: float, seed: int, steps: int = 200) -> float:
    """How often a linear model's two highest scores are the two digits that were laid over one another."""
    images, labels = _digits()
    rng = np.random.default_rng(1000 + seed)
    train, test = split(len(labels), seed)
    x, masks = overlaid(images[np.tile(train, 2)], labels[np.tile(train, 2)], 10, rng)
    held_out, true = overlaid(images[test], labels[test], 10, rng)
    x, held_out = standardised(x, held_out)
    w = fit_linear(loss, x, masks, 10, rate, steps)
    top = np.argsort(-(held_out @ w), 1)[:, :2]
    return float(np.take_along_axis(true, top, 1).all(1).mean())


def _digits() -> tuple[np.ndarray, np.ndarray]:
    from sklearn.datasets import load_digits

    return load_digits(return_X_y=True)


def infonce_estimate(correlation: float, candidates: int, rows: int, seed: int) -> float:
    """log N less the InfoNCE loss under the best critic, for a pair of normal variables."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(rows, 1))
    y = rng.normal(size=(rows, candidates))
    y[:, :1] = correlation * x + np.sqrt(1 - correlation**2) * y[:, :1]
    variance = 1 - correlation**2
    critic = -((y - correlation * x) ** 2) / (2 * variance) + y**2 / 2 - np.log(variance) / 2  # log of the density ratio
    positive = np.zeros(rows, int)
    return float(np.log(candidates) - lu.SoftmaxCrossEntropy()(positive, critic).mean())


def sampled_gradient(scores: np.ndarray, label: int, frequency: np.ndarray, drawn: int, corrected: bool, seed: int):
    """The average, over many draws of negatives, of the gradient that sampled softmax gives the scores."""
    rng = np.random.default_rng(seed)
    mean = np.zeros(len(scores))
    rounds = 400
    for _ in range(rounds):
        negatives = rng.choice(len(scores), drawn, p=frequency)
        negatives = negatives[negatives != label]
        chosen = np.concatenate([[label], negatives])
        s = scores[chosen] - np.log(drawn * frequency[chosen]) * corrected
        s[0] = scores[label]  # the label is there for certain: its expected count is 1
        np.add.at(mean, chosen, lu.SoftmaxCrossEntropy().gradient(0, s) / rounds)
    return mean
