"""Classes on several processes: one, two and four under gloo, and one that fails."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def run(world, folder, *more):
    """The exit codes and the outputs of as many processes."""
    command = [sys.executable, "-W", "ignore", "-m", "tests.frameworks.sharded_program"]
    started = [
        subprocess.Popen(
            [*command, str(rank), str(world), str(folder), *more],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        for rank in range(world)
    ]
    try:
        said = [process.communicate(timeout=400)[0] for process in started]
    finally:
        for process in started:
            process.kill()
    return [process.returncode for process in started], said


def test_as_on_one_machine(tmp_path):
    codes, said = run(4, tmp_path)
    assert codes == [0] * 4, "\n".join(said)
    assert all(text.endswith("passed\n") for text in said)


def test_a_process_that_fails_gives_an_error_and_no_hang(tmp_path):
    codes, said = run(2, tmp_path, "fail")
    assert all(codes) and "fails on purpose" in said[1]
    assert "RuntimeError" in said[0] or "DistBackendError" in said[0] or "Connection closed" in said[0]
