"""Theorems that the text names stand in Coq; wrong variants are refuted there; what is not proved has a reason."""

import re
from functools import cache
from pathlib import Path

import pytest

from lossutils.book.certificates import certificates, certified, lemmas, proved, rests_on, unproved
from lossutils.book.theorems import boxes, stated
from lossutils.verify.ledger import carried
from lossutils.verify.verdict import HELD
from tools.proofs import audit, axioms, refuted
from tools.proofs.__main__ import CERTIFICATES, PROOFS
from tools.proofs.links import links, pages


@cache
def all_boxes():
    return [box for path in pages() for box in boxes(path)]


@cache
def held():
    return {e["label"] for path in pages() for e in carried(path) if e["kind"] == "claim" and e["status"] in HELD}


def test_every_theorem_of_coq_that_a_box_names_stands_in_its_file():
    known = {(t.file, t.name) for t in stated(PROOFS)}
    assert [named for box in all_boxes() for named in box.named if named not in known] == []
    assert sum(bool(box.named) for box in all_boxes()) >= 12


@pytest.mark.parametrize("path", sorted((PROOFS / "theorems").glob("*.v")), ids=lambda p: p.stem)
def test_the_axioms_of_every_theorem_are_asked_for(path):
    text = path.read_text(encoding="utf-8")
    asked = re.search(r"^Definition theorems := \((.*?)\)\.\nPrint Assumptions theorems\.", text, re.M | re.S)
    assert asked and set(re.split(r",\s*", asked[1])) == set(re.findall(r"^Theorem (\w+)", text, re.M))


def test_every_claim_that_held_is_proved_or_listed_with_a_reason():
    found = {path: carried(path) for path in pages()}
    certain = {label for path, own in found.items() for label in proved(path.stem, own, PROOFS)}
    open_ = {label: why for path, own in found.items() for label, why in unproved(path.stem, own, PROOFS).items()}
    assert certain | set(open_) == held() and not certain & set(open_)
    assert all(why.startswith(("not translated: ", "translated, and not proved")) for why in open_.values())


def test_every_claim_that_a_theorem_or_its_proof_cites_is_proved():
    cited = {label for box in all_boxes() for label in box.cites} & held()
    certain = {label for path in pages() for label in proved(path.stem, carried(path), PROOFS)}
    assert cited and cited - certain == set()


def test_what_a_proof_rests_on_is_in_the_library():
    known = lemmas(PROOFS)
    assert known["softmax_sums"] == "Softmax.v"
    assert "softmax_sums" in rests_on(PROOFS)["eq-softmax-sums"]
    assert all(word in known for words in rests_on(PROOFS).values() for word in words)


@cache
def variants():
    return refuted.sample()


def test_the_file_of_refuted_variants_says_what_the_translation_says():
    text = refuted.FILE.read_text(encoding="utf-8")
    own = [w for w in variants() if f"Theorem {w.name} :" in text]
    assert len(own) >= 20 and text == refuted.written(own), "run `python -m tools.proofs.refuted`"


def test_no_refuted_variant_is_certified():
    kept = certificates(CERTIFICATES)
    certain = {link.statement for link in links() if certified(link, kept)}
    assert not certain & {w.statement for w in variants()}


SAID = """CONTEXT SUMMARY
===============

* Theory: Set is predicative

* Axioms:
    Coq.Reals.ClassicalDedekindReals.sig_forall_dec
    Coq.Numbers.Cyclic.Int63.PrimInt63.land
    Coq.Reals.Rdefinitions.RbaseSymbolsImpl.R
{more}
* Constants/Inductives relying on type-in-type: {loose}

* Inductives whose positivity is assumed: <none>
"""


def test_the_audit_takes_the_axioms_of_analysis_and_of_the_machine():
    found = audit.summary(SAID.format(more="", loose="<none>"))
    assert audit.faults(found) == []
    assert [axioms.kind(a) for a in found["Axioms"]] == ["analysis", "machine", "sealed"]


@pytest.mark.parametrize(
    ("more", "loose"),
    [
        ("    Losses.Softmax.assumed", "<none>"),
        ("    Coq.Logic.Something.odd", "<none>"),
        ("", "\n    Losses.Sums.T"),
        ("    Losses.theorems.Cheat.ProofIrrelevance.cheat'", "<none>"),
        ("    Losses.Uint63.add_spec", "<none>"),
    ],
)
def test_the_audit_fails_at_any_other_axiom(more, loose):
    assert len(audit.faults(audit.summary(SAID.format(more=more, loose=loose)))) == 1


def test_the_audit_fails_if_it_is_told_nothing():
    assert audit.faults(audit.summary("")) != []


def test_every_file_of_coq_is_audited():
    own = {path.resolve() for path in (*audit.sources(PROOFS), *audit.coq.library(PROOFS))}
    assert own == {path.resolve() for path in Path(PROOFS).rglob("*.v")}
