"""Local and shared weights in the twin: run by run the integers of the oracle, and where a patch is the image those of Dense."""
import numpy as np
import pytest
from hypothesis import given, settings

from lava_opzo.engines.registry import make
from lava_opzo.engines.twin.runs import alike, runs_of
from lava_opzo.learning.credit import KINDS
from lava_opzo.network.form import changed
from lava_opzo.network.initial import initial_state
from lava_opzo.network.state import State
from lava_opzo.silicon.profile import LOIHI_254, STOCK_LAVA
from lava_opzo.topology.conv import Conv
from lava_opzo.topology.dense import Dense
from lava_opzo.topology.local import Local
from sim_tests.engines.twin.reference import assert_same_run
from sim_tests.helpers.networks import differing, patched_network, random_samples, small_network
from sim_tests.helpers.records import assert_same_records
from sim_tests.helpers.synapses import topologies, triples

PAIRS = [(Local, Local), (Local, Conv), (Conv, Local), (Conv, Conv)]


def at_the_rails(network, share=0.5) -> State:
    """The initial state with so many of the forward weights at a rail."""
    state, rng, profile = initial_state(network), np.random.default_rng(4), network.profile
    for connection in network.forward:
        weights = state[connection.weights]
        weights[rng.random(weights.shape) < share] = profile.weight_min
        weights[rng.random(weights.shape) < share] = profile.weight_max & -2
    return state


@settings(max_examples=100)
@given(topologies())
def test_the_runs_are_the_edges_and_meet_every_shared_weight_in_raster_order(topology):
    runs, found = runs_of(topology), []
    for pre in range(topology.n_pre):
        for r in range(runs.first[pre], runs.first[pre + 1]):
            found += [(pre, int(runs.post[r] + i), int(runs.order[runs.weight[r] + i])) for i in range(runs.length[r])]
    assert sorted(found) == sorted(triples(topology))
    assert sorted(runs.order.tolist()) == list(range(int(np.prod(topology.weight_shape))))
    for w in set(runs.order.tolist()):
        posts = [post for _, post, named in found if named == w]
        assert posts == sorted(posts)


@pytest.mark.parametrize("kind", [Local, Conv])
def test_an_input_far_from_the_rim_reaches_a_row_of_positions_in_one_run_whether_weights_are_shared_or_not(kind):
    runs = runs_of(kind((28, 28, 1), 8, (5, 5), (2, 2), (2, 2)))
    lengths = {(row, column): runs.length[runs.first[row * 28 + column]:runs.first[row * 28 + column + 1]].tolist()
               for row, column in ((12, 12), (12, 13), (13, 12), (13, 13))}
    assert lengths == {(12, 12): [24] * 3, (12, 13): [16] * 3, (13, 12): [24] * 2, (13, 13): [16] * 2}


@pytest.mark.parametrize("first, second", PAIRS)
def test_every_variable_of_every_step_is_the_oracles(first, second):
    network = patched_network(first, second, profile=LOIHI_254, spread=True, x_max=3)
    assert_same_records(network, initial_state(network), *random_samples(network, 4))


@pytest.mark.parametrize("profile", [STOCK_LAVA, LOIHI_254], ids=lambda profile: profile.name)
@pytest.mark.parametrize("share", [0.5, 0.05])
@pytest.mark.parametrize("first, second", PAIRS)
def test_states_rates_rail_touches_and_largest_values_are_those_of_the_slow_loop(first, second, share, profile):
    network = patched_network(first, second, profile=profile, x_max=2)
    result = assert_same_run(network, at_the_rails(network, share), *random_samples(network, 12, seed=2))
    assert share < 0.5 or all(result.rail_touches[connection.name] for connection in network.forward)


@pytest.mark.parametrize("number", ["fixed", "real"])
@pytest.mark.parametrize("kind", [Local, Conv])
@pytest.mark.parametrize("credit", KINDS)
def test_one_patch_that_is_the_whole_image_learns_what_all_to_all_weights_learn(kind, credit, number):
    if number == "fixed" and credit not in ("opzo", "dfa"):
        pytest.skip("a kind of credit for real numbers")
    dense = small_network((6, 5), 9, credit=credit)
    whole = kind((2, 4, 1), 6, (2, 4), lines=1, bias=True)
    patched = changed(dense, wiring=(whole, kind((1, 1, 6), 5, (1, 1)), Dense(5, 4)))
    frames, labels = random_samples(dense, 30)
    states = []
    for network in (dense, patched):
        with make("twin", network, initial_state(network), number) as engine:
            engine.train(frames, labels)
            states.append(engine.state())
    flat = [State({name: array.ravel() for name, array in state.arrays.items()}, state.n_trained) for state in states]
    if number == "fixed":
        assert differing(*flat) == []
    else:
        assert all(np.allclose(flat[0][name], flat[1][name], rtol=0, atol=1e-9) for name in flat[0].arrays)


def test_a_kernel_tap_that_never_meets_the_image_keeps_its_weight():
    topology = Conv((1, 1, 1), 2, (3, 3), (1, 1), (1, 1))
    network = changed(small_network((2,), 1), wiring=(topology, Dense(2, 4)))
    state = initial_state(network)
    with make("twin", network, state) as engine:
        engine.train(*random_samples(network, 30))
        learned = engine.state()
    moved = (learned["W1.weights"] != state["W1.weights"]).any(axis=0)
    assert moved.tolist() == [tap == 4 for tap in range(9)]


@settings(max_examples=50)
@given(topologies())
def test_inputs_alike_are_all_inputs_and_those_with_the_same_runs_stand_together(topology):
    runs = runs_of(topology)
    lengths = [runs.length[runs.first[j]:runs.first[j + 1]].tolist() for j in range(topology.n_pre)]
    order = alike(runs).tolist()
    assert sorted(order) == list(range(topology.n_pre))
    shapes = [(len(lengths[j]), lengths[j][:1]) for j in order]
    assert shapes == sorted(shapes)
