"""Features that are free to move: a layer on top of them is trained with them, and what becomes of their geometry."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from . import softmax


@dataclass(frozen=True)
class Free:
    """Weights (seeds, K, d), constants (seeds, K) and features (seeds, K, n, d): all of them are trained."""

    weights: np.ndarray
    constants: np.ndarray
    features: np.ndarray

    @property
    def scores(self) -> np.ndarray:
        """Scores of every example for every class."""
        found: np.ndarray = np.einsum("sknd,sjd->sknj", self.features, self.weights) + self.constants[:, None, None]
        return found

    def stepped(self, slopes: np.ndarray, rate: float, decay: float) -> Free:
        """One step down the mean loss plus decay / 2 times squared lengths, the features' averaged over examples.

        A feature meets its own example only, so its step is not divided by the number of examples.
        """
        examples = slopes.shape[1] * slopes.shape[2]
        down_weights = np.einsum("sknj,sknd->sjd", slopes, self.features) / examples + decay * self.weights
        down_features = np.einsum("sknj,sjd->sknd", slopes, self.weights) + decay * self.features
        return Free(
            self.weights - rate * down_weights,
            self.constants - rate * slopes.mean((1, 2)),
            self.features - rate * down_features,
        )


def start(classes: int, each: int, width: int, seeds: Iterable[int]) -> Free:
    """Small random features and weights, the same for every loss."""
    drawn = [np.random.default_rng([seed, 4]) for seed in seeds]
    weights = np.array([0.5 * r.normal(size=(classes, width)) for r in drawn])
    features = np.array([0.5 * r.normal(size=(classes, each, width)) for r in drawn])
    return Free(weights, np.zeros(weights.shape[:2]), features)


def cross_entropy_slopes(scores: np.ndarray) -> np.ndarray:
    """Of the cross-entropy of a softmax, in the scores."""
    return softmax(scores) - np.eye(scores.shape[-1])[:, None]


def squared_slopes(scores: np.ndarray) -> np.ndarray:
    """Of half the squared distance of the scores from the row with a one at the class."""
    slopes: np.ndarray = scores - np.eye(scores.shape[-1])[:, None]
    return slopes


def scatter(free: Free) -> np.ndarray:
    """For each seed, how much features vary within classes, as a share of how much the classes' means vary."""
    means = free.features.mean(2)
    within = ((free.features - means[:, :, None]) ** 2).sum(-1).mean((1, 2))
    between = ((means - means.mean(1, keepdims=True)) ** 2).sum(-1).mean(1)
    found: np.ndarray = within / between
    return found


def cosines(rows: np.ndarray) -> np.ndarray:
    """For each seed, the cosines between different rows, their mean taken away."""
    centred = rows - rows.mean(1, keepdims=True)
    unit = centred / np.linalg.norm(centred, axis=-1, keepdims=True)
    every = np.einsum("sid,sjd->sij", unit, unit)
    found: np.ndarray = every[:, ~np.eye(rows.shape[1], dtype=bool)]
    return found


def duality(free: Free) -> np.ndarray:
    """For each seed, the distance of the weights from the classes' means, both centred and scaled to length 1."""
    rows = [free.weights, free.features.mean(2)]
    centred = [r - r.mean(1, keepdims=True) for r in rows]
    weights, means = (r / np.linalg.norm(r, axis=(1, 2), keepdims=True) for r in centred)
    found: np.ndarray = np.linalg.norm(weights - means, axis=(1, 2))
    return found
