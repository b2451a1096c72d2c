"""A checkpoint is taken whole and unchanged, or refused in one line: no bit, no byte and no value of it is believed unseen."""
import json
import random
import re
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from safetensors import safe_open
from safetensors.numpy import save as serialise

from lava_opzo.errors import UserError
from lava_opzo.experiment.experiment import Data, Experiment, Training
from lava_opzo.files import tensors
from lava_opzo.network.form import changed
from lava_opzo.network.initial import initial_state
from lava_opzo.network.state import State
from lava_opzo.runs import checkpoint
from lava_opzo.runs.counted import Change, Counted
from sim_tests.helpers.networks import small_network

OLD = Path(__file__).parents[1] / "old_run"
NETWORK = small_network(hidden=(3,), n_in=3, n_out=2)
EXPERIMENT = Experiment(Data("npz", "samples.npz"), NETWORK, Training(2))
COUNTED = Counted(3, {"W1": 2, "M1": 0}, {"hidden1": {"u": 1, "v": 2}}, {
    "first": 0, "spikes": [1.5], "measured_at": 32, "spikes_measured": [1.0]}, (Change(3, "training.epochs", 1, 2),))


def state(number="fixed", n_trained=40):
    start = initial_state(NETWORK)
    kinds = {name: array.dtype if number == "fixed" or name.endswith("z_state") else np.float64
             for name, array in start.arrays.items()}
    return State({name: array.astype(kinds[name]) for name, array in start.arrays.items()}, n_trained)


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A checkpoint as bytes."""
    path = tmp_path_factory.mktemp("whole") / "c.safetensors"
    checkpoint.save(path, EXPERIMENT, state(), COUNTED)
    return path.read_bytes()


def refused(path, content):
    """The one line with which a checkpoint of this content is refused."""
    path.write_bytes(content)
    with pytest.raises(UserError) as error:
        checkpoint.load(path)
    line = str(error.value)
    assert line.startswith(f"checkpoint {path}") and "\n" not in line and len(line) < 1000
    return line


def parts(path):
    """(arrays, metadata) of a checkpoint."""
    with safe_open(str(path), framework="numpy") as file:
        return {name: file.get_tensor(name) for name in file.keys()}, file.metadata()  # noqa: SIM118


def sealed(arrays, metadata):
    """A checkpoint of this content whose sha256 is right, or which has none."""
    if "sha256" in metadata:
        metadata = metadata | {"sha256": checkpoint.digest(metadata, arrays)}
    return serialise(arrays, metadata)


def test_a_flip_of_any_bit_is_refused(whole, tmp_path):
    rng = random.Random(1)
    for place in range(0, len(whole), 4):
        refused(tmp_path / "c", whole[:place] + bytes([whole[place] ^ 1 << rng.randrange(8)]) + whole[place + 1:])


def test_the_sha256_alone_refuses_a_flip_in_an_array(whole, tmp_path):
    place = len(whole) - 3
    assert "sha256 differs" in refused(tmp_path / "c", whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1:])


@pytest.mark.parametrize("eighth", range(8))
def test_a_cut_file_and_a_longer_one_are_refused(whole, tmp_path, eighth):
    refused(tmp_path / "c", whole[:len(whole) * eighth // 8])
    refused(tmp_path / "c", whole + b"\0" * (eighth + 1))


@pytest.mark.parametrize("old", ["lava-opzo checkpoint 3", "lava-opzo checkpoint 2"])
def test_the_number_of_an_older_format_does_not_leave_the_sha256_out(whole, tmp_path, old):
    assert "sha256" in refused(tmp_path / "c", whole.replace(checkpoint.FORMAT.encode(), old.encode()))


@pytest.mark.parametrize("old, key", [(False, "sha256"), *((old, key) for old in (False, True)
                                                          for key in sorted(checkpoint.KEYS))])
@pytest.mark.parametrize("value", [None, "", "0.5", "-1", "NaN", "9" * 5000, "[]", "null", "[" * 5000, "\n"], ids=str)
def test_metadata_of_any_other_kind_are_refused(whole, tmp_path, old, key, value):
    (tmp_path / "w").write_bytes(whole)
    arrays, metadata = parts(OLD / "fixed" / "checkpoint.safetensors" if old else tmp_path / "w")
    changed = {name: word for name, word in metadata.items() if name != key} | ({} if value is None else {key: value})
    refused(tmp_path / "c", serialise(arrays, changed) if key == "sha256" else sealed(arrays, changed))


@pytest.mark.parametrize("edit, reason", [
    ({"hits": 41}, "hits 41 are outside 0..40"), ({"hits": True}, "hits"), ({"hits": 10**400}, "hits"),
    ({"touches": {"W7": 1}}, "W7 = 1"), ({"touches": {"W1": -1}}, "W1 = -1"), ({"touches": 3}, "touches"),
    ({"largest": {"hidden9": {}}}, "hidden9"), ({"largest": {"hidden1": {"q": 1}}}, "q = 1"),
    ({"layers": {"first": 0}}, "layers: keys"), ({"layers": COUNTED.layers | {"first": 41}}, "first 41"),
    ({"layers": COUNTED.layers | {"spikes": [float("nan")]}}, "spikes"),
    ({"layers": COUNTED.layers | {"spikes": [10**400]}}, "spikes"),
    ({"layers": COUNTED.layers | {"spikes": [1.0, 2.0]}}, "spikes"), ({"layers": []}, "layers"),
    ({"changes": [{"n_trained": 41, "key": "a", "old": 1, "new": 2}]}, "change of a"), ({"changes": [3]}, "changes"),
    ({"unknown": 3}, "unknown key 'unknown'")], ids=str)
def test_counts_that_no_run_has_are_refused_though_the_sha256_is_right(whole, tmp_path, edit, reason):
    (tmp_path / "w").write_bytes(whole)
    arrays, metadata = parts(tmp_path / "w")
    extra = json.dumps(json.loads(metadata["extra"]) | edit)
    assert reason in refused(tmp_path / "c", sealed(arrays, metadata | {"extra": extra}))


def put(value, place=0):
    def change(array):
        array.flat[place] = value
    return change


@pytest.mark.parametrize("number, name, change, reason", [
    ("fixed", "hidden1.z_state", put(0), r"hidden1.z_state: value 0 of neuron 0 is outside 1\.\.16777215"),
    ("fixed", "hidden1.z_state", put(1 << 24, 2), "value 16777216 of neuron 2"),
    ("real", "hidden1.z_state", put(-1), "value -1 of neuron 0"),
    ("fixed", "hidden1.y_residual", put(1 << 9), r"value 512 of neuron 0 is outside 0\.\.511"),
    ("fixed", "readout.y_residual", put(-1), r"value -1 of neuron 0 is outside 0\.\.15"),
    ("fixed", "readout.d_residual", put(16, 1), r"value 16 of neuron 1 is outside 0\.\.15"),
    ("fixed", "W1.weights", put(256), "256 is outside -256..255"), ("fixed", "M1.weights", put(-258), "-258 is outside"),
    ("real", "W1.weights", put(np.nan), "W1.weights: holds a value that is no finite number"),
    ("real", "readout.d_residual", put(np.inf), "readout.d_residual: holds a value"),
    ("real", "W2.weights", "int32", "W2.weights: type int32 is not float64"),
    ("real", "hidden1.z_state", "float64", "hidden1.z_state: type float64 is not int32"),
    ("fixed", "W1.weights", "float64", "W1.weights: type float64 is not int32"),
    ("fixed", "M1.weights", "int16", "array M1.weights has type I16")])
def test_a_value_that_no_engine_leaves_is_refused_when_read_and_never_written(tmp_path, number, name, change, reason):
    experiment = Experiment(EXPERIMENT.data, NETWORK, EXPERIMENT.training, number)
    checkpoint.save(tmp_path / "w", experiment, state(number), COUNTED)
    arrays, metadata = parts(tmp_path / "w")
    if isinstance(change, str):
        arrays[name] = arrays[name].astype(change)
    else:
        change(arrays[name])
    assert re.search(reason, refused(tmp_path / "c", sealed(arrays, metadata)))
    with pytest.raises(UserError, match=name):
        checkpoint.save(tmp_path / "again", experiment, State(arrays, 40), COUNTED)
    assert not (tmp_path / "again").exists()


def test_an_odd_weight_is_what_learning_can_leave_and_no_start_has(tmp_path):
    learned, start = state(n_trained=1), state(n_trained=0)
    for one in (learned, start):
        one["W1.weights"][0, 0] = 255
    checkpoint.save(tmp_path / "c", EXPERIMENT, learned)
    with pytest.raises(UserError, match="255 at .* is odd"):
        checkpoint.save(tmp_path / "c", EXPERIMENT, start)


def test_a_residual_may_be_of_the_shift_of_its_last_sample_and_of_any_shift_after_a_change(tmp_path):
    network = changed(NETWORK, learning=replace(NETWORK.learning, halve_every=10, max_halvings=2))
    experiment = Experiment(EXPERIMENT.data, network, EXPERIMENT.training)
    for n_trained, largest in ((10, 511), (11, 1023), (21, 2047), (1000, 2047)):
        kept = state(n_trained=n_trained)
        kept["hidden1.y_residual"][0] = largest
        checkpoint.save(tmp_path / "c", experiment, kept)
        kept["hidden1.y_residual"][0] += 1
        with pytest.raises(UserError, match=f"outside 0..{largest}"):
            checkpoint.save(tmp_path / "c", experiment, kept)
        checkpoint.save(tmp_path / "c", experiment, kept, Counted(changes=(Change(1, "network.hidden.1.y_shift", 12, 9),)))


def test_real_numbers_that_have_not_learned_yet_may_have_a_shift_that_integers_may_not(tmp_path):
    steep = changed(NETWORK, hidden=(replace(NETWORK.hidden[0], y_shift=22),),
                    learning=replace(NETWORK.learning, halve_every=1, max_halvings=6))
    checkpoint.save(tmp_path / "c", Experiment(EXPERIMENT.data, steep, EXPERIMENT.training, "real"), state(n_trained=0))
    assert checkpoint.load(tmp_path / "c")[0].network == steep
    with pytest.raises(UserError, match="a shift of 28, above 22"):
        Experiment(EXPERIMENT.data, steep, EXPERIMENT.training)


def test_a_header_that_declares_more_than_the_file_holds_is_refused_before_anything_is_read(tmp_path):
    for length in (1 << 62, 1 << 30, 100):
        refused(tmp_path / "c", length.to_bytes(8, "little") + b"{}")
    header = json.dumps({"W1.weights": {"dtype": "I32", "shape": [1 << 40, 1 << 20], "data_offsets": [0, 1 << 62]}}).encode()
    refused(tmp_path / "c", len(header).to_bytes(8, "little") + header)


def test_a_damaged_checkpoint_of_a_run_says_how_to_go_on_from_the_one_before(whole, tmp_path):
    path = tmp_path / checkpoint.NAME
    assert "--from-previous" not in refused(path, whole[:-1])
    shutil.copy(path, tmp_path / checkpoint.PREVIOUS)
    assert f"lava-opzo resume {tmp_path} --from-previous" in refused(path, whole[:-1])


@pytest.mark.parametrize("number", ["fixed", "real"])
def test_an_older_checkpoint_goes_through_the_same_checks(tmp_path, number):
    arrays, metadata = parts(OLD / number / "checkpoint.safetensors")
    arrays["z_state.1"][0] = 0
    assert "z_state: value 0 of neuron 0" in refused(tmp_path / "c", serialise(arrays, metadata))


def test_a_checkpoint_that_another_process_replaces_while_it_is_opened_is_read_as_the_new_one(tmp_path, monkeypatch):
    path = tmp_path / checkpoint.NAME
    checkpoint.save(path, EXPERIMENT, state())
    check = tensors.check_file

    def slow_check(*arguments):
        size = check(*arguments)
        checkpoint.save(path, EXPERIMENT, state(n_trained=50), COUNTED)
        return size

    monkeypatch.setattr(tensors, "check_file", slow_check)
    assert checkpoint.n_trained(path) == 50 and checkpoint.load(path)[2] == COUNTED
