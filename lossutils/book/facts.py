"""What each loss says of itself, gathered for tables: its formulas, shape, constants, minimiser and source."""

from __future__ import annotations

import inspect
import re
from dataclasses import dataclass, fields

from ..losses.base import Loss
from ..losses.minimisers import none_known

_LETTERS = {
    "delta": (r"\delta",),
    "epsilon": (r"\epsilon",),
    "gamma": (r"\gamma",),
    "label_smoothing": ("a", r"\alpha"),
    "positive_weight": ("w",),
    "power": ("p", r"\rho"),
    "quantile": ("q", r"\tau"),
    "temperature": (r"\tau",),
}


@dataclass(frozen=True)
class Facts:
    """What a table says of one loss."""

    name: str
    summary: str  # the first line of its documentation
    formulas: tuple[str, ...]  # LaTeX, as its documentation has them: the loss, and what follows
    domain: str  # of the target
    convex: bool  # in the prediction
    lipschitz: float  # the least constant; inf where there is none
    minimiser: str  # in words
    source: str


def letters(loss: Loss | type[Loss]) -> dict[str, tuple[str, ...]]:
    """The letters, in LaTeX, that stand for each parameter: the first is printed, any of them may stand in a claim."""
    return {f.name: _LETTERS[f.name] for f in fields(loss) if f.name in _LETTERS}  # type: ignore[arg-type]


def facts(loss: Loss) -> Facts:
    """The facts of one loss, read from its class and its documentation."""
    documentation = inspect.getdoc(type(loss)) or ""
    minimiser = type(loss).minimiser
    words = "no closed form" if minimiser is none_known else (inspect.getdoc(minimiser) or "").splitlines()[0]
    return Facts(
        name=repr(loss),
        summary=documentation.splitlines()[0],
        formulas=formulas(documentation),
        domain=str(loss.domain),
        convex=loss.convex,
        lipschitz=float(loss.lipschitz),
        minimiser=words,
        source=_part(r"Source: (.*)", documentation).rstrip("."),
    )


def formulas(documentation: str) -> tuple[str, ...]:
    """The formulas of the first block of mathematics in a loss's documentation."""
    parts = re.split(r",\s*\\q?quad\s", _part(r"\.\. math:: (.*?)\n\n", documentation))
    return tuple(part.strip() for part in parts)


def _part(pattern: str, documentation: str) -> str:
    """What the pattern's group matches, on one line."""
    match = re.search(pattern, documentation, re.S)
    if match is None:
        raise ValueError(f"no {pattern!r} in the documentation {documentation[:60]!r}...")
    return " ".join(match.group(1).split())
