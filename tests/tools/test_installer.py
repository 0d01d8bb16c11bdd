"""What the installer says where it cannot go on: a message and no traceback; and that a broken install is repaired."""

import ast
import subprocess
import sys
from collections import namedtuple
from pathlib import Path

import pytest

from tools.run_tests import ROOT

Usage = namedtuple("Usage", "total used free")


def refusal(capsys, function):
    with pytest.raises(SystemExit) as stop:
        function()
    assert stop.value.code == 1
    said = capsys.readouterr().err
    assert "Traceback" not in said
    return said


def test_a_python_too_old(installer, monkeypatch, capsys):
    monkeypatch.setattr(installer.sys, "version_info", (3, 9, 2))
    said = refusal(capsys, installer.check_machine)
    assert "Python 3.11 to 3.13 is needed" in said and "is 3.9" in said and "make PYTHON=" in said


def test_a_full_disk(installer, monkeypatch, capsys):
    monkeypatch.setattr(installer.shutil, "disk_usage", lambda _: Usage(10**10, 10**10, 10**8))
    assert "The disk is full. The installation needs about 8 GB" in refusal(capsys, installer.install)


@pytest.mark.parametrize(
    ("output", "says"),
    [
        ("OSError: [Errno 28] No space left on device", "The disk is full"),
        ("NewConnectionError: Failed to establish a new connection", "pip could not reach its package index"),
        ("ERROR: No matching distribution found for numpy (from versions: none)", "could not reach its package index"),
        ("The virtual environment was not created: ensurepip is not available", "apt-get install python3-venv"),
        (
            "npm error network request to the registry failed, reason: ENOTFOUND",
            "npm could not reach its package index",
        ),
        ("ERROR: something else went wrong", "ERROR: something else went wrong"),
    ],
)
def test_what_a_failing_step_says(installer, capsys, output, says):
    Path(installer.VENV).mkdir()
    step = [sys.executable, "-c", f"import sys; print({output!r}); sys.exit(1)"]
    said = refusal(capsys, lambda: installer.run(step))
    assert says in said and "install.log" in said


def test_an_interrupted_install_starts_afresh_and_a_finished_one_is_left_alone(installer, monkeypatch):
    steps = []

    def step(command):
        steps.append(command)
        python = Path(installer.python())
        python.parent.mkdir(parents=True, exist_ok=True)
        python.touch()

    monkeypatch.setattr(installer, "run", step)
    half = Path(installer.VENV, "lib", "half-installed")
    half.mkdir(parents=True)
    installer.install()
    assert not half.exists() and len(steps) == 4
    installer.install()
    assert len(steps) == 4
    Path(installer.ROOT, "requirements.txt").write_text("# changed")
    kept = Path(installer.VENV, "kept")
    kept.touch()
    installer.install()
    assert len(steps) == 8 and kept.exists()


def test_a_real_pip_without_its_index(installer, capsys, monkeypatch):
    """pip itself, asked for a package of an index at a closed port of this machine."""
    Path(installer.VENV).mkdir()
    for name in ("PIP_FIND_LINKS", "PIP_EXTRA_INDEX_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    pip = [
        sys.executable,
        "-m",
        "pip",
        "download",
        "--retries",
        "0",
        "-i",
        "http://127.0.0.1:9/simple",
        "no-such-package",
    ]
    assert "pip could not reach its package index" in refusal(capsys, lambda: installer.run(pip))


def test_older_pythons_can_read_it():
    """The file must at least compile where it has to say that the Python is too old."""
    ast.parse((ROOT / "tools" / "install.py").read_text(), feature_version=(3, 4))


def test_make_names_the_commands():
    said = subprocess.run(["make", "-n", "clean"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert ".venv" in said and "_build" in said
