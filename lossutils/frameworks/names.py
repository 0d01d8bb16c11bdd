"""Losses as text and back: what a graph, a saved model or another process keeps of one is its name and parameters."""

from __future__ import annotations

import ast
import re
from functools import cache

from .protocol import Formulas

KINDS: dict[str, type] = {}  # the classes of losses by name
_NAMES: dict[type, str] = {}
_HOME = __name__.partition(".")[0]  # the package, whose own losses need no module's name


def register(kind: type) -> None:
    """Make a class of losses known by its name; one that is defined again takes the place of the former."""
    module = kind.__module__
    name = kind.__qualname__ if module.partition(".")[0] == _HOME else f"{module}.{kind.__qualname__}"
    KINDS[name], _NAMES[kind] = kind, name
    named.cache_clear()


def spelled(loss: Formulas) -> str:
    """A loss as text, such as "Huber(delta=1.0)"; its class is one of the package's, or has its module's name."""
    fields = vars(loss)
    return _NAMES[type(loss)] + "(" + ", ".join([f"{name}={_plain(fields[name])!r}" for name in fields]) + ")"


def _plain(value: object) -> object:
    """A parameter as Python's own, numbers as float: a graph of any shapes would take a whole one for a variable."""
    return value if isinstance(value, bool | str) else float(value)  # type: ignore[arg-type]  # nothing else has come


@cache
def named(text: str) -> Formulas:
    """The loss that `spelled` gives this text for.

    Raises
    ------
    ValueError
        If no class of that name has been defined, the text is none of a loss, or a parameter is not right.
    """
    name, bracket, arguments = text.partition("(")
    if name not in KINDS:
        raise ValueError(f"loss: expected the name of one that is known, got {name!r}; import what defines it first")
    try:
        finite = re.sub(r"(?<==)(-?)inf\b", r"\g<1>1e999", arguments)  # a literal that is too large for a float
        call = ast.parse("_" + bracket + finite, mode="eval").body
        assert isinstance(call, ast.Call) and not call.args
        fields = {str(k.arg): ast.literal_eval(k.value) for k in call.keywords}
    except (SyntaxError, AssertionError, ValueError) as error:
        raise ValueError(f"loss: expected a name and parameters, got {text!r}") from error
    loss: Formulas = KINDS[name](**fields)
    return loss
