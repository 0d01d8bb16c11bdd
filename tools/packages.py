"""What the site needs besides Python's packages: from npm by tools/npm's lock, and Python's packages for the browser.

Called by tools/install.py. Without the second kind the book builds, and the page that would check formulas says so.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from . import node

PINS = Path(__file__).parent / "npm"
BROWSER = Path(sys.prefix) / "browser"  # wheels that run in a browser
WHEELS = ("mpmath==1.3.0", "python-flint==0.9.0", "sympy==1.14.0", "z3-solver==5.3.3.0")
TAGS = (
    "--platform pyemscripten_2026_0_wasm32 --platform any --python-version 3.14 "
    "--implementation cp --abi cp314 --abi none"
).split()


def npm_packages() -> None:
    """Exactly what the lock names, without running anything of theirs."""
    target = node.PACKAGES.parent
    target.mkdir(exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(PINS / name, target)
    npm = Path(node.program()).parent.parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    command = [node.program(), str(npm), "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    subprocess.run(command, cwd=target, check=True)


def browser_wheels() -> None:
    """All of them or none."""
    shutil.rmtree(BROWSER, ignore_errors=True)
    pip = [sys.executable, "-m", "pip", "download", "--disable-pip-version-check", "--no-input", "--no-deps", "-q"]
    pip += ["--only-binary", ":all:", *TAGS, "-d", str(BROWSER)]
    if subprocess.run([*pip, *WHEELS]).returncode:
        print("Python's packages for the browser could not be had: the site will not check formulas in the page.")
        shutil.rmtree(BROWSER, ignore_errors=True)


if __name__ == "__main__":
    npm_packages()
    browser_wheels()
