"""What the tests of the losses run over."""

import pytest

import lossutils as lu
from tests.reference.exact import VARIANTS
from tests.reference.fixtures import dtype, framework  # noqa: F401

EXTREMES = [lu.Tweedie(power=1.999), lu.Focal(gamma=0.0)]


@pytest.fixture(scope="session", params=lu.losses() + VARIANTS + EXTREMES, ids=repr)
def loss(request):
    """Each loss, with its defaults and with other parameters."""
    return request.param
