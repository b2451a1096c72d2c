"""Signs of life of a long job on standard error: a bar on a terminal, a line every few seconds elsewhere."""
import sys
import time
from typing import TYPE_CHECKING, TextIO

from lava_opzo.runs.loop import Progress
from lava_opzo.runs.scores import words

if TYPE_CHECKING:
    from rich.progress import TaskID

LINE_SECONDS = 10.0


class Display:
    """Context manager whose `show(progress, text)` draws a progress bar, or lines where there is no terminal."""

    def __init__(self, stream: TextIO | None = None):
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress as Bar, TextColumn

        self._console = Console(file=stream or sys.stderr, highlight=False)
        self._bar = Bar(TextColumn("learning"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[status]}"),
                        console=self._console, disable=not self._console.is_terminal)
        self._task: TaskID | None = None
        self._last_line = time.monotonic()

    def __enter__(self) -> "Display":
        self._bar.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._bar.stop()

    def show(self, progress: Progress, text: str | None) -> None:
        """Update the bar; `text` is printed as a line that stays."""
        if text:
            self._console.print(text)
            return
        left = f"{progress.seconds_left:.0f} s left"
        told = words(progress.scores) if progress.scores else f"{100 * (progress.accuracy or 0):.1f} % right"
        status = f"{told}, {progress.samples_per_s:.1f} samples/s, {left}"
        if self._task is None:
            self._task = self._bar.add_task("learning", total=progress.total, status=status)
        self._bar.update(self._task, completed=progress.done, total=progress.total, status=status)
        if not self._console.is_terminal and time.monotonic() - self._last_line > LINE_SECONDS:
            self._last_line = time.monotonic()
            self._console.print(f"epoch {progress.epoch}: {progress.done}/{progress.total} samples, {status}")
