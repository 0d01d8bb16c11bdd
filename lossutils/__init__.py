"""Loss functions that keep their tails, on NumPy, PyTorch and TensorFlow arrays."""

import importlib
from types import ModuleType

from .losses.base import Loss
from .losses.binary import BinaryCrossEntropy, Focal, SigmoidSquaredError
from .losses.cross_entropy import KullbackLeibler, SoftmaxCrossEntropy
from .losses.distributions import GaussianLikelihood, IntervalScore, NormalCRPS
from .losses.general import Barron
from .losses.hinge import Hinge, ModifiedHuber, Perceptron, SquaredHinge
from .losses.linear import linear_cross_entropy
from .losses.log_mean import Gamma, Poisson, Tweedie
from .losses.margin import Exponential, Logistic, ZeroOne
from .losses.multi_positive import AnyPositiveCrossEntropy, MultiPositiveCrossEntropy
from .losses.multiclass import CrammerSinger, SoftmaxSquaredError
from .losses.negatives import NegativeSampling, NoiseContrastive
from .losses.piecewise_linear import AbsoluteError, EpsilonInsensitive, Pinball
from .losses.ranking import PairwiseLogistic
from .losses.regression import Expectile, Huber, LogCosh, SquaredError
from .losses.robust import StudentT, Tukey, Welsch
from .losses.sampled import InfoNCE, SampledSoftmax
from .losses.spherical import SphericalScore

__all__ = [
    "AbsoluteError",
    "AnyPositiveCrossEntropy",
    "Barron",
    "BinaryCrossEntropy",
    "CrammerSinger",
    "EpsilonInsensitive",
    "Expectile",
    "Exponential",
    "Focal",
    "Gamma",
    "GaussianLikelihood",
    "Hinge",
    "Huber",
    "InfoNCE",
    "IntervalScore",
    "KullbackLeibler",
    "LogCosh",
    "Logistic",
    "Loss",
    "ModifiedHuber",
    "MultiPositiveCrossEntropy",
    "NegativeSampling",
    "NoiseContrastive",
    "NormalCRPS",
    "PairwiseLogistic",
    "Perceptron",
    "Pinball",
    "Poisson",
    "SampledSoftmax",
    "SigmoidSquaredError",
    "SoftmaxCrossEntropy",
    "SoftmaxSquaredError",
    "SphericalScore",
    "SquaredError",
    "SquaredHinge",
    "StudentT",
    "Tukey",
    "Tweedie",
    "Welsch",
    "ZeroOne",
    "linear_cross_entropy",
    "losses",
]


# The folder `losses` became an attribute of this package when it was first imported, above. The function takes its
# place for good: a module that is loaded is not set again. CONTRIBUTING says what follows from that.
def losses() -> list[Loss]:
    """One instance of each loss, for tests and tables.

    Examples
    --------
    >>> lu.losses()[:3]
    [SquaredError(), AbsoluteError(), Huber(delta=1.0)]
    >>> [loss for loss in lu.losses() if not loss.convex][:2]
    [ZeroOne(), Focal(gamma=2.0)]
    """
    return [
        SquaredError(),
        AbsoluteError(),
        Huber(),
        LogCosh(),
        Pinball(),
        EpsilonInsensitive(),
        Expectile(),
        Barron(),
        StudentT(),
        Tukey(),
        Welsch(),
        Poisson(),
        Gamma(),
        Tweedie(),
        ZeroOne(),
        Perceptron(),
        Hinge(),
        SquaredHinge(),
        ModifiedHuber(),
        Exponential(),
        Logistic(),
        BinaryCrossEntropy(),
        Focal(),
        SigmoidSquaredError(),
        SoftmaxCrossEntropy(),
        SoftmaxSquaredError(),
        SphericalScore(),
        KullbackLeibler(),
        CrammerSinger(),
        MultiPositiveCrossEntropy(),
        AnyPositiveCrossEntropy(),
        SampledSoftmax(),
        InfoNCE(),
        NegativeSampling(),
        NoiseContrastive(),
        PairwiseLogistic(),
        GaussianLikelihood(),
        NormalCRPS(),
        IntervalScore(),
    ]


def __getattr__(name: str) -> ModuleType:
    """Load what needs more than NumPy when it is asked for: lossutils.torch, .tensorflow, .verify."""
    if name in ("torch", "tensorflow", "verify"):
        return importlib.import_module("." + name, __name__)
    if name == "one_process":
        return importlib.import_module(".frameworks.one_process", __name__)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
