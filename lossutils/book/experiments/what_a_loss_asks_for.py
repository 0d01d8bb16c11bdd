"""One data set under several losses, forecasts of probabilities taken apart, and estimators of a slope."""

from __future__ import annotations

import numpy as np

from ...losses.base import Loss
from ...losses.binary import BinaryCrossEntropy
from ...losses.numerics import sigmoid
from ...losses.piecewise_linear import Pinball
from . import split, standardised
from .classification import breast_cancer, fit_margin, flip_labels
from .regression import reweighted

Rows = tuple[np.ndarray, np.ndarray]


def waits(n: int, seed: int) -> Rows:
    """Loads from 0 to 1, and waiting times that are log-normal: their median falls with the load, their mean rises."""
    random = np.random.default_rng(seed)
    load = random.random(n)
    return load, np.exp(waits_centre(load) + waits_width(load) * random.normal(size=n))


def waits_centre(load: np.ndarray) -> np.ndarray:
    """The mean of the logarithm of a waiting time."""
    return 1 - load / 2


def waits_width(load: np.ndarray) -> np.ndarray:
    """The standard deviation of the logarithm of a waiting time."""
    return np.sqrt(0.1 + 1.4 * load)


def powers(x: np.ndarray, degree: int) -> np.ndarray:
    """Legendre polynomials of x, which runs from 0 to 1: columns that least squares keeps apart."""
    columns: np.ndarray = np.polynomial.legendre.legvander(2 * x - 1, degree)
    return columns


def curve(loss: Loss, rows: Rows, at: np.ndarray, degree: int = 2) -> np.ndarray:
    """The polynomial that minimises a loss on the rows, at some places."""
    x, y = rows
    found: np.ndarray = powers(at, degree) @ reweighted(loss, powers(x, degree), y)
    return found


def decision_cost(y: np.ndarray, scores: np.ndarray, costs: np.ndarray) -> np.ndarray:
    """Mean cost at each c: a false alarm costs c, a miss 1 - c; the alarm is given where the sigmoid is above c."""
    alarm = sigmoid(scores) > costs[:, None]
    found: np.ndarray = np.where(alarm, costs[:, None] * (1 - y), (1 - costs[:, None]) * y).mean(1)
    return found


def decomposed(y: np.ndarray, scores: np.ndarray, bins: int) -> tuple[float, float, float]:
    """Reliability, resolution and uncertainty of the scores' sigmoids, each replaced by its bin's mean.

    The bins are of equal size; scores are sorted and not probabilities, which may be rounded to the same number.
    """
    groups, p = np.array_split(np.argsort(scores, kind="stable"), bins), sigmoid(scores)
    share = np.array([len(g) for g in groups]) / len(y)
    forecast = np.array([p[g].mean() for g in groups])
    frequency = np.array([y[g].mean() for g in groups])
    base = y.mean()
    reliability, resolution = share @ (forecast - frequency) ** 2, share @ (frequency - base) ** 2
    return float(reliability), float(resolution), float(base * (1 - base))


TEMPERATURES = 2.0 ** np.arange(-4, 13)


def cancer_forecasts(seed: int, examples: int = 60, flips: float = 0.1) -> dict[str, np.ndarray]:
    """Labels (1 for malignant, a share of them wrong), and the scores of three forecasts of them from a few examples.

    An almost free fit of all 30 features; the same cooled, by the temperature of a wide grid that has the least log
    loss on 100 further cases; and a fit of one feature, the one that is most correlated with the labels of the same
    100.
    """
    features, signs = breast_cancer()
    rows = np.concatenate(split(len(signs), seed))
    train, held, test = np.split(rows, [examples, examples + 100])
    label = (1 - flip_labels(signs, flips, seed)) / 2
    x, x_held, x_test = standardised(features[train], features[held], features[test])
    w = fit_margin(BinaryCrossEntropy(), x, label[train], decay=1e-4)
    risks = [BinaryCrossEntropy()(label[held], x_held @ w / t).mean() for t in TEMPERATURES]
    best = TEMPERATURES[int(np.argmin(risks))]
    centred = x_held[:, :-1] - x_held[:, :-1].mean(0)
    related = (label[held] - label[held].mean()) @ centred / np.sqrt((centred**2).sum(0))
    one = int(np.argmax(np.abs(related)))
    narrow = fit_margin(BinaryCrossEntropy(), x[:, [one, -1]], label[train], decay=1e-4)
    return {
        "labels": label[test],
        "all features": x_test @ w,
        "the same, cooled": x_test @ w / best,
        "one feature": x_test[:, [one, -1]] @ narrow,
        "temperature": np.array([best]),
        "feature": np.array([one]),
    }


