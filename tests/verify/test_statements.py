"""No false statement is let through, no true one is refuted, and none of either is left undecided."""

import pytest

from lossutils.verify import check
from lossutils.verify.verdict import HELD
from tests.verify.statements import FALSE, TRUE


def verdict(latex, assumptions):
    own = dict(assumptions)
    known = {"using": own.pop("USES", ()), "where": own.pop("WHERE", ()), "conventions": own.pop("CONVENTIONS", ())}
    return check(latex, **known, **own)


@pytest.mark.parametrize(("latex", "assumptions"), TRUE, ids=[s for s, _ in TRUE])
def test_a_true_statement_holds_and_its_controls_fall(latex, assumptions):
    found = verdict(latex, assumptions)
    assert found.status in HELD, str(found)
    assert not found.controls.survivors, str(found)
    assert found.controls.refuted >= 1


@pytest.mark.parametrize(("latex", "assumptions"), FALSE, ids=[s for s, _ in FALSE])
def test_a_false_statement_does_not(latex, assumptions):
    found = verdict(latex, assumptions)
    nowhere = "an assumption is missing" in found.reason  # somewhere it has no value, and elsewhere it may hold
    assert found.status == ("unknown" if nowhere else "refuted"), str(found)
    assert (found.counterexample is not None) == (found.status == "refuted")


def test_there_are_many():
    assert len(TRUE) >= 120 and len(FALSE) >= 120
