"""Sampled softmax and InfoNCE against what they estimate, and what they are built on."""

import numpy as np
import pytest

import lossutils as lu


def test_no_correction_is_softmax_cross_entropy(framework, dtype):
    s = framework.array([[1.0, 2.0, -4.0], [300.0, -300.0, 0.0]], dtype)
    plain = lu.SoftmaxCrossEntropy().value_and_gradient(framework.array([0, 0]), s)
    sampled = lu.SampledSoftmax().value_and_gradient(framework.array(np.zeros((2, 3))), s)
    for a, b in zip(plain, sampled, strict=True):
        np.testing.assert_array_equal(framework.numpy(a), framework.numpy(b))


def test_the_correction_is_a_shift_of_the_scores(framework):
    s, c = np.array([[1.0, 2.0, -4.0]]), np.array([[0.5, -0.25, 2.0]])
    found = lu.SampledSoftmax()(framework.array(c), framework.array(s))
    np.testing.assert_allclose(framework.numpy(found), lu.SoftmaxCrossEntropy()([0], s - c), rtol=1e-15)


def test_an_infinite_count_leaves_a_class_out(framework):
    c = framework.array([[0.0, np.inf, 0.0]])
    value, gradient = lu.SampledSoftmax().value_and_gradient(c, framework.array([[1.0, 900.0, 2.0]], "float64"))
    np.testing.assert_allclose(framework.numpy(value), [np.log1p(np.e)], rtol=1e-15)
    assert framework.numpy(gradient)[0, 1] == 0
    with pytest.raises(ValueError, match=r"target: expected a finite log count of the right class.*position \(0,\)"):
        lu.SampledSoftmax()(framework.array([[np.inf, 0.0, 0.0]]), framework.array([[1.0, 2.0, 3.0]], "float64"))


def test_the_correction_takes_the_bias_away():
    """Over many samples the sampled gradient of the scores comes near the full one; without correction it does not."""
    rng = np.random.default_rng(0)
    classes, drawn, rounds = 50, 25, 4000
    s = rng.normal(size=classes)
    q = np.arange(1, classes) / np.arange(1, classes).sum()  # of the wrong classes
    negatives = 1 + rng.choice(classes - 1, (rounds, drawn), p=q)
    rows = np.concatenate([np.zeros((rounds, 1), int), negatives], 1)
    counts = np.concatenate([np.zeros((rounds, 1)), np.log(drawn * q[negatives - 1])], 1)
    full = lu.SoftmaxCrossEntropy().gradient(0, s)
    errors = []
    for c in (counts, np.zeros_like(counts)):
        gradient = np.zeros(classes)
        np.add.at(gradient, rows, lu.SampledSoftmax().gradient(c, s[rows]) / rounds)
        errors.append(np.abs(gradient - full).max())
    assert errors[0] < 0.015 and errors[1] > 0.03


def test_info_nce_is_softmax_cross_entropy_of_scaled_scores(framework, dtype):
    s, t = np.array([[0.5, 0.25, -1.0], [1.0, -1.0, 0.75]]), np.array([1, 0])
    tau = 0.125
    value, gradient = lu.InfoNCE(tau).value_and_gradient(framework.array(t), framework.array(s, dtype))
    expected = lu.SoftmaxCrossEntropy().value_and_gradient(t, s / tau)
    np.testing.assert_allclose(framework.numpy(value), expected[0], rtol=1e-6)
    np.testing.assert_allclose(framework.numpy(gradient), expected[1] / tau, rtol=1e-6)


def test_information_is_at_most_log_k():
    loss = lu.InfoNCE(0.1)
    s = np.eye(8) * 2 - 1
    bound = loss.information(loss(np.arange(8), s).mean(), 8)
    assert 0.99 * np.log(8) < bound < np.log(8)
    assert loss.information(loss(np.arange(8), np.zeros((8, 8))).mean(), 8) == pytest.approx(0, abs=1e-15)
