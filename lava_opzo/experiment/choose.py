"""An experiment from what a command line gives: a data set and, if wanted, widths."""
from dataclasses import replace
from pathlib import Path

from lava_opzo.data import Dataset, load
from lava_opzo.errors import UserError
from lava_opzo.experiment.experiment import Data, Experiment, Training, changed, with_validation
from lava_opzo.experiment.presets import PRESETS
from lava_opzo.experiment.samples import load_data
from lava_opzo.experiment.scaling import STEPS, plan, scaled_network


def choose(dataset: str, path: Path | None, hidden: str | None, validation: int | None = None) -> tuple[Experiment, Dataset]:
    """The preset of the data set; with widths, or without a preset, a network scaled to the data.

    Widths keep the data options of the preset. validation: as in `lava_opzo.data.load`.
    """
    if hidden is None and dataset in PRESETS:
        experiment = changed(PRESETS[dataset](), path=path, validation=validation)
        return experiment, load_data(experiment)
    data = PRESETS[dataset]().data if dataset in PRESETS else Data(dataset)
    data = with_validation(replace(data, path=str(path) if path else ""), validation)
    samples = load(data.name, data.path or None, steps=STEPS, seed=data.seed, **data.options)
    widths = parse_widths(hidden or "200,200")
    network = scaled_network(samples.train_frames, samples.n_classes, widths)
    return Experiment(data, network, Training(plan(len(samples.train_frames), len(widths)).epochs)), samples


def parse_widths(text: str) -> tuple[int, ...]:
    """'200,100' as (200, 100). Raises UserError for anything else."""
    try:
        widths = tuple(int(part) for part in text.split(","))
    except ValueError:
        raise UserError(f"--hidden '{text}' is not a list of widths; write it as 200,200") from None
    if min(widths) < 1:
        raise UserError(f"--hidden '{text}': width {min(widths)} is below 1; give every hidden layer a neuron")
    return widths
