"""`verify` names the exact place of a fault that is put in, with operands from which the right value follows."""
import json

import numpy as np
import pytest

from lava_opzo.arithmetic.fixed import error, membrane, noise, quantiser, synapses, weights
from lava_opzo.engines.record import last_rows
from lava_opzo.engines.registry import recorder
from lava_opzo.experiment.experiment import Data, Experiment, Training, dumps
from lava_opzo.network.initial import initial_state
from lava_opzo.silicon.profile import STOCK_LAVA
from lava_opzo.verification.difference import Comparison
from lava_opzo.verification.formulas import formula
from lava_opzo.verification.lockstep import verify
from lava_opzo.verification.operands import operation
from sim_tests.helpers.commands import called
from sim_tests.helpers.networks import random_samples, small_network

FAULTS = {
    "leak": (membrane, "integrate", lambda right: lambda v, a, dv, bias: right(v, a, dv, bias) + 1, ("hidden1", "v", 1)),
    "generator": (noise, "advance", lambda right: lambda state: right(state) ^ 2, ("hidden1", "z_state", 1)),
    "error": (error, "output_error", lambda right: lambda *arguments: right(*arguments) - 1, ("readout", "error", 12)),
    "rounding": (quantiser, "shift_at", lambda right: lambda *arguments: right(*arguments) + 1, ("readout", "y", 12)),
}
"""What is wrong by how little -> where it must be seen first, in a network with A = 12."""


def first_difference(network, n, engines=("oracle", "fast")):
    frames, labels = random_samples(network, n)
    report = verify(network, initial_state(network), frames, labels, engines)
    return report, report.first[1]


@pytest.mark.parametrize("fault", FAULTS)
def test_a_function_that_is_wrong_by_one_unit_is_named_by_step_part_and_variable(fault, monkeypatch):
    module, name, wrong, (part, variable, step) = FAULTS[fault]
    monkeypatch.setattr(module, name, wrong(getattr(module, name)))
    report, first = first_difference(small_network(), 3)
    assert (first.place.part, first.place.variable, first.place.step, first.place.sample) == (part, variable, step, 0)
    assert first.left != first.right and report.operation.formulas and report.operation.operands


def test_one_wrong_value_is_found_at_its_index_and_its_operands_give_the_right_value(monkeypatch):
    right = membrane.integrate

    def wrong(v, a_in, dv, bias):
        v = right(v, a_in, dv, bias)
        if v.size == 11:
            v[7] -= 1
        return v

    monkeypatch.setattr(membrane, "integrate", wrong)
    report, first = first_difference(small_network(), 2)
    assert str(first.place) == "sample 0, step 2, population 'hidden2', variable v[7]" and first.right == first.left - 1
    given = report.operation.operands
    v = right(np.int64(given["v before"]), given["a"], given["dv"], given["sign"] * given["z"] * given["alpha"])
    assert membrane.fire(v, given["vth"], given["floor"])[1] == first.left
    assert formula(membrane.charge) in report.operation.formulas


def recorded_sample():
    """(network, record, last row before it, label) of the second sample in the oracle."""
    network = small_network()
    frames, labels = random_samples(network, 3)
    engine = recorder("oracle", network, initial_state(network), 1)
    before, record = last_rows(engine.sample(frames[0], int(labels[0]))), engine.sample(frames[1], int(labels[1]))
    return network, record, before, int(labels[1])


