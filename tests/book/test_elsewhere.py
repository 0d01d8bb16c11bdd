"""Where the frameworks' losses are treated: a name on one of their lists has a row, and what a row names is there."""

import json
import re
from pathlib import Path

import pytest

import lossutils as lu
from lossutils.book.experiments import elsewhere
from lossutils.verify.ledger import carried

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def in_the_appendix(monkeypatch):
    monkeypatch.chdir(ROOT / "appendix")


@pytest.mark.parametrize("framework", elsewhere.LISTS)
def test_every_loss_on_a_list_has_a_row_and_no_row_is_of_another(framework):
    listed = elsewhere.LISTS[framework]()
    assert len(listed) > 8
    assert set(listed) == set(elsewhere.TREATED[framework])
    rows = elsewhere.rows(framework)
    assert sorted(re.findall(r"`(.+?)`", " ".join(row[0] for row in rows))) == sorted(listed)
    assert all(cell for row in rows for cell in row)


def test_a_loss_of_which_nothing_is_said_is_an_error(monkeypatch):
    monkeypatch.setitem(elsewhere.LISTS, "PyTorch", lambda: ["MSELoss", "BrandNewLoss"])
    with pytest.raises(KeyError, match="BrandNewLoss"):
        elsewhere.rows("PyTorch")


@pytest.mark.parametrize("subject", elsewhere.SUBJECTS)
def test_what_is_named_is_there(subject):
    here, where = elsewhere.SUBJECTS[subject]
    assert not here or hasattr(lu, here) or here == "linear_cross_entropy"
    for page in re.findall(r"\{doc\}`/(.+?)`", where):
        assert (ROOT / f"{page}.ipynb").is_file()


def test_the_equations_are_there():
    known = {
        e["label"] for folder in ("chapters", "appendix") for p in (ROOT / folder).glob("*.ipynb") for e in carried(p)
    }
    named = {label for _, where in elsewhere.SUBJECTS.values() for label in re.findall(r"\{eq\}`(.+?)`", where)}
    assert named and named <= known


def test_subjects_are_used():
    assert {s for names in elsewhere.TREATED.values() for s in names.values()} == set(elsewhere.SUBJECTS)


def test_the_boosters_lists_have_versions():
    kept = json.loads((ROOT / "benchmarks" / "objectives.json").read_text())
    assert {name: bool(entry["version"] and entry["objectives"]) for name, entry in kept.items()} == {
        "XGBoost": True,
        "LightGBM": True,
    }
