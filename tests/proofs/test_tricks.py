"""Ways to have a false statement pass for a proved one: each is refused, most of them twice."""

import re
import shutil

import pytest

from lossutils.book.certificates import Link, certificates, certified
from lossutils.book.theorems import stated
from tools.proofs import __main__ as make
from tools.proofs import audit, axioms, book, coq, words
from tools.proofs.__main__ import CERTIFICATES, PROOFS
from tools.proofs.links import links

needs_coq = pytest.mark.skipif(not coq.installed(), reason="Coq is not installed")

RESET = "Reset eq_cheat.\nTheorem eq_cheat : True.\nProof.\nexact I."
SHADOW = "exact I.\nQed.\nDefinition Sum (n : nat) (f : nat -> R) : R := 0.\nGoal True.\nProof.\nexact I."


@pytest.mark.parametrize(
    "script",
    [
        RESET,
        SHADOW,
        "intro x. Restart. lra.",
        "intro x.\n- Undo. lra.",
        "split. { lra. } { lra. } Qed. Hypothesis h : False. Goal True.",
        "lra. all: Back 2.",
        "lra. 1-2: Check lra.",
        'lra... Notation "x = y" := True.',
        "lra. #[global] Opaque Sum.",
        "lra. (* Qed *) lra.",
        "lra. + * Ltac start := idtac.",
        "lra. Variable h : False.",
        "lra. Set Default Timeout 3.",
        "lra. Require Import Lra.",
        "lra. Module M.",
    ],
)
def test_a_command_in_a_proof_is_seen(script):
    assert words.command(script)


def test_the_proofs_of_the_book_hold_tactics_only():
    scripts = [*book.scripts(PROOFS).values(), *(c["proof"] for c in certificates(CERTIFICATES)["links"].values())]
    assert len(scripts) > 500 and not [script for script in scripts if words.command(script)]


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """A folder with the vocabulary and no lemmas, compiled."""
    proofs = tmp_path_factory.mktemp("proofs")
    shutil.copy(PROOFS / "Vocabulary.v", proofs)
    (proofs / "Library.v").write_text("From Losses Require Export Vocabulary.\n", encoding="utf-8")
    coq.build_library(proofs)
    return proofs


def link(label, statement):
    return Link("page", label, "x", 1, 1, statement, "identity")


@needs_coq
def test_a_true_statement_is_accepted_and_its_axioms_are_named(small):
    own = [(link("eq-fine", "forall x : R, x + 0 = x"), "intro x. ring.")]
    accepted, said = book.build(small, "fine", own)
    assert accepted == own and axioms.asked(said) and not axioms.strange(said)


TRICKS = {
    "reset": [(link("eq-cheat", "1 = 2"), RESET)],
    "shadow": [(link("eq-a", "True"), SHADOW), (link("eq-b", "Sum 1 (fun j => 1) = 0"), "reflexivity.")],
}


@needs_coq
@pytest.mark.parametrize("name", TRICKS)
def test_a_proof_with_commands_is_refused(small, name):
    with pytest.raises(RuntimeError, match=r"the command .* in a proof"):
        book.build(small, name, TRICKS[name])


@needs_coq
@pytest.mark.parametrize("name", TRICKS)
def test_a_theorem_that_does_not_say_its_statement_is_refused(small, name, monkeypatch):
    monkeypatch.setattr(words, "command", lambda script: "")
    with pytest.raises(RuntimeError, match="does not say its statement"):
        book.build(small, name, TRICKS[name])


@needs_coq
def test_a_library_that_changes_a_word_of_the_vocabulary_is_refused(small, tmp_path):
    proofs = tmp_path / "proofs"
    shutil.copytree(small, proofs)
    text = (proofs / "Library.v").read_text(encoding="utf-8")
    (proofs / "Library.v").write_text(f"{text}Definition Sum (n : nat) (f : nat -> R) : R := 0.\n", encoding="utf-8")
    (proofs / "Library.vo").unlink()
    coq.build_library(proofs)
    with pytest.raises(RuntimeError, match="does not say its statement"):
        book.build(proofs, "own", [(link("eq-own", "Sum 1 (fun j => 1) = 0"), "reflexivity.")])


ASSUMING = {
    "hypothesis": "Hypothesis cheat' : False.\nTheorem x : False. Proof. exact cheat'. Qed.",
    "conjectures": "Conjectures cheat' : False.\nTheorem x : False. Proof. exact cheat'. Qed.",
    "obligations": "From Coq Require Import Program.\nProgram Definition cheat' : False := _.\nAdmit Obligations.\n"
    "Theorem x : False. Proof. exact cheat'. Qed.",
    "machine": "Module Uint63. Variables cheat : False. End Uint63.\n"
    "Theorem x : False. Proof. exact Uint63.cheat. Qed.",
    "analysis": "Module ProofIrrelevance. Hypothesis cheat' : False. End ProofIrrelevance.\n"
    "Theorem x : False. Proof. exact ProofIrrelevance.cheat'. Qed.",
    "positivity": "Unset Positivity Checking.\nInductive Bad : Type := bad : (Bad -> False) -> Bad.\n"
    "Lemma no : Bad -> False. Proof. intro b. generalize b. destruct b as [f]. exact f. Qed.\n"
    "Theorem x : False. Proof. exact (no (bad no)). Qed.",
}


