"""What the tests and the examples in the documentation start from."""

import os

import pytest

os.environ.setdefault("LOSSUTILS_COMPILED", "large")  # the tests of the compiled core ask for it; others need not wait

import lossutils
from lossutils import one_process  # noqa: F401


@pytest.fixture(autouse=True, scope="session")
def _name_of_the_package(doctest_namespace):
    doctest_namespace["lu"] = lossutils
