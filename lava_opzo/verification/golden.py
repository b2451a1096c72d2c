"""Recording golden vectors in one engine and replaying them in others."""
from pathlib import Path

import numpy as np

from lava_opzo.engines.engine import Recorder
from lava_opzo.engines.record import Record, shapes
from lava_opzo.engines.registry import recorder
from lava_opzo.errors import UserError
from lava_opzo.experiment.experiment import Experiment, dumps, loads
from lava_opzo.network.network import Network
from lava_opzo.network.old_names import LAYERS, new_arrays
from lava_opzo.network.state import State
from lava_opzo.verification import golden_folder as folders
from lava_opzo.verification.lockstep import Report, Show, silent, verify

START, SAMPLES, GOLDEN = "start", "samples", "golden"


def record(folder: Path, experiment: Experiment, state: State, frames: np.ndarray, labels: np.ndarray, engine: str,
           show: Show = silent) -> None:
    """Learn the samples in `engine` and write every variable of every step; `state` stays as it is.

    Raises UserError when `folder` exists or cannot be written.

    Shapes:
        frames: uint8 (n, rows, n_in). labels: (n,).
    """
    if Path(folder).exists():
        raise UserError(f"golden vectors {folder}: already exists; choose a new folder")
    files = {START: state.arrays, SAMPLES: {"frames": frames, "labels": np.asarray(labels, np.int64)}}
    running = recorder(engine, experiment.network, state, frames.shape[1])
    try:
        for s, (frame, label) in enumerate(zip(frames, labels, strict=True)):
            files[_file(s)] = _flat(running.sample(frame, int(label)))
            show(s + 1, len(frames))
    finally:
        running.stop()
    about = {"engine": engine, "experiment": dumps(experiment), "seed": experiment.network.seed, "n_trained": state.n_trained}
    folders.write(folder, about, files)


class Vectors:
    """Golden vectors read from `folder`. Raises UserError with the reason when they are foreign, truncated or edited."""

    def __init__(self, folder: Path) -> None:
        manifest, self._files = folders.read(folder)
        self._old = manifest["format"] != folders.FORMAT
        self.engine, self.n_trained = manifest["engine"], manifest["n_trained"]
        self.network = loads(manifest["experiment"], f"golden vectors {folder}").network
        self.frames, self.labels = self._files[SAMPLES]["frames"], self._files[SAMPLES]["labels"]

    @property
    def state(self) -> State:
        """Where the recording started."""
        arrays = self._files[START]
        return State(new_arrays(self.network, arrays) if self._old else arrays, self.n_trained).copy()

    def sample(self, number: int) -> Record:
        """The record of one sample."""
        file, old = self._files[_file(number)], {new: name for name, new in LAYERS.items()} if self._old else {}
        return {part: {name: file[f"{old.get(part, part)}.{name}"].astype(np.int64) for name in variables}
                for part, variables in shapes(self.network).items()}

    def replay(self, engines: tuple[str, ...], show: Show = silent) -> Report:
        """Learn the samples in each engine and compare every value with the recorded one."""
        def make(name: str, network: Network, state: State, rows: int) -> Recorder:
            return _Player(self) if name == GOLDEN else recorder(name, network, state, rows)

        return verify(self.network, self.state, self.frames, self.labels, (GOLDEN, *engines), show=show, make=make)


class _Player:
    """The recorded samples, one after the other, in an engine's place."""

    def __init__(self, vectors: Vectors) -> None:
        self._vectors, self._next = vectors, 0

    def sample(self, frames: np.ndarray, label: int) -> Record:
        """The next recorded sample."""
        self._next += 1
        return self._vectors.sample(self._next - 1)

    def stop(self) -> None:
        """Nothing to end."""


def _file(sample: int) -> str:
    return f"sample{sample:04}"


def _flat(record: Record) -> dict[str, np.ndarray]:
    return {f"{part}.{name}": values.astype(np.int32) for part, variables in record.items()
            for name, values in variables.items()}
