"""Networks that learn in every step pass the pre-flight, which checks what this adds to a neuron."""
from dataclasses import replace

import numpy as np
import pytest

from lava_opzo.board.preflight import preflight
from lava_opzo.board.rules import activity, arithmetic
from lava_opzo.board.subject import Subject
from lava_opzo.errors import UserError
from lava_opzo.network.initial import initial_state
from lava_opzo.network.widths import largest_sum
from lava_opzo.silicon.boards import BOARDS
from lava_opzo.silicon.limits import LIMITS
from sim_tests.helpers.networks import by_step, carrying, random_samples, small_network

ONE_CHIP = BOARDS["oheo-gulch"]


def test_what_learning_in_every_step_adds_is_checked_and_moves_nothing():
    network = carrying(small_network(windows=1), decay=400)
    state, (frames, _) = initial_state(network), random_samples(network, 4, 5)
    before = state.copy()
    findings = preflight(network, state, ONE_CHIP, frames=frames)
    found = {(f.rule, f.part): f.used for f in findings}
    assert found["trace of spikes", "input"] == str(15 * 64 * 4096 // 400)
    assert found["trace of spikes", "hidden1"] == str(64 * 4096 // 400)
    assert found["decay of traces", "all connections"] == "400" and found["leak", "readout"] == "500"
    assert all(np.array_equal(before[name], state[name]) for name in before.arrays)
    assert not {f.rule for f in preflight(small_network(), None, ONE_CHIP)} & {"trace of spikes", "decay of traces"}


def test_a_trace_that_needs_more_than_a_state_is_found():
    network = by_step(small_network(windows=1, steps=1000))
    limits = replace(LIMITS, state=replace(LIMITS.state, value=900_000))
    findings = arithmetic.in_every_step(Subject(network, ONE_CHIP, limits=limits))
    assert [(f.level, f.rule, f.part) for f in findings if f.level != "ok"] == [("error", "trace of spikes", "input")]


def test_no_host_learns_in_every_step():
    with pytest.raises(UserError, match="updates 'step': no host learns between the steps of a sample, as mode in-the-loop"):
        preflight(by_step(small_network(windows=1)), None, ONE_CHIP, "in-the-loop")


def test_sums_that_may_leave_a_state_are_warned_of_and_sums_that_do_are_errors():
    network = carrying(small_network((400,), windows=1), readout_dv=1)
    assert [(f.level, f.used) for f in arithmetic.in_every_step(Subject(network, ONE_CHIP)) if f.rule == "running sum, worst case"
            ] == [("warning", str(400 * network.profile.largest_weight * 4096))]
    few = by_step(small_network((9,), windows=1), readout_dv=0)
    assert few.learning.steps == 5  # of which 3 are even
    assert largest_sum(few.forward[-1], few.readout, few.learning, few.profile) == 3 * 9 * few.profile.largest_weight
    frames, _ = random_samples(few, 4, 5)
    limits = replace(LIMITS, state=replace(LIMITS.state, value=1))
    subject = Subject(few, ONE_CHIP, initial_state(few), frames, limits=limits)
    assert [f.level for f in activity.measured_states(subject) if f.rule == "running sum, measured"] == ["error"]
