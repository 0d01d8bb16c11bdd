"""Run the tests with the oldest versions that pyproject.toml admits: python -m tools.oldest [FOLDER OF TESTS ...]

What the running environment has in that version is linked from it (PyTorch is large); pip fetches the rest. The
environment is gone when the tests end.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import tomllib
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from packaging.requirements import Requirement

from .environments import Environment, with_dependencies
from .run_tests import ROOT, environment

TESTS = ("tests/losses", "tests/frameworks", "tests/verify")
TOOLS = ("hypothesis", "packaging", "pytest", "pytest-xdist")  # as they are here


def oldest() -> dict[str, str]:
    """The lower bounds in pyproject.toml: package, then version."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    asked = [*project["dependencies"], *(line for group in project["optional-dependencies"].values() for line in group)]
    bounds = {}
    for requirement in map(Requirement, asked):
        (bound,) = requirement.specifier
        assert bound.operator == ">=", requirement
        without_gpu = requirement.name == "tensorflow" and here("tensorflow-cpu")
        bounds["tensorflow-cpu" if without_gpu else requirement.name] = bound.version
    return bounds


def here(name: str) -> str:
    """The version in the running environment; nothing if there is none."""
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def main(tests: list[str]) -> int:
    bounds = oldest()
    linked = [name for name, bound in bounds.items() if f"{here(name)}.".startswith(bound + ".")]
    fetched = [f"{name}=={bound}.*" for name, bound in bounds.items() if name not in linked]
    with tempfile.TemporaryDirectory(prefix="lossutils-oldest-") as folder:
        made = Environment.make(Path(folder))
        made.pip("install", *fetched, *(f"{name}=={version(name)}" for name in TOOLS))
        made.link(with_dependencies(linked))
        (made.packages / "lossutils.pth").write_text(f"{ROOT}\n")
        print(", ".join(f"{name} {made.versions()[name]}" for name in bounds), flush=True)
        run = [made.interpreter, "-m", "pytest", "-p", "no:cacheprovider", *(tests or TESTS)]
        return subprocess.run(run, cwd=ROOT, env=environment()).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
