"""Claims and definitions in notebooks: an equation typed once, typeset, checked, and carried with its verdict.

The cell's output holds the verdict as data of its own media type, from which the site draws the equation and the
ledger is made; JupyterLab shows the same as Markdown.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import cast

from ..verify.ledger import Session, fault, listed
from .agreement import Implementation, agreement
from .page import CLAIM, ClaimData, DefinitionData

_LABEL = re.compile(r"eq-[a-z0-9]+(-[a-z0-9]+)*")

SESSION = Session()  # of this notebook


def define(label: str, latex: str, *, where: str | Iterable[str] = (), **given: object) -> None:
    r"""Introduce a symbol, to be used by name in later claims.

    Parameters
    ----------
    label : str
        ``eq-...``: to refer to the equation by, and for later claims to name it.
    latex : str
        ``p_j = ...``, ``H_\delta(e) = ...``, ``L = ...``.
    where : str or iterable of str
        Relations that hold of its letters.
    **given
        What is said of each letter, as in `lossutils.verify.check`; the label of an earlier definition for a letter
        that it defined.
    """
    definition = SESSION.define(_checked(label), latex, given, listed(where))
    data: DefinitionData = {
        "label": label,
        "kind": "definition",
        "latex": latex,
        "given": _texts(given),
        "where": listed(where),
        "status": "definition",
        "line": "definition",
        "assumptions": definition.describe(),
    }
    _show(data)


def claim(
    label: str,
    latex: str,
    *,
    where: str | Iterable[str] = (),
    conventions: Iterable[str] = (),
    refuted: bool = False,
    open_because: str = "",
    implements: Implementation | None = None,
    **given: object,
) -> None:
    r"""State an equation or an inequality, check it, and show it with its verdict.

    Parameters
    ----------
    label : str
        ``eq-...``: to refer to the equation by.
    latex : str
        The formula: what is typeset is what is checked.
    where, conventions
        As in `lossutils.verify.check`.
    refuted : bool
        Whether the text says that the formula is false.
    open_because : str
        Why a formula may stand although it is not decided.
    implements : tuple, optional
        A loss, or its class, and ``"value"`` or ``"gradient"``: how far the three frameworks' results are from the
        formula's last side. A class takes its parameters from the formula's letters.
    **given
        What is said of each letter; the label of an earlier definition for a letter that it defined.
    """
    verdict = SESSION.check(latex, given, listed(where), conventions)
    about: dict[str, object] = {
        "label": _checked(label),
        "kind": "claim",
        "given": _texts(given),
        "where": listed(where),
    }
    about |= {"conventions": list(conventions), "asserted": not refuted, "open": open_because, "line": verdict.line()}
    data = cast(ClaimData, verdict.as_dict() | about)
    if implements is not None:
        data["accuracy"] = agreement(latex, implements, *SESSION.resolved(given), where)
        data["line"] += f"; {data['accuracy']}"
    _show(data, "**This does not stand as the text has it.** " if fault(dict(data), dict(data)) else "")


def _checked(label: str) -> str:
    if not _LABEL.fullmatch(label):
        raise ValueError(f"label: expected eq-words-with-hyphens, got {label!r}")
    return label


def _texts(given: Mapping[str, object]) -> dict[str, str]:
    """Assumptions as text, from which they can be read again."""
    texts = {}
    for name, said in given.items():
        if isinstance(said, set | frozenset | list | tuple):
            items = sorted(said) if isinstance(said, set | frozenset) else said
            said = "{" + ", ".join(map(str, items)) + "}"
        texts[name] = str(said)
    return texts


def _show(data: ClaimData | DefinitionData, warning: str = "") -> None:
    """Display an equation, numbered by its label, with its line; `warning` stands before the line."""
    from IPython.display import display

    tag, formula, line = data["label"].removeprefix("eq-"), data["latex"].strip(), data["line"]
    equation = rf"\begin{{equation}}{formula}\tag{{{tag}}}\end{{equation}}"
    escaped = re.sub(r"([*_$\\])", r"\\\1", line)
    display(
        {
            CLAIM: data,
            "text/markdown": f"{equation}\n\n{warning}*{escaped}*",
            "text/plain": f"{formula}\n    {line}",
        },
        raw=True,
    )
