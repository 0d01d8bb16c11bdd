"""PyTorch's side: losses are autograd functions whose backward is the closed form, twice over.

Ordinary tensors in this processor's memory are computed by NumPy, which is faster. In a graph that is being made a loss
is one of the operators of `torch_operators`.
"""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
import torch
from torch._subclasses.fake_tensor import FakeTensor
from torch._subclasses.functional_tensor import FunctionalTensor
from torch.autograd import forward_ad

from .compute import answer, evaluate, has_loop, numpy_results
from .names import named, spelled
from .protocol import Array, Formulas, Prepared, Views
from .settings import LARGE, SETTINGS, core
from .torch_arrays import TorchArrays
from .torch_operators import OPERATORS

Context: TypeAlias = Any  # of an autograd function, from the way there to the way back
_TENSORS = (torch.Tensor, torch.nn.Parameter)
_INT64 = np.dtype(np.int64)


class Torch(TorchArrays):
    """PyTorch's side."""

    answer = staticmethod(answer)

    def in_memory(self, target: Array, prediction: Array, /) -> Views | None:
        """NumPy's views of two ordinary tensors: dense constants of types that NumPy has, in memory, unwatched."""
        if not SETTINGS.tensors_by_numpy or torch.compiler.is_compiling() or _watched():
            return None
        if type(target) not in _TENSORS or type(prediction) not in _TENSORS:
            return None
        if target.requires_grad or not prediction.is_cpu:
            return None
        try:  # NumPy refuses what is elsewhere, is not dense, or is of a type that it has not
            y, f = target.numpy(), (prediction.detach() if prediction.requires_grad else prediction).numpy()
        except (RuntimeError, TypeError):
            return None
        return (y, f) if f.dtype.kind == "f" and (y.dtype.kind == "f" or y.dtype == _INT64) else None

    def keeps_whole(self, prediction: Array, /) -> bool:
        """Whether a graph is being made: by `torch.compile`, by `torch.export`, or of tensors that hold nothing."""
        return torch.compiler.is_compiling() or isinstance(prediction, FakeTensor | FunctionalTensor)

    def value(self, loss: Formulas, given: Prepared, /) -> Array:
        """The loss of each example."""
        f = given.prediction
        differentiable = f.requires_grad and torch.is_grad_enabled()
        if given.views is None:
            if self.keeps_whole(f):
                return self.results(loss, ("value",), given)[0]
            if differentiable or not _reachable(f):
                return _Value.apply(f, given.target, loss)
            return _results(loss, ("value",), given.target, f)[0]
        y, x = given.views
        late = x.size >= LARGE and x.size >= SETTINGS.compiled_from and has_loop(loss, y, x)  # compiled on the way back
        wants = ("value", "gradient") if differentiable and not late else ("value",)
        tensors = [torch.from_numpy(r) for r in numpy_results(loss, wants, y, x, check_target=given.check_target)]
        return _ComputedValue.apply(f, given.target, loss, tensors) if differentiable else tensors[0]

    def gradient(self, loss: Formulas, given: Prepared, /) -> Array:
        """Its gradient."""
        f = given.prediction
        if _reachable(f) or self.keeps_whole(f):
            return self.results(loss, ("gradient",), given)[0]
        return _Gradient.apply(f, given.target, loss, given.check_target)

    def value_and_gradient(self, loss: Formulas, given: Prepared, /) -> tuple[Array, Array]:
        """Both; computed together where nothing is to be differentiated."""
        if given.prediction.requires_grad and torch.is_grad_enabled():
            return self.value(loss, given), self.gradient(loss, given._replace(check_target=False))
        value, gradient = self.results(loss, ("value", "gradient"), given)
        return value, gradient

    def results(self, loss: Formulas, wants: tuple[str, ...], given: Prepared, /, *more: Array) -> list[Array]:
        """The results named in `wants`; of PyTorch's own making if it is to differentiate them."""
        if given.views is None and self.keeps_whole(given.prediction):
            text, check, f, y = spelled(loss), given.check_target, given.prediction, given.target
            if _transformed():
                return [_IN_TRANSFORMS[want](f, y, *more, text, check) for want in wants]
            return [OPERATORS[want](f, y, *more, text, check) for want in wants]
        return _results(loss, wants, given.target, given.prediction, *more, check_target=given.check_target)


TORCH = Torch()


def _watched() -> bool:
    """Whether anything follows what is done with tensors: a transform, a tracer, a mode, forward differentiation."""
    return not (
        forward_ad._current_level < 0
        and torch._C._get_tracing_state() is None
        and torch._C._len_torch_dispatch_stack() == 0
        and torch._C._functorch.peek_interpreter_stack() is None
    )


def _transformed() -> bool:
    """Whether a transform of `torch.func` follows what is done; then what it can follow is made known to the compiler.

    The compiler runs this instead of reading it, by the mark below. Its own decorators would load it, for a second,
    with every use of PyTorch.
    """
    found = torch._C._functorch.maybe_current_level() is not None
    if found:
        torch.compiler.allow_in_graph([_value_in_transforms, _gradient_in_transforms])
    return found


_transformed._dynamo_marked_constant = True  # type: ignore[attr-defined]


