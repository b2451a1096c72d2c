"""A whole run: load, learn, and leave the result as JSON. The commands and deploy/to_loihi.py are thin over this."""
import os
from collections.abc import Callable, Sequence
from typing import Any

from lava_opzo.data import Dataset
from lava_opzo.data.moving import check_movable
from lava_opzo.engines import registry
from lava_opzo.engines.engine import Engine
from lava_opzo.errors import UserError
from lava_opzo.experiment.experiment import Experiment
from lava_opzo.network.network import Network
from lava_opzo.network.state import State
from lava_opzo.runs import changes, result as results, resuming
from lava_opzo.runs.counted import Counted
from lava_opzo.runs.folder import RunFolder
from lava_opzo.runs.learned import learned_data
from lava_opzo.runs.loop import tested
from lava_opzo.runs.pictured import pictured
from lava_opzo.runs.resuming import Kept
from lava_opzo.runs.run import MakeEngine, Show, learn

Draw = Callable[[RunFolder, Dataset], None]
"""draw(run, dataset) leaves a picture in the folder of a run that has ended (`lava_opzo.report.run.draw`)."""

COMPLETED = "completed"
"""The key of what `resume` left of a run that had learned everything, in the result that it returns."""


def start(experiment: Experiment, dataset: Dataset, run: RunFolder, show: Show, engine: str,
          draw: Draw | None = None) -> dict[str, Any]:
    """Train from scratch with an engine by name; see `go_on`. Raises UserError where the run has begun already."""
    make_engine, line = _by_name(engine, experiment)
    with run.held():
        if os.path.lexists(run.checkpoint) or os.path.lexists(run.previous):
            raise UserError(f"{run.owner}: its run has begun already; choose another --out, or resume it")
        return go_on(experiment, dataset, run, show, make_engine, line, draw=draw)


def resume(run: RunFolder, show: Show, engine: str, epochs: int | None = None, draw: Draw | None = None,
           settings: Sequence[str] = (), from_previous: bool = False, dataset: Dataset | None = None) -> dict[str, Any]:
    """Go on from the checkpoint of a run folder, with any engine; the bits are those of an unbroken run.

    epochs: train to this many in all instead of the config's. settings: changes of the experiment, as `key=value`, which
    checkpoint, config.toml and metrics.jsonl keep. from_previous: whether to go on from the checkpoint before a damaged one.
    dataset: the samples, where a program has them in its memory; None to load those that the experiment names.
    A run that has learned everything gets what it lacks of metrics, result.json and picture, and the result names it as
    `completed`. Raises UserError where nothing is left to do, and for a config.toml that was edited.
    """
    with run.held():
        found = resuming.kept(run, from_previous)
        wanted = changes.applied(found.experiment, settings if epochs is None else (*settings, f"training.epochs={epochs}"))
        fault = resuming.config_fault(run, found, wanted)
        make_engine, line = _by_name(engine, wanted)
        dataset = learned_data(run.owner, wanted, found.counted) if dataset is None else dataset
        check_movable(dataset, wanted.training.jitter, wanted.training.mirror)
        if found.state.n_trained >= wanted.training.epochs * len(dataset.train_labels):
            if wanted != found.experiment:
                refuse_finished(run.owner, wanted, dataset, found.state)
            return _completed(run, resuming.write(run, found, wanted, fault), dataset, make_engine, line, draw)
        found = resuming.write(run, found, wanted, fault)
        return go_on(wanted, dataset, run, show, make_engine, line, found.state, found.counted, draw)


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
    checkpoint to go on from. draw: what leaves the picture of a run that came to its end; None for none. A picture that cannot be
    drawn is a FileWarning.
    """
    with run.held():
        if os.path.lexists(run.metrics):
            run.add_metrics({"kind": "resumed", "n_trained": 0 if state is None else state.n_trained})
        outcome = learn(experiment, dataset, run, make_engine, show, state, before)
        result = results.result(outcome, experiment, run.path, target, dataset.train_labels)
        run.write_result(result)
        if not outcome.interrupted:
            _draw(run, dataset, draw)
    return result


def _completed(run: RunFolder, found: Kept, dataset: Dataset, make_engine: MakeEngine, target: str,
               draw: Draw | None) -> dict[str, Any]:
    """What a run that has learned everything lacks of metrics.jsonl, result.json and picture. Raises UserError for nothing."""
    experiment, state = found.experiment, found.state

    def test() -> results.Tested:
        with make_engine(experiment.network, state, dataset.train_frames.shape[1]) as engine:
            return tested(engine, dataset)

    metrics, kept = run.read_metrics(), results.kept(run.result)
    outcome = results.reconstructed(experiment, state, found.counted, dataset, test, metrics, kept)
    result = results.result(outcome, experiment, run.path, target, dataset.train_labels)
    result |= {key: kept[key] for key in ("target", "run") if key in kept}
    completed = []
    if results.last_epoch(metrics, state.n_trained) is None:
        run.add_metrics(results.epoch_record(state.n_trained // len(dataset.train_labels), outcome))
        completed.append(run.metrics.name)
    if result != kept:
        run.write_result(result)
        completed.append(run.result.name)
    if draw is not None and not run.picture.exists():
        _draw(run, dataset, draw)
        completed.append(run.picture.name)
    if not completed:
        refuse_finished(run.owner, experiment, dataset, state)
    return result | {COMPLETED: completed}


def _draw(run: RunFolder, dataset: Dataset, draw: Draw | None) -> None:
    """The picture, which no result may be lost for."""
    if draw is not None:
        with pictured(run.picture, f"result and weights are whole, draw it later with: lava-opzo plot {run.path}"):
            draw(run, dataset)


def _by_name(engine: str, experiment: Experiment) -> tuple[MakeEngine, str]:
    """What starts an engine by its name, and the line that says where it runs. Raises UserError for an engine that cannot."""
    registry.check(engine, experiment.number, experiment.network)

    def make(network: Network, state: State, n_frames: int) -> Engine:
        return registry.make(engine, network, state, experiment.number, n_frames)

    return make, registry.first_line(engine, experiment.number)
