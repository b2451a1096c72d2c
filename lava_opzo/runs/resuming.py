"""Where a run folder goes on: its checkpoint, the one before, or its start; and whether its config.toml still says the same."""
import os
import warnings
from dataclasses import dataclass, replace
from pathlib import Path

from lava_opzo.errors import FileWarning, UserError
from lava_opzo.experiment import experiment as experiments
from lava_opzo.experiment.experiment import Experiment
from lava_opzo.files.system import told
from lava_opzo.files.whole import write_whole
from lava_opzo.network.checks import check_kept
from lava_opzo.network.initial import initial_state
from lava_opzo.network.state import State
from lava_opzo.runs import changes, checkpoint
from lava_opzo.runs.counted import Counted
from lava_opzo.runs.folder import RunFolder

DAMAGED = "damaged"
"""What the name of a damaged file that was replaced has before its ending."""


@dataclass(frozen=True)
class Kept:
    """What a run folder holds to go on from; previous: whether it is the checkpoint before the last."""

    experiment: Experiment
    state: State
    counted: Counted
    previous: bool = False


def kept(run: RunFolder, from_previous: bool = False) -> Kept:
    """What to go on from: the checkpoint, or the one before it; the start of its config.toml where no checkpoint was made yet.

    Raises UserError where there is nothing, where it is damaged, and for the one before where the last is whole.
    """
    if from_previous:
        _refuse_whole(run)
        return Kept(*checkpoint.load(run.previous), previous=True)
    if os.path.lexists(run.checkpoint):
        return Kept(*checkpoint.load(run.checkpoint))
    if os.path.lexists(run.previous):
        raise UserError(f"{run.owner}: has no {checkpoint.NAME}, but the one before it: lava-opzo resume {run.path} "
                        "--from-previous goes on from it")
    if not os.path.lexists(run.config):
        raise UserError(f"{run.owner}: holds no run; give a folder that lava-opzo train made")
    experiment = experiments.load(run.config)
    return Kept(experiment, initial_state(experiment.network), Counted())


def config_fault(run: RunFolder, found: Kept, wanted: Experiment) -> str | None:
    """Why config.toml must be written again, None where it says what was kept or what is wanted.

    The checkpoint has the last word: a config that is missing, damaged, or left by a run that ended between its two writes is
    written from it. Raises UserError that names the keys for one that was edited.
    """
    if not os.path.lexists(run.config):
        return "is missing"
    try:
        config = experiments.load(run.config)
    except UserError as error:
        return f"cannot be read ({error})"
    if config in (wanted, found.experiment):
        return None
    if config in _before(run, found, config):
        return "is of before the last change"
    differing = changes.differing(config, found.experiment)
    told_keys = changes.words(differing, "it", "the checkpoint")
    key, value, _ = differing[0]
    raise UserError(f"{run.config}: was edited: {told_keys}; undo the edit, or apply it with: lava-opzo resume {run.path} "
                    f"--set {key}={value}")


def write(run: RunFolder, found: Kept, wanted: Experiment, fault: str | None) -> Kept:
    """Leave what is gone on from in the folder: checkpoint first, then config.toml, then the lines of metrics.jsonl.

    fault: of `config_fault`. Raises UserError where a change does not go with the learned weights.
    """
    said = {_line(record) for record in run.read_metrics() if record["kind"] == "changed"}
    new = changes.changes(found.experiment, wanted, found.state.n_trained)
    counted = replace(found.counted, changes=found.counted.changes + new)
    if new:
        check_kept(wanted.network, found.state, wanted.number, counted.moved)
    if found.previous:
        _restore(run)
    if new:
        run.save(wanted, found.state, counted)
    if fault is not None:
        _keep_damaged(run.config)
        warnings.warn(f"{run.config}: {fault}; it was written again from the checkpoint", FileWarning, stacklevel=2)
    if fault is not None or new:
        run.write_config(wanted)
    for change in counted.changes:
        record = {"kind": "changed", "n_trained": change.n_trained, "key": change.key, "old": change.old, "new": change.new}
        if _line(record) not in said:
            run.add_metrics(record)
    return Kept(wanted, found.state, counted)


def _refuse_whole(run: RunFolder) -> None:
    try:
        checkpoint.load(run.checkpoint)
    except UserError:
        return
    raise UserError(f"{run.owner}: its {checkpoint.NAME} is whole and newer than the one before it; leave --from-previous out")


def _before(run: RunFolder, found: Kept, config: Experiment) -> list[Experiment]:
    """What config.toml says where a run ended after its checkpoint had a change and before the config did.

    Older versions never wrote --epochs into it.
    """
    made = [change for change in found.counted.changes if change.n_trained == found.state.n_trained]
    before = [changes.undone(found.experiment, made)] if made else []
    if not found.previous and os.path.lexists(run.checkpoint) and checkpoint.is_old(run.checkpoint):
        before.append(replace(found.experiment, training=replace(found.experiment.training, epochs=config.training.epochs)))
    return before


def _restore(run: RunFolder) -> None:
    """Give the checkpoint before the name of the last, which stays beside it as damaged."""
    _keep_damaged(run.checkpoint)
    with told(f"{run.previous}: cannot be read"):
        content = run.previous.read_bytes()
    write_whole(run.checkpoint, content)


def _keep_damaged(path: Path) -> None:
    """Rename a file that is about to be written again, as NAME.damaged.ENDING; nothing where there is none."""
    if os.path.lexists(path):
        with told(f"{path}: cannot be renamed"):
            os.replace(path, path.with_name(f"{path.stem}.{DAMAGED}{path.suffix}"))


def _line(record: dict) -> tuple:
    return record["n_trained"], record["key"], str(record["old"]), str(record["new"])
