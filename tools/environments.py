"""Python environments that hold what is asked for and nothing else, made without a network where that is possible."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import distribution, distributions, requires
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name


def with_dependencies(asked: Iterable[str], extra: str = "") -> set[str]:
    """The names of the distributions that are asked for, under an extra perhaps, and of those that they need."""
    found: set[str] = set()
    todo = [Requirement(line) for line in asked]
    while todo:
        wanted = {canonicalize_name(r.name) for r in todo if r.marker is None or r.marker.evaluate({"extra": extra})}
        new, extra = wanted - found, ""
        found |= new
        todo = [Requirement(line) for name in new for line in requires(name) or ()]
    return found


@dataclass(frozen=True)
class Environment:
    """A virtual environment without pip."""

    folder: Path

    @classmethod
    def make(cls, folder: Path) -> Environment:
        """An empty one."""
        venv.create(folder, with_pip=False)
        return cls(folder)

    @property
    def packages(self) -> Path:
        """Where its packages are."""
        return next(self.folder.glob("lib/python*/site-packages"))

    @property
    def interpreter(self) -> Path:
        """Its Python."""
        return self.folder / "bin" / "python"

    def versions(self) -> dict[str, str]:
        """The distributions that it has."""
        return {canonicalize_name(d.name): d.version for d in distributions(path=[str(self.packages)])}

    def link(self, names: Iterable[str]) -> None:
        """Links to distributions of the running environment, those left out that it has.

        pip must not be run afterwards: it might follow a link and remove what is there.
        """
        for name in set(names) - self.versions().keys():
            found = distribution(name)
            for top in {file.parts[0] for file in found.files or ()} - {"..", "__pycache__"}:
                (self.packages / top).symlink_to(str(found.locate_file(top)))

    def pip(self, *arguments: str) -> None:
        """Run the running environment's pip on this one."""
        command = [sys.executable, "-m", "pip", "--python", str(self.interpreter), "-q", "--disable-pip-version-check"]
        subprocess.run([*command, *arguments], check=True)

    def python(self, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        """Run its Python: away from the repository, and blind to what the user has set."""
        clean = {k: v for k, v in os.environ.items() if not k.startswith("LOSSUTILS_")}
        command = [str(self.interpreter), "-I", "-B", *map(str, arguments)]
        return subprocess.run(command, cwd=self.folder, env=clean, capture_output=True, text=True)
