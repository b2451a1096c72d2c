"""On-line training over epochs: the same loop for every engine, in an order that the experiment alone determines."""
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from operator import add

import numpy as np

from lava_opzo.data import Dataset
from lava_opzo.engines.engine import Engine
from lava_opzo.experiment.experiment import Training
from lava_opzo.runs.answers import from_rest
from lava_opzo.runs.presentation import Presentation
from lava_opzo.runs.scores import Measure, Scores, Sums, measure_of, scored
from lava_opzo.silicon.readouts import CLASSES

FIRST_CHUNK = 32
"""Samples of the first call of a run.

Later calls stop at the next power of two at the latest, so that the first samples, which change most, can be measured, and at the
same samples after an interruption.
"""


@dataclass(frozen=True)
class Progress:
    """Where a run is: samples learned in all and of how many, the epoch, its samples and right predictions, and the speed.

    sums_in_epoch, measure: of outputs that are no classes (`lava_opzo.runs.scores`).
    """

    done: int
    total: int
    epoch: int
    seen_in_epoch: int
    hits_in_epoch: int
    epoch_done: bool
    samples_per_s: float
    sums_in_epoch: Sums = ()
    measure: Measure | None = None

    @property
    def scores(self) -> Scores | None:
        """Of the predictions in this epoch, where they are no classes."""
        return self.measure.scores(self.sums_in_epoch, self.seen_in_epoch) if self.measure and self.sums_in_epoch else None

    @property
    def accuracy(self) -> float | None:
        """Share of right predictions, or labels, in this epoch, each made before its sample was learned; None of values."""
        if self.scores is not None:
            return self.scores.get("accuracy")
        return self.hits_in_epoch / max(1, self.seen_in_epoch)

    @property
    def seconds_left(self) -> float:
        """Until the last sample, at the speed so far."""
        return (self.total - self.done) / max(1e-9, self.samples_per_s)


def train(engine: Engine, dataset: Dataset, training: Training, done: int = 0, hits: int = 0,
          should_stop: Callable[[], bool] = lambda: False, sums: Sums = ()) -> Iterator[Progress]:
    """Yield a `Progress` after every chunk, of which there is at least one; none crosses the end of an epoch, whose first sample
    begins at rest.

    done: samples that the engine's state has learned before, hits: how many of them in the current epoch were right, so that a
    resumed run goes on where the other one stopped; sums: the same of outputs that are no classes.
    """
    n, measure = len(dataset.train_labels), measure_of(dataset.kind, dataset.train_labels)
    total = training.epochs * n
    started, first = time.monotonic(), done
    presented = Presentation(dataset, training)
    while done < total:
        epoch, offset = divmod(done, n)
        stop = max(FIRST_CHUNK, 1 << done.bit_length())
        frames, labels = presented.part(done, min(engine.chunk, stop - done))
        if not offset:
            hits = 0
            engine.settle()
        predictions = engine.train(frames, labels)
        if dataset.kind == CLASSES:
            hits += int(np.count_nonzero(predictions == labels))
        added = measure.of(predictions, labels)
        sums = tuple(map(add, sums, added)) if sums and offset else added
        done += len(labels)
        speed = (done - first) / max(1e-9, time.monotonic() - started)
        yield Progress(done, total, epoch + 1, offset + len(labels), hits, offset + len(labels) == n, speed, sums, measure)
        if should_stop():
            return


def accuracy(engine: Engine, frames: np.ndarray, labels: np.ndarray) -> float:
    """Share of samples that the engine predicts right, without noise and learning; the first begins at rest."""
    return float(np.mean(from_rest(engine, frames) == labels))


def tested(engine: Engine, dataset: Dataset) -> tuple[float | None, Scores | None]:
    """(accuracy, scores) of the test samples, without noise and learning: scores where outputs are no classes, and of values no
    accuracy.
    """
    if dataset.kind == CLASSES:
        return accuracy(engine, dataset.test_frames, dataset.test_labels), None
    found = scored(dataset, from_rest(engine, dataset.test_frames))
    return found.get("accuracy"), found
