"""PyTorch's side: see `arrays`. Losses are autograd functions whose backward is the closed form, twice over.

`LossModule` wraps a loss for use where an `nn.Module` is expected.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

try:
    import torch
except ImportError as error:
    raise ImportError("lossutils.torch needs PyTorch: pip install 'lossutils[torch]'") from error

from torch import exp, expm1, isfinite, isnan, log, log1p, sign, sinh, tanh, where  # noqa: F401
from torch import pow as power  # noqa: F401
from torch.autograd import forward_ad

from . import _numpy
from .blocks import LARGE, core
from .numerics import LONG, PARTS, in_pairs

NAME = "a PyTorch tensor"
BY_NUMPY = True  # whether tensors in this processor's memory are computed with by NumPy, which is faster
_FLOATING = (torch.float16, torch.bfloat16, torch.float32, torch.float64)
_PLAIN_TARGETS = (torch.float32, torch.float64, torch.int64)
_WITHOUT_FLOAT64 = ("mps",)


def dense(name: str, x: torch.Tensor) -> torch.Tensor:
    """`x`, if it is an ordinary tensor."""
    if x.layout != torch.strided or x.is_quantized or x.is_complex():
        raise TypeError(f"{name}: expected a dense real tensor, got layout {x.layout} and dtype {dtype_name(x)}")
    return x


def placed(name: str, x: torch.Tensor, prediction: torch.Tensor) -> torch.Tensor:
    """`x`, if it is an ordinary tensor and where the prediction is."""
    if x.device != prediction.device:
        raise ValueError(f"{name}: expected device {prediction.device}, that of the prediction, got {x.device}")
    return dense(name, x)


def target(x: torch.Tensor, prediction: torch.Tensor) -> torch.Tensor:
    """`x`, if it is where the prediction is; small integers and truth values as int64."""
    x = placed("target", x, prediction)
    if x.requires_grad:
        raise ValueError("target: expected a constant, got a tensor that requires grad; detach() it")
    return x if x.is_floating_point() else x.to(torch.int64)


def from_numpy(x: np.ndarray, like: torch.Tensor) -> torch.Tensor:
    """A NumPy array in this framework."""
    return target(torch.as_tensor(x).to(like.device), like)


def to_numpy(x: torch.Tensor) -> np.ndarray:
    """The reverse."""
    x = x.detach().cpu()
    return (x.float() if x.dtype == torch.bfloat16 else x).numpy()


def is_floating(x: torch.Tensor) -> bool:
    """Whether the dtype is one to compute with."""
    return x.dtype in _FLOATING


def is_integer(x: torch.Tensor) -> bool:
    """Whether the dtype is of whole numbers."""
    return not x.is_floating_point()


def dtype_name(x: torch.Tensor) -> str:
    """The dtype, to name in a message."""
    return str(x.dtype).removeprefix("torch.")


def between(x: torch.Tensor, low: float, high: float) -> bool:
    """Whether all of `x` lies between two numbers. False says only that this was not cheap to tell."""
    return bool(_is_plain(x)) and x.dtype != torch.bfloat16 and _numpy.between(_as_numpy(x), low, high)


def require(x: Any, bad: Any, message: Callable[[], str], short: str) -> Any:
    """`x`, if nothing in it is `bad`; inside `torch.func.vmap` the message cannot name the place."""
    inner = _unwrapped(bad)
    if torch.any(inner):
        raise ValueError(message() if inner is bad else short)
    return x


def _unwrapped(x: torch.Tensor) -> torch.Tensor:
    """What the wrappers of `torch.func` hold; inside them a value may not be asked for."""
    functorch = getattr(torch._C, "_functorch", None)
    if functorch is None or torch.compiler.is_compiling():
        return x
    while functorch.is_batchedtensor(x) or functorch.is_gradtrackingtensor(x):
        x = functorch.get_unwrapped(x)
    return x


def as_numbers(x: torch.Tensor) -> torch.Tensor:
    """Whole numbers that count as quantities."""
    return x


def working(x: torch.Tensor) -> torch.Tensor:
    """`x` in the type that is computed in."""
    return x.float() if x.device.type in _WITHOUT_FLOAT64 else x.double()


def as_working(y: torch.Tensor, f: torch.Tensor) -> torch.Tensor:
    """A target in the type of a prediction that is being computed with."""
    return y.to(f.dtype)


def as_index(y: torch.Tensor) -> torch.Tensor:
    """Whole numbers as indices."""
    return y.to(torch.int64)


def as_mask(x: torch.Tensor) -> torch.Tensor:
    """Zeros and ones as truth values."""
    return x.bool()


# Along the last axis, which holds the classes.


def total(x: torch.Tensor) -> torch.Tensor:
    """The sum, its axis kept."""
    return x.sum(-1, keepdim=True)


def total_in_parts(x: torch.Tensor) -> torch.Tensor:
    """The same, of long rows in parts, since PyTorch's own sum loses a digit."""
    k = x.shape[-1]
    if k < LONG:
        return total(x)
    whole = k - k % PARTS
    found = in_pairs(x[..., :whole].reshape(*x.shape[:-1], PARTS, whole // PARTS).sum(-1))
    return found if whole == k else found + x[..., whole:].sum(-1, keepdim=True)


def largest(x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The maximum, its axis kept, and where it stands (one place, also in a tie)."""
    top, place = x.max(-1, keepdim=True)
    return top, torch.arange(x.shape[-1], device=x.device) == place


def classes(x: torch.Tensor) -> Any:
    """The length of the last axis."""
    return x.shape[-1]


def any_in_row(x: torch.Tensor) -> torch.Tensor:
    """Whether a row holds something true."""
    return x.any(-1)


def pick(x: torch.Tensor, index: torch.Tensor) -> torch.Tensor:
    """The entry of each row that `index` names."""
    return x.gather(-1, index[..., None])[..., 0]


def indicator(index: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
    """True at the entry of each row of `x` that `index` names."""
    return torch.arange(x.shape[-1], device=x.device) == index[..., None]


def outer(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    """The product of every entry with every other: (..., K, K)."""
    return a[..., :, None] * b[..., None, :]


def diagonal(x: torch.Tensor) -> torch.Tensor:
    """True on the diagonal of (K, K)."""
    return torch.eye(x.shape[-1], dtype=torch.bool, device=x.device)


# What a loss is asked for.


def checks_itself(loss: Any, y: torch.Tensor, f: torch.Tensor) -> bool:
    """Whether the values of the target are best checked by `plain`, while it computes."""
    if not BY_NUMPY or f.dtype != torch.float32 or not _numpy.is_large(f.numel()) or not _is_plain(y, f.detach()):
        return False
    return _numpy.checks_itself(loss, _as_numpy(y), _as_numpy(f))


def at_once(loss: Any, wants: tuple[str, ...], y: Any, f: torch.Tensor) -> Any:
    """The results, if two ordinary tensors of the right shapes are what was given."""
    constant = f.detach()
    if not BY_NUMPY or f.dtype != torch.float32 or not _is_plain(y, constant):
        return None
    differentiable = f.requires_grad and torch.is_grad_enabled()
    if y.dtype not in _PLAIN_TARGETS or not y.layout == f.layout == torch.strided:
        return None
    if differentiable and (wants != ("value",) or f.numel() >= LARGE):
        return None
    found = _numpy.at_once(loss, ("value", "gradient") if differentiable else wants, _as_numpy(y), _as_numpy(constant))
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
    if BY_NUMPY and _is_plain(y, f, *more):
        found = _numpy.plain(loss, wants, *map(_as_numpy, (y, f, *more)), unchecked=unchecked)
        return [torch.as_tensor(x).to(f.dtype) for x in found]
    if unchecked:
        y = loss._check_values(y, f)
    return _wide(loss, wants, y, f, *more)


def _is_plain(*arrays: Any) -> bool:
    """Whether the numbers are in this processor's memory, and nobody is watching what is done with them."""
    for x in arrays:
        if type(x) not in (torch.Tensor, torch.nn.Parameter):
            return False
    if torch.compiler.is_compiling():
        return False
    watched = torch.is_grad_enabled()
    for x in arrays:
        if not x.is_cpu or (watched and x.requires_grad):
            return False
    return (
        forward_ad._current_level < 0
        and torch._C._get_tracing_state() is None
        and torch._C._len_torch_dispatch_stack() == 0
        and torch._C._functorch.peek_interpreter_stack() is None
    )


def _as_numpy(x: torch.Tensor) -> np.ndarray:
    x = x.detach() if x.requires_grad else x
    return (x.double() if x.dtype == torch.bfloat16 else x.resolve_neg()).numpy()


def _wide(
    loss: Any, wants: tuple[str, ...], y: torch.Tensor, f: torch.Tensor, *more: torch.Tensor
) -> list[torch.Tensor]:
    """The same, all at once."""
    wide = working(f)
    y = y if loss._labels(y, f) else as_working(y, wide)
    prepared = loss._prepare(wide, wide.dtype == f.dtype)
    return [getattr(loss, "_" + want)(y, prepared, *map(working, more)).to(f.dtype) for want in wants]


class _ClosedForm(torch.autograd.Function):
    """A function of the prediction that keeps its arguments for the way back; transforms may wrap them."""

    generate_vmap_rule = True

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple, output: torch.Tensor) -> None:
        f, y, ctx.loss, _ = inputs
        ctx.save_for_backward(f, y)


class _Value(_ClosedForm):
    @staticmethod
    def forward(f: torch.Tensor, y: torch.Tensor, loss: Any, unchecked: bool) -> torch.Tensor:
        return plain(loss, ("value",), y, f, unchecked=unchecked)[0]

    @staticmethod
    def backward(ctx: Any, upstream: torch.Tensor) -> tuple:
        f, y = ctx.saved_tensors
        return ctx.loss._per_example(upstream) * _Gradient.apply(f, y, ctx.loss, False), None, None, None


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
        core().scale(gradient.numpy(), upstream.numpy())
        return gradient, None, None, None


class _Gradient(_ClosedForm):
    @staticmethod
    def forward(f: torch.Tensor, y: torch.Tensor, loss: Any, unchecked: bool) -> torch.Tensor:
        return plain(loss, ("gradient",), y, f, unchecked=unchecked)[0]

    @staticmethod
    def backward(ctx: Any, upstream: torch.Tensor) -> tuple:
        f, y = ctx.saved_tensors
        return plain(ctx.loss, ("hessian_product",), y, f, upstream)[0], None, None, None


def value(loss: Any, y: torch.Tensor, f: torch.Tensor, unchecked: bool) -> torch.Tensor:
    """The loss, differentiable through its closed-form gradient."""
    if not (f.requires_grad and torch.is_grad_enabled()) and _is_plain(f):
        return plain(loss, ("value",), y, f, unchecked=unchecked)[0]
    constant = f.detach()
    if BY_NUMPY and f.requires_grad and _is_plain(constant):
        wants = ("value",) if f.numel() >= LARGE and checks_itself(loss, y, f) else ("value", "gradient")
        return _PlainValue.apply(f, y, loss, plain(loss, wants, y, constant, unchecked=unchecked))
    return _Value.apply(f, y, loss, unchecked)


def gradient(loss: Any, y: torch.Tensor, f: torch.Tensor, unchecked: bool) -> torch.Tensor:
    """Its gradient, differentiable through the closed-form Hessian."""
    if _is_plain(f):
        return plain(loss, ("gradient",), y, f, unchecked=unchecked)[0]
    return _Gradient.apply(f, y, loss, unchecked)


def value_and_gradient(
    loss: Any, y: torch.Tensor, f: torch.Tensor, unchecked: bool
) -> tuple[torch.Tensor, torch.Tensor]:
    """Both, computed together; differentiable each on its own where the prediction requires grad."""
    if f.requires_grad and torch.is_grad_enabled():
        return value(loss, y, f, unchecked), gradient(loss, y, f, False)
    return tuple(plain(loss, ("value", "gradient"), y, f, unchecked=unchecked))


class LossModule(torch.nn.Module):
    """A loss as a module: ``forward(prediction, target)``, in PyTorch's order, reduced as PyTorch reduces.

    Parameters
    ----------
    loss : lossutils.loss.Loss
        The loss.
    reduction : {"mean", "sum", "none"}
        What is done with the losses of the examples.
    """

    def __init__(self, loss: Any, reduction: str = "mean") -> None:
        super().__init__()
        if reduction not in ("mean", "sum", "none"):
            raise ValueError(f"reduction: expected 'mean', 'sum' or 'none', got {reduction!r}")
        self.loss, self.reduction = loss, reduction

    def forward(self, prediction: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
        """The loss of `prediction` against `target`."""
        losses = self.loss(target, prediction)
        return losses if self.reduction == "none" else getattr(losses, self.reduction)()
