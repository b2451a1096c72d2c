"""A network that learns while a program hands it samples: learn, predict, save, go on, without a data set and without an end."""
import contextlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from lava_opzo.engines.engine import Seen
from lava_opzo.errors import SimulationError, UserError, shown
from lava_opzo.experiment.experiment import Data, Experiment, Training
from lava_opzo.experiment.samples import STREAM
from lava_opzo.network.initial import initial_state
from lava_opzo.network.network import Network
from lava_opzo.network.state import State
from lava_opzo.runs import changes, checkpoint, streams
from lava_opzo.runs.counted import Counted
from lava_opzo.runs.doubts import Judge
from lava_opzo.runs.own_file import check_place
from lava_opzo.runs.replay import Replay, check_memory_of
from lava_opzo.runs.rolling import Rolling, check_count
from lava_opzo.runs.scores import counted
from lava_opzo.runs.session import Session
from lava_opzo.runs.source import checkpoint_of
from lava_opzo.silicon.readouts import CLASSES, VALUES


@dataclass(frozen=True)
class Learned:
    """What one sample of a stream came to.

    prediction: made before the sample was learned; of labels and values a list of one number an output; where each step has a
    label or none (-1), a list of one class a step, each made before its step was learned. accuracy: share of right predictions,
    or labels, over the last samples or labelled steps, this one included; error: of values the mean absolute error. The other is
    None, and so is the accuracy before the first label.
    """

    prediction: int | list[int]
    label: int | list[int]
    accuracy: float | None
    error: float | None = None


