"""What the page of a run tells, gathered from its folder, its data set and a few samples: plain values, nothing drawn."""
from dataclasses import dataclass
from math import prod, sqrt
from typing import Any

import numpy as np

from lava_opzo.board import tables
from lava_opzo.board.finding import MEASURED_SAMPLES, count, summary
from lava_opzo.board.mapping import Mapping, mapping_report
from lava_opzo.board.preflight import preflight
from lava_opzo.data import Dataset
from lava_opzo.engines import registry, replayable, touches
from lava_opzo.engines.lava.spikes import record_spikes
from lava_opzo.errors import UserError
from lava_opzo.experiment.experiment import Experiment
from lava_opzo.network.initial import initial_state
from lava_opzo.network.state import State
from lava_opzo.runs import checkpoint
from lava_opzo.runs.answers import predictions
from lava_opzo.runs.confusion import evaluation
from lava_opzo.runs.folder import RunFolder
from lava_opzo.runs.source import samples_of
from lava_opzo.silicon.boards import Board
from lava_opzo.verification import lockstep

VERIFIED = ("oracle", "fast")
"""Engines that the page compares: neither is compiled first, which takes half a minute on a new machine."""

MOST_WEIGHTS = 100_000
"""Weights up to which the oracle, which is plain Python, compares a sample while somebody waits."""


@dataclass(frozen=True, eq=False)
class Facts:
    """Everything that the page tells of one run.

    tested: counts of right and wrong answers (`lava_opzo.runs.confusion`), None without test samples. spikes: of one training
    sample, by population (`record_spikes`). findings: rows of the pre-flight with a line that sums them up, or why there is none.
    verdict: of the comparison of engines. replayable: the line about boards.
    """

    run: RunFolder
    experiment: Experiment
    state: State
    metrics: list[dict[str, Any]]
    provenance: str
    tested: dict[str, Any] | None
    spikes: dict[str, np.ndarray]
    mapping: Mapping | None
    findings: tuple[str, list[tuple]]
    verdict: str
    replayable: str
    rail_touches: str


def gather(run: RunFolder, dataset: Dataset, board: Board) -> Facts:
    """Answer the test samples, run one sample in Lava, compare two engines, and look at the limits of a board; takes seconds.

    The folder stays as it is. Raises UserError for a folder without a whole checkpoint.
    """
    experiment, state, counted = checkpoint.load(run.checkpoint)
    network, number = experiment.network, experiment.number
    tested = None
    if len(dataset.test_labels):
        answers = predictions(network, state, dataset.test_frames, "twin", number)
        tested = evaluation(answers, dataset.test_labels, dataset.n_classes)
    frames, labels = dataset.train_frames[:1], dataset.train_labels[:1]
    return Facts(
        run, experiment, state, run.read_metrics(network.depth), dataset.provenance, tested,
        record_spikes(network, state, frames, labels, number), _mapped(experiment, board),
        _findings(experiment, state, board, samples_of(dataset, MEASURED_SAMPLES)[0]),
        _verified(experiment, state, frames, labels),
        replayable.verdict(network.profile.name, replayable.obstacles(network.profile, counted.largest, counted.touches)),
        touches.summary(counted.touches))


def interval(accuracy: float, n: int) -> tuple[float, float]:
    """Wilson's interval: the shares that n independent answers with this accuracy do not contradict, at 95 %."""
    z = 1.959963984540054
    middle, width = accuracy + z * z / (2 * n), z * sqrt(accuracy * (1 - accuracy) / n + z * z / (4 * n * n))
    return max(0.0, (middle - width) / (1 + z * z / n)), min(1.0, (middle + width) / (1 + z * z / n))


def _mapped(experiment: Experiment, board: Board) -> Mapping | None:
    try:
        return mapping_report(experiment.network, board)
    except UserError:  # what no chip can learn has no mapping; the pre-flight says why
        return None


def _findings(experiment: Experiment, state: State, board: Board, frames: np.ndarray) -> tuple[str, list[tuple]]:
    fixed = experiment.number == "fixed"
    try:
        found = preflight(experiment.network, state if fixed else initial_state(experiment.network), board,
                          frames=frames if fixed else None)
    except UserError as error:
        return str(error), []
    return summary(count(found)), [row for row in tables.finding_rows(found) if row[0] != "ok"]


def _verified(experiment: Experiment, state: State, frames: np.ndarray, labels: np.ndarray) -> str:
    network = experiment.network
    weights = sum(prod(connection.topology.weight_shape) for connection in network.connections)
    if experiment.number != "fixed":
        return "not compared: real numbers are equal up to rounding only"
    if weights > MOST_WEIGHTS:
        return f"not compared here: {weights} weights would take the oracle, which is plain Python, too long"
    try:
        report = lockstep.verify(network, state, frames, labels, registry.parse(",".join(VERIFIED)))
    except UserError as error:
        return f"not compared: {error}"
    if report.differing:
        return f"{report.differing} of {report.compared} values of one training sample differ between {' and '.join(VERIFIED)}"
    return f"{' and '.join(VERIFIED)} agree in all {report.compared} values of one training sample after the last checkpoint"
