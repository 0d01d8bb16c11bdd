"""The command `python -m lossutils.verify`: statuses, messages, the ledger."""

import json

import pytest

from lossutils.verify.__main__ import _progress, assumptions, main
from lossutils.verify.ledger import MEDIA_TYPE

SOFTMAX = r"p_j = \frac{e^{s_j}}{\sum_{k=1}^K e^{s_k}}"


def notebook(path, *entries):
    """A notebook that carries claims, as `claim` and `define` leave them in outputs."""
    outputs = [{"output_type": "display_data", "data": {MEDIA_TYPE: e}, "metadata": {}} for e in entries]
    cells = [{"cell_type": "markdown", "source": "", "metadata": {}}]
    cells += [{"cell_type": "code", "source": "", "outputs": [o], "metadata": {}} for o in outputs]
    path.write_text(json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}), encoding="utf-8")
    return path


def entry(label, latex, line, kind="claim", asserted=True, reason="", **given):
    common = {"label": label, "kind": kind, "latex": latex, "given": given, "where": [], "conventions": []}
    return common | {"asserted": asserted, "open": reason, "line": line}


DEFINITION = entry("eq-softmax", SOFTMAX, "definition", kind="definition", s="real^K")
TRUE = entry("eq-total", r"\sum_{j=1}^K p_j = 1", "derived (algebra), controls 11/11", p="eq-softmax")
FALSE = entry("eq-odd", r"\sigma(-f) = -\sigma(f)", "", f="real")


@pytest.mark.parametrize(
    ("latex", "where", "status", "said"),
    [
        (r"1-\sigma(f) = \sigma(-f)", "f=real", 0, "derived"),
        (r"1-\sigma(f) = \sigma(f)", "f=real", 1, "refuted at f ="),
        (r"y^2 = y", "y={0,1}", 0, "derived"),
        (r"\frac{x}{x} = 1", "x=real", 2, "unknown"),
        (r"\frac{x}{x} = ", "x=real", 2, "^"),
        (r"x = x", "x", 2, "expected letter=meaning"),
    ],
)
def test_one_formula(capsys, latex, where, status, said):
    assert main(["--latex", latex, "--where", where]) == status
    shown = capsys.readouterr()
    assert said in shown.out + shown.err


def test_the_links_of_a_chain_are_listed(capsys):
    assert main(["--latex", r"0 < \sigma(f) < 1", "--where", "f=real"]) == 0
    assert "link 2: derived" in capsys.readouterr().out


def test_relations_can_be_given(capsys):
    assert main(["--latex", "a-b < 0", "--where", "a=real, b=real"]) == 1
    assert main(["--latex", "a-b < 0", "--where", "a=real, b=real", "--given", "a < b"]) == 0
    assert "assuming a, b real; a < b" in capsys.readouterr().out


def test_commas_inside_brackets_do_not_separate():
    read = assumptions("y={0, 1}, f=[0, 1), v=real[n, r]")
    assert read == {"y": "{0, 1}", "f": "[0, 1)", "v": "real[n, r]"}


def test_the_ledger_of_a_folder(tmp_path, capsys):
    notebook(tmp_path / "a.ipynb", DEFINITION, TRUE)
    notebook(tmp_path / "b.ipynb", FALSE | {"asserted": False, "line": "refuted at f = 0: left 1/2, right -1/2"})
    assert main([str(tmp_path), "--jobs", "1"]) in (0, 1)
    shown = capsys.readouterr()
    for said in ("a.ipynb", "b.ipynb", "eq-softmax", "eq-total", "eq-odd", "1 definition", "1 derived", "1 refuted"):
        assert said in shown.out
    assert shown.err == ""  # no bar where no one looks


def test_a_claim_at_fault_is_named(tmp_path, capsys):
    assert main([str(notebook(tmp_path / "c.ipynb", FALSE)), "--jobs", "1"]) == 1
    shown = capsys.readouterr().out
    assert "! eq-odd" in shown and "the text asserts it" in shown and "1 at fault" in shown


def test_a_claim_that_carries_another_verdict_is_at_fault(tmp_path, capsys):
    assert main([str(notebook(tmp_path / "d.ipynb", DEFINITION, TRUE | {"line": "proved"})), "--jobs", "1"]) == 1
    assert "carries another verdict" in capsys.readouterr().out


def test_a_definition_that_is_not_above_is_an_error_in_the_ledger(tmp_path, capsys):
    assert main([str(notebook(tmp_path / "e.ipynb", TRUE)), "--jobs", "1"]) == 1
    assert "is not a definition made above" in capsys.readouterr().out


def test_what_cannot_be_read_is_status_2(tmp_path, capsys):
    (tmp_path / "bad.ipynb").write_text("{", encoding="utf-8")
    assert main([str(tmp_path / "bad.ipynb")]) == 2
    assert "cannot be read as a notebook" in capsys.readouterr().err
    (tmp_path / "empty").mkdir()
    assert main([str(tmp_path / "empty")]) == 2
    assert "no claims" in capsys.readouterr().err
    for arguments in ([str(tmp_path / "none")], [], ["x", "--latex", "1=1"]):
        with pytest.raises(SystemExit) as left:
            main(arguments)
        assert left.value.code == 2


def test_the_bar_moves_once_a_claim_and_only_on_a_terminal(monkeypatch, capsys):
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    _progress(1, 2)
    _progress(2, 2)
    shown = capsys.readouterr().err
    assert "1/2" in shown and shown.endswith("2/2\n")
