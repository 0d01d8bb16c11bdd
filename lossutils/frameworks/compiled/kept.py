"""What was compiled is kept on disk, so that the next process loads it: in milliseconds, and the very same code.

The folder is ``LOSSUTILS_CACHE``, or `lossutils` where the user's caches are; ``LOSSUTILS_CACHE=never`` keeps nothing.
Below it there is one folder for each state of the sources, of numba and of Python, so that nothing out of date is
found. numba sees to the processor.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import llvmlite
import numba
from numba.core import caching, config

_PACKAGE = Path(__file__).parents[2]
_SOURCES = ("frameworks/*.py", "frameworks/compiled/*.py", "losses/*.py")


@cache
def folder() -> Path | None:
    """Where loops are kept now; None if nowhere."""
    chosen = os.environ.get("LOSSUTILS_CACHE")
    if chosen == "never" or getattr(config, "CACHE_LOCATOR_CLASSES", None):  # the latter are the user's own way
        return None
    base = Path(chosen) if chosen else Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache").expanduser() / "lossutils"
    state = sha256(f"{numba.__version__} {llvmlite.__version__} {sys.version}".encode())
    for pattern in _SOURCES:
        for path in sorted(_PACKAGE.glob(pattern)):
            state.update(path.read_bytes())
    found = base / state.hexdigest()[:16]
    try:
        found.mkdir(parents=True, exist_ok=True)
        return found if os.access(found, os.W_OK) else None
    except OSError:
        return None


class _Locator(caching._CacheLocator):  # type: ignore[misc]  # numba says nothing of its types
    """Tells numba the folder, whatever the function."""

    def get_cache_path(self) -> str:
        """The folder."""
        return str(folder())

    def get_source_stamp(self) -> str:
        """Nothing: the folder's name says it."""
        return ""

    def get_disambiguator(self) -> str:
        """Nothing: a loop has a name of its own."""
        return ""

    @classmethod
    def from_function(cls, py_func: object, py_file: str) -> _Locator:
        """One for any function."""
        return cls()


class _Results(caching.CompileResultCacheImpl):  # type: ignore[misc]
    _locator_classes = (_Locator,)


class _Cache(caching.FunctionCache):  # type: ignore[misc]
    _impl_class = _Results

    def load_overload(self, sig: object, target_context: object) -> object:
        """What was kept; None, whereupon it is compiled again, if the file cannot be read."""
        try:
            return super().load_overload(sig, target_context)
        except Exception:  # a file that was cut short raises whatever it comes to
            return None

    def save_overload(self, sig: object, data: object) -> None:
        """Keep it, if there is room."""
        with suppress(OSError):
            super().save_overload(sig, data)


def keep(loop: Any, name: str) -> None:
    """Have numba keep what it compiles of a loop under a name of its own, if it can."""
    if folder() is None:
        return
    loop.py_func.__qualname__ = "_" + sha256(name.encode()).hexdigest()[:16]
    loop._cache = _Cache(loop.py_func)
