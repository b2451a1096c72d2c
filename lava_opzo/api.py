"""What the package offers from Python: train, evaluate, load a run, and compare engines, each in one call."""
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np

from lava_opzo.data import Dataset
from lava_opzo.data.dataset import held_back
from lava_opzo.engines import registry
from lava_opzo.engines.engine import Seen
from lava_opzo.engines.samples import check_frames, check_labels
from lava_opzo.experiment.experiment import Data, Experiment, Training
from lava_opzo.files.whole import write_whole
from lava_opzo.network.initial import initial_state
from lava_opzo.network.network import Network
from lava_opzo.network.state import State
from lava_opzo.runs import checkpoint, loop, start
from lava_opzo.runs.answers import predictions
from lava_opzo.runs.doubts import Said, chance_of, doubts
from lava_opzo.runs.folder import RunFolder
from lava_opzo.runs.loop import Progress
from lava_opzo.verification import lockstep
from lava_opzo.verification.lockstep import Report


@dataclass(frozen=True)
class Result:
    """What training came to.

    state: the learned arrays. accuracy: share of right predictions in the last epoch, each made before its sample was learned.
    seen: spike rates, rail touches and largest sizes.
    """

    state: State
    accuracy: float
    seen: Seen


@dataclass(frozen=True)
class Run:
    """A run from its folder. metrics: the lines of metrics.jsonl."""

    experiment: Experiment
    state: State
    metrics: list[dict[str, Any]]

    @property
    def network(self) -> Network:
        """The network that was trained."""
        return self.experiment.network


def train(network: Network, frames: np.ndarray, labels: np.ndarray, *, engine: str = "twin", number: str = "fixed",
          epochs: int = 1, order_seed: int = 0, out: str | Path | None = None) -> Result:
    """Learn samples on line, one after the other, from the initial state of the network.

    engine: twin, fast, stock or in-the-loop. number: `fixed` or `real`. order_seed: of the order of samples in each epoch. out: a
    new run folder that `lava-opzo resume`, `evaluate` and `plot` take, with the samples in it; the learned bits are the same.
    A LearningWarning says where it is doubtful that the network learned.

    Shapes:
        frames: uint8 (n, 1 or K, n_in) payloads 0..15, the bias line included. labels: (n,) classes from 0.
    """
    dataset, training = _dataset(network, frames, labels), Training(epochs, order_seed)
    if out is not None:
        return _kept(network, dataset, frames, labels, engine, number, training, Path(out))
    with registry.make(engine, network, initial_state(network), number, dataset.train_frames.shape[1]) as running:
        *_, last = loop.train(running, dataset, training)
        Said().say(doubts(network, running.seen().spike_rates, last.done, last.accuracy, last.seen_in_epoch, chance_of(labels)))
        return Result(running.state(), last.accuracy, running.seen())


def evaluate(network: Network, state: State, frames: np.ndarray, *, engine: str = "twin", number: str = "fixed") -> np.ndarray:
    """The predictions of a network, without noise and without learning, int32 (n,).

    Shapes:
        frames: uint8 (n, 1 or K, n_in).
    """
    return predictions(network, state, check_frames(network, frames), engine, number)


def load_run(path: str | Path) -> Run:
    """The experiment, the state and the metrics of a run folder. Raises UserError for a folder that holds none."""
    folder = RunFolder(path)
    experiment, state, _ = checkpoint.load(folder.checkpoint)
    return Run(experiment, state, folder.read_metrics())


def verify(network: Network, state: State, frames: np.ndarray, labels: np.ndarray,
           engines: Sequence[str] = ("twin", "oracle")) -> Report:
    """Learn the samples in several engines and compare every variable at every step; `report.differing` is 0 where all agree.

    engines: at least two that record, the first is the reference.

    Shapes:
        frames: uint8 (n, 1 or K, n_in). labels: (n,).
    """
    return lockstep.verify(network, state, frames, labels, registry.parse(",".join(engines)))


def _dataset(network: Network, frames: np.ndarray, labels: np.ndarray) -> Dataset:
    """The samples as data set `npz` gives them from a file, all of them to train on."""
    frames = check_frames(network, frames)
    labels = check_labels(network, labels, len(frames))
    order, none = held_back("samples", len(frames), 0, 0)
    return Dataset("npz", network.readout.n, frames[order], labels[order], frames[none], labels[none], "samples of the caller")


def _kept(network: Network, dataset: Dataset, frames: np.ndarray, labels: np.ndarray, engine: str, number: str,
          training: Training, out: Path) -> Result:
    """Train in a run folder that holds the samples, too."""
    file = out.resolve() / "samples.npz"
    data = Data("npz", str(file), options={"bias": 0, "n_test": 0, "n_classes": network.readout.n})
    run, samples = RunFolder.create(out, experiment := Experiment(data, network, training, number)), BytesIO()
    np.savez(samples, frames=frames, labels=labels)
    with run.held():
        write_whole(file, samples.getvalue())
        result = start.start(experiment, dataset, run, _silent, engine)
    _, state, counted = checkpoint.load(run.checkpoint)
    return Result(state, result["train_accuracy"], Seen(result["spike_rates"], counted.touches, counted.largest))


def _silent(progress: Progress, text: str | None) -> None:
    """What happens is written into the run folder."""
