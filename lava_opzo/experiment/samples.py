"""The data set of an experiment, checked against its network."""
from lava_opzo.errors import UserError
from lava_opzo.experiment.experiment import Experiment


def load_data(experiment: Experiment):
    """The data set of an experiment, checked against its network."""
    from lava_opzo.data import load

    data = experiment.data
    dataset = load(data.name, data.path or None, steps=experiment.network.steps, seed=data.seed, **data.options)
    check_fit(experiment, dataset)
    return dataset


def check_fit(experiment: Experiment, dataset) -> None:
    """Refuse a data set that does not fit the network, before anything starts."""
    network, (_, rows, lines) = experiment.network, dataset.train_frames.shape
    if lines != network.n_in:
        raise UserError(f"network: n_in {network.n_in} is not the {lines} lines of data set '{dataset.name}'; set n_in = {lines}")
    if dataset.n_classes != network.readout.n:
        raise UserError(f"network: readout n {network.readout.n} is not the {dataset.n_classes} classes of data set "
                        f"'{dataset.name}'; set n = {dataset.n_classes}")
    if rows not in (1, network.steps):
        raise UserError(f"data set '{dataset.name}': {rows} frames a sample are neither 1 nor the window's {network.steps} steps; "
                        f"load it with steps = {network.steps}")
