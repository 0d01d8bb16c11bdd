"""What an adversary wrote, knowing the rules: a fifth of it every day, others tomorrow; LOSSUTILS_ALL=1 takes all."""

import os
from datetime import date

import pytest

from lossutils.verify import check
from lossutils.verify.verdict import HELD
from tests.verify.adversary import hunts_and_cases, readings_and_witnesses, sets_and_functions, sums_and_limits

FILES = (sums_and_limits, readings_and_witnesses, sets_and_functions, hunts_and_cases)
CASES = [case for file in FILES for case in file.CASES]
EVERY = 1 if os.environ.get("LOSSUTILS_ALL") else 5
TODAY = CASES[date.today().toordinal() % EVERY :: EVERY]


@pytest.mark.parametrize(("truth", "latex", "given"), [pytest.param(*c[:3], id=c[1][:60]) for c in TODAY])
def test_no_verdict_is_wrong(truth, latex, given):
    found = check(latex, controls=False, **given)
    assert "the checker failed" not in found.reason, str(found)
    assert found.status != "refuted" if truth else found.status not in HELD, str(found)


def test_there_are_many():
    assert len(CASES) >= 250
