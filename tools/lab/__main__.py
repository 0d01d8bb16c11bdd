"""JupyterLab on the book: python -m tools.lab [NOTEBOOK] [options of JupyterLab], or `make lab`.

The extension that draws claims and figures is put beside JupyterLab's own, with the names of the day; its pop-ups and
its questions to other hosts are turned off. `--prepare` does this and starts nothing.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from .names import ROOT, names

SHARE = Path(sys.prefix) / "share" / "jupyter"
SETTINGS = {
    "@jupyterlab/apputils-extension:notification": {
        "fetchNews": "false", "checkForUpdates": False, "doNotDisturbMode": True,
    },
    "@jupyterlab/extensionmanager-extension:plugin": {"disclaimed": False, "enabled": False},
}  # fmt: skip
FIRST = "chapters/regression.ipynb"


def prepare() -> None:
    """Extension, names and settings, where JupyterLab looks for them."""
    target = SHARE / "labextensions" / "lossutils-book"
    (target / "static").mkdir(parents=True, exist_ok=True)
    source = Path(__file__).parent / "extension"
    shutil.copyfile(source / "package.json", target / "package.json")
    shutil.copyfile(source / "remoteEntry.js", target / "static" / "remoteEntry.js")
    script = "window.LOSSUTILS_NAMES = " + json.dumps(names(), ensure_ascii=False)
    (target / "static" / "names.js").write_text(script, encoding="utf-8")
    settings = SHARE / "lab" / "settings"
    settings.mkdir(parents=True, exist_ok=True)
    (settings / "overrides.json").write_text(json.dumps(SETTINGS, indent=1), encoding="utf-8")


def command(first: str, options: list[str], root: Path = ROOT) -> list[str]:
    """How JupyterLab is started, on the whole book."""
    place = [f"--ServerApp.root_dir={root}", f"--LabApp.default_url=/lab/tree/{first}"]
    return [sys.executable, "-m", "jupyterlab", *place, *options]


def main(arguments: list[str]) -> int:
    prepare()
    if arguments == ["--prepare"]:
        return 0
    first = arguments.pop(0) if arguments and arguments[0].endswith(".ipynb") else FIRST
    return subprocess.call(command(first, arguments), cwd=ROOT, env=os.environ | {"JUPYTER_PREFER_ENV_PATH": "1"})


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
