"""What the chapter on the logistic loss measures: machines, tails, separable data and Newton's method."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import pairwise

import numpy as np
from mpmath import mp, workprec

import lossutils as lu

from . import split, standardised

FULL = {"float32": 24 * np.log10(2), "float64": 53 * np.log10(2)}  # decimal digits of a significand
# z x for three separable examples, the widest margin along (1, 1); and for the same with the first one three times
FOLDED = np.array([[0.5, 1.5], [1.5, 0.5], [4.0, 0.5]])
TRIPLED = FOLDED[[0, 0, 0, 1, 2]]


def cancer(seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Breast cancer data: rows and 0/1 labels to train on, then to test on; standardised, a column of ones last."""
    from sklearn.datasets import load_breast_cancer

    x, y = load_breast_cancer(return_X_y=True)
    train, test = split(len(y), seed)
    x_train, x_test = standardised(x[train], x[test])
    return x_train, y[train].astype(float), x_test, y[test].astype(float)


def machine(features: int, rank: int, seed: int = 0) -> list[np.ndarray]:
    """A factorization machine's w_0, w and v at the start: zeros, but a small random v (zero v would stay zero)."""
    rng = np.random.default_rng(seed)
    return [np.zeros(()), np.zeros(features), 0.1 * rng.normal(size=(features, rank))]


def parts(parameters: np.ndarray, features: int) -> tuple[float, np.ndarray, np.ndarray]:
    """A machine's w_0, w and v from one row of all its parameters."""
    return parameters[0], parameters[1 : features + 1], parameters[features + 1 :].reshape(features, -1)


def machine_score(x: np.ndarray, w0: float | np.ndarray, w: np.ndarray, v: np.ndarray) -> np.ndarray:
    """Scores of rows by the linear-time form."""
    score: np.ndarray = w0 + x @ w + 0.5 * ((x @ v) ** 2 - x**2 @ v**2).sum(1)
    return score


def apart(one: np.ndarray, other: np.ndarray) -> float:
    """The largest distance of two paths of parameters, relative to the parameters' norm at that step."""
    return float((np.linalg.norm(one - other, axis=1) / np.linalg.norm(one, axis=1)).max())


def exact_softplus(x: Iterable[float]) -> np.ndarray:
    """log(1 + e^x) from the numbers given, rounded once."""
    return _rounded(lambda t: mp.log1p(mp.exp(t)), x)


def exact_sigmoid(x: Iterable[float]) -> np.ndarray:
    """1 / (1 + e^-x) from the numbers given, rounded once."""
    return _rounded(lambda t: 1 / (1 + mp.exp(-t)), x)


def _rounded(function: Callable[[mp.mpf], mp.mpf], x: Iterable[float]) -> np.ndarray:
    with workprec(300):
        return np.array([float(function(mp.mpf(float(t)))) for t in x])


def surviving_digits(found: np.ndarray, exact: np.ndarray, dtype: str) -> int:
    """Whole decimal digits right in the worst of some results; all a format has, if within 4 ulps."""
    error = np.max(np.abs(np.asarray(found, float) - exact) / np.abs(exact))
    full = FULL[dtype]
    return int(full) if error <= 4 * 10.0**-full else int(max(0.0, np.floor(-np.log10(error))))


def digits_by_interval(
    result: Callable[[np.ndarray], np.ndarray], exact: Callable[[np.ndarray], np.ndarray], edges: np.ndarray, dtype: str
) -> list[int]:
    """`surviving_digits` on each interval between neighbouring edges, of 64 points each."""
    digits = []
    for low, high in pairwise(edges):
        x = np.linspace(low, high, 64, endpoint=False).astype(dtype)
        digits.append(surviving_digits(result(x), exact(x), dtype))
    return digits


def descend_folded(steps: int, ridge: float = 0.0, rate: float = 1.0) -> tuple[np.ndarray, np.ndarray]:
    """Gradient descent on five separable examples: the numbers of the steps kept, and the norms of the weights."""
    kept = np.unique(np.geomspace(1, steps, 60).astype(int))
    w, norms = np.zeros(2), []
    for step in range(1, steps + 1):
        slope = lu.Logistic.slope(1.0, TRIPLED @ w)
        w = w - rate * (slope @ TRIPLED / len(TRIPLED) + ridge * w)
        if step in kept:
            norms.append(np.linalg.norm(w))
    return kept, np.array(norms)


def angles_of_flow(folded: np.ndarray, last: float = 1e12, each: int = 50) -> tuple[np.ndarray, np.ndarray]:
    """Times, and the gradient flow's angle in radians from (1, 1); Runge-Kutta, in steps of the time's logarithm."""

    def speed(w: np.ndarray, log_time: float) -> np.ndarray:
        speeds: np.ndarray = -np.exp(log_time) * (lu.Logistic.slope(1.0, folded @ w) @ folded) / len(folded)
        return speeds

    h, at = 1.0 / each, np.log(1e-3)
    w, times, angles = np.zeros(2), [], []
    while at < np.log(last):
        one = speed(w, at)
        two = speed(w + h / 2 * one, at + h / 2)
        three = speed(w + h / 2 * two, at + h / 2)
        four = speed(w + h * three, at + h)
        w, at = w + h / 6 * (one + 2 * two + 2 * three + four), at + h
        times.append(np.exp(at))
        angles.append(abs(np.arctan2(w[1], w[0]) - np.pi / 4))
    return np.array(times), np.array(angles)


def separable(x: np.ndarray, y: np.ndarray) -> bool:
    """Whether some weights give every row a margin of 1: a linear program without an objective."""
    from scipy.optimize import linprog

    folded = (2 * y - 1)[:, None] * x
    bounds = [(None, None)] * x.shape[1]
    program = linprog(np.zeros(x.shape[1]), A_ub=-folded, b_ub=-np.ones(len(x)), bounds=bounds)
    return bool(program.status == 0)


def objective(w: np.ndarray, x: np.ndarray, y: np.ndarray, ridge: float) -> float:
    """Mean cross-entropy of a linear model with a ridge."""
    return float(lu.BinaryCrossEntropy()(y, x @ w).mean() + 0.5 * ridge * w @ w)


def fitted(
    x: np.ndarray,
    y: np.ndarray,
    ridge: float,
    step: Callable[[np.ndarray, np.ndarray, np.ndarray, float], np.ndarray],
) -> np.ndarray:
    """The minimiser: a Newton `step`, halved while it would raise the objective, until it is too small to matter."""
    w: np.ndarray = np.zeros(x.shape[1])
    for _ in range(200):
        move = step(w, x, y, ridge)
        last = np.linalg.norm(move) <= 1e-8 * (1 + np.linalg.norm(w))
        while not last and objective(w + move, x, y, ridge) > objective(w, x, y, ridge) + 1e-12:
            move = move / 2
        w = w + move
        if last:
            return w
    raise RuntimeError(f"ridge {ridge}: no minimum found in 200 steps")
