"""Make .venv hold what requirements.txt and constraints.txt name, and nothing half-installed.

Standard library only, and a syntax that older Pythons can read, types in comments: on those it has to say so.
"""

from __future__ import print_function

import hashlib
import os
import shutil
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(ROOT, ".venv")
STAMP = os.path.join(VENV, "installed")
LOG = os.path.join(VENV, "install.log")
INPUTS = ("requirements.txt", "constraints.txt", "pyproject.toml", "tools/npm/package-lock.json", "tools/packages.py")
OLDEST, NEWEST = (3, 11), (3, 13)
GIGABYTES = 8.0  # with the CUDA build of PyTorch, which Linux gets by default; half of it without

NO_INDEX = (
    "{0} could not reach its package index. Check the network (and {1}, or a proxy),\n"
    "then run the same command again: it takes up where this one stopped."
)
NO_PIP = NO_INDEX.format("pip", "PIP_INDEX_URL")
NO_NPM = NO_INDEX.format("npm", "its registry's address")
NO_SPACE = (
    "The disk is full. The installation needs about {0:.0f} GB below\n  {1}\n"
    "and room for temporary files (TMPDIR). Free some, then run the same command again."
).format(GIGABYTES, ROOT)
NO_VENV = (
    "This Python cannot make virtual environments. On Debian and Ubuntu:\n"
    "  apt-get install python3-venv\nthen run the same command again."
)
CAUSES = (
    (("No space left on device", "Errno 28"), NO_SPACE),
    (("ensurepip is not available", "No module named venv", "No module named ensurepip"), NO_VENV),
    (("npm error network", "npm error code E4", "ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN"), NO_NPM),
    (
        (
            "NewConnectionError",
            "ConnectTimeoutError",
            "ReadTimeoutError",
            "Failed to establish a new connection",
            "Temporary failure in name resolution",
            "Connection refused",
            "ProxyError",
            "SSLError",
            "(from versions: none)",
        ),
        NO_PIP,
    ),
)


def fail(message):
    # type: (str) -> None
    sys.stderr.write("\nerror: " + message + "\n")
    sys.exit(1)


def digests():
    # type: () -> list[str]
    """Of the interpreter and this folder (changed: start afresh), and of the requirements (install what differs)."""
    place = hashlib.sha256((sys.version + sys.prefix + ROOT).encode()).hexdigest()
    needs = hashlib.sha256()
    for name in INPUTS:
        with open(os.path.join(ROOT, name), "rb") as f:
            needs.update(f.read())
    return [place, needs.hexdigest()]


def stamp():
    # type: () -> list[str]
    try:
        with open(STAMP) as f:
            return f.read().split()
    except (IOError, OSError):
        return []


def python():
    # type: () -> str
    folder, name = ("Scripts", "python.exe") if os.name == "nt" else ("bin", "python")
    return os.path.join(VENV, folder, name)


def run(command):
    # type: (list[str]) -> None
    """Run one step, its output in the log; on failure name the likely cause instead of a traceback."""
    with open(LOG, "ab") as log:
        start = log.tell()
        code = subprocess.call(command, stdout=log, stderr=subprocess.STDOUT, cwd=ROOT)
    if code == 0:
        return
    with open(LOG, "rb") as log:
        log.seek(start)
        said = log.read().decode("utf-8", "replace")
    for signs, message in CAUSES:
        if any(sign in said for sign in signs):
            fail(message + "\n(The whole output: " + LOG + ")")
    lines = said.strip().splitlines()
    told = [line for line in lines if line.startswith("ERROR")] or lines[-3:]
    fail("a step of the installation failed.\n" + "\n".join(told[-10:]) + "\n(The whole output: " + LOG + ")")


def check_machine():
    # type: () -> None
    if not OLDEST <= sys.version_info[:2] <= NEWEST:
        fail(
            "Python {0}.{1} to {2}.{3} is needed, and {4} is {5}.{6}.\n"
            "Install one of those, or name it:  make PYTHON=/path/to/python3.11 ...".format(
                OLDEST[0], OLDEST[1], NEWEST[0], NEWEST[1], sys.executable, *sys.version_info[:2]
            )
        )


def check_disk():
    # type: () -> None
    if shutil.disk_usage(ROOT).free < GIGABYTES * 1e9:
        fail(NO_SPACE)


def install():
    # type: () -> None
    wanted, found = digests(), stamp()
    if found == wanted and os.path.exists(python()):
        return
    if found[:1] == wanted[:1] and os.path.exists(python()):
        os.remove(STAMP)  # until this ends well, the environment counts as broken
    else:  # absent, moved, of another Python, or left half-installed
        check_disk()
        shutil.rmtree(VENV, ignore_errors=True)
        os.mkdir(VENV)
    print("Installing into .venv (up to 8 GB, a few minutes the first time) ...")
    sys.stdout.flush()
    run([sys.executable, "-m", "venv", VENV])
    pip = [python(), "-m", "pip", "install", "--disable-pip-version-check", "--no-input", "--retries", "2"]
    pip += ["--progress-bar", "off", "-c", "constraints.txt"]
    run(pip + ["-r", "requirements.txt"])
    run(pip + ["--no-deps", "-e", "."])
    run([python(), "-m", "tools.packages"])
    with open(STAMP, "w") as f:
        f.write("\n".join(wanted) + "\n")
    print("Installed.")


if __name__ == "__main__":
    check_machine()
    try:
        install()
    except KeyboardInterrupt:
        fail("interrupted. Run the same command again: it starts this installation afresh.")
    except (IOError, OSError) as error:
        fail(NO_SPACE if error.errno == 28 else str(error))
