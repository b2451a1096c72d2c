"""Kinds of credit: which engines have them, what `--credit` changes, and that a fixed M stays fixed in every engine."""
from dataclasses import asdict, replace

import numpy as np
import pytest
from typer.testing import CliRunner

from lava_opzo.runs import checkpoint
from lava_opzo.experiment import credit_kinds
from lava_opzo.runs import compare
from lava_opzo.experiment import samples
from lava_opzo.experiment import presets
from lava_opzo.engines.twin.integers import loop
from lava_opzo.silicon import boards
from lava_opzo.engines.in_the_loop.engine import InTheLoopEngine
from lava_opzo.board.preflight import preflight
from lava_opzo.cli.app import application
from lava_opzo.engines.lava.engine import LavaEngine
from lava_opzo.engines.registry import factory
from lava_opzo.errors import UserError
from lava_opzo.network.initial import initial_state
from lava_opzo.runs.loop import accuracy
from lava_opzo.runs.loop import train as learn
from lava_opzo.engines.twin.integers.engine import TwinEngine
from lava_opzo.verify.lockstep import verify
from sim_tests.helpers.networks import differing, random_samples, small_network

FIXED_M = {"credit": "dfa", "d_bits": 0, "decay_period": 0, "m_sigma": 8.0}


def test_with_a_fixed_random_m_all_engines_agree_in_every_variable_and_m_stays_as_it_was():
    config = small_network(**FIXED_M)
    frames, labels = random_samples(config, 4)
    report = verify(config, initial_state(config), frames, labels, ("stock", "fast", "twin", "oracle"))
    assert report.differing == 0 and report.compared > 10_000
    start = initial_state(config)
    with TwinEngine(config, start) as twin:
        loop.train(frames, labels)
        learned = loop.state()
    assert all(np.array_equal(a, b) and (a != 0).any() for a, b in zip(learned.feedback, start.feedback))
    assert any((a != b).any() for a, b in zip(learned.weights, start.weights))


def test_a_fixed_m_changes_neither_the_initial_weights_nor_the_noise():
    with_m, without = initial_state(small_network(**FIXED_M)), initial_state(small_network())
    assert differing(with_m, without) == ["feedback.1", "feedback.2"]
    assert np.std(with_m.feedback[0] // 2) == pytest.approx(8.0, rel=0.3)


@pytest.mark.parametrize("wrong, words", [
    ({"credit": "hebb"}, "credit 'hebb' is not one of opzo, dfa, backprop, single-point"),
    ({"d_bits": 0}, "d_bits 0 (bits of dhat, with which M learns) does not go with credit 'opzo'"),
    ({"m_sigma": 3.0}, "m_sigma 3.0 (the scale of an M that stays as it is) does not go with credit 'opzo'"),
    ({**FIXED_M, "m_sigma": 0.0}, "m_sigma 0.0"), ({**FIXED_M, "d_bits": 2}, "d_bits 2"),
    ({**FIXED_M, "decay_period": 4}, "decay_period 4 does not go with credit 'dfa'"), ({**FIXED_M, "m_sigma": 128.0}, "outside 0..127")])
def test_combinations_that_mean_nothing_are_refused_with_the_reason(wrong, words):
    with pytest.raises(UserError) as caught:
        small_network(**wrong)
    assert words in str(caught.value)


@pytest.mark.parametrize("kind", ["backprop", "single-point"])
def test_what_no_neuron_could_know_is_refused_by_integer_engines_and_by_lava(kind):
    config = small_network(credit=kind, d_bits=0, decay_period=0)
    for make in (lambda: TwinEngine(config, initial_state(config)),
                 lambda: LavaEngine(config, initial_state(config), model="floating_pt")):
        with pytest.raises(UserError, match=f"credit '{kind}' .*--engine twin --model floating_pt"):
            make()


@pytest.mark.parametrize("use", ["verify", "twin", "in-the-loop", "preflight"])
def test_nothing_else_takes_such_a_network_for_one_whose_m_is_zero(use):
    config = small_network(credit="backprop", d_bits=0, decay_period=0)
    state, (frames, labels) = initial_state(config), random_samples(config, 2)
    uses = {"verify": lambda: verify(config, state, frames, labels, ("twin", "oracle")),
            "twin": lambda: loop.train(config, state, frames, labels),
            "in-the-loop": lambda: InTheLoopEngine(config, state),
            "preflight": lambda: preflight(config, state, boards.find("oheo-gulch"))}
    with pytest.raises(UserError, match="credit 'backprop'"):
        uses[use]()


@pytest.mark.parametrize("kind", credit_kinds.KINDS)
@pytest.mark.parametrize("preset", presets.PRESETS.values(), ids=presets.PRESETS)
def test_a_kind_of_credit_leaves_data_widths_noise_and_gates_as_they_are(preset, kind):
    made = credit_kinds.assigned(preset(), kind)
    assert made.data == preset().data and made.training == preset().training
    may_change = {"y_shift", "x_shift"}
    for layer, original in zip(made.network.hidden, preset().network.hidden):
        changed = {name for name, value in asdict(layer).items() if value != getattr(original, name)}
        assert changed <= may_change, changed
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
    low = replace(digits, network=replace(digits.network, readout=replace(digits.network.readout, y_shift=0)))
    with pytest.raises(UserError, match="credit 'dfa' shifts this network's learning rates by .* y_shift -1 is outside 0..22"):
        credit_kinds.assigned(low, "dfa")


@pytest.mark.parametrize("kind, model", [("dfa", "fixed_pt"), ("one-window", "fixed_pt"), ("opzo", "floating_pt"),
                                         ("dfa", "floating_pt"), ("one-window", "floating_pt"), ("backprop", "floating_pt")])
def test_every_kind_but_the_single_point_estimate_learns_digits_far_above_chance(kind, model):
    experiment = credit_kinds.assigned(presets.digits(), kind)
    dataset = samples.load_data(experiment)
    with factory("twin", model)(experiment.network, initial_state(experiment.network), 1) as engine:
        for _ in learn(engine, dataset, experiment.training):
            pass
        assert accuracy(engine, dataset.test_frames, dataset.test_labels) > 0.85


def test_the_command_line_takes_a_kind_and_trains_a_folders_own_config_again(tmp_path):
    def run(*arguments):
        return CliRunner().invoke(application(), ["train", *map(str, arguments)])

    first = run("--credit", "dfa", "--epochs", 1, "--out", tmp_path / "a")
    again = run("--config", tmp_path / "a" / "config.toml", "--out", tmp_path / "b")
    assert first.exit_code == again.exit_code == 0, first.output + again.output
    rows = compare.rows([tmp_path / "a", tmp_path / "b"])
    assert rows[1]["differing"] == []
    assert checkpoint.load(tmp_path / "a" / "checkpoint.safetensors")[0].network.credit == "dfa"
