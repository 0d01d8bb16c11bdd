"""The cheat sheet has every loss, each with the formulas that the loss has."""

import re

import lossutils as lu
from tools.cheat_sheet import ROW, SHEET, written


def rows():
    return [found for line in SHEET.read_text().splitlines() if (found := ROW.match(line))]


def test_every_loss_has_one_row():
    assert sorted(row[1] for row in rows()) == sorted(type(loss).__name__ for loss in lu.losses())


def test_formulas_are_those_of_the_losses():
    sheet = SHEET.read_text()
    assert written(sheet) == sheet
    for loss in lu.losses():
        (row,) = (row[0] for row in rows() if row[1] == type(loss).__name__)
        plain = row.replace(r"\|", "|")
        assert f"${loss.description.loss}$" in plain and f"${loss.description.gradient}$" in plain


def test_a_formula_typed_by_hand_is_replaced():
    sheet = SHEET.read_text()
    assert written(sheet.replace("$e^f - y$", "$e^f + y$")) == sheet != sheet.replace("$e^f - y$", "$e^f + y$")


def test_parameters_are_those_of_the_losses():
    named = dict(re.findall(r"`(\w+)\((\w+(?:, \w+)*)\)`", SHEET.read_text()))
    assert named == {type(loss).__name__: ", ".join(vars(loss)) for loss in lu.losses() if vars(loss)}
