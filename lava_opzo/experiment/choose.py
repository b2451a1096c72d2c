"""An experiment from what a command line gives: a data set and, if wanted, widths."""
from dataclasses import replace
from pathlib import Path

from lava_opzo.data import Dataset, load
from lava_opzo.errors import UserError
from lava_opzo.experiment import presets
from lava_opzo.experiment.experiment import (
    Data,
    Experiment,
    Training,
    changed,
    with_validation,
)
from lava_opzo.experiment.samples import load_data
from lava_opzo.experiment.scaling import (
    LONG,
    ONE_LAYER,
    SHORT,
    SHORT_TRAINING,
    Recipe,
    measure,
    network,
)

STEPS = 8
EPOCHS, LONG_EPOCHS = 6, 18


def choose(dataset: str, path: Path | None, hidden: str | None, validation: int | None = None) -> tuple[Experiment, Dataset]:
    """The preset of the data set; with widths, or without a preset, a network scaled by `lava_opzo.experiment.scaling` to the data's shape.

    Widths keep the data options of the preset. validation: as in `lava_opzo.data.load`.
    """
    if hidden is None and dataset in presets.PRESETS:
        experiment = changed(presets.PRESETS[dataset](), path=path, validation=validation)
        return experiment, load_data(experiment)
    data = presets.PRESETS[dataset]().data if dataset in presets.PRESETS else Data(dataset)
    data = with_validation(replace(data, path=str(path) if path else ""), validation)
    samples = load(data.name, data.path or None, steps=STEPS, seed=data.seed, **data.options)
    n, _, n_in = samples.train_frames.shape
    widths = parse_widths(hidden or "200,200")
    recipe, epochs, halvings = _plan(n, len(widths))
    config = network(n_in, widths, samples.n_classes, steps=STEPS, recipe=recipe, scale=measure(samples.train_frames, STEPS),
                     halve_every=n * epochs // (halvings + 1), max_halvings=halvings)
    return Experiment(data, config, Training(epochs)), samples


def _plan(n: int, depth: int) -> tuple[Recipe, int, int]:
    """Recipe, epochs and halvings of the learning rate for n training samples and `depth` hidden layers."""
    if n * EPOCHS < SHORT_TRAINING:
        return SHORT, EPOCHS, 2
    return (ONE_LAYER, LONG_EPOCHS, 3) if depth == 1 else (LONG, LONG_EPOCHS, 2)


def parse_widths(text: str) -> tuple[int, ...]:
    """'200,100' as (200, 100). Raises UserError for anything else."""
    try:
        return tuple(int(part) for part in text.split(","))
    except ValueError:
        raise UserError(f"--hidden '{text}' is not a list of widths; write it as 200,200") from None
