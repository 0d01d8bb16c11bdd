"""What the frameworks' own losses return, beside exact values by ball arithmetic."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable

import numpy as np
from flint import arb, ctx, fmpq

from ...frameworks.protocol import Array

Pair = tuple[np.ndarray, np.ndarray]  # a loss and its gradient

BITS = 600  # where a formula cancels, as log(cosh(1e-4)) does, hundreds of bits are left


def shown(x: Array, digits: int = 4) -> str:
    """A number, or several, to a few digits."""
    values = np.ravel(np.asarray(x, float))
    return ", ".join(_one(v, digits) for v in values)


def _one(v: float, digits: int) -> str:
    if np.isnan(v):
        return "NaN"
    if np.isinf(v):
        return "∞" if v > 0 else "−∞"
    return f"{v + 0.0:.{digits}g}".replace("-", "−")


def outcome(call: Callable[[], Array]) -> str:
    """The number that a call returns, a note if it warned, or the kind of error."""
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        try:
            text = shown(as_float64(call()))
        except Exception as error:
            return type(error).__name__
    return text + (", warns" if warned else "")


def as_float64(x: Array) -> np.ndarray:
    """A result of any framework as NumPy float64."""
    if hasattr(x, "detach"):
        x = x.detach().double()
    elif hasattr(x, "dtype") and str(getattr(x.dtype, "name", "")) == "bfloat16":
        import tensorflow as tf

        x = tf.cast(x, tf.float64)
    return np.asarray(x, float)


def torch_pair(loss: Callable[[Array], Array], at: Array, dtype: str = "float32") -> Pair:
    """A loss in PyTorch and its gradient, by backward()."""
    import torch

    x = torch.tensor(at, dtype=getattr(torch, dtype), requires_grad=True)
    value = loss(x)
    value.sum().backward()
    return as_float64(value), as_float64(x.grad)


def tf_pair(loss: Callable[[Array], Array], at: Array, dtype: str = "float32") -> Pair:
    """A loss in TensorFlow or Keras and its gradient, by a tape."""
    import tensorflow as tf

    x = tf.constant(at, dtype)
    with tf.GradientTape() as tape:
        tape.watch(x)
        value = loss(x)
    return as_float64(value), as_float64(tape.gradient(value, x))


def first_zero(loss: Callable[[float], Array], gaps: Iterable[int] = range(1, 60)) -> str:
    """The first whole gap at which a loss comes out as 0."""
    return next((str(g) for g in gaps if float(as_float64(loss(float(g))).ravel()[0]) == 0), "none")


# Exact values. The arguments are the floats that the framework was given, taken exactly.


def exact(function: Callable[..., arb | tuple[arb, ...]], *floats: float) -> float | list[float]:
    """A function of balls at the exact values of some floats, rounded to float64 at the end."""
    with ctx.workprec(BITS):
        found = function(*(arb(fmpq(*float(x).as_integer_ratio())) for x in floats))
        return [float(v.mid()) for v in found] if isinstance(found, tuple) else float(found.mid())


def softplus(x: arb) -> arb:
    """The logarithm of 1 + e^x."""
    return x.exp().log1p()


def sigmoid(x: arb) -> arb:
    """1 / (1 + e^-x)."""
    return 1 / (1 + (-x).exp())


def binary(y: arb, f: arb) -> tuple[arb, arb]:
    """Binary cross-entropy of a logit, and its slope."""
    return y * softplus(-f) + (1 - y) * softplus(f), (1 - y) * sigmoid(f) - y * sigmoid(-f)


def focal(gamma: arb, f: arb) -> tuple[arb, arb]:
    """Focal loss of a positive label, and its slope."""
    p, missing = sigmoid(f), sigmoid(-f)
    return missing**gamma * softplus(-f), -(missing**gamma) * (missing + gamma * p * softplus(-f))


def cross_entropy(weights: list[int]) -> Callable[..., tuple[arb, ...]]:
    """For classes so weighted: the loss of the logits, and its gradient."""

    def of(*logits: arb) -> tuple[arb, ...]:
        terms = [s.exp() for s in logits]
        total = sum(terms, arb(0))
        loss = sum((w * (total / t).log() for w, t in zip(weights, terms, strict=True)), arb(0))
        return loss, *(sum(weights) * t / total - w for w, t in zip(weights, terms, strict=True))

    return of


def log_cosh(e: arb) -> arb:
    """The logarithm of the hyperbolic cosine."""
    return e.cosh().log()


def gaussian(error: arb, variance: arb) -> tuple[arb, arb]:
    """Half the squared error over the variance, plus half its logarithm; the slope in the variance."""
    scaled = error**2 / variance
    return (variance.log() + scaled) / 2, (1 - scaled) / (2 * variance)


def poisson(y: arb, f: arb) -> arb:
    """Minus the logarithm of a Poisson probability, the factorial's included."""
    return f.exp() - y * f + (y + 1).lgamma()
