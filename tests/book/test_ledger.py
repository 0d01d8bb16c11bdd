"""The ledger as a whole: no equation stands in it twice."""

import re
from collections import defaultdict

from lossutils.verify.ledger import carried
from tools.run_tests import all_notebooks

LAYOUT = re.compile(
    r"\\(begin|end)\{aligned\}|\\(quad|qquad|[bB]igg?[lr]?|left|right|[,;!]|\\)|\\(?=[td]frac)[td]|[&\s]"
)
STILL_TWICE = {"eq-c-overflow", "eq-r-subgradient-steep"}  # repeat eq-overflow and eq-r-subgradient


def bare(latex):
    """A formula without what only lays it out."""
    return LAYOUT.sub("", latex.replace(r"\tfrac", r"\frac"))


def repeated(entries):
    """Labels of formulas that are the same but for their layout."""
    labels = defaultdict(list)
    for entry in entries:
        labels[bare(entry["latex"])].append(entry["label"])
    return [same for same in labels.values() if len(same) > 1]


def test_a_repeated_formula_is_found_whatever_its_layout():
    entries = [("eq-a", r"\bigl(a+b\bigr)^2 \\ &= c"), ("eq-b", "(a+b)^2 = c"), ("eq-d", "(a+b)^2 = d")]
    assert repeated({"label": label, "latex": latex} for label, latex in entries) == [["eq-a", "eq-b"]]


def test_no_equation_stands_twice():
    entries = [entry for path in all_notebooks() for entry in carried(path) if entry["label"] not in STILL_TWICE]
    assert repeated(entries) == []
