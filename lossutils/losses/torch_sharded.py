"""Softmax cross-entropy of logits whose classes lie on several processes, each of which has a part of them."""

from __future__ import annotations

from math import prod
from typing import Any, NamedTuple

import torch
from torch import distributed as dist
from torch.distributed.tensor import DTensor, Replicate, Shard

from ..frameworks import checks
from ..frameworks.arrays import side_of, where
from .linear import Linear, check_layers, target_of
from .parts import Part, all_of, below, complement, part, probabilities, stretched

_SENT = 4  # numbers of each row: top, rest, gap, mass


class Share(NamedTuple):
    """What a process has of the classes."""

    logits: torch.Tensor  # (..., K_here)
    first: int  # the number of its first class
    classes: int  # how many there are on all processes
    group: dist.ProcessGroup | None


def share_of_tensor(logits: DTensor) -> Share:
    """The part of a distributed tensor whose last axis is sharded over one dimension of its mesh."""
    axis = logits.dim() - 1
    over = [i for i, p in enumerate(logits.placements) if isinstance(p, Shard) and p.dim % logits.dim() == axis]
    others = [p for i, p in enumerate(logits.placements) if i not in over]
    if len(over) != 1 or not all(isinstance(p, Replicate) for p in others):
        raise ValueError(f"logits: expected their last axis sharded, and no other, got {logits.placements}")
    from torch.distributed.tensor._utils import compute_local_shape_and_global_offset

    _, offsets = compute_local_shape_and_global_offset(logits.shape, logits.device_mesh, logits.placements)
    group = logits.device_mesh.get_group(over[0])
    return Share(logits.to_local(), offsets[-1], logits.shape[-1], group)


def share_of_process(logits: torch.Tensor, group: dist.ProcessGroup | None) -> Share:
    """The part that a process gives, its first class after those of the processes before it."""
    first, classes = numbered(logits.shape[-1], group, logits.device)
    return Share(logits, first, classes, group)


def numbered(count: int, group: dist.ProcessGroup | None, device: torch.device) -> tuple[int, int]:
    """The number of the first of a process's `count` classes, and how many all have."""
    counts = [torch.zeros(1, dtype=torch.int64, device=device) for _ in range(dist.get_world_size(group))]
    dist.all_gather(counts, torch.tensor([count], device=device), group)
    before = [int(x) for x in counts[: dist.get_rank(group)]]
    return sum(before), sum(int(x) for x in counts)


def weights_of(target: torch.Tensor, share: Share) -> tuple[torch.Tensor, bool]:
    """The weights of the process's own classes, and whether the loss is a mean over positives."""
    s = share.logits
    checks.shape("target", tuple(target.shape), tuple(s.shape[:-1]), tuple(s.shape))
    if target.dim() == s.dim():
        domain = "truth values or weights from 0 to 1"
        checks.values("target", target, (target < 0) | (target > 1), domain) if target.is_floating_point() else None
        return target.double(), target.dtype is torch.bool
    bad = (target < 0) | (target >= share.classes) | (target % 1 != 0)
    checks.values("target", target, bad, f"whole numbers from 0 to {share.classes - 1}")
    own = torch.arange(share.first, share.first + s.shape[-1], device=s.device)
    return (target[..., None] == own).double(), False


def own_part(s: torch.Tensor, q: torch.Tensor, exact: bool) -> Part:
    """What each row keeps of the process's own classes; of none, what changes nothing."""
    if s.shape[-1] == 0:
        nothing = s.new_full(s.shape[:-1], -torch.inf)
        zero = s.new_zeros(s.shape[:-1])
        return Part(nothing, zero, zero, zero, zero, zero)
    side = side_of(s)
    far, lost = below(side.largest(s)[0], s)
    gap = side.total_in_parts(where(q == 0, 0.0, q * (far + lost)))[..., 0]
    return part(s, gap, side.total_in_parts(q)[..., 0], exact)


def of_all(own: Part, group: dist.ProcessGroup | None) -> Part:
    """The same of all classes, on every process alike: each sends four numbers a row."""
    summed = own._replace(rest=own.rest + own.low, gap=own.gap + own.lost)
    sent = torch.stack(summed[:_SENT]).contiguous()
    received = [torch.empty_like(sent) for _ in range(dist.get_world_size(group))]
    dist.all_gather(received, sent, group)
    zero = torch.zeros_like(sent[0])
    return all_of([Part(top, rest, gap, mass, zero, zero) for top, rest, gap, mass in received])


