"""A slow loop over samples, windows and steps, written from `lava_opzo.arithmetic.fixed` alone, and a network to run it on."""
import numpy as np

from lava_opzo.arithmetic.fixed import error, membrane, noise, quantiser, synapses, weights
from lava_opzo.engines.twin.integers.loop import Result, train
from lava_opzo.learning.credit import Opzo
from lava_opzo.learning.learning import Counts, Learning
from lava_opzo.network.network import Network
from lava_opzo.network.populations import Hidden, Readout
from lava_opzo.network.state import State
from lava_opzo.silicon.profile import STOCK_LAVA, TRACE_MAX, Profile
from sim_tests.helpers.networks import differing


class Reference:
    """The network of docs/arithmetic.md, one sample, one window, one step at a time."""

    def __init__(self, network: Network, state: State):
        self.network, self.state = network, state
        self.predictions, self.spikes = [], []
        self.touches = {connection.name: 0 for connection in network.connections}
        self.largest = {layer.name: dict.fromkeys("uvhr", 0) for layer in network.hidden}
        self.largest[network.readout.name] = dict.fromkeys("od", 0)

    def _saw(self, layer, name, values):
        kept = self.largest[layer.name]
        kept[name] = max(kept[name], int(np.abs(values.astype(np.int64)).max()))

    def _weights(self, connection):
        return self.state[connection.weights].astype(np.int64)

    def _received(self, connection, s):
        return synapses.received.dispatch(object)(connection.topology, self._weights(connection), s)

    def _forward(self, frames, windows, z):
        network, hidden = self.network, self.network.hidden
        self.psi = [np.zeros(layer.n, np.int64) for layer in hidden]
        self.count = [np.zeros(layer.n, np.int64) for layer in hidden]
        self.o = np.zeros((2, network.readout.n), np.int64)
        for window in range(windows):
            v = [np.zeros(layer.n, np.int64) for layer in hidden]
            for k in range(network.learning.steps):
                s = frames[k % len(frames)].astype(np.int64)
                for l, layer in enumerate(hidden):
                    a = self._received(network.forward[l], s)
                    bias = (1 - 2 * window) * z[l] * (layer.bias_mant << layer.bias_exp)
                    self._saw(layer, "u", a * 64)
                    v[l] = membrane.integrate(v[l], a, layer.dv, bias)
                    self._saw(layer, "v", v[l])
                    self.psi[l] += membrane.near_threshold(v[l], layer.vth, layer.psi_width)
                    s, v[l] = membrane.fire(v[l], layer.vth, layer.floor)
                    self.count[l] += s
                self.o[window] += self._received(network.forward[-1], s)
        self.spikes.append([int(count.sum()) for count in self.count])
        self.predictions.append(error.predict(self.o.sum(0)))
        self._saw(network.readout, "o", self.o.sum(0))

    def sample(self, frames, label, learn=True):
        hidden, arrays = self.network.hidden, self.state.arrays
        if not learn:
            return self._forward(frames, 1, [np.zeros(layer.n, np.int64) for layer in hidden])
        z = []
        for layer in hidden:
            name = f"{layer.name}.z_state"
            arrays[name] = noise.advance(arrays[name]).astype(np.int32)
            z.append(noise.sign(arrays[name]).astype(np.int64))
        self._forward(frames, self.network.learning.windows, z)
        return self._learn(frames, label, z)

    def _learn(self, frames, label, z):
        network, state, out, learning = self.network, self.state, self.network.readout, self.network.learning
        target = (np.arange(out.n) == label).astype(np.int64)
        e = error.output_error(self.o.sum(0), target, out.error_shift)
        h = [(self._weights(m) @ error.positive(e) - self._weights(m) @ error.negative(e)) * psi
             for m, psi in zip(network.feedback, self.psi, strict=True)] + [e]
        repeats = learning.windows * learning.steps // len(frames)
        counts = [repeats * frames.astype(np.int64).sum(0)] + self.count
        for l, (layer, connection) in enumerate(zip(network.plastic, network.forward, strict=True)):
            shift = quantiser.shift_at(layer.y_shift, state.n_trained, learning.halve_every, learning.max_halvings)
            residual = state[f"{layer.name}.y_residual"].astype(np.int64)
            if layer is not out:
                self._saw(layer, "h", h[l])
                self._saw(layer, "r", residual + h[l])
            y, residual = quantiser.quantise(residual, h[l], shift, TRACE_MAX)
            state.arrays[f"{layer.name}.y_residual"] = residual.astype(np.int32)
            x_max, w, traces = learning.eligibility.x_max, state[connection.weights], (error.negative(y), error.positive(y))
            x = quantiser.round_count(counts[l], connection.x_shift, x_max)
            for rank in range(1, x_max + 1):
                self.touches[connection.name] += synapses.learned.dispatch(object)(connection.topology, w, x >= rank, *traces,
                                                                                   network.profile)
        self._learn_feedback(z)
        state.n_trained += 1

    def _learn_feedback(self, z):
        network, state, out, credit = self.network, self.state, self.network.readout, self.network.learning.credit
        d, name = self.o[0] - self.o[1], f"{self.network.readout.name}.d_residual"
        self._saw(out, "d", d)
        dhat, residual = quantiser.quantise(state[name].astype(np.int64), d, out.d_shift, (1 << credit.d_bits) - 1)
        state.arrays[name] = residual.astype(np.int32)
        for l, connection in enumerate(network.feedback):
            m = state[connection.weights]
            weights.decay(m, weights.decay_rows(len(m), state.n_trained, credit.decay_period), network.profile)
            for part, agrees in ((error.positive(dhat), 1), (error.negative(dhat), -1)):
                for bit in range(credit.d_bits):
                    y1, y2 = (z[l] == agrees).astype(np.int64) << bit, (z[l] == -agrees).astype(np.int64) << bit
                    self.touches[connection.name] += synapses.learned(
                        connection.topology, m, (part >> bit) & 1, y1, y2, network.profile)


