"""One training run from data to run folder: the same for every engine, for a new run and for a resumed one."""
import contextlib
import time
import warnings
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from lava_opzo.data import Dataset
from lava_opzo.engines import largest
from lava_opzo.engines.engine import Engine
from lava_opzo.errors import RangeWarning, UserError
from lava_opzo.experiment.experiment import Experiment
from lava_opzo.experiment.samples import fingerprint
from lava_opzo.network.initial import initial_state
from lava_opzo.network.network import Network
from lava_opzo.network.state import State
from lava_opzo.runs.counted import Counted
from lava_opzo.runs.doubts import Said, chance_of, doubts, right_of
from lava_opzo.runs.folder import RunFolder
from lava_opzo.runs.interrupt import stop_at_first_interrupt
from lava_opzo.runs.loop import Progress, tested, train
from lava_opzo.runs.metrics import LayerMetrics
from lava_opzo.runs.pace import Pace
from lava_opzo.runs.result import Outcome, epoch_record
from lava_opzo.runs.scores import Scores, words

MakeEngine = Callable[[Network, State, int], Engine]
"""make(network, state, n_frames) starts an engine."""

Show = Callable[[Progress, str | None], None]
"""show(progress, text) is called after every chunk, and with a line of text at every epoch."""

Taken = tuple[State, float]
"""The state of a running engine and the seconds that it took to read, which in Lava are many for a wide network."""

PROGRESS_SECONDS = 1.0
"""How often a line of progress is kept in metrics.jsonl."""


def learn(experiment: Experiment, dataset: Dataset, run: RunFolder, make_engine: MakeEngine, show: Show,
          state: State | None = None, before: Counted | None = None) -> Outcome:
    """Train to the end of the last epoch, or to the first interrupt; checkpoint before the first sample, as `Pace` says, at every
    epoch and at the end.

    state: where to start, None for the initial state. before: the counts of the checkpoint to go on from.
    """
    network = experiment.network
    state, before = state or initial_state(network), before or Counted()
    before = replace(before, samples=before.samples or fingerprint(dataset.train_frames, dataset.train_labels))
    started, last, pace = time.monotonic(), None, Pace()
    with contextlib.ExitStack() as stack:
        should_stop = stack.enter_context(stop_at_first_interrupt())
        if not run.checkpoint.exists():
            with pace.saving():
                run.save(experiment, state, before)
        engine = stack.enter_context(make_engine(network, state, dataset.train_frames.shape[1]))
        log = _Log(experiment, dataset, run, engine, state.n_trained, before, pace)
        for progress in train(engine, dataset, experiment.training, state.n_trained, before.hits, should_stop, before.sums):
            last = progress
            line = log.add(progress, should_stop())
            show(progress, None)
            if line:
                show(progress, line)
        if last is None:
            raise UserError(f"run folder {run.path}: nothing is left to learn; train for more epochs")
        return log.outcome(last, time.monotonic() - started)


class _Log:
    """Writes what a running engine does into a run folder."""

    def __init__(self, experiment: Experiment, dataset: Dataset, run: RunFolder, engine: Engine, n_trained: int, before: Counted,
                 pace: Pace):
        self._experiment, self._dataset, self._run, self._engine, self._before = experiment, dataset, run, engine, before
        self._layers = LayerMetrics(experiment.network, engine, dataset.train_frames, experiment.number, n_trained, before.layers)
        self._kept_at, self._pace = time.monotonic(), pace
        self._test_accuracy: float | None = None
        self._test_scores: Scores | None = None
        self._warned: set[tuple[str, str]] = set()
        self._doubts = Said()

    def add(self, progress: Progress, stopping: bool) -> str | None:
        """Metrics and a checkpoint after a chunk, where it is time for them; a line to show at the end of an epoch.

        Raises UserError where the disk refuses; what was learned is saved then, if there is room for it.
        """
        try:
            taken = self._measure(progress)
        except UserError:
            with contextlib.suppress(UserError):
                self._save(progress)
            raise
        self._warn(progress)
        if progress.epoch_done or stopping or self._pace.due:
            self._save(progress, taken)
        measured_on = self._experiment.data.measured_on
        return _epoch_line(progress, self._test_accuracy, self._test_scores, measured_on) if progress.epoch_done else None

    def outcome(self, progress: Progress, seconds: float | None) -> Outcome:
        """What the run came to."""
        counted = self._counted(progress)
        return Outcome(progress.done, self._test_accuracy, progress.accuracy, progress.samples_per_s, seconds,
                       self._layers.spike_rates(progress.done), counted.touches, counted.largest, progress.done < progress.total,
                       progress.scores, self._test_scores)

    def _measure(self, progress: Progress) -> Taken | None:
        """Add the lines that are due; the state, where they needed it."""
        now, taken = time.monotonic(), None
        if progress.epoch_done or now - self._kept_at > PROGRESS_SECONDS:
            self._run.add_metrics(_record(progress))
            self._kept_at = now
        if progress.epoch_done or self._layers.wanted(progress.done):
            taken = self._take()
            self._run.add_metrics(self._layers.measure(progress.done, taken[0]))
        if progress.epoch_done:
            self._test(progress)
        return taken

    def _take(self) -> Taken:
        begun = time.monotonic()
        return self._engine.state(), time.monotonic() - begun

    def _save(self, progress: Progress, taken: Taken | None = None) -> None:
        state, seconds = taken or self._take()
        with self._pace.saving(seconds):
            self._run.save(self._experiment, state, self._counted(progress))

    def _counted(self, progress: Progress) -> Counted:
        counted = self._before.with_seen(self._engine.seen())
        return replace(counted, hits=progress.hits_in_epoch, sums=progress.sums_in_epoch,
                       layers=self._layers.counted(progress.done))

    def _test(self, progress: Progress) -> None:
        dataset = self._dataset
        if len(dataset.test_labels):
            self._test_accuracy, self._test_scores = tested(self._engine, dataset)
        self._run.add_metrics(epoch_record(progress.epoch, self.outcome(progress, None)))

    def _warn(self, progress: Progress) -> None:
        """Warn of every variable that passed its limit, and at the end of an epoch of what is doubtful; of each once."""
        if progress.epoch_done:
            self._doubts.say(doubts(self._experiment.network, self._layers.spike_rates(progress.done), progress.done,
                                    right_of(progress.accuracy, progress.scores), progress.seen_in_epoch,
                                    chance_of(self._dataset.train_labels, self._dataset.kind)))
        for place, line in largest.overflows(self._engine.seen().largest).items():
            if place not in self._warned:
                self._warned.add(place)
                warnings.warn(line, RangeWarning, stacklevel=2)


def _record(progress: Progress) -> dict[str, Any]:
    scores = {} if progress.scores is None else {"scores": progress.scores}
    return {"kind": "progress", "n_trained": progress.done, "epoch": progress.epoch, "accuracy": progress.accuracy,
            "samples_per_s": round(progress.samples_per_s, 3), **scores}


def _epoch_line(progress: Progress, test_accuracy: float | None, test_scores: Scores | None, measured_on: str) -> str:
    if progress.scores is not None or progress.accuracy is None:
        test = "" if test_scores is None else f"; {measured_on}: {words(test_scores)}"
        right = f"{words(progress.scores or {})} while learning"
    else:
        test = "" if test_accuracy is None else f", {measured_on} {100 * test_accuracy:.2f} %"
        right = f"{100 * progress.accuracy:.2f} % right while learning"
    return f"epoch {progress.epoch}: {right}{test}, {progress.samples_per_s:.1f} samples/s"
