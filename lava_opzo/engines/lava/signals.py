"""Ctrl-C and SIGTERM around Lava: they wait while processes start or end, and reach the host alone."""
import contextlib
import ctypes
import os
import signal
import threading
from collections.abc import Iterator
from types import FrameType
from typing import Any

NUMBERS = (signal.SIGINT, signal.SIGTERM)

_PR_SET_PDEATHSIG = 1
_host: int | None = None


@contextlib.contextmanager
def deferred() -> Iterator[None]:
    """Inside, the first Ctrl-C and the first SIGTERM wait for the end of the block; the next one of the same acts at once."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    waiting: list[int] = []
    previous: dict[int, Any] = {number: signal.getsignal(number) for number in NUMBERS}

    def note(number: int, frame: FrameType | None) -> None:
        if number not in waiting:
            waiting.append(number)
            return
        waiting.remove(number)
        signal.signal(number, previous[number])
        signal.raise_signal(number)

    for number in NUMBERS:
        signal.signal(number, note)
    try:
        yield
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)
        for number in waiting:
            signal.raise_signal(number)


@contextlib.contextmanager
def children_are_lavas() -> Iterator[None]:
    """Processes forked inside leave both signals to the host, and end with it, whatever ends it."""
    global _host
    _host = os.getpid()
    try:
        yield
    finally:
        _host = None


def ignore() -> None:
    """From now on neither signal does anything: this process is ending."""
    if threading.current_thread() is threading.main_thread():
        for number in NUMBERS:
            signal.signal(number, signal.SIG_IGN)


def _in_child() -> None:
    if _host is None:
        return
    for number in NUMBERS:
        signal.signal(number, signal.SIG_IGN)
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != _host:  # it died before the line above
        os.kill(os.getpid(), signal.SIGKILL)


os.register_at_fork(after_in_child=_in_child)
