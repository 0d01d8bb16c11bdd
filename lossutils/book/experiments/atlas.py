"""The atlas: an entry for each loss, made from what the loss says of itself, and the checks that the entry is right."""

from __future__ import annotations

from dataclasses import asdict
from math import inf, sqrt
from typing import Any

import numpy as np

from ...frameworks.domains import BINARY, SIGNS, UNIT
from ..facts import facts

SOFTMAX = r"p_i[i=j] - p_i p_j"

# Second derivatives: of a loss of a number in f; of a loss of a row the Hessian's entry at i, j.
CURVATURE = {
    "SquaredError": "2",
    "AbsoluteError": "0",
    "Huber": r"[\,|y - f| \le \delta\,]",
    "LogCosh": r"1 - \tanh^2(f - y)",
    "Pinball": "0",
    "EpsilonInsensitive": "0",
    "Poisson": "e^f",
    "Gamma": "y e^{-f}",
    "Tweedie": r"(2 - p)\,e^{(2 - p) f} + (p - 1)\,y e^{-(p - 1) f}",
    "ZeroOne": "0",
    "Perceptron": "0",
    "Hinge": "0",
    "SquaredHinge": "2\\,[z f < 1]",
    "ModifiedHuber": r"2\,[\,|f| < 1\,]",
    "Exponential": "e^{-z f}",
    "Logistic": r"\sigma(f)\,\sigma(-f)",
    "BinaryCrossEntropy": r"(w y + 1 - y)\,\sigma(f)\,\sigma(-f)",
    "SigmoidSquaredError": r"2 v\,(v + (\sigma(f) - y)(1 - 2\sigma(f)))",
    "SoftmaxCrossEntropy": SOFTMAX,
    "SoftmaxSquaredError": r"2 p_i[i=j](a_j - b) - 2 p_i p_j(a_i + a_j - b - c)",
    "KullbackLeibler": SOFTMAX,
    "CrammerSinger": "0",
    "MultiPositiveCrossEntropy": SOFTMAX,
    "AnyPositiveCrossEntropy": r"p_i[i=j] - p_i p_j - r_i[i=j] + r_i r_j",
    "SampledSoftmax": r"r_i[i=j] - r_i r_j",
    "InfoNCE": r"\frac{p_i[i=j] - p_i p_j}{\tau^2}",
}
CURVATURE["Focal"] = (
    r"(1 - y)\,c_\gamma(f) + y\,c_\gamma(-f)",
    r"c_\gamma(f) = \sigma(f)^\gamma\bigl(\gamma(\gamma\sigma(-f) - \sigma(f))\,\sigma(-f)\log(1 + e^f)"
    r" + (2\gamma + 1)\,\sigma(f)\sigma(-f)\bigr)",
)
GRADIENT = {"CrammerSinger": r"[j = b] - [j = t]"}  # where its documentation has words
ABBREVIATIONS = {
    "SigmoidSquaredError": r"$v = \sigma(f)\,\sigma(-f)$",
    "SoftmaxSquaredError": r"$a_j = 2p_j - q_j$, $b = \sum_k p_k(p_k - q_k)$, $c = \sum_k p_k a_k$",
    "CrammerSinger": r"$b$ is the best of the other classes, the loss positive; elsewhere the gradient is 0",
    "MultiPositiveCrossEntropy": r"$m = |P|$; without averaging, $m$ times all three",
    "AnyPositiveCrossEntropy": r"$r_j = p_j[j \in P]/\sum_{i\in P}p_i$",
    "InfoNCE": r"$p_j = e^{s_j/\tau}/\sum_k e^{s_k/\tau}$",
}
LETTERS = {"delta": r"\delta", "quantile": "q", "epsilon": r"\epsilon", "power": "p", "positive_weight": "w"}
LETTERS |= {"gamma": r"\gamma", "label_smoothing": "a", "temperature": r"\tau", "average": "average"}

MINIMISER = {  # where there is no closed form, what can be said
    "Huber": r"where the residuals, cut off at $\pm\delta$, sum to 0",
    "LogCosh": "where the hyperbolic tangents of the residuals sum to 0",
    "Focal": r"no closed form; its sigmoid is nearer to $\frac12$ than the mean of the targets",
    "CrammerSinger": "1 for a class that more than half of the targets name and 0 for the rest; else all alike",
    "AnyPositiveCrossEntropy": "no closed form; for one row none, the loss tends to 0",
    "SampledSoftmax": "of a model: the logarithms of the classes' probabilities, plus any constant",
    "InfoNCE": r"of a critic: $\tau$ times the logarithm of the density ratio, plus any constant",
}

