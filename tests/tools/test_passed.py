"""A part that passed is run again when anything that it reads has changed."""

import pytest

from tools import passed
from tools.run_tests import UNIT, parts


@pytest.fixture
def tree(tmp_path, monkeypatch):
    """A small tree with a folder for marks."""
    monkeypatch.setattr(passed, "ROOT", tmp_path)
    monkeypatch.setattr(passed, "FOLDER", tmp_path / ".passed")
    for name in ("lossutils/a.py", "chapters/one.ipynb", "chapters/two.ipynb", "conftest.py", "intro.md"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("as it was")
    names = sorted(str(p.relative_to(tmp_path)) for p in tmp_path.rglob("*") if p.is_file())

    def passes(part):
        passed.keep(part, passed.digest(part, names))
        return lambda: passed.is_unchanged(part, passed.digest(part, names))

    return tmp_path, passes


@pytest.mark.parametrize(
    ("part", "changed", "again"),
    [
        ("chapters/one", "chapters/one.ipynb", True),
        ("chapters/one", "lossutils/a.py", True),
        ("chapters/one", "conftest.py", True),
        ("chapters/one", "chapters/two.ipynb", False),
        ("chapters/errata", "chapters/two.ipynb", True),
        ("verify", "intro.md", False),
        ("frameworks", "chapters/one.ipynb", False),
        ("verify", "lossutils/a.py", True),
        ("appendix/any", "intro.md", True),
        ("site", "intro.md", True),
    ],
)
def test_a_part_is_run_again_when_what_it_reads_has_changed(tree, part, changed, again):
    root, passes = tree
    is_unchanged = passes(part)
    assert is_unchanged()
    (root / changed).write_text("altered")
    assert is_unchanged() is not again


def test_another_day_or_another_choice_of_tests_runs_everything_again(tree, monkeypatch):
    is_unchanged = tree[1]("verify")
    monkeypatch.setenv("TESTS", "all")
    assert not is_unchanged()
    monkeypatch.delenv("TESTS")
    assert is_unchanged()
    monkeypatch.setattr(passed, "date", type("Tomorrow", (), {"today": staticmethod(lambda: "tomorrow")}))
    assert not is_unchanged()


def test_every_part_that_is_said_to_read_less_exists():
    assert set(passed.READS) <= {name for name, _ in parts()}


@pytest.mark.parametrize("part", sorted(set(UNIT) & set(passed.READS)))
def test_a_part_reads_its_own_tests(part):
    assert all(path.rstrip("/") in {p.rstrip("/") for p in passed.reads(part)} for path in UNIT[part])
