"""One member of a sweep, from its run folder alone: what a local process and a cluster's job both call."""
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

from lava_opzo.errors import UserError
from lava_opzo.experiment import experiment, samples
from lava_opzo.experiment.experiment import Experiment
from lava_opzo.runs import checkpoint, resuming, start
from lava_opzo.runs.folder import RunFolder
from lava_opzo.runs.loop import Progress


def learn(path: str | Path, engine: str) -> bool:
    """Train a member to its end or to the first interrupt, from its checkpoint if there is one; whether it came to its end.

    path: a run folder with a config.toml. No picture is drawn (`lava-opzo plot` does it). Raises UserError as
    `lava_opzo.runs.start` does, and for a checkpoint that is another run's.
    """
    run = RunFolder(path)
    wanted = experiment.load(run.config)
    with run.held():
        if outcome(run, wanted):
            return True
        if os.path.lexists(run.checkpoint) or os.path.lexists(run.previous):
            kept = resuming.kept(run).experiment
            if replace(kept, training=wanted.training) != wanted:
                raise UserError(f"checkpoint {run.checkpoint}: is not of the experiment in {run.config}; remove one of them")
            result = start.resume(run, _silent, engine, wanted.training.epochs)
        else:
            result = start.start(wanted, samples.load_data(wanted), run, _silent, engine)
    return not result["interrupted"]


def outcome(run: RunFolder, wanted: Experiment) -> dict[str, Any] | None:
    """The record of the last epoch that the experiment asks for (`lava_opzo.runs.run`), None unless its weights are saved.

    Raises UserError for a checkpoint or metrics that cannot be read.
    """
    ends = [record for record in run.read_metrics() if record["kind"] == "epoch" and record["epoch"] == wanted.training.epochs]
    if not ends or not os.path.lexists(run.checkpoint):
        return None
    return ends[-1] if checkpoint.n_trained(run.checkpoint) >= ends[-1]["n_trained"] else None


def _silent(progress: Progress, text: str | None) -> None:
    """What is shown of a member is read from its metrics.jsonl."""
