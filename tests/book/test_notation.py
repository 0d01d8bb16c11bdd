"""Letters mean one thing: those of every claim, against the page on notation, letter by letter and kind by kind."""

import re
from collections import Counter
from pathlib import Path

import pytest

from lossutils.book.page import latex_letter, stand_ins
from lossutils.verify.ledger import carried

ROOT = Path(__file__).parents[2]
CHAPTERS = sorted(path.stem for path in (ROOT / "chapters").glob("*.ipynb"))
ROW = re.compile(r"\| (\$.+?\$) \| (\w+) \| (.+?) \| (.*?) ?\|")
KINDS = {  # by what an assumption says of a letter
    "index": r"in (1\.\.|\w+$)",
    "set": r".*subset",
    "matrix": r".*matrix",
    "vector": r".*(vector|each)",
    "whole": r"any size|.*integer",
    "number": r"(positive |nonnegative |nonzero )?real$|in [\[({]",
}
ASSUMPTION = re.compile(r"(\w+(?:, \w+)*) (.*)")


def listed():
    """The page's rows: letter as typeset, kind, chapters."""
    text = (ROOT / "appendix" / "notation.md").read_text()
    for letters, kind, _, where in ROW.findall(text.split("## Letters, one by one")[1]):
        for letter in re.findall(r"\$(.+?)\$", letters):
            yield letter, kind, re.findall(r"`(\w+)`", where) or CHAPTERS


def used(entry):
    """The letters of a claim, each with its kind."""
    for said in entry["assumptions"]:
        if found := ASSUMPTION.fullmatch(said):
            kind = next((k for k, form in KINDS.items() if re.match(form, found[2])), None)
            yield from ((name, kind) for name in found[1].split(", ") if kind)  # no kind: a relation of two letters
    defined = [name for name, said in entry["given"].items() if said.startswith("eq-")]
    yield from ((name, "name") for name in defined + [name for name, _ in stand_ins(entry)])


LISTED = list(listed())


def test_the_page_lists_letters():
    assert len(LISTED) > 50


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_every_letter_of_a_claim_is_on_the_page(chapter):
    meanings = {(letter, kind) for letter, kind, chapters in LISTED if chapter in chapters}
    unlisted = {
        (latex_letter(name), kind): entry["label"]
        for entry in carried(ROOT / "chapters" / f"{chapter}.ipynb")
        for name, kind in used(entry)
        if (latex_letter(name), kind) not in meanings
    }
    assert not unlisted


def test_a_letter_has_one_meaning_of_a_kind_in_a_chapter():
    """A row for some chapters stands before the row for all."""
    local = Counter(
        (letter, kind, chapter)
        for letter, kind, chapters in LISTED
        if len(chapters) < len(CHAPTERS)
        for chapter in chapters
    )
    everywhere = Counter((letter, kind) for letter, kind, chapters in LISTED if len(chapters) == len(CHAPTERS))
    assert [row for row, times in (local | everywhere).items() if times > 1] == []


def test_no_meaning_is_listed_that_no_claim_has():
    found = {
        (latex_letter(name), kind, chapter)
        for chapter in CHAPTERS
        for entry in carried(ROOT / "chapters" / f"{chapter}.ipynb")
        for name, kind in used(entry)
    }
    idle = [(letter, kind) for letter, kind, at in LISTED if not any((letter, kind, c) in found for c in at)]
    assert idle == []


def test_an_index_is_told_from_a_number():
    entry = {
        "assumptions": ["i, t in 1..K", "x in [0, 1]", "a < b", "s real vector of length K"],
        "given": {"p": "eq-p"},
    }
    assert list(used(entry)) == [("i", "index"), ("t", "index"), ("x", "number"), ("s", "vector"), ("p", "name")]
