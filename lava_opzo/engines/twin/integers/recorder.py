"""One sample of the twin, taken apart: its own compiled functions called step by step, so that every step can be looked at.

The compiled loop keeps no step. Here its functions run with one rank, one bit or one time step at a time; the end of the sample
(W, M, residuals, generators, prediction) comes from the compiled loop itself, so that its own order is part of what is compared.
"""
import numpy as np

from lava_opzo.engines.record import Record, before_the_first, last_rows
from lava_opzo.engines.twin.counts import active, count_input, round_count
from lava_opzo.engines.twin.integers.forward import spike_sum, step, to_current
from lava_opzo.engines.twin.integers.learning import (
    decay_rows,
    third_factor,
    update_columns,
    update_feedback,
    update_rows,
)
from lava_opzo.engines.twin.integers.loop import train
from lava_opzo.engines.twin.integers.memory import pack, unpack
from lava_opzo.engines.twin.integers.sample import (
    credits,
    input_currents,
    readout_windows,
)
from lava_opzo.engines.twin.integers.scratch import counters, scratch
from lava_opzo.engines.twin.layout import network
from lava_opzo.engines.twin.noise import draw_noise
from lava_opzo.engines.twin.synapses import feedback_of, hidden_weights, readout_weights
from lava_opzo.engines.unfold import Quantities, place
from lava_opzo.network.network import Config
from lava_opzo.network.state import State


class TwinRecorder:
    """Runs the twin sample by sample; config, state: what to run and where to start."""

    def __init__(self, config: Config, state: State, rows: int):
        self._config, self._state, self._before = config, state.copy(), before_the_first(config, state)

    def sample(self, frames: np.ndarray, label: int) -> Record:
        """Learn one sample: frames (rows, n_in), its label. Returns its record."""
        sample = _Sample(self._config, self._state, frames)
        seen = sample.learn(int(label))
        result = train(self._config, self._state, frames[None], np.array([label]))
        end = _int64(self._state)
        seen.weights[-1], seen.feedback[-1] = end.weights, end.feedback
        seen.z_state, seen.y_residual, seen.d_residual = end.z_state, end.y_residual, end.d_residual
        seen.prediction = int(result.predictions[0])
        record = place(self._config, seen, self._before)
        self._before = last_rows(record)
        return record

    def stop(self) -> None:
        """Nothing to end."""


def _int64(state: State) -> State:
    lists = ([a.astype(np.int64) for a in arrays] for arrays in (state.weights, state.feedback, state.z_state, state.y_residual))
    return State(*lists, state.d_residual.astype(np.int64), state.n_trained)


