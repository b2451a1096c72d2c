"""In-the-loop learning: stock LIF and Dense on the simulator, exact update on the host, the twin's bits in everything learned."""

import os
import signal
from dataclasses import replace

import numpy as np
import pytest

from lava_opzo.data import load
from lava_opzo.engines.in_the_loop import engine as in_the_loop
from lava_opzo.engines.in_the_loop.engine import EXCHANGES, InTheLoopEngine
from lava_opzo.engines.in_the_loop.gates import from_count, psi
from lava_opzo.engines.in_the_loop.observe import Observation
from lava_opzo.engines.in_the_loop.schedule import ForwardSchedule
from lava_opzo.engines.in_the_loop.update import learn
from lava_opzo.engines.twin.integers.engine import TwinEngine
from lava_opzo.errors import NoBoardError, SimulationError, UserError
from lava_opzo.experiment.experiment import Training
from lava_opzo.experiment.presets import digits
from lava_opzo.network.form import changed
from lava_opzo.network.initial import initial_state
from lava_opzo.network.network import Network
from lava_opzo.network.state import State
from lava_opzo.runs.loop import accuracy
from lava_opzo.runs.presentation import epoch_order
from lava_opzo.silicon.profile import LOIHI_254
from sim_tests.helpers.networks import differing, random_samples, small_network, with_layer


def assert_equal_to_the_twin(network: Network, frames, labels, state: State | None = None):
    state = state or initial_state(network)
    with InTheLoopEngine(network, state, n_frames=frames.shape[1], timeout=60) as engine:
        predictions = engine.train(frames, labels)
        learned, seen = engine.state(), engine.seen()
        evaluated = engine.evaluate(frames[:5])
    with TwinEngine(network, state) as twin:
        assert np.array_equal(predictions, twin.train(frames, labels))
        assert differing(learned, twin.state()) == [] and "W1.weights" in differing(learned, state)
        assert np.array_equal(evaluated, twin.evaluate(frames[:5]))
        assert seen.rail_touches == twin.seen().rail_touches
        assert np.allclose(seen.spike_rates, twin.seen().spike_rates, rtol=1e-12)
    return learned, seen.rail_touches


def test_fifteen_digits_give_the_twins_bits():
    network, data = digits().network, load("digits")
    learned, _ = assert_equal_to_the_twin(network, data.train_frames[:15], data.train_labels[:15])
    start = initial_state(network)
    assert all((learned[connection.weights] != start[connection.weights]).any() for connection in network.connections)


@pytest.mark.parametrize(
    "options",
    [
        {"hidden": (13,)},
        {"hidden": (9, 8, 7, 6)},
        {"windows": 1},
        {"x_max": 1, "d_bits": 3, "decay_period": 0},
        {"halve_every": 2, "max_halvings": 2},
        {"credit": "dfa"},
    ],
    ids=["one layer", "four layers", "one window", "other phases", "halvings", "fixed feedback"],
)
def test_every_shape_of_network_gives_the_twins_bits(options):
    network = small_network(**options)
    assert_equal_to_the_twin(network, *random_samples(network, 7))


def test_leaky_membranes_give_the_twins_bits():
    network = with_layer(with_layer(small_network(), 1, dv=410), 2, dv=410)
    assert_equal_to_the_twin(network, *random_samples(network, 8))


def test_frames_that_change_from_step_to_step_give_the_twins_bits():
    network = small_network()
    assert_equal_to_the_twin(network, *random_samples(network, 8, rows=network.learning.steps))


@pytest.mark.parametrize("options", [{}, {"profile": LOIHI_254}], ids=["rail 255", "rail 254"])
def test_weights_at_the_rails_give_the_twins_bits_and_touches(options):
    network = small_network(**options)
    state = initial_state(network)
    for connection in network.connections:
        weights = state[connection.weights]
        weights[weights > 0], weights[weights < 0] = 254, -254
    _, touches = assert_equal_to_the_twin(network, *random_samples(network, 8), state)
    assert sum(touches.values()) > 0


