"""A whole run: load, learn, and leave the result as JSON. The commands and deploy/to_loihi.py are thin over this."""
from collections.abc import Callable
from dataclasses import asdict, replace
from typing import Any

from lava_opzo.data import Dataset
from lava_opzo.engines import largest, registry
from lava_opzo.engines.engine import Engine
from lava_opzo.errors import UserError
from lava_opzo.experiment.experiment import Experiment
from lava_opzo.experiment.samples import load_data
from lava_opzo.network.network import Network
from lava_opzo.network.state import State
from lava_opzo.runs import checkpoint
from lava_opzo.runs.counted import Counted
from lava_opzo.runs.folder import RunFolder
from lava_opzo.runs.run import MakeEngine, Outcome, Show, learn

Draw = Callable[[RunFolder, Dataset], None]
"""draw(run, dataset) leaves a picture in the folder of a run that has ended (`lava_opzo.report.run.draw`)."""


def start(experiment: Experiment, dataset: Dataset, run: RunFolder, show: Show, engine: str,
          draw: Draw | None = None) -> dict[str, Any]:
    """Train from scratch with an engine by name; see `go_on`."""
    make_engine, line = _by_name(engine, experiment)
    return go_on(experiment, dataset, run, show, make_engine, line, draw=draw)


def resume(run: RunFolder, show: Show, engine: str, epochs: int | None = None, draw: Draw | None = None) -> dict[str, Any]:
    """Go on from the checkpoint of a run folder, with any engine; the bits are those of an unbroken run.

    epochs: train to this many in all instead of the config's. Raises UserError where nothing is left to do.
    """
    experiment, state, before = checkpoint.load(run.checkpoint)
    if epochs is not None:
        experiment = replace(experiment, training=replace(experiment.training, epochs=epochs))
    make_engine, line = _by_name(engine, experiment)
    dataset = load_data(experiment)
    refuse_finished(f"run folder {run.path}", experiment, dataset, state)
    run.drop_after(state.n_trained)
    return go_on(experiment, dataset, run, show, make_engine, line, state, before, draw)


def refuse_finished(owner: str, experiment: Experiment, dataset: Dataset, state: State) -> None:
    """Raise UserError where nothing is left to learn."""
    total = experiment.training.epochs * len(dataset.train_labels)
    if state.n_trained >= total:
        raise UserError(f"{owner}: all {total} samples of {experiment.training.epochs} epochs are learned; "
                        "give more with --epochs")


def go_on(experiment: Experiment, dataset: Dataset, run: RunFolder, show: Show, make_engine: MakeEngine, target: str,
          state: State | None = None, before: Counted | None = None, draw: Draw | None = None) -> dict[str, Any]:
    """Train to the end or to the first interrupt; leave checkpoint, metrics, result.json and a picture; return the result.

    target: the line that says where this runs. state: where to start, None for the initial state. before: the counts of the
    checkpoint to go on from. draw: what leaves the picture of a run that came to its end; None for none.
    """
    outcome = learn(experiment, dataset, run, make_engine, show, state, before)
    result = _result(outcome, experiment, run, target)
    if draw is not None and not outcome.interrupted:
        draw(run, dataset)
    run.write_result(result)
    return result


def _by_name(engine: str, experiment: Experiment) -> tuple[MakeEngine, str]:
    """What starts an engine by its name, and the line that says where it runs. Raises UserError for an engine that cannot."""
    registry.check(engine, experiment.number, experiment.network)

    def make(network: Network, state: State, n_frames: int) -> Engine:
        return registry.make(engine, network, state, experiment.number, n_frames)

    return make, registry.first_line(engine, experiment.number)


def _result(outcome: Outcome, experiment: Experiment, run: RunFolder, target: str) -> dict[str, Any]:
    return {"target": target, "run": str(run.path), "experiment_sha256": experiment.hash, "epochs": experiment.training.epochs,
            **asdict(outcome), "warnings": list(largest.overflows(outcome.largest).values())}
