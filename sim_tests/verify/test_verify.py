"""`verify` finds no difference where there is none, and names the exact place of one that is put in."""
import json

import numpy as np
import pytest
from typer.testing import CliRunner

from lava_opzo.arithmetic import fixed
from lava_opzo.engines.oracle import membrane
from lava_opzo.cli.app import application
from lava_opzo.engines.lava.engine import LavaEngine
from lava_opzo.errors import UserError
from lava_opzo.experiment.experiment import Data, Experiment, Training, dumps
from lava_opzo.arithmetic.fixed import quantiser
from lava_opzo.arithmetic.fixed import membrane
from lava_opzo.network.initial import initial_state
from lava_opzo.verify.difference import Comparison
from lava_opzo.engines.registry import NAMES, parse, recorder
from lava_opzo.engines.record import last_rows, shapes, state_after
from lava_opzo.verify.lockstep import verify
from sim_tests.helpers.networks import differing, random_samples, small_network


def verified(config, frames, labels, engines, state=None, **options):
    return verify(config, state or initial_state(config), frames, labels, engines, **options)


def test_all_four_engines_hold_equal_bits_in_every_variable_at_every_step():
    config = small_network()
    frames, labels = random_samples(config, 8)
    report = verified(config, frames, labels, NAMES)
    elements = sum(int(np.prod(shape)) for variables in shapes(config).values() for shape in variables.values())
    assert report.differing == 0 and report.first is None
    assert report.compared == 3 * 8 * config.schedule().length * elements
    assert report.ranges.warnings() == []


@pytest.mark.parametrize("options", [
    {"hidden": (13,)}, {"hidden": (9, 8, 7, 6)}, {"windows": 1, "decay_period": 0}, {"x_max": 3, "d_bits": 3},
    {"halve_every": 2, "max_halvings": 2}], ids=["one layer", "four layers", "one window", "other phases", "halvings"])
def test_every_shape_of_network_is_recorded_alike_by_lava_the_twin_and_the_oracle(options):
    config = small_network(**options)
    frames, labels = random_samples(config, 5, rows=config.steps)
    assert verified(config, frames, labels, ("fast", "twin", "oracle")).differing == 0


def test_a_later_start_from_rails_and_odd_weights_is_recorded_alike():
    config, rng = small_network(), np.random.default_rng(3)
    frames, labels = random_samples(config, 4)
    state = initial_state(config)
    state.n_trained = 7
    for weights in (*state.weights, *state.feedback):
        weights[:] = rng.choice([-256, -254, 253, 255], weights.shape)
    for residual in state.y_residual:
        residual[:] = rng.integers(0, 16, residual.shape)
    assert verified(config, frames, labels, NAMES, state).differing == 0


def test_recording_changes_no_bit_of_what_is_learned():
    config = small_network()
    frames, labels = random_samples(config, 6)
    engine = recorder("fast", config, initial_state(config), 1)
    try:
        records = [engine.sample(frame, int(label)) for frame, label in zip(frames, labels)]
    finally:
        engine.stop()
    with LavaEngine(config, initial_state(config), timeout=60) as plain:
        plain.train(frames, labels)
        assert differing(plain.state(), state_after(config, records[-1], 6)) == []


FAULTS = {
    "leak": (membrane, "integrate", lambda right: lambda v, a, dv, bias: right(v, a, dv, bias) + 1, ("hidden1", "v", 1)),
    "generator": (fixed.noise, "advance", lambda right: lambda state: right(state) ^ 2, ("hidden1", "z_state", 1)),
    "error": (credit, "output_error", lambda right: lambda *arguments: right(*arguments) - 1, ("readout", "error", 12)),
    "rounding": (credit, "shift_at", lambda right: lambda *arguments: right(*arguments) + 1, ("readout", "y", 12)),
}
"""What is wrong by how little -> where it must be seen first, in a network with A = 12."""


@pytest.mark.parametrize("fault", FAULTS)
def test_a_function_that_is_wrong_by_one_unit_is_named_by_step_layer_and_variable(fault, monkeypatch):
    module, name, wrong, (layer, variable, step) = FAULTS[fault]
    monkeypatch.setattr(module, name, wrong(getattr(module, name)))
    config = small_network()
    frames, labels = random_samples(config, 3)
    report = verified(config, frames, labels, ("oracle", "fast"))
    _, first = report.first
    assert (first.place.layer, first.place.variable, first.place.step, first.place.sample) == (layer, variable, step, 0)
    assert first.left != first.right and report.formula and report.operands


def test_one_wrong_value_is_found_at_its_index_and_its_operands_give_the_right_value(monkeypatch):
    right = membrane.integrate

    def wrong(v, a_in, dv, bias):
        v = right(v, a_in, dv, bias)
        if v.size == 11:
            v[7] -= 1
        return v

    monkeypatch.setattr(membrane, "integrate", wrong)
    config = small_network()
    frames, labels = random_samples(config, 2)
    report = verified(config, frames, labels, ("oracle", "fast"))
    _, first = report.first
    assert str(first.place) == "sample 0, step 2, layer hidden2, variable v[7]" and first.right == first.left - 1
    given = report.operands
    v = membrane.integrate(given["v before"], membrane.current(given["a"]), given["sign"] * given["z"] * given["alpha"], given["dv"])
    assert membrane.fire(v, given["vth"])[1] == first.left


