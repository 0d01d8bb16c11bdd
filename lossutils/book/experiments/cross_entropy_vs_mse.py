"""Cross-entropy against squared error on the digits: many small networks of one shape, trained side by side.

A leading axis counts the networks: for each seed (its split, its labels), one network a start and learning rate.
Everything is in double precision, so that the two frameworks take the same path.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from ...frameworks.protocol import Array
from ...losses.base import Loss
from ...losses.cross_entropy import SoftmaxCrossEntropy
from ...losses.multiclass import SoftmaxSquaredError
from . import split

Slopes = Callable[[list[Array], Array, Array], list[Array]]  # of the weights, for inputs and what the loss takes

CLASSES, HIDDEN = 10, 32
TRAIN, VALIDATE = 1000, 250  # of the 1797 digits; the rest is for testing
BATCH = 64
MEASURES = ("accuracy", "mean confidence", "Brier score", "calibration error")


@dataclass(frozen=True)
class Part:
    """Rows of one kind for every seed: pixels (seeds, n, 64) in [0, 1] and one-hot labels (seeds, n, 10)."""

    x: np.ndarray
    q: np.ndarray

    def each(self, times: int) -> Part:
        """Every seed's rows so many times over."""
        return Part(np.repeat(self.x, times, 0), np.repeat(self.q, times, 0))


@cache
def _pixels() -> tuple[np.ndarray, np.ndarray]:
    from sklearn.datasets import load_digits

    x, labels = load_digits(return_X_y=True)
    return x / 16.0, labels


def digits(seeds: Sequence[int], noise: float = 0.0) -> dict[str, Part]:
    """The digits split by each seed into train, validate and test.

    A share `noise` of the labels to train and to validate on is replaced by another class; those to test on are clean.
    """
    x, clean = _pixels()
    rows: dict[str, list[tuple[np.ndarray, np.ndarray]]] = {"train": [], "validate": [], "test": []}
    for seed in seeds:
        rng = np.random.default_rng(1000 + seed)
        other = (clean + rng.integers(1, CLASSES, clean.size)) % CLASSES
        noisy = np.where(rng.random(clean.size) < noise, other, clean)
        order = np.concatenate(split(clean.size, seed))
        for name, part, labels in zip(
            rows, np.split(order, [TRAIN, TRAIN + VALIDATE]), (noisy, noisy, clean), strict=True
        ):
            rows[name].append((x[part], np.eye(CLASSES)[labels[part]]))
    return {name: Part(*map(np.stack, zip(*pairs, strict=True))) for name, pairs in rows.items()}


def start(seeds: Sequence[int], biases: Sequence[float] = (0.0,)) -> list[np.ndarray]:
    """Weights and biases of a tanh layer and an output layer: one network a seed and bias, the biases changing fastest.

    A bias is added to the first class's logit; the rest of the start is the seed's.
    """
    drawn = []
    for seed in seeds:
        rng = np.random.default_rng(2000 + seed)
        inner = 1.5 / 8 * rng.normal(size=(64, HIDDEN))
        outer = rng.normal(size=(HIDDEN, CLASSES)) / np.sqrt(HIDDEN)
        drawn += [[inner, np.zeros((1, HIDDEN)), outer, bias * np.eye(1, CLASSES)] for bias in biases]
    return [np.stack(w) for w in zip(*drawn, strict=True)]


def network(weights: Sequence[Array], x: Array, tanh: Callable[[Array], Array] = np.tanh) -> Array:
    """Logits of every network for its rows, in any of the three frameworks."""
    inner, inner_bias, outer, outer_bias = weights
    return tanh(x @ inner + inner_bias) @ outer + outer_bias


def _of_rows(loss: Loss, softmax: Callable[[Array], Array]) -> Callable[[Array, Array], Array]:
    """The loss of each row. The squared error as it stands: digits of losses near zero, which cost, move no weight."""
    if isinstance(loss, SoftmaxSquaredError):
        return lambda q, s: (q - softmax(s)) ** 2
    return lambda q, s: loss(q, s, validate=False)


def _slopes_torch(loss: Loss) -> tuple[Slopes, Callable[[np.ndarray], Array]]:
    import torch

    rows = _of_rows(loss, lambda s: torch.softmax(s, -1))

    def slopes(weights: list[Array], x: Array, q: Array) -> list[Array]:
        leaves = [w.detach().requires_grad_() for w in weights]
        total = rows(q, network(leaves, x, torch.tanh)).sum() / BATCH
        return list(torch.autograd.grad(total, leaves))

    return slopes, torch.tensor


