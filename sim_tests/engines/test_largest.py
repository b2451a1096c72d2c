"""A run reports the largest value of every variable of every layer; one beyond its width is a warning, and an error in tests."""
import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from lava_opzo.runs import checkpoint
from lava_opzo.engines import registry
from lava_opzo.experiment import experiment
from lava_opzo.runs import start
from lava_opzo.experiment import samples
from lava_opzo.engines.oracle import sample
from lava_opzo.engines import largest
from lava_opzo.engines.lava.engine import LavaEngine
from lava_opzo.errors import RangeWarning
from lava_opzo.experiment.experiment import Data, Experiment, Training
from lava_opzo.runs.folder import RunFolder
from lava_opzo.network.initial import initial_state
from lava_opzo.engines.twin.integers.engine import TwinEngine
from lava_opzo.engines.oracle.recorder import OracleRecorder
from lava_opzo.verify.lockstep import verify
from sim_tests.helpers.networks import random_samples, small_network
from sim_tests.helpers.tiny_run import write_tiny_run

ROOT = Path(__file__).parents[1]


def overflowing():
    """A network of one layer whose inputs, all at 15, drive u beyond its wrap and v to its clip."""
    config = small_network(n_in=600, hidden=(6, 5))
    state = initial_state(config)
    state.weights[0][:] = np.array([[254], [-254], [100], [-100], [2], [8]])
    return config, state, np.full((3, 1, 600), 15, np.uint8), np.array([0, 1, 2], np.int32)


def ordinary():
    config = small_network()
    return config, initial_state(config), *random_samples(config, 10)


def counted_in_the_oracle(config, state, frames, labels):
    """The same figures from the plain-Python records of every step."""
    recorder = OracleRecorder(config, state, frames.shape[1])
    plain, now = recorder._plain, recorder._state
    largest = {layer: dict.fromkeys(names, 0) for layer, names in largest.names(config).items()}

    def see(layer, name, values):
        largest[layer][name] = max(largest[layer][name], *map(abs, values))

    for frame, label in zip(frames.tolist(), labels.tolist()):
        seen, after = sample.train_sample(plain, now, frame, label)
        for i in range(config.depth):
            layer = f"hidden{i + 1}"
            for step in seen["steps"]:
                see(layer, "u", [64 * a for a in step["a"][i]])
                see(layer, "v", step["v_before_reset"][i])
            see(layer, "h", seen["h"][i])
            see(layer, "r", [residual + h for residual, h in zip(now["y_residual"][i], seen["h"][i])])
        see("readout", "o", seen["o"])
        see("readout", "d", seen["d"])
        now = after
    return largest


@pytest.mark.parametrize("case", [ordinary, overflowing])
def test_twin_and_lava_keep_the_largest_values_that_the_oracle_counts(case):
    config, state, frames, labels = case()
    expected = counted_in_the_oracle(config, state, frames, labels)
    twin = TwinEngine(config, state)
    twin.train(frames, labels)
    assert twin.largest == expected
    for engine in ("fast", "stock"):
        with LavaEngine(config, state.copy(), engine=engine, timeout=60) as lava:
            lava.train(frames[:2], labels[:2])
            lava.train(frames[2:], labels[2:])
            assert lava.largest == expected, engine
    assert set(largest.overflows(expected)) == ({("hidden1", "u"), ("hidden1", "v")} if case is overflowing else set())
    assert case is overflowing or all(value for values in expected.values() for value in values.values()), "something was not seen"


def test_evaluation_counts_as_well_and_alike_in_the_twin_and_in_lava():
    config, state, frames, labels = ordinary()
    twin = TwinEngine(config, state)
    with LavaEngine(config, state.copy(), timeout=60) as lava:
        for engine in (twin, lava):
            engine.evaluate(frames)
        assert twin.largest == lava.largest
    assert twin.largest["hidden1"]["v"] > 0 and twin.largest["hidden1"]["h"] == twin.largest["readout"]["d"] == 0


def test_verify_finds_the_same_values_in_its_records():
    config, state, frames, labels = ordinary()
    seen = verify(config, state, frames, labels, ("oracle", "twin")).ranges.seen
    twin = TwinEngine(config, state)
    twin.train(frames, labels)
    for layer, values in twin.largest.items():
        for name in set(values) - {"v"}:
            assert values[name] == max(-seen[layer, name].minimum, seen[layer, name].maximum), (layer, name)


