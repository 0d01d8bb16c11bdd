"""What the atlas says in words of a minimiser without a closed form, checked: by bisection, or case by case."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from math import erf, isclose

import numpy as np

import lossutils as lu

from ...losses.base import Loss

Y = np.random.default_rng(7).normal(1, 2, 41)
SHARES = np.array([0.7, 0.2, 0.1])  # of three classes
DRAWN = np.array([0.5, 0.3, 0.2])  # how often each is drawn
JOINT = np.array([[0.3, 0.05, 0.05], [0.05, 0.2, 0.05], [0.05, 0.05, 0.2]])  # of two variables with three values


def stationary(loss: Loss, y: np.ndarray, low: float = -30.0, high: float = 30.0) -> float:
    """The constant prediction at which the mean gradient changes its sign, by bisection."""
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (low, middle) if loss.gradient(y, np.full(len(y), middle)).mean() > 0 else (middle, high)
    return (low + high) / 2


def huber() -> bool:
    """The residuals, cut off, sum to 0 at the least mean loss."""
    loss = lu.Huber(1.0)
    best = stationary(loss, Y)
    return abs(np.clip(Y - best, -1, 1).sum()) < 1e-12 and _least(loss, best)


def log_cosh() -> bool:
    """So do the hyperbolic tangents of the residuals."""
    best = stationary(lu.LogCosh(), Y)
    return abs(np.tanh(Y - best).sum()) < 1e-12 and _least(lu.LogCosh(), best)


def _least(loss: Loss, best: float) -> bool:
    others = best + np.linspace(-4, 4, 81)
    means = [loss(Y, np.full(len(Y), c)).mean() for c in others]
    return bool(loss(Y, np.full(len(Y), best)).mean() <= min(means) + 1e-15)


def stationary_and_least(loss: Loss, pull: Callable[[np.ndarray], np.ndarray]) -> bool:
    """The best constant is one of several stationary points, and there the residuals, each weighed, sum to 0."""
    tried = np.linspace(Y.min() - 1, Y.max() + 1, 801)
    step = tried[1] - tried[0]
    means = np.array([loss(Y, np.full(len(Y), c)).mean() for c in tried])
    best = stationary(loss, Y, *(tried[means.argmin()] + step * np.array([-1, 1])))
    return abs(((Y - best) * pull(Y - best)).sum()) < 1e-10 and _least(loss, best)


def barron() -> bool:
    """So it is for several shapes."""
    losses = [lu.Barron(alpha, 0.7) for alpha in (-2.0, 0.0, 0.5, 1.0)]
    return all(
        stationary_and_least(one, lambda r, a=one.alpha: (1 + (r / 0.7) ** 2 / (2 - a)) ** (a / 2 - 1))  # type: ignore[misc]
        for one in losses
    )


def student_t() -> bool:
    """So it is of Student's t."""
    return stationary_and_least(lu.StudentT(2.0, 0.7), lambda r: 1 / (2.0 * 0.7**2 + r**2))


def tukey() -> bool:
    """So it is of the biweight."""
    return stationary_and_least(lu.Tukey(2.0), lambda r: np.maximum(0, 1 - (r / 2) ** 2) ** 2)


def welsch() -> bool:
    """So it is of Welsch's loss."""
    return stationary_and_least(lu.Welsch(1.0), lambda r: np.exp(-(r**2)))


def focal() -> bool:
    """For means from 0.05 to 0.95 the best sigmoid is nearer to 1/2 than the mean, and on its side."""
    labels = np.array([0.0, 1.0])
    for mean in np.linspace(0.05, 0.95, 19):
        low, high = -30.0, 30.0
        for _ in range(100):
            f = (low + high) / 2
            slope = lu.Focal().gradient(labels, np.full(2, f)) @ [1 - mean, mean]
            low, high = (low, f) if slope > 0 else (f, high)
        p = 1 / (1 + np.exp(-low))
        inside = (p - 0.5) * (mean - 0.5) > 0 and abs(p - 0.5) < abs(mean - 0.5)
        if not (inside or (isclose(mean, 0.5) and isclose(p, 0.5))):
            return False
    return True


def crammer_singer() -> bool:
    """1 for a class with more than half of the targets; all alike where none has."""
    rng = np.random.default_rng(8)
    return all(
        np.min([_mean_of_classes(lu.CrammerSinger(), shares, s) for s in rng.normal(0, size, (400, 3))])
        >= _mean_of_classes(lu.CrammerSinger(), shares, best) - 1e-12
        for shares, best in ((SHARES, np.array([1.0, 0, 0])), (np.array([0.4, 0.35, 0.25]), np.zeros(3)))
        for size in (0.1, 1.0, 3.0)
    )


def _mean_of_classes(loss: Loss, shares: np.ndarray, s: np.ndarray) -> float:
    return float(shares @ loss(np.arange(3), np.tile(s, (3, 1))))


def any_positive() -> bool:
    """The loss of one row falls towards 0 as its positives' scores grow, and is positive all the while."""
    values = lu.AnyPositiveCrossEntropy()(np.tile([1, 1, 0], (7, 1)), [[g, 0.0, 0.0] for g in 10.0 * np.arange(1, 8)])
    return bool((np.diff(values) < 0).all() and 0 < values[-1] < 1e-29)


