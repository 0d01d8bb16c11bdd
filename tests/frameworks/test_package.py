"""What the package offers by name, whatever is imported first, and what importing it leaves alone."""

import importlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

import lossutils

ORDERS = [
    "import lossutils",
    "import lossutils.losses",
    "import lossutils.losses.base",
    "from lossutils.losses.base import Loss",
    "from lossutils.losses import regression",
    "import lossutils.frameworks.arrays",
    "from lossutils.losses import shares",
    "import importlib; importlib.import_module('lossutils.losses.numerics')",
]


def printed(program, **environment):
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, env={**os.environ, **environment}
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("first", ORDERS)
def test_losses_is_the_function_whatever_is_imported_first(first):
    """The folder of the same name sets the attribute when it is first imported, and must never do so again."""
    check = "import lossutils as lu; assert isinstance(lu.losses()[0], Loss)"
    lines = ["from lossutils.losses.base import Loss; " + check]
    for after in ORDERS:
        lines += [after, check]
    assert printed("\n".join([first, *lines, "print(1)"])) == "1\n"


def test_the_folder_of_the_losses_is_imported_from_and_not_reached_through_the_package():
    from lossutils.losses import base

    assert base.Loss is lossutils.Loss
    with pytest.raises(ImportError, match="cannot import name 'base'"):
        import lossutils.losses.base as _  # noqa: F401
    with pytest.raises(AttributeError, match="base"):
        lossutils.losses.base  # noqa: B018
    assert importlib.import_module("lossutils.losses.base") is base


TRAINERS = {"torch": ["LossModule", "linear_cross_entropy", "sharded_cross_entropy"], "tensorflow": ["keras_loss"]}


@pytest.mark.parametrize("module", TRAINERS)
def test_a_trainer_s_module_shows_its_names(module):
    found = importlib.import_module(f"lossutils.{module}")
    assert dir(found) == found.__all__ == TRAINERS[module]
    assert all(callable(getattr(found, name)) for name in found.__all__)


def test_one_process_leaves_the_environment_alone():
    program = (
        "import os; before = dict(os.environ); from lossutils import one_process; print(before == dict(os.environ))"
    )
    assert printed(program, CUDA_VISIBLE_DEVICES="0") == "True\n"


def test_one_process_loads_triton_before_anything_else(tmp_path):
    (tmp_path / "triton.py").write_text("import sys; assert not {'torch', 'tensorflow'} & set(sys.modules)\n")
    program = "from lossutils import one_process; import sys; print('triton' in sys.modules)"
    assert printed(program, PYTHONPATH=str(tmp_path)) == "True\n"


def test_importing_lossutils_loads_no_framework():
    program = "import sys, lossutils; print(sorted({'torch', 'tensorflow', 'numba'} & set(sys.modules)))"
    assert printed(program) == "[]\n"


def test_using_pytorch_does_not_load_its_compiler():
    """Which takes as long again as PyTorch itself."""
    program = "import sys, torch, lossutils as lu; lu.Huber()(torch.ones(2), torch.ones(2)); "
    assert printed(program + "print('torch._dynamo' in sys.modules)") == "False\n"


def test_types_are_offered():
    assert (Path(lossutils.__file__).parent / "py.typed").exists()