# Lipschitz constants: as formulas of the parameters, and as functions of the loss.
LIPSCHITZ = {
    "Huber": (r"\delta", lambda loss: loss.delta),
    "Pinball": (r"\max(q, 1 - q)", lambda loss: max(loss.quantile, 1 - loss.quantile)),
    "BinaryCrossEntropy": (r"\max(1, w)", lambda loss: max(1, loss.positive_weight)),
    "SigmoidSquaredError": (r"\tfrac{8}{27}", lambda loss: 8 / 27),
    "SoftmaxCrossEntropy": (r"\sqrt{1 + (1 - a)^2}", lambda loss: sqrt(1 + (1 - loss.label_smoothing) ** 2)),
    "SoftmaxSquaredError": (r"\tfrac{16}{27}\sqrt2", lambda loss: 16 / 27 * sqrt(2)),
    "MultiPositiveCrossEntropy": (r"\sqrt2\text{, with averaging}", lambda loss: sqrt(2)),
    "InfoNCE": (r"\sqrt2/\tau", lambda loss: sqrt(2) / loss.temperature),
}


def lipschitz(loss: Any) -> str:
    """The least Lipschitz constant, as a formula where there is one."""
    name = type(loss).__name__
    if loss.lipschitz == inf:
        return "none"
    if name in LIPSCHITZ:
        return f"${LIPSCHITZ[name][0]}$"
    return r"$\sqrt2$" if abs(loss.lipschitz - sqrt(2)) < 1e-9 else f"{loss.lipschitz:.4g}"


def formulas(loss: Any) -> tuple[str, str, str]:
    """The right sides of loss, gradient and curvature."""
    name, (value, *rest) = type(loss).__name__, facts(loss).formulas
    slopes = [r.split("} = ", 1)[1].split(r" \quad")[0] for r in rest if "partial" in r]
    curvature = CURVATURE[name]
    shown = curvature[0] if isinstance(curvature, tuple) else curvature
    return value.split(" = ", 1)[1], slopes[0] if slopes else GRADIENT[name], shown


def entry(loss: Any) -> list[list[str]]:
    """What the atlas says of a loss, row by row."""
    name, known = type(loss).__name__, facts(loss)
    value, slope, curvature = formulas(loss)
    others = [f"${r}$" for r in known.formulas[1:] if "partial" not in r]
    others += [f"${CURVATURE[name][1]}$"] if isinstance(CURVATURE[name], tuple) else []
    others += [ABBREVIATIONS[name]] if name in ABBREVIATIONS else []
    rows = [["loss", f"${value}$"], ["gradient", f"${slope}$"]]
    rows += [["Hessian" if loss.row_axes else "curvature", f"${curvature}$"]]
    rows += [["where", "; ".join(others)]] if others else []
    rows += [["parameter", f"`{k}`, ${LETTERS[k]}$"] for k in asdict(loss) if k != "average"]
    rows += [["convex", "yes" if known.convex else "no"], ["Lipschitz", lipschitz(loss)]]
    return [*rows, ["minimiser", minimiser(loss)], ["target", target(loss)], ["source", known.source]]


def minimiser(loss: Any) -> str:
    """The constant prediction with the least mean loss."""
    said = MINIMISER.get(type(loss).__name__, facts(loss).minimiser.split(";")[0].rstrip("."))
    return said[0].lower() + said[1:]


def target(loss: Any) -> str:
    """What a target may be."""
    kinds = ["the number of a class"] * getattr(loss, "takes_labels", False)
    if loss.row_axes and loss.takes_rows:
        kinds.append(
            {UNIT: "a distribution over the classes", BINARY: "a mask of 0 and 1"}.get(loss.domain, "log counts")
        )
    return ", or ".join(kinds) or str(loss.domain).replace("inf", "∞").replace("-", "−")


def show(loss: Any) -> None:
    """Display a loss's entry: its table and its picture."""
    from .. import notebook

    figure, words = picture(loss)
    known = facts(loss)
    notebook.table(["", f"`{known.name}`"], [["in words", known.summary.rstrip(".")], *entry(loss)])
    notebook.show(figure, words)


# Pictures.

VARIED = {  # parameters, a curve for each
    "Huber": (0.5, 1.0, 2.0),
    "Pinball": (0.1, 0.5, 0.9),
    "EpsilonInsensitive": (0.1, 0.5, 1.0),
    "Tweedie": (1.1, 1.5, 1.9),
    "Focal": (0.0, 1.0, 2.0, 5.0),
    "InfoNCE": (0.5, 1.0, 2.0),
}


