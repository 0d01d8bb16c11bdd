"""What the chapter on very many classes computes: estimated sums, mutual information, and what losses learn."""

from __future__ import annotations

import json
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np

import lossutils as lu


def noisy_copy(values: int, noise: float) -> np.ndarray:
    """The joint distribution of a uniform variable and its copy, which is redrawn at random with a probability."""
    joint: np.ndarray = (1 - noise) * np.eye(values) / values + noise / values**2
    return joint


def infonce_bound(joint: np.ndarray, candidates: int, rows: int, seed: int) -> float:
    """log N less the InfoNCE loss under the best critic, for pairs of two finite variables."""
    rng = np.random.default_rng(seed)
    first, second = joint.sum(1), joint.sum(0)
    x, partner = np.divmod(rng.choice(joint.size, rows, p=joint.ravel()), joint.shape[1])
    drawn = rng.choice(len(second), (rows, candidates), p=second)
    drawn[:, 0] = partner
    critic = np.log(joint[x[:, None], drawn] / (first[x][:, None] * second[drawn]))
    return float(np.log(candidates) - lu.SoftmaxCrossEntropy()(np.zeros(rows, int), critic).mean())


def mutual_information(joint: np.ndarray) -> float:
    """In nats, of a joint distribution without zeros."""
    return float((joint * np.log(joint / np.outer(joint.sum(1), joint.sum(0)))).sum())


def sampled_gradient(
    scores: np.ndarray, label: int, frequency: np.ndarray, drawn: int, corrected: bool, rounds: int
) -> np.ndarray:
    """The average, over many draws of negatives, of the gradient that sampled softmax gives the scores."""
    rng = np.random.default_rng(0)
    negatives = rng.choice(len(scores), (rounds, drawn), p=frequency)
    columns = np.concatenate([np.full((rounds, 1), label), negatives], 1)
    counts = np.log(drawn * frequency) if corrected else np.zeros(len(scores))
    expected = np.where(columns == label, np.inf, counts[columns])  # a draw of the right class is left out
    expected[:, 0] = 0  # the right class is there for certain
    gradient = lu.SampledSoftmax().gradient(expected, scores[columns])
    mean = np.zeros(len(scores))
    np.add.at(mean, columns, gradient / rounds)
    return mean


def learnt(
    q: np.ndarray, noise: np.ndarray, drawn: int, right: bool = False, others: bool = False, hits: bool = True
) -> np.ndarray:
    """The softmax of the scores at which the expected loss of a sampled row is least, over all rows and their draws.

    `right` and `others` say whose scores are corrected by log(D Q), `hits` whether draws of the right class are kept.
    """
    classes = len(q)
    rows = np.array(list(product(range(classes), repeat=drawn + 1)))
    weights = q[rows[:, 0]] * noise[rows[:, 1:]].prod(1)
    counts = np.log(drawn * noise)[rows] * np.array([right] + [others] * drawn)
    if not hits:
        counts[:, 1:][rows[:, 1:] == rows[:, :1]] = np.inf
    loss, scores = lu.SampledSoftmax(), np.zeros(classes)
    for _ in range(30):  # Newton's steps; the ones fix the constant that no softmax sees
        slope, curvature = np.zeros(classes), np.ones((classes, classes))
        np.add.at(slope, rows, weights[:, None] * loss.gradient(counts, scores[rows]))
        entry = rows[:, :, None], rows[:, None, :]
        np.add.at(curvature, entry, weights[:, None, None] * loss.hessian(counts, scores[rows]))
        scores = scores - np.linalg.solve(curvature, slope)
    shares: np.ndarray = np.exp(scores) / np.exp(scores).sum()
    return shares


def estimated_total(p: np.ndarray, noise: np.ndarray, drawn: int, rounds: int, seed: int) -> np.ndarray:
    """Estimates of a softmax's sum from draws of a noise distribution, as multiples of the sum."""
    picked = np.random.default_rng(seed).choice(len(p), (rounds, drawn), p=noise)
    estimates: np.ndarray = (p / noise)[picked].mean(1)
    return estimates


def load(path: str) -> dict[str, Any]:
    """What benchmarks/many_classes.py wrote."""
    found: dict[str, Any] = json.loads(Path(path).read_text())
    return found
