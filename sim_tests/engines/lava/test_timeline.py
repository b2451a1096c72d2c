"""The timeline of one sample (docs/arithmetic.md section 6), step by step, in the schedule and in a running Lava network."""
import numpy as np
import pytest

from lava_opzo.engines.lava.engine import FastLavaEngine
from lava_opzo.engines.lava.trace import Trace
from lava_opzo.errors import UserError
from lava_opzo.learning.credit import FixedFeedback, Opzo
from lava_opzo.learning.learning import Counts, Learning
from lava_opzo.learning.step import Step
from lava_opzo.network.initial import initial_state
from sim_tests.helpers.networks import random_samples, small_network

SCHEDULE = Learning(steps=8).schedule(depth=2)
"""K = 8 and two hidden layers: A = 18, T = 26, written out below by hand."""


def steps_in_which(layer, condition, schedule=SCHEDULE):
    return [tau for tau, step in enumerate(schedule.programs[layer]) if condition(step)]


def test_a_sample_of_the_default_network_takes_26_steps_and_an_evaluation_11():
    assert SCHEDULE.length == 26
    assert Learning(steps=8).schedule(depth=2, learn=False).length == 11


@pytest.mark.parametrize("layer", range(4))
def test_each_layer_runs_its_two_windows_one_step_after_the_layer_below(layer):
    assert steps_in_which(layer, lambda step: step.window == 0) == list(range(layer, layer + 8))
    assert steps_in_which(layer, lambda step: step.window == 1) == list(range(layer + 8, layer + 16))
    assert steps_in_which(layer, lambda step: step.start) == [layer, layer + 8]
    assert steps_in_which(layer, lambda step: step.sign == 1) == list(range(layer, layer + 8))
    assert [SCHEDULE.programs[layer][layer + t].frame for t in range(16)] == [*range(8), *range(8)]


def test_the_readout_answers_at_18_and_sends_the_two_parts_of_the_error():
    assert steps_in_which(3, lambda step: step.answer) == [18]
    assert steps_in_which(3, lambda step: step.quantise) == [18]
    assert steps_in_which(0, lambda step: step.label) == [18]
    assert steps_in_which(3, lambda step: step.error == 1) == [18]
    assert steps_in_which(3, lambda step: step.error == -1) == [19]


@pytest.mark.parametrize("layer", [1, 2])
def test_hidden_layers_receive_their_third_factor_one_step_later(layer):
    assert steps_in_which(layer, lambda step: step.third_factor == 1) == [19]
    assert steps_in_which(layer, lambda step: step.third_factor == -1) == [20]
    assert steps_in_which(layer, lambda step: step.quantise) == [20]
    assert steps_in_which(layer, lambda step: step.decay) == [20]


def test_the_ranks_of_the_weight_updates_are_the_same_steps_in_all_layers():
    for layer in range(4):
        assert steps_in_which(layer, lambda step: step.rank == 1) == [20]
        assert steps_in_which(layer, lambda step: step.rank == 2) == [21]


@pytest.mark.parametrize("layer", [1, 2, 3])
def test_the_bits_of_dhat_follow_positive_part_first(layer):
    program = SCHEDULE.programs[layer]
    assert [(step.m_sign, step.m_bit) for step in program[22:26]] == [(1, 0), (1, 1), (-1, 0), (-1, 1)]
    assert steps_in_which(layer, lambda step: step.m_sign != 0) == [22, 23, 24, 25]
    assert steps_in_which(layer, lambda step: step.last) == [25]


@pytest.mark.parametrize("depth", [1, 2, 3, 4])
@pytest.mark.parametrize("windows", [1, 2])
@pytest.mark.parametrize("x_max, d_bits", [(1, 1), (2, 2), (3, 4)])
def test_no_step_learns_in_w_and_in_m_and_no_window_overlaps_a_learning_step(depth, windows, x_max, d_bits):
    schedule = Learning(5, windows, Opzo(d_bits), Counts(x_max)).schedule(depth)
    assert schedule.length == depth + 5 * windows + 2 + x_max + 2 * d_bits
    for layer, program in enumerate(schedule.programs):
        assert len(program) == schedule.length
        for step in program:
            assert (step.window >= 0) + (step.rank > 0) + (step.m_sign != 0) <= 1
            assert not (step.error and (step.rank or step.m_sign))
        assert layer == 0 or sum(step.m_sign != 0 for step in program) == 2 * d_bits


def test_an_evaluation_has_one_silent_window_and_nothing_after_the_answer():
    schedule = Learning(steps=8).schedule(depth=2, learn=False)
    for layer, program in enumerate(schedule.programs):
        assert [tau for tau, step in enumerate(program) if step.window == 0] == list(range(layer, layer + 8))
        assert all(step.sign == step.third_factor == step.rank == step.m_sign == step.error == 0 for step in program)
    assert schedule.programs[3][10].answer
    assert not any(step.quantise or step.label for program in schedule.programs for step in program)


@pytest.mark.parametrize("name, make", [("steps", lambda: Learning(steps=0)), ("windows", lambda: Learning(windows=3)),
                                        ("x_max", lambda: Counts(0)), ("d_bits", lambda: Opzo(d_bits=8)),
                                        ("time steps of a sample", lambda: Learning(steps=1024).schedule(1 << 16))])
def test_an_impossible_schedule_is_refused_with_its_name_and_range(name, make):
    with pytest.raises(UserError, match=name):
        make()


def test_fixed_feedback_sends_no_bits_of_dhat():
    schedule = Learning(steps=8, credit=FixedFeedback()).schedule(depth=2)
    assert schedule.length == 22 and not any(step.m_sign for program in schedule.programs for step in program)