class ShardedLoss(torch.autograd.Function):  # type: ignore[misc]  # PyTorch's types are not read
    """The losses of the rows, on every process; the way back needs no other process."""

    @staticmethod
    def forward(
        ctx: Any, s: torch.Tensor, q: torch.Tensor, mean: bool, group: dist.ProcessGroup | None
    ) -> torch.Tensor:
        """The losses."""
        row = of_all(own_part(s.double(), q, s.dtype is torch.float64), group)
        check_mass(row.mass, mean)
        count = row.mass if mean else torch.ones_like(row.mass)
        ctx.save_for_backward(s, q, count, *row)
        return (row.loss() / count).to(s.dtype)

    @staticmethod
    @torch.autograd.function.once_differentiable  # type: ignore[untyped-decorator]
    def backward(ctx: Any, upstream: torch.Tensor) -> tuple[torch.Tensor | None, ...]:
        """The derivative in the process's own logits."""
        s, q, count, *kept = ctx.saved_tensors
        row = Part(*kept)
        wide, exact = s.double(), s.dtype is torch.float64
        p = probabilities(wide, row, exact)
        slopes = p * (row.mass[..., None] - q) - q * complement(wide, p, stretched(row))
        return (slopes * (upstream.double() / count)[..., None]).to(s.dtype), None, None, None


def check_mass(mass: torch.Tensor, mean: bool) -> None:
    """Refuse rows without a positive, or whose weights do not sum to 1; all processes see the same."""
    if mean:
        checks.values("target", mass, mass == 0, "at least one positive in each row, on any process")
    else:
        checks.values("target", mass, abs(mass - 1) > 1e-4, "weights that sum to 1 over all processes")


def sharded_losses(logits: torch.Tensor, target: torch.Tensor, group: dist.ProcessGroup | None) -> torch.Tensor:
    """The losses of the rows: see `lossutils.torch.sharded_cross_entropy`."""
    share = share_of_tensor(logits) if isinstance(logits, DTensor) else share_of_process(logits, group)
    if isinstance(target, DTensor):
        target = target.to_local() if target.dim() == logits.dim() else target.full_tensor()
    if not share.logits.is_floating_point() or prod(share.logits.shape[:-1]) == 0:
        raise ValueError(f"logits: expected floating rows, got {share.logits.dtype} of shape {tuple(logits.shape)}")
    q, mean = weights_of(target, share)
    return ShardedLoss.apply(share.logits, q, mean, share.group)


class ShardedLinear(torch.autograd.Function):  # type: ignore[misc]
    """The same of logits that are never formed: a process has the weights of its own classes, and all hidden states."""

    @staticmethod
    def forward(
        ctx: Any, hidden: torch.Tensor, weight: torch.Tensor, y: torch.Tensor, average: bool, group: dist.ProcessGroup
    ) -> torch.Tensor:
        """The losses."""
        check_layers(hidden, weight, average)
        first, classes = numbered(weight.shape[0], group, weight.device)
        target = target_of(y, hidden, classes, average)
        if target.named is None:
            raise ValueError("target: expected whole numbers, the classes of each row, where the weights are sharded")
        inside = (target.named >= first) & (target.named < first + weight.shape[0])
        own = target._replace(named=torch.where(inside, target.named - first, -1))
        row = of_all(Linear(hidden, weight, own).state(), group)
        ctx.own, ctx.group, ctx.average = own, group, average
        ctx.save_for_backward(hidden, weight, *row)
        return row.loss().to(hidden.dtype)

    @staticmethod
    @torch.autograd.function.once_differentiable  # type: ignore[untyped-decorator]
    def backward(ctx: Any, upstream: torch.Tensor) -> tuple[torch.Tensor | None, ...]:
        """The derivatives in the hidden states, to which all processes add, and in the process's own weights."""
        hidden, weight, *kept = ctx.saved_tensors
        of_weight = torch.empty_like(weight)
        of_hidden = Linear(hidden, weight, ctx.own).gradients(Part(*kept), upstream.double(), of_weight)
        dist.all_reduce(of_hidden, group=ctx.group)
        return of_hidden.to(hidden.dtype), of_weight, None, None, None
