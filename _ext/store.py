"""The claims of the book while it is built: by page and label, as `cells` found them in the notebooks."""

from __future__ import annotations

from typing import NamedTuple, cast

from sphinx.environment import BuildEnvironment

from lossutils.book.page import ClaimData, DefinitionData


class Stored(NamedTuple):
    """A claim or a definition, the code of its cell, and the theorems of Coq that prove it, if there are any."""

    data: ClaimData | DefinitionData
    code: str
    theorems: str = ""


def stored(env: BuildEnvironment) -> dict[str, dict[str, Stored]]:
    """Page, then label. Sphinx keeps it with its own environment."""
    return cast(dict[str, dict[str, Stored]], env.__dict__.setdefault("lossutils_claims", {}))
