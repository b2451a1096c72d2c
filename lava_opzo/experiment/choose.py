"""An experiment from what a command line gives: a data set and, if wanted, widths."""
from dataclasses import replace
from pathlib import Path

from lava_opzo.data import Dataset, load
from lava_opzo.experiment.centring import OPTION, centred
from lava_opzo.experiment.experiment import Data, Experiment, Training, changed, with_validation
from lava_opzo.experiment.image_scaling import SCHEDULE, image_network
from lava_opzo.experiment.layers import parse_layers
from lava_opzo.experiment.outputs import room, with_outputs
from lava_opzo.experiment.presets import PRESETS
from lava_opzo.experiment.samples import load_data
from lava_opzo.experiment.scaling import STEPS, plan, scaled_network


def choose(dataset: str, path: Path | None, hidden: str | None, validation: int | None = None) -> tuple[Experiment, Dataset]:
    """The preset of the data set; with layers, or without a preset, a network scaled to the data; bright images are centred.

    hidden: layers as `lava_opzo.experiment.layers` reads them; they keep the data options of the preset. validation: as in
    `lava_opzo.data.load`.
    """
    if hidden is None and dataset in PRESETS:
        experiment = changed(PRESETS[dataset](), path=path, validation=validation)
        return experiment, load_data(experiment)
    data = PRESETS[dataset]().data if dataset in PRESETS else Data(dataset)
    data = with_validation(replace(data, path=str(path) if path else ""), validation)
    samples = _loaded(data)
    layers = parse_layers("200,200" if hidden is None else hidden)
    image = any(layer.kind for layer in layers)
    if (around_mean := centred(data, samples, image)) != data:
        data, samples = around_mean, _loaded(around_mean)
    if image:
        network = image_network(samples.train_frames, samples.shape, room(samples), layers)
        return Experiment(data, with_outputs(network, samples), Training(SCHEDULE.epochs)), samples
    on_off = bool(data.options.get(OPTION, 0))
    network = scaled_network(samples.train_frames, room(samples), [layer.n for layer in layers], centred=on_off)
    epochs = plan(len(samples.train_frames), len(layers), on_off).epochs
    return Experiment(data, with_outputs(network, samples), Training(epochs)), samples


def _loaded(data: Data) -> Dataset:
    return load(data.name, data.path or None, steps=STEPS, seed=data.seed, **data.options)
