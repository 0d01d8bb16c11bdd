"""A race of the losses that avoid a softmax's sum: words with base rates of Zipf's law, a linear model, Adagrad.

Runs of several seeds and rates go side by side: arrays begin with an axis of runs, seed by seed and rate by rate within
a seed. Runs of a seed see the same examples and the same draws, whatever the loss and the rate.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from . import softmax
from .words import (
    BATCH,
    CLASSES,
    COUNTS,
    DRAWN,
    FREQUENCY,
    HELD,
    INPUTS,
    KAPPA,
    TOP,
    huffman,
    material,
    sigmoid,
    worth,
)

BEGUN = 1e-8  # what Adagrad's sums of squares start at


class Runs:
    """The weights of all runs, and what moves them: plain gradient steps or Adagrad's, whose sums start at `begun`."""

    def __init__(self, runs: int, loss: Loss, rates: np.ndarray, adagrad: bool, begun: float = BEGUN) -> None:
        self.rows, self.adagrad = loss.rows, adagrad
        self.w = np.zeros((runs * loss.rows, INPUTS + 1), loss.kind)
        self.w[:, -1] = np.tile(loss.start(), runs)
        self.squares = np.full_like(self.w, begun)
        self.rates = rates.astype(loss.kind)
        self.first = np.arange(runs)[:, None] * loss.rows

    @property
    def whole(self) -> np.ndarray:
        """Weights by run and row."""
        return self.w.reshape(len(self.rates), self.rows, -1)

    def at(self, rows: np.ndarray) -> np.ndarray:
        """Weights of some rows of each run."""
        found: np.ndarray = self.w[self.first + rows]
        return found

    def step_all(self, gradient: np.ndarray) -> None:
        """A step in all weights."""
        w, rates = self.whole, self.rates[:, None, None]
        if not self.adagrad:
            w -= rates * gradient
            return
        squares = self.squares.reshape(gradient.shape)
        squares += gradient * gradient
        w -= rates * gradient / np.sqrt(squares)

    def step_at(self, rows: np.ndarray, gradient: np.ndarray) -> None:
        """A step in the rows named, each of which may be named several times."""
        flat = (self.first + rows).ravel()
        order = np.argsort(flat, kind="stable")
        places, starts = np.unique(flat[order], return_index=True)
        total = np.add.reduceat(gradient.reshape(len(flat), -1)[order], starts)
        if self.adagrad:
            self.squares[places] += total * total
            total /= np.sqrt(self.squares[places])
        self.w[places] -= self.rates[places // self.rows, None] * total


class Loss:
    """How a loss of the classes' scores takes a step, and how its scores are read."""

    logits = float(CLASSES)  # that an example costs
    rows = CLASSES  # of the weights
    readings: tuple[float, ...] = (0.0,)  # how much of log Q is added to the scores before they are read as logits
    judged_by = 0  # the likelihood; 1: the accuracy
    kind: type[np.floating] = np.float32

    def start(self) -> np.ndarray:
        """Biases with which every context has the base rates."""
        return np.log(FREQUENCY)

    def step(self, runs: Runs, x: np.ndarray, t: np.ndarray, drawn: np.ndarray) -> None:
        """One step on a batch: `x` (runs, batch, inputs), `t` (runs, batch), `drawn` (runs, draws)."""
        raise NotImplementedError

    def scores(self, runs: Runs, x: np.ndarray) -> np.ndarray:
        """What the model gives every class."""
        found: np.ndarray = x @ runs.whole.swapaxes(1, 2)
        return found


class Softmax(Loss):
    """The full softmax."""

    def step(self, runs: Runs, x: np.ndarray, t: np.ndarray, drawn: np.ndarray) -> None:
        """One step on a batch."""
        slope = self.slope(x @ runs.whole.swapaxes(1, 2), t)
        runs.step_all(slope.swapaxes(1, 2) @ x / BATCH)

    def slope(self, s: np.ndarray, t: np.ndarray) -> np.ndarray:
        """The loss's gradient in all scores."""
        p = softmax(s)
        np.put_along_axis(p, t[..., None], np.take_along_axis(p, t[..., None], -1) - 1, -1)
        return p


@dataclass(frozen=True)
class Squares(Softmax):
    """The squares of the scores, rescaled by kappa and M; with 1 and 1 the plain ones."""

    kappa: float = KAPPA
    top: float = TOP
    judged_by = 1  # the scores are no logits
    kind = np.float64  # scores that go to 0 would become subnormal in float32, which are slow

    def start(self) -> np.ndarray:
        """Biases that give every context the base rates."""
        return self.kappa * self.top * FREQUENCY / (1 + (self.kappa - 1) * FREQUENCY)

    def slope(self, s: np.ndarray, t: np.ndarray) -> np.ndarray:
        """The gradient without the factor 2/K; Adagrad takes a factor out where its sums started near 0."""
        right = np.take_along_axis(s, t[..., None], -1)
        slope = s.copy()
        np.put_along_axis(slope, t[..., None], self.kappa * (right - self.top), -1)
        return slope


class Sampled(Loss):
    """The right class beside the drawn ones, which a batch shares; how the short row is scored is a subclass's."""

    logits = 1.0 + DRAWN

    def step(self, runs: Runs, x: np.ndarray, t: np.ndarray, drawn: np.ndarray) -> None:
        """One step on a batch."""
        right, others = runs.at(t), runs.at(drawn)
        s = np.concatenate([(x * right).sum(-1)[..., None], x @ others.swapaxes(1, 2)], -1)
        slope = self.slope(s, t, drawn) / BATCH
        gradient = np.concatenate([slope[..., :1] * x, slope[..., 1:].swapaxes(1, 2) @ x], 1)
        runs.step_at(np.concatenate([t, drawn], 1), gradient)

    def slope(self, s: np.ndarray, t: np.ndarray, drawn: np.ndarray) -> np.ndarray:
        """The loss's gradient in the scores of the short row, the right class first."""
        raise NotImplementedError


def row(values: np.ndarray, t: np.ndarray, drawn: np.ndarray) -> np.ndarray:
    """What belongs to the entries of the short rows: the right class first, then the draws, the same for a batch."""
    others = np.broadcast_to(values[drawn][:, None], (*t.shape, drawn.shape[-1]))
    return np.concatenate([values[t][..., None], others], -1)


class SampledSoftmax(Sampled):
    """Sampled softmax, every score of the row corrected; without the correction its scores would be less by log(DQ)."""

    readings = (0.0, -1.0)

    def slope(self, s: np.ndarray, t: np.ndarray, drawn: np.ndarray) -> np.ndarray:
        """The gradient in the short row."""
        p = softmax(s - row(COUNTS, t, drawn))
        p[..., 0] -= 1
        return p


class NegativesCorrected(Sampled):
    """Sampled softmax in which the right class is not corrected, and draws of it are left out."""

    def slope(self, s: np.ndarray, t: np.ndarray, drawn: np.ndarray) -> np.ndarray:
        """The gradient in the short row."""
        s = s - row(COUNTS, t, drawn)
        s[..., 0] += COUNTS[t]
        s[..., 1:][drawn[:, None] == t[..., None]] = -np.inf
        p = softmax(s)
        p[..., 0] -= 1
        return p


@dataclass(frozen=True)
class Contrast(Sampled):
    """Noise-contrastive estimation; negative sampling's scores are less by log(DQ), and in practice start at 0."""

    from_zero: bool = False
    readings = (0.0, -1.0)

    def start(self) -> np.ndarray:
        """Biases that give every context the base rates."""
        return np.log(DRAWN * FREQUENCY) if self.from_zero else np.log(FREQUENCY)

    def slope(self, s: np.ndarray, t: np.ndarray, drawn: np.ndarray) -> np.ndarray:
        """The gradient in the short row."""
        p = sigmoid(s - row(COUNTS, t, drawn))
        p[..., 0] -= 1
        return p


class Hierarchical(Loss):
    """A binary question at each node on the way to the right class."""

    logits = float((FREQUENCY * (huffman().turns != 0).sum(1)).sum())
    rows = CLASSES - 1

    def start(self) -> np.ndarray:
        """Biases that give every context the base rates."""
        left, right = huffman().weights.T
        odds: np.ndarray = np.log(left / right)
        return odds

    def step(self, runs: Runs, x: np.ndarray, t: np.ndarray, drawn: np.ndarray) -> None:
        """One step on a batch."""
        tree = huffman()
        nodes, turns = tree.nodes[t], tree.turns[t].astype(np.float32)
        shape = (len(x), -1, INPUTS + 1)
        w = runs.at(nodes.reshape(len(x), -1)).reshape(*nodes.shape, -1)
        f = (w @ x[..., None])[..., 0]
        slope = -turns * sigmoid(-turns * f) / BATCH
        runs.step_at(nodes.reshape(len(x), -1), (slope[..., None] * x[:, :, None]).reshape(shape))

    def scores(self, runs: Runs, x: np.ndarray) -> np.ndarray:
        """Log-probabilities: from the root, joined last, down to the leaves."""
        f = np.ascontiguousarray(np.moveaxis(x @ runs.whole.swapaxes(1, 2), -1, 0))
        straight = -np.logaddexp(np.float32(0), -f)
        found = np.zeros((2 * CLASSES - 1, *f.shape[1:]), np.float32)
        for node in range(CLASSES - 2, -1, -1):
            above = found[CLASSES + node] + straight[node]
            left, right = huffman().children[node]
            found[left], found[right] = above, above - f[node]
        leaves: np.ndarray = np.ascontiguousarray(np.moveaxis(found[:CLASSES], 0, -1))
        return leaves


LOSSES: dict[str, tuple[Loss, tuple[float, ...]]] = {  # with the rates to choose from
    "full softmax": (Softmax(), (0.05, 0.1, 0.2, 0.4)),
    "sampled softmax": (SampledSoftmax(), (0.1, 0.2, 0.4)),
    "negatives corrected": (NegativesCorrected(), (0.05, 0.1, 0.2, 0.4)),
    "noise-contrastive": (Contrast(), (0.1, 0.2, 0.4)),
    "negative sampling from 0": (Contrast(from_zero=True), (0.0125, 0.025, 0.05, 0.1)),
    "hierarchical softmax": (Hierarchical(), (0.05, 0.1, 0.2)),
    "rescaled squares": (Squares(), (0.4, 0.8, 1.6, 3.2)),
    "plain squares": (Squares(1.0, 1.0), (0.001, 0.003, 0.01, 0.03)),
}


class Course(NamedTuple):
    """What a loss's runs were worth at each look."""

    loss: Loss
    looks: tuple[int, ...]
    rates: tuple[float, ...]
    worth: np.ndarray  # (likelihood, accuracy and log of the sum; looks; readings; parts held out; seeds; rates)

    def chosen(self, look: int) -> int:
        """The place of the rate that is best at a look on the first part held out, one for all seeds."""
        return int(self.worth[self.loss.judged_by, self.looks.index(look), 0, 0].mean(0).argmax())

    def likelihood(self, look: int, reading: int = 0) -> np.ndarray:
        """By seed, on the second part."""
        return self._found(0, look, reading)

    def accuracy(self, look: int, reading: int = 0) -> np.ndarray:
        """By seed, on the second part."""
        return self._found(1, look, reading)

    def total(self, look: int) -> np.ndarray:
        """The mean logarithm of the sum of the exponentials of the scores, by seed."""
        return self._found(2, look, 0)

    def _found(self, what: int, look: int, reading: int) -> np.ndarray:
        found: np.ndarray = self.worth[what, self.looks.index(look), reading, 1, :, self.chosen(look)]
        return found


def course(
    loss: Loss,
    seeds: Sequence[int],
    rates: Sequence[float],
    looks: Sequence[int],
    longest: int,
    adagrad: bool = True,
    begun: float = BEGUN,
) -> Course:
    """Train, and look at the steps named; `longest` is how many steps there are examples for."""
    runs = Runs(len(seeds) * len(rates), loss, np.tile(rates, len(seeds)), adagrad, begun)
    data = [material(seed, longest) for seed in seeds]
    found = []
    for step in range(looks[-1]):
        x, t, drawn = (np.repeat([d[part][step] for d in data], len(rates), 0) for part in range(3))
        loss.step(runs, x, t, drawn)
        if step + 1 in looks:
            found.append(_assessed(loss, runs, data, len(rates)))
    return Course(loss, tuple(looks), tuple(rates), np.moveaxis(np.array(found), 3, 0))


def _assessed(loss: Loss, runs: Runs, data: Sequence[tuple[np.ndarray, ...]], rates: int) -> np.ndarray:
    """By reading, part, what is found, seed and rate."""
    x, shares = (np.repeat([d[k] for d in data], rates, 0) for k in (3, 4))
    scores = loss.scores(runs, x)
    parts = slice(HELD // 3), slice(HELD // 3, None)
    found = [
        [worth(scores[:, part] + read * np.log(FREQUENCY).astype(np.float32), shares[:, part]) for part in parts]
        for read in loss.readings
    ]
    return np.array(found).reshape(len(loss.readings), 2, 3, len(data), rates)
