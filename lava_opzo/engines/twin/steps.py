"""One step of the algorithm in either number system, where weights learn in every step (docs/arithmetic.md section 11)."""
from collections.abc import Callable
from typing import Any

import numpy as np

from lava_opzo.arithmetic.fixed.traces import DECAY_BITS
from lava_opzo.engines.twin.counts import Whole, round_counts
from lava_opzo.engines.twin.layout import A, Flat, O, V
from lava_opzo.engines.twin.noise import draw_noise
from lava_opzo.engines.twin.part import part, view
from lava_opzo.engines.twin.running import Running
from lava_opzo.engines.twin.step_watch import StepWatch, forward_of, note_sums
from lava_opzo.engines.twin.watch import note_step
from lava_opzo.silicon.profile import STATE_SHIFT


def beginning(balance: Callable[..., None]) -> Callable[..., None]:
    """What begins a sample, compiled for one number system; balance: (o), both sums of a readout that goes on, (2, n_out)."""
    @part
    def begin(net: Flat, memory: Any, learn: bool, work: Any, now: Running) -> None:
        """A sample draws its noise if it is learned, counts from 0, and begins at rest unless it goes on with the one before."""
        if learn:
            draw_noise(memory, work)
        work.count[:] = 0
        if net.carry:
            balance(work.o[0])
        else:
            work.o[:] = 0
            now.v[:] = 0
            now.trace[:] = 0

    return begin


@part
def leave_trace(trace: np.ndarray, spikes: np.ndarray, decay: int) -> None:
    """count = ((count * (4096 - decay)) >> 12) + (s << 6), in place."""
    kept = (1 << DECAY_BITS) - decay
    for j in range(trace.size):
        trace[j] = np.int32(((np.int64(trace[j]) * kept) >> DECAY_BITS) + (np.int64(spikes[j]) << STATE_SHIFT))


@view
def remembered(net: Flat, work: Any, now: Running, l: int) -> np.ndarray:
    """x of the connection into layer l, int16 (n_pre,) in work.x: the rounded traces of the layer below."""
    trace = now.trace[net.source[l - 1]:net.source[l]]
    x = work.x[:trace.size]
    round_counts(trace, net.x_shift[l - 1], net.x_max, x)
    return x


@part
def answered(work: Any, largest: np.ndarray | None) -> None:
    """o = o_plus + o_minus into work.error."""
    for q in range(work.error.shape[1]):
        work.error[0, q] = work.o[0, 0, q] + work.o[0, 1, q]
        if largest is not None:
            largest[-1, O] = max(largest[-1, O], abs(work.error[0, q]))


def advancing(payload: Callable[..., None], spikes: Callable[..., None], current: Callable[..., Whole],
              step: Callable[..., Whole], add_outputs: Callable[..., None]) -> Callable[..., None]:
    """One forward step of all layers, compiled for one number system.

    payload, spikes, current, step: as in `lava_opzo.engines.twin.windows.forward`. add_outputs: (net, memory, spikes, side, o),
    both sums of the readout leak, and the one of that side grows by what the spikes bring.
    """
    @part
    def advance(net: Flat, memory: Any, shown: np.ndarray, k: int, sign: int, work: Any, now: Running,
                largest: np.ndarray | None, watch: StepWatch | None) -> None:
        """All layers take step k, from the input up. sign: of the noise, 0 without it."""
        depth, lines = net.n.size - 2, net.n[0]
        leave_trace(now.trace[:lines], shown, net.decay)
        for l in range(1, depth + 1):
            first, last = net.neuron[l - 1], net.neuron[l]
            u, bias = work.u[0, :net.n[l]], work.bias[:net.n[l]]
            if l == 1:
                payload(net, memory, l, shown, work.sums, u)
            else:
                spikes(net, memory, l, now.spikes[net.neuron[l - 2]:first], work.sums, u)
            largest_a = current(u)
            for i in range(u.size):
                bias[i] = sign * net.alpha[l - 1] * work.z[first + i]
            v, psi, sent = now.v[first:last], work.psi[first:last], now.spikes[first:last]
            trace = now.trace[lines + first:lines + last]
            psi[:] = 0
            largest_v = step(v, u, bias, net.dv[l - 1], net.threshold[l - 1], net.psi_width[l - 1], net.floor[l - 1], psi,
                             work.count[first:last], sent)
            if largest is not None:
                largest[l - 1, A] = max(largest[l - 1, A], largest_a)
                largest[l - 1, V] = max(largest[l - 1, V], largest_v)
            leave_trace(trace, sent, net.decay)
            note_step(forward_of(watch), first, k, sent, v, psi, trace)
        add_outputs(net, memory, now.spikes[net.neuron[depth - 1]:net.neuron[depth]], 1 if sign < 0 else 0, work.o[0])
        note_sums(watch, k, work.o[0])

    return advance
