"""PyTorch's side: see `arrays`. Losses are autograd functions whose backward is the closed form, twice over."""

from __future__ import annotations

from typing import Any

from . import numpy_arrays as _numpy
from .compute import LARGE, core
from .torch_arrays import *  # noqa: F403
from .torch_arrays import as_numpy, as_working, is_plain, torch, working

BY_NUMPY = True  # whether tensors in this processor's memory are computed with by NumPy, which is faster
_PLAIN_TARGETS = (torch.float32, torch.float64, torch.int64)


def checks_itself(loss: Any, y: torch.Tensor, f: torch.Tensor) -> bool:
    """Whether the values of the target are best checked by `plain`, while it computes."""
    if not BY_NUMPY or f.dtype != torch.float32 or not _numpy.is_large(f.numel()) or not is_plain(y, f.detach()):
        return False
    return _numpy.checks_itself(loss, as_numpy(y), as_numpy(f))


def at_once(loss: Any, wants: tuple[str, ...], y: Any, f: torch.Tensor) -> Any:
    """The results, if two ordinary tensors of the right shapes are what was given."""
    constant = f.detach()
    if not BY_NUMPY or f.dtype != torch.float32 or not is_plain(y, constant):
        return None
    differentiable = f.requires_grad and torch.is_grad_enabled()
    if y.requires_grad or y.dtype not in _PLAIN_TARGETS or not y.layout == f.layout == torch.strided:
        return None
    if differentiable and (wants != ("value",) or f.numel() >= LARGE):
        return None
    found = _numpy.at_once(loss, ("value", "gradient") if differentiable else wants, as_numpy(y), as_numpy(constant))
    if found is None:
        return None
    found = [torch.from_numpy(x) for x in found]
    return [_PlainValue.apply(f, y, loss, found)] if differentiable else found


def plain(
    loss: Any,
    wants: tuple[str, ...],
    y: torch.Tensor,
    f: torch.Tensor,
    *more: torch.Tensor,
    unchecked: bool = False,
) -> list[torch.Tensor]:
    """The results named in `wants`, computed in the wider type and returned in the prediction's."""
    if BY_NUMPY and is_plain(y, f, *more):
        found = _numpy.plain(loss, wants, *map(as_numpy, (y, f, *more)), unchecked=unchecked)
        return [torch.as_tensor(x).to(f.dtype) for x in found]
    if unchecked:
        y = loss._check_values(y, f)
    return _wide(loss, wants, y, f, *more)


def _wide(
    loss: Any, wants: tuple[str, ...], y: torch.Tensor, f: torch.Tensor, *more: torch.Tensor
) -> list[torch.Tensor]:
    """The same, all at once."""
    wide = working(f)
    y = y if loss._labels(y, f) else as_working(y, wide)
    prepared = loss._prepare(wide, wide.dtype == f.dtype)
    found = [getattr(loss, "_" + want)(y, prepared, *map(working, more)) for want in wants]
    return [x.to(f.dtype).contiguous() for x in found]  # forward mode asks for no views


class _ClosedForm(torch.autograd.Function):
    """A function of the prediction that keeps its arguments for the way back; transforms may wrap them."""

    generate_vmap_rule = True

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple, output: torch.Tensor) -> None:
        f, y, ctx.loss, _ = inputs
        ctx.save_for_backward(f, y)
        ctx.save_for_forward(f, y)


class _Value(_ClosedForm):
    @staticmethod
    def forward(f: torch.Tensor, y: torch.Tensor, loss: Any, unchecked: bool) -> torch.Tensor:
        return plain(loss, ("value",), y, f, unchecked=unchecked)[0]

    @staticmethod
    def backward(ctx: Any, upstream: torch.Tensor) -> tuple:
        f, y = ctx.saved_tensors
        return ctx.loss._per_example(upstream) * _Gradient.apply(f, y, ctx.loss, False), None, None, None

    @staticmethod
    def jvp(ctx: Any, tangent: torch.Tensor, *_: Any) -> torch.Tensor:
        f, y = ctx.saved_tensors
        along = tangent * _Gradient.apply(f, y, ctx.loss, False)
        return along.sum(-1) if ctx.loss.row_axes else along


