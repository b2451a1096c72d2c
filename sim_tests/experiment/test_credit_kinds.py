"""Kinds of credit: which engines have them, what `--credit` changes, and that a fixed M stays fixed in every engine."""
from dataclasses import asdict, replace

import numpy as np
import pytest

from lava_opzo.board.preflight import preflight
from lava_opzo.engines import registry
from lava_opzo.errors import UserError
from lava_opzo.experiment import credit_kinds, presets
from lava_opzo.experiment.samples import load_data
from lava_opzo.learning.credit import FixedFeedback, Opzo
from lava_opzo.network.form import changed
from lava_opzo.network.initial import initial_state
from lava_opzo.runs import checkpoint, compare
from lava_opzo.runs.loop import accuracy, train
from lava_opzo.silicon import boards
from lava_opzo.verification.lockstep import verify
from sim_tests.helpers.commands import called
from sim_tests.helpers.networks import differing, random_samples, small_network


def test_with_a_fixed_random_m_all_engines_agree_in_every_variable_and_m_stays_as_it_was():
    network = small_network(credit="dfa")
    frames, labels = random_samples(network, 4)
    report = verify(network, initial_state(network), frames, labels, ("stock", "fast", "twin", "oracle"))
    assert report.differing == 0 and report.compared > 10_000
    start = initial_state(network)
    with registry.make("twin", network, start) as twin:
        twin.train(frames, labels)
        learned = twin.state()
    for connection in network.feedback:
        name = connection.weights
        assert np.array_equal(learned[name], start[name]) and (start[name] != 0).any()
    assert any((learned[connection.weights] != start[connection.weights]).any() for connection in network.forward)


def test_a_fixed_m_changes_neither_the_initial_weights_nor_the_noise():
    with_m, without = initial_state(small_network(credit="dfa", m_sigma=8.0)), initial_state(small_network())
    assert differing(with_m, without) == ["M1.weights", "M2.weights"]
    assert np.std(with_m["M1.weights"] // 2) == pytest.approx(8.0, rel=0.3)


@pytest.mark.parametrize("make, words", [
    (lambda: Opzo(d_bits=0), "credit 'opzo': d_bits 0 is outside 1..7"),
    (lambda: Opzo(decay_period=3), "credit 'opzo': decay_period 3 is not a power of two"),
    (lambda: FixedFeedback(m_sigma=0.0), "credit 'dfa': m_sigma 0 leaves M empty"),
    (lambda: FixedFeedback(m_sigma=128.0), "credit 'dfa': m_sigma 128.0 is outside 0..127")])
def test_values_that_mean_nothing_are_refused_with_the_reason(make, words):
    with pytest.raises(UserError) as caught:
        make()
    assert words in str(caught.value)


@pytest.mark.parametrize("kind", ["backprop", "single-point"])
@pytest.mark.parametrize("engine, number", [("twin", "fixed"), ("fast", "real"), ("stock", "fixed"), ("in-the-loop", "fixed")])
def test_what_no_neuron_could_know_is_refused_by_integer_engines_and_by_lava(kind, engine, number):
    network = small_network(credit=kind)
    with pytest.raises(UserError, match=f"credit '{kind}'.*twin with number real|credit '{kind}'.*choose twin"):
        registry.make(engine, network, initial_state(network), number)


@pytest.mark.parametrize("use", ["verify", "preflight"])
def test_nothing_else_takes_such_a_network_for_one_whose_m_is_zero(use):
    network = small_network(credit="backprop")
    state, (frames, labels) = initial_state(network), random_samples(network, 2)
    uses = {"verify": lambda: verify(network, state, frames, labels, ("twin", "oracle")),
            "preflight": lambda: preflight(network, state, boards.find("oheo-gulch"))}
    with pytest.raises(UserError, match="credit 'backprop'"):
        uses[use]()


@pytest.mark.parametrize("kind", credit_kinds.KINDS)
@pytest.mark.parametrize("preset", presets.PRESETS.values(), ids=presets.PRESETS)
def test_a_kind_of_credit_leaves_data_widths_noise_and_gates_as_they_are(preset, kind):
    made = credit_kinds.assigned(preset(), kind)
    assert made.data == preset().data and made.training == preset().training
    for layer, original in zip(made.network.hidden, preset().network.hidden, strict=True):
        differing_fields = {name for name, value in asdict(layer).items() if value != getattr(original, name)}
        assert differing_fields <= {"y_shift"}
    for connection, original in zip(made.network.forward, preset().network.forward, strict=True):
        assert connection == replace(original, x_shift=connection.x_shift)
    assert made.network.learning.gate == preset().network.learning.gate
    assert credit_kinds.kind_of(made.network) == kind
    assert credit_kinds.assigned(made, kind) == made


def test_an_unknown_kind_and_a_second_change_of_kind_are_refused():
    with pytest.raises(UserError, match="credit 'hebb' is not one of opzo, one-window, dfa"):
        credit_kinds.assigned(presets.digits(), "hebb")
    for first, second in (("dfa", "backprop"), ("one-window", "single-point")):
        with pytest.raises(UserError, match=f"its credit is '{first}' already"):
            credit_kinds.assigned(credit_kinds.assigned(presets.digits(), first), second)


def test_shifts_that_leave_their_range_are_refused_with_the_kind_that_asks_for_them():
    digits = presets.digits()
    low = replace(digits, network=changed(digits.network, readout=replace(digits.network.readout, y_shift=0)))
    with pytest.raises(UserError, match="credit 'dfa' shifts this network's learning rates by .* y_shift -1 is outside 0..22"):
        credit_kinds.assigned(low, "dfa")


@pytest.mark.parametrize("kind, number", [("dfa", "fixed"), ("one-window", "fixed"), ("one-window-turned", "fixed"),
                                          ("one-window-baseline", "fixed"), ("opzo", "real"), ("dfa", "real"),
                                          ("one-window", "real"), ("backprop", "real")])
def test_every_kind_but_the_single_point_estimate_learns_digits_far_above_chance(kind, number):
    experiment = credit_kinds.assigned(presets.digits(), kind)
    dataset = load_data(experiment)
    with registry.make("twin", experiment.network, initial_state(experiment.network), number) as engine:
        for _ in train(engine, dataset, experiment.training):
            pass
        assert accuracy(engine, dataset.test_frames, dataset.test_labels) > 0.85


def test_the_command_line_takes_a_kind_and_trains_a_folders_own_config_again(tmp_path):
    first = called("train", "--credit", "dfa", "--epochs", 1, "--out", tmp_path / "a")
    again = called("train", "--config", tmp_path / "a" / "config.toml", "--out", tmp_path / "b")
    assert first.code == again.code == 0, first.errors + again.errors
    rows = compare.rows([tmp_path / "a", tmp_path / "b"])
    assert rows[1]["differing"] == []
    assert checkpoint.load(tmp_path / "a" / "checkpoint.safetensors")[0].network.learning.credit == FixedFeedback()
