"""The same network with auxiliary readouts, which teach hidden layers from nearer than the last one: `--local` of `train`.

each      every hidden layer below the last has a readout of its own: local learning (arXiv 2407.12516)
halfway   one readout halfway up teaches the layers below it, the last one those above: intermediate global learning
"""
from collections.abc import Sequence
from dataclasses import replace
from math import log2

from lava_opzo.errors import UserError, shown
from lava_opzo.experiment.experiment import Experiment
from lava_opzo.network.form import changed
from lava_opzo.network.network import Network
from lava_opzo.network.populations import Auxiliary
from lava_opzo.network.widths import LARGEST_SHIFT

EACH, HALFWAY = "each", "halfway"
KINDS = (EACH, HALFWAY)


def locally(experiment: Experiment, kind: str) -> Experiment:
    """The experiment with auxiliary readouts where `kind` wants them.

    Raises UserError for an unknown kind, for a network that has some already, and for one without a layer to put them.
    """
    network = experiment.network
    if kind not in KINDS:
        raise UserError(f"--local '{shown(kind)}' is not one of {', '.join(KINDS)}; choose one of them")
    if network.auxiliary:
        names = shown(", ".join(one.name for one in network.auxiliary))
        raise UserError(f"--local {kind}: the network has auxiliary readouts already, {names}; leave --local out")
    if network.depth < 2:
        raise UserError(f"--local {kind} has no effect on one hidden layer, whose readout is the last one; give --hidden two "
                        "layers or more, or leave --local out")
    layers = range(1, network.depth) if kind == EACH else (network.depth // 2,)
    return replace(experiment, network=with_auxiliary(network, layers))


def with_auxiliary(network: Network, layers: Sequence[int]) -> Network:
    """The network with a readout above each of these hidden layers, with the constants of the last one.

    A layer that is 2^n times as wide as the last hidden one brings n bits more into every sum, which the three shifts take off.
    """
    readout, last = network.readout, network.hidden[-1]
    most = LARGEST_SHIFT - network.learning.halvings
    auxiliary = []
    for layer in layers:
        wide = round(log2(network.hidden[layer - 1].n / last.n))
        error, y, d = (max(0, shift + wide) for shift in (readout.error_shift, readout.y_shift, readout.d_shift))
        auxiliary.append(Auxiliary(layer, network.forward[-1].sigma, min(error, LARGEST_SHIFT), min(y, most),
                                   min(d, LARGEST_SHIFT)))
    return changed(network, auxiliary=tuple(auxiliary))
