"""Build the site into _build/html from an empty folder, warnings as errors."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
SITE = ROOT / "_build" / "html"


def build() -> int:
    """What Jupyter Book says is shown only where it fails."""
    shutil.rmtree(ROOT / "_build", ignore_errors=True)
    book = [str(Path(sys.executable).parent / "jupyter-book"), "build", str(ROOT), "-W", "-n", "--keep-going", "-q"]
    done = subprocess.run(book, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=ROOT)
    if done.returncode:
        print(done.stdout)
        print("The book was not built: the warnings and errors stand above.", file=sys.stderr)
    return done.returncode


if __name__ == "__main__":
    sys.exit(build())
