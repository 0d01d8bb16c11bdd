"""A digit that is rare: ways to train for it, to decide about it, and to rank by it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

import numpy as np

from ...losses.base import Loss
from ...losses.binary import BinaryCrossEntropy, Focal
from ...losses.numerics import sigmoid
from . import standardised
from .fitting import Parts, fitted, mean_parts

RARE, TRAIN, HELD = 16, (16, 784), (16, 400)  # positives and negatives; what is left is for the test
SHARE = TRAIN[0] / sum(TRAIN)
Objective = Callable[[np.ndarray], Parts]  # of the scores


class Data(NamedTuple):
    """Rows, standardised with a column of ones, and labels: to train on, to choose on, to test on."""

    x: list[np.ndarray]
    y: list[np.ndarray]


class Scores(NamedTuple):
    """Labels and scores, of rows to choose by and of rows to test on."""

    held: tuple[np.ndarray, np.ndarray]
    test: tuple[np.ndarray, np.ndarray]


def eights(seed: int) -> Data:
    """Is a digit an eight? Two in a hundred are, where the model is trained; the test has all eights that are left."""
    from sklearn.datasets import load_digits

    pixels, digit = load_digits(return_X_y=True)
    random = np.random.default_rng([seed, 8])
    pools = [random.permutation(np.flatnonzero(chosen)) for chosen in (digit == 8, digit != 8)]
    cuts = [np.cumsum([TRAIN[k], HELD[k]]) for k in range(2)]
    parts = [np.split(pool, cut) for pool, cut in zip(pools, cuts, strict=True)]
    rows = [np.concatenate(both) for both in zip(*parts, strict=True)]
    x = standardised(*(pixels[part] for part in rows))
    return Data(x, [(digit[part] == 8).astype(float) for part in rows])


def mean_of(loss: Loss, y: np.ndarray, shift: float = 0.0) -> Objective:
    """The mean of a loss whose scores are shifted first."""

    def objective(f: np.ndarray) -> Parts:
        values, slopes = loss.value_and_gradient(y, f + shift, validate=False)
        return mean_parts(values, slopes, loss.hessian(y, f + shift, validate=False))

    return objective


def pairs_of(y: np.ndarray) -> Objective:
    """The mean logistic loss of the difference of scores over pairs of a positive and a negative."""
    own, others = np.flatnonzero(y == 1), np.flatnonzero(y == 0)

    def objective(f: np.ndarray) -> Parts:
        lead = f[own][:, None] - f[others]
        pull = sigmoid(-lead)
        bend = pull * (1 - pull) / lead.size
        slopes = np.zeros(len(f))
        slopes[own], slopes[others] = -pull.sum(1) / lead.size, pull.sum(0) / lead.size

        def hessian(x: np.ndarray) -> np.ndarray:
            mixed = x[own].T @ bend @ x[others]
            same = (x[own].T * bend.sum(1)) @ x[own] + (x[others].T * bend.sum(0)) @ x[others]
            found: np.ndarray = same - mixed - mixed.T
            return found

        return float(np.logaddexp(0, -lead).mean()), slopes, hessian

    return objective


def balanced_error(y: np.ndarray, f: np.ndarray, threshold: float = 0.0) -> float:
    """The mean of the shares of missed positives and of false alarms."""
    return float(((f[y == 1] <= threshold).mean() + (f[y == 0] > threshold).mean()) / 2)


def auc(y: np.ndarray, f: np.ndarray) -> float:
    """The share of pairs of a positive and a negative whose scores are in order; a tie counts one half."""
    lead = f[y == 1][:, None] - f[y == 0]
    return float((lead > 0).mean() + (lead == 0).mean() / 2)


def focal_threshold(gamma: float, share: float) -> float:
    """The score that focal loss makes of a positive probability `share`, by bisection of its expected slope."""
    low, high, loss = -40.0, 40.0, Focal(gamma)
    for _ in range(80):
        middle = np.full(2, (low + high) / 2)
        on, off = loss.gradient(np.array([1.0, 0.0]), middle)
        rises = share * on + (1 - share) * off > 0
        low, high = (low, float(middle[0])) if rises else (float(middle[0]), high)
    return high


WAYS = ("plain", "threshold moved", "weighted", "thinned", "focal", "focal, threshold moved", "pairs")


def objectives(data: Data, seed: int) -> dict[str, tuple[Objective, np.ndarray]]:
    """What each way of training minimises, and over which rows."""
    x, y = data.x[0], data.y[0]
    drawn = np.random.default_rng([seed, 9]).choice(np.flatnonzero(y == 0), TRAIN[0], replace=False)
    thin = np.append(np.flatnonzero(y == 1), drawn)
    weighted = BinaryCrossEntropy(positive_weight=(1 - SHARE) / SHARE)
    return {
        "plain": (mean_of(BinaryCrossEntropy(), y), x),
        "weighted": (mean_of(weighted, y), x),
        "thinned": (mean_of(BinaryCrossEntropy(), y[thin]), x[thin]),
        "focal": (mean_of(Focal(2.0), y), x),
        "pairs": (pairs_of(y), x),
    }


def paths(data: Data, ridges: Sequence[float], seed: int) -> dict[str, list[np.ndarray]]:
    """Each way's weights for each of some falling ridges; two of the ways share the weights of another."""
    found: dict[str, list[np.ndarray]] = {}
    for name, (objective, x) in objectives(data, seed).items():
        w, found[name] = np.zeros(x.shape[1]), []
        for ridge in ridges:
            w = fitted(objective, x, ridge, w)
            found[name].append(w)
    return found | {"threshold moved": found["plain"], "focal, threshold moved": found["focal"]}


def thresholds() -> dict[str, float]:
    """Above which score each way decides for the rare class; ranking has no threshold of its own."""
    moved = {
        "threshold moved": float(np.log(SHARE / (1 - SHARE))),
        "focal, threshold moved": focal_threshold(2.0, SHARE),
    }
    return dict.fromkeys(WAYS, 0.0) | moved


Found = dict[str, list[list[Scores]]]  # for each way, by ridge and seed


def contest(ridges: Sequence[float], seeds: Iterable[int]) -> Found:
    """For each way, ridge and seed, the labels and scores to choose by, and those of the test."""
    found: Found = {name: [[] for _ in ridges] for name in WAYS}
    for seed in seeds:
        data = eights(seed)
        for name, path in paths(data, ridges, seed).items():
            for k, w in enumerate(path):
                held, test = ((data.y[part], data.x[part] @ w) for part in (1, 2))
                found[name][k].append(Scores(held, test))
    return found


def chosen(runs: list[list[Scores]], judge: Callable[[np.ndarray, np.ndarray], float]) -> tuple[int, list[float]]:
    """Of one way's runs: the place of the ridge with the least mean of `judge` on held-out rows; its test results."""
    means = [np.mean([judge(*one.held) for one in by_seed]) for by_seed in runs]
    best = int(np.argmin(means))
    return best, [judge(*one.test) for one in runs[best]]
