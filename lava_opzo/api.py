"""What the package offers from Python: train, evaluate, load a run, and compare engines, each in one call."""
import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from lava_opzo.data import Dataset
from lava_opzo.data.dataset import held_back
from lava_opzo.engines import registry
from lava_opzo.engines.engine import Seen
from lava_opzo.engines.samples import check_frames, check_labels
from lava_opzo.errors import UserError
from lava_opzo.experiment.experiment import Data, Experiment, Training
from lava_opzo.experiment.samples import MEMORY, fingerprint
from lava_opzo.files.whole import write_whole
from lava_opzo.network.initial import initial_state
from lava_opzo.network.network import Network
from lava_opzo.network.state import State
from lava_opzo.runs import checkpoint, loop, notebook, resuming, start
from lava_opzo.runs.answers import predictions
from lava_opzo.runs.doubts import Said, chance_of, doubts, right_of
from lava_opzo.runs.folder import RunFolder
from lava_opzo.runs.learned import learned_data
from lava_opzo.runs.loop import Progress
from lava_opzo.runs.progress import Display
from lava_opzo.runs.run import Show
from lava_opzo.runs.scores import Scores
from lava_opzo.silicon.readouts import NO_LABEL, VALUES
from lava_opzo.verification import lockstep
from lava_opzo.verification.lockstep import Report

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from pandas import DataFrame


@dataclass(frozen=True)
class Result:
    """What training came to.

    state: the learned arrays. accuracy: share of right predictions in the last epoch, each made before its sample was learned; of
    labels the share of right ones, of values None. seen: spike rates, rail touches and largest sizes. scores: of the same
    predictions, where they are no classes (`lava_opzo.runs.scores`).
    """

    state: State
    accuracy: float | None
    seen: Seen
    scores: Scores | None = None


@dataclass(frozen=True)
class Run:
    """A run from its folder, as it was when it was loaded. metrics: the lines of metrics.jsonl."""

    experiment: Experiment
    state: State
    metrics: list[dict[str, Any]]
    folder: RunFolder

    @property
    def network(self) -> Network:
        """The network that was trained."""
        return self.experiment.network

    def _repr_html_(self) -> str:
        """What a notebook shows of it."""
        return self.folder._repr_html_()

    def frame(self) -> "DataFrame":
        """metrics.jsonl as a DataFrame of pandas. Raises UserError where pandas is not installed."""
        return self.folder.frame()

    def figure(self) -> "Figure":
        """The picture of the run, which a notebook shows; it loads the data set and runs one sample in Lava, in seconds."""
        from lava_opzo.report import run as reports

        _, _, counted = checkpoint.load(self.folder.checkpoint)
        return reports.figure(self.folder, learned_data(self.folder.owner, self.experiment, counted))


def train(network: Network, frames: np.ndarray, labels: np.ndarray, *, engine: str = "twin", number: str = "fixed",
          epochs: int = 1, order_seed: int = 0, out: str | Path | None = None, keep_samples: bool = True,
          progress: bool | None = None) -> Result:
    """Learn samples on line, one after the other, from the initial state of the network.

    engine: twin, fast, stock or in-the-loop. number: `fixed` or `real`. order_seed: of the order of samples in each epoch; where
    neurons carry what they hold from sample to sample, these keep theirs. out: a new run folder that `lava-opzo resume`,
    `evaluate` and `plot` take, with the samples in it; the learned bits are the same.
    A LearningWarning says where it is doubtful that the network learned.
    keep_samples: False leaves the samples out of the folder; `resume` goes on with it when it is handed them again.
    progress: whether to tell how far it is: one bar below the cell of a notebook, elsewhere on standard error. None: in a
    notebook alone.

    It can be called from any thread. In the main one the first Ctrl-C (in a notebook: interrupt) saves and ends a training with
    a run folder after the samples that are being learned.

    Shapes:
        frames: uint8 (n, 1 or K, n_in) payloads 0..15, the bias line included. labels: (n,) classes from 0;
        of a readout of labels (n, n_out) of 0 and 1, of values (n, n_out) whole numbers -127..127.
    """
    dataset, training = _dataset(network, frames, labels), Training(epochs, order_seed, in_order=network.learning.carry)
    if out is not None:
        return _kept(network, dataset, frames, labels, engine, number, training, Path(out), keep_samples, progress)
    if not keep_samples:
        raise UserError("train: keep_samples says what a run folder holds; give out, or leave keep_samples out")
    with registry.make(engine, network, initial_state(network), number, dataset.train_frames.shape[1]) as running, \
            _shown(progress) as show:
        *_, last = _told(loop.train(running, dataset, training), show)
        Said().say(doubts(network, running.seen().spike_rates, last.done, right_of(last.accuracy, last.scores),
                          last.seen_in_epoch, chance_of(dataset.train_labels, dataset.kind)))
        return Result(running.state(), last.accuracy, running.seen(), last.scores)


