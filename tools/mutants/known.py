"""Statements whose answer is known, as the checker's tests have them: what a mutant of a rule is shown to."""

from __future__ import annotations

from functools import partial
from typing import Any

from lossutils.verify import check
from lossutils.verify.verdict import HELD


def statements() -> list[tuple[str, Any]]:
    """Names, and functions that say what the checker finds."""
    from tests.verify import red_team, statements, test_rules, test_traps

    found: list[tuple[str, Any]] = []
    for latex, given in [*statements.TRUE, *statements.FALSE]:
        found.append((latex, partial(_status, latex, _spelled(given))))
    for _, latex, given in red_team.CASES:
        found.append((latex, partial(_status, latex, given)))
    for rows in test_traps.NEVER_HELD.values():
        found += [(latex, partial(_status, latex, given)) for latex, given in rows]
    for true, broken in test_rules.RULES.values():
        for latex, given in [*true, *(s for rows in broken.values() for s in rows)]:
            found.append((f"the rules alone: {latex}", partial(_alone, latex, given)))
    return found


def _spelled(given: dict[str, Any]) -> dict[str, Any]:
    return {{"USES": "using", "WHERE": "where", "CONVENTIONS": "conventions"}.get(k, k): v for k, v in given.items()}


def _status(latex: str, given: dict[str, Any]) -> bool:
    """Whether it holds: what an unsound or an incomplete rule changes."""
    return check(latex, controls=False, **given).status in HELD


def _alone(latex: str, given: dict[str, Any]) -> bool:
    from unittest.mock import patch

    from lossutils.verify.proof.guard import Guard
    from tests.verify.test_rules import proved

    with patch.object(Guard, "plausible", lambda *_: True), patch.object(Guard, "possible", lambda *_: False):
        return proved(latex, **given) is not None
