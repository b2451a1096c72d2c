"""The first interrupt asks a run to stop at the next chunk; the second one is for whoever heard signals before."""
import contextlib
import signal
import threading
from collections.abc import Callable, Iterator
from types import FrameType


@contextlib.contextmanager
def stop_at_first_interrupt() -> Iterator[Callable[[], bool]]:
    """Inside, the first Ctrl-C, SIGTERM or SIGHUP only makes the yielded function return True; the next one does at once what it
    did outside, and interrupts where that would end the process without a clean-up.

    A hangup that is ignored from outside (`nohup`) stays so. In another thread than the main one, which hears no signals, the
    function returns False.
    """
    asked = threading.Event()
    previous = {}

    def ask(number: int, frame: FrameType | None) -> None:
        if not asked.is_set():
            asked.set()
            return
        before = previous[number]
        if not callable(before):
            raise KeyboardInterrupt
        before(number, frame)

    if threading.current_thread() is threading.main_thread():
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:
                previous[number] = signal.signal(number, ask)
    try:
        yield asked.is_set
    finally:
        for number, handler in previous.items():
            signal.signal(number, signal.SIG_DFL if handler is None else handler)
