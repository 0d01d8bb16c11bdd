"""Losses of one number: each formula compiled, with exp, log1p and the like replaced by those of `mathematics`."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from types import FunctionType
from typing import cast

import numpy as np

from ..domains import Among, Interval
from ..names import spelled
from ..protocol import NARROW, Domain, Formulas
from .jit import fast_loop, inlined
from .kept import keep
from .mathematics import COMPILED
from .threads import in_threads

_FORMULAS = {"value": "formula", "gradient": "slope", "hessian": "curvature"}


@cache
def _compiled(function: FunctionType) -> Callable[..., object]:
    """A formula compiled for numbers, and so what it calls."""
    if function in COMPILED:
        return COMPILED[function]
    own = dict(function.__globals__)
    for name in function.__code__.co_names:
        if isinstance(own.get(name), FunctionType):
            own[name] = _compiled(own[name])
    return inlined(FunctionType(function.__code__, own, function.__name__, function.__defaults__))


def _lies_in(domain: Domain) -> str:
    """The condition that `a` lies in a domain, as text; a NaN does not."""
    if isinstance(domain, Interval):
        return "{!r} <= a <= {!r}".format(*domain.inner)
    assert isinstance(domain, Among)
    return " or ".join(f"a == {float(v)!r}" for v in domain.values)


@cache
def _loop(loss: Formulas, wants: tuple[str, ...]) -> Callable[..., int]:
    """A loop over one loss's formulas, its parameters known to the compiler: how many targets are not in the domain."""
    arguments = "".join(f", {float(p)!r}" for p in vars(loss).values())
    scope: dict[str, object] = {"float64": np.float64, "nan": np.nan, "inf": np.inf, "__name__": __name__}
    scope |= {want: _compiled(getattr(type(loss), _FORMULAS[want])) for want in wants}
    outs = ", ".join("out_" + want for want in wants)
    lines = [f"def loop(y, f, {outs}):", "    bad = 0", "    for i in range(f.size):"]
    lines += ["        a, b = float64(y[i]), float64(f[i])", f"        bad += 0 if {_lies_in(loss.domain)} else 1"]
    for want in wants:
        lines += [f"        found = {want}(a, b{arguments})"]
        if want in loss.mends:
            scope["size_of_" + want] = _compiled(cast("FunctionType", loss.mends[want].size))
            lines += [f"        found = nan if abs(found) < {NARROW!r} * size_of_{want}(a, b{arguments}) else found"]
        lines += [f"        out_{want}[i] = found"]
    exec("\n".join([*lines, "    return bad"]), scope)  # the text is made here, of names known here
    loop = fast_loop(cast("FunctionType", scope["loop"]))
    if "." not in (name := spelled(loss)).partition("(")[0]:  # the package's own, whose formulas do not change unseen
        keep(loop, f"{name} {wants}")
    return cast("Callable[..., int]", loop)


def elementwise(loss: Formulas, wants: tuple[str, ...], y: np.ndarray, f: np.ndarray) -> list[np.ndarray] | None:
    """Results of an elementwise loss for float32 predictions; None if a target is not in the domain.

    Where a result cancels, it is NaN: the callers compute it again.
    """
    results = [np.empty(f.shape, f.dtype) for _ in wants]
    flat = results if f.ndim == 1 else [x.ravel() for x in results]
    bad = in_threads(_loop(loss, wants), 1, y.ravel(), f.ravel(), *flat)
    return None if bad else results
