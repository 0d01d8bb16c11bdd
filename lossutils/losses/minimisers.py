"""The constant prediction with the least mean loss over some targets, where that has a closed form.

A loss has one of these as its method `minimiser(target)`; the first line of its documentation says in words what it is,
for a sample and for a population alike. Targets are NumPy arrays or lists, of which the first axis counts the examples.
"""

from __future__ import annotations

from collections.abc import Callable
from math import inf, log
from typing import Protocol, TypeAlias

import numpy as np

from ..frameworks.protocol import Array

Minimiser: TypeAlias = Callable[..., "float | np.ndarray | None"]


class _OfLevel(Protocol):
    @property
    def quantile(self) -> float: ...


class _OfExpectile(Protocol):
    @property
    def level(self) -> float: ...


class _Covering(Protocol):
    @property
    def coverage(self) -> float: ...


class _WithZone(Protocol):
    @property
    def epsilon(self) -> float: ...


class _Weighted(Protocol):
    @property
    def positive_weight(self) -> float: ...


class _Averaging(Protocol):
    @property
    def average(self) -> bool: ...


def mean(loss: object, target: Array) -> float:
    """The mean of the targets."""
    return float(np.mean(target))


def median(loss: object, target: Array) -> float:
    """Any median of the targets; the middle of the medians is returned."""
    return float(np.median(target))


def quantile(loss: _OfLevel, target: Array) -> float:
    """Any quantile of the targets at the loss's level; the least of them is returned."""
    ordered = np.sort(np.asarray(target, float))
    return float(ordered[int(np.ceil(loss.quantile * len(ordered) - 1e-9)) - 1])


def expectile(loss: _OfExpectile, target: Array) -> float:
    """The targets' expectile at the loss's level: their mean, those above it weighing q and those below it 1 - q."""
    ordered = np.sort(np.asarray(target, float))
    above = np.arange(len(ordered), 0, -1) - 1  # how many, if all up to each are below
    below = np.arange(len(ordered)) + 1
    sums = np.cumsum(ordered)
    q = loss.level
    means = (q * (sums[-1] - sums) + (1 - q) * sums) / (q * above + (1 - q) * below)
    return float(means[np.argmax(means <= np.append(ordered[1:], np.inf))])


def median_of_ends(loss: _WithZone, target: Array) -> float:
    """Any median of the ends of the targets' zones, y - epsilon and y + epsilon; the middle one is returned."""
    target = np.asarray(target, float)
    return float(np.median(np.concatenate([target - loss.epsilon, target + loss.epsilon])))


def log_mean(loss: object, target: Array) -> float:
    """The logarithm of the mean of the targets."""
    return _log(float(np.mean(target)))


def majority(loss: object, target: Array) -> float:
    """Any score of the sign that more of the labels have; 1 or -1 is returned, 1 in a tie."""
    return 1.0 if np.mean(target) >= 0 else -1.0


def majority_sign(loss: object, target: Array) -> float:
    """The sign that more of the labels have; in a tie anything from -1 to 1, and 0 is returned."""
    return float(np.sign(np.mean(target)))


def zero(loss: object, target: Array) -> float:
    """0, whatever the labels: no constant score has less loss."""
    return 0.0


def half_log_odds(loss: object, target: Array) -> float:
    """Half the logarithm of the odds of the label +1."""
    return log_odds(loss, target) / 2


def log_odds(loss: object, target: Array) -> float:
    """The logarithm of the odds of the label +1."""
    positive = (1 + float(np.mean(target))) / 2
    return _log(positive) - _log(1 - positive)


def logit(loss: object, target: Array) -> float:
    """The logit of the mean of the targets."""
    positive = float(np.mean(target))
    return _log(positive) - _log(1 - positive)


def weighted_logit(loss: _Weighted, target: Array) -> float:
    """The logit of the mean of the targets, plus the logarithm of the positive weight."""
    return logit(loss, target) + log(loss.positive_weight)


def log_frequencies(loss: object, target: Array) -> np.ndarray:
    """The logarithms of the mean distribution over the classes, plus any constant."""
    return _logs(np.mean(target, axis=0))


def class_log_frequencies(loss: object, target: Array) -> np.ndarray:
    """The logarithms of the mean distribution over the classes, plus any constant."""
    target = np.asarray(target)
    return log_frequencies(loss, np.eye(target.max() + 1)[target] if target.ndim == 1 else target)


def class_log_odds(loss: object, target: Array) -> np.ndarray:
    """The logarithm of each class's odds of being the right one."""
    counts = np.bincount(target)
    return np.asarray(_logs(counts) - _logs(len(target) - counts))


def log_frequencies_of_positives(loss: _Averaging, target: Array) -> np.ndarray:
    """The logarithms of the classes' shares among the positives, plus any constant.

    With an average, each row's positives share one vote; with a sum, each positive has a vote.
    """
    target = np.asarray(target, float)
    if loss.average:
        target = target / target.sum(-1, keepdims=True)
    return _logs(target.sum(0) / target.sum())


def mean_and_log_deviation(loss: object, target: Array) -> np.ndarray:
    """The mean of the targets and the logarithm of their standard deviation, of the whole sample."""
    return np.array([np.mean(target), _log(float(np.std(target)))])


def central_quantiles(loss: _Covering, target: Array) -> np.ndarray:
    """Any quantiles of the targets that leave out half of the rest on either side; the least of them are returned."""
    ordered = np.sort(np.asarray(target, float))
    levels = np.array([1 - loss.coverage, 1 + loss.coverage]) / 2
    return np.asarray(ordered[np.ceil(levels * len(ordered) - 1e-9).astype(int) - 1])


def none_known(loss: object, target: Array) -> None:
    """No closed form."""
    return None


def _log(x: float) -> float:
    return log(x) if x > 0 else -inf


def _logs(x: np.ndarray) -> np.ndarray:
    with np.errstate(divide="ignore"):
        return np.asarray(np.log(x))
