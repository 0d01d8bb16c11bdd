"""The settings hold from the next call on, and an absent core is absent for one reason only."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import lossutils as lu
from lossutils.frameworks import settings
from tests.reference.frameworks import FRAMEWORKS

LARGE = np.zeros(settings.LARGE, np.float32)
FEW = np.zeros(3, np.float32)


def entered(call, part):
    """Whether a call enters a function whose file, or file and name, has `part` in it."""
    found = []

    def note(frame, event, _):
        if event == "call" and part in f"{Path(frame.f_code.co_filename).as_posix()}:{frame.f_code.co_name}":
            found.append(frame.f_code.co_name)

    sys.setprofile(note)
    try:
        call()
    finally:
        sys.setprofile(None)
    return bool(found)


@pytest.mark.parametrize("framework", FRAMEWORKS.values(), ids=FRAMEWORKS)
@pytest.mark.parametrize(
    ("mode", "few", "many"), [("large", False, True), ("always", True, True), ("never", False, False)]
)
def test_the_core_is_entered_only_where_the_setting_says_so(framework, mode, few, many):
    pytest.importorskip("numba")
    y, f = framework.array(FEW), framework.array(FEW)
    large_y, large_f = framework.array(LARGE), framework.array(LARGE)
    lu.Huber()(large_y, large_f)  # the core is there, and has been used
    with settings.use_core(mode):
        assert entered(lambda: lu.Huber()(y, f), "/frameworks/compiled/") is few
        assert entered(lambda: lu.Huber().value_and_gradient(large_y, large_f), "/frameworks/compiled/") is many
    assert entered(lambda: lu.Huber()(large_y, large_f), "/frameworks/compiled/")


def test_the_core_is_not_entered_on_the_way_back_either():
    import torch

    y, f = torch.from_numpy(LARGE), torch.from_numpy(LARGE.copy()).requires_grad_()
    with settings.use_core("never"):
        assert not entered(lambda: lu.Huber()(y, f).sum().backward(), "/frameworks/compiled/")


def test_what_the_core_computed_is_differentiated_without_it_where_the_setting_has_changed():
    import torch

    pytest.importorskip("numba")
    y, f = torch.from_numpy(LARGE), torch.from_numpy(LARGE + 0.5).requires_grad_()
    losses = [2 * lu.Huber()(y, f).sum() for _ in range(2)]
    assert entered(losses[0].backward, "/frameworks/compiled/")
    f.grad = None
    with settings.use_core("never"):
        assert not entered(losses[1].backward, "/frameworks/compiled/")
    assert f.grad is not None and (f.grad == 1).all()


@pytest.mark.parametrize("name", ["torch", "tensorflow"])
def test_numpy_computes_only_where_the_setting_says_so(name):
    framework = FRAMEWORKS[name]
    y, f = framework.array(FEW), framework.array(FEW)
    for allowed in (False, True, False):
        with settings.use_numpy(allowed):
            for call in (lu.Huber(), lu.Huber().gradient, lu.Huber().hessian, lu.Huber().value_and_gradient):
                assert entered(lambda call=call: call(y, f), "compute.py:numpy_results") is allowed


@pytest.mark.parametrize("name", ["torch", "tensorflow"])
@pytest.mark.parametrize("allowed", [True, False])
def test_a_target_is_checked_whoever_computes(name, allowed):
    framework = FRAMEWORKS[name]
    y, f = framework.array(LARGE + 7), framework.array(LARGE)
    with settings.use_numpy(allowed):
        for call in (lu.Focal(), lu.Focal().gradient, lu.Focal().hessian, lu.Focal().value_and_gradient):
            with pytest.raises(ValueError, match=r"got 7\.0 at position"):
                call(y, f)


def test_a_setting_ends_with_its_block_and_with_an_error():
    before = settings.SETTINGS.compiled_from, settings.SETTINGS.tensors_by_numpy
    with pytest.raises(RuntimeError), settings.use_core("always"), settings.use_numpy(False):
        with settings.use_core("never"):
            assert settings.SETTINGS.compiled_from == np.inf
        assert settings.SETTINGS.compiled_from == 1 and not settings.SETTINGS.tensors_by_numpy
        raise RuntimeError
    assert (settings.SETTINGS.compiled_from, settings.SETTINGS.tensors_by_numpy) == before


def test_an_unknown_setting():
    with pytest.raises(ValueError, match="use_core: expected large, always or never, got sometimes"):
        settings.use_core("sometimes")


def printed(program, **environment):
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, env={**os.environ, **environment}
    )
    return done.stdout + done.stderr


def test_the_environment_says_what_holds_at_first():
    program = "from lossutils.frameworks.settings import SETTINGS; print(SETTINGS.compiled_from)"
    for mode, size in (("never", "inf"), ("always", "1"), ("large", str(settings.LARGE))):
        assert printed(program, LOSSUTILS_COMPILED=mode) == size + "\n"
    unset = f"import os; del os.environ['LOSSUTILS_COMPILED']; {program}"
    assert printed(unset, LOSSUTILS_COMPILED="never") == "1\n"
    said = printed("import lossutils", LOSSUTILS_COMPILED="sometimes")
    assert said.endswith("ValueError: LOSSUTILS_COMPILED: expected large, always or never, got sometimes\n")


WITHOUT = """
import sys
sys.modules[{missing!r}] = None  # as if it were not installed
import numpy as np, lossutils as lu
from lossutils.frameworks import settings
print(settings.core(), lu.Huber()(np.zeros(200_000, "f4"), np.zeros(200_000, "f4")).sum())
"""


@pytest.mark.parametrize("missing", ["numba", "llvmlite"])
def test_without_numba_there_is_no_core(missing):
    assert printed(WITHOUT.format(missing=missing)) == "None 0.0\n"


def test_any_other_error_of_the_core_is_seen():
    said = printed(WITHOUT.format(missing="lossutils.frameworks.compiled.threads"))
    assert "ModuleNotFoundError" in said and "lossutils.frameworks.compiled.threads" in said
