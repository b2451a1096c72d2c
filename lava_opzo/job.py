"""A whole run: load, learn, draw, and leave the result as JSON. The commands and deploy/to_loihi.py are thin over this."""
from dataclasses import asdict, replace

from lava_opzo import checkpoint, engines, ranges, touches
from lava_opzo.errors import UserError
from lava_opzo.experiment import Experiment
from lava_opzo.learn import Outcome, check_fit, learn
from lava_opzo.recording import record_spikes
from lava_opzo.run_folder import RunFolder
from lava_opzo.state import State


def load_data(experiment: Experiment):
    """The data set of an experiment, checked against its network."""
    from lava_opzo.data import load

    data = experiment.data
    dataset = load(data.name, data.path or None, steps=experiment.network.steps, seed=data.seed, **data.options)
    check_fit(experiment, dataset)
    return dataset


def start(experiment: Experiment, dataset, run: RunFolder, show, engine: str, picture: bool = True) -> dict:
    """Train from scratch with an engine by name; see `go_on`."""
    return go_on(experiment, dataset, run, show, engines.factory(engine, experiment.model), engines.target(engine, experiment.model),
                 picture=picture)


def resume(run: RunFolder, show, engine: str, epochs: int | None = None, picture: bool = True) -> dict:
    """Go on from the checkpoint of a run folder, with any engine; the bits are those of an unbroken run.

    epochs: train to this many in all instead of the config's. Raises UserError where nothing is left to do.
    """
    experiment, state, extra = checkpoint.load(run.checkpoint)
    if epochs is not None:
        experiment = replace(experiment, training=replace(experiment.training, epochs=epochs))
    engines.check(engine, experiment.model, experiment.network.credit, experiment.gate)
    dataset = load_data(experiment)
    refuse_finished(f"run folder {run.path}", experiment, dataset, state)
    run.forget_after(state.n_trained)
    make_engine = engines.factory(engine, experiment.model)
    return go_on(experiment, dataset, run, show, make_engine, engines.target(engine, experiment.model), state, extra, picture)


def refuse_finished(owner: str, experiment: Experiment, dataset, state: State) -> None:
    """Raise UserError where nothing is left to learn."""
    total = experiment.training.epochs * len(dataset.train_labels)
    if state.n_trained >= total:
        raise UserError(f"{owner}: all {total} samples of {experiment.training.epochs} epochs are learned; give more with --epochs")


def go_on(experiment: Experiment, dataset, run: RunFolder, show, make_engine, target: str, state: State | None = None,
          extra: dict | None = None, picture: bool = True) -> dict:
    """Train to the end or to the first interrupt; leave checkpoint, metrics, picture and result.json; return the result.

    make_engine, show: as in `lava_opzo.learn.learn`. target: the line that says where this runs. state: where to start, None
    for the initial state. extra: what the checkpoints carry. picture: whether to draw at the end, which
    takes Lava for the raster.
    """
    outcome = learn(experiment, dataset, run, make_engine, show, state, extra)
    result = _result(outcome, experiment, run, target)
    if picture and not outcome.interrupted:
        draw(run, dataset)
    run.write_result(result)
    return result


def draw(run: RunFolder, dataset) -> None:
    """Draw the run's picture from its folder; the raster is one training sample after the checkpoint, which stays as it is."""
    from lava_opzo import pictures

    experiment, state, _ = checkpoint.load(run.checkpoint)
    spikes = record_spikes(experiment.network, state, dataset.train_frames[:1], dataset.train_labels[:1], experiment.model)
    pictures.run_picture(run.picture, run.read_metrics(), state, spikes, experiment.network.schedule())


def _result(outcome: Outcome, experiment: Experiment, run: RunFolder, target: str) -> dict:
    return {"target": target, "run": str(run.path), "experiment_sha256": experiment.hash,
            "epochs": experiment.training.epochs, **asdict(outcome), "warnings": list(ranges.overflows(outcome.largest).values())}


def report(result: dict, run: RunFolder) -> str:
    """What happened, in lines that a person reads."""
    if result["interrupted"]:
        return (f"interrupted after {result['n_trained']} samples; weights up to there are in {run.checkpoint}\n"
                f"go on with: lava-opzo resume {run.path}")
    accuracy = result["test_accuracy"]
    tested = "no test samples" if accuracy is None else f"test accuracy {100 * accuracy:.2f} %"
    rates = ", ".join(f"{rate:.3f}" for rate in result["spike_rates"])
    return (f"{tested} after {result['n_trained']} samples in {result['seconds']:.0f} s ({result['samples_per_s']:.1f} samples/s)\n"
            f"spikes per step and neuron, by hidden layer: {rates}; rail touches: {touches.summary(result['rail_touches'])}\n"
            f"{ranges.summary(result['largest'])}\n"
            + "".join(f"warning: {line}\n" for line in result["warnings"]) +
            f"run folder: {run.path} (config, checkpoint, metrics, result, {run.picture.name})")
