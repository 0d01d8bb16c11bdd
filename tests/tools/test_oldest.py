"""The oldest versions are those that pyproject.toml names, and an environment holds what was asked for and no more."""

import pytest

from tools import environments, oldest


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A pyproject.toml of one's own."""
    monkeypatch.setattr(oldest, "ROOT", tmp_path)
    return lambda text: (tmp_path / "pyproject.toml").write_text(text)


def test_lower_bounds_are_read_from_all_extras(project):
    extras = '[project.optional-dependencies]\na = ["three>=3.1"]\nb = ["four>=4", "five>=5.0.1"]\n'
    project('[project]\ndependencies = ["one>=1.2"]\n' + extras)
    assert oldest.oldest() == {"one": "1.2", "three": "3.1", "four": "4", "five": "5.0.1"}


def test_a_dependency_without_a_lower_bound_is_refused(project):
    project('[project]\ndependencies = ["one<2"]\n[project.optional-dependencies]\n')
    with pytest.raises(AssertionError):
        oldest.oldest()


def test_dependencies_are_followed_but_not_those_of_other_extras():
    found = environments.with_dependencies(["sympy>=1.13", "pytest; extra == 'tests'"])
    assert found == {"sympy", "mpmath"}
    assert "pytest" in environments.with_dependencies(["pytest; extra == 'tests'"], "tests")


def test_what_is_linked_can_be_imported_and_nothing_else(tmp_path):
    made = environments.Environment.make(tmp_path)
    made.link(environments.with_dependencies(["sympy"]))
    assert made.python("-c", "import sympy").returncode == 0
    assert "No module named 'pytest'" in made.python("-c", "import pytest").stderr


def test_what_is_there_in_another_version_is_left(tmp_path):
    made = environments.Environment.make(tmp_path)
    about = made.packages / "sympy-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: sympy\nVersion: 1.0\n")
    made.link({"sympy", "mpmath"})
    assert made.versions().keys() == {"sympy", "mpmath"} and made.versions()["sympy"] == "1.0"
    assert "No module named 'sympy'" in made.python("-c", "import sympy").stderr
