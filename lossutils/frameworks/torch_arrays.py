"""What `arrays` needs of PyTorch's tensors; `torch` is the whole of PyTorch's side."""

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

from ..losses.numerics import LONG, PARTS, in_pairs
from . import numpy_arrays as _numpy

NAME = "a PyTorch tensor"
_FLOATING = (torch.float16, torch.bfloat16, torch.float32, torch.float64)
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
    return is_plain(x) and x.dtype != torch.bfloat16 and _numpy.between(as_numpy(x), low, high)


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


def is_plain(*arrays: Any) -> bool:
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


def as_numpy(x: torch.Tensor) -> np.ndarray:
    """A plain tensor as NumPy's; it shares the memory where NumPy has the dtype."""
    x = x.detach() if x.requires_grad else x
    return (x.double() if x.dtype == torch.bfloat16 else x.resolve_neg()).numpy()
