"""`lava-opzo paper`: a run in a folder, gone on with in the same bits, presets that begin, and one line for every fault."""
import json
import shutil
import sys
from dataclasses import replace

import numpy as np
import pytest
import torch
from torch.nn import functional

from lava_opzo.data.contrast import contrast
from lava_opzo.data.pixels import levels
from lava_opzo.errors import SystemRefusedError, UserError
from lava_opzo.paper import checkpoint, memory, run, samples, training
from lava_opzo.paper.augment import augmented
from lava_opzo.paper.learner import Learner
from lava_opzo.paper.network import Network
from lava_opzo.paper.noise import Source
from lava_opzo.paper.presets import PRESETS, preset
from lava_opzo.paper.setup import changed, read, written
from sim_tests.helpers.commands import assert_one_line, command

QUICK = ("--set", "hidden=8", "--set", "limit=64", "--set", "steps=2", "--set", "data.options.n_test=20")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The folder of a run of two epochs, and what it said."""
    place = tmp_path_factory.mktemp("paper") / "run"
    return place, command("paper", "digits", *QUICK, "--epochs", 2, "--seed", 3, "--out", place, "--json")


def test_a_run_says_where_it_computes_and_answers_in_one_line(folder):
    place, said = folder
    assert said.code == 0 and said.output.count("\n") == 1
    assert said.errors.startswith(f"paper: torch {torch.__version__} in real numbers on cpu, ")
    assert said.errors.splitlines()[0].endswith("; no board is used")
    found = json.loads(said.output)
    assert found["seen"] == 128 and [epoch["number"] for epoch in found["epochs"]] == [1, 2]
    assert (found["folder"], found["setup"]["hidden"], found["setup"]["seed"]) == (str(place), "8", 3)
    assert found["test_accuracy"] == found["epochs"][1]["test"]


@pytest.mark.parametrize("settings", [[], ["optimiser=adam", "credit=dkp", "local=true"]], ids=["sgd", "adam"])
def test_a_run_that_goes_on_ends_with_the_bits_of_an_unbroken_one(tmp_path, settings):
    setup = changed(preset("digits"), {"hidden": "8,8", "limit": 64, "steps": 2, "epochs": 3, "standardise": True}, settings)
    whole = run.started(setup, tmp_path / "whole")
    list(whole.epochs())
    broken = run.started(setup, tmp_path / "broken")
    next(broken.epochs())
    again = run.resumed(tmp_path / "broken")
    list(again.epochs())
    assert [replace(epoch, seconds=0) for epoch in again.done] == [replace(epoch, seconds=0) for epoch in whole.done]
    arrays = [checkpoint.load(tmp_path / name / checkpoint.NAME)[3] for name in ("whole", "broken")]
    assert arrays[0].keys() == arrays[1].keys() and all(np.array_equal(arrays[0][name], arrays[1][name]) for name in arrays[0])


def test_a_finished_run_can_be_looked_at_again(folder):
    place, said = folder
    again = command("paper", "--resume", place, "--json")
    assert json.loads(again.output) == json.loads(said.output)


@pytest.mark.parametrize("arguments, words", [
    (["nothing"], "preset 'nothing' is unknown"), (["--set", "noise.alpha"], "has no value"),
    (["--set", "alpha=1"], "'alpha' is no setting"), (["--set", "noise.alpha=loud"], "noise.alpha = 'loud'"),
    (["--set", "hidden=8c3s"], "'8c3s' is no layer"), (["--credit", "magic"], "credit = 'magic'"), (["--device", "tpu"], "'tpu'"),
    (["mnist"], "path"), (["--set", "shape=[9,9,1]"], "has 81 values"), (["--set", "data.options.odd=1"], "odd"),
    (["--resume", "nowhere"], "nowhere"), (["--resume", "x", "--epochs", "3"], "--epochs"),
    (["--epochs", "3", "--set", "epochs=2"], "--epochs"), (["--seed", "3", "--set", "seed=3"], "--seed"),
    (["--credit", "bp", "--set", "credit=bp"], "--credit"), (["--data", "x", "--set", "data.path=x"], "--data"),
    (["--set", "shape=" + "[" * 100_000], "shape"), (["--set", "shape=" + "[" * 985 + "]" * 985], "shape"),
    (["--set", "data.options.bias=1"], "leave it at 0 and set bias=true")])
def test_every_fault_is_one_line(arguments, words, tmp_path):
    assert_one_line(command("paper", *arguments, *([] if "--resume" in arguments else ["--out", tmp_path / "run"])), 2, words)
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize("hidden", ["999999,999999", "999999,999999,999999"])
def test_a_network_that_cannot_be_held_is_refused_before_it_is_built(hidden, tmp_path):
    assert_one_line(command("paper", "--set", f"hidden={hidden}", "--out", tmp_path / "run"), 6, f"'{hidden}'", "smaller layers")
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize("options", [{}, {"local": True, "relay": 3}, {"credit": "bp"}, {"precision": "double"}],
                         ids=lambda options: ",".join(options))
def test_what_is_asked_for_is_what_a_network_has(options, monkeypatch):
    setup, asked = replace(preset("mnist-conv"), hidden="8c5s2,p2,16c3,20", bias=False, **options), []
    monkeypatch.setattr(memory, "check_size", lambda owner, n_bytes: asked.append(n_bytes))
    memory.check_held(setup, (1, 28, 28), 10)
    one = Learner(Network(setup, (1, 28, 28), 10))
    held = {name: array for name, array in (one.parameters | one.arrays).items() if not name.endswith(".gain")}
    assert asked == [sum(array.nbytes for array in held.values())]


@pytest.mark.parametrize("fault", [
    lambda: torch.zeros(10**15), lambda: torch.zeros((10**12, 10**12)), lambda: np.zeros(10**15)],
    ids=["size", "overflow", "numpy"])
def test_a_lack_of_memory_while_learning_is_one_line(fault):
    wanted = "^paper: there is not enough memory .hidden '100,100', batch 32.; free memory"
    with pytest.raises(SystemRefusedError, match=wanted), memory.told(preset("digits")):
        fault()


def test_other_faults_of_torch_stay_what_they_are():
    with pytest.raises(RuntimeError, match="shape"), memory.told(preset("digits")):
        torch.zeros(3).view(2)


def test_one_process_at_a_time_goes_on_with_a_run(tmp_path):
    setup = changed(preset("digits"), {"hidden": "8", "limit": 64, "steps": 2, "epochs": 2})
    at_work = run.started(setup, tmp_path / "run").epochs()
    next(at_work)
    second = run.resumed(tmp_path / "run")
    with pytest.raises(UserError, match="is at work in it"):
        next(second.epochs())
    list(at_work)
    with pytest.raises(UserError, match="its checkpoint has 2 epochs, 1 when it was read"):
        next(second.epochs())
    assert list(run.resumed(tmp_path / "run").epochs()) == []


def test_validation_samples_are_called_so(tmp_path):
    said = command("paper", "digits", *QUICK, "--set", "data.options.validation=30", "--epochs", 1, "--out", tmp_path / "run",
                   "--json")
    found = json.loads(said.output)
    assert (found["measured_on"], found["validation_accuracy"]) == ("validation", found["epochs"][0]["validation"])
    assert "64 training samples, 30 validation samples" in said.errors and "learning, validation " in said.errors
    assert "test" not in found["epochs"][0] and "test_accuracy" not in found and ", test " not in said.errors


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a GPU here")
def test_a_gpu_that_is_not_here_is_one_line():
    assert_one_line(command("paper", "--device", "cuda"), 2, "device 'cuda' is not here")


def test_a_folder_that_is_there_is_not_written_into(folder):
    assert_one_line(command("paper", *QUICK, "--out", folder[0]), 2, "exists")


@pytest.mark.parametrize("place", [20, -5])
def test_a_damaged_checkpoint_is_refused(folder, tmp_path, place):
    shutil.copytree(folder[0], tmp_path / "copy")
    file = tmp_path / "copy" / checkpoint.NAME
    content = bytearray(file.read_bytes())
    content[place] ^= 1
    file.write_bytes(content)
    assert_one_line(command("paper", "--resume", tmp_path / "copy"), 2, "paper run")


@pytest.mark.parametrize("name", [name for name in PRESETS if name != "digits"])
def test_every_preset_learns_a_few_steps_on_small_images(name):
    setup = replace(preset(name), steps=2, batch=2)
    image = "c3" in setup.hidden or "c5" in setup.hidden
    shape = ({"dvs-gesture": 2, "dvs-cifar10": 2, "mnist-conv": 1}.get(name, 3), 8, 8) if image else (30,)
    learner = Learner(Network(setup, shape, 5))
    frames = torch.rand((2, 1, *shape), generator=torch.Generator().manual_seed(1)) * 3
    learner.learn(frames, torch.tensor([0, 4]), Source(learner.network, 2, torch.Generator().manual_seed(2)))
    assert all(torch.isfinite(one).all() for one in learner.parameters.values())


def test_single_events_reach_the_neurons_of_an_event_preset_and_the_largest_payload_those_of_images():
    events = torch.from_numpy(np.random.default_rng(1).poisson(1.0, (20, 10, 2 * 34 * 34)).astype(np.uint8))
    busy = {}
    for unit in (preset("nmnist").unit, preset("digits").unit):
        network = Network(replace(preset("nmnist"), unit=unit, hidden="40,40"), events.shape[2:], 10)
        busy[unit] = training.rates(network, samples.Part(events, torch.zeros(20, dtype=torch.int64)))
    assert busy[1][0] > 0.05 and busy[15] == (0.0, 0.0), "as N-MNIST was shown before, where nothing was learned"
    assert {name for name in PRESETS if preset(name).unit == 1} == {"nmnist", "dvs-gesture", "dvs-cifar10"}


@pytest.mark.parametrize("show", [levels, contrast], ids=["pixels", "local contrast"])
def test_every_layer_of_a_preset_of_photographs_spikes_at_the_start(show):
    payloads = show(np.random.default_rng(1).integers(0, 256, (4, 32, 32, 3)).astype(np.uint8)).transpose(0, 3, 1, 2)
    images = samples.Part(torch.from_numpy(payloads[:, None].copy()), torch.zeros(4, dtype=torch.int64))
    small = preset("cifar10-small")
    busy = {unit: training.rates(Network(replace(small, unit=unit), payloads.shape[1:], 10), images) for unit in (4, 15)}
    assert preset("cifar10").unit == small.unit == 4
    assert min(busy[4]) > 0.05 and max(busy[15]) < 0.03


def test_both_layers_of_the_mnist_preset_spike_at_the_start():
    digits = samples.loaded(preset("digits")).train.frames[:50, 0, 0]
    drawn = functional.pad(digits.repeat_interleave(3, 1).repeat_interleave(3, 2), (2, 2, 2, 2))
    images = samples.Part(drawn.flatten(1)[:, None], torch.zeros(50, dtype=torch.int64))
    busy = {unit: training.rates(Network(replace(preset("mnist"), unit=unit), (784,), 10), images) for unit in (4, 15)}
    assert preset("mnist").unit == 4
    assert min(busy[4]) > 0.03 and busy[15][1] < 0.003, "with 15 the second layer hardly spikes"


def test_a_run_of_before_goes_on_with_the_largest_payload_as_its_unit():
    document = json.loads(written(preset("nmnist")))
    del document["unit"]
    assert read(document, "paper").unit == 15


def test_pixels_have_their_channels_first():
    found = samples.loaded(changed(preset("digits"), {"shape": [4, 8, 2]}))
    flat = samples.loaded(preset("digits"))
    assert found.shape == (2, 4, 8) and flat.shape == (1, 8, 8)
    assert torch.equal(found.train.frames[5, 0, 1, 2, 3], flat.train.frames[5, 0].flatten()[(2 * 8 + 3) * 2 + 1])


def test_augmented_images_are_shifted_mirrored_and_covered():
    image = torch.arange(1, 65, dtype=torch.uint8).view(1, 1, 1, 8, 8).expand(200, 1, 1, 8, 8)
    changes = augmented(image, torch.Generator().manual_seed(1))
    assert changes.shape == image.shape and (changes == 0).flatten(1).any(1).all()
    rows = changes[:, 0, 0].to(torch.int16)
    steps = rows[:, :, 1:] - rows[:, :, :-1]
    inside = (rows[:, :, 1:] > 0) & (rows[:, :, :-1] > 0)
    assert set(steps[inside].tolist()) == {1, -1}
    assert len({tuple(one.flatten().tolist()) for one in changes}) > 150


def test_frames_that_do_not_fit_the_steps_are_refused():
    setup = replace(preset("digits"), steps=3)
    found = samples.loaded(setup)
    odd = replace(found, train=replace(found.train, frames=found.train.frames.expand(-1, 2, -1, -1, -1)))
    with pytest.raises(Exception, match="2 frames, the network has 3 steps"):
        training.check(odd, Network(setup, found.shape, 10))


def test_without_torch_the_command_names_the_extra(monkeypatch):
    for name in [name for name in sys.modules if name.startswith("lava_opzo.paper")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "torch", None)
    assert_one_line(command("paper"), 2, "torch is not installed", "-e '.[torch]'")
