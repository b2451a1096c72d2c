"""What is tuned, from what a command line gives: the same settings with validation samples and for all training samples."""
from dataclasses import replace
from pathlib import Path

from lava_opzo.data import Dataset
from lava_opzo.engines import registry
from lava_opzo.errors import UserError
from lava_opzo.experiment import experiment as experiments
from lava_opzo.experiment.choose import choose
from lava_opzo.experiment.experiment import Experiment
from lava_opzo.experiment.samples import load_data
from lava_opzo.silicon.readouts import VALUES
from lava_opzo.tune.folder import Tuning
from lava_opzo.tune.learning import ENGINE, Wanted

SHARE, MOST = 5, 10_000
"""Unless somebody says otherwise, a fifth of the training samples is held back, and no more than so many."""


def tuning(dataset: str, data: Path | None, config: Path | None, hidden: str | None, validation: int | None, epochs: int | None,
           wanted: Wanted) -> tuple[Tuning, Dataset]:
    """(what is tuned, the samples of its trials); arguments: of `lava-opzo tune`.

    Raises UserError for an experiment that the twin cannot learn, for values, which have no accuracy, and for real numbers where
    a chip or a board is asked for.
    """
    configured = experiments.load(config) if config else None
    whole, samples = _chosen(dataset, data, configured, hidden, 0)
    if samples.kind == VALUES:
        raise UserError(f"tune: data set '{whole.data.name}' teaches values, which have no accuracy to search by; train "
                        "settings one by one with lava-opzo train --config")
    n_whole = len(samples.train_labels)
    its_own = configured.data.options.get("validation", 0) if configured else 0
    held_back = validation or its_own or min(MOST, max(1, n_whole // SHARE))
    start, held = _chosen(dataset, data, configured, hidden, held_back)
    whole, start = (experiments.changed(one, epochs=epochs) for one in (whole, start))
    registry.check(ENGINE, start.number, start.network)
    if start.number == "real" and (wanted.replayable or wanted.board):
        raise UserError("tune: real numbers are never replayable and fit no board; leave --replayable and --board out, or give a "
                        "--config in integers")
    return Tuning(start, whole, wanted, n_whole), held


def _chosen(dataset: str, data: Path | None, configured: Experiment | None, hidden: str | None,
            validation: int) -> tuple[Experiment, Dataset]:
    """The experiment and its samples, of whose training part so many are held back, 0 for none."""
    if configured is None:
        return choose(dataset, data, hidden, validation or None)
    experiment = experiments.changed(configured, path=data, validation=validation)
    if not validation:
        options = {name: value for name, value in experiment.data.options.items() if name != "validation"}
        experiment = replace(experiment, data=replace(experiment.data, options=options))
    return experiment, load_data(experiment)
