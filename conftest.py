"""What the examples in the documentation start from."""

import pytest

import lossutils
from lossutils import one_process  # noqa: F401


@pytest.fixture(autouse=True, scope="session")
def _name_of_the_package(doctest_namespace):
    doctest_namespace["lu"] = lossutils
