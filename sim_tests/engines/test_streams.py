"""Neurons that carry what they hold from sample to sample, and steps with a label or without, have equal bits in every engine."""
from dataclasses import replace
from functools import wraps

import numpy as np
import pytest

from lava_opzo.arithmetic.fixed import membrane
from lava_opzo.arithmetic.fixed.membrane import balanced, leak
from lava_opzo.engines.oracle import steps
from lava_opzo.engines.oracle.recorder import plain_config, plain_state
from lava_opzo.engines.registry import make
from lava_opzo.errors import UserError
from lava_opzo.network.checks import check_kept
from lava_opzo.network.form import changed
from lava_opzo.network.initial import initial_state
from lava_opzo.network.state import carried, settle
from lava_opzo.silicon.profile import LOIHI_254
from lava_opzo.verification.lockstep import verify
from sim_tests.helpers.networks import by_step, carrying, differing, patched_network, random_samples, small_network, step_labels
from sim_tests.helpers.patches import at_the_rails
from sim_tests.helpers.records import assert_same_records

NETWORKS = {
    "two layers": lambda: carrying(small_network(windows=1)),
    "labels from the third step on, a floor, rails of a chip": lambda: carrying(small_network(
        windows=1, halve_every=2, max_halvings=1, vth=200, v_floor=1, profile=LOIHI_254, x_max=3, d_bits=3), 2),
    "fixed M, slow leaks": lambda: carrying(small_network((9,), windows=1, credit="dfa"), decay=4, dv=1, readout_dv=1),
    "local and shared weights": lambda: carrying(patched_network(windows=1))}


@pytest.mark.parametrize("case", NETWORKS)
def test_twin_and_oracle_agree_in_every_variable_of_every_step(case):
    network = NETWORKS[case]()
    frames, _ = random_samples(network, 4, rows=5, seed=3)
    assert_same_records(network, at_the_rails(network), frames, step_labels(network, 4, seed=3))


@pytest.mark.parametrize("labelled", ["every step its own label or none", "one label a sample"])
def test_stock_lava_fast_lava_twin_and_oracle_agree(labelled):
    network = carrying(small_network(windows=1), 1)
    frames, labels = random_samples(network, 3, rows=5, seed=4)
    if "every" in labelled:
        labels = step_labels(network, 3, seed=4)
    report = verify(network, at_the_rails(network), frames, labels, ("stock", "fast", "twin", "oracle"))
    assert report.differing == 0 and report.samples == 3


def test_traces_that_go_on_are_not_said_to_have_left_their_range():
    network = carrying(small_network((9,), windows=1, steps=2), decay=40)
    frames = np.full((60, 2, 9), 15, np.uint8)
    report = verify(network, initial_state(network), frames, np.zeros(60, int), ("twin", "twin"))
    extent = report.ranges.seen["input", "count"]
    assert 2 * 15 * 64 < extent.maximum <= extent.high == 15 * 64 * 4096 // 40
    assert not [line for line in report.ranges.warnings() if "count" in line]


def test_predictions_of_every_step_state_and_evaluation_are_those_of_lava_and_of_the_oracle():
    network = carrying(small_network(windows=1), 1)
    frames, _ = random_samples(network, 6, rows=5, seed=5)
    labels, found = step_labels(network, 6, seed=5), []
    for name in ("fast", "twin"):
        with make(name, network, initial_state(network), "fixed", 5) as engine:
            answers = [engine.train(frames[:4], labels[:4]).tolist(), engine.evaluate(frames[:2], every_step=True).tolist(),
                       engine.train(frames[4:], labels[4:]).tolist(), engine.evaluate(frames[2:3]).tolist()]
            held = engine.state()
            engine.settle()
            found.append((held, engine.state(), answers, engine.seen()))
    (lava, rested, *of_lava), (twin, *_, of_twin, seen) = found
    assert differing(lava, twin) == [] and of_lava == [of_twin, seen]
    assert all(np.any(lava[name]) and not np.any(rested[name]) for name in carried(network))
    plain, predictions = plain_state(initial_state(network), network), []
    config = plain_config(network)
    for frame, label in zip(frames[:4].tolist(), labels[:4].tolist(), strict=True):
        seen, plain = steps.train_sample(config, plain, frame, label)
        predictions.append([-1, *(answer["prediction"] for answer in seen["answers"])])
    assert predictions == of_twin[0]
    evaluated = []
    for frame in frames[:2].tolist():
        quiet = steps.evaluate_sample(config, plain, frame)
        evaluated.append(quiet["predictions"])
        plain = {**plain, "carried": {name: quiet[name] for name in plain["carried"]}}
    assert evaluated == of_twin[1]


def test_where_a_stream_is_cut_changes_neither_spikes_nor_what_hidden_neurons_hold():
    """Without noise and with frozen weights; the sums of the readout leak in two parts, whose rounding depends on the cut."""
    short = carrying(small_network(windows=1, steps=6))
    short = changed(short, hidden=tuple(replace(layer, bias_mant=0, frozen=True) for layer in short.hidden))
    long, found = changed(short, learning=replace(short.learning, steps=12)), []
    frames, _ = random_samples(long, 4, rows=12, seed=6)
    for network, shape in ((long, (4, 12)), (short, (8, 6))):
        with make("twin", network, initial_state(network), "fixed", shape[1]) as engine:
            engine.train(frames.reshape(*shape, -1), step_labels(network, shape[0]))
            state = engine.state()
            held = [state[name].tolist() for name in carried(network) if "readout" not in name]
            found.append((engine.seen().spike_rates, held))
    assert found[0] == found[1] and all(np.any(values) for values in found[0][1])


