"""The page's data: the wording of verdicts, and that everything a notebook carries is of the forms that are named."""

import typing

import pytest
from notebooks import outputs

from lossutils.book import figures, page
from lossutils.verify.verdict import SCALE

CONTROLS = {"made": 13, "possible": 30, "refuted": 12, "undefined": 0, "true": ["a"], "undecided": [], "survivors": []}
DERIVED = {
    "kind": "claim", "status": "derived", "means": ["Z3", "algebra"], "points": 60,
    "looked": 60, "lemmas": [], "controls": CONTROLS, "counterexample": None, "open": "", "reason": "",
}  # fmt: skip
FOUND = {"link": 1, "values": {"f": "5/3"}, "left": "[0.15886910 +/- 1e-9]", "relation": "=", "right": "5/6"}
REFUTED = DERIVED | {"status": "refuted", "counterexample": FOUND}
CONSISTENT = DERIVED | {"status": "consistent", "means": ["Arb"]}
DEFINITION = {"kind": "definition", "status": "definition", "assumptions": ["f real"], "given": {"f": "real"}}


def test_every_verdict_is_explained():
    assert set(page.VERDICTS) == set(SCALE)
    assert set(page.EXPLAINED) == {*page.VERDICTS, "definition"}


def test_a_proof_is_told_by_its_means_and_controls():
    assert page.verdict_parts(DERIVED) == ["Z3, algebra", "controls 12 of 13 refuted, 1 true as well"]


def test_what_a_proof_rests_on_is_told():
    named = DERIVED | {"lemmas": ["log x <= x - 1", "exp increases"]}
    assert page.verdict_parts(named)[1] == "from log x ≤ x − 1; exp increases"


def test_points_are_given_where_they_are_all_there_is_and_in_the_ledger():
    assert page.verdict_parts(CONSISTENT)[:2] == ["Arb", "60 of 60 points"]
    assert page.verdict_parts(DERIVED, in_ledger=True)[1] == "60 of 60 points"


def test_points_that_were_not_decided_are_counted():
    assert "51 of 60 points" in page.verdict_parts(CONSISTENT | {"points": 51})


def test_what_became_of_every_wrong_variant_is_told():
    controls = CONTROLS | {"refuted": 3, "made": 8, "undefined": 1, "undecided": ["b", "c"], "survivors": ["a sign"]}
    told = "3 of 8 refuted, 1 without a value, 1 true as well, 2 undecided, 1 not told apart"
    assert page.said_of_controls(controls) == told


def test_the_accuracy_of_the_frameworks_stands_on_the_page_only():
    measured = DERIVED | {"accuracy": "within 1 ulp on NumPy"}
    assert page.verdict_parts(measured)[-1] == "within 1 ulp on NumPy"
    assert "within 1 ulp on NumPy" not in page.verdict_parts(measured, in_ledger=True)


def test_a_refuted_claim_is_told_by_its_counterexample():
    (said,) = page.verdict_parts(REFUTED)
    assert said == "at f = 5/3: left 0.15887, right 5/6"


def test_an_undecided_claim_is_told_by_why_it_may_stand():
    unknown = DERIVED | {"status": "unknown", "reason": "no proof", "open": "a conjecture"}
    assert page.verdict_parts(unknown) == ["a conjecture"]
    assert page.verdict_parts(unknown | {"open": ""}) == ["no proof"]


def test_a_definition_has_nothing_to_tell():
    assert page.verdict_parts(DEFINITION) == []


def test_long_numbers_of_a_counterexample_are_rounded():
    values = {"x": "12345678901234567890/123456789012345678900", "y": "1/3"}
    found = FOUND | {"values": values, "left": "[1.23456789 +/- 1e-30]", "right": "2"}
    assert page.counterexample(REFUTED | {"counterexample": found}) == "at x = 0.1…, y = 1/3: left 1.2346, right 2"


@pytest.mark.parametrize(
    ("name", "latex"),
    [("f", "f"), ("delta", r"\delta"), ("hat_y", r"\hat y"), ("s_1", "s_{1}"), ("tau_k", r"\tau_{k}")],
)
def test_letters_are_typeset(name, latex):
    assert page.latex_letter(name) == latex


def test_letters_that_stand_for_an_expression_are_found():
    given = {"y": "{0, 1}", "z": "2y-1", "p": "eq-softmax", "f": "real"}
    said = {**DEFINITION, "given": given, "assumptions": ["y in {0, 1}", "f real"]}
    assert page.stand_ins(said) == [("z", "2y-1")]


def test_figures_are_drawn_in_the_inks_that_the_theme_replaces():
    used = {figures.LOOK[key] for key in ("text.color", "figure.facecolor", "grid.color")}
    assert used == set(page.THEMES["dark"])


def test_notebooks_carry_the_data_that_are_named(cells):
    forms = {"claim": page.ClaimData, "definition": page.DefinitionData}
    for output in outputs(cells):
        for media_type, data in output.get("data", {}).items():
            if media_type == page.CLAIM:
                form = forms[data["kind"]]
                assert data["status"] in page.EXPLAINED
            elif media_type == page.FIGURE:
                form = page.FigureData
            else:
                continue
            assert form.__required_keys__ <= data.keys() <= typing.get_type_hints(form).keys()