class Learner:
    """One network that learns sample by sample, in the bits of a training that has all samples at once.

    network, state: what learns, and where it starts; None for the initial state. engine: `twin`, or Lava: `fast`, `stock` or
    `in-the-loop`; the calls and the bits are the same. number: `fixed` or `real`. window: samples of the rolling accuracy.

    Samples are payloads 0..15. Where they have one line less than the network's input, the bias line of 15 is appended.

    A network whose learning says `carry` goes on with what its neurons hold from one sample to the next: samples are then pieces
    of one stream, of K steps each, a label is one for all steps from label_from on, or K labels with -1 for none, and predictions
    are K a sample. Predicting moves the stream on, too; `settle` ends it, so that the next sample begins at rest.

    frozen: set it to True, and `learn` only predicts, without noise: nothing changes, and the rolling accuracy goes on. One layer
    alone is frozen with `change("network.hidden.1.frozen", True)`.

    replay: a memory of past samples (`lava_opzo.Replay`), of which some are learned again after each new one, so that new classes
    do not overwrite old ones; None for no memory. It may be set and changed at any time. What is returned and the rolling
    accuracy are of new samples alone.

    Where it is doubtful that the network learns, as a layer is silent or answers are no better than chance, a LearningWarning
    says so, once; that is judged after 500 samples, and whenever they have doubled.

    Lava's processes start with the first sample and end with `stop` or with the block of a `with` statement; the learner goes
    on after that. Where they fail or are interrupted in the middle of a sample, what was learned since they started is lost, and
    every later call says so: save now and then. Raises UserError for an engine that cannot learn this network.
    """

    def __init__(self, network: Network, *, state: State | None = None, engine: str = "twin", number: str = "fixed",
                 window: int = 1000, replay: Replay | None = None) -> None:
        experiment = Experiment(Data(STREAM, options={"bias": 0}), network, Training(1, in_order=network.learning.carry), number)
        start = initial_state(network) if state is None else state.copy()
        self._begin(Session(experiment, start, Counted(), engine), window, replay)

    def _begin(self, session: Session, window: int, replay: Replay | None) -> None:
        readout = session.experiment.network.readout
        check_memory_of(session.experiment.network, replay)
        self._session, self._rolling, self.frozen, self.replay = session, Rolling(window, readout.answers), False, replay
        self._saved: set[Path] = set()
        self._judge = Judge(readout.kind)

    @classmethod
    def load(cls, path: str | Path, *, engine: str = "twin", window: int = 1000) -> "Learner":
        """Go on with a saved learner and its memory, or with the network of a run folder. The rolling accuracy begins anew, and a
        stream goes on where it was left: call `settle` where another one begins.

        Raises UserError for a file that is missing or damaged.
        """
        learner = cls.__new__(cls)
        found = checkpoint.load_all(checkpoint_of(path))
        learner._begin(Session(found.experiment, found.state, found.counted, engine), window, found.replay)
        return learner

    @property
    def network(self) -> Network:
        """The network, with the constants that it has now."""
        return self._session.experiment.network

    @property
    def state(self) -> State:
        """The learned arrays, a copy."""
        return self._session.state()

    @property
    def seen(self) -> Seen:
        """Spike rates, rail touches and largest sizes of everything that was learned, before it was loaded, too."""
        return self._session.seen()

    @property
    def accuracy(self) -> float | None:
        """Share of right predictions, or labels, over the last `window` samples, each made before it was learned; None before the
        first, and of values.
        """
        return None if self._kind == VALUES else self._rolling.mean

    @property
    def error(self) -> float | None:
        """Of values the mean absolute error of the predictions over the last `window` samples; None before the first."""
        return self._rolling.mean if self._kind == VALUES else None

    @property
    def _kind(self) -> str:
        return self.network.readout.kind

    def learn(self, frames: ArrayLike, labels: ArrayLike) -> Any:
        """Learn one sample or many, in order; what was predicted of each before: an int, or int32 (n,); of labels and values
        int32 (n_out,), or (n, n_out); of steps int32 (K,), or (n, K).

        Raises UserError, before anything is learned, for samples that do not fit.

        Shapes:
            frames: (lines,) or (F, lines) with a plain number as label; (n, F, lines) with labels (n,). F = 1 or K, lines = n_in,
            or n_in - 1 without the bias line. A label is (n_out,) numbers where outputs are no classes, and may be (K,) classes
            of steps, -1 for none, where weights learn in every step.
        """
        many, classes, one = streams.labelled(self.network, frames, labels)
        predictions = self._learned(many, classes, np.shape(frames)[-1])
        for counts in counted(self._kind, predictions, classes):
            self._rolling.add(counts)
        return self._one(predictions) if one else predictions

    def learn_stream(self, samples: Iterable[Any], chunk: int = 1) -> Iterator[Learned]:
        """Learn from any iterable of (frames, label), one that never ends, too; tells of every sample, in order.

        This is a generator: it learns while something asks it for the next sample, as `for step in learner.learn_stream(source)`.
        chunk: samples taken from the source at a time; more are quicker, but none is answered before its chunk is full. Where the
        source fails, what it gave before is learned.

        Raises UserError that numbers the first sample that does not fit; those before it are learned.
        """
        if not isinstance(samples, Iterable):
            raise UserError(f"learn_stream: {shown(samples)} is nothing to go through; hand over an iterable of (frames, label)")
        return self._stream(samples, check_count("chunk", chunk))

    def _stream(self, samples: Iterable[Any], chunk: int) -> Iterator[Learned]:
        for frames, labels, lines in streams.chunks(streams.checked(self.network, samples), chunk):
            predictions = self._learned(frames, labels, lines)
            told = zip(predictions.tolist(), labels.tolist(), counted(self._kind, predictions, labels), strict=True)
            yield from [self._told(prediction, label, self._rolling.add(counts)) for prediction, label, counts in told]

    def _told(self, prediction: int | list[int], label: int | list[int], mean: float | None) -> Learned:
        return Learned(prediction, label, None, mean) if self._kind == VALUES else Learned(prediction, label, mean)

    def _one(self, predictions: np.ndarray) -> Any:
        """The only prediction: an int, or an array of one number an output."""
        return int(predictions[0]) if predictions.ndim == 1 else predictions[0]

    def _learned(self, frames: np.ndarray, labels: np.ndarray, lines: int) -> np.ndarray:
        """What was predicted of samples before they were learned. lines: those that they had when they were handed over."""
        if self.frozen:
            return self._session.evaluate(frames, self._kind == CLASSES and labels.ndim == 2)
        predictions = self._session.train(frames, labels) if self.replay is None else self._woven(self.replay, frames, labels)
        if not len(labels):
            return predictions
        if self._judge.add(predictions, labels):
            self._judge.judge(self.network, self._session.seen().spike_rates)
        self._session.experiment = replace(self._session.experiment, data=Data(
            STREAM, options={"bias": int(lines < self.network.input.n)}))
        return predictions

    def _woven(self, replay: Replay, frames: np.ndarray, labels: np.ndarray) -> np.ndarray:
        """What was predicted of new samples, learned with old ones after each. Raises UserError in a stream."""
        check_memory_of(self.network, replay)
        woven = replay.woven(frames, labels)
        predictions = self._session.train(woven.frames, woven.labels)[woven.new]
        replay.keep(frames, labels, woven)
        return predictions

    def predict(self, frames: ArrayLike) -> Any:
        """The class of one sample (int) or of many (int32 (n,)), without noise and without learning; frames, and what other
        outputs and steps give, as for `learn`.
        """
        many, one = streams.as_many(self.network, frames)
        predictions = self._session.evaluate(many, self.network.learning.carry)
        return self._one(predictions) if one else predictions

    def settle(self) -> None:
        """Let the next sample begin at rest, as at the start of another recording, where neurons carry what they hold."""
        self._session.settle()

    def change(self, key: str, value: bool | int | float | str) -> None:
        """Go on with another constant of the network, as a learning rate: `change("network.hidden.*.y_shift", 18)`.

        key: a dotted name as `lava-opzo resume --set` takes it. One more in y_shift halves the learning rate of a population, one
        more in network.readout.d_shift that of all M. network.hidden.1.frozen = True keeps the weights that end in that layer as
        they are, False has them learn again. What a sample left in the residuals stays, so that after a smaller shift
        the next sample may change more. In Lava the processes start anew with the next sample.

        Raises UserError for a key that is unknown or that a network which has begun cannot change.
        """
        if not key.startswith("network."):
            raise UserError(f"learner: key '{shown(key)}' has no effect on a stream; change a constant of the network, as "
                            "network.hidden.*.y_shift")
        text = str(value).lower() if isinstance(value, bool) else value
        self._session.change(changes.applied(self._session.experiment, [f"{key}={text}"]))

    def save(self, path: str | Path) -> None:
        """Write what was learned as a checkpoint NAME.safetensors, which `Learner.load`, `lava-opzo predict` and `export` take.

        An earlier one of a learner with this network is replaced once the new one is whole. `lava-opzo evaluate` and `resume`
        refuse it once it has learned from a program: no file holds its samples. The file has its memory, and not the rolling
        accuracy.

        Raises UserError for another name, and for a file that is anything else: it has learned more, belongs to a run, or is no
        checkpoint.
        """
        state, file = self.state, Path(path).absolute()
        check_place(Path(path), state, file in self._saved)
        checkpoint.save(path, self._session.experiment, state, self._session.counted(), self.replay)
        self._saved.add(file)

    def stop(self) -> None:
        """End what runs in Lava. What was learned stays, and the next call starts it again."""
        self._session.rest()

    def __enter__(self) -> "Learner":
        return self

    def __exit__(self, kind: type[BaseException] | None, *exception: object) -> None:
        with contextlib.suppress(*[SimulationError] if kind else []):  # what ended the block is what is to be told
            self.stop()