def test_at_the_border_of_two_samples_the_difference_of_the_sums_begins_anew_and_their_sum_goes_on():
    o_plus, o_minus = balanced(np.array([7, -7, 3, -8, 0]), np.array([4, 0, 0, 1, -1]))
    assert (o_plus + o_minus).tolist() == [11, -7, 3, -7, -1] and (o_plus - o_minus).tolist() == [1, 1, 1, 1, 1]


def test_sums_that_are_balanced_wrongly_are_named_at_the_border_with_operands_that_give_the_right_ones(monkeypatch):
    right, network = balanced, carrying(small_network(windows=1))
    monkeypatch.setattr(membrane, "balanced", wraps(right)(lambda o_plus, o_minus: right(o_plus, o_minus)[::-1]))
    frames, labels = random_samples(network, 2, rows=5, seed=10)
    report = verify(network, at_the_rails(network), frames, labels, ("oracle", "fast"))
    _, difference = report.first
    place, operands = difference.place, report.operation.operands
    assert (place.sample, place.part, place.variable, place.step) == (1, "readout", "o_plus", network.depth + 1)
    assert any(line.startswith("balanced: ") for line in report.operation.formulas)
    o = operands["o_plus before"] + operands["o_minus before"]
    assert leak(np.array([o - (o >> 1)]), operands["dv"])[0] + operands["a"] == difference.left


def test_steps_without_a_label_change_no_forward_weight():
    network = carrying(small_network(windows=1))
    frames, _ = random_samples(network, 5, rows=5, seed=7)
    start = at_the_rails(network)
    with make("twin", network, start, "fixed", 5) as engine:
        engine.train(frames, np.full((5, 5), -1))
        after = engine.state()
    forward = [connection.weights for connection in network.forward]
    assert not set(differing(start, after)) & set(forward) and "M1.weights" in differing(start, after)


def test_one_label_a_sample_is_that_label_in_every_step_from_label_from_on():
    network = by_step(small_network(windows=1), 2)
    frames, labels = random_samples(network, 5, rows=5, seed=8)
    rows = np.repeat(labels[:, None], 5, axis=1)
    rows[:, :2] = -1
    found = []
    for given in (labels, rows):
        with make("twin", network, initial_state(network), "fixed", 5) as engine:
            found.append((engine.train(frames, given), engine.state()))
    (last, one), (every, two) = found
    assert differing(one, two) == [] and last.tolist() == every[:, -1].tolist() and (every[:, :2] == -1).all()


def test_samples_that_begin_at_rest_are_those_of_a_stream_that_settles_before_each():
    network = carrying(small_network(windows=1))
    at_rest = changed(network, learning=replace(network.learning, carry=False))
    frames, labels = random_samples(network, 4, rows=5, seed=9)
    with make("twin", network, initial_state(network), "fixed", 5) as carries, \
            make("twin", at_rest, initial_state(at_rest), "fixed", 5) as rests:
        for frame, label in zip(frames, labels, strict=True):
            carries.settle()
            assert carries.train(frame[None], label[None]).tolist() == rests.train(frame[None], label[None]).tolist()
        left = carries.state()
    settle(network, left)
    assert set(differing(left, rests.state())) == set(carried(network))


@pytest.mark.parametrize("fields, message", [
    ({"updates": "sample", "label_from": 0}, "set updates = \"step\", or carry = false"),
    ({"eligibility": 3}, "decay 3 of the eligibility lets traces grow beyond 20 bits .* choose 4 or more"),
    ({"readout_dv": 0}, "population 'readout': dv 0 lets its sums grow beyond 31 bits .* set dv to 1 or more")])
def test_what_would_grow_without_end_is_refused_by_name(fields, message):
    network = carrying(small_network(windows=1))
    learning, readout = network.learning, network.readout
    with pytest.raises(UserError, match=message):
        eligibility = replace(learning.eligibility, decay=fields.pop("eligibility", 900))
        changed(network, readout=replace(readout, dv=fields.pop("readout_dv", 500)),
                learning=replace(learning, eligibility=eligibility, **fields))


@pytest.mark.parametrize("labels, message", [
    (np.zeros((2, 4), int), r"labels: shape \(2, 4\) is not \(2, 5\), a class of every step"),
    (np.full((2, 5), 4), r"values 4\.\.4 are outside -1\.\.3"), (np.full((2, 5), 0.5), "type float64 is not an integer type"),
    (np.zeros((2, 5), int), "a step before label_from 1 has a label")])
def test_labels_of_steps_that_do_not_fit_are_refused_before_anything_is_learned(labels, message):
    network = carrying(small_network(windows=1), 1)
    frames, _ = random_samples(network, 2, rows=5)
    with make("twin", network, initial_state(network), "fixed", 5) as engine:
        with pytest.raises(UserError, match=message):
            engine.train(frames, labels)
        assert differing(engine.state(), initial_state(network)) == []


@pytest.mark.parametrize("name, value", [("hidden1.v", 1 << 23), ("input.count", -1), ("hidden2.count", 1 << 20),
                                         ("readout.o_minus", -(1 << 30) - 1)])
def test_a_state_that_no_neuron_can_hold_is_refused_by_its_place(name, value):
    network = carrying(small_network(windows=1))
    state = initial_state(network)
    state[name][3] = value
    with pytest.raises(UserError, match=f"{name}: value {value} of neuron 3 is outside"):
        check_kept(network, state, "fixed")


def test_only_networks_that_learn_in_every_step_answer_in_every_step():
    network = small_network()
    frames, _ = random_samples(network, 2, rows=5)
    for number in ("fixed", "real"):
        with make("twin", network, initial_state(network), number, 5) as engine, \
                pytest.raises(UserError, match="every_step: updates 'sample' answer at the end of a sample alone"):
            engine.evaluate(frames, every_step=True)
