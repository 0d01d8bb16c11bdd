"""lossutils needs NumPy alone, and says which extra the rest needs: in an environment that has nothing else."""

import subprocess
import sys
import venv
from pathlib import Path

import numpy
import pytest

import lossutils

PROGRAM = """
import numpy as np, lossutils as lu
assert lu.SoftmaxCrossEntropy()(0, [50.0, 0.0, 0.0]) > 0
assert len(lu.losses()) >= 5
for name in ("torch", "tensorflow", "verify"):
    for ask in (lambda: getattr(lu, name), lambda: __import__("lossutils." + name)):
        try:
            ask()
        except ImportError as error:
            assert f"pip install 'lossutils[{name}]'" in str(error), error
        else:
            raise AssertionError(name)
import sys
assert not {"torch", "tensorflow", "sympy", "flint", "z3", "scipy", "matplotlib"} & set(sys.modules)
print("fine")
"""


@pytest.fixture(scope="module")
def bare_python(tmp_path_factory):
    """A Python with NumPy and lossutils, and without pip or anything else."""
    folder = tmp_path_factory.mktemp("bare")
    venv.create(folder, with_pip=False)
    packages = next(folder.glob("lib/python*/site-packages"))
    for found in Path(numpy.__file__).parent.parent.glob("numpy*"):
        (packages / found.name).symlink_to(found)
    (packages / "lossutils").symlink_to(Path(lossutils.__file__).parent)
    return folder / "bin" / "python"


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights on Windows")
def test_numpy_alone_is_enough(bare_python):
    done = subprocess.run([bare_python, "-I", "-B", "-c", PROGRAM], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout == "fine\n"


def test_importing_lossutils_loads_no_framework():
    program = "import sys, lossutils; print(sorted({'torch', 'tensorflow', 'sympy', 'matplotlib'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_triton_is_loaded_before_tensorflow(tmp_path):
    """PyTorch's build for GPUs brings it; loaded after TensorFlow it ends the process."""
    (tmp_path / "triton.py").write_text("import sys; assert 'tensorflow' not in sys.modules\n")
    program = f"import sys; sys.path.insert(0, {str(tmp_path)!r})\nfrom lossutils.notebook import tf\nimport triton"
    program += "\nprint(triton.__file__)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout == f"{tmp_path / 'triton.py'}\n", done.stderr
