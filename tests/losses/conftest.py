"""The losses and the frameworks that every test here runs over."""

import os
import sys
from pathlib import Path

os.environ.update(TF_CPP_MIN_LOG_LEVEL="3", TF_ENABLE_ONEDNN_OPTS="0", CUDA_VISIBLE_DEVICES="-1")

sys.path.append(str(Path(__file__).parents[2] / "benchmarks"))  # the reference is the benchmarks'

import hypothesis
import pytest
from frameworks import FRAMEWORKS

import lossutils as lu

hypothesis.settings.register_profile("book", deadline=None, derandomize=True, database=None, max_examples=16)
hypothesis.settings.load_profile("book")

VARIANTS = [
    lu.Huber(delta=0.1),
    lu.Pinball(quantile=0.9),
    lu.EpsilonInsensitive(epsilon=2.5),
    lu.Tweedie(power=1.1),
    lu.Tweedie(power=1.999),
    lu.BinaryCrossEntropy(positive_weight=3.0),
    lu.Focal(gamma=0.0),
    lu.Focal(gamma=0.5),
    lu.SoftmaxCrossEntropy(label_smoothing=0.1),
    lu.MultiPositiveCrossEntropy(average=False),
    lu.InfoNCE(temperature=0.07),
]


@pytest.fixture(scope="session", params=FRAMEWORKS.values(), ids=FRAMEWORKS.keys())
def framework(request):
    """NumPy, PyTorch and TensorFlow in turn."""
    return request.param


@pytest.fixture(scope="session", params=lu.losses() + VARIANTS, ids=repr)
def loss(request):
    """Each loss, with its defaults and with other parameters."""
    return request.param


@pytest.fixture(scope="session", params=["float32", "float64"])
def dtype(request):
    """The dtypes whose accuracy is promised in ulps."""
    return request.param
