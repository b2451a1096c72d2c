"""The twin equals a slow loop over samples, windows and steps that is written here from `lava_opzo.arithmetic.fixed` alone."""
import dataclasses

import numpy as np
import pytest

from lava_opzo.network.network import Config
from lava_opzo.network.layers import Hidden, Readout
from lava_opzo.arithmetic.fixed import error
from lava_opzo.arithmetic.fixed import quantiser
from lava_opzo.arithmetic.fixed import membrane
from lava_opzo.arithmetic.fixed import noise
from lava_opzo.arithmetic.fixed import weights
from lava_opzo.silicon.profile import WEIGHT_MAX, WEIGHT_MIN, Y_MAX
from lava_opzo.network.initial import initial_state
from lava_opzo.engines.twin.integers.loop import evaluate, train


class Reference:
    """The network of docs/arithmetic.md, one sample, one window, one step at a time."""

    def __init__(self, config, state):
        self.config, self.state = config, state
        self.predictions, self.spikes = [], []
        self.weight_touches, self.feedback_touches = [0] * (config.depth + 1), [0] * config.depth
        self.largest = {f"hidden{i}": dict.fromkeys("uvhr", 0) for i in range(1, config.depth + 1)}
        self.largest["readout"] = dict.fromkeys("od", 0)

    def _saw(self, l, name, values):
        kept = self.largest["readout" if l == self.config.depth else f"hidden{l + 1}"]
        kept[name] = max(kept[name], int(np.abs(values.astype(np.int64)).max()))

    def _forward(self, frames, windows, z):
        config, hidden = self.config, self.config.hidden
        self.psi = [np.zeros(layer.n, np.int64) for layer in hidden]
        self.count = [np.zeros(layer.n, np.int64) for layer in hidden]
        self.o = np.zeros((2, config.readout.n), np.int64)
        for window in range(windows):
            v = [np.zeros(layer.n, np.int64) for layer in hidden]
            for k in range(config.steps):
                s = frames[k % len(frames)].astype(np.int64)
                for l, layer in enumerate(hidden):
                    a = self.state.weights[l].astype(np.int64) @ s
                    bias = (1 - 2 * window) * z[l] * (layer.bias_mant << layer.bias_exp)
                    self._saw(l, "u", a * 64)
                    v[l] = membrane.integrate(v[l], a, layer.dv, bias)
                    self._saw(l, "v", v[l])
                    self.psi[l] += membrane.near_threshold(v[l], layer.vth, layer.psi_width)
                    s, v[l] = membrane.fire(v[l], layer.vth)
                    self.count[l] += s
                self.o[window] += self.state.weights[-1].astype(np.int64) @ s
        self.spikes.append([int(count.sum()) for count in self.count])
        self.predictions.append(error.predict(self.o.sum(0)))
        self._saw(config.depth, "o", self.o.sum(0))

    def sample(self, frames, label, learn=True):
        hidden = self.config.hidden
        if not learn:
            return self._forward(frames, 1, [np.zeros(layer.n, np.int64) for layer in hidden])
        self.state.z_state = [noise.advance(z).astype(np.int32) for z in self.state.z_state]
        z = [noise.sign(z).astype(np.int64) for z in self.state.z_state]
        self._forward(frames, self.config.windows, z)
        self._learn(frames, label, z)

    def _learn(self, frames, label, z):
        config, state, out = self.config, self.state, self.config.readout
        target = (np.arange(out.n) == label).astype(np.int64)
        error = error.output_error(self.o.sum(0), target, out.error_shift)
        h = [(m.astype(np.int64) @ error.positive(error) - m.astype(np.int64) @ error.negative(error)) * psi
             for m, psi in zip(state.feedback, self.psi)] + [error]
        repeats = config.windows * config.steps // len(frames)
        counts = [repeats * frames.astype(np.int64).sum(0)] + self.count
        for l, layer in enumerate(config.layers):
            shift = quantiser.shift_at(layer.y_shift, state.n_trained, config.halve_every, config.max_halvings)
            if l < config.depth:
                self._saw(l, "h", h[l])
                self._saw(l, "r", state.y_residual[l] + h[l])
            y, residual = quantiser.quantise(state.y_residual[l].astype(np.int64), h[l], shift, Y_MAX)
            state.y_residual[l] = residual.astype(np.int32)
            x = quantiser.round_count(counts[l], layer.x_shift, config.x_max)
            for rank in range(1, config.x_max + 1):
                self.weight_touches[l] += weights.update(
                    state.weights[l], (x >= rank).astype(np.int64), error.negative(y), error.positive(y))
        self._saw(config.depth, "d", self.o[0] - self.o[1])
        dhat, residual = quantiser.quantise(state.d_residual.astype(np.int64), self.o[0] - self.o[1], out.d_shift,
                                         (1 << config.d_bits) - 1)
        state.d_residual = residual.astype(np.int32)
        for l, m in enumerate(state.feedback):
            weights.decay(m, weights.decay_rows(len(m), state.n_trained, config.decay_period))
            for part, agrees in ((error.positive(dhat), 1), (error.negative(dhat), -1)):
                for bit in range(config.d_bits):
                    y1, y2 = (z[l] == agrees).astype(np.int64) << bit, (z[l] == -agrees).astype(np.int64) << bit
                    self.feedback_touches[l] += weights.update(m, (part >> bit) & 1, y1, y2)
        state.n_trained += 1


