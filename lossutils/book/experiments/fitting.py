"""Minima and ways to them: separation, Newton's method, Firth's estimate, descent and its bounds, flows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

import lossutils as lu

from ...losses.numerics import sigmoid
from . import standardised

# z x for three separable examples, the widest margin along (1, 1); and for the same with the first one three times
FOLDED = np.array([[0.5, 1.5], [1.5, 0.5], [4.0, 0.5]])
TRIPLED = FOLDED[[0, 0, 0, 1, 2]]

Parts = tuple[float, np.ndarray, Callable[[np.ndarray], np.ndarray]]  # mean loss, slopes, and rows to the Hessian


def newton(
    objective: Callable[[np.ndarray], float], step: Callable[[np.ndarray], np.ndarray], w: np.ndarray, small: float
) -> np.ndarray:
    """Steps from `w`, each halved while it would raise the objective, until one is `small` beside the weights."""
    for _ in range(200):
        move = step(w)
        last = np.linalg.norm(move) <= small * (1 + np.linalg.norm(w))
        while not last and objective(w + move) > objective(w) + 1e-12:
            move = move / 2
        w = w + move
        if last:
            return w
    raise RuntimeError("no minimum found in 200 steps")


def downhill(hessian: np.ndarray, gradient: np.ndarray) -> np.ndarray:
    """Newton's step; where the objective is not convex, with the curvatures' absolute values."""
    try:
        np.linalg.cholesky(hessian)
    except np.linalg.LinAlgError:
        curvatures, directions = np.linalg.eigh(hessian)
        hessian = (directions * np.maximum(np.abs(curvatures), 1e-7)) @ directions.T
    found: np.ndarray = -np.linalg.solve(hessian, gradient)
    return found


def fitted(loss: Callable[[np.ndarray], Parts], x: np.ndarray, ridge: float, start: np.ndarray) -> np.ndarray:
    """Weights that minimise a mean loss of the scores plus a ridge on all weights but the last."""
    shrink = np.append(np.full(x.shape[1] - 1, ridge), 0.0)

    def objective(w: np.ndarray) -> float:
        return loss(x @ w)[0] + float(0.5 * (shrink * w) @ w)

    def step(w: np.ndarray) -> np.ndarray:
        _, slopes, hessian = loss(x @ w)
        tiny = 1e-7 * np.eye(len(w))  # a pixel that is always 0 has no curvature
        return downhill(hessian(x) + np.diag(shrink) + tiny, x.T @ slopes + shrink * w)

    return newton(objective, step, start, 1e-6)


def mean_parts(values: np.ndarray, slopes: np.ndarray, curvatures: np.ndarray) -> Parts:
    """The parts of a mean over examples."""
    n = len(values)
    return float(values.mean()), slopes / n, lambda x: (x.T * (curvatures / n)) @ x


def separation(x: np.ndarray, y: np.ndarray) -> str:
    """Whether rows with 0/1 labels are completely, quasi-completely or not separated, by one linear program.

    It adds up margins, each counted up to 1 and none below 0; directions may be scaled, so a margin that can be raised
    is raised to 1, and all that can be are raised together.
    """
    from scipy.optimize import linprog

    n, d = x.shape
    folded = (2 * y - 1)[:, None] * x
    goal = np.append(np.zeros(d), -np.ones(n))
    rows = np.hstack([-folded, np.eye(n)])  # what counts of a margin is at most the margin
    bounds = [(None, None)] * d + [(0, 1)] * n
    raised = -linprog(goal, A_ub=rows, b_ub=np.zeros(n), bounds=bounds).fun
    return "complete" if raised > n - 1e-6 else "quasi-complete" if raised > 1e-6 else "none"


@dataclass(frozen=True)
class Problem:
    """The mean of a loss over rows, plus a ridge."""

    loss: lu.Loss
    x: np.ndarray
    y: np.ndarray
    ridge: float = 0.0

    def objective(self, w: np.ndarray) -> float:
        """The value at some weights."""
        return float(self.loss(self.y, self.x @ w, validate=False).mean() + 0.5 * self.ridge * w @ w)

    def gradient(self, w: np.ndarray) -> np.ndarray:
        """The gradient at some weights."""
        slope = self.loss.gradient(self.y, self.x @ w, validate=False)
        found: np.ndarray = self.x.T @ slope / len(self.x) + self.ridge * w
        return found

    def hessian(self, w: np.ndarray) -> np.ndarray:
        """The Hessian at some weights."""
        curvature = self.loss.hessian(self.y, self.x @ w, validate=False)
        found: np.ndarray = (self.x.T * curvature) @ self.x / len(self.x) + self.ridge * np.eye(self.x.shape[1])
        return found

    def curvatures(self, largest: float) -> tuple[float, float]:
        """Bounds of the Hessian's eigenvalues, if the loss's curvature is between 0 and `largest`."""
        spectrum = np.linalg.eigvalsh(self.x.T @ self.x / len(self.x))
        return self.ridge, float(largest * spectrum[-1] + self.ridge)

    def minimiser(self) -> np.ndarray:
        """By Newton's method."""

        def step(w: np.ndarray) -> np.ndarray:
            found: np.ndarray = -np.linalg.lstsq(self.hessian(w), self.gradient(w), rcond=None)[0]
            return found

        return newton(self.objective, step, np.zeros(self.x.shape[1]), 1e-8)

    def descent(self, rate: float, kept: np.ndarray) -> np.ndarray:
        """The weights of gradient descent from 0 after each of the numbers of steps `kept`, which increase."""
        w, found, done = np.zeros(self.x.shape[1]), [], 0
        for until in kept:
            for _ in range(done, until):
                w = w - rate * self.gradient(w)
            done = until
            found.append(w)
        return np.array(found)


