"""An experiment from what a command line gives: a data set and, if wanted, widths."""
from pathlib import Path

from lava_opzo import presets
from lava_opzo.data import Dataset, load
from lava_opzo.errors import UserError
from lava_opzo.experiment import Data, Experiment, Training, changed, with_validation
from lava_opzo.job import load_data
from lava_opzo.scaling import LONG, SHORT, SHORT_TRAINING, measure, network

STEPS, EPOCHS = 8, 6


def choose(dataset: str, path: Path | None, hidden: str | None, validation: int | None = None) -> tuple[Experiment, Dataset]:
    """The preset of the data set; with widths, or without a preset, a network scaled by `lava_opzo.scaling` to the data's shape.

    validation: as in `lava_opzo.data.load`.
    """
    if hidden is None and dataset in presets.PRESETS:
        experiment = changed(presets.PRESETS[dataset](), path=path, validation=validation)
        return experiment, load_data(experiment)
    data = with_validation(Data(dataset, str(path) if path else ""), validation)
    samples = load(data.name, data.path or None, steps=STEPS, seed=data.seed, **data.options)
    n, _, n_in = samples.train_frames.shape
    recipe = SHORT if n * EPOCHS < SHORT_TRAINING else LONG
    config = network(n_in, parse_widths(hidden or "200,200"), samples.n_classes, steps=STEPS, recipe=recipe,
                     scale=measure(samples.train_frames, STEPS), halve_every=n * EPOCHS // 3, max_halvings=2)
    return Experiment(data, config, Training(EPOCHS)), samples


def parse_widths(text: str) -> tuple[int, ...]:
    """'200,100' as (200, 100). Raises UserError for anything else."""
    try:
        return tuple(int(part) for part in text.split(","))
    except ValueError:
        raise UserError(f"--hidden '{text}' is not a list of widths; write it as 200,200") from None