def _reachable(*tensors: Array) -> bool:
    """Whether the numbers are in this processor's memory, and nobody is watching what is done with them."""
    if torch.compiler.is_compiling():
        return False
    differentiating = torch.is_grad_enabled()
    for x in tensors:
        if type(x) not in _TENSORS or not x.is_cpu or (differentiating and x.requires_grad):
            return False
    return not _watched()


def _array(x: Array) -> np.ndarray:
    """A reachable tensor as NumPy's; it shares the memory where NumPy has the type."""
    return np.asarray((x.double() if x.dtype is torch.bfloat16 else x).numpy(force=True))


def _results(
    loss: Formulas, wants: tuple[str, ...], y: Array, f: Array, *more: Array, check_target: bool = False
) -> list[Array]:
    """The results named in `wants`, in the prediction's type: by NumPy where it reaches the tensors, or by PyTorch."""
    if SETTINGS.tensors_by_numpy and _reachable(y, f, *more):
        found = numpy_results(loss, wants, *map(_array, (y, f, *more)), check_target=check_target)
        return [torch.from_numpy(x).to(f.dtype) for x in found]
    if check_target:
        y = loss._check_values(y, f)
    own = evaluate(TORCH, loss, wants, y, f, *more)
    return [x.to(f.dtype).contiguous() for x in own]  # forward mode asks for no views


class _ClosedForm(torch.autograd.Function):  # type: ignore[misc]  # PyTorch's types are not read
    """A function of the prediction that keeps its arguments for the way back; transforms may wrap them."""

    generate_vmap_rule = True

    @staticmethod
    def setup_context(ctx: Context, inputs: tuple[Array, ...], output: Array) -> None:
        f, y, ctx.loss = inputs[:3]
        ctx.save_for_backward(f, y)
        ctx.save_for_forward(f, y)


class _Value(_ClosedForm):
    @staticmethod
    def forward(f: Array, y: Array, loss: Formulas) -> Array:
        return _results(loss, ("value",), y, f)[0]

    @staticmethod
    def backward(ctx: Context, upstream: Array) -> tuple[Array | None, ...]:
        f, y = ctx.saved_tensors
        return ctx.loss._per_example(upstream) * _Gradient.apply(f, y, ctx.loss, False), None, None

    @staticmethod
    def jvp(ctx: Context, tangent: Array, *_: object) -> Array:
        f, y = ctx.saved_tensors
        along = tangent * _Gradient.apply(f, y, ctx.loss, False)
        return along.sum(-1) if ctx.loss.row_axes else along


class _Gradient(_ClosedForm):
    @staticmethod
    def forward(f: Array, y: Array, loss: Formulas, check_target: bool) -> Array:
        return _results(loss, ("gradient",), y, f, check_target=check_target)[0]

    @staticmethod
    def backward(ctx: Context, upstream: Array) -> tuple[Array | None, ...]:
        f, y = ctx.saved_tensors
        return _results(ctx.loss, ("hessian_product",), y, f, upstream)[0], None, None, None

    @staticmethod
    def jvp(ctx: Context, tangent: Array, *_: object) -> Array:
        f, y = ctx.saved_tensors
        return _results(ctx.loss, ("hessian_product",), y, f, tangent)[0]


class _ComputedValue(torch.autograd.Function):  # type: ignore[misc]  # PyTorch's types are not read
    """The loss of ordinary tensors, computed beforehand, with or without its gradient.

    Where a large one is compiled, its gradient costs less on the way back than to keep, and to make room for a product.
    """

    @staticmethod
    def forward(ctx: Context, f: Array, y: Array, loss: Formulas, found: list[Array]) -> Array:
        ctx.loss, ctx.gradient = loss, found[1] if len(found) > 1 else None
        ctx.save_for_backward(f, y)
        return found[0]

    @staticmethod
    def backward(ctx: Context, upstream: Array) -> tuple[Array | None, ...]:
        if torch.is_grad_enabled():  # that is, a second derivative is wanted
            gradient = _Gradient.apply(*ctx.saved_tensors, ctx.loss, False)
        elif ctx.gradient is not None:
            gradient = ctx.gradient
        else:
            return _on_the_way_back(ctx, upstream), None, None, None
        return ctx.loss._per_example(upstream) * gradient, None, None, None


def _on_the_way_back(ctx: Context, upstream: Array) -> Array:
    """The gradient computed now; where it is compiled, multiplied in its place by what comes from above."""
    f, y = ctx.saved_tensors
    gradient: Array = _results(ctx.loss, ("gradient",), y, f)[0]
    loops = core() if f.numel() >= SETTINGS.compiled_from else None  # by what the setting is now
    if loops is None or not _reachable(upstream) or torch._C._functorch.is_legacy_batchedtensor(upstream):
        return ctx.loss._per_example(upstream) * gradient
    loops.scale(gradient.numpy(), _array(upstream))
    return gradient


# Inside `torch.func`, whose transforms know autograd functions but no operators, a graph has the former.


def _value_in_transforms(f: Array, y: Array, text: str, check: bool) -> Array:
    return _Value.apply(f, y, named(text))


def _gradient_in_transforms(f: Array, y: Array, text: str, check: bool) -> Array:
    return _Gradient.apply(f, y, named(text), False)


_IN_TRANSFORMS = OPERATORS | {"value": _value_in_transforms, "gradient": _gradient_in_transforms}
