"""What a run came to, as result.json has it; and what a run that has learned everything still lacks of it."""
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from lava_opzo.data import Dataset
from lava_opzo.engines import largest, replayable
from lava_opzo.engines.largest import Largest
from lava_opzo.engines.touches import Touches
from lava_opzo.errors import UserError
from lava_opzo.experiment.experiment import Experiment
from lava_opzo.files.json_lines import is_number, parsed
from lava_opzo.files.reading import TEXT_BYTES, read_bytes
from lava_opzo.network.state import State
from lava_opzo.runs.counted import Counted
from lava_opzo.runs.doubts import chance_of, doubts, right_of
from lava_opzo.runs.scores import Scores, measure_of

Tested = tuple[float | None, Scores | None]
"""Accuracy and scores of test samples."""


@dataclass(frozen=True)
class Outcome:
    """What a run came to: shares of right test and training answers, samples learned, speed, and whether it was interrupted.

    samples_per_s, seconds: of its last part; None where it ended before they were written. train_scores, test_scores: of outputs
    that are no classes; values have no accuracy.
    """

    n_trained: int
    test_accuracy: float | None
    train_accuracy: float | None
    samples_per_s: float | None
    seconds: float | None
    spike_rates: list[float]
    rail_touches: Touches | None
    largest: Largest | None
    interrupted: bool
    train_scores: Scores | None = None
    test_scores: Scores | None = None

    def document(self) -> dict[str, Any]:
        """Plain values, without scores where outputs are classes."""
        return {name: value for name, value in asdict(self).items() if value is not None or not name.endswith("_scores")}


def result(outcome: Outcome, experiment: Experiment, run: Path, target: str, labels: np.ndarray) -> dict[str, Any]:
    """The content of result.json. target: the line that says where it ran. labels: of the training samples.

    warnings: values beyond their limits, and what makes it doubtful that the network learns (`lava_opzo.runs.doubts`).
    measured_on: what the samples of test_accuracy are, `test` or `validation`.
    replayable: whether a chip of the network's profile would learn the same bits, None where that was not counted; obstacles: why
    not, or None (`lava_opzo.engines.replayable`).
    """
    profile, n = experiment.network.profile, len(labels)
    kind = experiment.network.readout.kind
    doubtful = doubts(experiment.network, outcome.spike_rates, outcome.n_trained,
                      right_of(outcome.train_accuracy, outcome.train_scores), outcome.n_trained % n or n, chance_of(labels, kind))
    obstacles = replayable.obstacles(profile, outcome.largest, outcome.rail_touches)
    return {"target": target, "run": str(run), "experiment_sha256": experiment.hash, "epochs": experiment.training.epochs,
            **outcome.document(), "measured_on": experiment.data.measured_on,
            "warnings": [*largest.overflows(outcome.largest).values(), *doubtful.values()],
            "profile": profile.name, "replayable": None if obstacles is None else not obstacles, "obstacles": obstacles}


def epoch_record(epoch: int, outcome: Outcome) -> dict[str, Any]:
    """The line of metrics.jsonl at the end of an epoch."""
    return {"kind": "epoch", "epoch": epoch, "n_trained": outcome.n_trained, "train_accuracy": outcome.train_accuracy,
            "test_accuracy": outcome.test_accuracy, "rail_touches": outcome.rail_touches, "largest": outcome.largest,
            **{name: value for name, value in outcome.document().items() if name.endswith("_scores")}}


def kept(path: Path) -> dict[str, Any]:
    """What result.json holds; {} where there is none, or none that can be read."""
    try:
        return parsed(read_bytes("result", path, TEXT_BYTES)) or {}
    except UserError:
        return {}


def reconstructed(experiment: Experiment, state: State, counted: Counted, dataset: Dataset, test: Callable[[], Tested],
                  metrics: list[dict[str, Any]], found: dict[str, Any]) -> Outcome:
    """What a run that learned everything came to, from its checkpoint, its metrics, and its times in what `kept` found.

    test: measures the test samples (`lava_opzo.runs.loop.tested`), where no line of metrics holds it.
    """
    epoch = last_epoch(metrics, state.n_trained)
    first, spikes = counted.layers.get("first", 0), counted.layers.get("spikes", [0.0] * experiment.network.depth)
    tested: Tested = (None, None)
    if epoch is not None:
        tested = epoch["test_accuracy"], epoch.get("test_scores")
    elif len(dataset.test_labels):
        tested = test()
    n = len(dataset.train_labels)
    learned = measure_of(dataset.kind, dataset.train_labels).scores(counted.sums, n) if counted.sums else None
    accuracy = counted.hits / n if learned is None else learned.get("accuracy")
    return Outcome(state.n_trained, tested[0], accuracy, _number(found.get("samples_per_s")),
                   _number(found.get("seconds")), [total / max(1, state.n_trained - first) for total in spikes], counted.touches,
                   counted.largest, False, learned, tested[1])


def last_epoch(metrics: list[dict[str, Any]], n_trained: int) -> dict[str, Any] | None:
    """The line of the epoch that ended after so many samples."""
    return next((record for record in reversed(metrics) if record["kind"] == "epoch" and record["n_trained"] == n_trained), None)


def _number(value: Any) -> float | None:
    return value if is_number(value) else None
