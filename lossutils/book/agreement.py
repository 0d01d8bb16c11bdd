"""How far the three frameworks' results are from a displayed formula, in units in the last place."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import fields
from math import prod
from typing import Any

import numpy as np
from flint import arb, fmpq

from ..verify import Definition
from ..verify.expr import Expr
from ..verify.meaning.problem import Problem, pose
from ..verify.numbers import Undecided, Undefined, ball, use_precision
from ..verify.points.evaluation import Point, holds, value
from ..verify.points.sample import Sampler

PRECISIONS = (400, 1600, 6400)  # bits, until enough of them are good
GOOD = 120
POINTS = 40
TARGETS = ("y", "z", "q", "t", "P")  # the letters that may stand for a target, in the order they are looked for
PREDICTIONS = ("f", "s")
LETTERS = {  # the letters that may stand for a loss's parameter, besides its own name
    "quantile": ("tau", "q"),
    "power": ("rho", "p"),
    "temperature": ("tau",),
    "positive_weight": ("w",),
    "label_smoothing": ("alpha",),
}
STEPS = (1, 2, 4, 8, 16)


def agreement(
    latex: str, method: Callable, given: dict[str, Any], using: list[Definition], where: str | Iterable[str]
) -> str:
    """A sentence such as "within 2 ulps on NumPy, PyTorch and TensorFlow"."""
    problem = pose(latex, given, where, using)
    formula = problem.sides[-1]
    worst = 0.0
    for point in Sampler(problem, latex).points(POINTS):
        try:
            worst = max(worst, _at(problem, formula, method, point))
        except (Undefined, Undecided, OverflowError):
            continue
    bound = next((s for s in STEPS if worst <= s), None)
    if bound is None:
        return f"{worst:.0e} ulps from the implementation"
    return f"within {bound} ulp{'s' if bound > 1 else ''} on NumPy, PyTorch and TensorFlow"


def _at(problem: Problem, formula: Expr, method: Callable, point: Point) -> float:
    """The largest error at one point, its numbers first rounded to float64."""
    point.values = {k: _rounded(v) for k, v in point.values.items()}
    point.families = {k: _rounded(v) for k, v in point.families.items()}
    if not all(holds(c, point.fresh()) for c in problem.conditions):
        raise Undecided("rounding led out of the assumptions")
    target = next(_argument(point, letter) for letter in TARGETS if _present(problem, letter))
    prediction = next(_argument(point, letter) for letter in PREDICTIONS if _present(problem, letter))
    owner = getattr(method, "__self__", None) or _instance(method, point)
    name = method.__name__
    for bits in PRECISIONS:
        use_precision(bits)
        at = point.fresh()
        exact = ball(value(formula, at))
        if exact == 0 or exact.rel_accuracy_bits() >= GOOD:
            break
    else:
        raise Undecided("the formula's value is not known well enough")
    scale = _size(formula, at)
    worst = 0.0
    for found in _results(owner, name, target, prediction):
        found = found[int(point.values["i"]) - 1] if np.ndim(found) else found
        worst = max(worst, ulps(float(found), exact, scale))
    return worst


def _size(e: Expr, at: Point) -> float:
    """The sum of the magnitudes of a formula's terms: near a root, what rounding them allows."""
    if e.head == "add":
        return sum(_size(t, at) for t in e.args)
    if e.head == "mul":
        return prod(_size(t, at) for t in e.args)
    return abs(float(ball(value(e, at)).mid()))


def _rounded(x: Any) -> Any:
    if not isinstance(x, fmpq) or x.q == 1:
        return x
    return fmpq(*float(arb(x).mid()).as_integer_ratio())


def _present(problem: Problem, letter: str) -> bool:
    return letter in problem.domains


def _argument(point: Point, letter: str) -> Any:
    if letter in point.sets:
        length = max(k[1][0] for k in point.families)
        return np.array([float(k in point.sets[letter]) for k in range(1, length + 1)])
    if letter in point.values:
        number = float(arb(point.values[letter]).mid())
        return int(number) - 1 if letter == "t" else number
    found = [(k[1], v) for k, v in point.families.items() if k[0] == letter]
    return np.array([float(arb(v).mid()) for _, v in sorted(found)])


def _instance(method: Callable, point: Point) -> Any:
    """The loss whose method it is, with the parameters that the point has letters for."""
    import lossutils

    kind = getattr(lossutils, method.__qualname__.split(".")[0])
    names = {f.name: [x for x in (f.name, *LETTERS.get(f.name, ())) if x in point.values] for f in fields(kind)}
    return kind(**{name: float(arb(point.values[found[0]]).mid()) for name, found in names.items() if found})


def _results(owner: Any, name: str, target: Any, prediction: Any) -> Iterable[np.ndarray]:
    """What NumPy finds, and each framework: by its own operations, and by NumPy."""
    import tensorflow as tf
    import torch

    from ..frameworks.settings import by_numpy

    yield np.asarray(getattr(owner, name)(target, prediction))
    for array in (torch.tensor, tf.constant):
        t, p = (array(np.asarray(x)) for x in (target, np.asarray(prediction, float)))
        for allowed in (False, True):
            with by_numpy(allowed):
                found = getattr(owner, name)(t, p).numpy()
            yield found


def ulps(found: float, exact: Any, scale: float) -> float:
    """The error in units in the last place of a number of a size."""
    spacing = np.spacing(max(scale, np.finfo(float).tiny))
    return float(abs(ball(fmpq(*found.as_integer_ratio())) - exact).mid()) / float(spacing)
