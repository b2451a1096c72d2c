"""The samples that verify and record learn, and their sign of life."""
from pathlib import Path

import numpy as np

from lava_opzo.experiment import experiment as experiments
from lava_opzo.experiment import presets
from lava_opzo.experiment.experiment import Experiment


def training_samples(config: Path | None, n: int) -> tuple[Experiment, np.ndarray, np.ndarray]:
    """(experiment, frames, labels): the first n samples in the order of its training; without a file the digits preset.

    Raises UserError for an experiment whose gate these engines do not have.
    """
    from lava_opzo.engines.registry import require_psi
    from lava_opzo.experiment.samples import load_data
    from lava_opzo.runs.loop import epoch_order

    experiment = experiments.load(config) if config else presets.digits()
    require_psi(experiment.gate)
    data = load_data(experiment)
    order = epoch_order(experiment.training, 0, len(data.train_labels))[:n]
    return experiment, data.train_frames[order], data.train_labels[order]


