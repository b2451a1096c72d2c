"""A run reports the largest value of every variable of every population; one beyond its width is a warning, an error in tests."""
import json
from dataclasses import replace

import numpy as np
import pytest

from lava_opzo.engines import largest
from lava_opzo.engines.oracle.recorder import plain_config, plain_state
from lava_opzo.engines.oracle.sample import train_sample
from lava_opzo.engines.registry import make
from lava_opzo.errors import RangeWarning
from lava_opzo.experiment.experiment import Data, Experiment, Training, dumps
from lava_opzo.experiment.samples import load_data
from lava_opzo.network.form import changed
from lava_opzo.network.initial import initial_state
from lava_opzo.runs import checkpoint, start
from lava_opzo.runs.folder import RunFolder
from lava_opzo.verification.lockstep import verify
from sim_tests.helpers.commands import MODULE, command
from sim_tests.helpers.networks import random_samples, small_network
from sim_tests.helpers.tiny_run import write_tiny_run


def overflowing():
    """A network whose inputs, all at 15, drive u beyond its wrap and v to its clip."""
    network = small_network(n_in=600, hidden=(6, 5))
    state = initial_state(network)
    state["W1.weights"][:] = np.array([[254], [-254], [100], [-100], [2], [8]])
    return network, state, np.full((3, 1, 600), 15, np.uint8), np.array([0, 1, 2], np.int32)


def ordinary():
    network = small_network()
    return network, initial_state(network), *random_samples(network, 6)


def counted_in_the_oracle(network, state, frames, labels):
    """The same figures from the plain-Python records of every step."""
    plain, now = plain_config(network), plain_state(state, network)
    found = {layer: dict.fromkeys(names, 0) for layer, names in largest.names(network).items()}

    def see(layer, name, values):
        found[layer][name] = max(found[layer][name], *map(abs, values))

    for frame, label in zip(frames.tolist(), labels.tolist(), strict=True):
        seen, after = train_sample(plain, now, frame, label)
        for i, layer in enumerate(network.hidden):
            for step in seen["steps"]:
                see(layer.name, "u", [64 * a for a in step["a"][i]])
                see(layer.name, "v", step["v_before_reset"][i])
            see(layer.name, "h", seen["h"][i])
            see(layer.name, "r", [residual + h for residual, h in zip(now["y_residual"][i], seen["h"][i], strict=True)])
        see("readout", "o", seen["o"])
        see("readout", "d", seen["d"])
        now = after
    return found


@pytest.mark.parametrize("case", [ordinary, overflowing])
def test_twin_and_lava_keep_the_largest_values_that_the_oracle_counts(case):
    network, state, frames, labels = case()
    expected = counted_in_the_oracle(network, state, frames, labels)
    for name in ("twin", "fast", "stock"):
        with make(name, network, state) as engine:
            engine.train(frames[:2], labels[:2])
            engine.train(frames[2:], labels[2:])
            assert engine.seen().largest == expected, name
    assert set(largest.overflows(expected)) == ({("hidden1", "u"), ("hidden1", "v")} if case is overflowing else set())
    assert case is overflowing or all(all(values.values()) for values in expected.values()), "something was not seen"


def test_evaluation_counts_as_well_and_alike_in_the_twin_and_in_lava():
    network, state, frames, _ = ordinary()
    with make("twin", network, state) as twin, make("fast", network, state) as lava:
        for engine in (twin, lava):
            engine.evaluate(frames)
        seen = twin.seen().largest
        assert seen == lava.seen().largest
    assert seen["hidden1"]["v"] > 0 and seen["hidden1"]["h"] == seen["readout"]["d"] == 0


def test_verify_finds_the_same_values_in_its_records():
    network, state, frames, labels = ordinary()
    seen = verify(network, state, frames, labels, ("oracle", "twin")).ranges.seen
    for layer, values in counted_in_the_oracle(network, state, frames, labels).items():
        for name in set(values) - {"v"}:
            assert values[name] == max(-seen[layer, name].minimum, seen[layer, name].maximum), (layer, name)


@pytest.mark.parametrize("variable, exact", [("u", 2**23 - 1), ("v", 2**23 - 2), ("h", 2**23 - 1), ("r", 2**23 - 1),
                                             ("o", 2**23 - 1), ("d", 2**23 - 1)])
