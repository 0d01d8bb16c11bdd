"""A small network that states a normal distribution for each input, trained by several losses of mean and variance."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from scipy.special import ndtr

Slopes = Callable[[np.ndarray, np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]  # in f and in log v

UNITS = 32
NOISE = 0.05  # deviation of the targets about the wave
FIRST, SECOND = 0.9, 0.999  # what Adam keeps of its means


def wave(seeds: Sequence[int], n: int, part: int) -> tuple[np.ndarray, np.ndarray]:
    """Inputs from 0 to 1 and targets, two periods of a sine plus normal noise: a row for each seed."""
    rows = []
    for seed in seeds:
        random = np.random.default_rng([seed, part])
        x = np.sort(random.random(n))
        rows.append((x, np.sin(4 * np.pi * x) + NOISE * random.normal(size=n)))
    return np.array([x for x, _ in rows]), np.array([y for _, y in rows])


def weighted_likelihood(beta: float) -> Slopes:
    """Slopes of the Gaussian likelihood, each example weighted by its variance to the power beta, held fixed."""

    def slopes(y: np.ndarray, f: np.ndarray, h: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        weight = np.exp(beta * h)
        return weight * (f - y) * np.exp(-h), weight * (1 - (y - f) ** 2 * np.exp(-h)) / 2

    return slopes


def normal_crps(y: np.ndarray, f: np.ndarray, h: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Slopes of the continuous ranked probability score."""
    s = np.exp(h / 2)
    u = (y - f) / s
    density = np.exp(-u * u / 2) / np.sqrt(2 * np.pi)
    return 1 - 2 * ndtr(u), s * (density - 1 / np.sqrt(4 * np.pi))


def start(seeds: Sequence[int]) -> list[np.ndarray]:
    """Weights of the hidden units and of the two outputs, for each seed; the outputs begin at 0."""
    hidden = []
    for seed in seeds:
        random = np.random.default_rng([seed, 9])
        slope = 2 * random.normal(size=UNITS)
        hidden.append([slope, -slope * random.random(UNITS)])  # every unit bends somewhere in the data
    return [np.array(hidden), np.zeros((len(seeds), UNITS + 1, 2))]


def outputs(weights: list[np.ndarray], x: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Mean and logarithm of the variance at each input, and the hidden units' values with a column of ones."""
    first, second = weights
    units = np.tanh(x[..., None] * first[:, :1] + first[:, 1:])
    units = np.concatenate([units, np.ones((*x.shape, 1))], -1)
    f, h = np.moveaxis(units @ second, -1, 0)
    return f, h, units


def train(
    slopes: Slopes, rows: tuple[np.ndarray, np.ndarray], weights: list[np.ndarray], rate: np.ndarray, steps: int
) -> list[np.ndarray]:
    """The weights after steps of Adam on all examples: a network for each row, with a rate that falls linearly to 0."""
    x, y = rows
    rates = rate[:, None, None] * (1 - np.arange(steps) / steps)
    means = [np.zeros_like(w) for w in weights]
    squares = [np.zeros_like(w) for w in weights]
    for step in range(1, steps + 1):
        rate = rates[..., step - 1 : step]
        f, h, units = outputs(weights, x)
        pulls = np.stack(slopes(y, f, h), -1) / x.shape[1]
        into = (pulls @ weights[1][:, :-1].transpose(0, 2, 1)) * (1 - units[..., :-1] ** 2)
        gradients = [np.stack([(into * x[..., None]).sum(1), into.sum(1)], 1), units.transpose(0, 2, 1) @ pulls]
        for k, g in enumerate(gradients):
            means[k] += (1 - FIRST) * (g - means[k])
            squares[k] += (1 - SECOND) * (g * g - squares[k])
            unbiased = np.sqrt(squares[k] / (1 - SECOND**step)) + 1e-8
            weights = [*weights[:k], weights[k] - rate * means[k] / (1 - FIRST**step) / unbiased, *weights[k + 1 :]]
    return weights


def surprise(weights: list[np.ndarray], x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Mean Gaussian negative log-likelihood, without its constant, for each row."""
    f, h, _ = outputs(weights, x)
    found: np.ndarray = (h / 2 + (y - f) ** 2 * np.exp(-h) / 2).mean(-1)
    return found


def error(weights: list[np.ndarray], x: np.ndarray) -> np.ndarray:
    """Root of the mean squared distance of the stated mean from the wave, for each row."""
    found: np.ndarray = np.sqrt(((outputs(weights, x)[0] - np.sin(4 * np.pi * x)) ** 2).mean(-1))
    return found


RATES = (3e-3, 1e-2, 3e-2, 1e-1)


def best_of_rates(slopes: Slopes, seeds: Sequence[int], n: int, steps: int) -> tuple[list[np.ndarray], float]:
    """For each seed the network of the one rate of `RATES` whose mean surprise on held-out examples is least; it."""
    copies = len(RATES)
    every = [np.tile(part, (copies, 1)) for part in wave(seeds, n, 0)]
    held = [np.tile(part, (copies, 1)) for part in wave(seeds, n, 1)]
    first = [np.tile(w, (copies, 1, 1)) for w in start(seeds)]
    found = train(slopes, (every[0], every[1]), first, np.repeat(RATES, len(seeds)), steps)
    surprises = surprise(found, held[0], held[1]).reshape(copies, -1).mean(1)
    best = int(np.argmin(surprises))
    rows = slice(best * len(seeds), (best + 1) * len(seeds))
    return [w[rows] for w in found], RATES[best]
