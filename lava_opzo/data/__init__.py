"""Data sets as integer payloads, loaded by name (docs/datasets.md)."""
import inspect
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np

from lava_opzo.data import (
    arrays,
    cifar10,
    digit_labels,
    digits,
    dvs_gesture,
    idx,
    motion,
    nmnist,
    order,
    plugins,
    png,
    sine,
    table,
)
from lava_opzo.data.dataset import Dataset, Loader, from_samples, with_bias
from lava_opzo.data.events import from_events
from lava_opzo.data.features import encode, fit
from lava_opzo.errors import UserError, shown

LOADERS: dict[str, Loader] = {
    "digits": digits.load,
    "mnist": idx.load_mnist,
    "idx": idx.load,
    "cifar10": cifar10.load,
    "png": png.load,
    "nmnist": nmnist.load,
    "dvs_gesture": dvs_gesture.load,
    "order": order.load,
    "motion": motion.load,
    "npz": arrays.load,
    "csv": table.load,
    "sine": sine.load,
    "digit_labels": digit_labels.load,
}
"""The data sets of this package; a data set of another one cannot take their names."""

ENCODERS: dict[str, Callable[..., np.ndarray]] = {"csv": table.unlabelled}
"""Of the data sets whose text holds real numbers: what encodes samples without classes as those of the training were."""

LARGEST_OPTION = (1 << 63) - 1
"""Options and seeds have at most 63 bits, as TOML and numpy hold them."""

__all__ = ["LOADERS", "Dataset", "encode", "fit", "from_events", "from_samples", "load", "options_of", "with_bias"]


def load(name: str, path: str | Path | None = None, steps: int = 8, seed: int = 0, bias: int = 1, validation: int = 0,
         **options: int) -> Dataset:
    """The data set of that name, a key of LOADERS or one of another package (`lava_opzo.data.plugins`).

    path: its folder or file. steps: K of the network. seed: of split and order. bias: 1 appends the input line that is always at
    15, 0 leaves it out. validation: N puts the last N training samples in the place of the test samples, so that settings can be
    chosen without these; a loader that fits something to training samples may have a keyword of that name, to leave them out
    there (the mean of `onoff` is that of all). options: the loader's own keywords.

    Raises UserError when the name, an option or a value is unknown, or when files are missing or damaged.
    """
    loader = _loader(name)
    parameters = _parameters(name, loader)
    known = _own(parameters)
    unknown = sorted(set(options) - set(known))
    if unknown:
        raise UserError(f"data set '{name}': option '{unknown[0]}' is unknown; "
                        f"its options are {', '.join(['bias', 'validation', *known])}")
    for option, value in {"steps": steps, "seed": seed, "bias": bias, "validation": validation, **options}.items():
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= LARGEST_OPTION:
            raise UserError(f"data set '{name}': {option} {shown(value)} is not a whole number in 0..{LARGEST_OPTION}; "
                            "choose another one")
    if steps < 1:
        raise UserError(f"data set '{name}': steps {steps} is not at least 1")
    if bias > 1:
        raise UserError(f"data set '{name}': bias {bias} is not 0 or 1")
    set_apart = {"validation": validation} if "validation" in parameters else {}
    dataset = loader(path, steps=steps, seed=seed, **options, **set_apart)
    if validation:
        dataset = _validated(dataset, validation)
    if not bias:
        return dataset
    return replace(dataset, train_frames=with_bias(dataset.train_frames), test_frames=with_bias(dataset.test_frames))


def options_of(name: str) -> list[str]:
    """The names of the options that a data set has for itself. Raises UserError for an unknown data set."""
    return _own(_parameters(name, _loader(name)))


def _own(parameters: list[str]) -> list[str]:
    return [option for option in parameters if option not in ("path", "steps", "seed", "validation")]


def _loader(name: str) -> Loader:
    """The loader of a data set. Raises UserError for an unknown name."""
    if name in LOADERS:
        return LOADERS[name]
    others = plugins.names()
    if name not in others:
        raise UserError(f"data set '{shown(name)}' is unknown; choose one of {', '.join([*LOADERS, *others])}")
    return plugins.loader(name)


def _parameters(name: str, loader: Loader) -> list[str]:
    """The names of a loader's arguments. Raises UserError where Python cannot say them, as of functions that are compiled."""
    try:
        return list(inspect.signature(loader).parameters)
    except (ValueError, TypeError):
        raise UserError(f"data set '{name}': its loader does not say its arguments; make it a Python function") from None


def _validated(dataset: Dataset, n: int) -> Dataset:
    """The last n training samples as the test part. Raises UserError when none would be left to train on."""
    rest = len(dataset.train_labels) - n
    if rest < 1:
        raise UserError(f"data set '{dataset.name}': validation {n} is outside 0..{len(dataset.train_labels) - 1}, "
                        f"as it has {len(dataset.train_labels)} training samples")
    return replace(dataset, train_frames=dataset.train_frames[:rest], train_labels=dataset.train_labels[:rest],
                   test_frames=dataset.train_frames[rest:], test_labels=dataset.train_labels[rest:],
                   provenance=f"{dataset.provenance}; the last {n} training samples in the place of the test samples")
