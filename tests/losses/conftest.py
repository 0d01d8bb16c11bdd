"""The losses and the frameworks that every test here runs over."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[2] / "benchmarks"))  # the reference is the benchmarks'

import hypothesis
import pytest
from frameworks import FRAMEWORKS
from reference import VARIANTS

import lossutils as lu
from lossutils.frameworks import one_process  # noqa: F401

hypothesis.settings.register_profile("book", deadline=None, derandomize=True, database=None, max_examples=16)
hypothesis.settings.load_profile("book")

EXTREMES = [lu.Tweedie(power=1.999), lu.Focal(gamma=0.0)]


@pytest.fixture(scope="session", params=FRAMEWORKS.values(), ids=FRAMEWORKS.keys())
def framework(request):
    """NumPy, PyTorch and TensorFlow in turn."""
    return request.param


@pytest.fixture(scope="session", params=lu.losses() + VARIANTS + EXTREMES, ids=repr)
def loss(request):
    """Each loss, with its defaults and with other parameters."""
    return request.param


@pytest.fixture(scope="session", params=["float32", "float64"])
def dtype(request):
    """The dtypes whose accuracy is promised in ulps."""
    return request.param
