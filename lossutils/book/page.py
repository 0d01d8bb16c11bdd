"""What the page's data look like: media types, the data of claims and figures, inks, and the wording of verdicts.

Said once, for the notebooks that carry the data and for `_ext`, which draws the page from them.
"""

import re
from fractions import Fraction
from typing import Literal, NotRequired, TypedDict

from ..verify.ledger import MEDIA_TYPE
from ..verify.meaning.assumptions import letter

CLAIM, FIGURE = MEDIA_TYPE, "application/vnd.lossutils.figure+json"

INK, PAPER, FAINT = "#222222", "#ffffff", "#d0d0d0"
THEMES = {  # what the site makes of them
    "light": {PAPER: "none"},
    "dark": {INK: "#ced6dd", PAPER: "none", FAINT: "#48566b"},
}

VERDICTS = {  # in the order of the ledger's totals
    "proved": "the statement in Coq, made from this formula, was accepted by Coq's kernel",
    "derived": "shown symbolically, for all values that the assumptions allow",
    "enclosed": "shown by interval arithmetic over the whole domain",
    "computed": "a statement about constants, decided by interval arithmetic",
    "consistent": "true at every exact point tried, which could have refuted it; not proved",
    "refuted": "false, at the point shown",
    "unknown": "not decided",
}
EXPLAINED = VERDICTS | {"definition": "introduces a symbol"}


class FigureData(TypedDict):
    """What a figure's output carries beside its SVG."""

    label: str  # to refer to it by
    caption: str
    alt: str
    narrow: NotRequired[str]  # its SVG for phones


class ControlsData(TypedDict):
    """The wrong variants of a claim, and what became of them: numbers, and names where one may want to know which."""

    made: int
    possible: int  # of each kind only some are made
    refuted: int  # by value, at a point
    undefined: int  # without a value at some point
    true: list[str]  # shown to hold as well
    undecided: list[str]  # of an inequality, that may be true as well
    survivors: list[str]  # of an equation, that ought to have been refuted


class CounterexampleData(TypedDict):
    """A point at which a claim fails, and its two sides there."""

    link: int
    values: dict[str, str]
    left: str
    relation: str
    right: str


class LinkData(TypedDict):
    """One relation of a chain."""

    status: str
    means: list[str]
    lemmas: list[str]  # the inequalities that its proof rests on
    reason: str


class DefinitionData(TypedDict):
    """What the output of a definition carries."""

    kind: Literal["definition"]
    label: str
    latex: str
    given: dict[str, str]  # what is said of each letter
    where: list[str]  # relations that hold besides
    assumptions: list[str]
    status: str
    line: str  # the verdict as the notebook shows it


class ClaimData(TypedDict):
    """What the output of a claim carries."""

    kind: Literal["claim"]
    label: str
    latex: str
    given: dict[str, str]
    where: list[str]
    assumptions: list[str]
    status: str
    line: str
    conventions: list[str]
    asserted: bool  # whether the text says that it holds
    open: str  # why it may stand undecided
    accuracy: NotRequired[str]  # how far the frameworks' results are from it
    held: bool
    means: list[str]
    lemmas: list[str]
    links: list[LinkData]
    points: int  # at which it held, ...
    looked: int  # ... of so many
    controls: ControlsData
    counterexample: CounterexampleData | None
    reason: str


def verdict_parts(claim: ClaimData | DefinitionData, *, in_ledger: bool = False) -> list[str]:
    """What follows the word of the verdict: by what means, on which lemmas, how many points and wrong variants.

    The ledger gives the points of every claim that stands. The page gives them where they are all there is, and how
    near the frameworks come.
    """
    if claim["kind"] == "definition":
        return []
    if claim["status"] == "refuted":
        return [counterexample(claim)]
    if claim["status"] == "unknown":
        return [claim["open"] or claim["reason"]]
    proved = claim["status"] == "proved"
    parts = ["Coq" if proved else ", ".join(claim["means"])]
    if claim["lemmas"] and not proved:
        parts.append("from " + "; ".join(map(_typeset, claim["lemmas"])))
    if in_ledger or claim["status"] == "consistent":
        parts.append(f"{claim['points']} of {claim['looked']} points")
    parts.append(f"controls {said_of_controls(claim['controls'])}")
    if not in_ledger and claim.get("accuracy"):
        parts.append(claim["accuracy"])
    return parts


def said_of_controls(controls: ControlsData) -> str:
    """How many wrong variants were refuted, and what became of the others."""
    others = [
        (controls["undefined"], "without a value"),
        (len(controls["true"]), "true as well"),
        (len(controls["undecided"]), "undecided"),
        (len(controls["survivors"]), "not told apart"),
    ]
    rest = "".join(f", {n} {what}" for n, what in others if n)
    return f"{controls['refuted']} of {controls['made']} refuted{rest}"


def _typeset(lemma: str) -> str:
    """A lemma with the signs of print for those of the keyboard."""
    return lemma.replace(">=", "≥").replace("<=", "≤").replace(" - ", " − ")


def counterexample(claim: ClaimData) -> str:
    """The point at which a claim fails, and both sides there."""
    found = claim["counterexample"]
    assert found is not None
    at = ", ".join(f"{name} = {_number(value)}" for name, value in found["values"].items())
    said = (f"at {at}: " if at else "") + f"left {_ball(found['left'])}, right {_ball(found['right'])}"
    return said.replace("-", "−")


def _number(exact: str) -> str:
    """An exact number, rounded where it is very long; ledger.json has it whole."""
    return re.sub(r"-?\d{18,}(?:/\d+)?|-?\d+/\d{18,}", lambda m: f"{float(Fraction(m.group())):.6g}…", exact)


def _ball(text: str) -> str:
    """A ball as a number with a few digits; ledger.json has it whole."""
    match = re.fullmatch(r"\[(\S+) \+/- \S+\]", text)
    return f"{float(match.group(1)):.5g}" if match else text


def latex_letter(name: str) -> str:
    """A letter as it is typeset: ``hat_y`` with its accent, ``s_1`` with its index, ``delta`` as the Greek letter."""
    base, _, accent = letter(name).partition("_")
    latex = rf"\{base}" if len(base) > 1 else base
    if accent in ("hat", "bar", "tilde"):
        return rf"\{accent} {latex}"
    return f"{latex}_{{{accent}}}" if accent else latex


def stand_ins(claim: ClaimData | DefinitionData) -> list[tuple[str, str]]:
    """The letters that stand for an expression, each with it: neither a domain nor an earlier definition."""
    stated = {word for said in claim["assumptions"] for word in re.findall(r"\w+", said.split(" in ")[0])}
    given = claim["given"].items()
    return [(name, said) for name, said in given if not said.startswith("eq-") and letter(name) not in stated]
