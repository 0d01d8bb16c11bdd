"""One operator of a claim altered, wherever it stands in the book: the ledger has to notice."""

import re
from pathlib import Path
from random import Random

import pytest

from lossutils.verify.ledger import Session, carried, fault, notebooks
from lossutils.verify.verdict import HELD

CHAPTERS = Path(__file__).parents[2] / "chapters"
WANTED, SEED = 10, 3
ALTERED = {
    "+": "-", "-": "+", "=": "<", "<": ">", ">": "<", r"\le": r"\ge", r"\ge": r"\le", r"\cdot": "+", "/": "+",
    r"\sum": r"\prod", r"\prod": r"\sum", r"\max": r"\min", r"\min": r"\max", r"\log": r"\exp", r"\exp": r"\log",
    r"\sigma": r"\tanh", r"\tanh": r"\sigma", r"\cosh": r"\sinh", r"\frac": r"\binom", "^2": "^3", r"\infty": "0",
    r"\approx": "=",
}  # fmt: skip
_OPERATOR = re.compile(r"\\[A-Za-z]+|\^2|[-+=<>/]")


def alterations(latex):
    """Every formula that differs in one operator, with what was done."""
    for found in _OPERATOR.finditer(latex):
        if other := ALTERED.get(found.group()):
            yield (
                f"{found.group()} at {found.start()} to {other}",
                latex[: found.start()] + other + latex[found.end() :],
            )


def drawn():
    """Claims of the book and an order in which to try the alterations of each, by lot."""
    claims = []
    for path in notebooks(CHAPTERS):
        entries = carried(path)
        claims += [
            (path.stem, entries[:n], e)
            for n, e in enumerate(entries)
            if e["kind"] == "claim" and e["status"] in HELD and any(alterations(e["latex"]))
        ]
    lot = Random(SEED)
    for stem, above, entry in lot.sample(claims, min(WANTED, len(claims))):
        options = list(alterations(entry["latex"]))
        lot.shuffle(options)
        yield pytest.param(above, entry, options, id=f"{stem}: {entry['label']}")


def checked(session, entry, latex):
    verdict = session.check(latex, entry["given"], entry["where"], entry["conventions"])
    return verdict, fault(entry, verdict.as_dict() | {"line": verdict.line()})


@pytest.mark.parametrize(("above", "entry", "options"), list(drawn()))
def test_an_altered_operator_is_noticed(above, entry, options):
    session = Session()
    for definition in (e for e in above if e["kind"] == "definition"):
        session.define(definition["label"], definition["latex"], definition["given"], definition["where"])
    for done, latex in options:
        verdict, problem = checked(session, entry, latex)
        if not problem and (verdict.status == "derived" or not set(verdict_relations(latex)) <= {"="}):
            continue  # shown to hold as well, or a bound with more room
        assert problem, f"{done} went unnoticed: {latex} is {verdict}"
        return
    pytest.fail("every alteration leaves something that holds")


def verdict_relations(latex):
    """The relations of a formula, as far as its spelling tells."""
    return re.findall(r"<|>|=|\\(?:le|ge|leq|geq|approx)(?![A-Za-z])", latex)


def test_alterations_reach_every_operator():
    done = dict(alterations(r"-\log\sigma(f) \le \frac{x}{2} + 1"))
    assert len(done) == 6
    assert done[r"\le at 15 to \ge"] == r"-\log\sigma(f) \ge \frac{x}{2} + 1"


def test_the_unaltered_claim_is_not_at_fault():
    for entry in (e for path in notebooks(CHAPTERS)[:1] for e in carried(path)):
        if entry["kind"] == "claim" and entry["asserted"] and entry["given"] == {}:
            _, problem = checked(Session(), entry, entry["latex"])
            assert problem == ""
            return
