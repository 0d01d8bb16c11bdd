"""What the cross-entropy chapter measures: digits with several labels, sampled classes, mutual information."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

import lossutils as lu

from . import split, standardised

ANSWERS = {
    "mean over positives": lu.MultiPositiveCrossEntropy(),
    "the notes' sum": lu.MultiPositiveCrossEntropy(average=False),
    "any positive": lu.AnyPositiveCrossEntropy(),
    "independent binary": lu.BinaryCrossEntropy(),
}
RATES = (0.15, 0.5, 1.5)
STEPS = (25, 50, 100, 200)
Score = Callable[[np.ndarray], float]  # of a matrix of scores


def one_hot(labels: np.ndarray, classes: int) -> np.ndarray:
    """A row for each label, 1 at its class."""
    rows: np.ndarray = np.eye(classes)[labels]
    return rows


def with_candidates(labels: np.ndarray, classes: int, most: int, rng: np.random.Generator) -> np.ndarray:
    """Masks of the right class and 0 to `most` others drawn at random: one is right, nobody says which."""
    order = rng.random((len(labels), classes))
    order[np.arange(len(labels)), labels] = -1
    extra = rng.integers(0, most + 1, (len(labels), 1))
    return (order.argsort(1).argsort(1) <= extra).astype(float)


def overlaid(
    images: np.ndarray, labels: np.ndarray, classes: int, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Pairs of images of different classes, the brighter pixel of the two, and masks of both classes."""
    other = rng.permutation(len(labels))
    keep = labels != labels[other]
    a, b = np.flatnonzero(keep), other[keep]
    return np.maximum(images[a], images[b]), np.maximum(one_hot(labels[a], classes), one_hot(labels[b], classes))


def _path(loss: lu.Loss, x: np.ndarray, masks: np.ndarray, rate: float) -> Iterator[np.ndarray]:
    """Weights of a linear model along gradient descent, at each of `STEPS`."""
    w = np.zeros((x.shape[1], masks.shape[1]))
    for step in range(1, STEPS[-1] + 1):
        w -= rate / len(x) * (x.T @ loss.gradient(masks, x @ w, validate=False))
        if step in STEPS:
            yield w.copy()


def _chosen(loss: lu.Loss, x: np.ndarray, masks: np.ndarray, valid: np.ndarray, score: Score) -> np.ndarray:
    """The weights, of all step sizes and numbers of steps, that do best on the validation rows."""
    scale = masks.sum(1).mean() if loss == ANSWERS["the notes' sum"] else 1.0  # its gradient is m times as long
    paths = [w for rate in RATES for w in _path(loss, x, masks, rate / scale)]
    return max(paths, key=lambda w: score(valid @ w))


def ambiguous_digits(loss: lu.Loss, seed: int, most: int = 6) -> float:
    """Test accuracy of a linear model of the digits, trained on sets of candidates."""
    images, labels = _digits()
    train, test = split(len(labels), seed)
    train, valid = train[: -len(test)], train[-len(test) :]
    x, *others = standardised(images[train], images[valid], images[test])
    masks = with_candidates(labels[train], 10, most, np.random.default_rng(1000 + seed))
    right = [lambda s, y=labels[part]: float((s.argmax(1) == y).mean()) for part in (valid, test)]
    w = _chosen(loss, x, masks, others[0], right[0])
    return right[1](others[1] @ w)


def overlaid_digits(loss: lu.Loss, seed: int) -> float:
    """How often a linear model's two highest scores are the two digits that were laid over one another."""
    images, labels = _digits()
    rng = np.random.default_rng(1000 + seed)
    train, test = split(len(labels), seed)
    parts = [overlaid(images[p], labels[p], 10, rng) for p in (train[: -len(test)], train[-len(test) :], test)]
    x, *others = standardised(*(images for images, _ in parts))
    both = [
        lambda s, y=masks: float(np.take_along_axis(y, np.argsort(-s)[:, :2], 1).all(1).mean()) for _, masks in parts
    ]
    w = _chosen(loss, x, parts[0][1], others[0], both[1])
    return both[2](others[1] @ w)


def _digits() -> tuple[np.ndarray, np.ndarray]:
    from sklearn.datasets import load_digits

    images, labels = load_digits(return_X_y=True)
    return images, labels


def infonce_estimate(correlation: float, candidates: int, rows: int, seed: int) -> float:
    """log N less the InfoNCE loss under the best critic, for a pair of normal variables."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(rows, 1))
    y = rng.normal(size=(rows, candidates))
    y[:, :1] = correlation * x + np.sqrt(1 - correlation**2) * y[:, :1]
    variance = 1 - correlation**2
    # the logarithm of the density ratio
    critic = -((y - correlation * x) ** 2) / (2 * variance) + y**2 / 2 - np.log(variance) / 2
    positive = np.zeros(rows, int)
    return float(np.log(candidates) - lu.SoftmaxCrossEntropy()(positive, critic).mean())


def sampled_gradient(
    scores: np.ndarray, label: int, frequency: np.ndarray, drawn: int, corrected: bool, rounds: int
) -> np.ndarray:
    """The average, over many draws of negatives, of the gradient that sampled softmax gives the scores."""
    rng = np.random.default_rng(0)
    negatives = rng.choice(len(scores), (rounds, drawn), p=frequency)
    columns = np.concatenate([np.full((rounds, 1), label), negatives], 1)
    counts = np.log(drawn * frequency) if corrected else np.zeros(len(scores))
    expected = np.where(columns == label, np.inf, counts[columns])  # a draw of the right class is left out
    expected[:, 0] = 0  # the right class is there for certain
    gradient = lu.SampledSoftmax().gradient(expected, scores[columns])
    mean = np.zeros(len(scores))
    np.add.at(mean, columns, gradient / rounds)
    return mean
