"""Linear regression on data of which some training rows are spoilt."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from ...losses.base import Loss
from . import split, standardised

Rows = tuple[np.ndarray, np.ndarray]  # inputs and targets

FLOOR = 1e-6  # residuals below it count as this large: at 0 the weight of the absolute error would be infinite
MAD = 1.4826  # times the median absolute deviation is the standard deviation of a normal distribution


def reweighted(loss: Loss, x: np.ndarray, target: np.ndarray, steps: int = 100) -> np.ndarray:
    """Weights of the linear model that minimises a loss of the residuals, by iteratively reweighted least squares."""
    w: np.ndarray = np.linalg.lstsq(x, target, rcond=None)[0]
    for _ in range(steps):
        residual = target - x @ w
        residual = np.where(np.abs(residual) < FLOOR, FLOOR, residual)
        pull = -loss.gradient(target, target - residual, validate=False) / residual
        weighted = x * pull[:, None]
        before, w = w, np.linalg.solve(weighted.T @ x, weighted.T @ target)
        if np.abs(w - before).max() < 1e-8:
            break
    return w


def centre_and_unit(target: np.ndarray) -> tuple[float, float]:
    """Median of the targets, and their median absolute deviation as a standard deviation."""
    centre = np.median(target)
    return centre, MAD * np.median(np.abs(target - centre))


def fitted(loss: Loss, x: np.ndarray, target: np.ndarray) -> np.ndarray:
    """Weights in the unit of the target, the intercept last; the loss sees targets centred and scaled."""
    centre, unit = centre_and_unit(target)
    w = reweighted(loss, x, (target - centre) / unit) * unit
    w[-1] += centre
    return w


def slipped_targets(x: np.ndarray, target: np.ndarray, rows: np.ndarray) -> Rows:
    """The data with the decimal point of some rows' targets slipped: ten times too large."""
    target = target.copy()
    target[rows] *= 10
    return x, target


def slipped_feature(x: np.ndarray, target: np.ndarray, rows: np.ndarray, column: int = 2) -> Rows:
    """The data with one feature of some rows (column 2: body mass index) ten times as far from its mean."""
    x = x.copy()
    x[rows, column] *= 10
    return x, target


@dataclass(frozen=True)
class Outcome:
    """What `corruption` found; the first axis is the share of spoilt rows, the second the seed."""

    coefficients: np.ndarray  # (shares, seeds, features)
    error: np.ndarray  # root mean squared, on clean test rows
    bias: np.ndarray  # mean of prediction less target, on clean test rows
    unit: np.ndarray  # in which the loss saw the residuals

    @property
    def drift(self) -> np.ndarray:
        """How far the coefficients are from those of the first share, over the latter's length."""
        clean = self.coefficients[0]
        moved: np.ndarray = np.linalg.norm(self.coefficients - clean, axis=-1) / np.linalg.norm(clean, axis=-1)
        return moved


def corruption(
    loss: Loss,
    x: np.ndarray,
    target: np.ndarray,
    shares: Sequence[float],
    seeds: Iterable[int],
    spoil: Callable[[np.ndarray, np.ndarray, np.ndarray], Rows],
) -> Outcome:
    """Fit with shares of the training rows spoilt, the first share being 0, and test on clean rows."""
    found = []
    for seed in seeds:
        train, test = split(len(target), seed)
        x_train, x_test = standardised(x[train], x[test])
        order = np.random.default_rng([seed, 1]).permutation(len(train))
        for share in shares:
            spoilt = spoil(x_train, target[train], order[: round(share * len(train))])
            w = fitted(loss, *spoilt)
            over = x_test @ w - target[test]
            found.append([*w[:-1], np.sqrt(np.mean(over**2)), np.mean(over), centre_and_unit(spoilt[1])[1]])
    table = np.reshape(found, (-1, len(shares), len(found[0]))).swapaxes(0, 1)
    return Outcome(table[..., :-3], table[..., -3], table[..., -2], table[..., -1])
