"""The folder that a run leaves: config.toml, two checkpoints, metrics.jsonl, result.json, a picture; one process writes."""
import contextlib
import html
import json
import os
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lava_opzo.errors import FileWarning, UserError
from lava_opzo.experiment.experiment import Experiment, dumps, load
from lava_opzo.files import lock
from lava_opzo.files.system import told
from lava_opzo.files.whole import make_folder, write_aside, write_flushed, write_whole
from lava_opzo.network.memory import check_memory
from lava_opzo.network.state import State
from lava_opzo.runs import card, checkpoint, frame, metrics_file, tensorboard
from lava_opzo.runs.counted import Counted

if TYPE_CHECKING:
    from pandas import DataFrame


class RunFolder:
    """Paths, readers and writers. `create` refuses a folder that holds another run, so nothing learned is ever overwritten.

    Whoever writes holds the folder; `held` does it for several writes at once, so that nobody else comes between them.
    """

    def __init__(self, path: str | Path):
        self.path = Path(path)
        self._held = False

    @classmethod
    def create(cls, path: str | Path, experiment: Experiment, state: State | None = None) -> "RunFolder":
        """A new folder with its config.toml, and a checkpoint where `state` is not the initial one of the experiment.

        Raises UserError where a run is in it, and for a network that this machine cannot hold.
        """
        run = cls(path)
        run.refuse_used()
        check_memory(experiment.network)
        make_folder(run.owner, run.path)
        with run.held():
            run.refuse_used()
            if state is not None:
                run.save(experiment, state)
            run.write_config(experiment)
        return run

    def refuse_used(self) -> None:
        """Raise UserError if a run, or a file of one, is in the folder."""
        files = (self.checkpoint, self.previous, self.config, self.metrics, self.result, self.picture)
        found = next((path.name for path in files if os.path.lexists(path)), None)
        if found is not None:
            raise UserError(f"{self.owner}: holds a run already ({found}); choose another --out, or resume it")

    @classmethod
    def next_free(cls, parent: str | Path, stem: str) -> Path:
        """parent/stem-1, or the next number that is free."""
        number = 1
        while os.path.lexists(Path(parent) / f"{stem}-{number}"):
            number += 1
        return Path(parent) / f"{stem}-{number}"

    @property
    def owner(self) -> str:
        """How messages call it."""
        return f"run folder {self.path}"

    @property
    def config(self) -> Path:
        """The experiment."""
        return self.path / "config.toml"

    @property
    def checkpoint(self) -> Path:
        """State and counts."""
        return self.path / checkpoint.NAME

    @property
    def previous(self) -> Path:
        """The checkpoint before."""
        return self.path / checkpoint.PREVIOUS

    @property
    def metrics(self) -> Path:
        """Lines of the kinds in `lava_opzo.runs.metrics_file`."""
        return self.path / "metrics.jsonl"

    @property
    def result(self) -> Path:
        """What the last part of the run came to."""
        return self.path / "result.json"

    @property
    def picture(self) -> Path:
        """Curves, one sample's spikes, weights."""
        return self.path / "run.png"

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """Hold the folder, also where this object holds it already. Raises UserError that names the process that does."""
        if self._held:
            yield
            return
        with told(self.owner):
            os.stat(self.path)
        with lock.held(self.owner, self.path):
            self._held = True
            try:
                yield
            finally:
                self._held = False

    def save(self, experiment: Experiment, state: State, counted: Counted | None = None) -> None:
        """Replace the checkpoint by a new, whole one, and keep the one before.

        At every moment the folder has a whole one. Raises UserError where it has one of more samples, which stays.
        """
        content = checkpoint.content(experiment, state, counted)

        def write(aside: Path) -> None:
            write_flushed(aside, content)
            if kept is not None and kept < state.n_trained:
                self._keep_previous()

        with self.held():
            kept = self._learned()
            if kept is not None and kept > state.n_trained:
                raise UserError(f"{self.owner}: its checkpoint has learned {kept} samples, more than the {state.n_trained} of "
                                "this run; it stays as it is: choose another --out")
            write_aside(self.checkpoint, write)

    def write_config(self, experiment: Experiment) -> None:
        """Leave the experiment as config.toml."""
        with self.held():
            write_whole(self.config, dumps(experiment).encode())

    def add_metrics(self, record: dict[str, Any]) -> None:
        """Append one line to metrics.jsonl."""
        with self.held():
            metrics_file.append(self.metrics, record)

    def read_metrics(self, depth: int | None = None) -> list[dict[str, Any]]:
        """The lines of metrics.jsonl that count (`lava_opzo.runs.metrics_file.read`)."""
        return metrics_file.read(self.metrics, depth)

    def frame(self) -> "DataFrame":
        """The lines of `read_metrics` as a DataFrame of pandas (`lava_opzo.runs.frame`): one row a line, of all kinds.

        What was measured on validation samples is called `validation_accuracy`. Raises UserError where pandas is not installed,
        and without a config.toml.
        """
        return frame.data_frame(self.read_metrics(), load(self.config).data.measured_on)

    def _repr_html_(self) -> str:
        """What a notebook shows of it."""
        try:
            return card.card(self.owner, self.read_metrics(), load(self.config).data.measured_on, self.picture)
        except UserError as error:
            return html.escape(str(error))

    def to_tensorboard(self, folder: str | Path) -> None:
        """Write the measurements of `read_metrics` as an event file of TensorBoard into a folder (`lava_opzo.runs.tensorboard`).

        Raises UserError where tensorboardX is not installed, and for a folder that holds an event file.
        """
        tensorboard.write(self.read_metrics(), load(self.config).data.measured_on, Path(folder))

    def last_metrics(self, kinds: tuple[str, ...]) -> dict[str, Any] | None:
        """The last whole line of metrics.jsonl of one of these kinds, from its end alone; None where there is none yet."""
        return metrics_file.last(self.metrics, kinds)

    def write_result(self, result: dict[str, Any]) -> None:
        """Leave what the run came to as result.json."""
        with self.held():
            write_whole(self.result, (json.dumps(result, indent=2) + "\n").encode())

    def _learned(self) -> int | None:
        """The samples that the checkpoint has learned; None where there is none, or none that can be gone on from."""
        try:
            return checkpoint.n_trained(self.checkpoint)
        except UserError:
            return None

    def _keep_previous(self) -> None:
        """Give the checkpoint, which is about to be replaced, the name of the one before; it keeps its own meanwhile."""
        try:
            write_aside(self.previous, lambda aside: os.link(self.checkpoint, aside))
        except UserError as error:
            try:
                os.replace(self.checkpoint, self.previous)  # a disk without hard links
            except OSError:  # the newest one is worth more
                warnings.warn(f"{error}; the checkpoint before is not kept", FileWarning, stacklevel=2)
