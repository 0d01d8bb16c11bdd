"""Losses of two predicted numbers: beside what defines them, and where their terms cancel."""

import math

import numpy as np
import pytest

import lossutils as lu
from lossutils.losses.error_function import erf
from tests.reference.exact import arb, ulps

RNG = np.random.default_rng(0)
Y, M, A = RNG.normal(0, 2, 40), RNG.normal(0, 2, 40), RNG.normal(0, 1, 40)
S = np.column_stack([M, A])


def normal(x):
    return 0.5 * (1 + math.erf(x / math.sqrt(2)))


def test_the_likelihood_is_that_of_the_normal_distribution():
    density = np.exp(-((Y - M) ** 2) / (2 * np.exp(2 * A))) / (np.sqrt(2 * np.pi) * np.exp(A))
    np.testing.assert_allclose(lu.GaussianLikelihood()(Y, S), -np.log(density) - 0.5 * np.log(2 * np.pi), atol=1e-13)


def test_the_score_is_the_integral_of_squared_differences():
    """By the midpoint rule on either side of the target."""
    for y, (m, a) in zip(Y[:5], S[:5], strict=True):
        reach, n = 12 * np.exp(a), 4000
        found = 0.0
        for low, high, step in ((min(y, m - reach), y, 0.0), (y, max(y, m + reach), 1.0)):
            width = (high - low) / n
            x = low + width * (np.arange(n) + 0.5)
            found += width * sum((normal((t - m) / np.exp(a)) - step) ** 2 for t in x)
        assert lu.NormalCRPS()(y, [m, a]) == pytest.approx(found, rel=1e-6)


@pytest.mark.parametrize("coverage", [0.5, 0.9])
def test_the_interval_score_is_two_pinball_losses(framework, dtype, coverage):
    rest = 1 - coverage
    found = lu.IntervalScore(coverage)(framework.array(Y), framework.array(S, dtype))
    expected = 2 / rest * (lu.Pinball(rest / 2)(Y, M) + lu.Pinball(1 - rest / 2)(Y, A))
    np.testing.assert_allclose(framework.numpy(found), expected, rtol=2e-5, atol=1e-6)


def test_minimisers_are_those_of_a_sample():
    y = np.array([1.0, 2.0, 3.0, 10.0])
    np.testing.assert_allclose(lu.GaussianLikelihood().minimiser(y), [y.mean(), np.log(y.std())])
    np.testing.assert_array_equal(lu.IntervalScore(0.5).minimiser(np.arange(1.0, 9.0)), [2.0, 6.0])


def test_the_error_function(framework):
    x = np.concatenate([10.0 ** RNG.uniform(-12, 0.9, 300), [0.0, 1.0, 6.0, 6.5, 40.0]])
    found = framework.numpy(erf(framework.array(np.concatenate([x, -x]))))
    true = [arb(v).erf() for v in x]
    assert max(ulps(a, b, b, "float64") for a, b in zip(found, true, strict=False)) <= 2
    np.testing.assert_array_equal(found[len(x) :], -found[: len(x)])
    ends = framework.numpy(erf(framework.array(np.array([np.inf, -np.inf, np.nan]))))
    np.testing.assert_array_equal(ends, [1, -1, np.nan])


def test_infinite_scales_and_means(framework):
    s = framework.array([[0.0, np.inf], [0.0, -np.inf], [np.inf, 0.0], [1.0, -np.inf]])
    y = framework.array(np.ones(4))
    np.testing.assert_array_equal(framework.numpy(lu.GaussianLikelihood()(y, s)), [np.inf, np.inf, np.inf, -np.inf])
    np.testing.assert_array_equal(framework.numpy(lu.NormalCRPS()(y, s)), [np.inf, 1.0, np.inf, 0.0])
    np.testing.assert_array_equal(framework.numpy(lu.IntervalScore(0.5)(y, s[2:3])), [np.inf])
