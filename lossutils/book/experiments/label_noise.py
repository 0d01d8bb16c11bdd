"""Labels that are flipped with known probabilities: the logistic loss, its unbiased correction, and its likelihood."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import numpy as np

from ...losses.binary import BinaryCrossEntropy
from ...losses.numerics import sigmoid
from . import split, standardised
from .fitting import Parts as MeanParts
from .fitting import fitted, mean_parts
from .logistic_equivalence import raw_cancer

Parts = tuple[np.ndarray, np.ndarray, np.ndarray]  # values, slopes and curvatures
Correction = Callable[[np.ndarray, np.ndarray], Parts]  # of labels and scores


def plain(y: np.ndarray, f: np.ndarray) -> Parts:
    """The cross-entropy, as if labels were right."""
    p = sigmoid(f)
    values, slopes = BinaryCrossEntropy().value_and_gradient(y, f, validate=False)
    return values, slopes, p * (1 - p)


def backward(positive: float, negative: float) -> Correction:
    """The combination of both labels' losses whose mean over flips is the loss of the true label."""

    def corrected(y: np.ndarray, f: np.ndarray) -> Parts:
        (own, slope, curvature), (other, turned, _) = plain(y, f), plain(1 - y, f)
        keeps, flips = np.where(y == 1, 1 - negative, 1 - positive), np.where(y == 1, positive, negative)
        scale = 1 - positive - negative
        return (keeps * own - flips * other) / scale, (keeps * slope - flips * turned) / scale, curvature

    return corrected


def forward(positive: float, negative: float) -> Correction:
    """Minus the logarithm of the observed label's probability."""

    def corrected(y: np.ndarray, f: np.ndarray) -> Parts:
        p = sigmoid(f)
        seen = (1 - positive) * p + negative * (1 - p)  # the probability that the observed label is 1
        rise = (1 - positive - negative) * p * (1 - p)
        slopes = rise * (seen - y) / (seen * (1 - seen))
        return -np.where(y == 1, np.log(seen), np.log1p(-seen)), slopes, (1 - 2 * p) * slopes + slopes**2

    return corrected


def mean_of(loss: Correction, y: np.ndarray) -> Callable[[np.ndarray], MeanParts]:
    """The mean of a loss over examples, as a function of the scores."""
    return lambda f: mean_parts(*loss(y, f))


def flipped(y: np.ndarray, positive: float, negative: float, seed: int) -> np.ndarray:
    """Labels of which the positive are flipped with one probability and the negative with another."""
    drawn = np.random.default_rng([seed, 11]).random(len(y))
    return np.where(drawn < np.where(y == 1, positive, negative), 1 - y, y)


def contest(
    rates: tuple[float, float], ridges: Sequence[float], seeds: Iterable[int]
) -> dict[str, tuple[float, list[tuple[np.ndarray, np.ndarray]]]]:
    """For each way to train: the ridge chosen, and for each seed clean test labels and scores.

    The ridges fall. The one with the least mean, over held-out rows and seeds, of the loss that the way is trained with
    is chosen, on labels of the kind that it is trained with.
    """
    features, labels = raw_cancer()
    ways = {"as if right": plain, "backward": backward(*rates), "forward": forward(*rates), "clean labels": plain}
    seeds = list(seeds)
    judged = {name: np.zeros((len(ridges), len(seeds))) for name in ways}
    found: dict[str, list[list[tuple[np.ndarray, np.ndarray]]]] = {name: [[] for _ in ridges] for name in ways}
    for at, seed in enumerate(seeds):
        rest, test = split(len(labels), seed)
        train, held = rest[: len(rest) * 2 // 3], rest[len(rest) * 2 // 3 :]
        x, x_held, x_test = standardised(features[train], features[held], features[test])
        noisy = flipped(labels, *rates, seed)
        for name, loss in ways.items():
            y = labels if name == "clean labels" else noisy
            w = np.zeros(x.shape[1])
            for k, ridge in enumerate(ridges):
                w = fitted(mean_of(loss, y[train]), x, ridge, w)
                judged[name][k, at] = loss(y[held], x_held @ w)[0].mean()
                found[name][k].append((labels[test], x_test @ w))
    best = {name: int(judged[name].mean(1).argmin()) for name in ways}
    return {name: (ridges[best[name]], found[name][best[name]]) for name in ways}
