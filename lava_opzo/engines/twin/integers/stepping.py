"""One time step of a network whose weights learn in every step (docs/arithmetic.md section 11): forward, and what it teaches."""
import numpy as np

from lava_opzo.engines.twin.counts import round_counts
from lava_opzo.engines.twin.integers.credit import credits
from lava_opzo.engines.twin.integers.forward import received_payload, received_spikes, step, to_current
from lava_opzo.engines.twin.integers.learning import update_layer
from lava_opzo.engines.twin.integers.memory import Memory
from lava_opzo.engines.twin.integers.scratch import Counters, Scratch
from lava_opzo.engines.twin.layout import A, D, Flat, O, V
from lava_opzo.engines.twin.part import part
from lava_opzo.engines.twin.running import Running, bias_of, leave_trace
from lava_opzo.engines.twin.step_watch import StepWatch, forward_of, note_answer, note_sums, of_answer
from lava_opzo.engines.twin.synapses import readout_weights
from lava_opzo.engines.twin.watch import note_step


@part
def balance(o: np.ndarray) -> None:
    """o_minus = (o_plus + o_minus) >> 1, and o_plus the rest, in place: the difference begins anew, the sum goes on.

    Shapes:
        o: (2, n_out).
    """
    for q in range(o.shape[1]):
        total = o[0, q] + o[1, q]
        o[1, q] = total >> 1
        o[0, q] = total - o[1, q]


@part
def advance(net: Flat, memory: Memory, payload: np.ndarray, k: int, sign: int, work: Scratch, now: Running, largest: np.ndarray,
            watch: StepWatch | None) -> None:
    """All layers take step k, from the input up; the sums of the readout leak and grow."""
    depth, lines = net.n.size - 2, net.n[0]
    leave_trace(now.trace[:lines], payload, net.decay)
    for l in range(1, depth + 1):
        first, last = net.neuron[l - 1], net.neuron[l]
        u = work.u[0, :net.n[l]]
        if l == 1:
            received_payload(net, memory, l, payload, work.sums, u)
        else:
            received_spikes(net, memory, l, now.spikes[net.neuron[l - 2]:first], work.sums, u)
        largest[l - 1, A] = max(largest[l - 1, A], to_current(u))
        v, psi, spikes = now.v[first:last], work.psi[first:last], now.spikes[first:last]
        trace = now.trace[lines + first:lines + last]
        psi[:] = 0
        bias = bias_of(net, l, sign, work)
        v_size = step(v, u, bias, net.dv[l - 1], net.threshold[l - 1], net.psi_width[l - 1], net.floor[l - 1], psi,
                      work.count[first:last], spikes)
        largest[l - 1, V] = max(largest[l - 1, V], v_size)
        leave_trace(trace, spikes, net.decay)
        note_step(forward_of(watch), first, k, spikes, v, psi, trace)
    add_outputs(net, memory, now.spikes[net.neuron[depth - 1]:net.neuron[depth]], 1 if sign < 0 else 0, work.o[0])
    note_sums(watch, k, work.o[0])


@part
def add_outputs(net: Flat, memory: Memory, spikes: np.ndarray, side: int, o: np.ndarray) -> None:
    """Both sums of every class leak towards zero, and one of them grows by what this step's spikes bring."""
    weights, kept = readout_weights(net, memory), 4096 - net.readout_dv
    for q in range(net.n[-1]):
        for p in range(2):
            size = (abs(o[p, q]) * kept) >> 12
            o[p, q] = size if o[p, q] >= 0 else -size
        total, row = np.int64(0), weights[q]
        for j in range(spikes.size):
            total += np.int32(row[j]) * np.int32(spikes[j])
        o[side, q] += total


@part
def teach(net: Flat, memory: Memory, label: np.ndarray, n_trained: int, answer: int, prediction: int, work: Scratch, now: Running,
          seen: Counters, watch: StepWatch | None) -> None:
    """The error of this step, y of every layer, and all ranks of W. work.error: o; answer: number of the answer in its sample."""
    for q in range(net.n[-1]):
        seen.largest[-1, D] = max(seen.largest[-1, D], abs(work.o[0, 0, q] - work.o[0, 1, q]))
    inner = of_answer(watch, answer, net.x_max)
    credits(net, memory, label, n_trained, work, seen.largest, inner)
    note_answer(watch, answer, prediction, work.error[0], work.steps, memory.y_residual)
    for l in range(1, net.n.size):
        trace = now.trace[net.source[l - 1]:net.source[l]]
        x = work.x[:trace.size]
        round_counts(trace, net.x_shift[l - 1], net.x_max, x)
        update_layer(net, memory, l, x, work, seen.weight_touches, inner)


@part
def answered(work: Scratch, largest: np.ndarray) -> None:
    """o = o_plus + o_minus into work.error."""
    for q in range(work.error.shape[1]):
        work.error[0, q] = work.o[0, 0, q] + work.o[0, 1, q]
        largest[-1, O] = max(largest[-1, O], abs(work.error[0, q]))
