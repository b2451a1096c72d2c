"""One trial: the network learns in the twin, and after every epoch it is measured on validation samples."""
import time
from collections.abc import Callable
from dataclasses import dataclass

from lava_opzo.board.finding import Finding
from lava_opzo.board.preflight import preflight
from lava_opzo.data import Dataset
from lava_opzo.engines import registry, replayable
from lava_opzo.engines.engine import Engine
from lava_opzo.experiment.experiment import Experiment
from lava_opzo.network.initial import initial_state
from lava_opzo.network.network import Network
from lava_opzo.runs.loop import accuracy, train
from lava_opzo.silicon.boards import Board
from lava_opzo.tune.trials import DONE, NOT_REPLAYABLE, PRUNED, REFUSED, State

ENGINE = "twin"


@dataclass(frozen=True)
class Wanted:
    """What settings must keep to. replayable: a chip would learn the same bits. board: the network fits it, or None."""

    replayable: bool = False
    board: Board | None = None

    def misfit(self, network: Network) -> str:
        """The first error that pre-flight finds on the board; nothing where there is none."""
        found: list[Finding] = preflight(network, None, self.board) if self.board else []
        return next((str(finding) for finding in found if finding.level == "error"), "")


@dataclass(frozen=True)
class Ended:
    """How a trial ended (`lava_opzo.tune.trials.Trial`)."""

    state: State
    curve: tuple[float, ...]
    seconds: float
    reason: str = ""


def learned(experiment: Experiment, dataset: Dataset, wanted: Wanted, behind: Callable[[int, float], bool],
            should_stop: Callable[[], bool]) -> Ended | None:
    """Train to the end of the last epoch, or until the trial is hopeless; None where it was stopped.

    behind(epoch, accuracy): whether a trial with this accuracy on validation samples after an epoch, counted from 1, is to be
    pruned.
    """
    begun, curve, network = time.monotonic(), [], experiment.network
    if reason := wanted.misfit(network):
        return Ended(REFUSED, (), 0.0, reason)
    rows = dataset.train_frames.shape[1]
    with registry.make(ENGINE, network, initial_state(network), experiment.number, rows) as engine:
        for progress in train(engine, dataset, experiment.training, should_stop=should_stop):
            if reason := _obstacle(engine, network, wanted):
                return Ended(NOT_REPLAYABLE, tuple(curve), time.monotonic() - begun, reason)
            if not progress.epoch_done:
                continue
            curve.append(accuracy(engine, dataset.test_frames, dataset.test_labels))
            if progress.done < progress.total and behind(progress.epoch, curve[-1]):
                return Ended(PRUNED, tuple(curve), time.monotonic() - begun)
        if len(curve) < experiment.training.epochs:
            return None
        if reason := _obstacle(engine, network, wanted):  # evaluation after the last epoch counts, too
            return Ended(NOT_REPLAYABLE, tuple(curve), time.monotonic() - begun, reason)
        return Ended(DONE, tuple(curve), time.monotonic() - begun)


def _obstacle(engine: Engine, network: Network, wanted: Wanted) -> str:
    """The first thing that a chip may do otherwise, where that is asked for; nothing where there is none."""
    if not wanted.replayable:
        return ""
    seen = engine.seen()
    return next(iter(replayable.obstacles(network.profile, seen.largest, seen.rail_touches) or ()), "")
