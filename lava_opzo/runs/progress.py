"""Signs of life of a long job: a bar on a terminal, one output of a notebook's cell, elsewhere lines on standard error."""
import sys
import time
from typing import TYPE_CHECKING, TextIO

from lava_opzo.runs import notebook
from lava_opzo.runs.loop import Progress
from lava_opzo.runs.scores import words

if TYPE_CHECKING:
    from rich.progress import TaskID

LINE_SECONDS = 10.0


class Display:
    """Context manager whose `show(progress, text)` draws a progress bar, or lines where there is no terminal and no notebook.

    stream: a file to write lines or a bar to, None for standard error or the notebook's cell.
    """

    def __init__(self, stream: TextIO | None = None):
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress as Bar, TextColumn

        self._cell = notebook.CellOutput() if stream is None and notebook.running_in_one() else None
        self._console = Console(file=stream or sys.stderr, highlight=False, force_jupyter=False)
        self._bar = Bar(TextColumn("learning"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[status]}"),
                        console=self._console, disable=bool(self._cell) or not self._console.is_terminal)
        self._task: TaskID | None = None
        self._last_line = time.monotonic()

    def __enter__(self) -> "Display":
        self._bar.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._bar.stop()
        if self._cell:
            self._cell.draw()

    def show(self, progress: Progress, text: str | None) -> None:
        """Update the bar; `text` is printed as a line that stays, in a notebook until the next one."""
        if text:
            self._cell.note(text) if self._cell else self._console.print(text)
            return
        left = f"{progress.seconds_left:.0f} s left"
        told = words(progress.scores) if progress.scores else f"{100 * (progress.accuracy or 0):.1f} % right"
        status = f"{told}, {progress.samples_per_s:.1f} samples/s, {left}"
        if self._cell:
            self._cell.show(progress.done, progress.total, status)
            return
        if self._task is None:
            self._task = self._bar.add_task("learning", total=progress.total, status=status)
        self._bar.update(self._task, completed=progress.done, total=progress.total, status=status)
        if not self._console.is_terminal and time.monotonic() - self._last_line > LINE_SECONDS:
            self._last_line = time.monotonic()
            self._console.print(f"epoch {progress.epoch}: {progress.done}/{progress.total} samples, {status}")
