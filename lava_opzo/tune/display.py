"""Signs of life of a tuning on standard error: a bar on a terminal, elsewhere a line for every new best and every few seconds."""
import sys
import time
from collections.abc import Sequence
from typing import TextIO

from lava_opzo.runs.progress import LINE_SECONDS
from lava_opzo.tune.trials import DONE, PRUNED, Trial


class TuneDisplay:
    """Context manager whose `show(trials, share of the time that is over)` is called often."""

    def __init__(self, stream: TextIO | None = None) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn

        self._console = Console(file=stream or sys.stderr, highlight=False, markup=False, soft_wrap=True)
        self._bar = Progress(TextColumn("tuning"), BarColumn(), TextColumn("{task.fields[status]}"), console=self._console,
                             disable=not self._console.is_terminal)
        self._task = self._bar.add_task("tuning", total=1.0, status="")
        self._best, self._last_line = -1.0, time.monotonic()

    def __enter__(self) -> "TuneDisplay":
        self._bar.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._bar.stop()

    def show(self, trials: Sequence[Trial], share: float) -> None:
        """Draw how far it is."""
        status = words(trials)
        self._bar.update(self._task, completed=share, status=status)
        best = max((trial.accuracy for trial in trials if trial.accuracy is not None), default=-1.0)
        quiet = self._console.is_terminal or time.monotonic() - self._last_line < LINE_SECONDS
        if best > self._best or not quiet:
            self._best, self._last_line = best, time.monotonic()
            if not self._console.is_terminal:
                self._console.print(f"{100 * share:.0f} % of the time: {status}")


def words(trials: Sequence[Trial]) -> str:
    """How many trials there are, how they ended, and the best accuracy."""
    done = [trial.accuracy for trial in trials if trial.accuracy is not None]
    best = f", best validation {100 * max(done):.2f} %" if done else ""
    others = len(trials) - len(done) - sum(trial.state == PRUNED for trial in trials)
    left_out = f", {others} left out" if others else ""
    return f"{len(trials)} trials, {len(done)} {DONE}, {sum(trial.state == PRUNED for trial in trials)} {PRUNED}{left_out}{best}"
