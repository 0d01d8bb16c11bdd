"""What the atlas says of each loss beyond what its class and its documentation say. Formulas are LaTeX."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from math import sqrt

import lossutils as lu

SOFTMAX_CURVATURE = r"p_i[i=j] - p_i p_j"
FOCAL_CURVATURE = (
    r"c_\gamma(f) = \sigma(f)^\gamma\bigl(\gamma(\gamma\sigma(-f) - \sigma(f))\,\sigma(-f)\log(1 + e^f)"
    r" + (2\gamma + 1)\,\sigma(f)\sigma(-f)\bigr)"
)
DISTRIBUTION = "positive probability vector of length K"
SUBSET = "nonempty subset of 1..K"


@dataclass(frozen=True)
class Entry:
    """One loss: what is printed of it, and what the checks of it need to know."""

    curvature: str  # the second derivative in f; of a loss of a row, the Hessian's entry at i, j
    gradient: str = ""  # where its documentation has words instead of a formula
    where: str = ""  # what the formulas' symbols stand for
    minimiser: str = ""  # where there is no closed form, what can be said
    lipschitz: str = ""  # the least Lipschitz constant in terms of the parameters, ...
    lipschitz_of: Callable[..., float] | None = None  # ... and as a function of them
    varied: tuple[float, ...] = ()  # values of its parameter, a curve for each
    kink: str = ""  # where a derivative is missing; the formulas are compared elsewhere
    given: Mapping[str, str] = field(default_factory=dict)  # what is said of letters besides the usual target and score


ENTRIES: dict[type[lu.Loss], Entry] = {
    lu.SquaredError: Entry("2"),
    lu.AbsoluteError: Entry("0", kink=r"f \ne y"),
    lu.Huber: Entry(
        r"[\,|y - f| \le \delta\,]",
        minimiser=r"where the residuals, cut off at $\pm\delta$, sum to 0",
        lipschitz=r"\delta",
        lipschitz_of=lambda delta: delta,
        varied=(0.5, 1.0, 2.0),
        kink=r"|y - f| \ne \delta",
        given={"delta": "positive"},
    ),
    lu.LogCosh: Entry(
        r"1 - \tanh^2(f - y)",
        minimiser="where the hyperbolic tangents of the residuals sum to 0",
    ),
    lu.Pinball: Entry(
        "0",
        lipschitz=r"\max(q, 1 - q)",
        lipschitz_of=lambda q: max(q, 1 - q),
        varied=(0.1, 0.5, 0.9),
        kink=r"f \ne y",
        given={"q": "(0, 1)"},
    ),
    lu.EpsilonInsensitive: Entry(
        "0", varied=(0.1, 0.5, 1.0), kink=r"|y - f| \ne \epsilon", given={"eps": "nonnegative"}
    ),
    lu.Poisson: Entry("e^f", given={"y": "nonnegative"}),
    lu.Gamma: Entry("y e^{-f}", given={"y": "positive"}),
    lu.Tweedie: Entry(
        r"(2 - p)\,e^{(2 - p) f} + (p - 1)\,y e^{-(p - 1) f}",
        varied=(1.1, 1.5, 1.9),
        given={"y": "nonnegative", "p": "(1, 2)"},
    ),
    lu.ZeroOne: Entry("0", kink=r"z f \ne 0"),
    lu.Perceptron: Entry("0", kink=r"z f \ne 0"),
    lu.Hinge: Entry("0", kink=r"z f \ne 1"),
    lu.SquaredHinge: Entry("2\\,[z f < 1]", kink=r"z f \ne 1"),
    lu.ModifiedHuber: Entry(r"2\,[\,|f| < 1\,]", kink=r"|z f| \ne 1"),
    lu.Exponential: Entry("e^{-z f}"),
    lu.Logistic: Entry(r"\sigma(f)\,\sigma(-f)"),
    lu.BinaryCrossEntropy: Entry(
        r"(w y + 1 - y)\,\sigma(f)\,\sigma(-f)",
        lipschitz=r"\max(1, w)",
        lipschitz_of=lambda w: max(1, w),
        given={"y": "[0, 1]", "w": "positive"},
    ),
    lu.Focal: Entry(
        r"(1 - y)\,c_\gamma(f) + y\,c_\gamma(-f)",
        where=f"${FOCAL_CURVATURE}$",
        minimiser=r"no closed form; its sigmoid is nearer to $\frac12$ than the mean of the targets",
        varied=(0.0, 1.0, 2.0, 5.0),
        given={"y": "[0, 1]", "gamma": "positive", "c": "eq-focal"},
    ),
    lu.SigmoidSquaredError: Entry(
        r"2 v\,(v + (\sigma(f) - y)(1 - 2\sigma(f)))",
        where=r"$v = \sigma(f)\,\sigma(-f)$",
        lipschitz=r"\tfrac{8}{27}",
        lipschitz_of=lambda: 8 / 27,
        given={"y": "[0, 1]", "v": "eq-v"},
    ),
    lu.SoftmaxCrossEntropy: Entry(
        SOFTMAX_CURVATURE,
        lipschitz=r"\sqrt{1 + (1 - a)^2}",
        lipschitz_of=lambda a: sqrt(1 + (1 - a) ** 2),
        given={"p": "eq-p", "q": DISTRIBUTION},
    ),
    lu.SoftmaxSquaredError: Entry(
        r"2 p_i[i=j](a_j - b) - 2 p_i p_j(a_i + a_j - b - c)",
        where=r"$a_j = 2p_j - q_j$, $b = \sum_k p_k(p_k - q_k)$, $c = \sum_k p_k a_k$",
        lipschitz=r"\tfrac{16}{27}\sqrt2",
        lipschitz_of=lambda: 16 / 27 * sqrt(2),
        given={"p": "eq-p", "q": DISTRIBUTION, "a": "eq-a", "b": "eq-b", "c": "eq-c"},
    ),
    lu.KullbackLeibler: Entry(SOFTMAX_CURVATURE, given={"p": "eq-p", "q": DISTRIBUTION}),
    lu.CrammerSinger: Entry(
        "0",
        gradient=r"[j = b] - [j = t]",
        where=r"$b$ is the best of the other classes, the loss positive; elsewhere the gradient is 0",
        minimiser="1 for a class that more than half of the targets name and 0 for the rest; else all alike",
        given={"s": "real^K", "t": "index 1..K"},
    ),
    lu.MultiPositiveCrossEntropy: Entry(
        SOFTMAX_CURVATURE,
        where=r"$m = |P|$; without averaging, $m$ times all three",
        lipschitz=r"\sqrt2\text{, with averaging}",
        lipschitz_of=lambda average: sqrt(2),
        given={"p": "eq-p", "P": SUBSET, "m": "|P|"},
    ),
    lu.AnyPositiveCrossEntropy: Entry(
        r"p_i[i=j] - p_i p_j - r_i[i=j] + r_i r_j",
        where=r"$r_j = p_j[j \in P]/\sum_{i\in P}p_i$",
        minimiser="no closed form; for one row none, the loss tends to 0",
        given={"p": "eq-p", "P": SUBSET, "r": "eq-within"},
    ),
    lu.SampledSoftmax: Entry(
        r"r_i[i=j] - r_i r_j",
        minimiser="of a model: the logarithms of the classes' probabilities, plus any constant",
        given={"s": "real^K", "c": "real^K", "r": "eq-corrected"},
    ),
    lu.InfoNCE: Entry(
        r"\frac{p_i[i=j] - p_i p_j}{\tau^2}",
        where=r"$p_j = e^{s_j/\tau}/\sum_k e^{s_k/\tau}$",
        minimiser=r"of a critic: $\tau$ times the logarithm of the density ratio, plus any constant",
        lipschitz=r"\sqrt2/\tau",
        lipschitz_of=lambda tau: sqrt(2) / tau,
        varied=(0.5, 1.0, 2.0),
        given={"s": "real^K", "t": "index 1..K", "tau": "positive", "p": "eq-cold"},
    ),
}
