"""Data sets as integer payloads, loaded by name (docs/datasets.md)."""
import inspect
from dataclasses import replace

from lava_opzo.data import arrays, digits, dvs_gesture, idx, nmnist
from lava_opzo.data.dataset import Dataset, from_samples, with_bias
from lava_opzo.errors import UserError

LOADERS = {
    "digits": digits.load,
    "mnist": idx.load_mnist,
    "idx": idx.load,
    "nmnist": nmnist.load,
    "dvs_gesture": dvs_gesture.load,
    "npz": arrays.load,
}

__all__ = ["LOADERS", "Dataset", "from_samples", "load", "with_bias"]


def load(name: str, path=None, steps: int = 8, seed: int = 0, bias: int = 1, validation: int = 0, **options: int) -> Dataset:
    """The data set `name` (a key of LOADERS); path: its folder or file; steps: K of the network; seed: of split and order.

    bias 1 appends the input line that is always at 15, bias 0 leaves it out. validation N puts the last N training samples in the
    place of the test samples, so that settings can be chosen without these. options are the loader's own keywords.
    Raises UserError when the name, an option or a value is unknown, or when files are missing or damaged.
    """
    if name not in LOADERS:
        raise UserError(f"data set '{name}' is unknown; choose one of {', '.join(LOADERS)}")
    loader = LOADERS[name]
    known = [option for option in inspect.signature(loader).parameters if option not in ("path", "steps", "seed")]
    unknown = sorted(set(options) - set(known))
    if unknown:
        raise UserError(f"data set '{name}': option '{unknown[0]}' is unknown; "
                        f"its options are {', '.join(['bias', 'validation', *known])}")
    for option, value in {"steps": steps, "seed": seed, "bias": bias, "validation": validation, **options}.items():
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            raise UserError(f"data set '{name}': {option} {value!r} is not a whole number from 0 on")
    if not 1 <= steps:
        raise UserError(f"data set '{name}': steps {steps} is not at least 1")
    if bias > 1:
        raise UserError(f"data set '{name}': bias {bias} is not 0 or 1")
    dataset = loader(path, steps=steps, seed=seed, **options)
    if validation:
        dataset = _validated(dataset, validation)
    if not bias:
        return dataset
    return replace(dataset, train_frames=with_bias(dataset.train_frames), test_frames=with_bias(dataset.test_frames))


def _validated(dataset: Dataset, n: int) -> Dataset:
    """The last n training samples as the test part. Raises UserError when none would be left to train on."""
    rest = len(dataset.train_labels) - n
    if rest < 1:
        raise UserError(f"data set '{dataset.name}': validation {n} is outside 0..{len(dataset.train_labels) - 1}, "
                        f"as it has {len(dataset.train_labels)} training samples")
    return replace(dataset, train_frames=dataset.train_frames[:rest], train_labels=dataset.train_labels[:rest],
                   test_frames=dataset.train_frames[rest:], test_labels=dataset.train_labels[rest:],
                   provenance=f"{dataset.provenance}; the last {n} training samples in the place of the test samples")
