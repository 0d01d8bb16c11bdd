"""A limit to the processor time of one check, where the operating system offers such a timer."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from .proof import solver


class TimeUp(BaseException):
    """A claim took too long."""


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Stop what takes too much of the processor's time; nothing is done outside of the main thread of a Unix."""
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(*_: Any) -> None:
        if solver.BUSY:  # an exception must not cross Z3's constructors: a moment later, then
            signal.setitimer(signal.ITIMER_PROF, 0.02)
            return
        raise TimeUp

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
