"""One time step in real numbers of a network whose weights learn in every step (docs/arithmetic.md section 11)."""
import numpy as np

from lava_opzo.engines.twin.counts import round_counts
from lava_opzo.engines.twin.layout import Flat
from lava_opzo.engines.twin.part import part
from lava_opzo.engines.twin.reals.credit import credits
from lava_opzo.engines.twin.reals.forward import current, received, step
from lava_opzo.engines.twin.reals.learning import update_layer
from lava_opzo.engines.twin.reals.memory import Memory, Scratch
from lava_opzo.engines.twin.running import Running, bias_of, leave_trace
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
def advance(net: Flat, memory: Memory, payload: np.ndarray, sign: int, work: Scratch, now: Running) -> None:
    """All layers take one step, from the input up; the sums of the readout leak and grow."""
    depth, lines = net.n.size - 2, net.n[0]
    leave_trace(now.trace[:lines], payload, net.decay)
    for l in range(1, depth + 1):
        first, last = net.neuron[l - 1], net.neuron[l]
        u = work.u[0, :net.n[l]]
        if l == 1:
            received(net, memory, l, payload, work.sums, u)
        else:
            received(net, memory, l, now.spikes[net.neuron[l - 2]:first], work.sums, u)
        current(u)
        psi, spikes = work.psi[first:last], now.spikes[first:last]
        psi[:] = 0
        bias = bias_of(net, l, sign, work)
        step(now.v[first:last], u, bias, net.dv[l - 1], net.threshold[l - 1], net.psi_width[l - 1], net.floor[l - 1], psi,
             work.count[first:last], spikes)
        leave_trace(now.trace[lines + first:lines + last], spikes, net.decay)
    add_outputs(net, memory, now.spikes[net.neuron[depth - 1]:net.neuron[depth]], 1 if sign < 0 else 0, work.o[0])


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
        trace = now.trace[net.source[l - 1]:net.source[l]]
        x = work.x[:trace.size]
        round_counts(trace, net.x_shift[l - 1], net.x_max, x)
        update_layer(net, memory, l, x, work)