def sampled_softmax_slope(draws: int, own_corrected: bool) -> float:
    """The largest entry of the expected gradient at the logarithms of the shares, summed over samples of so many."""
    s, count, slope = np.log(SHARES), np.log(draws * DRAWN), np.zeros(3)
    for sample in product(range(3), repeat=draws + 1):
        chance = SHARES[sample[0]] * DRAWN[list(sample[1:])].prod()
        c = count[list(sample)]
        c[0] = c[0] if own_corrected else 0.0
        np.add.at(slope, list(sample), chance * lu.SampledSoftmax().gradient(c, s[list(sample)]))
    return float(abs(slope).max())


def sampled_softmax() -> bool:
    """The slope vanishes where every class is corrected and hits are kept; not where the right class is left out."""
    right = all(sampled_softmax_slope(draws, True) < 1e-15 for draws in (1, 2, 3))
    return right and all(sampled_softmax_slope(draws, False) > 0.01 for draws in (1, 2, 3))


def noise_contrastive() -> bool:
    """The expected gradient, over every sample, vanishes at the logarithms of the shares, and not beside them."""
    return all(_noise_slope(k, 0.0) < 1e-15 and _noise_slope(k, 0.1) > 0.01 for k in (1, 2, 3))


def _noise_slope(draws: int, shift: float) -> float:
    s, count, slope = np.log(SHARES) + shift, np.log(draws * DRAWN), np.zeros(3)
    for sample in map(list, product(range(3), repeat=draws + 1)):
        chance = SHARES[sample[0]] * DRAWN[sample[1:]].prod()
        np.add.at(slope, sample, chance * lu.NoiseContrastive().gradient(count[sample], s[sample]))
    return float(abs(slope).max())


def pairwise_logistic() -> bool:
    """Newton's method finds scores at which pairs won and expected to be won add up alike, and none tried is better."""
    rng, loss = np.random.default_rng(9), lu.PairwiseLogistic()
    masks = np.array([[1, 0, 0, 1], [0, 1, 1, 0], [1, 1, 0, 0], [0, 0, 1, 1], [1, 0, 1, 0], [0, 1, 0, 0.0]])
    s = np.zeros(4)
    for _ in range(30):
        rows = np.tile(s, (6, 1))
        s = s - np.linalg.pinv(loss.hessian(masks, rows).mean(0)) @ loss.gradient(masks, rows).mean(0)
    weights = 1 / (masks.sum(-1) * (1 - masks).sum(-1))
    won = np.einsum("n,ni,nk->ik", weights, masks, 1 - masks)  # how often i was to stand above k
    expected = (won + won.T) / (1 + np.exp(s - s[:, None]))
    others = [loss(masks, np.tile(s + rng.normal(0, size, 4), (6, 1))).mean() for size in (0.1, 1) for _ in range(50)]
    least = loss(masks, np.tile(s, (6, 1))).mean() <= min(others)
    return bool(least and np.allclose(won.sum(1), expected.sum(1), rtol=1e-12))


def normal_crps() -> bool:
    """Newton's method finds the two means as said, and nothing tried is better."""
    loss, at = lu.NormalCRPS(), np.array([Y.mean(), np.log(Y.std())])
    for _ in range(30):
        rows = np.tile(at, (len(Y), 1))
        at = at - np.linalg.solve(loss.hessian(Y, rows).mean(0), loss.gradient(Y, rows).mean(0))
    z = (Y - at[0]) / np.exp(at[1])
    means = np.mean([erf(x / np.sqrt(2)) for x in z]), np.exp(-(z**2) / 2).mean()
    rng = np.random.default_rng(10)
    others = [loss(Y, np.tile(at + rng.normal(0, size, 2), (len(Y), 1))).mean() for size in (0.1, 1) for _ in range(50)]
    least = loss(Y, np.tile(at, (len(Y), 1))).mean() <= min(others)
    return bool(least and np.allclose(means, (0, np.sqrt(0.5)), atol=1e-12))


def info_nce() -> bool:
    """The expected gradient over all candidates vanishes at tau times the logarithm of the density ratio."""
    tau, slope = 0.5, np.zeros((3, 3))
    loss, right, left = lu.InfoNCE(tau), JOINT.sum(0), JOINT.sum(1)
    critic = tau * np.log(JOINT / np.outer(left, right))
    for x, first, second, third in product(range(3), repeat=4):
        candidates = [first, second, third]
        chance = JOINT[x, first] * right[second] * right[third]
        np.add.at(slope[x], candidates, chance * loss.gradient(0, critic[x, candidates]))
    return bool(abs(slope).max() < 1e-15)


IN_WORDS: dict[type[Loss], Callable[[], bool]] = {
    lu.Huber: huber,
    lu.LogCosh: log_cosh,
    lu.Barron: barron,
    lu.StudentT: student_t,
    lu.Tukey: tukey,
    lu.Welsch: welsch,
    lu.Focal: focal,
    lu.CrammerSinger: crammer_singer,
    lu.AnyPositiveCrossEntropy: any_positive,
    lu.SampledSoftmax: sampled_softmax,
    lu.InfoNCE: info_nce,
    lu.NoiseContrastive: noise_contrastive,
    lu.PairwiseLogistic: pairwise_logistic,
    lu.NormalCRPS: normal_crps,
}
