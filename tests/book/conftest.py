"""The book's notebooks, each in turn; and programs run in a fresh process."""

import json
import os
import subprocess
import sys

import pytest

from lossutils import one_process  # noqa: F401, before PyTorch and TensorFlow share this process
from tools.run_tests import all_notebooks


@pytest.fixture(params=all_notebooks(), ids=lambda p: p.stem)
def notebook(request):
    """A notebook of the book."""
    return json.loads(request.param.read_text())


@pytest.fixture
def cells(notebook):
    """Its code cells."""
    return [c for c in notebook["cells"] if c["cell_type"] == "code"]


@pytest.fixture
def printed():
    """What a program prints in a process of its own, with these variables and no other settings of libraries."""

    def run(program, **variables):
        settings = ("CUDA_", "LOSSUTILS_", "MKL_", "OMP_", "OPENBLAS_", "TF_")
        clean = {k: v for k, v in os.environ.items() if not k.startswith(settings)} | variables
        done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, env=clean)
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run
