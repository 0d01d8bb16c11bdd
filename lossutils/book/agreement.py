"""How far the three frameworks' results are from a displayed formula, in ulps of the exact value.

A loss may say of its gradient that it is right to ulps of its terms only; such a gradient is judged by these, and the
sentence says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from math import prod
from typing import Literal

import numpy as np
from flint import arb, fmpq

from ..frameworks import settings
from ..frameworks.protocol import Array
from ..losses.base import Loss
from ..losses.description import Description
from ..verify import Definition
from ..verify.expr import Expr
from ..verify.meaning.assumptions import letter
from ..verify.meaning.problem import Problem, pose
from ..verify.numbers import Undecided, Undefined, ball, use_precision
from ..verify.points.evaluation import Point, holds, value
from ..verify.points.sample import Sampler
from .facts import letters

Formula = Callable[[Array, Array], Array]  # of a target and a prediction
Implementation = tuple[type[Loss] | Formula, Literal["value", "gradient"]]

PRECISIONS = (400, 1600, 6400)  # bits, until enough of them are good
GOOD = 120
POINTS = 40
TARGETS = ("y", "z", "q", "t", "P")  # what may stand for a plain function's target, in the order it is looked for
PREDICTIONS = ("f", "s")
FAR = (1, 16, 1, 0.01)  # each point's scores and residuals are stretched by the next of these: tails, and near 0
STEPS = (1, 2, 4, 8, 16)
ON = "at sampled points on NumPy, PyTorch and TensorFlow"


def agreement(
    latex: str,
    implements: Implementation,
    given: Mapping[str, object],
    using: list[Definition],
    where: str | Iterable[str],
) -> str:
    """A sentence such as "within 2 ulps of its terms at sampled points on NumPy, PyTorch and TensorFlow"."""
    if len(implements) != 2 or implements[1] not in ("value", "gradient"):
        raise ValueError(f"implements: expected (a loss or its class, 'value' or 'gradient'), got {implements!r}")
    problem = pose(latex, dict(given), where, using)
    errors = []
    of_terms = _by_terms(implements)
    for k, point in enumerate(Sampler(problem).points(POINTS)):
        _stretch(problem, point, FAR[k % len(FAR)])
        try:
            errors.append(_worst_at(problem, implements, point, of_terms))
        except (Undefined, Undecided, OverflowError):
            continue
    if not errors:
        raise ValueError("implements: there is no point at which the formula can be compared")
    worst = max(errors)
    bound = next((s for s in STEPS if worst <= s), None)
    if bound is None:
        return f"{worst:.0e} ulps from the implementation"
    return f"within {bound} ulp{'s' if bound > 1 else ''}{' of its terms' * of_terms} {ON}"


def _by_terms(implements: Implementation) -> bool:
    """Whether the result is a gradient that says it is right to ulps of its terms only."""
    loss, what = implements
    return what == "gradient" and bool(getattr(getattr(loss, "description", None), "cancels", ""))


def _stretch(problem: Problem, point: Point, factor: float) -> None:
    """Multiply the scores at a point, if they may be any numbers."""
    exactly = fmpq(*float(factor).as_integer_ratio())
    for name in PREDICTIONS:
        if name in point.values:
            point.values[name] = point.values[name] * exactly
        for key in [k for k in point.families if k[0] == name]:
            point.families[key] = point.families[key] * exactly


def _worst_at(problem: Problem, implements: Implementation, point: Point, of_terms: bool) -> float:
    """The largest error at one point, its numbers first rounded to float64."""
    point.values = {k: _rounded(v) for k, v in point.values.items()}
    point.families = {k: _rounded(v) for k, v in point.families.items()}
    if not all(holds(c, point.fresh()) for c in problem.conditions):
        raise Undecided("rounding led out of the assumptions")
    names, predicted = _letters_of(implements[0])
    target = _argument(point, _letter(problem, names))
    pair = getattr(getattr(implements[0], "description", None), "letters", ())
    prediction = (
        np.array([_argument(point, letter(name)) for name in pair])
        if pair
        else _argument(point, _letter(problem, predicted))
    )
    exact, scale = _exact(problem.sides[-1], point, of_terms)
    worst = 0.0
    for found in _results(_computed(implements, point), target, prediction):
        number = found[int(point.values["i"]) - 1] if np.ndim(found) else found
        worst = max(worst, ulps(float(number), exact, scale))
    return worst


def _exact(formula: Expr, point: Point, of_terms: bool) -> tuple[arb, float]:
    """A formula's value, known well enough, and the size by which its errors are judged: its own, or its terms'."""
    for bits in PRECISIONS:
        use_precision(bits)
        at = point.fresh()
        exact = ball(value(formula, at))
        if exact == 0 or exact.rel_accuracy_bits() >= GOOD:
            return exact, _size(formula, at) if of_terms else abs(float(exact.mid()))
    raise Undecided("the formula's value is not known well enough")


def _size(e: Expr, at: Point) -> float:
    """The sum of the magnitudes of a formula's terms."""
    if e.head == "add":
        return sum(_size(t, at) for t in e.args)
    if e.head == "mul":
        return prod(_size(t, at) for t in e.args)
    return abs(float(ball(value(e, at)).mid()))


