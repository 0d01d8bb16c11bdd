"""The book's settings are made by its notebook module, and by nothing else: nobody's GPU is hidden."""

import pytest

NAMES = (
    "CUDA_VISIBLE_DEVICES",
    "LOSSUTILS_COMPILED",
    "OMP_NUM_THREADS",
    "TF_CPP_MIN_LOG_LEVEL",
    "TF_ENABLE_ONEDNN_OPTS",
)
SHOW = f"; import os; print([os.environ.get(name) for name in {NAMES}])"
LIBRARY = (
    "import lossutils",
    "from lossutils import one_process",
    "import lossutils.torch",
    "import lossutils.tensorflow",
    "import lossutils.verify",
    "import lossutils.book.claims, lossutils.book.figures, lossutils.book.experiments.atlas_checks",
)


@pytest.mark.parametrize("imports", LIBRARY)
def test_an_import_leaves_the_environment_alone(printed, imports):
    assert printed(imports + SHOW, CUDA_VISIBLE_DEVICES="0") == "['0', None, None, None, None]\n"


def test_the_notebook_module_makes_the_book_s_settings(printed):
    found = printed("import lossutils.book.notebook" + SHOW, CUDA_VISIBLE_DEVICES="0")
    assert found == "['-1', 'large', '1', '3', '0']\n"


def test_the_book_computes_on_one_thread(printed):
    """In libraries that were loaded before the settings were made, too: NumPy's, and in those loaded later."""
    program = """
from lossutils.book.notebook import np, torch
import scipy.linalg, threadpoolctl
print(sorted({pool["num_threads"] for pool in threadpoolctl.threadpool_info()}), torch.get_num_threads())
"""
    assert printed(program) == "[1] 1\n"


def test_triton_is_loaded_before_tensorflow(printed, tmp_path):
    """PyTorch's build for GPUs brings it; loaded after TensorFlow it ends the process."""
    (tmp_path / "triton.py").write_text("import sys; assert 'tensorflow' not in sys.modules\n")
    program = "from lossutils.book.notebook import tf; import triton; print(triton.__file__)"
    assert printed(program, PYTHONPATH=str(tmp_path)) == f"{tmp_path / 'triton.py'}\n"


def test_importing_lossutils_loads_no_framework(printed):
    program = "import sys, lossutils; print(sorted({'torch', 'tensorflow', 'sympy', 'matplotlib'} & set(sys.modules)))"
    assert printed(program) == "[]\n"
