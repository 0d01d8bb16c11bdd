"""The frameworks and dtypes that tests run over; a folder's conftest takes them from here."""

import os

os.environ.update(TF_CPP_MIN_LOG_LEVEL="3", TF_ENABLE_ONEDNN_OPTS="0", CUDA_VISIBLE_DEVICES="-1")

import hypothesis
import pytest

from lossutils import one_process  # noqa: F401

from .frameworks import FRAMEWORKS

ALL = os.environ.get("TESTS") == "all"  # `make test-all`: what is left out of `make test` for its length

hypothesis.settings.register_profile("book", deadline=None, derandomize=True, database=None, max_examples=16)
hypothesis.settings.load_profile("book")


@pytest.fixture(scope="session", params=FRAMEWORKS.values(), ids=FRAMEWORKS.keys())
def framework(request):
    """NumPy, PyTorch and TensorFlow in turn."""
    return request.param


@pytest.fixture(scope="session", params=["float32", "float64"])
def dtype(request):
    """The dtypes whose accuracy is promised in ulps."""
    return request.param