def diabetes() -> tuple[np.ndarray, np.ndarray]:
    """The diabetes data, standardised, with a column of ones; the target in its own standard deviations."""
    from sklearn.datasets import load_diabetes

    x, y = load_diabetes(return_X_y=True)
    return standardised(x)[0], (y - y.mean()) / y.std()


def firth(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """The weights at which Firth's modified score is 0, by scoring with halved steps.

    The penalised likelihood adds half the logarithm of the determinant of X'VX.
    """

    def penalised(w: np.ndarray) -> float:
        f = x @ w
        v = sigmoid(f) * sigmoid(-f)
        return float(lu.BinaryCrossEntropy()(y, f).sum() - 0.5 * np.linalg.slogdet((x.T * v) @ x)[1])

    def step(w: np.ndarray) -> np.ndarray:
        p = sigmoid(x @ w)
        v = p * (1 - p)
        information = (x.T * v) @ x
        leverage = v * np.einsum("ij,ji->i", x, np.linalg.solve(information, x.T))
        found: np.ndarray = np.linalg.solve(information, x.T @ (y - p + leverage * (0.5 - p)))
        return found

    return newton(penalised, step, np.zeros(x.shape[1]), 1e-9)


def flow(
    slope: Callable[[np.ndarray], np.ndarray], folded: np.ndarray, last: float, each: int = 50
) -> tuple[np.ndarray, np.ndarray]:
    """Times, and weights of the gradient flow from 0 on the mean of a loss of the margin, whose `slope` is given.

    Runge-Kutta of fourth order in steps of the time's logarithm, `each` for a factor of e.
    """

    def speed(w: np.ndarray, log_time: float) -> np.ndarray:
        speeds: np.ndarray = -np.exp(log_time) * (slope(folded @ w) @ folded) / len(folded)
        return speeds

    h, at = 1.0 / each, np.log(1e-3)
    w, times, path = np.zeros(2), [], []
    while at < np.log(last):
        one = speed(w, at)
        two = speed(w + h / 2 * one, at + h / 2)
        three = speed(w + h / 2 * two, at + h / 2)
        four = speed(w + h * three, at + h)
        w, at = w + h / 6 * (one + 2 * two + 2 * three + four), at + h
        times.append(np.exp(at))
        path.append(w)
    return np.array(times), np.array(path)


def angle(path: np.ndarray) -> np.ndarray:
    """Angles in radians of weights from the direction of the widest margin."""
    found: np.ndarray = np.abs(np.arctan2(path[..., 1], path[..., 0]) - np.pi / 4)
    return found


def least_margin(path: np.ndarray, folded: np.ndarray) -> np.ndarray:
    """The least margin of weights of length 1 in the same directions."""
    found: np.ndarray = (path @ folded.T).min(-1) / np.linalg.norm(path, axis=-1)
    return found
