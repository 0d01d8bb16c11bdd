"""The constant prediction with the least mean loss over some targets, where that has a closed form.

A loss has one of these as its method `minimiser(target)`; the first line of its documentation says in words what it is,
for a sample and for a population alike. Targets are NumPy arrays or lists, of which the first axis counts the examples.
"""

from __future__ import annotations

from math import log
from typing import Any

import numpy as np


def mean(loss: Any, target: Any) -> float:
    """The mean of the targets."""
    return float(np.mean(target))


def median(loss: Any, target: Any) -> float:
    """Any median of the targets; the middle of the medians is returned."""
    return float(np.median(target))


def quantile(loss: Any, target: Any) -> float:
    """Any quantile of the targets at the loss's level; the least of them is returned."""
    ordered = np.sort(np.asarray(target, float))
    return float(ordered[int(np.ceil(loss.quantile * len(ordered) - 1e-9)) - 1])


def median_of_ends(loss: Any, target: Any) -> float:
    """Any median of the ends of the targets' zones, y - epsilon and y + epsilon; the middle one is returned."""
    target = np.asarray(target, float)
    return float(np.median(np.concatenate([target - loss.epsilon, target + loss.epsilon])))


def log_mean(loss: Any, target: Any) -> float:
    """The logarithm of the mean of the targets."""
    return _log(np.mean(target))


def majority(loss: Any, target: Any) -> float:
    """Any score of the sign that more of the labels have; 1 or -1 is returned, 1 in a tie."""
    return 1.0 if np.mean(target) >= 0 else -1.0


def majority_sign(loss: Any, target: Any) -> float:
    """The sign that more of the labels have; in a tie anything from -1 to 1, and 0 is returned."""
    return float(np.sign(np.mean(target)))


def zero(loss: Any, target: Any) -> float:
    """0, whatever the labels: no constant score has less loss."""
    return 0.0


def half_log_odds(loss: Any, target: Any) -> float:
    """Half the logarithm of the odds of the label +1."""
    return log_odds(loss, target) / 2


def log_odds(loss: Any, target: Any) -> float:
    """The logarithm of the odds of the label +1."""
    positive = (1 + np.mean(target)) / 2
    return _log(positive) - _log(1 - positive)


def logit(loss: Any, target: Any) -> float:
    """The logit of the mean of the targets."""
    return _log(np.mean(target)) - _log(1 - np.mean(target))


def weighted_logit(loss: Any, target: Any) -> float:
    """The logit of the mean of the targets, plus the logarithm of the positive weight."""
    return logit(loss, target) + log(loss.positive_weight)


def log_frequencies(loss: Any, target: Any) -> np.ndarray:
    """The logarithms of the mean distribution over the classes, plus any constant."""
    return _logs(np.mean(target, axis=0))


def log_frequencies_of_positives(loss: Any, target: Any) -> np.ndarray:
    """The logarithms of the classes' shares among the positives, plus any constant.

    With an average, each row's positives share one vote; with a sum, each positive has a vote.
    """
    target = np.asarray(target, float)
    if loss.average:
        target = target / target.sum(-1, keepdims=True)
    return _logs(target.sum(0) / target.sum())


def none_known(loss: Any, target: Any) -> None:
    """No closed form."""
    return None


def _log(x: float) -> float:
    return log(x) if x > 0 else -np.inf


def _logs(x: np.ndarray) -> np.ndarray:
    with np.errstate(divide="ignore"):
        return np.log(x)
