"""What the chapter on the logistic loss measures: machines and tails."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import pairwise

import numpy as np
from mpmath import mp, workprec

from . import split, standardised

FULL = {"float32": 24 * np.log10(2), "float64": 53 * np.log10(2)}  # decimal digits of a significand


def raw_cancer() -> tuple[np.ndarray, np.ndarray]:
    """Breast cancer data as they come: features and 0/1 labels."""
    from sklearn.datasets import load_breast_cancer

    x, y = load_breast_cancer(return_X_y=True)
    return x, y.astype(float)


def cancer(seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Breast cancer data: rows and 0/1 labels to train on, then to test on; standardised, a column of ones last."""
    x, y = raw_cancer()
    train, test = split(len(y), seed)
    x_train, x_test = standardised(x[train], x[test])
    return x_train, y[train], x_test, y[test]


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
