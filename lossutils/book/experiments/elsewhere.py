"""Where each loss of the frameworks is treated: their own lists, beside what this book has of each."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

HEADERS = ("their name", "here", "treated")
OBJECTIVES = Path("../benchmarks/objectives.json")

# What a loss is, in one word of this book -> the class that computes it, and the equation or section about it.
_SECTION = "[{}](elsewhere-{})".format
SUBJECTS: dict[str, tuple[str, str]] = {
    "squared": ("SquaredError", "{eq}`eq-r-squared`"),
    "root": ("SquaredError", "{eq}`eq-r-squared`, of which it is the root"),
    "absolute": ("AbsoluteError", "{eq}`eq-r-absolute`"),
    "huber": ("Huber", "{eq}`eq-r-huber`"),
    "smooth": ("Huber", "{eq}`eq-r-smooth-huber`"),
    "pseudo-huber": ("Barron", "{eq}`eq-r-barron-one`"),
    "fair": ("", "{eq}`eq-o-fair`"),
    "log-cosh": ("LogCosh", "{eq}`eq-r-logcosh-value`"),
    "pinball": ("Pinball", "{eq}`eq-r-pinball`"),
    "insensitive": ("EpsilonInsensitive", "{eq}`eq-r-insensitive`"),
    "squared insensitive": ("EpsilonInsensitive", "{eq}`eq-r-insensitive`, of which it is the square"),
    "percentage": ("", "{eq}`eq-r-percentage`"),
    "squared log": ("", "{eq}`eq-r-log-squares`"),
    "root of squared log": ("", "{eq}`eq-r-log-squares`, of which it is the root"),
    "largest": ("", "{eq}`eq-o-largest`"),
    "median": ("", "not minimised in this book: the median of {eq}`eq-r-absolute` over the examples"),
    "poisson": ("Poisson", "{eq}`eq-r-poisson-value`"),
    "gamma": ("Gamma", "{eq}`eq-r-gamma-value`"),
    "tweedie": ("Tweedie", "{eq}`eq-r-tweedie`"),
    "relative": ("", "{doc}`/chapters/regression`: the residuals' share of the largest one weights the examples"),
    "gaussian": ("GaussianLikelihood", "{doc}`/chapters/what_a_loss_asks_for`"),
    "zero-one": ("ZeroOne", "{eq}`eq-c-zero-one`"),
    "perceptron": ("Perceptron", "{eq}`eq-c-perceptron`"),
    "hinge": ("Hinge", "{eq}`eq-c-hinge`"),
    "squared hinge": ("SquaredHinge", "{eq}`eq-c-squared-hinge`"),
    "modified huber": ("ModifiedHuber", "{eq}`eq-c-modified-huber`"),
    "exponential": ("Exponential", "{eq}`eq-c-exponential`"),
    "logistic": ("Logistic", "{eq}`eq-l-logistic`"),
    "binary": ("BinaryCrossEntropy", "{eq}`eq-l-cross-entropy`"),
    "rate": ("BinaryCrossEntropy", "{eq}`eq-o-rate`"),
    "positive weight": ("BinaryCrossEntropy", "{eq}`eq-c-weight-gradient`"),
    "focal": ("Focal", "{eq}`eq-c-focal`"),
    "softmax": ("SoftmaxCrossEntropy", "{eq}`eq-ce-class`, {eq}`eq-ce-dense`"),
    "one class": ("SoftmaxCrossEntropy", "{eq}`eq-ce-class`"),
    "linear softmax": ("linear_cross_entropy", "{eq}`eq-part-merge`"),
    "one against the rest": ("BinaryCrossEntropy", "{eq}`eq-c-one-rest`, {eq}`eq-binary-form`"),
    "several hinges": ("CrammerSinger", "{eq}`eq-c-crammer-singer`, {eq}`eq-c-weston-watkins`"),
    "pairwise hinge": ("", "{eq}`eq-o-ranking`, over pairs of a positive and another label"),
    "kl": ("KullbackLeibler", "{eq}`eq-divergence`"),
    "brier": ("SigmoidSquaredError", "{eq}`eq-c-brier`"),
    "impurity log": ("", "{eq}`eq-c-left-logistic`: what the loss leaves at its minimum"),
    "impurity brier": ("", "{eq}`eq-c-left-squared`: what the loss leaves at its minimum"),
    "generalised": ("", "{eq}`eq-o-generalised`"),
    "sampled softmax": ("SampledSoftmax", "{eq}`eq-sampled`"),
    "nce": ("NoiseContrastive", "{eq}`eq-nce-minimiser`"),
    "dice": ("", "{eq}`eq-o-dice`"),
    "tversky": ("", "{eq}`eq-o-tversky`"),
    "ranking": ("", "{eq}`eq-o-ranking`"),
    "triplet": ("", _SECTION("pairs, triples and directions", "distance")),
    "embedding": ("", _SECTION("pairs, triples and directions", "distance")),
    "cosine": ("", "{eq}`eq-o-cosine-angle`"),
    "circle": ("", "{eq}`eq-o-circle`"),
    "ctc": ("AnyPositiveCrossEntropy", "{eq}`eq-o-alignments`"),
    "pairwise": ("PairwiseLogistic", "{doc}`/chapters/fitting`"),
    "weighted pairwise": ("", _SECTION("rankings", "rankings")),
    "listwise": ("SoftmaxCrossEntropy", _SECTION("rankings", "rankings")),
    "pairwise zero-one": ("", "{doc}`/chapters/fitting`: what a ranking gets wrong"),
    "coverage": ("", "not minimised in this book: how far down a ranking the last positive stands"),
    "cox": ("SoftmaxCrossEntropy", "{eq}`eq-o-cox`"),
    "accelerated": ("", "{eq}`eq-o-censored`"),
    "half sum of squares": ("SquaredError", "{eq}`eq-r-squared`: half its sum"),
    "likelihood of rates": ("Poisson", "{eq}`eq-r-poisson-value`, and Stirling's terms {eq}`eq-r-stirling`"),
}

TREATED: dict[str, dict[str, str]] = {  # framework -> its name of a loss -> the subject
    "PyTorch": {
        "L1Loss": "absolute",
        "NLLLoss": "one class",
        "NLLLoss2d": "one class",
        "PoissonNLLLoss": "likelihood of rates",
        "GaussianNLLLoss": "gaussian",
        "KLDivLoss": "kl",
        "MSELoss": "squared",
        "BCELoss": "binary",
        "BCEWithLogitsLoss": "binary",
        "HingeEmbeddingLoss": "embedding",
        "MultiLabelMarginLoss": "pairwise hinge",
        "SmoothL1Loss": "smooth",
        "HuberLoss": "huber",
        "SoftMarginLoss": "logistic",
        "CrossEntropyLoss": "softmax",
        "LinearCrossEntropyLoss": "linear softmax",
        "MultiLabelSoftMarginLoss": "one against the rest",
        "CosineEmbeddingLoss": "embedding",
        "MarginRankingLoss": "ranking",
        "MultiMarginLoss": "several hinges",
        "TripletMarginLoss": "triplet",
        "TripletMarginWithDistanceLoss": "triplet",
        "CTCLoss": "ctc",
    },
    "Keras": {
        "BinaryCrossentropy": "binary",
        "BinaryFocalCrossentropy": "focal",
        "CTC": "ctc",
        "CategoricalCrossentropy": "softmax",
        "CategoricalFocalCrossentropy": "focal",
        "CategoricalGeneralizedCrossEntropy": "generalised",
        "CategoricalHinge": "several hinges",
        "Circle": "circle",
        "CosineSimilarity": "cosine",
        "Dice": "dice",
        "Hinge": "hinge",
        "Huber": "huber",
        "KLDivergence": "kl",
        "LogCosh": "log-cosh",
        "MeanAbsoluteError": "absolute",
        "MeanAbsolutePercentageError": "percentage",
        "MeanSquaredError": "squared",
        "MeanSquaredLogarithmicError": "squared log",
        "Poisson": "poisson",
        "SparseCategoricalCrossentropy": "one class",
        "SquaredHinge": "squared hinge",
        "Tversky": "tversky",
    },
    "TensorFlow": {
        "ctc_loss": "ctc",
        "l2_loss": "half sum of squares",
        "log_poisson_loss": "likelihood of rates",
        "nce_loss": "nce",
        "sampled_softmax_loss": "sampled softmax",
        "sigmoid_cross_entropy_with_logits": "binary",
        "softmax_cross_entropy_with_logits": "softmax",
        "sparse_softmax_cross_entropy_with_logits": "one class",
        "weighted_cross_entropy_with_logits": "positive weight",
    },
    "scikit-learn": {
        "absolute_error": "absolute",
        "entropy": "impurity log",
        "epsilon_insensitive": "insensitive",
        "exponential": "exponential",
        "exponential, AdaBoostRegressor": "relative",
        "gamma": "gamma",
        "gini": "impurity brier",
        "hinge": "hinge",
        "huber": "huber",
        "linear, AdaBoostRegressor": "relative",
        "log_loss": "logistic",
        "modified_huber": "modified huber",
        "perceptron": "perceptron",
        "poisson": "poisson",
        "quantile": "pinball",
        "square, AdaBoostRegressor": "relative",
        "squared_epsilon_insensitive": "squared insensitive",
        "squared_error": "squared",
        "squared_hinge": "squared hinge",
    },
    "scikit-learn's metrics": {
        "brier_score_loss": "brier",
        "coverage_error": "coverage",
        "hamming_loss": "zero-one",
        "hinge_loss": "hinge",
        "label_ranking_loss": "pairwise zero-one",
        "log_loss": "softmax",
        "max_error": "largest",
        "mean_absolute_error": "absolute",
        "mean_absolute_percentage_error": "percentage",
        "mean_gamma_deviance": "gamma",
        "mean_pinball_loss": "pinball",
        "mean_poisson_deviance": "poisson",
        "mean_squared_error": "squared",
        "mean_squared_log_error": "squared log",
        "mean_tweedie_deviance": "tweedie",
        "median_absolute_error": "median",
        "root_mean_squared_error": "root",
        "root_mean_squared_log_error": "root of squared log",
        "zero_one_loss": "zero-one",
    },
    "XGBoost": {
        "binary:hinge": "hinge",
        "binary:logistic": "binary",
        "binary:logitraw": "binary",
        "count:poisson": "poisson",
        "multi:softmax": "one class",
        "multi:softprob": "one class",
        "rank:map": "weighted pairwise",
        "rank:ndcg": "weighted pairwise",
        "rank:pairwise": "pairwise",
        "reg:absoluteerror": "absolute",
        "reg:gamma": "gamma",
        "reg:linear": "squared",
        "reg:logistic": "binary",
        "reg:pseudohubererror": "pseudo-huber",
        "reg:quantileerror": "pinball",
        "reg:squarederror": "squared",
        "reg:squaredlogerror": "squared log",
        "reg:tweedie": "tweedie",
        "survival:aft": "accelerated",
        "survival:cox": "cox",
    },
    "LightGBM": {
        "binary": "binary",
        "cross_entropy": "binary",
        "cross_entropy_lambda": "rate",
        "fair": "fair",
        "gamma": "gamma",
        "huber": "huber",
        "l2_root": "squared",
        "lambdarank": "weighted pairwise",
        "mae": "absolute",
        "mape": "percentage",
        "mean_absolute_error": "absolute",
        "mean_absolute_percentage_error": "percentage",
        "multiclass": "one class",
        "multiclass_ova": "one against the rest",
        "multiclassova": "one against the rest",
        "ovr": "one against the rest",
        "poisson": "poisson",
        "quantile": "pinball",
        "rank_xendcg": "listwise",
        "regression": "squared",
        "regression_l1": "absolute",
        "regression_l2": "squared",
        "rmse": "squared",
        "root_mean_squared_error": "squared",
        "softmax": "one class",
        "tweedie": "tweedie",
        "xe_ndcg": "listwise",
        "xe_ndcg_mart": "listwise",
        "xendcg_mart": "listwise",
        "xentlambda": "rate",
        "xentropy": "binary",
    },
}


def _estimators() -> list[str]:
    """The losses that scikit-learn's estimators take, by what they check their parameters against."""
    from sklearn.utils import all_estimators
    from sklearn.utils._param_validation import StrOptions

    found = set()
    for name, kind in all_estimators():
        checked = getattr(kind, "_parameter_constraints", {})
        of_trees = "Tree" in name or "Forest" in name
        for option in [*checked.get("loss", []), *(checked.get("criterion", []) if of_trees else [])]:
            if isinstance(option, StrOptions):
                found |= {f"{x}, {name}" if name == "AdaBoostRegressor" else x for x in option.options}
    return sorted(found)


