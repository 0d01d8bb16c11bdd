"""The atlas: an entry for each loss, its table and its picture, made from what the loss says of itself."""

from __future__ import annotations

from collections.abc import Callable
from math import inf

import numpy as np
from matplotlib.figure import Figure

import lossutils as lu

from ...frameworks.domains import BINARY, UNIT
from ...losses.base import RowLoss
from .. import figures
from ..facts import facts, letters
from ..tables import table
from .atlas_entries import ENTRIES

SECOND = 0.5  # in pictures, the other of two numbers
Target = float | np.ndarray


def lipschitz(loss: lu.Loss) -> str:
    """The least Lipschitz constant, as a formula where there is one."""
    formula = loss.description.lipschitz
    if loss.lipschitz == inf:
        return "none"
    return f"${formula}$" if formula else f"{loss.lipschitz:.4g}"


def rows(loss: lu.Loss) -> list[list[str]]:
    """What the atlas says of a loss, row by row."""
    said, known = loss.description, facts(loss)
    where = [f"${equation}$" for equation in (*said.defined, *said.curvature_defined)]
    where += [said.remark] if said.remark else []
    found = [["loss", f"${said.loss}$"], ["gradient", f"${said.gradient}$"]]
    found += [["Hessian" if loss.row_axes else "curvature", f"${said.curvature}$"]]
    found += [["where", "; ".join(where)]] if where else []
    found += [["parameter", f"`{name}`, ${letter}$"] for name, (letter, *_) in letters(loss).items()]
    found += [["convex", "yes" if known.convex else "no"], ["Lipschitz", lipschitz(loss)]]
    return [*found, ["minimiser", minimiser(loss)], ["target", target(loss)], ["source", known.source]]


def minimiser(loss: lu.Loss) -> str:
    """The constant prediction with the least mean loss."""
    said = loss.description.minimiser or facts(loss).minimiser.split(";")[0].rstrip(".")
    return said[0].lower() + said[1:]


def target(loss: lu.Loss) -> str:
    """What a target may be."""
    if loss.columns:
        return str(loss.domain)
    kinds = ["the number of a class"] * (isinstance(loss, RowLoss) and loss.takes_labels)
    if isinstance(loss, RowLoss) and loss.takes_rows:
        kinds.append(
            {UNIT: "a distribution over the classes", BINARY: "a mask of 0 and 1"}.get(loss.domain, "log counts")
        )
    return ", or ".join(kinds) or str(loss.domain).replace("inf", "∞").replace("-", "−")


def show(loss: lu.Loss) -> None:
    """Display a loss's entry: its table and its picture."""
    figure, words = picture(loss)
    known = facts(loss)
    table(["", f"`{known.name}`"], [["in words", known.summary.rstrip(".")], *rows(loss)])
    figures.show(figure, words)


# Pictures.


def curves(loss: lu.Loss) -> tuple[str, np.ndarray, list[tuple[str, lu.Loss, Target]]]:
    """The horizontal axis, its points, and for each curve a label, a loss and a target."""
    axis, x, targets = axis_and_targets(loss)
    varied = ENTRIES[type(loss)].varied
    if varied:
        letter = next(iter(letters(loss).values()))[0]
        one = targets[0][1]
        kind: Callable[[float], lu.Loss] = type(loss)
        return axis, x, [(f"${letter} = {value:g}$", kind(value), one) for value in varied]
    return axis, x, [(said, loss, target) for said, target in targets]


def axis_and_targets(loss: lu.Loss) -> tuple[str, np.ndarray, list[tuple[str, Target]]]:
    """The horizontal axis, its points, and the targets to draw a curve for, each with its label."""
    kind = loss.description.prediction_is
    if kind == "scores":
        return "$s_1$ of the logits $(s_1, 0, 0)$", np.linspace(-6, 6, 60), _row_targets(loss)
    if kind == "pair":
        first, second = loss.description.letters
        return (
            f"${first}$, where ${second} = {SECOND:g}$",
            np.linspace(-3, 3, 72),
            [(f"$y = {y}$", y) for y in (0, 1, 2)],
        )
    if kind == "score":
        return "margin $u = zf$", np.linspace(-3, 3, 72), [("", 1.0)]
    if kind == "logit":
        labels = [1.0] if isinstance(loss, lu.Focal) else [1.0, 0.0, 0.5]
        return "logit $f$", np.linspace(-6, 6, 60), [(f"$y = {y:g}$", y) for y in labels]
    if kind == "log mean":
        counts = [1.0] if isinstance(loss, lu.Tweedie) else [0.5, 1.0, 3.0]
        return "log mean $f$", np.linspace(-2, 2, 40), [(f"$y = {y:g}$", y) for y in counts]
    return "$f - y$", np.linspace(-3, 3, 72), [("", 0.0)]


def _row_targets(loss: lu.Loss) -> list[tuple[str, Target]]:
    if isinstance(loss, lu.KullbackLeibler | lu.SoftmaxCrossEntropy):
        dense = [[0.7, 0.2, 0.1], [0.1, 0.2, 0.7]]
        if isinstance(loss, lu.SoftmaxCrossEntropy):
            dense = [[1.0, 0, 0], [0, 1.0, 0], [0.5, 0.5, 0]]
        return [(f"$q = ({', '.join(f'{x:g}' for x in q)})$", np.array(q)) for q in dense]
    if loss.domain == BINARY:
        sets = {"$P = \\{1\\}$": [1, 0, 0], "$P = \\{1, 2\\}$": [1, 1, 0], "$P = \\{2, 3\\}$": [0, 1, 1]}
        return [(said, np.array(mask)) for said, mask in sets.items()]
    if isinstance(loss, lu.SampledSoftmax | lu.NoiseContrastive):
        return [(f"$c_1 = {c}$, else 0", np.array([c, 0.0, 0.0])) for c in (-2, 0, 2)]
    return [("", 0)] if isinstance(loss, lu.InfoNCE) else [("class 1 right", 0), ("class 2 right", 1)]


def predictions(loss: lu.Loss, x: np.ndarray) -> np.ndarray:
    """The predictions along the horizontal axis: scores, or rows whose first number varies."""
    if loss.columns:
        return np.column_stack([x, 0 * x + SECOND])
    return np.column_stack([x, 0 * x, 0 * x]) if loss.row_axes else x


def repeated(target: Target, count: int) -> np.ndarray:
    """One target, so many times."""
    return np.broadcast_to(target, (count, *np.shape(target))).copy()


def picture(loss: lu.Loss) -> tuple[Figure, str]:
    """The loss on the left, its gradient on the right; and the picture in words."""
    import matplotlib.pyplot as plt

    axis, x, found = curves(loss)
    figure, (left, right) = plt.subplots(1, 2, figsize=(7.4, 2.3))
    style = "steps-mid" if loss.description.curvature == "0" else "default"  # jumps are upright
    for said, one, target in found:
        f, y = predictions(one, x), repeated(target, len(x))
        slope = one.gradient(y, f)
        left.plot(x, one(y, f), label=said or None)
        right.plot(x, slope[:, 0] if one.row_axes else slope, drawstyle=style)
    left.set(xlabel=axis, title="Loss")
    first = loss.description.letters[0] if loss.columns else "s_1"
    right.set(xlabel=axis, title=rf"Gradient, $\partial L/\partial {first}$" if loss.row_axes else "Gradient")
    for panel in (left, right):
        panel.locator_params(nbins=5)
    if found[0][0]:
        left.legend(fontsize=8.5)
    name = type(loss).__name__
    return figure, f"{name}: the loss on the left and its gradient on the right, against {axis.replace('$', '')}."
