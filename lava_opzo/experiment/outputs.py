"""The readout of a network whose outputs are labels or values, by a rule on the recipe of its classes."""
from dataclasses import replace

from lava_opzo.data import Dataset
from lava_opzo.network.form import changed
from lava_opzo.network.network import Network
from lava_opzo.silicon.readouts import CLASSES


def with_outputs(network: Network, samples: Dataset) -> Network:
    """The network with outputs of the kind that the samples teach, as many as they have; one of classes as it is.

    error_shift and y_shift stay those of the classes: 127 of a value is the sum at which a class errs by nothing more, and one
    more or less of either changed R2 by less than 0.002 (docs/results.md).
    """
    if samples.kind == CLASSES:
        return network
    return changed(network, readout=replace(network.readout, n=samples.n_classes, kind=samples.kind))


def room(samples: Dataset) -> int:
    """The outputs that a recipe is asked for: those of the samples, or the least that a readout of classes has."""
    return max(2, samples.n_classes)
