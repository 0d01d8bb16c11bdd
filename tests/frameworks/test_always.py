"""As it is by default: small batches go through the compiled core, and everything else as before."""

import numpy as np
import pytest

import lossutils as lu
from lossutils.frameworks import settings
from tests.reference.frameworks import FRAMEWORKS
from tests.reference.sampling import EXAMPLE

pytest.importorskip("numba")
ROWS = lu.SoftmaxCrossEntropy | lu.MultiPositiveCrossEntropy
COMPILED = [x for x in lu.losses() if not x.row_axes or isinstance(x, ROWS)]


@pytest.fixture
def always(monkeypatch):
    """The setting, and for each call of the compiled core whether it had the result."""
    core, went = settings.core(), []
    real = core.results

    def counted(*args):
        found = real(*args)
        went.append(found is not None)
        return found

    monkeypatch.setattr(core, "results", counted)
    with settings.use_core("always"):
        yield went


@pytest.fixture(params=["numpy", "torch"])
def framework(request):
    return FRAMEWORKS[request.param]


def example(loss, framework):
    y, f = (np.array(x) for x in EXAMPLE[type(loss)])
    return framework.array(y), framework.array(f, "float32")


@pytest.mark.parametrize("loss", COMPILED, ids=repr)
def test_the_same_results(loss, framework, always):
    y, f = example(loss, framework)
    found = loss(y, f), loss.gradient(y, f), *loss.value_and_gradient(y, f)
    assert always == [True] * 3
    with settings.use_core("never"):
        expected = loss(y, f), loss.gradient(y, f), *loss.value_and_gradient(y, f)
    assert always == [True] * 3
    for a, b in zip(found, expected, strict=True):
        assert type(a) is type(b)
        assert a.dtype == b.dtype
        np.testing.assert_allclose(framework.numpy(a), framework.numpy(b), rtol=3e-7, atol=1e-37)


@pytest.mark.parametrize("loss", COMPILED, ids=repr)
def test_derivatives_of_tensors(loss, always):
    import torch

    y, f = example(loss, FRAMEWORKS["torch"])
    f.requires_grad_()
    value = loss(y, f)
    (gradient,) = torch.autograd.grad(value.sum(), f, create_graph=True)
    torch.testing.assert_close(gradient, loss.gradient(y, f.detach()), rtol=1e-6, atol=1e-9)
    (product,) = torch.autograd.grad(gradient.sum(), f)
    torch.testing.assert_close(product, loss.hessian_product(y, f.detach(), torch.ones_like(f)), rtol=1e-6, atol=1e-9)
    (weighted,) = torch.autograd.grad((3 * loss(y, f)).sum(), f)
    torch.testing.assert_close(weighted, 3 * gradient.detach(), rtol=1e-6, atol=1e-9)
    assert any(always)
    mapped = torch.func.vmap(torch.func.grad(lambda a, b: loss(b, a)))(f.detach(), y)
    torch.testing.assert_close(mapped, gradient.detach(), rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize("framework", FRAMEWORKS.values(), ids=FRAMEWORKS.keys())
def test_what_is_unusual_or_wrong(framework, always):
    y, f = framework.array(np.array([1.0, 2.0])), framework.array(np.array([0.5, 0.5]), "float32")
    assert lu.Huber()([1.0, 2.0], np.float32([0.5, 0.5])).dtype == np.float32
    assert lu.Huber()(y, framework.array(np.array([0.5, 0.5]))) is not None
    np.testing.assert_array_equal(framework.numpy(lu.Huber()(y, f, ignore=[True, False])), [0.0, 1.0])
    with pytest.raises(ValueError, match="nothing is broadcast"):
        lu.Huber()(y[:1], f)
    with pytest.raises(ValueError, match=r"got 2.0 at position \(1,\)"):
        lu.BinaryCrossEntropy()(y, f)
    with pytest.raises(ValueError, match=r"got 3 at position \(0,\)"):
        lu.SoftmaxCrossEntropy()(framework.array(np.array([3])), framework.array(np.zeros((1, 3)), "float32"))
    with pytest.raises(ValueError, match="at least one positive"):
        lu.MultiPositiveCrossEntropy()(framework.array(np.zeros((1, 3))), framework.array(np.zeros((1, 3)), "float32"))
    assert framework.numpy(lu.BinaryCrossEntropy()(y, f, validate=False)).shape == (2,)
    empty = framework.array(np.zeros(0), "float32")
    assert framework.numpy(lu.Huber()(empty, empty)).shape == (0,)
    with pytest.raises(TypeError, match="masked"):
        lu.Huber()(np.ones(2), np.ma.masked_array(np.float32([1, 2]), mask=[True, False]))
    single = framework.array(np.float32(2.0), "float32")
    assert framework.numpy(lu.Huber()(single, single)) == 0


def test_a_target_that_requires_grad_is_refused(always):
    import torch

    y, f = torch.ones(2, requires_grad=True), torch.zeros(2)
    for watched in (True, False):
        with torch.set_grad_enabled(watched), pytest.raises(ValueError, match="requires grad"):
            lu.Huber()(y, f)