@needs_coq
@pytest.mark.parametrize("name", ASSUMING)
def test_whatever_is_assumed_is_seen_by_its_word_and_by_what_coq_names(name, tmp_path):
    path = tmp_path / f"{name}.v"
    path.write_text(f"{ASSUMING[name]}\nPrint Assumptions x.\n", encoding="utf-8")
    failed, said = coq.compiled(tmp_path, path)
    assert not failed and axioms.strange(said)
    with pytest.raises(RuntimeError, match="none of classical analysis"):
        make.audited(said)
    assert list(words.faults(path))


def test_what_a_tactic_printed_before_the_heading_is_no_axiom():
    known = "Classical_Prop.classic : forall P : Prop, P \\/ ~ P\n"
    assert axioms.strange(f"CsdpNotFoundAxioms:\n{known}") == set()
    assert axioms.strange(f"CsdpNotFoundAxioms:\n{known}cheat' : False\n") == {"cheat'"}


def test_an_axiom_that_is_called_like_one_of_coqs_is_seen_by_its_whole_name():
    assert axioms.kind("Coq.Logic.Classical_Prop.classic") == "analysis"
    for name in ("Losses.theorems.Cheat.Classical_Prop.classic", "Losses.Uint63.add_spec", "classic"):
        assert axioms.kind(name) == "other"
        said = f"* Axioms:\n    {name}\n"
        assert audit.faults(audit.summary(said)) == [f"an axiom: {name}"]
    assert axioms.strange("Axioms:\nclassic : forall P : Prop, P \\/ ~ P\n")


@pytest.mark.parametrize(
    "text",
    [
        "Section A. End A.\nHypothesis h : False.",
        "(* Section A. *)\nVariables h : False.",
        "Section A.\nEnd A.\nContext (h : False).",
        "#[local] Hypotheses h : False.",
    ],
)
def test_an_assumption_outside_of_sections_is_seen(text):
    assert list(words.assumptions(text)) == [text.count("\n") + 1]


def test_an_assumption_of_a_section_is_none():
    assert not list(words.assumptions("Section A.\n(* on x *) Variable x : R.\nHypothesis h : x = 1.\nEnd A.\n"))


@pytest.mark.parametrize("path", sorted((PROOFS / "theorems").glob("*.v")), ids=lambda p: p.stem)
def test_no_theorem_stands_in_a_section_whose_assumptions_are_not_shown(path):
    depth, text = 0, words.without_comments(path.read_text(encoding="utf-8"))
    for found in re.finditer(r"\b(Section|End|Theorem)\s+\w+", text):
        depth += {"Section": 1, "End": -1}.get(found[1], 0)
        assert found[1] != "Theorem" or depth == 0, found[0]


def test_a_certificate_holds_its_proof():
    kept = certificates(CERTIFICATES)
    own = next(k for k in links() if certified(k, kept))
    kept["links"][own.key]["proof"] = "nonsense."
    assert not certified(own, kept)


def test_a_theorem_is_shown_only_as_coq_accepted_its_file(tmp_path):
    proofs = tmp_path / "proofs"
    shutil.copytree(PROOFS, proofs, ignore=shutil.ignore_patterns("*.vo", "*.glob", "book", "statements"))
    path = proofs / "theorems" / "Scores.v"
    assert stated(proofs) == stated(PROOFS) and any(t.file == path.name for t in stated(proofs))
    path.write_text(path.read_text(encoding="utf-8").replace("0 <= curvature", "1 <= curvature"), encoding="utf-8")
    assert stated(proofs) == [t for t in stated(PROOFS) if t.file != path.name]


@pytest.mark.parametrize("name", ["Sums.v", "theorems/Scores.v"])
def test_nothing_is_certified_that_was_edited_while_it_was_compiled(name, tmp_path, monkeypatch):
    proofs = tmp_path / "proofs"
    shutil.copytree(PROOFS, proofs, ignore=shutil.ignore_patterns("*.vo", "*.glob", "book", "statements"))
    monkeypatch.setattr(make, "PROOFS", proofs)
    monkeypatch.setattr(make, "CERTIFICATES", proofs / "certificates.json")
    make.save(certificates(CERTIFICATES))
    (proofs / name).write_text("(* edited *)\n", encoding="utf-8")
    with pytest.raises(RuntimeError, match="edited while it was compiled"):
        make.save(certificates(CERTIFICATES))
