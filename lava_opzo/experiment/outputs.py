"""The readout of a network whose outputs are labels or values, by a rule on the recipe of its classes."""
from dataclasses import replace

from lava_opzo.data import Dataset
from lava_opzo.network.form import changed
from lava_opzo.network.network import Network
from lava_opzo.silicon.readouts import CLASSES, VALUES

VALUE_BITS = 2
"""What error_shift of values has more than that of classes: a value needs its error to be small, not only right in sign, so that
sums are four times as large and a step of a weight is a fourth of the error that it was (docs/results.md)."""


def with_outputs(network: Network, samples: Dataset) -> Network:
    """The network with outputs of the kind that the samples teach, as many as they have; one of classes as it is.

    Labels keep the scales of classes, values have VALUE_BITS more in error_shift.
    """
    if samples.kind == CLASSES:
        return network
    readout = network.readout
    shift = readout.error_shift + VALUE_BITS * (samples.kind == VALUES)
    return changed(network, readout=replace(readout, n=samples.n_classes, kind=samples.kind, error_shift=shift))


def room(samples: Dataset) -> int:
    """The outputs that a recipe is asked for: those of the samples, or the least that a readout of classes has."""
    return max(2, samples.n_classes)
