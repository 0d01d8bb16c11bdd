"""Small experiments that the chapters run: data that scikit-learn ships, splits by seed, plain gradient descent."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

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


def descend(
    slope: Callable[[np.ndarray], np.ndarray], start: np.ndarray, rate: float, steps: int, decay: float = 0.0
) -> np.ndarray:
    """Gradient descent with weight decay."""
    w = start.copy()
    for _ in range(steps):
        w = w - rate * (slope(w) + decay * w)
    return w


def fit_linear(
    loss: Any, x: np.ndarray, target: np.ndarray, outputs: int, rate: float, steps: int, decay: float = 1e-3
):
    """Weights of a linear model under the mean of a loss of its scores."""

    def slope(w: np.ndarray) -> np.ndarray:
        gradient = loss.gradient(target, x @ w, validate=False)
        return x.T @ gradient / len(x)

    return descend(slope, np.zeros((x.shape[1], outputs)), rate, steps, decay)


def spread(values: Iterable[float], digits: int = 3) -> str:
    """Mean and standard deviation over seeds."""
    found = np.array(list(values))
    return f"{found.mean():.{digits}f} ± {found.std(ddof=1):.{digits}f}"