def test_evaluation_between_samples_changes_nothing():
    network = small_network()
    frames, labels = random_samples(network, 12)
    with InTheLoopEngine(network, initial_state(network), timeout=60) as engine:
        engine.train(frames[:6], labels[:6])
        engine.evaluate(frames)
        engine.train(frames[6:], labels[6:])
        learned = engine.state()
    with TwinEngine(network, initial_state(network)) as twin:
        twin.train(frames, labels)
        assert differing(learned, twin.state()) == []


def test_nothing_but_stock_lif_and_dense_is_on_the_board():
    network = small_network()
    with InTheLoopEngine(network, initial_state(network)) as engine:
        models = {type(process).__name__: process.model_class.__module__ for process in engine.graph.on_chip}
    assert models == {"Dense": "lava.proc.dense.models", "LIF": "lava.proc.lif.models"}


def test_the_gate_from_counts_learns_without_reading_a_state(monkeypatch):
    network = small_network(gate="count")
    frames, labels = random_samples(network, 10)
    observed, observation = [], in_the_loop.observation
    monkeypatch.setattr(in_the_loop, "observation", lambda *args: observed.append(observation(*args)) or observed[-1])
    with InTheLoopEngine(network, initial_state(network)) as engine:
        engine.train(frames, labels)
        assert not any(currents.any() for currents in engine._memory.u)
    rows = 2 * network.learning.steps
    gates = [(gate, from_count(count, rows)) for one in observed for gate, count in zip(one.gates, one.counts[1:], strict=True)]
    assert len(gates) == 10 * network.depth and all(np.array_equal(gate, expected) for gate, expected in gates)


def test_the_gate_from_counts_is_highest_for_neurons_between_never_and_always():
    assert from_count(np.array([0, 1, 2, 3, 8, 13, 14, 15, 16]), 16).tolist() == [0, 2, 3, 4, 4, 4, 3, 2, 1]


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_digits_learned_with_the_gate_from_counts():
    """What docs/board.md quotes: pytest -m slow -s -k gate_from_counts."""
    network, data = digits().network, load("digits")
    for gate in ("count", "psi"):
        gated = changed(network, learning=replace(network.learning, gate=gate))
        with InTheLoopEngine(gated, initial_state(gated)) as engine:
            for epoch in range(2):
                order = epoch_order(Training(), epoch, len(data.train_labels))
                engine.train(data.train_frames[order], data.train_labels[order])
            reached = accuracy(engine, data.test_frames, data.test_labels)
        print(f"gate {gate}: test accuracy {100 * reached:.2f} % after 2 epochs")
        assert reached > 0.85


def test_psi_refuses_spikes_that_do_not_follow_from_the_currents():
    layer = small_network().hidden[0]
    rows = 5
    spikes, currents = np.zeros((rows, layer.n), np.int8), np.zeros((rows, layer.n), np.int32)
    spikes[3, 2] = 1
    with pytest.raises(SimulationError, match="neuron 2, step 3: 1 spike.* received, its currents give 0; .*acceptance"):
        psi(layer, spikes, currents, np.zeros((rows, layer.n), np.int32), rows)


def test_a_readout_whose_membrane_was_clipped_is_reported_not_learned():
    network = small_network(hidden=(14, 120))
    state = initial_state(network)
    for connection in network.forward:
        state[connection.weights][:] = 254
    frames = np.full((1, 1, network.input.n), 15, np.uint8)
    with InTheLoopEngine(network, state) as engine:
        before = engine.state()
        with pytest.raises(SimulationError, match="readout neuron 0: its membrane holds .*, the spike counts give"):
            engine.train(frames, np.array([1]))
        assert differing(engine.state(), before) == []


def test_a_process_killed_in_mid_run_is_an_error_and_keeps_what_was_learned():
    network = small_network()
    frames, labels = random_samples(network, 10)
    engine = InTheLoopEngine(network, initial_state(network), timeout=30)
    engine.train(frames, labels)
    before = engine.state()
    os.kill(engine.graph.exchange.runtime._messaging_infrastructure.actors[-1].pid, signal.SIGKILL)
    with pytest.raises(SimulationError, match="died with exit code -9"):
        engine.train(frames, labels)
    assert engine.state().n_trained == before.n_trained
    engine.stop()


