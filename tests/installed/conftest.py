"""lossutils as its users get it: built from the tracked files, and installed where there is little else."""

import email
import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from tools.environments import Environment, with_dependencies
from tools.run_tests import ROOT

HERE = Path(__file__).parent
BUILD = "import sys; from setuptools import build_meta as b; print(getattr(b, 'build_' + sys.argv[1])(sys.argv[2]))"


def pytest_collection_modifyitems(items):
    if sys.platform == "win32":
        for item in items:
            if item.path.is_relative_to(HERE):
                item.add_marker(pytest.mark.skip(reason="links need rights on Windows"))


def tracked():
    """The files that git tracks, from the root; without git, all that a clone would have."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True)
    if listed.returncode == 0:
        return [name for name in listed.stdout.split("\0") if name and (ROOT / name).exists()]
    kept = shutil.ignore_patterns(".*", "_build", "__pycache__", "*.egg-info")
    found = []
    for folder, folders, files in os.walk(ROOT):
        dropped = kept(folder, [*folders, *files])
        folders[:] = [f for f in folders if f not in dropped]
        found += [str((Path(folder) / f).relative_to(ROOT)) for f in files if f not in dropped]
    return found


def build(kind, source, out):
    """A distribution of the source, made by the build backend that pyproject.toml names."""
    done = subprocess.run([sys.executable, "-c", BUILD, kind, out], cwd=source, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return out / done.stdout.splitlines()[-1]


@pytest.fixture(scope="session")
def files():
    """What git tracks."""
    return tracked()


@pytest.fixture(scope="session")
def sdist(tmp_path_factory, files):
    """The source distribution."""
    source, out = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("sdist")
    for name in files:
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, source / name)
    return build("sdist", source, out)


@pytest.fixture(scope="session")
def wheel(tmp_path_factory, sdist):
    """The wheel, built from the source distribution."""
    folder, out = tmp_path_factory.mktemp("unpacked"), tmp_path_factory.mktemp("wheel")
    with tarfile.open(sdist) as archive:
        archive.extractall(folder, filter="data")
    return build("wheel", folder / sdist.name.removesuffix(".tar.gz"), out)


def install(wheel, extra, folder):
    """An environment with the wheel and what it asks for, the latter linked from the environment of the tests."""
    with zipfile.ZipFile(wheel) as archive:
        (path,) = [name for name in archive.namelist() if name.endswith(".dist-info/METADATA")]
        asked = email.message_from_bytes(archive.read(path)).get_all("Requires-Dist")
    environment = Environment.make(folder)
    environment.pip("install", "--no-index", "--no-deps", "--no-compile", str(wheel))
    environment.link(with_dependencies(asked, extra))
    return environment


@pytest.fixture(scope="session")
def bare(tmp_path_factory, wheel):
    """With NumPy only."""
    return install(wheel, "", tmp_path_factory.mktemp("bare"))


@pytest.fixture(scope="session")
def fast(tmp_path_factory, wheel):
    """With the extra [fast]."""
    return install(wheel, "fast", tmp_path_factory.mktemp("fast"))


@pytest.fixture(scope="session")
def verify(tmp_path_factory, wheel):
    """With the extra [verify]."""
    return install(wheel, "verify", tmp_path_factory.mktemp("verify"))
