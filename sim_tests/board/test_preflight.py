"""Every pre-flight rule finds its own fault and is content without it; all faults are collected before anything raises."""
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from lava_opzo.board.finding import refuse
from lava_opzo.board.preflight import RULES, preflight
from lava_opzo.board.rules import activity, arithmetic, resources
from lava_opzo.board.subject import Subject
from lava_opzo.errors import DoesNotFitError, UserError
from lava_opzo.experiment.presets import digits
from lava_opzo.learning.rules import FEEDBACK, FORWARD, Product
from lava_opzo.network.form import changed
from lava_opzo.network.initial import initial_state
from lava_opzo.silicon.boards import BOARDS
from lava_opzo.silicon.limits import LIMITS, rows
from lava_opzo.silicon.profile import Profile
from sim_tests.helpers.networks import random_samples, small_network, with_layer

ONE_CHIP = BOARDS["oheo-gulch"]


def subject(network=None, **changes) -> Subject:
    network = network or digits().network
    return Subject(network, ONE_CHIP, **{"state": initial_state(network), **changes})


def with_limit(name: str, value: int):
    return replace(LIMITS, **{name: replace(getattr(LIMITS, name), value=value)})


def bad(rule, of: Subject) -> list[tuple[str, str, str]]:
    """(level, rule, part) of the errors and warnings."""
    return [(f.level, f.rule, f.part) for f in rule(of) if f.level in ("error", "warning")]


def with_weights(name: str, change) -> Subject:
    of = subject()
    change(of.state[f"{name}.weights"])
    return of


def test_the_digits_preset_has_no_error_on_one_chip_and_says_what_is_not_public():
    network = digits().network
    findings = preflight(network, initial_state(network), ONE_CHIP)
    assert {f.level for f in findings} == {"unknown", "ok"}
    assert {f.rule for f in findings if f.level == "unknown"} == {"learning memory", "products", "factors", "activity"}
    refuse(findings)


def test_every_limit_has_a_unit_and_a_source_and_says_whether_it_was_verified():
    assert len(rows()) == len({row[0] for row in rows()}) > 20
    assert all(unit and source and doubt in ("verified", "not verified") for _, _, unit, doubt, source in rows())


def test_neurons_more_than_the_board_holds():
    few = subject(limits=with_limit("neurons_per_core", 0))
    assert ("error", "neurons", "hidden1") in bad(resources.neurons, few)
    assert bad(resources.neurons, subject()) == []


def test_synaptic_memory_that_not_even_one_neuron_fits():
    assert bad(resources.synaptic_memory, subject(limits=with_limit("synapse_bits_per_core", 65 * 64 + 10 * 64))) == [
        ("error", "synaptic memory", "hidden2"),
        ("error", "synaptic memory", "readout"),
    ]
    assert bad(resources.synaptic_memory, subject()) == []


def test_fan_in_of_more_inputs_than_a_core_has_axons():
    assert bad(resources.fan_in, subject(small_network(n_in=2045))) == [("error", "fan-in", "hidden1")]
    assert bad(resources.fan_in, subject(small_network(n_in=2044))) == []
    assert bad(resources.fan_in, subject(small_network(n_in=2045), mode="in-the-loop")) == []


def test_fan_out_to_more_cores_than_a_core_has_axons():
    assert bad(resources.fan_out, subject(limits=with_limit("axons_out_per_core", 1))) == [
        ("error", "fan-out", name) for name in ("hidden1", "hidden2", "readout")
    ]
    assert bad(resources.fan_out, subject()) == []


def test_learning_memory_is_unknown_on_chip_and_no_question_in_the_loop():
    assert [f.level for f in resources.learning_memory(subject())] == ["unknown"]
    assert resources.learning_memory(subject(mode="in-the-loop")) == []


def test_board_size_of_a_network_with_more_cores_than_the_board():
    wide = subject(small_network(hidden=(3000, 3000), n_in=3000), mode="in-the-loop")
    assert bad(resources.board_size, wide) == [("error", "cores", "network")]
    assert bad(resources.board_size, subject()) == []


def test_threshold_of_17_bits_is_doubted_on_the_board_only():
    high = with_layer(digits().network, 1, vth=65536)
    assert bad(arithmetic.threshold, subject(high)) == [("warning", "threshold on the board", "hidden1")]
    assert bad(arithmetic.threshold, subject()) == []


def test_leak_and_bias_registers():
    narrow = subject(limits=with_limit("bias_mantissa", 2000))
    assert bad(arithmetic.leak_and_bias, narrow) == [("error", "bias mantissa", "hidden1")]
    assert bad(arithmetic.leak_and_bias, subject()) == []


def test_a_weight_at_the_upper_rail_is_named():
    at_rail = with_weights("W2", lambda w: w.__setitem__((3, 4), 255))
    assert bad(arithmetic.weight_range, at_rail) == [("error", "weight width", "W2")]
    assert bad(arithmetic.weight_range, with_weights("W2", lambda w: w.__setitem__((3, 4), -256))) == []


def test_odd_weights_are_counted():
    (finding,) = [
        f for f in arithmetic.even_weights(with_weights("W1", lambda w: w.__setitem__((0, slice(3)), 7))) if f.level == "error"
    ]
    assert (finding.part, finding.used) == ("W1", "3")
    assert bad(arithmetic.even_weights, subject()) == []


def test_feedback_weights_count_on_chip_only():
    of = subject()
    of.state["M1.weights"][0, 0] = 5
    assert bad(arithmetic.even_weights, of) == [("error", "even weights", "M1")]
    assert bad(arithmetic.even_weights, replace(of, mode="in-the-loop")) == []


