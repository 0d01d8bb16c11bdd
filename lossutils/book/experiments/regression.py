"""Linear regression on data of which some training rows are spoilt."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from ...losses.base import Loss
from ...losses.piecewise_linear import AbsoluteError
from . import split, standardised

Rows = tuple[np.ndarray, np.ndarray]  # inputs and targets

FLOOR = 1e-6  # residuals below it count as this large: at 0 the weight of the absolute error would be infinite
MAD = 1.4826  # times the median absolute residual is the standard deviation of normal noise
ROUNDS = 2000  # of reweighting, at most


def reweighted(loss: Loss, x: np.ndarray, target: np.ndarray, start: np.ndarray | None = None) -> np.ndarray:
    """Weights of the linear model that minimises a loss of the residuals, by iteratively reweighted least squares.

    It starts at least squares unless told otherwise. A loss that is not convex may have other minima.
    """
    w: np.ndarray = np.linalg.lstsq(x, target, rcond=None)[0] if start is None else start
    for _ in range(ROUNDS):
        residual = target - x @ w
        residual = np.where(np.abs(residual) < FLOOR, FLOOR, residual)
        pull = -loss.gradient(target, target - residual, validate=False) / residual
        weighted = x * pull[:, None]
        before, w = w, np.linalg.solve(weighted.T @ x, weighted.T @ target)
        if np.abs(w - before).max() < 1e-8:
            break
    return w


def least_absolute(x: np.ndarray, target: np.ndarray) -> np.ndarray:
    """Weights with the least absolute error, exactly, as a linear program: residuals are split into two signs."""
    from scipy.optimize import linprog
    from scipy.sparse import eye_array, hstack

    n, d = x.shape
    price = np.concatenate([np.zeros(d), np.ones(2 * n)])
    bounds = [(None, None)] * d + [(0, None)] * (2 * n)
    split_up = hstack([x, eye_array(n), -eye_array(n)])
    found: np.ndarray = linprog(price, A_eq=split_up, b_eq=target, bounds=bounds, method="highs").x[:d]
    return found


def noise_unit(residuals: np.ndarray) -> float:
    """The noise's standard deviation, from the residuals of the least absolute error."""
    return float(MAD * np.median(np.abs(residuals)))


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
    losses: dict[str, Loss],
    data: Rows,
    shares: Sequence[float],
    seeds: Iterable[int],
    spoil: Callable[[np.ndarray, np.ndarray, np.ndarray], Rows],
    clean_unit: bool = False,
    cut: float = np.inf,
    from_squares: bool = False,
) -> dict[str, Outcome]:
    """Fit with shares of the training rows spoilt, the first share being 0, and test on clean rows.

    The unit of the residuals is that of the spoilt rows, or with `clean_unit` of the rows before; standardised features
    are cut off at plus and minus `cut`. Reweighting starts at the fit with the least absolute error, or `from_squares`.
    """
    x, target = data
    found: dict[str, list[list[float]]] = {name: [] for name in losses}
    for seed in seeds:
        train, test = split(len(target), seed)
        x_train, x_test = standardised(x[train], x[test])
        order = np.random.default_rng([seed, 1]).permutation(len(train))
        unit = 0.0
        for share in shares:
            spoilt, y = spoil(x_train, target[train], order[: round(share * len(train))])
            inputs = np.clip(spoilt, -cut, cut)
            start = least_absolute(inputs, y)
            if not (clean_unit and unit):
                unit = noise_unit(y - inputs @ start)
            for name, loss in losses.items():
                w = start
                if not isinstance(loss, AbsoluteError):
                    begin = None if from_squares else np.zeros_like(start)
                    w = start + unit * reweighted(loss, inputs, (y - inputs @ start) / unit, begin)
                over = np.clip(x_test, -cut, cut) @ w - target[test]
                found[name].append([*w[:-1], float(np.sqrt(np.mean(over**2))), float(np.mean(over)), unit])
    return {name: _outcome(rows, len(shares)) for name, rows in found.items()}


def _outcome(rows: list[list[float]], shares: int) -> Outcome:
    table = np.reshape(rows, (-1, shares, len(rows[0]))).swapaxes(0, 1)
    return Outcome(table[..., :-3], table[..., -3], table[..., -2], table[..., -1])