def test_every_single_changed_value_of_a_record_is_found_at_its_place_with_operands():
    from lava_opzo.verify.operands import operands

    config = small_network()
    frames, labels = random_samples(config, 3)
    engine = recorder("oracle", config, initial_state(config), 1)
    before, record = (last_rows(engine.sample(frames[0], int(labels[0]))), engine.sample(frames[1], int(labels[1])))
    for layer, variables in record.items():
        for name, values in variables.items():
            for step in range(len(values)):
                index = tuple(size // 2 for size in values.shape[1:])
                changed = {**record, layer: {**variables, name: values.copy()}}
                changed[layer][name][(step, *index)] ^= 1
                comparison = Comparison("a", "b")
                assert comparison.add(1, record, changed) and comparison.differing == 1
                place = comparison.first.place
                assert (place.sample, place.step, place.layer, place.variable, place.index) == (1, step, layer, name, index)
                formula, found = operands(config, place, record, before, int(labels[1]), 1)
                assert formula and found and json.dumps(found)


def test_a_current_beyond_24_bits_is_a_warning_that_names_the_layer():
    config = small_network(n_in=600, hidden=(3,))
    state = initial_state(config)
    state.weights[0][:] = 254
    report = verified(config, np.full((1, 1, 600), 15, np.uint8), np.array([0]), ("oracle", "twin"), state)
    assert report.differing == 0
    assert any(warning.startswith("layer 'hidden1': u reached") for warning in report.ranges.warnings())


@pytest.mark.parametrize("text", ["stock", "stock,stock", "stock,board", ""])
def test_wrong_engines_are_refused_with_the_names_that_exist(text):
    with pytest.raises(UserError, match="stock"):
        parse(text)


@pytest.fixture
def config_file(tmp_path):
    path = tmp_path / "digits.toml"
    config = small_network(n_in=65, n_out=10)
    path.write_text(dumps(Experiment(Data("digits"), config, Training())))
    return path


def test_the_command_names_its_engines_first_and_ends_with_0(config_file):
    result = CliRunner().invoke(
        application(), ["verify", "--config", str(config_file), "--samples", "2", "--engines", "fast,twin"])
    assert result.exit_code == 0, result.output
    assert result.stdout.splitlines()[0].startswith("verify: fast, twin;")
    assert " 0 differ" in result.stdout and "sample 2/2" in result.stderr


def test_the_command_ends_with_1_and_its_replay_finds_the_same_first_difference(config_file, monkeypatch):
    right = quantiser.quantise

    def wrong_from_the_third_sample(residual, h, shift, limit):
        quotient, rest = right(residual, h, shift, limit)
        wrong_from_the_third_sample.calls += 1
        return quotient, rest ^ (wrong_from_the_third_sample.calls > 4 and limit == 3)

    wrong_from_the_third_sample.calls = 0
    monkeypatch.setattr(credit, "quantise", wrong_from_the_third_sample)
    command = ["verify", "--config", str(config_file), "--samples", "4", "--engines", "oracle,fast", "--json"]
    result = CliRunner().invoke(application(), command)
    first = json.loads(result.stdout)["first_difference"]
    assert result.exit_code == 1 and (first["layer"], first["variable"]) == ("readout", "d_residual") and first["sample"] > 0
    assert first["replay"].startswith(f"lava-opzo verify --config {config_file} --samples 4 --only-sample {first['sample']} ")
    monkeypatch.setattr(credit, "quantise", lambda residual, h, shift, limit: (
        right(residual, h, shift, limit)[0], right(residual, h, shift, limit)[1] ^ (limit == 3)))
    again = CliRunner().invoke(application(), [*first["replay"].split()[1:], "--json"])
    repeated = json.loads(again.stdout)["first_difference"]
    assert again.exit_code == 1
    assert {key: repeated[key] for key in ("sample", "step", "layer", "variable", "oracle", "operands")} == {
        key: first[key] for key in ("sample", "step", "layer", "variable", "oracle", "operands")}


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_a_thousand_digits_leave_equal_weights_in_stock_lava_and_ours_at_every_hundredth():
    from lava_opzo.experiment.samples import load_data
    from lava_opzo.experiment.presets import digits

    experiment = digits()
    data = load_data(experiment)
    frames, labels, config = data.train_frames[:1000], data.train_labels[:1000], experiment.network
    with LavaEngine(config, initial_state(config), engine="stock") as stock, LavaEngine(config, initial_state(config)) as fast:
        for start in range(0, 1000, 100):
            part = slice(start, start + 100)
            assert np.array_equal(stock.train(frames[part], labels[part]), fast.train(frames[part], labels[part]))
            assert differing(stock.state(), fast.state()) == [], f"after {start + 100} samples"
