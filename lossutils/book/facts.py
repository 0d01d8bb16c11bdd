"""What each loss says of itself, gathered for tables: its formulas, shape, constants, minimiser and source."""

from __future__ import annotations

import inspect
from dataclasses import dataclass, fields

from ..losses.base import Loss
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


def letters(loss: Loss | type[Loss]) -> dict[str, tuple[str, ...]]:
    """The letters, in LaTeX, that stand for each parameter: the first is printed, any of them may stand in a claim."""
    marked = {f.name: f.metadata for f in fields(loss) if "letter" in f.metadata}  # type: ignore[arg-type]
    return {name: (said["letter"], *said["also"]) for name, said in marked.items()}


def facts(loss: Loss) -> Facts:
    """The facts of one loss, read from its class and its documentation."""
    minimiser = type(loss).minimiser
    return Facts(
        name=repr(loss),
        summary=_first_line(type(loss)),
        formulas=loss.description.formulas,
        domain=str(loss.domain),
        convex=loss.convex,
        lipschitz=float(loss.lipschitz),
        minimiser="no closed form" if minimiser is none_known else _first_line(minimiser),
        source=loss.description.source,
    )


def _first_line(documented: object) -> str:
    return (inspect.getdoc(documented) or "").splitlines()[0]