def network(n_in=23, widths=(37, 18, 21), n_out=5, vth=2500, vth_upper=300, dv=0, y_shift=9, **options):
    """Small, busy and quickly learning, so that a few dozen samples reach most branches."""
    hidden = [Hidden(n, vth if l == 0 else vth_upper, 2000, 3 if l == 0 else 0, vth // 2 if l == 0 else vth_upper // 2, y_shift,
                     5 if l == 0 else 2, 24.0 if l == 0 else 40.0, dv) for l, n in enumerate(widths)]
    return Config(n_in, tuple(hidden), Readout(n_out, 3, 5, 4, 2, 8.0), **{"decay_period": 8, "steps": 6, **options})


def data(config, n_frames, n_samples=40, seed=3, classes=5):
    rng = np.random.default_rng(seed)
    frames = rng.integers(0, 16, (n_samples, n_frames, config.n_in)) * (rng.random((n_samples, n_frames, config.n_in)) < 0.4)
    labels = rng.integers(0, classes, n_samples)
    return frames.astype(np.uint8), labels.astype(np.int32)


def assert_same_state(state, other):
    for name, array in state.arrays().items():
        assert np.array_equal(array, other.arrays()[name]), name
        assert array.dtype == np.int32, name
    assert state.n_trained == other.n_trained


def assert_same_run(config, state, frames, labels):
    """Train both; every state array and every reported figure must agree."""
    reference = Reference(config, state.copy())
    for frame, label in zip(frames, labels):
        reference.sample(frame, label)
    result = train(config, state, frames, labels)
    assert_same_state(state, reference.state)
    assert np.array_equal(result.predictions, reference.predictions)
    assert np.array_equal(result.spikes, reference.spikes)
    assert np.array_equal(result.weight_touches, reference.weight_touches)
    assert np.array_equal(result.feedback_touches, reference.feedback_touches)
    assert result.largest == reference.largest
    assert result.n_trained == reference.state.n_trained
    return result


@pytest.mark.parametrize("widths", [(37,), (37, 18), (37, 18, 21), (9, 40, 7, 33)])
@pytest.mark.parametrize("windows", [1, 2])
@pytest.mark.parametrize("n_frames", [1, 6])
def test_any_depth_windows_and_frames_give_the_reference_bits(widths, windows, n_frames):
    config = network(widths=widths, windows=windows)
    result = assert_same_run(config, initial_state(config), *data(config, n_frames))
    assert result.spikes.any(axis=0).all()


@pytest.mark.parametrize("dv", [1, 409, 4095])
def test_leak_gives_the_reference_bits(dv):
    config = network(dv=dv)
    assert_same_run(config, initial_state(config), *data(config, 6))


@pytest.mark.parametrize("x_max", [1, 2, 3, 7])
@pytest.mark.parametrize("d_bits", [1, 3])
def test_ranks_and_bits_of_the_updates_give_the_reference_bits(x_max, d_bits):
    config = network(x_max=x_max, d_bits=d_bits)
    assert_same_run(config, initial_state(config), *data(config, 1))


@pytest.mark.parametrize("decay_period", [0, 1, 4, 64])
def test_decay_period_gives_the_reference_bits(decay_period):
    config = network(decay_period=decay_period)
    assert_same_run(config, initial_state(config), *data(config, 1))


def test_halving_of_the_step_gives_the_reference_bits():
    config = network(halve_every=7, max_halvings=3)
    assert_same_run(config, initial_state(config), *data(config, 1))


