"""What was written to break the checker does not: nothing false holds, and nothing true is refuted."""

import pytest

from lossutils.verify import check
from lossutils.verify.verdict import HELD
from tests.verify.red_team import CASES

FALSE = [pytest.param(latex, given, id=latex[:60]) for truth, latex, given in CASES if not truth]
TRUE = [pytest.param(latex, given, id=latex[:60]) for truth, latex, given in CASES if truth]


@pytest.mark.parametrize(("latex", "given"), FALSE)
def test_what_is_false_does_not_hold(latex, given):
    found = check(latex, controls=False, **given)
    assert found.status not in HELD, str(found)
    assert "the checker failed" not in found.reason


@pytest.mark.parametrize(("latex", "given"), TRUE)
def test_what_is_true_is_not_refuted(latex, given):
    found = check(latex, controls=False, **given)
    assert found.status != "refuted", str(found)
    assert "the checker failed" not in found.reason
