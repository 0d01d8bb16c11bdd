"""What each loss says of itself, gathered for tables: its formulas, shape, constants, minimiser and source."""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from typing import Any

from ..losses.minimisers import none_known


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


def facts(loss: Any) -> Facts:
    """The facts of one loss, read from its class and its documentation."""
    documentation = inspect.getdoc(type(loss)) or ""
    minimiser = type(loss).minimiser
    words = "no closed form" if minimiser is none_known else inspect.getdoc(minimiser).splitlines()[0]
    return Facts(
        name=repr(loss),
        summary=documentation.splitlines()[0],
        formulas=loss.description.formulas,
        domain=str(loss.domain),
        convex=loss.convex,
        lipschitz=float(loss.lipschitz),
        minimiser=words,
        source=loss.description.source,
    )