def _rounded(x: arb | fmpq) -> arb | fmpq:
    if not isinstance(x, fmpq) or x.q == 1:
        return x
    return fmpq(*float(arb(x).mid()).as_integer_ratio())


def _letters_of(loss: type[Loss] | Formula) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The letters that may stand for target and prediction: those of a loss's description, and t for a class's number.

    A plain function has no description, and its letters are guessed.
    """
    said: Description | None = getattr(loss, "description", None)
    if said is None:
        return TARGETS, PREDICTIONS
    targets = [said.target] + ["t"] * getattr(loss, "takes_labels", False)
    return tuple(dict.fromkeys(targets)), (said.prediction,)


def _letter(problem: Problem, names: tuple[str, ...]) -> str:
    for name in names:
        if name in problem.domains:
            return name
    raise ValueError(f"implements: the formula has none of the letters {', '.join(names)}")


def _argument(point: Point, name: str) -> np.ndarray | float:
    """What a letter stands for at a point, as a loss takes it: a set as a mask, classes counted from 0."""
    if name in point.sets:
        length = max(k[1][0] for k in point.families)
        return np.array([float(k in point.sets[name]) for k in range(1, length + 1)])
    if name in point.values:
        number = float(arb(point.values[name]).mid())
        return int(number) - 1 if name == "t" else number
    found = [(k[1], v) for k, v in point.families.items() if k[0] == name]
    return np.array([float(arb(v).mid()) for _, v in sorted(found)])


def _computed(implements: Implementation, point: Point) -> Formula:
    """The function of target and prediction that is measured; a class gets what the point says of its parameters."""
    loss, what = implements
    if isinstance(loss, type):
        found = {name: [x for x in map(letter, those) if x in point.values] for name, those in letters(loss).items()}
        numbers = {name: float(arb(point.values[those[0]]).mid()) for name, those in found.items() if those}
        try:
            loss = loss(**numbers)
        except ValueError as error:
            raise Undecided("rounding led out of a parameter's domain") from error
    method: Formula = loss if what == "value" else getattr(loss, what)
    return method


def _results(method: Formula, target: Array, prediction: Array) -> Iterator[np.ndarray]:
    """What NumPy finds, and each framework: by its own operations, and by NumPy."""
    import tensorflow as tf
    import torch

    yield np.asarray(method(target, prediction))
    for array in (torch.tensor, tf.constant):
        t, p = (array(np.asarray(x)) for x in (target, np.asarray(prediction, float)))
        for allowed in (False, True):
            with settings.use_numpy(allowed):
                found = method(t, p).numpy()
            yield found


def ulps(found: float, exact: arb, scale: float) -> float:
    """The error in units in the last place of a number of a size; infinite where infinity or NaN is wrong."""
    if not np.isfinite(scale):
        raise Undecided("the formula's value is no float64 number")
    if not np.isfinite(found):
        return float("inf")
    spacing = np.spacing(max(scale, np.finfo(float).tiny))
    return float(abs(ball(fmpq(*found.as_integer_ratio())) - exact).mid()) / float(spacing)