def curves(loss: Any) -> tuple[str, np.ndarray, list[tuple[str, Any, Any]]]:
    """The horizontal axis, its points, and for each curve a label, a loss and a target."""
    name, kind = type(loss).__name__, type(loss)
    varied = [kind(v) for v in VARIED[name]] if name in VARIED else [loss]
    field = next(iter(asdict(loss)), "")
    if loss.row_axes:
        axis, x, targets = "$s_1$ of the logits $(s_1, 0, 0)$", np.linspace(-6, 6, 60), _row_targets(name)
    elif loss.domain == SIGNS:
        axis, x, targets = "margin $u = zf$", np.linspace(-3, 3, 72), [("", 1.0)]
    elif kind.__module__.endswith("binary"):
        axis, x = "logit $f$", np.linspace(-6, 6, 60)
        targets = [("$y = 1$", 1.0)] if name == "Focal" else [("$y = 1$", 1.0), ("$y = 0$", 0.0), (r"$y = 0.5$", 0.5)]
    elif kind.__module__.endswith("log_mean"):
        axis, x = "log mean $f$", np.linspace(-2, 2, 40)
        counts = [1.0] if name == "Tweedie" else [0.5, 1.0, 3.0]
        targets = [(f"$y = {y:g}$", y) for y in counts]
    else:
        axis, x, targets = "$f - y$", np.linspace(-3, 3, 72), [("", 0.0)]
    if len(varied) > 1:
        one = targets[0][1]
        return axis, x, [(f"${LETTERS[field]} = {asdict(v)[field]:g}$", v, one) for v in varied]
    return axis, x, [(said, loss, target) for said, target in targets]


def _row_targets(name: str) -> list[tuple[str, Any]]:
    if name in ("KullbackLeibler", "SoftmaxCrossEntropy"):
        dense = [[0.7, 0.2, 0.1], [0.1, 0.2, 0.7]]
        if name == "SoftmaxCrossEntropy":
            dense = [[1.0, 0, 0], [0, 1.0, 0], [0.5, 0.5, 0]]
        return [(f"$q = ({', '.join(f'{x:g}' for x in q)})$", np.array(q)) for q in dense]
    if "Positive" in name:
        sets = {"$P = \\{1\\}$": [1, 0, 0], "$P = \\{1, 2\\}$": [1, 1, 0], "$P = \\{2, 3\\}$": [0, 1, 1]}
        return [(said, np.array(mask)) for said, mask in sets.items()]
    if name == "SampledSoftmax":
        return [(f"$c_1 = {c}$, else 0", np.array([c, 0.0, 0.0])) for c in (-2, 0, 2)]
    return [("class 1 right", 0), ("class 2 right", 1)] if name != "InfoNCE" else [("", 0)]


def predictions(loss: Any, x: np.ndarray) -> np.ndarray:
    """The predictions along the horizontal axis: scores, or rows whose first logit varies."""
    return np.column_stack([x, 0 * x, 0 * x]) if loss.row_axes else x


def targets(loss: Any, target: Any, x: np.ndarray) -> np.ndarray:
    """One target, repeated."""
    return np.broadcast_to(target, (len(x), *np.shape(target))).copy()


def picture(loss: Any) -> tuple[Any, str]:
    """The loss on the left, its gradient on the right; and the picture in words."""
    import matplotlib.pyplot as plt

    axis, x, found = curves(loss)
    figure, (left, right) = plt.subplots(1, 2, figsize=(7.4, 2.3))
    style = "steps-mid" if CURVATURE[type(loss).__name__] == "0" else "default"  # jumps are upright
    for said, one, target in found:
        f, y = predictions(one, x), targets(one, target, x)
        slope = one.gradient(y, f)
        left.plot(x, one(y, f), label=said or None)
        right.plot(x, slope[:, 0] if one.row_axes else slope, drawstyle=style)
    left.set(xlabel=axis, title="Loss")
    right.set(xlabel=axis, title=r"Gradient, $\partial L/\partial s_1$" if loss.row_axes else "Gradient")
    for panel in (left, right):
        panel.locator_params(nbins=5)
    if found[0][0]:
        left.legend(fontsize=8.5)
    name = type(loss).__name__
    return figure, f"{name}: the loss on the left and its gradient on the right, against {axis.replace('$', '')}."
