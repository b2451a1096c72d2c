"""An experiment from what a command line gives: a data set and, if wanted, widths."""
from dataclasses import replace
from pathlib import Path

from lava_opzo.data import Dataset, load
from lava_opzo.errors import UserError, shown
from lava_opzo.experiment.experiment import Data, Experiment, Training, changed, with_validation
from lava_opzo.experiment.presets import PRESETS
from lava_opzo.experiment.samples import load_data
from lava_opzo.experiment.scaling import STEPS, plan, scaled_network
from lava_opzo.topology.dense import MAX_NEURONS

MOST_LAYERS = 1000
"""Most hidden layers that --hidden takes; a config may have as many as fit the time steps of a sample."""

MOST_DIGITS = 20


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
    widths = parse_widths("200,200" if hidden is None else hidden)
    network = scaled_network(samples.train_frames, samples.n_classes, widths)
    return Experiment(data, network, Training(plan(len(samples.train_frames), len(widths)).epochs)), samples


def parse_widths(text: str) -> tuple[int, ...]:
    """'200,100' as (200, 100). Raises UserError for anything else, for a width that no population has, and for too many."""
    parts = [part.strip() for part in text.split(",")]
    if not all(part.isascii() and part.isdecimal() for part in parts):
        raise UserError(f"--hidden '{shown(text)}' is not a list of widths of at least 1; write it as 200,200")
    if len(parts) > MOST_LAYERS:
        raise UserError(f"--hidden: {len(parts)} widths are above {MOST_LAYERS} hidden layers; give fewer")
    wrong = next((part for part in parts if len(part) > MOST_DIGITS or not 1 <= int(part) <= MAX_NEURONS), None)
    if wrong is not None:
        raise UserError(f"--hidden: width {shown(wrong)} is outside 1..{MAX_NEURONS} neurons; choose another width")
    return tuple(map(int, parts))