@pytest.mark.parametrize("gate", ["psi", "count"])
def test_exchange_by_variables_as_on_a_board_gives_the_same_bits(gate):
    network = small_network(gate=gate)
    frames, labels = random_samples(network, 6)
    states, answers = [], []
    for exchange in EXCHANGES:
        with InTheLoopEngine(network, initial_state(network), exchange=exchange) as engine:
            answers.append(engine.train(frames, labels).tolist() + engine.evaluate(frames).tolist())
            states.append(engine.state())
    assert differing(*states) == [] and answers[0] == answers[1]


def test_a_board_is_refused_without_lava_loihi_and_without_its_own_exchange():
    network = small_network()
    with pytest.raises(NoBoardError, match="lava-loihi is not installed"):
        InTheLoopEngine(network, initial_state(network), exchange="variables", board=True)
    with pytest.raises(UserError, match="of which a board has variables only"):
        InTheLoopEngine(network, initial_state(network), board=True)


def test_a_state_of_real_numbers_is_refused_before_lava_starts():
    network = small_network()
    state = initial_state(network)
    state.arrays["W2.weights"] = state["W2.weights"].astype(float)
    with pytest.raises(UserError, match="W2.weights: type float64 is not an integer type"):
        InTheLoopEngine(network, state)


def test_windows_of_neighbouring_populations_are_one_step_apart_and_start_after_an_exchange():
    schedule = ForwardSchedule(depth=2, steps=4)
    for layer in range(4):
        taus = [tau for tau in range(schedule.length(2)) if schedule.row(layer, tau, 2) is not None]
        assert taus == list(range(1 + layer, 1 + layer + 8))
    starts = {(layer, row): tau for tau in range(schedule.length(2)) for layer, row in schedule.starting(tau, 2)}
    assert starts == {(layer, row): layer + row for layer in (1, 2, 3) for row in (0, 4)}
    assert [schedule.finished(tau, 2) for tau in range(schedule.length(2))] == [None] * 7 + [0] + [None] * 3 + [1]


def test_stretches_of_turning_noise_begin_at_every_turn_and_change_their_sign():
    schedule = ForwardSchedule(depth=1, steps=5, turn_every=2)
    starts = {(layer, row): tau for tau in range(schedule.length(1)) for layer, row in schedule.starting(tau, 1)}
    assert starts == {(layer, row): layer + row for layer in (1, 2) for row in (0, 2, 4)}
    assert [schedule.finished(tau, 1) for tau in range(schedule.length(1))] == [None] * 4 + [0, None, 1, 2]
    assert [schedule.stretch(row) for row in range(5)] == [0, 0, 1, 1, 2] and schedule.stretches(1) == 3


def test_the_update_alone_repeats_a_sample_worked_out_by_hand():
    network = small_network(hidden=(2,), n_in=2, n_out=2, decay_period=0)
    state = initial_state(network)
    state["W1.weights"][:] = state["W2.weights"][:] = 0
    state["M1.weights"][:] = [[10, 0], [0, -20]]
    state["hidden1.z_state"][:] = [1, 2]
    observed = Observation(counts=[np.array([128, 0]), np.array([0, 6])], gates=[np.array([5, 2])], o_plus=np.array([40, 0]),
                           o_minus=np.array([8, 8]))
    factors, touches = learn(network, state, observed, label=1)
    # error: [48 >> 3, 1] - 127*[0, 1];  g = [10*6, -20*-126];  h = g*psi = [300, 5040] >> 9;  y of the readout: [6, -126] >> 4
    assert factors.error.tolist() == [6, -126] and factors.y[0].tolist() == [0, 9] and factors.y[1].tolist() == [0, -8]
    assert factors.x[0].tolist() == [1, 0] and factors.x[1].tolist() == [0, 2]
    assert state["W1.weights"].tolist() == [[0, 0], [-18, 0]] and state["W2.weights"].tolist() == [[0, 0], [0, 32]]
    # d = [32, -8] >> 4 = [2, -1];  M_iq += 2*z_i*d_q with z = [1, -1]
    assert factors.d_hat.tolist() == [2, -1] and state["M1.weights"].tolist() == [[14, -2], [-4, -18]]
    assert sum(touches.values()) == 0 and state.n_trained == 1
