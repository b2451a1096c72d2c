"""Weights that learn in every step have equal bits in every engine that has them, in every variable of every step."""
from dataclasses import replace

import numpy as np
import pytest

from lava_opzo.engines.oracle import steps
from lava_opzo.engines.oracle.recorder import plain_config, plain_state
from lava_opzo.engines.registry import TABLE, check, make
from lava_opzo.errors import UserError
from lava_opzo.network.form import changed
from lava_opzo.network.initial import initial_state
from lava_opzo.silicon.profile import LOIHI_254
from lava_opzo.verification.lockstep import verify
from sim_tests.helpers.networks import by_step, differing, patched_network, random_samples, small_network
from sim_tests.helpers.patches import at_the_rails
from sim_tests.helpers.records import assert_same_records

NETWORKS = {
    "every step": lambda: by_step(small_network(windows=1)),
    "halvings, a floor, rails of a chip": lambda: by_step(small_network(
        windows=1, halve_every=2, max_halvings=1, vth=200, v_floor=1, profile=LOIHI_254, x_max=3, d_bits=3), 3),
    "one row, spread; traces that keep everything": lambda: by_step(small_network(windows=1, spread=True, vth=200), 1, decay=0),
    "one layer, fixed M, sums that keep all": lambda: by_step(small_network((9,), windows=1, credit="dfa"), 2, readout_dv=0),
    "local and shared weights": lambda: by_step(patched_network(windows=1), 2)}


def with_feedback(network):
    """The initial state with an M that teaches from the first sample on."""
    state, rng = initial_state(network), np.random.default_rng(2)
    for connection in network.feedback:
        state[connection.weights][:] = 2 * rng.integers(-60, 61, state[connection.weights].shape)
    return state


@pytest.mark.parametrize("case", NETWORKS)
def test_twin_and_oracle_agree_in_every_variable_of_every_step(case):
    network = NETWORKS[case]()
    rows = 1 if network.input.spread else network.learning.steps
    assert_same_records(network, at_the_rails(network), *random_samples(network, 3, rows=rows, seed=3))


def test_stock_lava_fast_lava_twin_and_oracle_agree_and_everything_is_busy():
    network = by_step(small_network(windows=1), 2)
    frames, labels = random_samples(network, 3, rows=5, seed=4)
    report = verify(network, with_feedback(network), frames, labels, ("stock", "fast", "twin", "oracle"))
    assert report.differing == 0 and report.samples == 3 and report.ranges.warnings() == []
    seen = report.ranges.seen
    assert all(seen["hidden2", name].maximum > 0 for name in ("spikes", "psi", "count", "g", "h", "y", "y1", "y2", "y3"))
    assert seen["readout", "d_hat"].maximum > 0 and seen["hidden2", "psi"].maximum == 1


def test_predictions_largest_values_touches_and_evaluation_are_those_of_lava():
    network = by_step(small_network(windows=1), 2)
    frames, labels = random_samples(network, 8, rows=5, seed=5)
    state, quiet = initial_state(network), []
    for name in ("fast", "twin"):
        with make(name, network, state, "fixed", 5) as engine:
            answers, evaluated = engine.train(frames, labels), engine.evaluate(frames)
            quiet.append((engine.state(), answers.tolist(), evaluated.tolist(), engine.seen()))
    (lava, *of_lava), (twin, *of_twin) = quiet
    assert differing(lava, twin) == [] and of_lava == of_twin
    plain = plain_config(network), plain_state(twin, network)
    assert of_twin[1] == [steps.evaluate_sample(*plain, frame)["predictions"][-1] for frame in frames.tolist()]


def test_the_same_events_in_another_order_of_time_teach_other_weights():
    network = by_step(small_network(windows=1))
    frames, labels = random_samples(network, 6, rows=5, seed=6)
    states = []
    for shown in (frames, np.ascontiguousarray(frames[:, ::-1])):
        with make("twin", network, initial_state(network), "fixed", 5) as engine:
            engine.train(shown, labels)
            states.append(engine.state())
    assert "W1.weights" in differing(*states) and "M2.weights" in differing(states[0], initial_state(network))


@pytest.mark.parametrize("name, number", [key for key, entry in TABLE.items() if key[1] not in entry.abilities.steps])
def test_an_engine_without_it_refuses_in_one_line_that_lists_those_that_have_it(name, number):
    with pytest.raises(UserError, match=f"engine '{name}' lacks updates 'step' with number '{number}'; choose .*twin") as found:
        check(name, number, by_step(small_network(windows=1)))
    assert "\n" not in str(found.value)


def test_a_leak_of_the_readout_without_updates_step_is_refused():
    network = small_network()
    with pytest.raises(UserError, match="population 'readout': dv 7 leaks where weights learn in every step"):
        changed(network, readout=replace(network.readout, dv=7))
