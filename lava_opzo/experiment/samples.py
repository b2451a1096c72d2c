"""The data set of an experiment, checked against its network."""
import hashlib

import numpy as np

from lava_opzo.data import Dataset, load
from lava_opzo.errors import UserError
from lava_opzo.experiment.experiment import Experiment
from lava_opzo.experiment.unbroken import check_unbroken
from lava_opzo.network.network import Network

STREAM = "(stream)"
"""The data set of an experiment whose samples a program hands over one by one (`lava_opzo.learner`): no file holds them."""

MEMORY = "(memory)"
"""The data set of a run whose samples a program has in its memory; its path is their `fingerprint`."""

HANDED = (STREAM, MEMORY)
"""The data sets that no file holds."""


def fingerprint(frames: np.ndarray, labels: np.ndarray) -> str:
    """Says which samples these are. Shapes: uint8 (n, F, n_in), (n,)."""
    content = hashlib.sha256(repr(frames.shape).encode())
    content.update(np.ascontiguousarray(frames, np.uint8).data)
    content.update(np.ascontiguousarray(labels, np.int64).data)
    return f"sha256:{content.hexdigest()}"


def load_data(experiment: Experiment) -> Dataset:
    """The data set of an experiment. Raises UserError where it cannot be loaded or does not fit the network."""
    data = experiment.data
    if data.name == STREAM:
        raise UserError("data: a program handed over the samples of this network, and no file holds them; predict a file with "
                        "lava-opzo predict, go on in Python with Learner.load, or leave samples out (preflight --samples 0)")
    if data.name == MEMORY:
        raise UserError("data: a program has the samples of this run in its memory, and no file holds them; hand them over in "
                        "Python with lava_opzo.resume(RUN, frames, labels), or predict a file with lava-opzo predict")
    if experiment.network.learning.carry:
        check_unbroken(data)
    dataset = load(data.name, data.path or None, steps=experiment.network.learning.steps, seed=data.seed, **data.options)
    check_fit(experiment.network, dataset)
    return dataset


def check_fit(network: Network, dataset: Dataset) -> None:
    """Raise UserError for a data set that does not fit the network, before anything starts."""
    _, rows, lines = dataset.train_frames.shape
    steps = network.learning.steps
    if lines != network.input.n:
        raise UserError(f"network: n_in {network.input.n} is not the {lines} lines of data set '{dataset.name}'; "
                        f"set n_in = {lines}")
    if dataset.kind != network.readout.kind:
        raise UserError(f"network: readout kind '{network.readout.kind}' is not the {dataset.kind} of data set '{dataset.name}'; "
                        f"set kind = \"{dataset.kind}\"")
    if dataset.n_classes != network.readout.n:
        raise UserError(f"network: readout n {network.readout.n} is not the {dataset.n_classes} {dataset.kind} of data set "
                        f"'{dataset.name}'; set n = {dataset.n_classes}")
    if rows not in (1, steps):
        raise UserError(f"data set '{dataset.name}': {rows} frames a sample are neither 1 nor the window's {steps} steps; "
                        f"load it with steps = {steps}")
