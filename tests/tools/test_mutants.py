"""A day's sample of `make mutants`, another every day of the year, and what is kept of all of it."""

import json
from datetime import date

import pytest

from lossutils.verify.ledger import carried, notebooks
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
    """Some of the mutants that were noticed are noticed again, by the same statement."""
    checks = dict(known.statements())
    found = {f"{m[0]}, {m[2]}": m for path in rules.files() for m in rules.mutants(path)}
    noticed = [
        (r["where"], r["noticed"]) for r in KEPT["rules"].values() if r["where"] in found and r["noticed"] in checks
    ]
    assert noticed
    for where, name in noticed[DAY % len(noticed) :: max(1, len(noticed) // 3)][:3]:
        assert rules.Statements([(name, checks[name])]).noticing(found[where]) not in ("nothing", "never run")


def test_a_mutant_that_no_statement_notices_is_reported():
    path = next(p for p in rules.files() if p.name == "structure.py")
    mutant = next(iter(rules.mutants(path)))
    assert rules.Statements([("nothing at all", lambda: True)]).noticing(mutant) == "never run"
