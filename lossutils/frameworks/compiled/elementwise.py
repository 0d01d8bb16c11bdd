"""Losses of one number: each formula compiled, with exp, log1p and the like replaced by those of `mathematics`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import astuple
from functools import cache
from types import FunctionType
from typing import Any

import numba
import numpy as np

from ..domains import Interval
from .mathematics import OPTIONS, OWN
from .threads import in_threads

_NAMES = {"value": "formula", "gradient": "slope", "hessian": "curvature"}


@cache
def _scalar(function: FunctionType) -> Any:
    """A formula compiled for numbers, and so what it calls."""
    if function in OWN:
        return OWN[function]
    own = dict(function.__globals__)
    for name in function.__code__.co_names:
        if isinstance(own.get(name), FunctionType):
            own[name] = _scalar(own[name])
    return numba.njit(**OPTIONS)(FunctionType(function.__code__, own, function.__name__, function.__defaults__))


def _lies_in(domain: Any) -> str:
    """The condition that `a` lies in a domain, as text; a NaN does not."""
    if isinstance(domain, Interval):
        return "{!r} <= a <= {!r}".format(*domain.inner)
    return " or ".join(f"a == {float(v)!r}" for v in domain.values)


@cache
def _loop(loss: Any, wants: tuple[str, ...]) -> Callable[..., int]:
    """A loop over one loss's formulas, its parameters known to the compiler: how many targets are not in the domain."""
    arguments = "".join(f", {float(p)!r}" for p in astuple(loss))
    scope = {want: _scalar(getattr(type(loss), _NAMES[want])) for want in wants} | {"float64": np.float64}
    outs = ", ".join("out_" + want for want in wants)
    lines = [f"def loop(y, f, {outs}):", "    bad = 0", "    for i in range(f.size):"]
    lines += ["        a, b = float64(y[i]), float64(f[i])", f"        bad += 0 if {_lies_in(loss.domain)} else 1"]
    lines += [f"        out_{want}[i] = {want}(a, b{arguments})" for want in wants]
    exec("\n".join([*lines, "    return bad"]), scope)  # the text is made here, of names known here
    return numba.njit(nogil=True, error_model="numpy", fastmath={"contract"})(scope["loop"])


def elementwise(loss: Any, wants: tuple[str, ...], y: np.ndarray, f: np.ndarray) -> list[np.ndarray] | None:
    """Results of an elementwise loss for float32 predictions; None if a target is not in the domain."""
    shape, y, f = f.shape, np.ascontiguousarray(y.reshape(-1)), np.ascontiguousarray(f.reshape(-1))
    results = [np.empty(f.shape, f.dtype) for _ in wants]
    bad = in_threads(_loop(loss, wants), 1, y, f, *results)
    return None if bad else [r.reshape(shape) for r in results]
