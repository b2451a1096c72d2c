"""What stands around a running command, so that signals, warnings and stray exceptions become lines."""
import contextlib
import os
import resource
import signal
import sys
import threading
import warnings
from collections.abc import Iterator
from types import FrameType

from lava_opzo.errors import INTERRUPTED, TERMINATED, FileWarning, LearningWarning, RangeWarning, SystemRefusedError

LEAST_ADDRESS_SPACE = 1 << 30


class Ended(BaseException):
    """Ctrl-C or SIGTERM came where nothing was to be saved."""


ENDINGS = {signal.SIGINT: (INTERRUPTED, "interrupted"), signal.SIGTERM: (TERMINATED, "ended by SIGTERM")}
"""Signal -> exit code and line."""


def check_address_space() -> None:
    """Raise SystemRefusedError where `ulimit -v` leaves so little that numpy's libraries would ask for memory for ever."""
    limit = resource.getrlimit(resource.RLIMIT_AS)[0]
    if limit != resource.RLIM_INFINITY and limit < LEAST_ADDRESS_SPACE:
        raise SystemRefusedError(f"the address space is limited to {limit} bytes, {LEAST_ADDRESS_SPACE} are needed; "
                                 "raise the limit with ulimit -v")


@contextlib.contextmanager
def warnings_as_lines() -> Iterator[None]:
    """Inside, a warning of ours is a line that begins with `warning:`."""
    ordinary = warnings.formatwarning

    def line(message: Warning | str, category: type[Warning], filename: str, lineno: int, text: str | None = None) -> str:
        if issubclass(category, (RangeWarning, FileWarning, LearningWarning)):
            return f"warning: {message}\n"
        return ordinary(message, category, filename, lineno, text)

    warnings.formatwarning = line
    try:
        yield
    finally:
        warnings.formatwarning = ordinary


@contextlib.contextmanager
def no_traceback_beside() -> Iterator[None]:
    """Inside, what Python prints of exceptions that it cannot raise, in threads and in clean-up, is one line.

    A signal that came just then still ends the command.
    """
    def in_thread(hook: threading.ExceptHookArgs) -> None:
        name = hook.thread.name if hook.thread else "a thread"
        print(f"warning: {name} ended with {hook.exc_type.__name__}: {hook.exc_value}", file=sys.stderr)

    def in_clean_up(hook: "sys.UnraisableHookArgs") -> None:
        if isinstance(hook.exc_value, Ended):
            code, line = ENDINGS[hook.exc_value.args[0]]
            print(f"error: {line}", file=sys.stderr, flush=True)
            os._exit(code)
        print(f"warning: {hook.exc_type.__name__} in clean-up: {hook.exc_value}", file=sys.stderr)

    before = threading.excepthook, sys.unraisablehook
    threading.excepthook, sys.unraisablehook = in_thread, in_clean_up
    try:
        yield
    finally:
        threading.excepthook, sys.unraisablehook = before


@contextlib.contextmanager
def ended_by_signals() -> Iterator[None]:
    """Inside, Ctrl-C and SIGTERM unwind the command, so that what it started ends with it; then nothing interrupts any more."""
    def end(number: int, frame: FrameType | None) -> None:
        raise Ended(number)

    for number in ENDINGS:
        signal.signal(number, end)
    try:
        yield
    finally:
        for number in ENDINGS:
            signal.signal(number, signal.SIG_IGN)
