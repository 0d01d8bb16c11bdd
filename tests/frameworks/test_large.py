"""Large batches, which are compiled or taken in blocks, give what small ones give."""

import tracemalloc

import numpy as np
import pytest

import lossutils as lu
from lossutils.frameworks import settings
from tests.reference.frameworks import FRAMEWORKS
from tests.reference.sampling import EXAMPLE

COUNT = 50_000  # examples: above every threshold


@pytest.fixture(params=["numpy", "torch"])
def framework(request):
    return FRAMEWORKS[request.param]


@pytest.fixture(params=[True, False], ids=["compiled", "blocks"])
def compiled(request):
    """With the compiled core, and without."""
    if request.param:
        pytest.importorskip("numba")
    with settings.use_core("large" if request.param else "never"):
        yield request.param


def large(loss, dtype):
    """The example many times over, its scores moved a little, with tails, infinities and NaN among them."""
    target, prediction = (np.array(x) for x in EXAMPLE[type(loss)])
    times = COUNT // len(target)
    y = np.concatenate([target] * times)
    f = np.concatenate([prediction] * times) * np.linspace(-20, 20, times * len(target)).reshape(
        -1, *(1,) * (prediction.ndim - 1)
    )
    f = f.astype(dtype)
    odd = [np.inf, -np.inf, np.nan, 0.0, 1e30, -1e30]
    f[np.arange(len(odd)) * 1001] = np.array(odd).reshape(-1, *(1,) * (f.ndim - 1))
    return y, f


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_large_batches(framework, compiled, dtype):
    for loss in lu.losses():
        if compiled and (dtype == "float64" or (loss.row_axes and not isinstance(loss, COMPILED_ROWS))):
            continue
        y, f = large(loss, dtype)
        found = loss.value_and_gradient(framework.array(y), framework.array(f, dtype))
        picked = np.r_[0:7, 1001, 2002, 3003, 4004, 5005, 6006, np.arange(0, len(y), 997)]
        few = loss.value_and_gradient(framework.array(y[picked]), framework.array(f[picked], dtype))
        for a, b in zip(found, few, strict=True):
            a, b = framework.numpy(a)[picked], framework.numpy(b)
            rtol = 3e-7 if compiled else 4e-15 if dtype == "float64" else 2e-7
            np.testing.assert_allclose(
                a, b, rtol=rtol, atol=3e-45 if dtype == "float32" else 1e-320, err_msg=repr(loss)
            )


COMPILED_ROWS = lu.SoftmaxCrossEntropy | lu.MultiPositiveCrossEntropy


@pytest.mark.parametrize("loss", [lu.SoftmaxCrossEntropy(), lu.MultiPositiveCrossEntropy(average=False)], ids=repr)
def test_rows_of_two_axes_and_autograd(loss):
    import torch

    rng = np.random.default_rng(0)
    s = torch.tensor(rng.normal(0, 5, (50, 60, 100)), dtype=torch.float32, requires_grad=True)
    y = (
        rng.integers(0, 100, (50, 60))
        if isinstance(loss, lu.SoftmaxCrossEntropy)
        else rng.integers(0, 2, (50, 60, 100))
    )
    value = loss(torch.tensor(y), s)
    value.sum().backward()
    exact = loss.value_and_gradient(y, s.detach().double().numpy())
    np.testing.assert_allclose(value.detach(), exact[0], rtol=1e-6)
    np.testing.assert_allclose(s.grad, exact[1], rtol=2e-6, atol=1e-12)


def test_checks_come_first(framework):
    y, f = np.zeros(COUNT * 4), np.zeros(COUNT * 4, "float32")
    y[123_456] = 7
    with pytest.raises(ValueError, match=r"got 7.0 at position \(123456,\)"):
        lu.Focal()(framework.array(y), framework.array(f))
    classes = np.zeros(COUNT, int)
    classes[4321] = 4
    with pytest.raises(ValueError, match=r"got 4 at position \(4321,\)"):
        lu.SoftmaxCrossEntropy()(framework.array(classes), framework.array(np.zeros((COUNT, 4), "float32")))


def test_a_long_sum_keeps_its_accuracy(framework):
    """A million classes, every second one a step of 1 behind."""
    total = 500_000 * (1 + np.exp(-1.0))
    for dtype in ("float32", "float64"):
        s = np.zeros((1, 1_000_000))
        s[0, ::2] = -1
        results = lu.SoftmaxCrossEntropy().value_and_gradient(framework.array([3]), framework.array(s, dtype))
        value, gradient = map(framework.numpy, results)
        np.testing.assert_allclose(value, np.log(total), rtol=2 * np.finfo(dtype).eps)
        np.testing.assert_allclose(gradient[0, ::2], np.exp(-1) / total, rtol=4 * np.finfo(dtype).eps)
        np.testing.assert_allclose(np.delete(gradient[0, 1::2], 1), 1 / total, rtol=4 * np.finfo(dtype).eps)


@pytest.mark.parametrize("average", [True, False])
def test_a_million_classes_take_little_memory(average):
    """Beyond the inputs: for the loss next to nothing, for its gradient little more than the gradient itself."""
    pytest.importorskip("numba")
    loss = lu.MultiPositiveCrossEntropy(average)
    s = np.random.default_rng(0).normal(size=(4, 1_000_000)).astype(np.float32)
    y = np.zeros_like(s)
    y[:, [5, 500_000]] = 1
    for call, allowed in ((loss, 0.2), (loss.gradient, 1.2), (loss.value_and_gradient, 1.2)):
        call(y, s)
        tracemalloc.start()
        call(y, s)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert peak <= allowed * s.nbytes


@pytest.mark.parametrize("loss", [lu.SoftmaxCrossEntropy(), lu.LogCosh()], ids=repr)
def test_upstream_gradients_of_every_kind(loss):
    """Batched, negated lazily, and weighted: on the way back of a large batch as of a small one."""
    import torch

    shape = (500, 300) if loss.row_axes else (150_000,)
    s = torch.randn(shape, generator=torch.Generator().manual_seed(0), requires_grad=True)
    y = torch.zeros(500, dtype=torch.int64) if loss.row_axes else torch.zeros(shape)
    many = torch.linspace(-1, 1, 2 * shape[0]).reshape(2, -1)

    def gradients():
        value = loss(y, s)
        batched = torch.autograd.grad(value, s, many, is_grads_batched=True, retain_graph=True)[0]
        lazily = torch.autograd.grad(value, s, torch._neg_view(many[0]), retain_graph=True)[0]
        return torch.stack([*batched, -lazily, torch.autograd.grad(value, s, many[1])[0]])

    found = gradients()
    with settings.use_numpy(False):
        expected = gradients()
    torch.testing.assert_close(found, expected, rtol=1e-6, atol=1e-12)
