"""Pooling: every engine leaves the bits of the oracle, nothing learns in the layer, and everything around it does."""
from dataclasses import replace

import numpy as np
import pytest
import torch

from lava_opzo.board.mapping import mapping_report
from lava_opzo.engines.in_the_loop.observe import Observation
from lava_opzo.engines.in_the_loop.operations import of_sample
from lava_opzo.engines.in_the_loop.update import Factors
from lava_opzo.engines.oracle import recorder
from lava_opzo.engines.registry import make, recorder as recording
from lava_opzo.errors import DoesNotFitError, UserError
from lava_opzo.learning.credit import KINDS
from lava_opzo.network.form import changed
from lava_opzo.network.initial import initial_state
from lava_opzo.network.network import Network
from lava_opzo.network.populations import Hidden
from lava_opzo.silicon.boards import find
from lava_opzo.silicon.profile import LOIHI_254, STOCK_LAVA
from lava_opzo.topology.conv import Conv
from lava_opzo.topology.dense import Dense
from lava_opzo.topology.local import Local
from lava_opzo.topology.pool import Pool
from lava_opzo.verification.golden import Vectors
from lava_opzo.verification.lockstep import verify
from process_models.opzo_pool.process import OpzoPool
from sim_tests.helpers.golden_sets import FOLDER
from sim_tests.helpers.networks import differing, random_samples, small_network
from sim_tests.helpers.patches import learned, pooled_network


@pytest.mark.parametrize("first, profile, engines", [
    (Local, STOCK_LAVA, ("oracle", "twin", "fast", "stock")), (Conv, LOIHI_254, ("oracle", "twin", "fast"))],
    ids=["above local weights", "above shared ones, rails of a chip"])
def test_every_variable_of_every_step_is_equal_in_all_engines_that_record(first, profile, engines):
    network = pooled_network(first, profile=profile, noise=5)
    state = initial_state(network)
    report = verify(network, state, *random_samples(network, 1), engines)
    assert report.differing == 0 and report.compared > 10_000 * (len(engines) - 1)
    after, _, _, seen = learned("twin", network, state, n=3)
    assert set(state.arrays) - set(differing(after, state)) == {"W2.weights", "M2.weights", "hidden2.y_residual"}
    assert all(0.02 < rate < 0.9 for rate in seen.spike_rates) and not seen.rail_touches["W2"]


def test_learning_in_the_loop_and_in_stock_lava_leave_the_state_predictions_and_touches_of_the_twin():
    network = pooled_network(Local)
    state = initial_state(network)
    twin, answers, evaluated, seen = learned("twin", network, state, n=3)
    for name in ("in-the-loop", "stock"):
        found, predictions, afterwards, other = learned(name, network, state, n=3)
        assert differing(found, twin) == [] and predictions == answers and afterwards == evaluated
        assert other.spike_rates == pytest.approx(seen.spike_rates)
        assert name == "stock" or other.rail_touches == seen.rail_touches
        assert name == "in-the-loop" or other.largest == seen.largest


def test_real_numbers_agree_in_lava_and_the_twin():
    network = pooled_network(Conv)
    twin, *_ = learned("twin", network, initial_state(network), "real", n=3)
    found, *_ = learned("fast", network, initial_state(network), "real", n=3)
    assert all(np.allclose(found[key], twin[key], rtol=1e-9, atol=1e-9) for key in twin.arrays)
    assert twin["W2.weights"].item() == 40 and not np.array_equal(twin["W1.weights"], initial_state(network)["W1.weights"])


def test_the_neurons_integrate_and_fire_over_pytorchs_grouped_convolution_of_what_lies_below():
    network = pooled_network(Local)
    pool, program = network.forward[1].topology, network.schedule().programs
    twin = recording("twin", network, initial_state(network), 1)
    frames, labels = random_samples(network, 2)
    for frame, label in zip(frames, labels, strict=True):
        record, v = twin.sample(frame, int(label)), 0
        for step in range(network.schedule().window_steps):
            image = record["hidden1"]["spikes"][1 + step].reshape(pool.shape).transpose(2, 0, 1)
            sums = torch.nn.functional.conv2d(torch.tensor(image[None], dtype=torch.float64), torch.ones((2, 1, 3, 2)).double(),
                                              stride=(2, 2), padding=(1, 0), groups=2)[0].numpy().transpose(1, 2, 0).ravel()
            v = 40 * sums + (0 if program[2][2 + step].start else v)
            assert record["hidden2"]["spikes"][2 + step].tolist() == (v > 60).astype(int).tolist()
            v = np.where(v > 60, 0, v)
        assert record["hidden2"]["spikes"].any()


@pytest.mark.parametrize("number", ["fixed", "real"])
@pytest.mark.parametrize("credit", KINDS)
def test_windows_of_one_pixel_are_a_frozen_layer_of_equal_weights_from_neuron_to_neuron(credit, number):
    if number == "fixed" and credit not in ("opzo", "dfa"):
        pytest.skip("a kind of credit for real numbers")
    plain = small_network((6, 6, 5), 9, credit=credit)
    dense = changed(plain, hidden=tuple(replace(layer, frozen=i == 1) for i, layer in enumerate(plain.hidden)))
    pooled = changed(dense, sigma=(24.0, 40.0, 40.0, 12.0), wiring=(
        Dense(9, 6), Pool((1, 2, 3), 3, (1, 1)), Dense(6, 5), Dense(5, 4)))
    start, states = initial_state(pooled), []
    for network in (dense, pooled):
        state = start.copy()
        if network is dense:
            state.arrays["W2.weights"] = np.diag([80] * 6).astype(np.int32)
        with make("twin", network, state, number) as engine:
            engine.train(*random_samples(dense, 20))
            states.append(engine.state())
    names = set(start.arrays) - {"W2.weights"}
    assert all(np.allclose(states[0][name], states[1][name], rtol=0, atol=0 if number == "fixed" else 1e-9) for name in names)
    assert "W1.weights" in differing(states[1], start)


