"""A day's sample of `make mutants`, another every day of the year, and what is kept of all of it."""

import json
from datetime import date

import pytest

from lossutils.verify.ledger import carried, notebooks
from tests.verify.test_rules import RULES
from tools.mutants import __main__ as command
from tools.mutants import claims, known, rules

DAY = date.today().timetuple().tm_yday
KEPT = json.loads(command.STORE.read_text(encoding="utf-8")) if command.STORE.exists() else {}
PLACES = [
    (p, n) for p in notebooks(command.ROOT / "chapters") for n, e in enumerate(carried(p)) if e["kind"] == "claim"
]
SAMPLE = [PLACES[(DAY * 3 + k) % len(PLACES)] for k in range(3)]


@pytest.mark.parametrize("place", SAMPLE, ids=lambda place: f"{place[0].stem}, {carried(place[0])[place[1]]['label']}")
def test_a_claims_variants_are_told_from_it_and_no_rule_proves_a_wrong_one(place):
    found = claims.examined(*place, blind=3)
    assert found["unsound"] == []
    assert found["made"] == 0 or found["refuted"] + found["undefined"] + found["true"] + len(found["late"]) > 0


def test_no_rule_proved_what_a_point_refutes():
    assert KEPT["claims"], "make mutants has not been run"
    assert [f["label"] for f in KEPT["claims"].values() if f["unsound"]] == []


def test_no_rule_said_what_the_balls_deny():
    assert [f for chunk in KEPT.get("expressions", {}).values() for f in chunk["faults"]] == []


def test_a_changed_rule_is_noticed():
    """Of the first changes in the rules that read signs off an expression, by statements about those rules."""
    true, broken = RULES["signs by structure"]
    texts = {latex for latex, _ in [*true, *(s for rows in broken.values() for s in rows)]}
    checks = [(name, check) for name, check in known.statements() if name.removeprefix("the rules alone: ") in texts]
    shown = rules.Statements(checks[:4])
    path = next(p for p in rules.files() if p.name == "structure.py")
    found = [shown.noticing(m) for m in list(rules.mutants(path))[:6]]
    assert any(f not in ("nothing", "never run") for f in found)


def test_a_mutant_that_no_statement_notices_is_reported():
    path = next(p for p in rules.files() if p.name == "structure.py")
    mutant = next(iter(rules.mutants(path)))
    assert rules.Statements([("nothing at all", lambda: True)]).noticing(mutant) == "never run"
