"""The net holds: a notebook whose stored outputs were altered in the least does not pass the validation."""

import copy
import json
import re
import subprocess
import sys

import pytest
from notebooks import run_once_from_top_to_bottom

from lossutils.book.page import CLAIM, FIGURE
from tools.outputs import execute
from tools.run_tests import environment

CELLS = [
    "from lossutils.book.notebook import claim, lu, np, plt, show",
    "print(f'{lu.SoftmaxCrossEntropy()(0, [3, -3, -3]):.6f}')",
    r"claim('eq-net', r'1-\sigma(f) = \sigma(-f)', f='real')",
    "fig, ax = plt.subplots()\nax.plot([0, 1], [0, 1])\nshow(fig, 'A line from the lower left to the upper right.')",
]


def cell(source, n):
    return {
        "cell_type": "code",
        "execution_count": None,
        "id": f"c{n}",
        "metadata": {},
        "outputs": [],
        "source": source,
    }


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """An executed notebook and altered copies of it, validated in one run."""
    folder = tmp_path_factory.mktemp("net")
    notebook = {"cells": [cell(s, n) for n, s in enumerate(CELLS)], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    (folder / "whole.ipynb").write_text(json.dumps(notebook))
    execute(folder / "whole.ipynb")
    whole = json.loads((folder / "whole.ipynb").read_text())
    for name, alter in ALTERED.items():
        changed = copy.deepcopy(whole)
        alter(changed["cells"])
        assert changed != whole, name
        (folder / f"{name}.ipynb").write_text(json.dumps(changed))
    return folder


def a_digit(cells):
    cells[1]["outputs"][0]["text"] = [t.replace("0.004945", "0.004946") for t in cells[1]["outputs"][0]["text"]]


def a_coordinate(cells):
    data = cells[3]["outputs"][0]["data"]
    svg = "".join(data["image/svg+xml"])
    data["image/svg+xml"] = re.sub(r"(L )(\d+)(\.\d+)", lambda m: f"{m[1]}{int(m[2]) + 1}{m[3]}", svg, count=1)


def a_phones_figure(cells):
    figure = cells[3]["outputs"][0]["data"][FIGURE]
    figure["narrow"] = figure["narrow"].replace("L ", "L 1", 1)


def an_output_stripped(cells):
    cells[1]["outputs"] = []


def a_verdict(cells):
    cells[2]["outputs"][0]["data"][CLAIM]["status"] = "enclosed"


ALTERED = {f.__name__: f for f in (a_digit, a_coordinate, a_phones_figure, an_output_stripped, a_verdict)}


@pytest.fixture(scope="module")
def report(folder):
    nbval = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--nbval", "--nbval-current-env", "-rA"]
    nbval += ["-n", "2", "--dist", "loadfile"]
    done = subprocess.run([*nbval, str(folder)], capture_output=True, text=True, env=environment(), cwd=folder)
    return done.stdout


def test_an_unaltered_notebook_passes(report):
    assert not re.search(r"FAILED .*whole\.ipynb", report), report[-3000:]
    assert len(re.findall(r"PASSED .*whole\.ipynb", report)) == len(CELLS)


@pytest.mark.parametrize("name", ALTERED)
def test_an_altered_notebook_fails(report, name):
    assert re.search(rf"FAILED .*{name}\.ipynb", report), report[-3000:]


def test_a_cell_without_an_execution_count_is_caught_by_the_hygiene_tests(folder):
    """nbval passes such a cell unchecked."""
    cells = json.loads((folder / "whole.ipynb").read_text())["cells"]
    assert run_once_from_top_to_bottom(cells)
    cells[1]["execution_count"] = None
    assert not run_once_from_top_to_bottom(cells)
