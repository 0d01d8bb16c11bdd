"""`make test`: every part, as many at once as there are processors, and one summary with what each took.

With TESTS=all in the environment, `make test-all`, the tests leave nothing out for its length. A part that passed today
and reads nothing that has changed since is not run again (`passed.py`).

python -m tools.run_tests [PART ...] runs the parts whose names begin so, unchanged or not.
"""

from __future__ import annotations

import functools
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

from . import passed

ROOT = Path(__file__).parent.parent
PYTHON = sys.executable
PYTEST = [PYTHON, "-m", "pytest", "-p", "no:cacheprovider", "-rs"]
UNIT = {  # part -> its tests, the longest first
    "frameworks": ["tests/frameworks"],
    "losses": ["tests/losses"],
    "verify": ["tests/verify"],
    "proofs": ["tests/proofs"],
    "book": ["tests/book"],
    "lab": ["tests/lab"],
    "installed": ["tests/installed"],
    "tools": ["tests/tools", "tests/test_floors.py"],
}
# The checker has none, and the book's settings would change how NumPy prints those of the losses.
NO_EXAMPLES = ["--ignore=lossutils/verify", "--ignore=lossutils/book"]


@functools.cache
def scratch_folder() -> tempfile.TemporaryDirectory[str]:
    """A folder for what programs leave behind, gone when this one ends."""
    return tempfile.TemporaryDirectory(prefix="lossutils-")


def environment() -> dict[str, str]:
    """The environment of a notebook: this one's packages, and nothing of the user's own settings."""
    scratch = Path(scratch_folder().name)
    clean = {
        k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "PYTHONSTARTUP", "MATPLOTLIBRC", "MPLBACKEND")
    }
    return clean | {
        "PYTHONNOUSERSITE": "1",
        "PYTHONHASHSEED": "0",
        "JUPYTER_PREFER_ENV_PATH": "1",
        "IPYTHONDIR": str(scratch / "ipython"),
        "MPLCONFIGDIR": str(scratch / "matplotlib"),
    }


def all_notebooks() -> list[Path]:
    """Every notebook of the book."""
    return sorted(p for folder in ("chapters", "appendix") for p in (ROOT / folder).glob("*.ipynb"))


def parts() -> Iterator[tuple[str, list[list[str]]]]:
    """Name and commands of each part, the longest first, so that none is left running alone."""
    notebooks = sorted(all_notebooks(), key=lambda p: -p.stat().st_size)
    nbval = [*PYTEST, "--nbval", "--nbval-current-env", "--nbval-cell-timeout=300", "-p", "no:xdist"]
    ruff = [PYTHON, "-m", "ruff"]
    yield "lint", [[*ruff, "check", "-q", "."], [*ruff, "format", "--check", "-q", "."], [PYTHON, "-m", "mypy"]]
    for path in notebooks:
        yield f"{path.parent.name}/{path.stem}", [[*nbval, str(path.relative_to(ROOT))]]
    for name, paths in UNIT.items():
        yield name, [[*PYTEST, *paths]]
    yield "examples", [[*PYTEST, "--doctest-modules", "lossutils", *NO_EXAMPLES]]
    yield "site", [[PYTHON, "-m", "tools.build"], [*PYTEST, "-n", "2", "--dist", "loadfile", "tests/site"]]


def run(commands: list[list[str]]) -> tuple[bool, str, float]:
    """Run a part's commands until one fails: whether none did, what was printed, and the seconds."""
    start, said = time.monotonic(), ""
    for command in commands:
        done = subprocess.run(
            command, cwd=ROOT, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        said += done.stdout
        if done.returncode:
            return False, said, time.monotonic() - start
    return True, said, time.monotonic() - start


def main(names: list[str]) -> int:
    start, failed = time.monotonic(), {}
    processors = os.cpu_count() or 1
    chosen = {name: commands for name, commands in parts() if not names or name.startswith(tuple(names))}
    tree = passed.files()
    digests = {name: passed.digest(name, tree) for name in chosen}
    print(f"{'part':<34}{'result':<24}{'seconds':>8}")
    for name in [n for n in chosen if not names and passed.is_unchanged(n, digests[n])]:
        print(f"{name:<34}unchanged since it passed")
        del chosen[name]
    with ThreadPoolExecutor(processors) as pool:
        running = {pool.submit(run, commands): name for name, commands in chosen.items()}
        for future in as_completed(running):
            (well, said, seconds), name = future.result(), running[future]
            report(name, well, said, seconds)
            if not well:
                failed[name] = said
            elif "SKIPPED" not in said and passed.digest(name, passed.files()) == digests[name]:
                passed.keep(name, digests[name])
    for name, said in failed.items():
        print(f"\n{'=' * 30} {name} {'=' * 30}\n{said}")
    verdict = f"FAILED: {', '.join(failed)}" if failed else "everything passed"
    print(f"\n{verdict}, in {time.monotonic() - start:.0f} s on {processors} processors")
    return bool(failed)


def report(name: str, well: bool, said: str, seconds: float) -> None:
    """A line for a part that has run, and one for each test that it skipped."""
    counts = re.findall(r"\d+ (?:passed|failed|skipped|errors?)", said)
    result = ", ".join(counts) or ("passed" if well else "failed")
    print(f"{name:<34}{result:<24}{seconds:>8.1f}", flush=True)
    for line in said.splitlines():
        if line.startswith("SKIPPED"):
            print(f"    {line}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
