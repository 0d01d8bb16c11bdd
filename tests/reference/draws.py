"""Random points for a loss, as many as one likes: any, and those at which a result nearly cancels."""

import numpy as np

import lossutils as lu
from lossutils.frameworks.domains import NONNEGATIVE, POSITIVE, UNIT

from .grid import LOG_COUNTS, rounded

CLASSES = 8
MASKS = lu.MultiPositiveCrossEntropy | lu.AnyPositiveCrossEntropy


def anywhere(loss, dtype, count, rng):
    """Predictions from N(0, 9), rows of 8 from N(0, 36), and targets of every kind that the loss takes."""
    if loss.columns:
        s = rounded(rng.normal(0, 2, (count, 2)), dtype)
        return rounded(s[:, 0] + np.exp(s[:, 1]) * rng.normal(0, 2, count), dtype), s
    if loss.row_axes:
        s = rounded(rng.normal(0, 6, (count, CLASSES)), dtype)
        return _row_targets(loss, dtype, count, rng), s
    f = rounded(rng.normal(0, 3, count), dtype)
    if hasattr(loss.domain, "values"):
        return rng.choice(loss.domain.values, count), f
    if loss.domain == UNIT:
        hard = rng.integers(0, 2, count)
        return rounded(np.where(rng.random(count) < 0.3, hard, rng.random(count)), dtype), f
    if loss.domain in (NONNEGATIVE, POSITIVE):
        y = rounded(rng.gamma(1, 3, count), dtype)
        return (np.where(rng.random(count) < 0.3, rng.poisson(3, count), y) if loss.domain == NONNEGATIVE else y), f
    return rounded(f + rng.normal(0, 3, count), dtype), f


def _row_targets(loss, dtype, count, rng):
    if isinstance(loss, MASKS):
        mask = rng.integers(0, 2, (count, CLASSES))
        mask[np.arange(count), rng.integers(0, CLASSES, count)] = 1
        return mask
    if isinstance(loss, lu.PairwiseLogistic):
        mask, first = rng.integers(0, 2, (count, CLASSES)), rng.integers(0, CLASSES, count)
        mask[np.arange(count), first], mask[np.arange(count), first - 1] = 1, 0
        return mask
    if isinstance(loss, LOG_COUNTS):
        return rounded(rng.normal(0, 2, (count, CLASSES)), dtype)
    if isinstance(loss, lu.KullbackLeibler):
        return _distributions(dtype, count, rng)
    return rng.integers(0, CLASSES, count)


def _distributions(dtype, count, rng):
    """Distributions over the classes, a third of them with classes of probability 0, or one class alone."""
    q = rng.dirichlet(np.ones(CLASSES), count)
    left_out = (rng.random(q.shape) < rng.choice([0, 0, 0.5, 1], (count, 1))) & (q < q.max(-1, keepdims=True))
    q = np.where(left_out, 0, q)
    return rounded(q / q.sum(-1, keepdims=True), dtype)


def soft_rows(loss, dtype, count, rng):
    """Rows with a distribution as the target, for a loss that takes one besides the number of a class; else None."""
    if not (loss.takes_labels and loss.takes_rows):
        return None
    q = _distributions(dtype, count, rng)
    return q, rounded(rng.normal(0, 6, (count, CLASSES)), dtype)


def close(loss, dtype, count, rng):
    """Targets at or near those at which value or gradient is 0, by relative distances from 1 to 1e-17; else None."""
    distance = rng.choice([-1, 1], count) * 10.0 ** rng.uniform(-17, 0, count)
    if isinstance(loss, lu.KullbackLeibler | lu.SoftmaxSquaredError):
        s = rounded(rng.normal(0, 3, (count, CLASSES)) * rng.choice([0.01, 1, 2], (count, 1)), dtype)
        e = np.exp(s - s.max(-1, keepdims=True) + distance[:, None] * rng.normal(size=s.shape))
        return rounded(e / e.sum(-1, keepdims=True), dtype), s
    if isinstance(loss, lu.GaussianLikelihood | lu.NormalCRPS):
        s = rounded(rng.normal(0, 3, (count, 2)), dtype)
        square = np.full(count, np.log(2) if isinstance(loss, lu.NormalCRPS) else 1.0)
        if isinstance(loss, lu.GaussianLikelihood):
            square = np.where((rng.random(count) < 0.5) & (s[:, 1] < 0), -2 * s[:, 1], square)
        z = rng.choice([-1, 1], count) * np.sqrt(square) * (1 + distance)
        return rounded(s[:, 0] + np.exp(s[:, 1]) * z, dtype), s
    f = rounded(rng.normal(0, 3, count), dtype)
    mean, half = np.exp(f), rng.random(count) < 0.5
    if isinstance(loss, lu.SigmoidSquaredError):
        y = mean / (1 + mean)
    elif isinstance(loss, lu.Poisson):
        y = np.where(half & (f > 0), mean / np.where(f > 0, f, 1), mean)
    elif isinstance(loss, lu.Gamma):
        y = np.where(half & (f < 0), -f * mean, mean)
    elif isinstance(loss, lu.Tweedie):
        y = mean
    else:
        return None
    y = rounded(y * (1 + distance), dtype)
    valid = ~loss.domain.outside(y)
    return y[valid], f[valid]


def batches(loss, dtype, count, seed=1):
    """All of these that the loss has."""
    rng = np.random.default_rng(seed)
    drawn = (draw(loss, dtype, count, rng) for draw in (anywhere, soft_rows, close))
    return [batch for batch in drawn if batch is not None]
