"""PyTorch's registered operators: a graph that `torch.compile` or `torch.export` makes keeps a loss whole.

Each is a function of prediction, target, the loss as text (see `names`), and whether values are checked. It is run as
any loss is: in the compiled core, by NumPy, or by PyTorch; a check that fails raises in the graph what it raises
elsewhere. The derivative of `value` is the operator `gradient`, and of that `hessian_product`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import torch

from .arrays import SIDES
from .names import named
from .protocol import Array

Context: TypeAlias = Any  # of an operator, from the way there to the way back


def registered(function: Callable[..., Any]) -> Any:
    """A function as an operator of PyTorch's, by its name; PyTorch reads its signature."""
    return torch.library.custom_op("lossutils::" + function.__name__, function, mutates_args=())


@registered
def value(prediction: torch.Tensor, target: torch.Tensor, loss: str, validate: bool) -> torch.Tensor:
    """The loss of each example."""
    return _asked(loss, "value", target, prediction, validate)


@registered
def gradient(prediction: torch.Tensor, target: torch.Tensor, loss: str, validate: bool) -> torch.Tensor:
    """Its gradient."""
    return _asked(loss, "gradient", target, prediction, validate)


@registered
def hessian(prediction: torch.Tensor, target: torch.Tensor, loss: str, validate: bool) -> torch.Tensor:
    """Its second derivative."""
    return _asked(loss, "hessian", target, prediction, validate)


@registered
def hessian_product(
    prediction: torch.Tensor, target: torch.Tensor, v: torch.Tensor, loss: str, validate: bool
) -> torch.Tensor:
    """Its second derivative times `v`."""
    return _asked(loss, "hessian_product", target, prediction, validate, v)


def _asked(loss: str, what: str, target: Array, prediction: Array, validate: bool, *more: Array) -> Array:
    """What a loss answers outside of graphs, in memory of its own, laid out as `_like_value` and the others say."""
    with torch.no_grad():
        found = SIDES[type(prediction)].answer(named(loss), what, target, prediction, None, validate, *more)
    return found.contiguous()


# What a graph knows of the results before there are any.


def _like_value(prediction: Array, target: Array, loss: str, validate: bool) -> Array:
    shape = prediction.shape
    return prediction.new_empty(shape[: len(shape) - named(loss).row_axes])


def _like_gradient(prediction: Array, target: Array, loss: str, validate: bool) -> Array:
    return prediction.new_empty(prediction.shape)


def _like_hessian(prediction: Array, target: Array, loss: str, validate: bool) -> Array:
    return prediction.new_empty((*prediction.shape, *prediction.shape[-1:] * named(loss).row_axes))


def _like_product(prediction: Array, target: Array, v: Array, loss: str, validate: bool) -> Array:
    return prediction.new_empty(prediction.shape)


value.register_fake(_like_value)
gradient.register_fake(_like_gradient)
hessian.register_fake(_like_hessian)
hessian_product.register_fake(_like_product)


# Derivatives.


def _keep(ctx: Context, inputs: tuple[Any, ...], output: Array) -> None:
    prediction, target, ctx.loss, _ = inputs
    ctx.save_for_backward(prediction, target)


def _value_backward(ctx: Context, upstream: Array) -> tuple[Array | None, ...]:
    prediction, target = ctx.saved_tensors
    slope = gradient(prediction, target, ctx.loss, False)
    return named(ctx.loss)._per_example(upstream) * slope, None, None, None


def _gradient_backward(ctx: Context, upstream: Array) -> tuple[Array | None, ...]:
    prediction, target = ctx.saved_tensors
    return hessian_product(prediction, target, upstream, ctx.loss, False), None, None, None


value.register_autograd(_value_backward, setup_context=_keep)
gradient.register_autograd(_gradient_backward, setup_context=_keep)


# Under `torch.func.vmap` a batch is more examples: its axis goes first.


def _mapped(operator: Callable[..., Array]) -> Callable[..., tuple[Array, int]]:
    def rule(info: Any, in_dims: tuple[int | None, ...], *inputs: Any) -> tuple[Array, int]:
        def first(x: Any, axis: int | None) -> Any:
            if not isinstance(x, torch.Tensor):
                return x
            return x.expand(info.batch_size, *x.shape) if axis is None else x.movedim(axis, 0)

        return operator(*map(first, inputs, in_dims)), 0

    return rule


OPERATORS = {"value": value, "gradient": gradient, "hessian": hessian, "hessian_product": hessian_product}
for _operator in OPERATORS.values():
    _operator.register_vmap(_mapped(_operator))