def test_every_single_changed_value_of_a_record_is_found_at_its_place_with_operands():
    network, record, before, label = recorded_sample()
    for part, variables in record.items():
        for name, values in variables.items():
            for step in range(len(values)):
                index = tuple(size // 2 for size in values.shape[1:])
                changed = {**record, part: {**variables, name: values.copy()}}
                changed[part][name][(step, *index)] ^= 1
                comparison = Comparison("a", "b")
                assert comparison.add(1, record, changed) and comparison.differing == 1
                place = comparison.first.place
                assert (place.sample, place.step, place.part, place.variable, place.index) == (1, step, part, name, index)
                found = operation(network, place, record, before, label, 1)
                assert found.formulas and found.operands and json.dumps(found.operands)


def differing_at(record, part, name, step, index):
    """The place of one changed value."""
    changed = {**record, part: {**record[part], name: record[part][name].copy()}}
    changed[part][name][(step, *index)] += 1
    comparison = Comparison("a", "b")
    comparison.add(1, record, changed)
    return comparison.first.place


@pytest.mark.parametrize("part, name, step, value", [
    ("hidden1", "y", 14, lambda given: quantiser.factor(given["y_residual before"], given["g"] * given["psi"], quantiser.shift_at(
        given["y_shift"], given["n_trained"], given["halve_every"], given["max_halvings"]))[0]),
    ("readout", "error", 12, lambda given: error.output_error(np.int64(given["o_plus"] + given["o_minus"]),
                                                              given["q"] == given["label"], given["error_shift"])),
    ("readout", "d_hat", 12, lambda given: quantiser.quantise(given["d_residual before"], given["o_plus"] - given["o_minus"],
                                                              given["d_shift"], (1 << given["d_bits"]) - 1)[0]),
    ("readout", "prediction", 12, lambda given: error.predict(np.array(given["o"]))),
    ("hidden2", "z_state", 2, lambda given: noise.advance(given["state"])),
    ("hidden2", "g", 14, lambda given: given["g before"] - np.dot(given["row of M2"], error.negative(np.array(given["error"])))),
    ("W2", "weights", 14, lambda given: weights.rail(weights.rail(given["w before"] + 2 * given["y1"] * given["x0"], STOCK_LAVA)
                                                     - 2 * given["y2"] * given["x0"], STOCK_LAVA)),
    ("readout", "o_minus", 12, lambda given: given["o_minus before"] + given["a"])])
def test_the_operands_of_a_value_give_that_value_by_the_formulas_beside_them(part, name, step, value):
    network, record, before, label = recorded_sample()
    for index in np.ndindex(record[part][name].shape[1:]):
        place = differing_at(record, part, name, step, index)
        found = operation(network, place, record, before, label, 1)
        assert value(found.operands) == record[part][name][(step, *index)], found


def test_a_formula_is_what_the_function_says_of_itself():
    assert formula(membrane.charge) == "charge: v = clip(leak(v, dv) + u + bias, -(2^23 - 1), 2^23 - 1)"
    assert formula(synapses.learned).startswith("learned: w = rail(w + 2*y1_i); w = rail(w - 2*y2_i) for the edges")
    with pytest.raises(ValueError, match="recorded_sample: the first sentence of its docstring has no formula"):
        formula(recorded_sample)


@pytest.fixture
def config_file(tmp_path):
    path = tmp_path / "digits.toml"
    path.write_text(dumps(Experiment(Data("digits"), small_network(n_in=65, n_out=10), Training())))
    return path


def test_the_command_ends_with_1_and_its_replay_finds_the_same_first_difference(config_file, monkeypatch):
    right = quantiser.quantise

    def wrong_from_the_third_sample(residual, h, shift, limit):
        quotient, rest = right(residual, h, shift, limit)
        wrong_from_the_third_sample.calls += limit == 3
        return quotient, rest ^ (wrong_from_the_third_sample.calls > 2 and limit == 3)

    wrong_from_the_third_sample.calls = 0
    monkeypatch.setattr(quantiser, "quantise", wrong_from_the_third_sample)
    command = ["verify", "--config", str(config_file), "--samples", "4", "--engines", "oracle,fast"]
    result = called(*command, "--json")
    first = json.loads(result.output)["first_difference"]
    assert result.code == 1 and (first["part"], first["variable"], first["sample"]) == ("readout", "d_residual", 2)
    assert first["replay"] == f"lava-opzo verify --config {config_file} --samples 4 --only-sample 2 --engines oracle,fast"
    monkeypatch.setattr(quantiser, "quantise", lambda residual, h, shift, limit: (
        right(residual, h, shift, limit)[0], right(residual, h, shift, limit)[1] ^ (limit == 3)))
    again = called(*first["replay"].split()[1:], "--json")
    repeated = json.loads(again.output)["first_difference"]
    assert again.code == 1
    same = ("sample", "step", "part", "variable", "oracle", "operation", "operands")
    assert {key: repeated[key] for key in same} == {key: first[key] for key in same}


def test_the_command_prints_the_first_difference_for_a_person(config_file, monkeypatch):
    monkeypatch.setattr(*FAULTS["error"][:2], FAULTS["error"][2](error.output_error))
    result = called("verify", "--config", config_file, "--samples", 1, "--engines", "oracle,fast")
    lines = result.output.splitlines()
    at = lines.index(next(line for line in lines if line.startswith("first difference: ")))
    assert result.code == 1
    assert lines[at].startswith("first difference: sample 0, step 12, population 'readout', variable error[")
    assert lines[at + 3] == "  operation:" and lines[at + 5].startswith("    output_error: e_q = clip(o_q >> shift, 0, 127)")
    assert lines[-1].startswith("  replay: lava-opzo verify --config ") and any(line.startswith("    label = ") for line in lines)
