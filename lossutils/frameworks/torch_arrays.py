"""The operations of `protocol.Operations` on PyTorch tensors."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

try:
    import torch
except ImportError as error:
    raise ImportError("lossutils.torch needs PyTorch: pip install 'lossutils[torch]'") from error

from .protocol import Array
from .sums import LONG, PARTS, in_pairs

_FLOATING = (torch.float16, torch.bfloat16, torch.float32, torch.float64)
_WITHOUT_FLOAT64 = ("mps",)


class TorchArrays:
    """PyTorch's operations."""

    NAME = "a PyTorch tensor"
    is_framework = True

    exp, log, log1p = staticmethod(torch.exp), staticmethod(torch.log), staticmethod(torch.log1p)
    expm1 = staticmethod(torch.expm1)
    sinh, tanh, power = staticmethod(torch.sinh), staticmethod(torch.tanh), staticmethod(torch.pow)
    isfinite, where, whole = staticmethod(torch.isfinite), staticmethod(torch.where), staticmethod(torch.round)

    def look_up(self, table: np.ndarray, index: Array, /) -> tuple[Array, ...]:
        """The entries of each row of a table; the index is whole, in a floating type."""
        return tuple(torch.as_tensor(table, device=index.device)[:, index.long()])

    def mended(self, near: Array, rough: Array, precisely: Callable[..., Array], /, *arrays: Array) -> Array:
        """`rough`, but where `near` what a function makes of arrays, harmless elsewhere: no value is waited for."""
        return torch.where(_like(near, rough), precisely(*(torch.where(_like(near, x), x, 0) for x in arrays)), rough)

    # Along the last axis.

    def total(self, x: Array, /) -> Array:
        """The sum, its axis kept."""
        return x.sum(-1, keepdim=True)

    def total_in_parts(self, x: Array, /) -> Array:
        """The same, of long rows in parts."""
        k = x.shape[-1]
        if k < LONG:
            return self.total(x)
        whole = k - k % PARTS
        found = in_pairs(x[..., :whole].reshape(*x.shape[:-1], PARTS, whole // PARTS).sum(-1))
        return found if whole == k else found + x[..., whole:].sum(-1, keepdim=True)

    def largest(self, x: Array, /) -> tuple[Array, Array]:
        """The maximum, its axis kept, and where it stands: one place, also in a tie."""
        top, place = x.max(-1, keepdim=True)
        return top, torch.arange(x.shape[-1], device=x.device) == place

    def class_count(self, x: Array, /) -> Array:
        """The length of the axis."""
        return x.shape[-1]

    def last_class(self, x: Array, y: Array, /) -> Array:
        """The last index of the axis."""
        return x.shape[-1] - 1

    def any_in_row(self, x: Array, /) -> Array:
        """Whether a row holds something true."""
        return x.any(-1)

    def pick(self, x: Array, index: Array, /) -> Array:
        """The entry of each row that `index` names."""
        return x.gather(-1, index[..., None])[..., 0]

    def indicator(self, index: Array, x: Array, /) -> Array:
        """True at the entry of each row of `x` that `index` names."""
        return torch.arange(x.shape[-1], device=x.device) == index[..., None]

    def outer(self, a: Array, b: Array, /) -> Array:
        """The product of every entry with every other: (..., K, K)."""
        return a[..., :, None] * b[..., None, :]

    def diagonal(self, x: Array, /) -> Array:
        """True on the diagonal of (K, K)."""
        return torch.eye(x.shape[-1], dtype=torch.bool, device=x.device)

    # Types.

    def widened(self, x: Array, /) -> Array:
        """`x` in float64, where the device has it."""
        return x.float() if x.device.type in _WITHOUT_FLOAT64 else x.double()

    def in_type_of(self, f: Array, y: Array, /) -> Array:
        """`y` in the type of `f`."""
        return y.to(f.dtype)

    def as_index(self, y: Array, /) -> Array:
        """Whole numbers as int64."""
        return y.to(torch.int64)

    def as_mask(self, x: Array, /) -> Array:
        """Zeros and ones as truth values."""
        return x.bool()

    def as_numbers(self, y: Array, /) -> Array:
        """Whole numbers that count as quantities, as they are."""
        return y

    def is_floating(self, x: Array, /) -> bool:
        """Whether the dtype is one to compute with."""
        return x.dtype in _FLOATING

    def dtype_name(self, x: Array, /) -> str:
        """The dtype, to name in a message."""
        return str(x.dtype).removeprefix("torch.")

    # What comes in.

    def dense(self, name: str, x: Array, /) -> Array:
        """`x`, if it is an ordinary tensor."""
        if x.layout != torch.strided or x.is_quantized or x.is_complex():
            found = f"layout {x.layout} and dtype {self.dtype_name(x)}"
            raise TypeError(f"{name}: expected a dense real tensor, got {found}")
        return x

    def placed(self, name: str, x: Array, prediction: Array, /) -> Array:
        """The same, if it is on the prediction's device."""
        if x.device != prediction.device:
            raise ValueError(f"{name}: expected device {prediction.device}, that of the prediction, got {x.device}")
        return self.dense(name, x)

    def target(self, x: Array, prediction: Array, /) -> Array:
        """The same, if it is a constant; whole numbers and truth values as int64."""
        x = self.placed("target", x, prediction)
        if x.requires_grad:
            raise ValueError("target: expected a constant, got a tensor that requires grad; detach() it")
        return x if x.is_floating_point() else x.to(torch.int64)

    def from_numpy(self, x: np.ndarray, prediction: Array, /) -> Array:
        """A NumPy array as a tensor on the prediction's device."""
        return self.target(torch.as_tensor(x).to(prediction.device), prediction)

    def to_numpy(self, x: Array, /) -> np.ndarray:
        """A tensor as a NumPy array; bfloat16, which NumPy has not, as float32."""
        x = x.detach().cpu()
        return np.asarray((x.float() if x.dtype == torch.bfloat16 else x).numpy())

    def between(self, x: Array, low: float, high: float, /) -> bool:
        """Never told: one would wait for the device. What is in memory is looked at by NumPy."""
        return False

    def are_classes(self, y: Array, count: int | None, /) -> bool:
        """Never told, like `between`."""
        return False

    def require(self, x: Array, bad: Array, message: Callable[[], str], short: str, /) -> Array:
        """`x`, if nothing in it is `bad`; inside `torch.func.vmap` the message cannot name the place."""
        if bad.device.type == "meta":
            raise ValueError(
                f"{short}, got a tensor on PyTorch's meta device, which holds no values; pass validate=False"
            )
        inner = _unwrapped(bad)
        if torch.any(inner):
            raise ValueError(message() if inner is bad else short)
        return x


def _like(near: Array, x: Array) -> Array:
    """A mask of entries or of rows, shaped to go with `x`."""
    return near[(..., *(None,) * (x.dim() - near.dim()))]


def _unwrapped(x: Array) -> Array:
    """What the wrappers of `torch.func` hold; inside them a value may not be asked for."""
    functorch = getattr(torch._C, "_functorch", None)
    if functorch is None or torch.compiler.is_compiling():
        return x
    while functorch.is_batchedtensor(x) or functorch.is_gradtrackingtensor(x):
        x = functorch.get_unwrapped(x)
    return x
