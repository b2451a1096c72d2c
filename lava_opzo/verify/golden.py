"""Recording golden vectors in one engine and replaying them in others."""
from pathlib import Path

import numpy as np

from lava_opzo.engines.record import Record, shapes
from lava_opzo.engines.registry import recorder
from lava_opzo.errors import UserError
from lava_opzo.experiment.experiment import Experiment, dumps, loads
from lava_opzo.network.state import State
from lava_opzo.verify import golden_folder as folders
from lava_opzo.verify.lockstep import Report, verify

START, SAMPLES = "start", "samples"


def record(folder: Path, experiment: Experiment, state: State, frames: np.ndarray, labels: np.ndarray, engine: str,
           show=lambda done, total: None) -> None:
    """Learn the samples in `engine` and write every variable of every step; `state` stays as it is.

    frames uint8 (n, rows, n_in), labels (n,). Raises UserError when `folder` exists or cannot be written.
    """
    if Path(folder).exists():
        raise UserError(f"golden vectors {folder}: already exists; choose a new folder")
    files = {START: state.arrays(), SAMPLES: {"frames": frames, "labels": np.asarray(labels, np.int64)}}
    running = recorder(engine, experiment.network, state, frames.shape[1])
    try:
        for s, (frame, label) in enumerate(zip(frames, labels)):
            files[f"sample{s:04}"] = _flat(running.sample(frame, int(label)))
            show(s + 1, len(frames))
    finally:
        running.stop()
    about = {"engine": engine, "experiment": dumps(experiment), "seed": experiment.network.seed, "n_trained": state.n_trained}
    folders.write(folder, about, files)


class Vectors:
    """Golden vectors read from `folder`. Raises UserError with the reason when they are foreign, truncated or edited."""

    def __init__(self, folder: Path):
        manifest, self._files = folders.read(folder)
        self.engine, self.n_trained = manifest["engine"], manifest["n_trained"]
        self.config = loads(manifest["experiment"], f"golden vectors {folder}").network
        self.frames, self.labels = self._files[SAMPLES]["frames"], self._files[SAMPLES]["labels"]

    @property
    def state(self) -> State:
        """Where the recording started."""
        return State.from_arrays(self._files[START], self.n_trained).copy()

    def sample(self, number: int) -> Record:
        """The record of one sample."""
        file = self._files[f"sample{number:04}"]
        return {layer: {name: file[f"{layer}.{name}"].astype(np.int64) for name in variables}
                for layer, variables in shapes(self.config).items()}

    def replay(self, engines: tuple[str, ...], show=lambda done, total: None) -> Report:
        """Learn the samples in each engine and compare every value with the recorded one."""
        def make(name, config, state, rows):
            return _Player(self) if name == "golden" else recorder(name, config, state, rows)

        return verify(self.config, self.state, self.frames, self.labels, ("golden", *engines), show=show, make=make)


class _Player:
    """The recorded samples, one after the other, in an engine's place."""

    def __init__(self, vectors: Vectors):
        self._vectors, self._next = vectors, 0

    def sample(self, frames, label) -> Record:
        self._next += 1
        return self._vectors.sample(self._next - 1)

    def stop(self) -> None:
        """Nothing to end."""


def _flat(record: Record) -> dict[str, np.ndarray]:
    return {f"{layer}.{name}": values.astype(np.int32) for layer, variables in record.items()
            for name, values in variables.items()}