def busy(n_in=23, widths=(37, 18, 21), n_out=5, vth=2500, vth_upper=300, dv=0, y_shift=9, profile: Profile = STOCK_LAVA, d_bits=2,
         decay_period=8, x_max=2, **learning) -> Network:
    """Small, busy and quickly learning, so that a few dozen samples reach most branches."""
    hidden = [Hidden(n=n, vth=vth if l == 0 else vth_upper, bias_mant=2000, bias_exp=3 if l == 0 else 0,
                     psi_width=vth // 2 if l == 0 else vth_upper // 2, y_shift=y_shift, dv=dv) for l, n in enumerate(widths)]
    upper = len(widths) - 1
    learned = Learning(credit=Opzo(d_bits, decay_period), eligibility=Counts(x_max), **{"steps": 6, **learning})
    return Network.chain(n_in, hidden, Readout(n=n_out, error_shift=3, y_shift=5, d_shift=4), sigma=(24.0, *[40.0] * upper, 8.0),
                         x_shift=(5, *[2] * upper, 2), learning=learned, profile=profile)


def data(network, n_frames, n_samples=40, seed=3, classes=5):
    rng, shape = np.random.default_rng(seed), (n_samples, n_frames, network.input.n)
    frames = rng.integers(0, 16, shape) * (rng.random(shape) < 0.4)
    return frames.astype(np.uint8), rng.integers(0, classes, n_samples).astype(np.int32)


def assert_same_run(network, state, frames, labels) -> Result:
    """Train both; every state array and every reported figure must agree."""
    reference = Reference(network, state.copy())
    for frame, label in zip(frames, labels, strict=True):
        reference.sample(frame, label)
    result = train(network, state, frames, labels)
    assert differing(state, reference.state) == []
    assert {array.dtype for array in state.arrays.values()} == {np.dtype(np.int32)}
    assert np.array_equal(result.predictions, reference.predictions)
    assert np.array_equal(result.spikes, reference.spikes)
    assert result.rail_touches == reference.touches
    assert result.largest == reference.largest
    return result
