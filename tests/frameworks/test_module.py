"""`LossModule`: copied, saved, moved; with class weights, ignored labels, and PyTorch's layout of the classes."""

import copy
import io
import pickle

import numpy as np
import pytest
import torch
from torch.nn import functional as F

import lossutils as lu
from lossutils.torch import LossModule
from tests.reference.sampling import EXAMPLE


def test_copies_pickles_and_files(loss):
    y, f = (torch.tensor(x) for x in EXAMPLE[type(loss)])
    weight = torch.ones(f.shape[-1]) if loss.takes_labels else None
    module = LossModule(loss, "sum", weight=weight)
    file = io.BytesIO()
    torch.save(module, file)
    file.seek(0)
    read = torch.load(file, weights_only=False)
    for again in (copy.deepcopy(module), pickle.loads(pickle.dumps(module)), read):
        assert repr(again) == repr(module) and again.loss == loss
        assert torch.equal(again(f, y), module(f, y))


@pytest.fixture
def rows():
    rng = np.random.default_rng(0)
    return torch.tensor(rng.normal(0, 2, (8, 4)), requires_grad=True), torch.tensor(rng.integers(0, 4, 8))


@pytest.mark.parametrize("reduction", ["mean", "sum", "none"])
@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("ignoring", [False, True])
@pytest.mark.parametrize("axes", [(), (3,), (3, 2)])
def test_as_pytorch_s_cross_entropy(reduction, weighted, ignoring, axes):
    """Weights, ignored labels, layouts: value and gradient."""
    rng = np.random.default_rng(1)
    s = torch.tensor(rng.normal(0, 2, (5, 4, *axes)), requires_grad=True)
    t = torch.tensor(rng.integers(0, 4, (5, *axes)))
    t[0] = -100 if ignoring else 0
    weight = torch.tensor([1.0, 0.0, 2.5, 0.5], dtype=torch.float64) if weighted else None
    module = LossModule(
        lu.SoftmaxCrossEntropy(), reduction, weight=weight, class_axis=1, ignore_index=-100 if ignoring else None
    )
    found, expected = module(s, t), F.cross_entropy(s, t, weight=weight, reduction=reduction)
    torch.testing.assert_close(found, expected)
    for a, b in zip(*(torch.autograd.grad(x.sum(), s) for x in (found, expected)), strict=True):
        torch.testing.assert_close(a, b)


def test_what_is_ignored_may_be_anything(rows):
    s, t = rows
    with torch.no_grad():
        s[2] = torch.nan
    t[2] = -1
    value = LossModule(lu.SoftmaxCrossEntropy(), ignore_index=-1)(s, t)
    value.backward()
    assert value.isfinite() and s.grad.isfinite().all() and (s.grad[2] == 0).all()
    none = LossModule(lu.SoftmaxCrossEntropy(), ignore_index=-1)(s, torch.full_like(t, -1))
    assert none == 0 and (torch.autograd.grad(none, s)[0] == 0).all()
    numbers = LossModule(lu.SquaredError(), ignore_index=-1)
    assert numbers(torch.tensor([1.0, torch.nan]), torch.tensor([3.0, -1.0])) == 4


def test_weights_move_and_are_saved(rows):
    s, t = rows
    module = LossModule(lu.SoftmaxCrossEntropy(), weight=torch.arange(4.0))
    assert module.to(torch.float64).weight.dtype == torch.float64
    assert list(module.state_dict()) == ["weight"] and module.to("meta").weight.device.type == "meta"
    half = LossModule(lu.SoftmaxCrossEntropy(), "none", weight=torch.arange(4.0))
    assert half(s.half(), t).dtype == torch.float16
    assert "weight=(4,)" in repr(half)


def test_soft_targets_in_pytorch_s_layout(rows):
    s, _ = rows
    s = s.detach().reshape(2, 4, 4)
    q = torch.softmax(torch.flip(s, (1,)), 1)
    found = LossModule(lu.SoftmaxCrossEntropy(), class_axis=1)(s, q)
    torch.testing.assert_close(found, F.cross_entropy(s, q))


def test_compiled_with_everything(rows):
    s, t = rows
    module = LossModule(lu.SoftmaxCrossEntropy(), weight=torch.arange(4.0), ignore_index=3)
    torch.testing.assert_close(torch.compile(module, fullgraph=True, backend="aot_eager")(s, t), module(s, t))


def test_settings_that_do_not_fit(rows):
    s, t = rows
    for options, message in [
        ({"weight": torch.tensor([-1.0, 1.0])}, "from 0 on"),
        ({"weight": torch.ones(2, 2)}, "for each class"),
    ]:
        with pytest.raises(ValueError, match=message):
            LossModule(lu.SoftmaxCrossEntropy(), **options)
    with pytest.raises(ValueError, match="names a class"):
        LossModule(lu.Huber(), weight=torch.ones(2))
    with pytest.raises(ValueError, match="a loss of rows"):
        LossModule(lu.Huber(), class_axis=1)
    with pytest.raises(ValueError, match="each class that a target names"):
        LossModule(lu.SoftmaxCrossEntropy(), weight=torch.ones(3))(s, t)
    with pytest.raises(ValueError, match="own `ignore`"):
        LossModule(lu.SoftmaxCrossEntropy(), ignore_index=0)(s, torch.softmax(s.detach(), -1))
    with pytest.raises(ValueError, match="from 0 to 3"):
        LossModule(lu.SoftmaxCrossEntropy(), weight=torch.ones(4))(s, t + 3)
