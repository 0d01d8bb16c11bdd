"""Random expressions, read by the rules and in balls: ten thousand of them, others every day."""

import os
from datetime import date

import pytest

from tests.verify.two_readings import faults

COUNT, CHUNK = 10_000, 500
FIRST = int(os.environ.get("LOSSUTILS_FIRST_SEED", date.today().toordinal() * COUNT))


@pytest.mark.parametrize("start", range(0, COUNT, CHUNK))
def test_no_rule_says_what_the_balls_deny(start):
    found = [f"seed {seed}: {fault}" for seed in range(FIRST + start, FIRST + start + CHUNK) for fault in faults(seed)]
    assert not found, "\n".join(found)