def test_pooling_draws_no_weight_and_moves_no_draw_of_the_others():
    network = pooled_network(Local)
    state, rng = initial_state(network), np.random.default_rng(network.seed)
    assert state["W2.weights"].tolist() == [[40]]
    for name, sigma in (("W1", 24.0), ("W3", 40.0), ("W4", 12.0)):
        shape = state[f"{name}.weights"].shape
        assert np.array_equal(state[f"{name}.weights"], 2 * np.clip(np.rint(sigma * rng.standard_normal(shape)), -127, 127))


def test_the_comparison_names_the_pooling_layer_where_an_engine_pools_other_pixels(monkeypatch):
    edges = recorder.pool_edges
    monkeypatch.setattr(recorder, "pool_edges", lambda *geometry: [
        (pre ^ 1 if post == 5 else pre, post, w) for pre, post, w in edges(*geometry)])
    network = pooled_network(Local)
    report = verify(network, initial_state(network), *random_samples(network, 2), ("oracle", "twin"))
    _, first = report.first
    assert report.differing and (first.place.part, first.place.index) == ("hidden2", (5,))


def test_the_update_counts_no_synapse_of_the_pooling_layer_and_every_spike_into_it_reaches_its_windows():
    network = pooled_network(Local)
    still, nothing = [np.zeros(n, np.int32) for n in network.widths], np.zeros(4, np.int32)

    def counted(spiking, y):
        """One spike of neuron `spiking` of hidden1 (None: none), which is eligible, and y = 1 in the pooling layer or not."""
        counts = [one.copy() for one in still[:-1]]
        if spiking is not None:
            counts[1][spiking] = 1
        factors = Factors(counts, [still[1], still[2] + y, still[3], still[4]], nothing, nothing)
        observed = Observation(counts, [], nothing, nothing)
        return of_sample(network, np.zeros((1, network.input.n), np.uint8), observed, factors).opzo

    pool = network.forward[1].topology
    for neuron in (0, 13, 59):
        windows = int((pool.edges().pre == neuron).sum())
        assert counted(neuron, 1).synaptic_events - counted(None, 1).synaptic_events == 2 * windows, "a spike and its eligibility"
        assert counted(neuron, 1).weight_updates == counted(None, 0).weight_updates


def test_a_chip_holds_pooling_beside_local_weights_and_a_board_refuses_shared_ones_by_name():
    board = find("oheo-gulch")
    places = mapping_report(pooled_network(Local), board).placements
    learning = [[one.learning for one in place.connections] for place in places]
    assert learning == [[True, True], [False, False], [True, True], [True]]
    assert mapping_report(pooled_network(Local), board).fits and places[1].cores == 1
    with pytest.raises(DoesNotFitError, match=r"^W1: the weights are shared \(Conv\)"):
        mapping_report(pooled_network(Conv), board)


def test_pooling_that_would_learn_and_weights_that_are_none_are_refused_in_one_line():
    network = pooled_network(Local)
    with pytest.raises(UserError, match="population 'hidden2': pools what lies below it, .* is not frozen; set frozen = true"):
        changed(network, hidden=tuple(replace(layer, frozen=False) for layer in network.hidden))
    for sigma in (0.0, 0.4, 1.5):
        with pytest.raises(UserError, match=f"connection 'W2': sigma {sigma} is no whole number in 1..127"):
            changed(network, sigma=(24.0, sigma, 40.0, 12.0))
    with pytest.raises(UserError, match="connection 'W2': topology Pool is not all-to-all, which the readout"):
        Network.chain(32, [Hidden(32, 50, 0, 0, 20, 6)], replace(network.readout, n=8), (20.0, 16.0), (2, 2),
                      wiring=(Dense(32, 32), Pool((4, 4, 2), 2, (2, 2))))
    with pytest.raises(UserError, match="process .*: OpzoPool has nothing that can learn and is not frozen; give frozen=True"):
        OpzoPool(topology=Pool((4, 4, 2), 2, (2, 2)), weights=np.full((1, 1), 32), feedback=np.zeros((8, 4), int), vth=48,
                 psi_width=30, y_shift=6)


def test_the_golden_set_of_pooling_sends_and_learns_below_and_above_it_and_keeps_its_weight():
    vectors = Vectors(FOLDER / "pool")
    records = [vectors.sample(s) for s in range(len(vectors.frames))]
    assert all((record["W2"]["weights"] == 40).all() for record in records)
    spikes = np.concatenate([record["hidden2"]["spikes"] for record in records])
    assert spikes.any(axis=0).sum() >= 12 and not spikes.all(axis=0).any()
    for name in ("W1", "W3", "W4", "M1", "M3"):
        assert (records[0][name]["weights"][0] != records[-1][name]["weights"][-1]).any(), name