class _Sample:
    """The twin's memory during one sample."""

    def __init__(self, config, state, frames):
        self.config, self.start, self.frames = config, state, np.ascontiguousarray(frames, np.uint8)
        self.net, self.memory = network(config), pack(config, state)
        self.work, self.largest = scratch(self.net, len(frames)), counters(config.depth, 1).largest
        self.hidden = range(1, config.depth + 1)

    def learn(self, label: int) -> Quantities:
        net, memory, work, config = self.net, self.memory, self.work, self.config
        draw_noise(net, memory, work)
        input_currents(net, memory, self.frames, work, 0)
        windows = [self._windows(layer) for layer in self.hidden]
        spikes, v, psi, count = map(list, zip(*windows))
        o = self._outputs(count[-1])
        count_input(net, self.frames, work)
        work.error[:] = work.o.sum(axis=0)
        credits(net, memory, label, self.start.n_trained, work, self.largest)
        counts = [work.input_count, *(c[-1] for c in count)]
        x = [np.array([round_count(int(c), int(net.x_shift[i]), net.x_max) for c in values], np.int64)
             for i, values in enumerate(counts)]
        positive = np.maximum(work.error, 0)
        after = self._state()
        return Quantities(
            n_trained=self.start.n_trained,
            payload=np.array([self.frames[k % len(self.frames)] for k in range(config.steps)] * config.windows, np.int64),
            spikes=spikes, v=v, psi=psi, count=count, o_plus=o[:, 0], o_minus=o[:, 1], prediction=-1, z_state=after.z_state,
            error=work.error.copy(), g_positive=self._third_factors(positive), g=self._third_factors(work.error),
            y=[-self._of_layer(work.steps, i).astype(np.int64) // 2 for i in range(1, config.depth + 2)],
            y_residual=after.y_residual, d_hat=work.dhat.copy(), d_residual=after.d_residual, x=x,
            weights=self._ranks(x), feedback=self._feedback())

    def _of_layer(self, values, layer):
        return values[self.net.neuron[layer - 1]:self.net.neuron[layer]]

    def _state(self) -> State:
        state = self.start.copy()
        unpack(self.memory, self.net, state)
        return _int64(state)

    def _windows(self, layer):
        net, work, config = self.net, self.work, self.config
        n, K = config.widths[layer], config.steps
        v, bias, partial = work.v[:n], work.bias[:n], work.partial[:n]
        psi, count = self._of_layer(work.psi, layer), self._of_layer(work.count, layer)
        psi[:] = count[:] = 0
        limits = np.int32(net.threshold[layer - 1]), np.int32(net.psi_width[layer - 1])
        seen = np.empty((4, config.windows * K, n), np.int64)
        for t in range(config.windows * K):
            window, k = divmod(t, K)
            if k == 0:
                v[:] = 0
                bias[:] = net.alpha[layer - 1] * (1 - 2 * window) * self._of_layer(work.z, layer)
            u = work.u[k % len(self.frames) if layer == 1 else 0, :n]
            if layer > 1:
                n_active = active(work.raster[(layer - 1) & 1, t, :net.n[layer - 1]], work.index)
                spike_sum(hidden_weights(net, self.memory, layer), work.index, n_active, partial, u)
                to_current(u, 0)
            spikes = work.raster[layer & 1, t, :n]
            step(v, u, bias, net.dv[layer - 1], *limits, psi, count, spikes)
            seen[:, t] = spikes, v, psi, count
        return seen

    def _outputs(self, count):
        """o_plus and o_minus after each step, (Tw, 2, n_out): the twin sums counts, so it is given the counts up to that step."""
        top, K = self._of_layer(self.work.count, self.config.depth), self.config.steps
        seen = []
        for t in range(len(count)):
            top[:] = count[t]
            self.work.window_count[:top.size] = count[min(t, K - 1)]
            readout_windows(self.net, self.memory, self.config.windows, self.work)
            seen.append(self.work.o.copy())
        return np.array(seen)

    def _third_factors(self, error):
        factors = []
        for layer in self.hidden:
            g = np.zeros(self.config.widths[layer], np.int32)
            third_factor(feedback_of(self.net, self.memory, layer), error, g)
            factors.append(g.astype(np.int64))
        return factors

    def _ranks(self, x):
        net, memory, after = self.net, self.memory, []
        for rank in range(1, self.config.x_max + 1):
            for layer in self.hidden:
                update_columns(hidden_weights(net, memory, layer), memory.reach[net.source[layer - 1]:net.source[layer]],
                               (x[layer - 1] >= rank).astype(np.int16), self._of_layer(self.work.steps, layer))
            eligible = (x[-1] >= rank).astype(np.int16)
            update_rows(readout_weights(net, memory), eligible, 1, self._of_layer(self.work.steps, self.config.depth + 1),
                        self.work.change[:eligible.size])
            after.append(self._state().weights)
        return after

    def _feedback(self):
        net, memory, work, after = self.net, self.memory, self.work, []
        for layer in self.hidden:
            decay_rows(feedback_of(net, memory, layer), self.start.n_trained, net.decay_period)
        after.append(self._state().feedback)
        for sign in (1, -1):
            for bit in range(self.config.d_bits):
                one_bit = sign * (np.maximum(sign * work.dhat, 0) & (1 << bit))
                for layer in self.hidden:
                    z = self._of_layer(work.z, layer)
                    update_feedback(feedback_of(net, memory, layer), one_bit, z, net.d_bits, work.change[:z.size])
                after.append(self._state().feedback)
        return after
