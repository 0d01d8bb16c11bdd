"""The spherical score, losses against sampled negatives, and of pairs: beside what they are made of."""

import numpy as np
import pytest

import lossutils as lu

ROWS = np.array([[1.0, 2.0, -4.0, 0.5], [300.0, -300.0, 0.0, 2.0], [0.0, 0.0, 0.0, 0.0]])


def test_the_spherical_score_is_of_the_probabilities(framework, dtype):
    p = np.exp(ROWS - ROWS.max(-1, keepdims=True))
    expected = 1 - p[np.arange(3), [1, 2, 0]] / np.linalg.norm(p, axis=-1)
    found = lu.SphericalScore()(framework.array([1, 2, 0]), framework.array(ROWS, dtype))
    np.testing.assert_allclose(framework.numpy(found), expected, rtol=1e-6)


def test_a_confident_right_answer_keeps_its_spherical_score(framework):
    found = framework.numpy(lu.SphericalScore()(framework.array([0]), framework.array([[30.0, 0.0, 0.0]], "float64")))
    assert found == pytest.approx([np.exp(-60.0)], rel=1e-15)


def test_the_probabilities_themselves_have_the_least_expected_score():
    rng = np.random.default_rng(0)
    q = rng.dirichlet(np.ones(4), 50)

    def expected(p):
        each = [lu.SphericalScore()(np.full(50, k), np.log(p)) for k in range(4)]
        return (q * np.transpose(each)).sum(-1)

    np.testing.assert_allclose(expected(q), 1 - np.linalg.norm(q, axis=-1), rtol=1e-12)
    assert (expected(rng.dirichlet(np.ones(4), 50)) > expected(q)).all()


def test_negative_sampling_is_a_sum_of_logistic_losses(framework, dtype):
    t, z = np.array([1, 0, 3]), np.full((3, 4), -1.0)
    z[np.arange(3), t] = 1
    value, gradient = lu.NegativeSampling().value_and_gradient(framework.array(t), framework.array(ROWS, dtype))
    expected = lu.Logistic().value_and_gradient(z, ROWS)
    np.testing.assert_allclose(framework.numpy(value), expected[0].sum(-1), rtol=1e-6)
    np.testing.assert_allclose(framework.numpy(gradient), expected[1], rtol=1e-6, atol=1e-40)


def test_noise_contrastive_without_counts_is_negative_sampling(framework, dtype):
    s = framework.array(ROWS, dtype)
    sampled = lu.NegativeSampling().value_and_gradient(framework.array([0, 0, 0]), s)
    for a, b in zip(lu.NoiseContrastive().value_and_gradient(framework.array(0 * ROWS), s), sampled, strict=True):
        np.testing.assert_array_equal(framework.numpy(a), framework.numpy(b))
    counts = np.array([[0.5, np.inf, -1.0, 0.0]])
    value = lu.NoiseContrastive()(framework.array(counts), framework.array(ROWS[:1], "float64"))
    kept = lu.NegativeSampling()([0], (ROWS[:1] - counts)[:, [0, 2, 3]])
    np.testing.assert_allclose(framework.numpy(value), kept, rtol=1e-15)
    with pytest.raises(ValueError, match=r"a finite log count of the right class, the first"):
        lu.NoiseContrastive()(framework.array([[np.inf, 0.0]]), framework.array([[1.0, 2.0]], "float64"))


def test_pairs_are_all_pairs(framework, dtype):
    y = np.array([[1, 0, 1, 0], [0, 0, 0, 1], [1, 1, 1, 0]])
    pairs = [[(i, k) for i in range(4) for k in range(4) if mask[i] > mask[k]] for mask in y]
    expected = [
        np.mean([lu.Logistic()(1.0, s[i] - s[k]) for i, k in those]) for s, those in zip(ROWS, pairs, strict=True)
    ]
    found = lu.PairwiseLogistic()(framework.array(y), framework.array(ROWS, dtype))
    np.testing.assert_allclose(framework.numpy(found), expected, rtol=1e-6)


def test_a_row_needs_both_of_a_pair(framework):
    s = framework.array([[1.0, 2.0], [0.0, 1.0]], "float64")
    with pytest.raises(ValueError, match=r"at least one positive in each row.*position \(1,\)"):
        lu.PairwiseLogistic()(framework.array([[1, 0], [0, 0]]), s)
    with pytest.raises(ValueError, match=r"at least one 0 in each row.*position \(1,\)"):
        lu.PairwiseLogistic()(framework.array([[1, 0], [1, 1]]), s)
    with pytest.raises(ValueError, match="expected at least two classes, got one"):
        lu.PairwiseLogistic()(framework.array([[1]]), s[:1, :1])
