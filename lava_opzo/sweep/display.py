"""Signs of life of a sweep on standard error: how many members are done, and where each running one is."""
import sys
import time
from typing import TYPE_CHECKING, Any, TextIO

from lava_opzo.runs.progress import LINE_SECONDS
from lava_opzo.sweep.folder import SweepFolder
from lava_opzo.sweep.grid import Member

if TYPE_CHECKING:
    from rich.progress import TaskID

REDRAW_SECONDS = 1.0


class SweepDisplay:
    """Context manager: bars on a terminal, elsewhere a line a member that ends and a line every few seconds.

    left: members of the folder that are not done.
    """

    def __init__(self, folder: SweepFolder, left: list[Member], stream: TextIO | None = None):
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

        self._folder, self._done = folder, set(folder.sweep.members) - set(left)
        self._failed: set[Member] = set()
        self._console = Console(file=stream or sys.stderr, highlight=False, markup=False, soft_wrap=True)
        self._bars = Progress(TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(),
                              TextColumn("{task.fields[status]}"), console=self._console, disable=not self._console.is_terminal)
        self._all = self._bars.add_task("sweep", total=len(folder.sweep.members), completed=len(self._done), status="")
        self._tasks: dict[Member, TaskID] = {}
        self._last_draw, self._last_line = 0.0, time.monotonic()

    def __enter__(self) -> "SweepDisplay":
        self._bars.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._bars.stop()

    def ended(self, member: Member) -> None:
        """Count a member that ended, and say how."""
        if member in self._tasks:
            self._bars.remove_task(self._tasks.pop(member))
        failure = self._folder.failure(member)
        (self._failed if failure else self._done).add(member)
        self._console.print(f"{member.name}: failed: {failure['reason']}" if failure else f"{member.name}: {self._place(member)}")

    def show(self, running: list[Member]) -> None:
        """Draw where the running members are; call it as often as you like."""
        now = time.monotonic()
        if now - self._last_draw < REDRAW_SECONDS:
            return
        self._last_draw = now
        self._bars.update(self._all, completed=len(self._done | self._failed), status=f"{len(self._failed)} failed")
        if self._console.is_terminal:
            for member in running:
                self._draw(member)
        elif now - self._last_line > LINE_SECONDS:
            self._last_line = now
            places = "; ".join(f"{member.name} {self._place(member)}" for member in running)
            self._console.print(f"{len(self._done)} of {len(self._folder.sweep.members)} done, {len(self._failed)} failed, "
                                f"{len(running)} running: {places}")

    def _draw(self, member: Member) -> None:
        epochs = member.experiment.training.epochs
        if member not in self._tasks:
            self._tasks[member] = self._bars.add_task(f"  {member.name}", total=epochs, status="")
        record = self._last(member)
        completed = record["epoch"] - (record["kind"] != "epoch") if record else 0
        self._bars.update(self._tasks[member], completed=completed, status=self._place(member))

    def _place(self, member: Member) -> str:
        record = self._last(member)
        if record is None:
            return "has not begun"
        accuracy = record["train_accuracy"] if record["kind"] == "epoch" else record["accuracy"]
        tested = record.get("test_accuracy")
        test = "" if tested is None else f", {member.experiment.data.measured_on} {100 * tested:.2f} %"
        return f"epoch {record['epoch']}/{member.experiment.training.epochs}, {100 * accuracy:.1f} % right while learning{test}"

    def _last(self, member: Member) -> dict[str, Any] | None:
        return self._folder.run(member).last_metrics(("progress", "epoch"))