def test_learning_epoch_beyond_six_bits():
    assert bad(arithmetic.epoch, subject(t_epoch=64)) == [("error", "learning epoch", "all connections")]
    assert bad(arithmetic.epoch, subject()) == []


def test_products_are_counted_and_their_limit_is_unknown():
    assert {(f.part, f.rule, f.used, f.level) for f in arithmetic.products(subject())} == {
        ("W", "products", "2", "unknown"),
        ("W", "factors", "1", "unknown"),
        ("M", "products", "3", "unknown"),
        ("M", "factors", "2", "unknown"),
    }


def test_payload_wider_than_a_graded_spike():
    assert bad(arithmetic.payloads, subject(limits=with_limit("payload_bits", 6))) == [
        ("error", "payload", "readout error")
    ]
    assert bad(arithmetic.payloads, subject()) == []


def test_a_noise_generator_wider_than_a_state_of_the_neuron_program():
    assert bad(arithmetic.noise, subject(limits=with_limit("generator_bits", 16))) == [
        ("error", "noise generator", layer) for layer in ("hidden1", "hidden2")]
    assert bad(arithmetic.noise, subject()) == []


def test_a_network_is_checked_against_the_profile_of_its_own_chip():
    chip = Profile("narrow-chip", -256, 254, of_a_chip=True, trace_bits=6, payload_bits=6)
    network = changed(digits().network, profile=chip)
    found = preflight(network, initial_state(network), ONE_CHIP)
    errors = {(f.rule, f.part, f.source) for f in found if f.level == "error"}
    assert errors == {("exact update: trace y", "W", "profile 'narrow-chip'"),
                      ("payload", "readout error", "profile 'narrow-chip'")}


def test_exact_update_refuses_a_product_of_two_traces():
    rounding = subject(rules={"W": (Product("", "x0", ("y1", "y2")),), "M": FEEDBACK})
    assert bad(arithmetic.exact_update, rounding) == [("error", "exact update: shift", "W: 2^1*x0*y1*y2")]
    assert bad(arithmetic.exact_update, subject(rules={"W": FORWARD, "M": FEEDBACK})) == []


def test_synaptic_input_of_every_hidden_population_is_bounded_in_a_deep_network():
    findings = arithmetic.synaptic_input(subject(small_network(hidden=(6,) * 7)))
    assert [f.part for f in findings] == ["hidden1", "hidden2", "hidden3", "hidden4", "hidden5", "hidden6", "hidden7"]


@pytest.mark.parametrize("credit", ["backprop", "single-point"])
def test_a_kind_of_credit_that_no_chip_has_is_refused_in_one_line(credit):
    with pytest.raises(UserError, match=f"credit '{credit}': no chip can learn with it.*; use opzo or dfa"):
        preflight(small_network(credit=credit), None, ONE_CHIP)


def test_synaptic_input_is_bounded_by_the_weights_themselves():
    heavy = with_weights("W1", lambda w: w.__setitem__(0, 254))
    assert bad(arithmetic.synaptic_input, heavy) == [("warning", "synaptic input, worst case", "hidden1")]
    assert LIMITS.synaptic_input.value == 32767 < 65 * 254 * 15
    assert bad(arithmetic.synaptic_input, subject()) == []


def busy(**changes):
    network = small_network(**changes)
    return subject(network, frames=random_samples(network, 20)[0])


def test_silent_and_saturated_layers_are_told_apart():
    of = busy()
    assert bad(activity.activity, of) == []
    silent = replace(of, state=of.state.copy())
    silent.state["W2.weights"][:] = 0
    assert [(f.part, f.next_step.split(":")[0]) for f in activity.activity(silent) if f.level == "warning"] == [
        ("hidden2", "the population is silent")
    ]
    saturated = replace(of, state=of.state.copy(), frames=np.full_like(of.frames, 15))
    saturated.state["W1.weights"][:] = 254
    assert [(f.part, f.next_step.split(":")[0]) for f in activity.activity(saturated) if f.level == "warning"] == [
        ("hidden1", "the population is saturated")
    ]


def test_measured_states_beyond_their_widths():
    of = replace(busy(), mode="in-the-loop")
    assert bad(activity.measured_states, of) == []
    found = bad(activity.measured_states, replace(of, limits=with_limit("readout_sum", 3)))
    assert found == [("error", "readout sum, measured", "readout")]
    found = bad(
        activity.measured_states, replace(of, limits=replace(with_limit("state", 4), synaptic_input=LIMITS.trace))
    )
    expected = [("warning", f"{name}, measured", part) for part in ("hidden1", "hidden2")
                for name in ("synaptic input", "membrane")]
    assert found == expected


def test_every_rule_of_the_list_has_its_test_here_or_in_a_file_of_its_own():
    text = "".join(file.read_text() for file in Path(__file__).parent.glob("test_preflight*.py"))
    tested = set(re.findall(r"(?:resources|arithmetic|activity)\.\w+", text))
    assert {f"{rule.__module__.rpartition('.')[2]}.{rule.__name__}" for rule in RULES} <= tested


def test_all_faults_are_collected_into_one_error_with_a_next_step_each():
    network = small_network(n_in=2100)
    state = initial_state(network)
    state["W2.weights"][0, 0] = 255
    findings = preflight(network, state, ONE_CHIP)
    levels = [f.level for f in findings]
    assert levels == sorted(levels, key=("error", "warning", "unknown", "ok").index)
    with pytest.raises(DoesNotFitError) as error:
        refuse(findings)
    line = str(error.value)
    assert line.startswith("the network does not fit the board, 3 finding(s): ") and "\n" not in line
    places = [line.index(f"{rule}, ") for rule in ("fan-in", "weight width", "even weights")]
    assert places == sorted(places) and all(finding.next_step in line for finding in findings if finding.level == "error")
