"""What is called proved is proved: certificates fit the claims as they stand, and Coq accepts the generated files."""

import re
import subprocess
from functools import cache

import pytest

from lossutils.book.certificates import certificates, certified, library_digest, theorems_digest
from lossutils.verify.ledger import carried
from tools.proofs import axioms, book, coq, words
from tools.proofs.__main__ import CERTIFICATES, PROOFS, part_of
from tools.proofs.links import links, pages

needs_coq = pytest.mark.skipif(
    not coq.installed(), reason="Coq is not installed: the certificates' hashes were checked"
)
SAMPLE = 2  # generated files that are compiled here; `make proofs` compiles all that changed, `--all` every one


@cache
def found():
    return links()


@cache
def kept():
    return certificates(CERTIFICATES)


@cache
def by_part():
    """The certified links with their proofs, by generated file."""
    parts, files = part_of(found()), {}
    for link in found():
        files.setdefault(parts[link.key], [])
        if link.key in kept()["links"]:
            files[parts[link.key]].append((link, kept()["links"][link.key]["proof"]))
    return files


def test_the_library_is_the_one_that_the_certificates_were_made_with():
    assert kept()["library"] == library_digest(PROOFS)
    assert kept()["theorems"] == theorems_digest(PROOFS)


def test_every_certificate_fits_a_link_that_stands_in_the_book():
    current = {link.key: link for link in found()}
    strange = [key for key in kept()["links"] if key not in current or not certified(current[key], kept())]
    assert kept()["links"] and not strange, f"run `make proofs`: {strange}"


def test_no_claim_that_is_refuted_has_a_certificate():
    refuted = {e["label"] for path in pages() for e in carried(path) if e["status"] == "refuted"}
    assert refuted and not refuted & {key.split()[0] for key in kept()["links"]}


def test_the_generated_files_say_what_was_certified():
    for part, proofs in ((part, proofs) for part, proofs in by_part().items() if proofs):
        for path, text in book.files(PROOFS, part, proofs).items():
            assert path.read_text(encoding="utf-8") == text, f"run `make proofs`: {path.name}"
    for folder in ("book", "statements"):
        found_ = {path.stem for path in (PROOFS / folder).glob("*.v")}
        assert found_ and found_ <= set(by_part()), "run `make proofs`: a file of no link"


def test_the_statements_are_asked_for_where_only_the_vocabulary_was_read():
    for path in (PROOFS / "statements").glob("*.v"):
        said = words.without_comments(path.read_text(encoding="utf-8"))
        before, _, after = said.partition("\nRequire ")
        assert re.findall(r"^.*\b(?:Require|Import)\b.*$", before, re.M) == ["From Losses Require Import Vocabulary."]
        asked = re.findall(r"^Definition said_(\w+) : Prop :=$", before, re.M)
        proofs = re.findall(
            r"^Theorem (\w+) : said_(\w+)\. Proof\. exact Losses\.book\.(\w+)\.(\w+)\. Qed\.$", after, re.M
        )
        assert asked and proofs == [(name, name, path.stem, name) for name in asked]


def test_no_file_leaves_a_proof_out():
    assert book.forbidden(PROOFS) == []


@pytest.mark.parametrize(
    "word",
    [
        "Admitted.",
        "admit.",
        "Admit Obligations.",
        "Axiom a : False.",
        "Parameter p : R.",
        "Conjecture c : False.",
        "Conjectures c : False.",
        "Unset Guard Checking.",
        "Unset Positivity Checking.",
        "Unset Universe Checking.",
        "Module Uint63.",
        "Reset x.",
        "#[bypass_check(positivity)] Inductive Bad := .",
    ],
)
def test_a_proof_left_out_is_seen(word):
    assert words.FORBIDDEN.search(word)


@needs_coq
def test_coq_accepts_the_library_and_some_of_the_generated_files(tmp_path):
    proofs = tmp_path / "proofs"
    (proofs / "book").mkdir(parents=True)
    for path in coq.library(PROOFS):
        (proofs / path.name).write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    coq.build_library(proofs)
    (proofs / "theorems").mkdir()
    (proofs / "theorems" / "Theorems.v").write_text((PROOFS / "theorems" / "Theorems.v").read_text(encoding="utf-8"))
    assert "Axioms:" in coq.build_theorems(proofs)
    filled = sorted((part for part, own in by_part().items() if own), key=lambda part: len(by_part()[part]))
    for part in filled[:SAMPLE]:
        accepted, said = book.build(proofs, part, by_part()[part])
        assert accepted == by_part()[part]
        assert axioms.asked(said) and axioms.strange(said) == set()


FALSE = [  # refuted claims of the book: the negation is proved at the counterexample
    (
        "forall u : R, (if Rle_dec u 0 then 1 else 0) <= Rmax (- u) 0",
        "intro H. specialize (H 0). revert H. pieces.",
    ),
    (
        "forall f : R, 1 - sigmoid f = sigmoid (1 - f)",
        "intro H. specialize (H 0). unfold sigmoid in H. revert H. apply Rlt_not_eq. interval.",
    ),
    (
        "forall (p y : R), 0 < p -> p < 1 -> (y = 0 \\/ y = 1) -> y * ln p + (1 - y) * ln (1 - p) >= 0",
        "intro H. specialize (H (1 / 2) 1 ltac:(lra) ltac:(lra) ltac:(lra)). apply Rge_le in H. revert H. "
        "apply Rlt_not_le. interval.",
    ),
]


@needs_coq
@pytest.mark.parametrize(("statement", "script"), FALSE, ids=["perceptron", "mirror", "sign"])
def test_a_refuted_statement_is_refuted_by_coq(statement, script, tmp_path):
    said = "From Coq Require Import Reals Lra.\nFrom Interval Require Import Tactic.\nOpen Scope R_scope.\n"
    words = (PROOFS / "Vocabulary.v").read_text(encoding="utf-8")
    pieces = "Ltac pieces := unfold Rmax; repeat destruct Rle_dec; lra.\n"
    path = tmp_path / "false.v"
    path.write_text(f"{words}\n{said}{pieces}Goal ~ ({statement}).\nProof. {script} Qed.\n", encoding="utf-8")
    done = subprocess.run(["coqc", *coq.QUIET, str(path)], capture_output=True, text=True, cwd=tmp_path)
    assert done.returncode == 0, re.sub(r"\s+", " ", done.stderr)
