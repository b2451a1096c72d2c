"""Signs of life in a notebook: one output under the cell, replaced again and again, so that a long run stays one line."""
import html
import sys
import time
from collections.abc import Callable
from typing import Any

REDRAW_SECONDS = 0.25


def running_in_one() -> bool:
    """Whether this is the kernel of a notebook, in any of its threads."""
    ipython = sys.modules.get("IPython")
    return ipython is not None and getattr(ipython.get_ipython(), "kernel", None) is not None


class CellOutput:
    """A bar, where the run is, and below it the last line that it told. clock: seconds, for a test to give."""

    def __init__(self, clock: Callable[[], float] = time.monotonic):
        self._clock, self._last_draw = clock, float("-inf")
        self._handle: Any = None
        self._done, self._total, self._status, self._note = 0, 0, "", ""

    def show(self, done: int, total: int, status: str) -> None:
        """Replace the bar; call it as often as you like."""
        self._done, self._total, self._status = done, total, status
        if done == total or self._clock() - self._last_draw >= REDRAW_SECONDS:
            self.draw()

    def note(self, text: str) -> None:
        """Replace the line below the bar."""
        self._note = text
        self.draw()

    def draw(self) -> None:
        """Show what is known now; nothing before something is."""
        if not (self._total or self._note):
            return
        self._last_draw = self._clock()
        content = {"text/plain": self._text(), "text/html": self._html()}
        if self._handle is None:
            from IPython.display import display

            self._handle = display(content, raw=True, display_id=True)
        else:
            self._handle.update(content, raw=True)

    def _text(self) -> str:
        bar = f"learning {self._done}/{self._total}, {self._status}" if self._total else ""
        return "\n".join(line for line in (bar, self._note) if line)

    def _html(self) -> str:
        bar = (f"learning <progress value='{self._done}' max='{self._total}'></progress> {self._done}/{self._total}, "
               f"{html.escape(self._status)}<br>") if self._total else ""
        return f"<div style='font-family: monospace'>{bar}{html.escape(self._note)}</div>"
