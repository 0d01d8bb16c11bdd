"""What `test_sharded` runs in several processes: python -m tests.frameworks.sharded_program RANK WORLD FOLDER [fail].

Each process prints "passed", or a traceback.
"""

import sys
from datetime import timedelta
from pathlib import Path

import numpy as np
import torch
from torch import distributed as dist

import lossutils as lu
from lossutils.torch import LossModule, linear_cross_entropy, sharded_cross_entropy
from tests.reference.fixtures import ALL

ROWS, CLASSES = 6, 11
SIZES = {1: [11], 2: [2, 9], 4: [3, 0, 7, 1]}  # ragged, and one without classes
LAYERS = SIZES | {4: [3, 1, 6, 1]}


def rows(dtype):
    """Logits with tails, ties, a masked class and gaps; labels on every process's classes."""
    rng = np.random.default_rng(0)
    s = rng.normal(0, 3, (ROWS, CLASSES))
    s[0, 1], s[1, 10], s[2, 4], s[3] = 60, 40, -np.inf, 0
    mask = rng.random((ROWS, CLASSES)) < 0.3
    mask[0], mask[1, 2:], mask[:, 1] = [True] * 2 + [False] * 9, False, True
    mask[2, 4] = False
    q = np.where(s > -np.inf, rng.random(s.shape), 0)
    return torch.tensor(s, dtype=dtype), {
        "labels": (torch.tensor([1, 10, 0, 5, 2, 9]), lu.SoftmaxCrossEntropy()),
        "mask": (torch.tensor(mask), lu.MultiPositiveCrossEntropy()),
        "weights": (torch.tensor(q / q.sum(-1, keepdims=True)), lu.SoftmaxCrossEntropy()),
    }


def try_shards(group, sizes, rank):
    """Value and gradient of each process's part, beside those of the whole."""
    mine = slice(sum(sizes[:rank]), sum(sizes[: rank + 1]))
    for dtype, tolerance in ((torch.float32, 2e-7), (torch.float64, 1e-15)):
        s, targets = rows(dtype)
        for target, loss in targets.values():
            upstream = torch.linspace(0.5, 2, ROWS, dtype=dtype)
            own = s[:, mine].clone().requires_grad_()
            part = target if target.dim() == 1 else target[:, mine]
            losses = sharded_cross_entropy(own, part, reduction="none", group=group)
            losses.backward(upstream)
            value, slope = loss.value_and_gradient(target, s)
            torch.testing.assert_close(losses.detach(), value, rtol=tolerance, atol=0)
            expected = (slope * upstream[:, None])[:, mine]
            torch.testing.assert_close(own.grad, expected, rtol=3 * tolerance, atol=tolerance)
            mean = sharded_cross_entropy(own, part, group=group)
            torch.testing.assert_close(mean.detach(), value.mean(), rtol=tolerance, atol=0)


def try_layers(group, sizes, rank):
    """A layer's weights in parts, its logits never formed."""
    rng = np.random.default_rng(2)
    hidden, weight = (torch.tensor(rng.normal(size=shape), requires_grad=True) for shape in ((5, 4), (CLASSES, 4)))
    mine = slice(sum(sizes[:rank]), sum(sizes[: rank + 1]))
    for target in (torch.tensor([0, 10, 3, 5, 10]), torch.tensor([[0, 10], [3, -1], [5, 6], [1, 2], [9, -1]])):
        own = weight.detach()[mine].clone().requires_grad_()
        states = hidden.detach().clone().requires_grad_()
        value = linear_cross_entropy(states, own, target, group=group)
        value.backward()
        expected = linear_cross_entropy(hidden, weight, target)
        of_hidden, of_weight = torch.autograd.grad(expected, (hidden, weight))
        torch.testing.assert_close(value, expected, rtol=1e-15, atol=0)
        torch.testing.assert_close(states.grad, of_hidden, rtol=1e-14, atol=1e-15)
        torch.testing.assert_close(own.grad, of_weight[mine], rtol=1e-14, atol=1e-15)


def try_distributed_tensors(world, rank):
    """Logits as a tensor that is sharded on its classes, ragged."""
    from torch.distributed.device_mesh import init_device_mesh
    from torch.distributed.tensor import Replicate, Shard, distribute_tensor

    mesh = init_device_mesh("cpu", (world,))
    s, targets = rows(torch.float32)
    target, loss = targets["labels"]
    whole = distribute_tensor(s, mesh, [Shard(1)]).requires_grad_()
    sharded_cross_entropy(whole, target).backward()
    torch.testing.assert_close(whole.grad.full_tensor(), loss.gradient(target, s) / ROWS, rtol=1e-6, atol=1e-9)
    for placement in (Shard(0), Replicate()):
        try:
            sharded_cross_entropy(distribute_tensor(s, mesh, [placement]), target)
        except ValueError as error:
            assert "last axis sharded" in str(error)
        else:
            raise AssertionError


def try_errors(group):
    """All processes refuse the same."""
    s = torch.zeros(2, 3)
    wrong = [
        (torch.tensor([0, 3 * dist.get_world_size(group)]), "whole numbers from 0"),
        (torch.zeros(2, 3, dtype=torch.bool), "at least one positive"),
        (torch.ones(2, 3), "sum to 1 over all"),
        (torch.zeros(3, dtype=torch.int64), "target: expected shape"),
    ]
    for target, message in wrong:
        try:
            sharded_cross_entropy(s, target, group=group)
        except ValueError as error:
            assert message in str(error), error
        else:
            raise AssertionError(message)


def try_data_parallel(world, rank):
    """`DistributedDataParallel`, and compiled: the gradients are those of all data on one process."""
    rng = np.random.default_rng(1)
    x, y = torch.tensor(rng.normal(size=(8, 3)), dtype=torch.float32), torch.tensor(rng.integers(0, 5, 8))
    torch.manual_seed(0)
    layer, criterion = torch.nn.Linear(3, 5), LossModule(lu.SoftmaxCrossEntropy())
    expected = torch.autograd.grad(criterion(layer(x), y), layer.weight)[0]
    parallel = torch.nn.parallel.DistributedDataParallel(layer)
    criterion(parallel(x[rank::world]), y[rank::world]).backward()
    torch.testing.assert_close(layer.weight.grad, expected)
    if ALL:
        layer.zero_grad()
        whole = torch.compile(lambda x, y: criterion(parallel(x), y), backend="aot_eager")
        whole(x[rank::world], y[rank::world]).backward()
        torch.testing.assert_close(layer.weight.grad, expected)


def main(rank, world, folder, *more):
    torch.set_num_threads(1)
    store = dist.FileStore(str(Path(folder) / "store"), world)
    dist.init_process_group("gloo", store=store, rank=rank, world_size=world, timeout=timedelta(seconds=120))
    if "fail" in more:
        if rank == 1:
            raise SystemExit("fails on purpose")
        sharded_cross_entropy(torch.zeros(2, 3), torch.tensor([0, 1]))
    for size in (1, 2, 4):
        group = dist.new_group(list(range(size)))
        if rank < size <= world:
            try_shards(group, SIZES[size], rank)
            try_layers(group, LAYERS[size], rank)
            try_errors(group)
    try_distributed_tensors(world, rank)
    try_data_parallel(world, rank)
    dist.barrier()
    dist.destroy_process_group()
    print("passed")


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), *sys.argv[3:])