def random_problems(count: int, seed: int, places: int = 3) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Shares of `places` inputs, probabilities of the label there, and scores of a random model, a row for each."""
    random = np.random.default_rng(seed)
    share = random.dirichlet(np.ones(places), count)
    eta = random.beta(0.7, 0.7, (count, places)).clip(1e-6, 1 - 1e-6)
    f = random.normal(size=(count, places)) * 4 ** random.uniform(-2, 1, (count, 1))
    return share, eta, f


def excess(loss: Loss, least: np.ndarray, problems: tuple[np.ndarray, np.ndarray, np.ndarray]) -> Rows:
    """Excess mistakes and excess loss of each problem's scores; `least` holds the least conditional risks."""
    share, eta, f = problems
    one = np.ones_like(f)
    risk = eta * loss(one, f) + (1 - eta) * loss(-one, f)
    wrong = np.abs(2 * eta - 1) * ((2 * eta - 1) * f <= 0)
    return (share * wrong).sum(1), (share * (risk - least)).sum(1)


NOISES = ("normal", "Poisson", "Gamma")
WEIGHTS = (1.0, 0.0, -1.0)  # powers of x in the estimating equation, for the weights 1, 1/c and 1/c^2


def targets(noise: str, mean: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Targets of a given mean whose variance is constant, the mean, or the mean's square over 4."""
    if noise == "normal":
        return mean + random.normal(size=mean.shape)
    if noise == "Poisson":
        return random.poisson(mean).astype(float)
    return random.gamma(4.0, mean / 4)


def variances(x: np.ndarray, slope: float) -> dict[tuple[str, float], float]:
    """Variance of each estimator of the slope of mean slope * x under each noise, by the formula."""
    mean = slope * x
    of = {"normal": np.ones_like(x), "Poisson": mean, "Gamma": mean**2 / 4}
    return {(noise, k): float((x ** (2 * k) @ of[noise]) / (x**k @ x) ** 2) for noise in NOISES for k in WEIGHTS}


def scattered(x: np.ndarray, slope: float, rounds: int, seed: int) -> dict[tuple[str, float], np.ndarray]:
    """Estimates of the slope, one for each round, by each estimator under each noise."""
    found = {}
    for number, noise in enumerate(NOISES):
        y = targets(noise, np.broadcast_to(slope * x, (rounds, len(x))), np.random.default_rng([seed, number]))
        for k in WEIGHTS:
            found[noise, k] = y @ x**k / (x**k @ x)
    return found


def running_slopes(n: int, rounds: int, seed: int) -> tuple[np.ndarray, dict[float, np.ndarray]]:
    """Numbers of examples, and the estimates from the first so many; the true mean is the square of x, 1 or 2."""
    random = np.random.default_rng(seed)
    x = random.integers(1, 3, (rounds, n)).astype(float)
    y = random.poisson(x**2).astype(float)
    sizes = np.unique(np.geomspace(20, n, 60).astype(int))
    running = {k: (np.cumsum(y * x**k, 1) / np.cumsum(x ** (k + 1), 1))[:, sizes - 1] for k in WEIGHTS}
    return sizes, running


LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)


def quantile_fit(x: np.ndarray, y: np.ndarray, level: float) -> np.ndarray:
    """Weights with the least pinball loss, exactly, as a linear program: residuals are split into two signs."""
    from scipy.optimize import linprog

    n, d = x.shape
    price = np.concatenate([np.zeros(d), np.full(n, level), np.full(n, 1 - level)])
    bounds = [(None, None)] * d + [(0, None)] * (2 * n)
    split_up = np.hstack([x, np.eye(n), -np.eye(n)])
    found: np.ndarray = linprog(price, A_eq=split_up, b_eq=y, bounds=bounds, method="highs").x[:d]
    return found


def quantile_curves(seed: int, at: np.ndarray, n: int = 40, degree: int = 4) -> np.ndarray:
    """Polynomials for each of `LEVELS`, each fitted by itself to logarithms of a few waiting times: a row a level."""
    load, wait = waits(n, seed)
    return np.array([powers(at, degree) @ quantile_fit(powers(load, degree), np.log(wait), q) for q in LEVELS])


def crossing_trial(seed: int) -> tuple[float, float, float]:
    """Share of 2000 new loads where two curves cross, and the mean pinball loss before and after sorting."""
    load, wait = waits(2000, 10_000 + seed)
    curves = quantile_curves(seed, load)
    before, after = (
        np.mean([Pinball(q)(np.log(wait), row).mean() for q, row in zip(LEVELS, rows, strict=True)])
        for rows in (curves, np.sort(curves, 0))
    )
    return float((np.diff(curves, axis=0) < 0).any(0).mean()), float(before), float(after)
