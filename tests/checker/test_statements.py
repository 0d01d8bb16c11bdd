"""No false statement is let through, no true one is refuted, and few of either are left undecided."""

import pytest
from statements import FALSE, TRUE

from lossutils.verify import check
from lossutils.verify.verdict import HELD

RESULTS: dict[str, str] = {}


def verdict(latex, assumptions):
    own = dict(assumptions)
    known = {"using": own.pop("USES", ()), "where": own.pop("WHERE", ()), "conventions": own.pop("CONVENTIONS", ())}
    return check(latex, **known, **own)


@pytest.mark.parametrize(("latex", "assumptions"), TRUE, ids=[s for s, _ in TRUE])
def test_a_true_statement_holds_and_its_controls_fall(latex, assumptions):
    found = verdict(latex, assumptions)
    RESULTS[latex] = found.status
    assert found.status in HELD, str(found)
    assert not found.controls.survivors, str(found)
    assert found.controls.refuted >= 1


@pytest.mark.parametrize(("latex", "assumptions"), FALSE, ids=[s for s, _ in FALSE])
def test_a_false_statement_does_not(latex, assumptions):
    found = verdict(latex, assumptions)
    RESULTS[latex] = found.status
    assert found.status in ("refuted", "unknown"), str(found)
    assert "the checker failed" not in found.reason
    assert (found.counterexample is not None) == (found.status == "refuted")


def test_few_are_left_undecided():
    assert len(TRUE) >= 120 and len(FALSE) >= 120
    for table in (TRUE, FALSE):
        statuses = [RESULTS[latex] for latex, _ in table if latex in RESULTS]
        assert len(statuses) == len(table), "run the whole file"
        assert statuses.count("unknown") <= len(table) // 20
