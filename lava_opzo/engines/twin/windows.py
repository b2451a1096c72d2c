"""The forward windows of a sample in either number system, layer by layer (docs/arithmetic.md section 3).

A layer's windows need only the spikes of the layer below, so one layer goes through all of them before the next one begins.
"""
from collections.abc import Callable
from typing import Any

import numpy as np

from lava_opzo.engines.twin.counts import Whole, predict
from lava_opzo.engines.twin.layout import A, Flat, O, V
from lava_opzo.engines.twin.part import part
from lava_opzo.engines.twin.synapses import auxiliary_weights, readout_weights
from lava_opzo.engines.twin.watch import Watch, note_step, outputs_noted


def _hidden_windows(received: Callable[..., None], current: Callable[..., Whole],
                    step: Callable[..., Whole]) -> Callable[..., None]:
    @part
    def hidden_windows(net: Flat, memory: Any, l: int, n_frames: int, windows: int, noisy: bool, work: Any,
                       largest: np.ndarray | None, watch: Watch | None) -> None:
        """All windows of hidden layer l; leaves its psi, count, counts of each window and raster in `work`."""
        n, first = net.n[l], net.neuron[l - 1]
        v, bias = work.v[:n], work.bias[:n]
        psi, count = work.psi[first:first + n], work.count[first:first + n]
        dv, threshold, psi_width, floor = net.dv[l - 1], net.threshold[l - 1], net.psi_width[l - 1], net.floor[l - 1]
        largest_a = largest_v = 0
        psi[:] = 0
        count[:] = 0
        for window in range(windows):
            amplitude = net.alpha[l - 1] * (1 - 2 * window) if noisy else 0
            for i in range(n):
                bias[i] = amplitude * work.z[first + i]
            v[:] = 0
            for k in range(net.steps):
                if net.turn_every > 0 and k > 0 and k % net.turn_every == 0:
                    for i in range(n):
                        bias[i] = -bias[i]
                t = window * net.steps + k
                u = work.u[k % n_frames if l == 1 else 0, :n]
                if l > 1:
                    below = work.raster[(l - 1) & 1, t, :net.n[l - 1]]
                    received(net, memory, l, below, work.sums, u)
                    largest_a = max(largest_a, current(u))
                spikes = work.raster[l & 1, t, :n]
                largest_v = max(largest_v, step(v, u, bias, dv, threshold, psi_width, floor, psi, count, spikes))
                note_step(watch, first, t, spikes, v, psi, count)
            for i in range(n):
                work.window_count[window, i] = count[i] - (work.window_count[0, i] if window > 0 else 0)
        if largest is not None:
            largest[l - 1, A] = max(largest[l - 1, A], largest_a)
            largest[l - 1, V] = max(largest[l - 1, V], largest_v)

    return hidden_windows


def _turned_outputs(output: Callable[..., None]) -> Callable[..., None]:
    @part
    def turned_outputs(net: Flat, weights: np.ndarray, raster: np.ndarray, work: Any, o: np.ndarray) -> None:
        """What a readout receives in one window whose noise turns: `output` of each stretch under one sign, into its sum."""
        total, count = work.sums_of_steps[0], work.window_count[0, :raster.shape[1]]
        for first in range(0, net.steps, net.turn_every):
            stretch = raster[first:min(first + net.turn_every, net.steps)]
            count[:] = 0
            for k in range(stretch.shape[0]):
                for j in range(count.size):
                    count[j] += stretch[k, j]
            output(weights, stretch, count, work.sums_of_steps[1], total)
            for q in range(total.size):
                o[first // net.turn_every % 2, q] += total[q]

    return turned_outputs


def _heard(output: Callable[..., None]) -> Callable[..., None]:
    turned_outputs, note_outputs = _turned_outputs(output), outputs_noted(output)

    @part
    def heard(net: Flat, weights: np.ndarray, l: int, r: int, windows: int, noisy: bool, work: Any, largest: np.ndarray | None,
              watch: Watch | None) -> None:
        """What readout number r receives from hidden layer l, the one at hand; leaves o = o_plus + o_minus in work.error[r]."""
        n, o = net.n[l], work.o[r]
        raster = work.raster[l & 1, :, :n]
        o[:] = 0
        turns = noisy and net.turn_every > 0
        if turns:
            turned_outputs(net, weights, raster, work, o)
        for window in range(0 if turns else windows):
            output(weights, raster[window * net.steps:(window + 1) * net.steps], work.window_count[window, :n],
                   work.sums_of_steps[1], o[window])
        note_outputs(watch, weights, raster, net.steps, net.turn_every, r, work.sums_of_steps, o)
        for q in range(net.n[-1]):
            work.error[r, q] = o[0, q] + o[1, q]
        if largest is not None:
            row = net.n.size - 2 + r
            for q in range(net.n[-1]):
                largest[row, O] = max(largest[row, O], abs(work.error[r, q]))

    return heard


def forward(payload: Callable[..., None], spikes: Callable[..., None], current: Callable[..., Whole], step: Callable[..., Whole],
            output: Callable[..., None]) -> Callable[..., int]:
    """The forward windows of a sample, compiled for one number system.

    payload, spikes: (net, memory, l, s, sums, u), what a hidden layer receives from payloads or spikes s, into u; sums: scratch.
    current: (u), from there to membrane units, in place; returns the largest size before.
    step: (v, u, bias, dv, threshold, psi_width, floor, psi, count, spikes), one step of a hidden layer; returns the largest |v|.
    output: (weights, raster, count, step_sums, o), what the readout receives from some steps of spikes whose sum is count, into
    o; step_sums: scratch (n_out,).
    """
    hidden_windows, heard = _hidden_windows(spikes, current, step), _heard(output)

    @part
    def infer(net: Flat, memory: Any, frames: np.ndarray, windows: int, noisy: bool, work: Any, largest: np.ndarray | None,
              watch: Watch | None) -> int:
        """The forward windows; leaves o = o_plus + o_minus of every readout in work.error and returns the prediction.

        Without noise nobody asks auxiliary readouts.
        """
        largest_a = 0
        for k in range(frames.shape[0]):  # what layer 1 receives does not depend on the window
            u = work.u[k, :net.n[1]]
            payload(net, memory, 1, frames[k], work.sums, u)
            largest_a = max(largest_a, current(u))
        for l in range(1, net.n.size - 1):
            hidden_windows(net, memory, l, frames.shape[0], windows, noisy, work, largest, watch)
            r = net.reader[l - 1]
            if r > 0 and noisy:
                heard(net, auxiliary_weights(net, memory, r, l), l, r, windows, noisy, work, largest, watch)
        heard(net, readout_weights(net, memory), net.n.size - 2, 0, windows, noisy, work, largest, watch)
        if largest is not None:
            largest[0, A] = max(largest[0, A], largest_a)
        return predict(work.error[0])

    return infer
