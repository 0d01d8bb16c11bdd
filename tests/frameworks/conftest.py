"""What the tests of the frameworks run over."""

import pytest

import lossutils as lu
from tests.reference.fixtures import dtype, framework  # noqa: F401


@pytest.fixture(scope="session", params=lu.losses(), ids=repr)
def loss(request):
    """Each loss, with its defaults."""
    return request.param
