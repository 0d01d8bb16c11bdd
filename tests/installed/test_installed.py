"""The wheel holds the package and nothing else, and runs where there is NumPy, the compiled core, or the checker."""

import json
import tarfile
import zipfile
from pathlib import Path

import numpy as np
import pytest

HERE = Path(__file__).parent
MIRROR = ("-m", "lossutils.verify", "--latex", r"1-\sigma(f) = \sigma(-f)", "--where", "f=real")


@pytest.fixture(params=["whole", "without the book"])
def book(request):
    """Take lossutils.book out of an environment, or leave it in; afterwards it is as it was."""
    moved = []

    def take_out(environment):
        if request.param == "without the book":
            moved.append(environment)
            (environment.packages / "lossutils" / "book").rename(environment.folder / "book")
        return environment

    yield take_out
    for environment in moved:
        (environment.folder / "book").rename(environment.packages / "lossutils" / "book")


def output(done):
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def compiled(fast):
    """What large batches come to with numba."""
    return json.loads(output(fast.python(HERE / "try_core.py")))


def test_the_wheel_holds_every_file_of_the_package_and_no_other(wheel, files):
    with zipfile.ZipFile(wheel) as archive:
        held = {name for name in archive.namelist() if ".dist-info/" not in name}
    assert held == {name for name in files if name.startswith("lossutils/")}
    assert "lossutils/py.typed" in held


def test_the_source_distribution_holds_no_tests_and_no_tools(sdist):
    with tarfile.open(sdist) as archive:
        held = {name.split("/", 1)[1] for name in archive.getnames() if "/" in name}
    about = {"LICENSE", "MANIFEST.in", "PKG-INFO", "README.md", "lossutils.egg-info", "pyproject.toml", "setup.cfg"}
    assert {name.split("/")[0] for name in held} - about == {"lossutils"}


def test_a_loss_of_each_family_needs_numpy_only(bare, book):
    assert output(book(bare).python(HERE / "try_losses.py")) == "fine\n"


def test_the_checker_runs_from_a_shell(verify, book):
    assert output(book(verify).python(*MIRROR)).startswith("derived (algebra), controls ")


def test_with_numba_the_compiled_core_is_entered(compiled):
    """Its loops over rows and over single numbers, whether they were compiled now or kept on disk."""
    assert {f"lossutils.frameworks.compiled.{part}" for part in ("rows", "elementwise")} <= set(compiled["entered"])


def test_without_numba_the_results_are_the_same_to_two_ulps(bare, compiled, book):
    found = json.loads(output(book(bare).python(HERE / "try_core.py")))
    assert found["entered"] == []
    for name, values in found["results"].items():
        own, other = np.float32(values), np.float32(compiled["results"][name])
        assert (abs(own - other) <= 2 * np.spacing(np.maximum(own, other))).all(), name


def test_a_core_that_is_broken_is_no_core_that_is_missing(fast):
    rows = fast.packages / "lossutils" / "frameworks" / "compiled" / "rows.py"
    whole = rows.read_text()
    rows.write_text(whole + "import a_module_that_nobody_has\n")
    try:
        done = fast.python(HERE / "try_core.py")
    finally:
        rows.write_text(whole)
    assert done.returncode != 0 and "a_module_that_nobody_has" in done.stderr
