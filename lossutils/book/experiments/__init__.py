"""What the notebooks compute with: a module for each page, named as the page is; here, what several of them share."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np


def split(n: int, seed: int, held_out: float = 0.3) -> tuple[np.ndarray, np.ndarray]:
    """Indices to train on and indices to test on."""
    order = np.random.default_rng(seed).permutation(n)
    cut = round(n * (1 - held_out))
    return order[:cut], order[cut:]


def standardised(train: np.ndarray, *others: np.ndarray) -> list[np.ndarray]:
    """Columns of mean 0 and deviation 1 on the training rows, a column of ones added; constant columns stay 0."""
    centre, scale = train.mean(0), train.std(0)
    scale = np.where(scale > 0, scale, 1.0)
    return [np.column_stack([(x - centre) / scale, np.ones(len(x))]) for x in (train, *others)]


def spread(values: Iterable[float], digits: int = 3) -> str:
    """Mean and standard deviation over seeds."""
    found = np.array(list(values))
    return f"{found.mean():.{digits}f} ± {found.std(ddof=1):.{digits}f}"


def paired(values: Iterable[float], rival: Iterable[float], digits: int = 3) -> str:
    """How much larger values are than a rival's on the same seeds, with the deviation, and on how many they are."""
    gain = np.array(list(values)) - np.array(list(rival))
    return f"{gain.mean():+.{digits}f} ± {gain.std(ddof=1):.{digits}f}, above on {np.sum(gain > 0)} of {len(gain)}"


def softmax(scores: np.ndarray) -> np.ndarray:
    """Probabilities along the last axis."""
    weights = np.exp(scores - scores.max(-1, keepdims=True))
    shares: np.ndarray = weights / weights.sum(-1, keepdims=True)
    return shares
