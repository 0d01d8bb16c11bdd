"""Claims and definitions in notebooks: an equation typed once, typeset, checked, and carried with its verdict.

The cell's output holds the verdict as data of its own media type, from which the site draws the equation and the
ledger is made; JupyterLab shows the same as Markdown.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from ..verify import Verdict
from ..verify.ledger import MEDIA_TYPE, Session, fault, listed

_LABEL = re.compile(r"eq-[a-z0-9]+(-[a-z0-9]+)*")

SESSION = Session()  # of this notebook


def _label(label: str) -> str:
    if not _LABEL.fullmatch(label):
        raise ValueError(f"label: expected eq-words-with-hyphens, got {label!r}")
    return label


def _plain(given: dict[str, Any]) -> dict[str, str]:
    """Assumptions as text, from which they can be read again."""
    texts = {}
    for letter, said in given.items():
        if isinstance(said, set | frozenset | list | tuple):
            items = sorted(said) if isinstance(said, set | frozenset) else said
            said = "{" + ", ".join(map(str, items)) + "}"
        texts[letter] = str(said)
    return texts


def define(label: str, latex: str, *, where: str | Iterable[str] = (), **given: Any) -> None:
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
    definition = SESSION.define(_label(label), latex, given, listed(where))
    data = {"label": label, "kind": "definition", "latex": latex, "given": _plain(given), "where": listed(where)}
    data |= {"status": "definition", "line": "definition", "assumptions": definition.describe()}
    _show(latex, label, data)


def claim(
    label: str,
    latex: str,
    *,
    where: str | Iterable[str] = (),
    conventions: Iterable[str] = (),
    refuted: bool = False,
    open_because: str = "",
    implements: Callable | None = None,
    **given: Any,
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
    implements : callable, optional
        A loss's ``__call__`` or ``gradient``: how far the three frameworks' results are from the formula's last side.
    **given
        What is said of each letter; the label of an earlier definition for a letter that it defined.
    """
    verdict = SESSION.check(latex, given, listed(where), conventions)
    data = verdict.as_dict() | {"label": _label(label), "kind": "claim", "given": _plain(given)}
    data |= {"where": listed(where), "conventions": list(conventions), "asserted": not refuted}
    data |= {"open": open_because, "line": verdict.line()}
    if implements is not None:
        from .agreement import agreement

        data["accuracy"] = agreement(latex, implements, *SESSION.resolved(given), where)
        data["line"] += f"; {data['accuracy']}"
    _show(latex, label, data, verdict)


def _show(latex: str, label: str, data: dict[str, Any], verdict: Verdict | None = None) -> None:
    from IPython.display import display

    tag = label.removeprefix("eq-")
    body = latex.strip()
    tagged = rf"\begin{{equation}}{body}\tag{{{tag}}}\end{{equation}}"
    line = data["line"]
    failed = verdict is not None and fault(data, data)
    mark = "**This does not stand as the text has it.** " if failed else ""
    display(
        {
            MEDIA_TYPE: data,
            "text/markdown": f"{tagged}\n\n{mark}*{_escaped(line)}*",
            "text/plain": f"{body}\n    {line}",
        },
        raw=True,
    )


def _escaped(line: str) -> str:
    return re.sub(r"([*_$\\])", r"\\\1", line)