def resume(path: str | Path, frames: np.ndarray | None = None, labels: np.ndarray | None = None, *, engine: str = "twin",
           epochs: int | None = None, progress: bool | None = None) -> Result:
    """Go on with a run folder that was interrupted, or for more epochs; the bits are those of an unbroken run.

    frames, labels: the same samples again, where `train` did not keep them (`keep_samples`); left out for every other run.
    epochs: how many in all, None for those of the run. engine and progress as for `train`.

    Raises UserError for other samples than those of the run, and where nothing is left to learn.

    Shapes:
        frames: uint8 (n, 1 or K, n_in). labels: (n,).
    """
    run = RunFolder(path)
    experiment, dataset = resuming.kept(run).experiment, None
    if experiment.data.name == MEMORY:
        if frames is None or labels is None:
            raise UserError(f"{run.owner}: does not hold its samples; hand over their frames and labels")
        dataset = _dataset(experiment.network, frames, labels)
        if _fingerprint(experiment.network, frames, labels) != experiment.data.path:
            raise UserError(f"{run.owner}: these are not the {len(frames)} samples that it has begun to learn (their sha256 is "
                            "another); hand over the same frames and labels in the same order")
    elif frames is not None or labels is not None:
        raise UserError(f"{run.owner}: its config.toml says where its samples are; leave frames and labels out")
    with _shown(progress) as show:
        return _result(run, start.resume(run, show, engine, epochs, dataset=dataset))


def evaluate(network: Network, state: State, frames: np.ndarray, *, engine: str = "twin", number: str = "fixed",
             every_step: bool = False) -> np.ndarray:
    """The predictions of a network, without noise and without learning, int32 (n,), or (n, n_out).

    every_step: where weights learn in every step, one class after each, (n, K). Where neurons carry what they hold from sample to
    sample, the first one begins at rest.

    Shapes:
        frames: uint8 (n, 1 or K, n_in).
    """
    return predictions(network, state, check_frames(network, frames), engine, number, every_step)


def load_run(path: str | Path) -> Run:
    """The experiment, the state and the metrics of a run folder. Raises UserError for a folder that holds none."""
    folder = RunFolder(path)
    experiment, state, _ = checkpoint.load(folder.checkpoint)
    return Run(experiment, state, folder.read_metrics(), folder)


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
    if network.learning.by_step and (labels.ndim == 2 or (labels == NO_LABEL).any()):
        raise UserError("train: a sample has one label here, and these have one a step or none; hand such samples over with "
                        "Learner")
    order, none = held_back("samples", len(frames), 0, None if network.learning.carry else 0)
    return Dataset("npz", network.readout.n, frames[order], labels[order], frames[none], labels[none], "samples of the caller",
                   kind=network.readout.kind)


def _fingerprint(network: Network, frames: np.ndarray, labels: np.ndarray) -> str:
    checked = check_frames(network, frames)
    return fingerprint(checked, check_labels(network, labels, len(checked)))


def _kept(network: Network, dataset: Dataset, frames: np.ndarray, labels: np.ndarray, engine: str, number: str,
          training: Training, out: Path, keep_samples: bool, progress: bool | None) -> Result:
    """Train in a run folder; keep_samples: whether it holds the samples, too."""
    file = out.resolve() / "samples.npz"
    if keep_samples:
        options = {"bias": 0, "n_test": 0, "n_classes": network.readout.n}
        data = Data("npz", str(file), options=options | ({"in_order": 1} if network.learning.carry else {}))
    else:
        data = Data(MEMORY, _fingerprint(network, frames, labels), options={"bias": 0})
    run, samples = RunFolder.create(out, experiment := Experiment(data, network, training, number)), BytesIO()
    with run.held(), _shown(progress) as show:
        if keep_samples:
            key = "targets" if network.readout.kind == VALUES else "labels"
            np.savez(samples, **{"frames": frames, key: labels})
            write_whole(file, samples.getvalue())
        return _result(run, start.start(experiment, dataset, run, show, engine))


def _result(run: RunFolder, result: dict[str, Any]) -> Result:
    _, state, counted = checkpoint.load(run.checkpoint)
    return Result(state, result["train_accuracy"], Seen(result["spike_rates"], counted.touches, counted.largest),
                  result.get("train_scores"))


def _told(steps: Iterator[Progress], show: Show) -> Iterator[Progress]:
    """The same, each shown when it comes."""
    for reached in steps:
        show(reached, None)
        yield reached


@contextlib.contextmanager
def _shown(progress: bool | None) -> Iterator[Show]:
    """What is called after every chunk: it draws the progress, or leaves it to the run folder."""
    if not (notebook.running_in_one() if progress is None else progress):
        yield lambda progress, text: None
        return
    with Display() as display:
        yield display.show
