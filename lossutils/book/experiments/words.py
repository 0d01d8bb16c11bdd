"""A toy with the shape of language: words whose base rates fall as 1/j, contexts, and Huffman's tree of the rates.

A word's base rate is the exponential of its bias in the truth, normalised; averaged over contexts, which tilt it, a
word's frequency is not the same.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from functools import cache

import numpy as np

from . import softmax

CLASSES, INPUTS, BATCH, DRAWN = 2000, 16, 32, 32
CONTEXTS, HELD = 1000, 180  # that are trained on, each many times, and that are held out
SIGNAL = 2.0  # deviation of a class's score from context to context
FREQUENCY = 1 / np.arange(1, CLASSES + 1)  # the base rates
FREQUENCY /= FREQUENCY.sum()
COUNTS = np.log(DRAWN * FREQUENCY).astype(np.float32)
KAPPA, TOP = 15.0, 30.0  # of the rescaled squares


def sigmoid(x: np.ndarray) -> np.ndarray:
    """1/(1 + e^-x)."""
    value: np.ndarray = 0.5 + 0.5 * np.tanh(0.5 * x)
    return value


class World:
    """Contexts, each with a distribution over the classes: base rates, tilted by a linear function of the context."""

    def __init__(self, seed: int) -> None:
        self.rng = np.random.default_rng([8, seed])
        self.weights = self.rng.normal(scale=SIGNAL / np.sqrt(INPUTS), size=(CLASSES, INPUTS)).astype(np.float32)

    def contexts(self, n: int) -> np.ndarray:
        """Inputs of `n` contexts, with a 1 for the bias."""
        return np.column_stack([self.rng.normal(size=(n, INPUTS)), np.ones(n)]).astype(np.float32)

    def shares(self, x: np.ndarray) -> np.ndarray:
        """The true probabilities of the classes in each context."""
        return softmax(x[:, :-1] @ self.weights.T + np.log(FREQUENCY).astype(np.float32))

    def stream(self, n: int) -> tuple[np.ndarray, np.ndarray]:
        """Examples: contexts, of `CONTEXTS` that recur, and a class drawn in each."""
        bank = self.contexts(CONTEXTS)
        heaps = self.shares(bank).astype(float).cumsum(1)
        heaps /= heaps[:, -1:]
        at = self.rng.integers(CONTEXTS, size=n)
        places = np.searchsorted((heaps + np.arange(CONTEXTS)[:, None]).ravel(), at + self.rng.random(n))
        return bank[at], np.minimum(places - at * CLASSES, CLASSES - 1)


@dataclass(frozen=True)
class Tree:
    """Huffman's tree: for each class the nodes on its way from the root and the turns taken there (0 beyond the leaf).

    The children of node k are classes, or `CLASSES` and the number of another node; the root is the last.
    """

    nodes: np.ndarray
    turns: np.ndarray
    children: np.ndarray
    weights: np.ndarray  # the base rates below the two children of each node


@cache
def huffman() -> Tree:
    """The tree of the classes' base rates: the two lightest subtrees are joined until one is left."""
    heap: list[tuple[float, int, tuple[int, ...]]] = [(w, j, (j,)) for j, w in enumerate(FREQUENCY.tolist())]
    heapq.heapify(heap)
    ways: list[list[tuple[int, int]]] = [[] for _ in FREQUENCY]
    children, weights = [], []
    for node in range(CLASSES - 1):
        (u, a, left), (v, b, right) = heapq.heappop(heap), heapq.heappop(heap)
        children.append((a, b))
        weights.append((u, v))
        for leaves, turn in ((left, 1), (right, -1)):
            for leaf in leaves:
                ways[leaf].append((node, turn))
        heapq.heappush(heap, (u + v, CLASSES + node, left + right))
    depth = max(map(len, ways))
    padded = np.array([way[::-1] + [(0, 0)] * (depth - len(way)) for way in ways])
    return Tree(padded[..., 0], padded[..., 1], np.array(children), np.array(weights))


@cache
def material(seed: int, steps: int) -> tuple[np.ndarray, ...]:
    """A seed's examples by step, its draws by step, and the contexts that are held out with their distributions."""
    world = World(seed)
    x, t = world.stream(steps * BATCH)
    drawn = world.rng.choice(CLASSES, size=(steps, DRAWN), p=FREQUENCY)
    held = world.contexts(HELD)
    return x.reshape(steps, BATCH, -1), t.reshape(steps, BATCH), drawn, held, world.shares(held)


def worth(scores: np.ndarray, shares: np.ndarray) -> np.ndarray:
    """Mean log-likelihood, accuracy and log of the sum of e^score; over the labels the average is exact."""
    top = scores.max(-1, keepdims=True)
    total = top[..., 0] + np.log(np.exp(scores - top).sum(-1))
    likelihood = (scores * shares).sum(-1) - total
    right = np.take_along_axis(shares, scores.argmax(-1)[..., None], -1)[..., 0]
    return np.array([likelihood.mean(-1), right.mean(-1), total.mean(-1)])
