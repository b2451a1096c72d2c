"""One time step of a network whose weights learn in every step (docs/arithmetic.md section 11): forward, and what it teaches."""
import numpy as np

from lava_opzo.engines.twin.integers.credit import credits
from lava_opzo.engines.twin.integers.forward import received_payload, received_spikes, step, to_current
from lava_opzo.engines.twin.integers.learning import update_layer
from lava_opzo.engines.twin.integers.memory import Memory
from lava_opzo.engines.twin.integers.scratch import Counters, Scratch
from lava_opzo.engines.twin.layout import D, Flat
from lava_opzo.engines.twin.part import part
from lava_opzo.engines.twin.running import Running
from lava_opzo.engines.twin.step_watch import StepWatch, note_answer, of_answer
from lava_opzo.engines.twin.steps import advancing, beginning, remembered
from lava_opzo.engines.twin.synapses import readout_weights


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
        update_layer(net, memory, l, remembered(net, work, now, l), work, seen.weight_touches, inner)


begin = beginning(balance)
advance = advancing(received_payload, received_spikes, to_current, step, add_outputs)
