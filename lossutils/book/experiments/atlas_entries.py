"""What the atlas needs to know of each loss beyond what its class says: for its pictures, and to check its formulas."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from math import e, exp, log, sqrt

import lossutils as lu

DISTRIBUTION = "positive probability vector of length K"
PROPER = "proper nonempty subset of 1..K"
SUBSET = "nonempty subset of 1..K"


@dataclass(frozen=True)
class Entry:
    """One loss."""

    lipschitz: Callable[..., float] | None = None  # the printed formula of the constant, as a function of parameters
    varied: tuple[float, ...] = ()  # values of its first parameter, a curve for each
    given: Mapping[str, str] = field(default_factory=dict)  # what is said of letters besides the usual target and score
    where: str = ""  # what else is assumed of them


ENTRIES: dict[type[lu.Loss], Entry] = {
    lu.SquaredError: Entry(),
    lu.AbsoluteError: Entry(),
    lu.Huber: Entry(lambda delta: delta, varied=(0.5, 1.0, 2.0), given={"delta": "positive"}),
    lu.LogCosh: Entry(),
    lu.Pinball: Entry(lambda q: max(q, 1 - q), varied=(0.1, 0.5, 0.9), given={"q": "(0, 1)"}),
    lu.EpsilonInsensitive: Entry(varied=(0.1, 0.5, 1.0), given={"eps": "nonnegative"}),
    lu.Expectile: Entry(varied=(0.1, 0.5, 0.9), given={"q": "(0, 1)"}),
    lu.Barron: Entry(
        lambda alpha, c: exp((1 - alpha) / 2 * log((1 - alpha) / (2 - alpha))) / c if alpha < 1 else 1 / c,
        varied=(-2.0, 0.0, 1.0, 2.0),
        given={"alpha": "nonzero real", "c": "positive"},
        where=r"\alpha < 2",
    ),
    lu.StudentT: Entry(
        lambda nu, c: (nu + 1) / (2 * c * sqrt(nu)),
        varied=(1.0, 3.0, 10.0),
        given={"nu": "positive", "c": "positive"},
    ),
    lu.Tukey: Entry(lambda c: 16 * c / (25 * sqrt(5)), varied=(1.0, 2.0, 4.685), given={"c": "positive"}),
    lu.Welsch: Entry(lambda c: c / sqrt(2 * e), varied=(0.5, 1.0, 2.985), given={"c": "positive"}),
    lu.Poisson: Entry(given={"y": "nonnegative"}),
    lu.Gamma: Entry(given={"y": "positive"}),
    lu.Tweedie: Entry(varied=(1.1, 1.5, 1.9), given={"y": "nonnegative", "p": "(1, 2)"}),
    lu.ZeroOne: Entry(),
    lu.Perceptron: Entry(),
    lu.Hinge: Entry(),
    lu.SquaredHinge: Entry(),
    lu.ModifiedHuber: Entry(),
    lu.Exponential: Entry(),
    lu.Logistic: Entry(),
    lu.BinaryCrossEntropy: Entry(lambda w: max(1, w), given={"y": "[0, 1]", "w": "positive"}),
    lu.Focal: Entry(varied=(0.0, 1.0, 2.0, 5.0), given={"y": "[0, 1]", "gamma": "positive", "c": "eq-focal"}),
    lu.SigmoidSquaredError: Entry(lambda: 8 / 27, given={"y": "[0, 1]", "v": "eq-v"}),
    lu.SoftmaxCrossEntropy: Entry(lambda a: sqrt(1 + (1 - a) ** 2), given={"p": "eq-p", "q": DISTRIBUTION}),
    lu.SoftmaxSquaredError: Entry(
        lambda: 16 / 27 * sqrt(2), given={"p": "eq-p", "q": DISTRIBUTION, "a": "eq-a", "b": "eq-b", "c": "eq-c"}
    ),
    lu.SphericalScore: Entry(
        lambda: 2 / 9 * sqrt(6), given={"s": "real^K", "p": "eq-p", "r": "eq-doubled", "t": "index 1..K"}
    ),
    lu.KullbackLeibler: Entry(lambda: sqrt(2), given={"p": "eq-p", "q": DISTRIBUTION}),
    lu.CrammerSinger: Entry(lambda: sqrt(2), given={"s": "real^K", "t": "index 1..K"}),
    lu.MultiPositiveCrossEntropy: Entry(lambda average: sqrt(2), given={"p": "eq-p", "P": SUBSET, "m": "|P|"}),
    lu.AnyPositiveCrossEntropy: Entry(lambda: sqrt(2), given={"p": "eq-p", "P": SUBSET, "r": "eq-within"}),
    lu.SampledSoftmax: Entry(lambda: sqrt(2), given={"s": "real^K", "c": "real^K", "r": "eq-corrected"}),
    lu.InfoNCE: Entry(
        lambda tau: sqrt(2) / tau,
        varied=(0.5, 1.0, 2.0),
        given={"s": "real^K", "t": "index 1..K", "tau": "positive", "p": "eq-cold"},
    ),
    lu.NegativeSampling: Entry(given={"s": "real^K", "t": "index 1..K"}),
    lu.NoiseContrastive: Entry(given={"s": "real^K", "c": "real^K"}),
    lu.PairwiseLogistic: Entry(lambda: sqrt(2), given={"s": "real^K", "P": PROPER, "m": "|P|", "d": "eq-pairs"}),
    lu.GaussianLikelihood: Entry(given={"y": "real", "mu": "real", "lambda": "real"}),
    lu.NormalCRPS: Entry(given={"y": "real", "mu": "real", "lambda": "real", "z": "eq-scaled"}),
    lu.IntervalScore: Entry(
        lambda c: sqrt(2) * (1 + c) / (1 - c),
        varied=(0.5, 0.8, 0.9),
        given={"y": "real", "a": "real", "b": "real", "c": "(0, 1)"},
        where=r"y \ne b",
    ),
}
