"""A whole run: load, learn, draw, and leave the result as JSON. The commands and deploy/to_loihi.py are thin over this."""
from dataclasses import asdict, replace

from lava_opzo.runs import checkpoint
from lava_opzo.engines import registry
from lava_opzo.engines import largest
from lava_opzo.engines import touches
from lava_opzo.errors import UserError
from lava_opzo.experiment.experiment import Experiment
from lava_opzo.runs.run import Outcome, learn
from lava_opzo.experiment.samples import check_fit
from lava_opzo.engines.lava.spikes import record_spikes
from lava_opzo.runs.folder import RunFolder
from lava_opzo.network.state import State
from lava_opzo.report.run import draw
from lava_opzo.experiment.samples import load_data




def start(experiment: Experiment, dataset, run: RunFolder, show, engine: str, picture: bool = True) -> dict:
    """Train from scratch with an engine by name; see `go_on`."""
    return go_on(experiment, dataset, run, show, registry.factory(engine, experiment.model), registry.target(engine, experiment.model),
                 picture=picture)


def resume(run: RunFolder, show, engine: str, epochs: int | None = None, picture: bool = True) -> dict:
    """Go on from the checkpoint of a run folder, with any engine; the bits are those of an unbroken run.

    epochs: train to this many in all instead of the config's. Raises UserError where nothing is left to do.
    """
    experiment, state, extra = checkpoint.load(run.checkpoint)
    if epochs is not None:
        experiment = replace(experiment, training=replace(experiment.training, epochs=epochs))
    registry.check(engine, experiment.model, experiment.network.credit, experiment.gate)
    dataset = load_data(experiment)
    refuse_finished(f"run folder {run.path}", experiment, dataset, state)
    run.forget_after(state.n_trained)
    make_engine = registry.factory(engine, experiment.model)
    return go_on(experiment, dataset, run, show, make_engine, registry.target(engine, experiment.model), state, extra, picture)


def refuse_finished(owner: str, experiment: Experiment, dataset, state: State) -> None:
    """Raise UserError where nothing is left to learn."""
    total = experiment.training.epochs * len(dataset.train_labels)
    if state.n_trained >= total:
        raise UserError(f"{owner}: all {total} samples of {experiment.training.epochs} epochs are learned; give more with --epochs")


def go_on(experiment: Experiment, dataset, run: RunFolder, show, make_engine, target: str, state: State | None = None,
          extra: dict | None = None, picture: bool = True) -> dict:
    """Train to the end or to the first interrupt; leave checkpoint, metrics, picture and result.json; return the result.

    make_engine, show: as in `lava_opzo.runs.run.learn`. target: the line that says where this runs. state: where to start, None
    for the initial state. extra: what the checkpoints carry. picture: whether to draw at the end, which
    takes Lava for the raster.
    """
    outcome = learn(experiment, dataset, run, make_engine, show, state, extra)
    result = _result(outcome, experiment, run, target)
    if picture and not outcome.interrupted:
        draw(run, dataset)
    run.write_result(result)
    return result




def _result(outcome: Outcome, experiment: Experiment, run: RunFolder, target: str) -> dict:
    return {"target": target, "run": str(run.path), "experiment_sha256": experiment.hash,
            "epochs": experiment.training.epochs, **asdict(outcome), "warnings": list(largest.overflows(outcome.largest).values())}