def _slopes_tensorflow(loss: Loss) -> tuple[Slopes, Callable[[np.ndarray], Array]]:
    import tensorflow as tf

    rows = _of_rows(loss, tf.nn.softmax)

    def slopes(weights: list[Array], x: Array, q: Array) -> list[Array]:
        with tf.GradientTape() as tape:
            tape.watch(weights)
            total = tf.reduce_sum(rows(q, network(weights, x, tf.tanh))) / BATCH
        return list(tape.gradient(total, weights))

    return tf.function(slopes, autograph=False), tf.constant


def _adam(
    weights: list[Array], slopes: list[Array], rate: Array, moments: list[Array], step: int, epsilon: float
) -> list[Array]:
    """One step of Adam; `epsilon` is added to its divisor; `moments` are the running means, changed in place."""
    for k, g in enumerate(slopes):
        first, second = moments[k]
        moments[k] = first, second = 0.9 * first + 0.1 * g, 0.999 * second + 0.001 * g * g
        size = (second / (1 - 0.999**step)) ** 0.5 + epsilon
        weights[k] = weights[k] - rate * (first / (1 - 0.9**step)) / size
    return weights


def train(
    loss: Loss,
    data: Part,
    weights: Sequence[np.ndarray],
    rates: Sequence[float],
    steps: int = 300,
    *,
    tensorflow: bool = False,
    adam: float | None = None,
    looks: Sequence[int] = (),
) -> list[list[np.ndarray]]:
    """Train by stochastic gradient descent, each start at each rate; the weights after each of `looks`, and last.

    Within, a second axis counts the networks of a seed, which share its rows.

    With a number for `adam`, by Adam, which adds it to its divisor.
    The rows of a batch are the same at each step whatever the loss, the rate and the framework.
    """
    slopes, tensor = (_slopes_tensorflow if tensorflow else _slopes_torch)(loss)
    seeds, times = len(data.x), len(weights[0]) * len(rates) // len(data.x)
    rate = tensor(np.tile(rates, times // len(rates)).reshape(1, -1, 1, 1))
    w = [tensor(np.repeat(v, len(rates), 0).reshape(seeds, times, *v.shape[1:])) for v in weights]
    targets = (data.q.argmax(-1) if isinstance(loss, SoftmaxCrossEntropy) else data.q)[:, None]
    moments = [(0.0 * v, 0.0 * v) for v in w]
    rng = np.random.default_rng(0)
    found = []
    for step in range(1, steps + 1):
        rows = rng.integers(0, data.x.shape[1], BATCH)
        g = slopes(w, tensor(data.x[:, None, rows]), tensor(targets[:, :, rows].repeat(times, 1)))
        if adam is None:
            w = [v - rate * d for v, d in zip(w, g, strict=True)]
        else:
            w = _adam(w, g, rate, moments, step, adam)
        if step in looks or step == steps:
            found.append([np.asarray(v).reshape(-1, *v.shape[2:]) for v in w])
    return found


def accuracy(weights: Sequence[np.ndarray], part: Part) -> np.ndarray:
    """Share of rows whose highest score is their label's, for each network."""
    rows = part.each(len(weights[0]) // len(part.x))
    shares: np.ndarray = (network(weights, rows.x).argmax(-1) == rows.q.argmax(-1)).mean(-1)
    return shares


def best(nets: Sequence[np.ndarray], part: Part, rates: Sequence[float]) -> int:
    """The place of the rate whose networks are right most often, on the average of the seeds."""
    return int(accuracy(nets, part).reshape(-1, len(rates)).mean(0).round(9).argmax())  # of equal ones, the first


def contest(
    loss: Loss,
    data: dict[str, Part],
    weights: Sequence[np.ndarray],
    rates: Sequence[float],
    budgets: Sequence[int],
    *,
    adam: float | None = None,
) -> dict[int, tuple[float, list[np.ndarray]]]:
    """For each number of steps, the rate that validates best then, and its networks."""
    found = train(loss, data["train"], weights, rates, max(budgets), adam=adam, looks=budgets)
    chosen = {}
    for steps, nets in zip(sorted(budgets), found, strict=True):
        place = best(nets, data["validate"], rates)
        chosen[steps] = (rates[place], [w[place :: len(rates)] for w in nets])
    return chosen


def assess(weights: Sequence[np.ndarray], part: Part) -> dict[str, np.ndarray]:
    """What `MEASURES` names, of each network's softmax probabilities; the expected calibration error, over ten bins."""
    s = network(weights, part.x)
    p = np.exp(s - np.logaddexp.reduce(s, -1, keepdims=True))
    sure, right = p.max(-1), p.argmax(-1) == part.q.argmax(-1)
    place = np.minimum((10 * sure).astype(int), 9)
    gap = sum(abs(np.where(place == b, right - sure, 0.0).mean(-1)) for b in range(10))
    brier = ((p - part.q) ** 2).sum(-1)
    found = (right.mean(-1), sure.mean(-1), brier.mean(-1), np.asarray(gap))
    return dict(zip(MEASURES, found, strict=True))