def _metrics() -> list[str]:
    """Its metrics that are called a loss, an error or a deviance: the smaller the better."""
    from sklearn import metrics

    return sorted(name for name in metrics.__all__ if name.endswith(("_loss", "_error", "_deviance")))


def _torch() -> list[str]:
    import torch

    return list(torch.nn.modules.loss.__all__)


def _keras() -> list[str]:
    import tensorflow as tf

    base = tf.keras.losses.Loss
    names = [
        n
        for n in dir(tf.keras.losses)
        if isinstance(kind := getattr(tf.keras.losses, n), type) and issubclass(kind, base)
    ]
    return [name for name in names if name != "Loss"]


def _tensorflow() -> list[str]:
    """Those of `tf.nn`; `compute_average_loss` and `scale_regularization_loss` only divide."""
    import tensorflow as tf

    found = [name for name in dir(tf.nn) if name.endswith("_loss") or "cross_entropy" in name]
    return [name for name in found if name not in ("compute_average_loss", "scale_regularization_loss")]


def _kept(booster: str, path: Path = OBJECTIVES) -> list[str]:
    kept: dict[str, Any] = json.loads(path.read_text())
    return list(kept[booster]["objectives"])


LISTS: dict[str, Callable[[], list[str]]] = {
    "PyTorch": _torch,
    "Keras": _keras,
    "TensorFlow": _tensorflow,
    "scikit-learn": _estimators,
    "scikit-learn's metrics": _metrics,
    "XGBoost": lambda: _kept("XGBoost"),
    "LightGBM": lambda: _kept("LightGBM"),
}


def rows(framework: str) -> list[list[str]]:
    """A row for each loss of a framework's own list; KeyError for one of which nothing is said here."""
    names: dict[str, list[str]] = {}
    for name in LISTS[framework]():
        names.setdefault(TREATED[framework][name], []).append(f"`{name}`")
    return [[", ".join(same), *_told(subject)] for subject, same in names.items()]


def _told(subject: str) -> tuple[str, str]:
    here, where = SUBJECTS[subject]
    return f"`{here}`" if here else "–", where
