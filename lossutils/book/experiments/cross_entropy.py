"""What the cross-entropy chapter measures: digits with several labels."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np

import lossutils as lu

from . import split, standardised

ANSWERS = {
    "mean over positives": lu.MultiPositiveCrossEntropy(),
    "the notes' sum": lu.MultiPositiveCrossEntropy(average=False),
    "any positive": lu.AnyPositiveCrossEntropy(),
    "independent binary": lu.BinaryCrossEntropy(),
}
RATE = 0.5
STEPS = (5, 10, 20, 40, 80, 160, 320, 640)
Score = Callable[..., float]  # of a matrix of scores


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


def _path(loss: lu.Loss, x: np.ndarray, masks: np.ndarray) -> Iterator[np.ndarray]:
    """Weights of a linear model along gradient descent, at each of `STEPS`."""
    w = np.zeros((x.shape[1], masks.shape[1]))
    scale = masks.sum(1).mean() if loss == ANSWERS["the notes' sum"] else 1.0  # its gradient is m times as long
    for step in range(1, STEPS[-1] + 1):
        w -= RATE / scale / len(x) * (x.T @ loss.gradient(masks, x @ w, validate=False))
        if step in STEPS:
            yield w.copy()


def _scores(
    loss: lu.Loss, rows: list[np.ndarray], masks: np.ndarray, scores: Sequence[Score]
) -> tuple[np.ndarray, int]:
    """Test scores at each of `STEPS`, and the place of the one that does best on the validation rows."""
    x, valid, test = rows
    paths = list(_path(loss, x, masks))
    return np.array([scores[1](test @ w) for w in paths]), int(np.argmax([scores[0](valid @ w) for w in paths]))


def ambiguous_digits(loss: lu.Loss, seed: int, most: int = 6) -> tuple[np.ndarray, int]:
    """Test accuracies of a linear model of the digits, trained on sets of candidates, and which to take."""
    images, labels = _digits()
    train, test = split(len(labels), seed)
    train, valid = train[: -len(test)], train[-len(test) :]
    rows = standardised(images[train], images[valid], images[test])
    masks = with_candidates(labels[train], 10, most, np.random.default_rng(1000 + seed))
    right = [lambda s, y=labels[part]: float((s.argmax(1) == y).mean()) for part in (valid, test)]
    return _scores(loss, rows, masks, right)


def overlaid_digits(loss: lu.Loss, seed: int) -> tuple[np.ndarray, int]:
    """How often a linear model's two highest scores are the two digits in the image, and which to take."""
    images, labels = _digits()
    rng = np.random.default_rng(1000 + seed)
    train, test = split(len(labels), seed)
    parts = [overlaid(images[p], labels[p], 10, rng) for p in (train[: -len(test)], train[-len(test) :], test)]
    rows = standardised(*(images for images, _ in parts))
    both = [
        lambda s, y=masks: float(np.take_along_axis(y, np.argsort(-s)[:, :2], 1).all(1).mean())
        for _, masks in parts[1:]
    ]
    return _scores(loss, rows, parts[0][1], both)


def _digits() -> tuple[np.ndarray, np.ndarray]:
    from sklearn.datasets import load_digits

    images, labels = load_digits(return_X_y=True)
    return images, labels