def test_the_first_value_beyond_a_limit_is_named_with_population_value_limit_and_next_step(variable, exact):
    assert largest.overflows({"hidden1": {variable: exact}}) == {}
    (line,) = largest.overflows({"hidden1": {variable: exact + 1}}).values()
    assert line.startswith(f"population 'hidden1': |{variable}| reached {exact + 1}, beyond its limit {exact}; ")
    assert " lower " in line


def test_the_line_of_a_report_names_the_population_that_came_nearest_to_each_limit():
    seen = {"hidden1": {"u": 5, "v": 9}, "hidden2": {"u": 7, "v": 2}, "readout": {"o": 3}}
    assert largest.summary(seen) == "largest values (24 bits hold 8388607): |u| 7 hidden2, |v| 9 hidden1, |o| 3 readout"


def test_what_engines_keep_becomes_what_is_reported():
    assert largest.kept(small_network(hidden=(3,))) == {"hidden1": ("a", "v", "h", "r"), "readout": ("o", "d")}
    reported = {"hidden1": {"u": 320, "v": 9}, "readout": {"o": 3}}
    assert largest.from_kept({"hidden1": {"a": 5, "v": 9}, "readout": {"o": 3}}) == reported


@pytest.fixture
def overflowing_run(tmp_path):
    """(experiment, its data set, an empty run folder): a network that wraps u from its first sample on."""
    network = changed(small_network(n_in=4001), sigma=(127.0, 40.0, 12.0))
    frames, labels = np.full((3, 1, 4000), 15, np.uint8), np.array([0, 1, 2])
    np.savez(tmp_path / "data.npz", frames=frames, labels=labels, test_frames=frames[:1], test_labels=labels[:1])
    chosen = Experiment(Data("npz", str(tmp_path / "data.npz"), options={"n_classes": 4}), network, Training(2))
    return chosen, load_data(chosen), RunFolder.create(tmp_path / "run", chosen)


def silent(progress, text):
    """Shows nothing."""


def test_an_overflow_in_a_test_is_an_error(overflowing_run):
    chosen, dataset, run = overflowing_run
    with pytest.raises(RangeWarning, match="population 'hidden1': .[uv]. reached"):
        start.start(chosen, dataset, run, silent, "twin")


def test_an_overflow_in_a_users_run_is_one_line_on_standard_error_and_stands_in_report_and_files(overflowing_run, tmp_path):
    (tmp_path / "wide.toml").write_text(dumps(overflowing_run[0]))
    code, output, errors = command("train", "--config", tmp_path / "wide.toml", "--out", tmp_path / "user", script=MODULE)
    assert code == 0, errors
    result = json.loads((tmp_path / "user" / "result.json").read_text())
    warning = next(line for line in result["warnings"] if line.startswith("population 'hidden1': |u| reached"))
    assert "warning: population 'hidden1': |u| reached" in errors and "RangeWarning" not in errors
    assert f"warning: {warning}" in output and "largest values (24 bits hold 8388607): |u| " in output
    epochs = [record for record in RunFolder(tmp_path / "user").read_metrics() if record["kind"] == "epoch"]
    assert epochs[-1]["largest"] == result["largest"] and result["largest"]["hidden1"]["u"] > 2**23


def test_a_resumed_run_ends_with_the_largest_values_of_an_unbroken_one(tmp_path):
    _, tiny = write_tiny_run(tmp_path, n_train=12)
    dataset, half = load_data(tiny), replace(tiny, training=Training(1))
    whole = start.start(tiny, dataset, RunFolder.create(tmp_path / "whole", tiny), silent, "twin")
    run = RunFolder.create(tmp_path / "run", half)
    start.start(half, dataset, run, silent, "twin")
    _, state, before = checkpoint.load(run.checkpoint)
    with make("twin", tiny.network, state) as rest:
        rest.train(dataset.train_frames[:1], dataset.train_labels[:1])
        seen = rest.seen().largest
        assert seen != largest.merge(before.largest, seen), "the first part has no larger value; nothing is carried"
    assert start.resume(run, silent, "lava", epochs=2)["largest"] == whole["largest"]