@pytest.fixture(scope="module")
def recorded():
    """Everything that the layers of a small network held and sent in the 12th sample; K = 5, depth 2: A = 12, T = 20."""
    network = small_network()
    frames, labels = random_samples(network, 12)
    variables = {
        "input": ["spikes"], "readout": ["spikes", "a", "o_plus", "o_minus", "error", "y1", "y2", "y3", "d_hat"],
        **{layer.name: ["spikes", "a", "g", "psi", "count", "z_state", "y", "y1", "y2", "y3"] for layer in network.hidden}}
    widths = dict(zip(["input", "hidden1", "hidden2", "readout"], network.widths, strict=True))
    traces = {layer: Trace(20, dict.fromkeys(names, (widths[layer],))) for layer, names in variables.items()}
    with FastLavaEngine(network, initial_state(network), traces=traces, timeout=60) as engine:
        engine.train(frames[:11], labels[:11])
        before = engine.state()
        for trace in traces.values():
            trace.record(True)
        engine.train(frames[11:], labels[11:])
    assert all(trace.steps == 20 for trace in traces.values())
    return network, before, frames[11, 0], int(labels[11]), {layer: trace.values for layer, trace in traces.items()}


def busy(values):
    return np.flatnonzero(values.reshape(len(values), -1).any(axis=1)).tolist()


def test_lava_sends_payloads_and_eligibility_in_their_steps_only(recorded):
    _, _, payload, _, seen = recorded
    sent = seen["input"]["spikes"]
    assert all(np.array_equal(sent[tau], payload) for tau in range(10))
    count = 10 * payload.astype(int)
    for rank in (1, 2):
        assert np.array_equal(sent[13 + rank], np.minimum((count + 64) >> 7, 2) >= rank)
    assert not sent[10:14].any() and not sent[16:].any()


@pytest.mark.parametrize("layer, first", [("hidden1", 1), ("hidden2", 2)])
def test_lava_hidden_layers_spike_in_their_windows_and_ranks_only(recorded, layer, first):
    *_, seen = recorded
    spikes = seen[layer]["spikes"]
    assert set(busy(spikes)) <= {*range(first, first + 10), 14, 15}
    assert np.array_equal(seen[layer]["count"][-1], spikes[first:first + 10].sum(axis=0))
    assert np.array_equal(spikes[14] + spikes[15], np.minimum((seen[layer]["count"][-1] + 2) >> 2, 2))


def test_lava_dense_delays_by_one_step_from_layer_to_layer(recorded):
    network, before, _, _, seen = recorded
    for connection in network.forward:
        for tau in range(13):
            a = before[connection.weights] @ seen[connection.source]["spikes"][tau]
            assert np.array_equal(seen[connection.target]["a"][tau + 1], a)


def test_lava_readout_sends_error_parts_at_12_and_13_and_bits_of_dhat_from_16(recorded):
    network, _, _, label, seen = recorded
    readout = seen["readout"]
    o = readout["o_plus"][12] + readout["o_minus"][12]
    error = [min(max(int(value) >> network.readout.error_shift, 0), 127) - 127 * (q == label) for q, value in enumerate(o)]
    assert readout["error"][12].tolist() == error
    sent = readout["spikes"]
    assert sent[12].tolist() == [max(e, 0) for e in error] and sent[13].tolist() == [max(-e, 0) for e in error]
    assert set(busy(sent)) <= {12, 13, 16, 17, 18, 19}
    d_hat = readout["d_hat"][12]
    assert np.array_equal(sent[16] + 2 * sent[17] - sent[18] - 2 * sent[19], d_hat) and d_hat.any()


@pytest.mark.parametrize("layer, feedback", [("hidden1", "M1.weights"), ("hidden2", "M2.weights")])
def test_lava_hidden_layers_hold_the_third_factor_from_14_on(recorded, layer, feedback):
    _, before, _, _, seen = recorded
    hidden, error = seen[layer], seen["readout"]["error"][12]
    assert not hidden["g"][12].any()
    assert np.array_equal(hidden["g"][13], before[feedback] @ np.maximum(error, 0))
    assert np.array_equal(hidden["g"][14], before[feedback] @ error)
    assert hidden["g"][14].any()


@pytest.mark.parametrize("layer", ["hidden1", "hidden2"])
def test_lava_post_synaptic_traces_are_zero_outside_the_learning_steps(recorded, layer):
    network, before, _, _, seen = recorded
    hidden = seen[layer]
    z = 2 * (hidden["z_state"][-1] & 1) - 1
    for tau in (14, 15):
        assert np.array_equal(hidden["y2"][tau] - hidden["y1"][tau], hidden["y"][14])
    for tau, change in zip((16, 17, 18, 19), (z, 2 * z, -z, -2 * z), strict=True):
        assert np.array_equal(hidden["y1"][tau] - hidden["y2"][tau], change)
    assert set(busy(hidden["y1"] + hidden["y2"])) <= {14, 15, 16, 17, 18, 19}
    rows = [32 if (before.n_trained + i) % network.learning.credit.decay_period == 0 else 0 for i in range(len(z))]
    assert hidden["y3"][14].tolist() == rows and busy(hidden["y3"]) == [14]
    assert busy(seen["readout"]["y1"] + seen["readout"]["y2"]) == [14, 15] and not seen["readout"]["y3"].any()


def test_a_step_of_a_program_says_only_what_differs_from_an_idle_step():
    assert SCHEDULE.programs[0][17] == Step()
