"""What holds for every loss: shapes, dtypes, agreement of the frameworks, derivatives of one another."""

import numpy as np
import pytest

import lossutils as lu
from tests.reference.sampling import EXAMPLE, PLACED


@pytest.fixture
def batch(loss, framework):
    target, prediction = EXAMPLE[type(loss)]
    return framework.array(target), framework.array(prediction, "float64")


def test_results_have_the_shapes_promised(loss, framework, batch):
    y, f = batch
    rows = loss.row_axes
    shape = tuple(f.shape)
    assert tuple(loss(y, f).shape) == (shape[:-1] if rows else shape)
    assert tuple(loss.gradient(y, f).shape) == shape
    assert tuple(loss.hessian(y, f).shape) == (shape + shape[-1:] if rows else shape)


@pytest.mark.parametrize("kind", ["float16", "bfloat16", "float32", "float64"])
def test_results_have_the_dtype_of_the_prediction(loss, framework, batch, kind):
    if framework.name == "numpy" and kind == "bfloat16":
        return
    y, f = batch[0], framework.array(framework.numpy(batch[1]), kind)
    value, gradient = loss.value_and_gradient(y, f)
    assert value.dtype == gradient.dtype == loss.hessian(y, f).dtype == f.dtype


def test_value_and_gradient_are_value_and_gradient(loss, framework, batch):
    value, gradient = map(framework.numpy, loss.value_and_gradient(*batch))
    np.testing.assert_array_equal(value, framework.numpy(loss(*batch)))
    np.testing.assert_array_equal(gradient, framework.numpy(loss.gradient(*batch)))


def test_frameworks_agree_with_numpy(loss, framework, batch):
    target, prediction = EXAMPLE[type(loss)]
    for what in ("__call__", "gradient", "hessian"):
        own = framework.numpy(getattr(loss, what)(*batch))
        np.testing.assert_allclose(own, getattr(loss, what)(target, prediction), rtol=5e-14, atol=1e-15)


def test_gradient_is_the_slope_of_the_value(loss):
    target, prediction = EXAMPLE[type(loss)]
    f, h = np.array(prediction), 1e-6
    gradient = loss.gradient(target, f)
    for k in range(f.shape[-1]):
        step = np.zeros(f.shape)
        step[..., k] = h
        slope = (loss(target, f + step) - loss(target, f - step)) / (2 * h)
        own = gradient[..., k] if loss.row_axes else gradient[k]
        own_slope = slope if loss.row_axes else slope[k]
        np.testing.assert_allclose(own, own_slope, rtol=1e-8, atol=2e-8 * max(1, np.abs(loss(target, f)).max() / 20))


def test_hessian_is_the_slope_of_the_gradient(loss):
    target, prediction = EXAMPLE[type(loss)]
    f, h = np.array(prediction), 1e-6
    hessian = loss.hessian(target, f)
    for k in range(f.shape[-1]):
        step = np.zeros(f.shape)
        step[..., k] = h
        slope = (loss.gradient(target, f + step) - loss.gradient(target, f - step)) / (2 * h)
        if loss.row_axes:
            np.testing.assert_allclose(hessian[..., k], slope, rtol=1e-8, atol=5e-8)
        else:
            np.testing.assert_allclose(hessian[k], slope[k], rtol=1e-8, atol=5e-8)


def test_hessian_is_symmetric_with_zero_rows(loss):
    if loss.row_axes:
        hessian = loss.hessian(*EXAMPLE[type(loss)])
        np.testing.assert_array_equal(hessian, np.swapaxes(hessian, -1, -2))
    if loss.row_axes and not loss.columns and not isinstance(loss, PLACED):
        np.testing.assert_allclose(hessian.sum(-1), 0, atol=1e-14 * max(1, np.abs(hessian).max()))


def test_hessian_product_is_the_hessian_times_v(loss, framework, batch):
    y, f = batch
    v = np.random.default_rng(0).normal(size=tuple(f.shape))
    found = framework.numpy(loss.hessian_product(y, f, framework.array(v, "float64")))
    hessian = loss.hessian(*EXAMPLE[type(loss)])
    expected = np.einsum("...jk,...k", hessian, v) if loss.row_axes else hessian * v
    np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-13 * max(1, np.abs(hessian).max()))


def test_gradient_rows_sum_to_zero(loss, framework, dtype):
    if loss.row_axes and not loss.columns and not isinstance(loss, PLACED):
        target, prediction = EXAMPLE[type(loss)]
        gradient = framework.numpy(loss.gradient(framework.array(target), framework.array(prediction, dtype)))
        size = np.abs(gradient).sum(-1)
        assert (np.abs(gradient.sum(-1)) <= 8 * np.finfo(dtype).eps * size).all()


def test_plain_numbers_and_lists_are_float64():
    assert lu.SoftmaxCrossEntropy()(0, [3, -3, -3]).dtype == np.float64
    assert isinstance(lu.Logistic()(1, 0.5), np.float64)


def test_class_numbers_and_one_hot_rows_give_the_same(framework, dtype):
    rng = np.random.default_rng(0)
    s = framework.array(rng.normal(size=(5, 4)) * 20, dtype)
    t = np.array([0, 1, 2, 3, 0])
    loss = lu.SoftmaxCrossEntropy()
    sparse = loss.value_and_gradient(framework.array(t), s)
    dense = loss.value_and_gradient(framework.array(np.eye(4)[t], dtype), s)
    for a, b in zip(sparse, dense, strict=True):
        np.testing.assert_allclose(framework.numpy(a), framework.numpy(b), rtol=8 * np.finfo(dtype).eps)


def test_sum_over_the_positives_is_m_times_their_average(framework):
    mask, s = EXAMPLE[lu.MultiPositiveCrossEntropy]
    y, s = framework.array(mask), framework.array(s, "float64")
    m = np.array(mask).sum(-1)
    total, average = (lu.MultiPositiveCrossEntropy(average=a) for a in (False, True))
    np.testing.assert_allclose(framework.numpy(total(y, s)), m * framework.numpy(average(y, s)), rtol=1e-15)


def test_one_positive_is_softmax_cross_entropy(framework):
    s = framework.array([[1.0, 2.0, -4.0]], "float64")
    one = lu.MultiPositiveCrossEntropy()(framework.array([[0, 1, 0]]), s)
    np.testing.assert_array_equal(
        framework.numpy(one), framework.numpy(lu.SoftmaxCrossEntropy()(framework.array([1]), s))
    )


def test_a_sum_over_no_positives_is_zero(framework):
    y, s = framework.array([[0, 0]]), framework.array([[1.0, 2.0]], "float64")
    value, gradient = lu.MultiPositiveCrossEntropy(average=False).value_and_gradient(y, s)
    assert framework.numpy(value) == [0] and (framework.numpy(gradient) == 0).all()


def test_binary_cross_entropy_is_logistic_loss(framework, dtype):
    f = framework.array(np.linspace(-60, 60, 41), dtype)
    for y in (0.0, 1.0):
        a = lu.BinaryCrossEntropy().value_and_gradient(framework.array(np.full(41, y), dtype), f)
        b = lu.Logistic().value_and_gradient(framework.array(np.full(41, 2 * y - 1), dtype), f)
        for left, right in zip(a, b, strict=True):
            np.testing.assert_array_equal(framework.numpy(left), framework.numpy(right))