@pytest.mark.parametrize("rail", [WEIGHT_MIN, WEIGHT_MAX])
def test_weights_and_feedback_at_a_rail_stop_there_and_are_counted(rail):
    config = network(widths=(37, 30), vth_upper=60, y_shift=5)
    state, rng = initial_state(config), np.random.default_rng(1)
    for array in (*state.weights, *state.feedback):
        array[rng.random(array.shape) < 0.2] = rail
    readout = state.weights[-1]
    readout[readout != rail] = -100 if rail > 0 else 100  # only a negative output is driven upwards, only a positive one down
    result = assert_same_run(config, state, *data(config, 1))
    assert (result.weight_touches > 0).all() and (result.feedback_touches > 0).all()


def test_wide_sums_wrap_their_current_once_and_saturate_the_membrane():
    config = network(n_in=1200, widths=(48, 300, 8), vth=100000)
    state = initial_state(config)
    fan_in = np.linspace(0, 1200, 24).astype(int)
    for row, n in enumerate(fan_in):  # sums from 0 to far beyond both limits
        state.weights[0][row] = np.where(np.arange(1200) < n, 254, 0)
        state.weights[0][row + 24] = -state.weights[0][row]
    frames, labels = data(config, 1, 12)
    sums = state.weights[0].astype(np.int64) @ frames[:, 0].T.astype(np.int64) << 6
    for low, high in ((1 << 22, 1 << 23), (1 << 23, 1 << 24), (1 << 24, 1 << 26)):
        assert ((sums > low) & (sums < high)).any() and ((sums < -low) & (sums > -high)).any()
    result = assert_same_run(config, state, frames, labels)
    assert result.largest["hidden1"]["v"] == (1 << 23) - 1
    assert result.largest["hidden1"]["u"] > 1 << 24, "u counts before its wrap"


def test_a_current_at_either_limit_of_the_wrap_gives_the_reference_bits():
    config = network(n_in=129, widths=(4, 5), vth=100000)
    state = initial_state(config)
    frames = np.full((2, 1, 129), 8, np.uint8)
    frames[:, 0, -1] = 1
    for row, (sign, last) in enumerate(((1, 0), (1, 2), (-1, 0), (-1, 2))):
        state.weights[0][row] = 128 * sign
        state.weights[0][row, -1] = last
    assert (state.weights[0] @ frames[0, 0].astype(np.int64)).tolist() == [2**17, 2**17 + 2, -2**17, -2**17 + 2]
    assert_same_run(config, state, frames, np.zeros(2, np.int32))


def test_more_than_124_spikes_in_a_step_sum_exactly():
    config = network(widths=(400, 12), vth=2)
    state = initial_state(config)
    state.weights[0][:] = 200
    state.weights[1][:6], state.weights[1][6:] = -256, 254
    frames = np.full((3, 1, config.n_in), 9, np.uint8)
    result = assert_same_run(config, state, frames, np.zeros(3, np.int32))
    assert result.spikes[0, 0] == 2 * 6 * 400


def test_a_layer_that_never_spikes_gives_the_reference_bits():
    config = network(vth=131071)
    state = initial_state(config)
    result = assert_same_run(config, state, *data(config, 1))
    assert result.spikes[:, 0].sum() == 0


def test_evaluation_gives_the_reference_predictions_and_changes_nothing():
    config = network()
    frames, labels = data(config, 6)
    state = initial_state(config)
    train(config, state, frames, labels)
    before = state.copy()
    reference = Reference(config, state.copy())
    for frame in frames:
        reference.sample(frame, -1, learn=False)
    result = evaluate(config, state, frames)
    assert np.array_equal(result.predictions, reference.predictions)
    assert np.array_equal(result.spikes, reference.spikes)
    assert_same_state(state, before)


def test_training_in_pieces_equals_training_at_once():
    config = network()
    frames, labels = data(config, 1)
    whole, pieces = initial_state(config), initial_state(config)
    train(config, whole, frames, labels)
    for start in range(0, len(frames), 7):
        train(config, pieces, frames[start:start + 7], labels[start:start + 7])
    assert_same_state(whole, pieces)


def test_another_seed_gives_other_weights():
    config = network()
    frames, labels = data(config, 1)
    states = [initial_state(dataclasses.replace(config, seed=seed)) for seed in (1, 2)]
    for state in states:
        train(config, state, frames, labels)
    assert not np.array_equal(states[0].weights[0], states[1].weights[0])
