"""A whole run in Lava's simulator: learn, record one sample with all its phases, draw, and leave the result as JSON."""
from dataclasses import asdict

import numpy as np

from lava_opzo.config import Config
from lava_opzo.engine import LavaEngine
from lava_opzo.experiment import Experiment
from lava_opzo.learn import Outcome, learn
from lava_opzo.run_folder import RunFolder
from lava_opzo.state import State
from lava_opzo.target import simulator
from lava_opzo.trace import Trace

CHUNK = 32
"""Samples of one call into Lava: about a second, so that progress and Ctrl-C are quick."""


def simulate(experiment: Experiment, dataset, run: RunFolder, show, model: str = "fixed_pt", engine: str = "event",
             state: State | None = None, extra: dict | None = None) -> dict:
    """Train in Lava and leave checkpoint, metrics, picture and result.json in the run folder; returns the result.

    model: fixed_pt or floating_pt. engine: event or stock (lava_opzo.engine.ENGINES). state, extra: from a checkpoint.
    """
    def make_engine(config, start, n_frames):
        return LavaEngine(config, start, model=model, engine=engine, n_frames=n_frames, capacity=CHUNK)

    outcome = learn(experiment, dataset, run, make_engine, show, state, extra)
    result = _result(outcome, experiment, run, simulator(model, engine))
    if not outcome.interrupted:
        draw(experiment, dataset, run, model)
    run.write_result(result)
    return result


def draw(experiment: Experiment, dataset, run: RunFolder, model: str = "fixed_pt") -> None:
    """Draw the run's picture from its folder; the raster is a training sample after the checkpoint, which stays as it is."""
    from lava_opzo import checkpoint, pictures

    _, state, _ = checkpoint.load(run.checkpoint)
    spikes = record_sample(experiment.network, state, dataset.train_frames[:1], dataset.train_labels[:1], model)
    pictures.run_picture(run.picture, run.read_metrics(), state, spikes, experiment.network.schedule())


def record_sample(config: Config, state: State, frames: np.ndarray, labels: np.ndarray, model: str) -> dict[str, np.ndarray]:
    """Spikes of every layer in every step of one training sample: layer name -> int64 (steps, n)."""
    names = ["source", *(f"hidden{i}" for i in range(1, config.depth + 1)), "readout"]
    traces = {name: Trace(config.schedule().length, {"spikes": (n,)}) for name, n in zip(names, config.widths)}
    with LavaEngine(config, state, model=model, n_frames=frames.shape[1], capacity=1, traces=traces) as engine:
        for trace in traces.values():
            trace.record(True)
        engine.train(frames, labels)
    return {name: trace.values["spikes"].copy() for name, trace in traces.items()}


def _result(outcome: Outcome, experiment: Experiment, run: RunFolder, target: str) -> dict:
    return {"target": target, "run": str(run.path), "experiment_sha256": experiment.hash,
            "epochs": experiment.training.epochs, **asdict(outcome)}
