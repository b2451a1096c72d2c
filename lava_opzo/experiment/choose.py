"""An experiment from what a command line gives: a data set and, if wanted, widths."""
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from lava_opzo.data import Dataset, load
from lava_opzo.data.binning import delays
from lava_opzo.data.pixels import BITS, SETS
from lava_opzo.errors import UserError, shown
from lava_opzo.experiment.centring import centred, is_centred
from lava_opzo.experiment.experiment import Data, Experiment, Training, changed, with_validation
from lava_opzo.experiment.image_scaling import epochs_of as image_epochs, image_network, jitter_of, mirror_of
from lava_opzo.experiment.layers import Layer, parse_layers
from lava_opzo.experiment.outputs import room, with_outputs
from lava_opzo.experiment.presets import PRESETS, STREAMS
from lava_opzo.experiment.samples import load_data
from lava_opzo.experiment.scaling import COARSE_BITS, MANY, STEPS, is_coarse, plan, scaled_network
from lava_opzo.experiment.step_scaling import HIDDEN, STEPS as BY_STEP, epochs_of, step_network
from lava_opzo.experiment.unbroken import unbroken
from lava_opzo.learning.learning import UPDATES
from lava_opzo.network.form import changed as changed_network


def choose(dataset: str, path: Path | None, hidden: str | None, validation: int | None = None,
           updates: str = "sample", jitter: int | None = None, carry: bool = False) -> tuple[Experiment, Dataset]:
    """The preset of the data set; with layers, or without a preset, a network scaled to the data; bright images are centred,
    dark ones that move are shown with fewer bits (`coarse`).

    hidden: layers as `lava_opzo.experiment.layers` reads them; they keep the data options of the preset, or of `STREAMS`.
    validation: as in `lava_opzo.data.load`. updates: when the weights learn; `step` has a recipe of its own for any data set.
    jitter: of the training images, None for that of the preset or recipe; few images that move are learned for longer by `step`.
    carry: whether samples are pieces of one stream, learned in their order by `step`.

    Raises UserError for other updates, for carry without `step` or for a data set that is no stream, and for other layers than
    one all to all where they are to learn in every step.
    """
    if updates not in UPDATES:
        raise UserError(f"updates '{shown(updates)}' is not one of {', '.join(UPDATES)}; choose one of them")
    if updates == "step":
        data = with_validation(_data(dataset, path, STREAMS.get(dataset)), validation)
        return _by_step(unbroken(data) if carry else data, hidden or HIDDEN, jitter or 0, carry)
    if carry:
        raise UserError("carry: samples are pieces of one stream where weights learn in every step alone; give --updates step, "
                        "too")
    if hidden is None and dataset in PRESETS:
        experiment = changed(PRESETS[dataset](), path=path, validation=validation, jitter=jitter)
        return experiment, load_data(experiment)
    data = with_validation(_data(dataset, path), validation)
    samples = _loaded(data)
    layers = parse_layers("200,200" if hidden is None else hidden)
    image = any(layer.kind for layer in layers)
    jitter = jitter_of(samples.shape, layers) if jitter is None else jitter
    encoded, moved = centred(data, samples, image), bool(jitter)
    on_off = is_centred(encoded)
    if moved and not on_off and takes_coarse(layers):
        encoded = coarse(encoded, samples)
    if encoded != data:
        data, samples = encoded, _loaded(encoded)
    if image:
        network = image_network(samples.train_frames, samples.shape, room(samples), layers, centred=on_off, moved=moved)
        epochs = image_epochs(samples.train_frames, layers, moved)
        training = Training(epochs, jitter=jitter, mirror=mirror_of(data.name, layers))
        return Experiment(data, with_outputs(network, samples), training), samples
    widths = [layer.n for layer in layers]
    network = scaled_network(samples.train_frames, room(samples), widths, centred=on_off, moved=moved)
    epochs = plan(len(samples.train_frames), widths, on_off, moved).epochs
    return Experiment(data, with_outputs(network, samples), Training(epochs, jitter=jitter)), samples


def takes_coarse(layers: Sequence[Layer]) -> bool:
    """Whether moved images of fewer bits have a recipe for these layers: a first one of local weights, or two all to all."""
    return layers[0].kind == "l" or len(layers) > 1 and not any(layer.kind for layer in layers)


def coarse(data: Data, samples: Dataset) -> Data:
    """The data with payloads of `COARSE_BITS`, where they have more, nobody chose and moved images have such a recipe."""
    if data.name not in SETS or BITS in data.options:
        return data
    if len(samples.train_frames) < MANY or is_coarse(samples.train_frames):
        return data
    return replace(data, options={**data.options, BITS: COARSE_BITS})


def _by_step(data: Data, hidden: str, jitter: int, carry: bool) -> tuple[Experiment, Dataset]:
    layer, *above = parse_layers(hidden)
    if above or layer.kind:
        raise UserError(f"hidden '{shown(hidden)}': updates 'step' have a recipe for one all-to-all layer alone; give one width, "
                        "or a --config with scales of your own")
    samples = _loaded(data, BY_STEP)
    epochs = epochs_of(len(samples.train_frames), jitter > 0)
    heard = (0, *delays(BY_STEP, data.options.get("echoes", 0)))[-1]
    network = step_network(samples.train_frames, samples.n_classes, layer.n, epochs=epochs, heard=heard)
    network = changed_network(network, learning=replace(network.learning, carry=carry))
    return Experiment(data, network, Training(epochs, jitter=jitter, in_order=carry)), samples


def _data(dataset: str, path: Path | None, known: Data | None = None) -> Data:
    """The options that are known, or those of the preset where there is one."""
    data = known or (PRESETS[dataset]().data if dataset in PRESETS else Data(dataset))
    return replace(data, path=str(path) if path else "")


def _loaded(data: Data, steps: int = STEPS) -> Dataset:
    return load(data.name, data.path or None, steps=steps, seed=data.seed, **data.options)
