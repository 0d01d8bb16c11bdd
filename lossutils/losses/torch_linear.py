"""The operators by which PyTorch computes `linear_cross_entropy`: a graph keeps them whole, as it does other losses."""

from __future__ import annotations

from typing import Any, TypeAlias

import torch

from ..frameworks.torch_operators import registered
from .linear import Linear, check_layers, target_of
from .parts import Part

Tensors: TypeAlias = tuple[torch.Tensor, torch.Tensor]


def _linear(hidden: torch.Tensor, weight: torch.Tensor, target: torch.Tensor, average: bool) -> Linear:
    check_layers(hidden, weight, average)
    return Linear(hidden, weight, target_of(target, hidden, weight.shape[0], average))


@registered
def linear_cross_entropy(hidden: torch.Tensor, weight: torch.Tensor, target: torch.Tensor, average: bool) -> Tensors:
    """The losses of the rows, and what each row keeps of its classes for the way back."""
    row = _linear(hidden, weight, target, average).state()
    return row.loss().to(hidden.dtype), torch.stack(list(row))


@registered
def linear_cross_entropy_backward(
    hidden: torch.Tensor,
    weight: torch.Tensor,
    target: torch.Tensor,
    average: bool,
    kept: torch.Tensor,
    upstream: torch.Tensor,
) -> Tensors:
    """The derivatives in the hidden states and in the weights."""
    of_weight = torch.empty_like(weight)
    linear = _linear(hidden, weight, target, average)
    of_hidden = linear.gradients(Part(*kept.unbind()), linear.side.widened(upstream), of_weight)
    return of_hidden.to(hidden.dtype), of_weight


def _like_forward(hidden: torch.Tensor, weight: torch.Tensor, target: torch.Tensor, average: bool) -> Tensors:
    n = hidden.shape[0]
    return hidden.new_empty(n), hidden.new_empty((len(Part._fields), n), dtype=torch.float64)


def _like_backward(
    hidden: torch.Tensor,
    weight: torch.Tensor,
    target: torch.Tensor,
    average: bool,
    kept: torch.Tensor,
    upstream: torch.Tensor,
) -> Tensors:
    return hidden.new_empty(hidden.shape), torch.empty_like(weight)


def _keep(ctx: Any, inputs: tuple[Any, ...], output: Tensors) -> None:
    hidden, weight, target, ctx.average = inputs
    ctx.save_for_backward(hidden, weight, target, output[1])


def _back(ctx: Any, upstream: torch.Tensor, _: torch.Tensor) -> tuple[torch.Tensor | None, ...]:
    hidden, weight, target, kept = ctx.saved_tensors
    return *linear_cross_entropy_backward(hidden, weight, target, ctx.average, kept, upstream), None, None


linear_cross_entropy.register_fake(_like_forward)
linear_cross_entropy_backward.register_fake(_like_backward)
linear_cross_entropy.register_autograd(_back, setup_context=_keep)
