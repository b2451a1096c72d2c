"""One time step in real numbers of a network whose weights learn in every step (docs/arithmetic.md section 11)."""
import numpy as np

from lava_opzo.engines.twin.layout import Flat
from lava_opzo.engines.twin.part import part
from lava_opzo.engines.twin.reals.credit import credits
from lava_opzo.engines.twin.reals.forward import current, received, step
from lava_opzo.engines.twin.reals.learning import update_layer
from lava_opzo.engines.twin.reals.memory import Memory, Scratch
from lava_opzo.engines.twin.running import Running
from lava_opzo.engines.twin.steps import advancing, beginning, remembered
from lava_opzo.engines.twin.synapses import readout_weights


@part
def balance(o: np.ndarray) -> None:
    """Both sums become half of what they are together, in place: the difference begins anew, the sum goes on.

    Shapes:
        o: (2, n_out).
    """
    for q in range(o.shape[1]):
        o[0, q] = o[1, q] = (o[0, q] + o[1, q]) / 2


@part
def add_outputs(net: Flat, memory: Memory, spikes: np.ndarray, side: int, o: np.ndarray) -> None:
    """Both sums of every class leak, and one of them grows by what this step's spikes bring."""
    weights, kept = readout_weights(net, memory), 1.0 - net.readout_dv / 4096.0
    for q in range(net.n[-1]):
        heard = 0.0
        for j in range(spikes.size):
            if spikes[j]:
                heard += weights[q, j]
        o[0, q] *= kept
        o[1, q] *= kept
        o[side, q] += heard


@part
def teach(net: Flat, memory: Memory, kind: int, label: np.ndarray, n_trained: int, work: Scratch, now: Running) -> None:
    """The error of this step, y of every layer, and W. work.error: o; kind: of credit."""
    credits(net, memory, kind, label, n_trained, work)
    for l in range(1, net.n.size):
        update_layer(net, memory, l, remembered(net, work, now, l), work)


begin = beginning(balance)
advance = advancing(received, received, current, step, add_outputs)