class _PlainValue(torch.autograd.Function):
    """The loss of tensors that no transform wraps, computed beforehand, with or without its gradient.

    Where a large one is compiled, its gradient costs less on the way back than to keep, and to make room for a product.
    """

    @staticmethod
    def forward(ctx: Any, f: torch.Tensor, y: torch.Tensor, loss: Any, found: list[torch.Tensor]) -> torch.Tensor:
        ctx.loss = loss
        ctx.save_for_backward(f, y, *found[1:])
        return found[0]

    @staticmethod
    def backward(ctx: Any, upstream: torch.Tensor) -> tuple:
        f, y, *kept = ctx.saved_tensors
        if kept or torch.is_grad_enabled():  # that is, a second derivative is wanted
            gradient = _Gradient.apply(f, y, ctx.loss, False) if torch.is_grad_enabled() else kept[0]
            return ctx.loss._per_example(upstream) * gradient, None, None, None
        gradient = plain(ctx.loss, ("gradient",), y, f)[0]
        if is_plain(upstream) and not torch._C._functorch.is_legacy_batchedtensor(upstream):
            core().scale(gradient.numpy(), as_numpy(upstream))
        else:
            gradient = ctx.loss._per_example(upstream) * gradient
        return gradient, None, None, None


class _Gradient(_ClosedForm):
    @staticmethod
    def forward(f: torch.Tensor, y: torch.Tensor, loss: Any, unchecked: bool) -> torch.Tensor:
        return plain(loss, ("gradient",), y, f, unchecked=unchecked)[0]

    @staticmethod
    def backward(ctx: Any, upstream: torch.Tensor) -> tuple:
        f, y = ctx.saved_tensors
        return plain(ctx.loss, ("hessian_product",), y, f, upstream)[0], None, None, None

    @staticmethod
    def jvp(ctx: Any, tangent: torch.Tensor, *_: Any) -> torch.Tensor:
        f, y = ctx.saved_tensors
        return plain(ctx.loss, ("hessian_product",), y, f, tangent)[0]


def value(loss: Any, y: torch.Tensor, f: torch.Tensor, unchecked: bool) -> torch.Tensor:
    """The loss, differentiable through its closed-form gradient."""
    if not (f.requires_grad and torch.is_grad_enabled()) and is_plain(f):
        return plain(loss, ("value",), y, f, unchecked=unchecked)[0]
    constant = f.detach()
    if BY_NUMPY and f.requires_grad and is_plain(constant):
        wants = ("value",) if f.numel() >= LARGE and checks_itself(loss, y, f) else ("value", "gradient")
        return _PlainValue.apply(f, y, loss, plain(loss, wants, y, constant, unchecked=unchecked))
    return _Value.apply(f, y, loss, unchecked)


def gradient(loss: Any, y: torch.Tensor, f: torch.Tensor, unchecked: bool) -> torch.Tensor:
    """Its gradient, differentiable through the closed-form Hessian."""
    if is_plain(f):
        return plain(loss, ("gradient",), y, f, unchecked=unchecked)[0]
    return _Gradient.apply(f, y, loss, unchecked)


def value_and_gradient(
    loss: Any, y: torch.Tensor, f: torch.Tensor, unchecked: bool
) -> tuple[torch.Tensor, torch.Tensor]:
    """Both, computed together; differentiable each on its own where the prediction requires grad."""
    if f.requires_grad and torch.is_grad_enabled():
        return value(loss, y, f, unchecked), gradient(loss, y, f, False)
    return tuple(plain(loss, ("value", "gradient"), y, f, unchecked=unchecked))
