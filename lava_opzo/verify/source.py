"""The samples that verify and record learn, and their sign of life."""
import sys
from pathlib import Path

import numpy as np

from lava_opzo import experiment as experiments
from lava_opzo import presets
from lava_opzo.experiment import Experiment


def training_samples(config: Path | None, n: int) -> tuple[Experiment, np.ndarray, np.ndarray]:
    """(experiment, frames, labels): the first n samples in the order of its training; without a file the digits preset.

    Raises UserError for an experiment whose gate these engines do not have.
    """
    from lava_opzo.engines import require_psi
    from lava_opzo.job import load_data
    from lava_opzo.training import epoch_order

    experiment = experiments.load(config) if config else presets.digits()
    require_psi(experiment.gate)
    data = load_data(experiment)
    order = epoch_order(experiment.training, 0, len(data.train_labels))[:n]
    return experiment, data.train_frames[order], data.train_labels[order]


def progress(done: int, total: int) -> None:
    """One line on standard error that counts samples."""
    print(f"\rsample {done}/{total}", end="\n" if done == total else "", file=sys.stderr, flush=True)