def test_an_engine_without_largest_values_says_so():
    config, state, *_ = ordinary()
    with LavaEngine(config, state, model="floating_pt", timeout=60) as lava:
        assert lava.largest == {}
    assert largest.summary({}) == "largest values: this engine keeps none"


@pytest.mark.parametrize("variable, exact", [("u", 2**23 - 1), ("v", 2**23 - 2), ("h", 2**23 - 1), ("r", 2**23 - 1),
                                             ("o", 2**23 - 1), ("d", 2**23 - 1)])
def test_the_first_value_beyond_a_limit_is_named_with_layer_value_limit_and_next_step(variable, exact):
    assert largest.overflows({"layer": {variable: exact}}) == {}
    (line,) = largest.overflows({"layer": {variable: exact + 1}}).values()
    assert line.startswith(f"layer 'layer': |{variable}| reached {exact + 1}, beyond its limit {exact}; ") and " lower " in line


def test_the_line_of_a_report_names_the_layer_that_came_nearest_to_each_limit():
    largest = {"hidden1": {"u": 5, "v": 9}, "hidden2": {"u": 7, "v": 2}, "readout": {"o": 3}}
    assert largest.summary(largest) == "largest values (24 bits hold 8388607): |u| 7 hidden2, |v| 9 hidden1, |o| 3 readout"


@pytest.fixture
def overflowing_run(tmp_path):
    """(experiment, its data set, an empty run folder): a configuration that wraps u from its first sample on."""
    config = small_network(n_in=4001)
    config = replace(config, hidden=(replace(config.hidden[0], w_sigma=127.0), config.hidden[1]))
    frames, labels = np.full((3, 1, 4000), 15, np.uint8), np.array([0, 1, 2])
    np.savez(tmp_path / "data.npz", frames=frames, labels=labels, test_frames=frames[:1], test_labels=labels[:1])
    chosen = Experiment(Data("npz", str(tmp_path / "data.npz"), options={"n_classes": 4}), config, Training(2))
    return chosen, samples.load_data(chosen), RunFolder.create(tmp_path / "run", chosen)


def test_an_overflow_in_a_test_is_an_error(overflowing_run):
    chosen, dataset, run = overflowing_run
    with pytest.raises(RangeWarning, match="layer 'hidden1': .[uv]. reached"):
        start.start(chosen, dataset, run, lambda progress, text: None, "twin")


def test_an_overflow_in_a_users_run_is_one_line_on_standard_error_and_stands_in_report_result_and_metrics(overflowing_run, tmp_path):
    chosen, _, _ = overflowing_run
    (tmp_path / "wide.toml").write_text(experiment.dumps(chosen))
    process = subprocess.run([sys.executable, "-m", "lava_opzo", "train", "--config", str(tmp_path / "wide.toml"), "--out",
                              str(tmp_path / "user")], cwd=ROOT, text=True, capture_output=True, timeout=120)
    result = json.loads((tmp_path / "user" / "result.json").read_text())
    warning = next(line for line in result["warnings"] if line.startswith("layer 'hidden1': |u| reached"))
    assert process.returncode == 0, process.stderr
    assert "warning: layer 'hidden1': |u| reached" in process.stderr and "RangeWarning" not in process.stderr
    assert f"warning: {warning}" in process.stdout and "largest values (24 bits hold 8388607): |u| " in process.stdout
    epochs = [record for record in RunFolder(tmp_path / "user").read_metrics() if record["kind"] == "epoch"]
    assert epochs[-1]["largest"] == result["largest"] and result["largest"]["hidden1"]["u"] > 2**23


def test_a_resumed_run_ends_with_the_largest_values_of_an_unbroken_one(tmp_path):
    _, tiny = write_tiny_run(tmp_path)
    dataset, silent = samples.load_data(tiny), lambda progress, text: None
    whole = start.start(tiny, dataset, RunFolder.create(tmp_path / "whole", tiny), silent, "twin")
    run = RunFolder.create(tmp_path / "run", replace(tiny, training=Training(1)))
    start.start(replace(tiny, training=Training(1)), dataset, run, silent, "twin")
    _, state, extra = checkpoint.load(run.checkpoint)
    with registry.factory("twin")(tiny.network, state, 1) as rest:
        rest.train(dataset.train_frames[:1], dataset.train_labels[:1])
        assert rest.largest != largest.merge(rest.largest, extra["largest"]), "the first part has no larger value; nothing is carried"
    assert start.resume(run, silent, "lava", epochs=2)["largest"] == whole["largest"]
