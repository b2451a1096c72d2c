"""Signs of life of a long job on standard error: a bar on a terminal, a line every few seconds elsewhere."""
import sys
import time

from lava_opzo.runs.loop import Progress

LINE_SECONDS = 10.0


class Display:
    """Context manager whose `show(progress, text)` draws a progress bar, or lines where there is no terminal."""

    def __init__(self, stream=None):
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
        from rich.progress import Progress as Bar

        self._console = Console(file=stream or sys.stderr, highlight=False)
        self._bar = Bar(TextColumn("learning"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[status]}"),
                        console=self._console, disable=not self._console.is_terminal)
        self._task, self._last_line = None, time.monotonic()

    def __enter__(self):
        self._bar.start()
        return self

    def __exit__(self, *exception):
        self._bar.stop()

    def show(self, progress: Progress, text: str | None) -> None:
        """Update the bar; `text` is printed as a line that stays."""
        if text:
            self._console.print(text)
            return
        left = f"{progress.seconds_left:.0f} s left"
        status = f"{100 * progress.accuracy:.1f} % right, {progress.samples_per_s:.1f} samples/s, {left}"
        if self._task is None:
            self._task = self._bar.add_task("learning", total=progress.total, status=status)
        self._bar.update(self._task, completed=progress.done, total=progress.total, status=status)
        if not self._console.is_terminal and time.monotonic() - self._last_line > LINE_SECONDS:
            self._last_line = time.monotonic()
            self._console.print(f"epoch {progress.epoch}: {progress.done}/{progress.total} samples, {status}")
