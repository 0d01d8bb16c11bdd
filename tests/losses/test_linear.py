"""A linear layer and its loss in blocks of classes: value and both gradients, as if the logits had been formed."""

import tracemalloc

import numpy as np
import pytest
import torch

import lossutils as lu
from lossutils.losses import linear
from lossutils.torch import linear_cross_entropy
from tests.reference.exact import exact, ulps

N, D, K = 9, 4, 250


@pytest.fixture(params=[50, 1 << 20], ids=["many blocks", "one block"])
def blocks(request, monkeypatch):
    """Blocks of few rows and classes, or all at once."""
    monkeypatch.setattr(linear, "_NUMBERS", request.param)
    monkeypatch.setattr(linear, "_ROWS", 4 if request.param == 50 else 1024)


def layers(dtype="float64", seed=0):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(N, D)).astype(dtype), (3 * rng.normal(size=(K, D))).astype(dtype), rng.normal(size=N)


def targets():
    """Of each kind, the target, and the loss of it on logits with the target that it takes."""
    rng = np.random.default_rng(1)
    labels, mask = rng.integers(0, K, N), rng.random((N, K)) < 0.02
    mask[:, 0] = True
    lists = np.full((N, mask.sum(-1).max()), -1)
    for row, own in zip(mask, lists, strict=True):
        own[: row.sum()] = rng.permutation(np.flatnonzero(row))
    soft = rng.dirichlet(np.ones(K), N)
    every, mean, total = lu.SoftmaxCrossEntropy(), lu.MultiPositiveCrossEntropy(), lu.MultiPositiveCrossEntropy(False)
    return {
        "labels": (labels, True, every, labels),
        "labels, floating": (labels.astype(float), True, every, labels),
        "distributions": (soft, True, every, soft),
        "mask": (mask, True, mean, mask),
        "mask, summed": (mask, False, total, mask),
        "lists": (lists, True, mean, mask),
        "lists, summed": (lists, False, total, mask),
    }


@pytest.mark.parametrize("kind", targets())
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_value_and_both_gradients(kind, dtype, blocks):
    hidden, weight, upstream = layers(dtype)
    target, average, loss, on_logits = targets()[kind]
    h, w = hidden.astype(float), weight.astype(float)
    value, slope = loss.value_and_gradient(on_logits, h @ w.T)
    slope = slope * upstream[:, None]
    expected = value, slope @ w, slope.T @ h
    tensors = [torch.tensor(x, requires_grad=True) for x in (hidden, weight)]
    losses = linear_cross_entropy(*tensors, torch.tensor(target), average=average, reduction="none")
    losses.backward(torch.tensor(upstream, dtype=losses.dtype))
    of_torch = losses.detach().numpy(), *(x.grad.numpy() for x in tensors)
    of_numpy = lu.linear_cross_entropy(hidden, weight, target, average=average, upstream=upstream)
    tolerance = 1e-6 if dtype == "float32" else 1e-13
    for found in (of_numpy, of_torch):
        for a, b in zip(found, expected, strict=True):
            assert a.dtype == dtype
            np.testing.assert_allclose(a, b, rtol=tolerance, atol=tolerance)
    np.testing.assert_array_equal(lu.linear_cross_entropy(hidden, weight, target, average=average), of_numpy.losses)


def test_the_tail_of_a_confident_answer_is_kept(blocks):
    """In ulps of the exact loss of the logits, which are whole numbers here; PyTorch's own gives 0."""
    weight = np.float32(np.arange(K)[:, None] == np.arange(D)) * 60
    hidden = np.eye(D, dtype=np.float32)[:3]
    found = lu.linear_cross_entropy(hidden, weight, np.arange(3))
    for i in range(3):
        true, _, _ = exact(lu.SoftmaxCrossEntropy(), i, (hidden @ weight.T)[i].astype(float))
        assert found[i] > 0 and ulps(float(found[i]), true, true, "float32") <= 1
    theirs = torch.nn.functional.linear_cross_entropy(*map(torch.tensor, (hidden, weight, np.arange(3))))
    assert theirs == 0


def test_memory_maps_and_memory(tmp_path):
    """What is needed beside the arrays does not grow with the number of classes; weights may lie in a file."""
    peaks, hidden = [], np.ones((8, 4), np.float32)
    for k in (300_000, 900_000):
        weight = np.memmap(tmp_path / f"weight{k}", np.float32, "w+", shape=(k, 4))
        out = np.memmap(tmp_path / f"out{k}", np.float32, "w+", shape=(k, 4))
        tracemalloc.start()
        found = lu.linear_cross_entropy(hidden, weight, np.arange(8), upstream=np.full(8, 0.125), out=out)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        assert found.of_weight is out and found.losses == pytest.approx(np.log(k))
        np.testing.assert_allclose(out[100], 1 / k, rtol=1e-6)
    assert peaks[1] < 1.1 * peaks[0]


def test_in_a_graph_and_reduced():
    hidden, weight = (torch.tensor(x, requires_grad=True) for x in layers("float32")[:2])
    labels = torch.tensor(targets()["labels"][0])
    losses = linear_cross_entropy(hidden, weight, labels, reduction="none")
    compiled = torch.compile(linear_cross_entropy, fullgraph=True, backend="aot_eager")
    for reduction in ("mean", "sum"):
        value = compiled(hidden, weight, labels, reduction=reduction)
        assert torch.equal(value, getattr(losses, reduction)())
        found = torch.autograd.grad(value, (hidden, weight))
        expected = torch.autograd.grad(
            linear_cross_entropy(hidden, weight, labels, reduction=reduction), (hidden, weight)
        )
        assert all(map(torch.equal, found, expected))


def test_bad_input():
    hidden, weight, _ = layers()
    labels, mask = targets()["labels"][0], targets()["mask"][0]
    for arguments, kind, message in [
        ((hidden, weight, labels + K), ValueError, rf"whole numbers from 0 to {K - 1}, got \d+ at position"),
        ((hidden, weight, labels[:-1]), ValueError, "target: expected shape"),
        ((hidden, weight, mask[:, :-1]), ValueError, "target: expected shape"),
        ((hidden, weight, mask & False), ValueError, "at least one positive"),
        ((hidden, weight, np.full((N, 3), -1)), ValueError, "at least one positive"),
        ((hidden, weight, np.full((N, 3), -2)), ValueError, "or -1 for none"),
        ((hidden, weight, np.full((N, K), 0.5)), ValueError, "rows that sum to 1"),
        ((hidden, weight[:, :-1], labels), ValueError, "weight: expected shape"),
        ((hidden[0], weight, labels), ValueError, r"hidden: expected shape \(N, D\)"),
        ((hidden, weight.astype(int), labels), TypeError, "weight: expected a floating dtype"),
    ]:
        with pytest.raises(kind, match=message):
            lu.linear_cross_entropy(*arguments)
        with pytest.raises(kind, match=message):
            linear_cross_entropy(*map(torch.tensor, arguments))
    with pytest.raises(ValueError, match="upstream"):
        lu.linear_cross_entropy(hidden, weight, labels, upstream=np.ones(2))
    with pytest.raises(ValueError, match="out: expected shape"):
        lu.linear_cross_entropy(hidden, weight, labels, upstream=np.ones(N), out=np.empty((2, 2)))
    with pytest.raises(ValueError, match="reduction"):
        linear_cross_entropy(*map(torch.tensor, (hidden, weight, labels)), reduction="median")
