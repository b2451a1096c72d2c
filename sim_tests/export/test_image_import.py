"""Imported convolutions: what slayer made, and what our commands exported, goes on learning on line with the same bits."""
from dataclasses import replace

import h5py
import numpy as np
import pytest

from lava_opzo.data import load
from lava_opzo.engines.twin.integers.loop import evaluate, train
from lava_opzo.experiment.experiment import Data, Experiment, Training
from lava_opzo.experiment.image_scaling import CENTRED, KINDS, image_network
from lava_opzo.experiment.layers import parse_layers
from lava_opzo.experiment.presets import digits
from lava_opzo.export import netx
from lava_opzo.export.fitting import fitted
from lava_opzo.export.forward import Forward, Layer, forward_of, scales
from lava_opzo.export.learnable import to_learning
from lava_opzo.network.form import changed
from lava_opzo.network.initial import initial_state
from lava_opzo.runs import checkpoint
from lava_opzo.runs.folder import RunFolder
from lava_opzo.topology.conv import Conv
from sim_tests.helpers.commands import assert_one_line, called


@pytest.fixture(scope="module")
def slayer_blocks(tmp_path_factory):
    """(file, blocks) of an 8 x 8 image, a convolution, a flattening and two dense layers, written by slayer's own export."""
    pytest.importorskip("lava.lib.dl.slayer")
    import lava.lib.dl.slayer as slayer
    import torch

    torch.manual_seed(0)
    common = {"current_decay": 1, "voltage_decay": 0, "tau_grad": 0.1, "scale_grad": 1}
    blocks = [slayer.block.cuba.Conv({**common, "threshold": 8}, 1, 6, 3, stride=2, padding=1),
              slayer.block.cuba.Flatten(), slayer.block.cuba.Dense({**common, "threshold": 1}, 96, 30),
              slayer.block.cuba.Dense({**common, "threshold": 1}, 30, 10)]
    frames = load("digits").train_frames[:16, 0, :64].astype(np.float32).reshape(16, 1, 8, 8, 1).repeat(8, 4)
    torch.nn.Sequential(*blocks)(torch.tensor(frames))
    path = tmp_path_factory.mktemp("slayer") / "slayer.net"
    with h5py.File(path, "w") as file:
        for number, block in enumerate(blocks):
            block.export_hdf5(file.create_group(f"layer/{number}"))
    return path, blocks


def test_a_convolution_of_slayer_is_read_without_its_image_and_learns_on_line(slayer_blocks):
    path, blocks = slayer_blocks
    forward, data = netx.read(path), load("digits")
    assert forward.layers[0].topology == Conv((7, 7, 1), 6, (3, 3), (2, 2), (1, 1)), "the smallest image with this output"
    forward = fitted(forward, data.shape, 65)
    assert forward.layers[0].topology == Conv((8, 8, 1), 6, (3, 3), (2, 2), (1, 1), 1)
    assert len(forward.notes) == 3
    synapse = blocks[0].synapse
    kernels = synapse.pre_hook_fx(synapse.weight, descale=True).detach().numpy()[..., 0]
    assert np.array_equal(forward.layers[0].weights.reshape(6, 3, 3), kernels[:, 0])
    network, state = to_learning(forward, digits().network, data.train_frames[:100])
    pattern, sigma = digits().network.hidden[0], digits().network.forward[0].sigma
    shared = KINDS["conv"].y_shift - KINDS["dense"].y_shift + round(np.log2(2 * sigma / forward.layers[0].weights.std()))
    assert network.hidden[0].y_shift == pattern.y_shift + shared
    assert network.forward[0].topology == replace(forward.layers[0].topology, sum_shift=KINDS["conv"].sum_shift)
    before = state["W1.weights"].copy()
    share = lambda: float(np.mean(evaluate(network, state, data.test_frames).predictions == data.test_labels))  # noqa: E731
    at_start = share()
    for _ in range(3):
        train(network, state, data.train_frames, data.train_labels)
    print(f"test accuracy {100 * at_start:.1f} % as imported, {100 * share():.1f} % after three epochs on line")
    assert share() > at_start + 0.2 and not np.array_equal(state["W1.weights"], before)


def test_commands_export_and_import_a_run_of_images_to_the_same_bits_and_predictions(tmp_path):
    data = load("digits")
    network = image_network(data.train_frames, data.shape, 10, parse_layers("4c3s2,6l3s2"))
    state = initial_state(network)
    train(network, state, data.train_frames[:300], data.train_labels[:300])
    RunFolder.create(tmp_path / "run", Experiment(Data("digits"), network, Training(2)), state)
    said = called("export", tmp_path / "run", tmp_path / "a.net")
    assert said.code == 0 and "the bias line reaches no neuron and is left out: the file has 64 input lines" in said.output
    assert "layer 1: conv 8x8x1 -> 4x4x4 (rows x columns x channels), kernel 3x3, stride 2x2, padding 1x1, weights" in said.output
    said = called("import-network", tmp_path / "a.net", tmp_path / "again")
    assert said.code == 0 and "layer 1: the bias line of the data set reaches no neuron" in said.output, said.errors
    assert "payloads: spread over a window, as the file says" in said.output
    experiment, again, _ = checkpoint.load(RunFolder(tmp_path / "again").checkpoint)
    assert [one.topology for one in experiment.network.forward] == [one.topology for one in network.forward]
    assert all(np.array_equal(again[one.weights], state[one.weights]) for one in network.forward)
    shown = data.test_frames[:100]
    assert np.array_equal(evaluate(experiment.network, again, shown).predictions, evaluate(network, state, shown).predictions)
    refused = called("import-network", tmp_path / "a.net", tmp_path / "other", "--template", tmp_path / "none.toml")
    assert_one_line(refused, 2, "none.toml")


def test_weights_of_a_file_owe_nothing_to_opposed_lines_of_the_template():
    conv = Conv((8, 8, 1), 2, (3, 3), lines=1)
    forward = Forward((Layer(np.full((2, 9), 2, np.int32), 50, 0, conv), Layer(np.full((10, 72), 4, np.int32), None)), 8)
    template = changed(digits().network, opposed=3)
    network, state = to_learning(forward, template, load("digits").train_frames[:20])
    assert network.input.opposed == 0 and np.array_equal(state["W1.weights"], forward.layers[0].weights)


@pytest.mark.parametrize("centred", [False, True])
def test_local_weights_beside_a_template_of_shared_ones_learn_as_much_faster_as_their_recipe_does(centred):
    frames = np.random.default_rng(3).integers(0, 16, (40, 1, 8 * 8 * 2 + 1), np.uint8)
    shared, local = (image_network(frames, (8, 8, 2), 3, parse_layers(layers), centred=centred) for layers in ("4c3s2", "4l3s2"))
    shared = changed(shared, learning=replace(shared.learning, max_halvings=0))  # leaves room for any shift
    forward = forward_of(local, initial_state(local))
    found, _ = to_learning(forward, shared, frames)
    conv = (CENTRED if centred else KINDS)["conv"]
    assert shared.hidden[0].y_shift + shared.forward[0].topology.sum_shift == conv.y_shift + conv.sum_shift
    wider = round(np.log2(shared.forward[0].sigma / (forward.layers[0].weights.std() / 2)))
    assert found.hidden[0].y_shift == conv.y_shift + conv.sum_shift - (14 + 6 - 17) + wider


def test_an_image_that_the_data_set_has_not_is_refused(tmp_path):
    conv = Conv((6, 6, 1), 2, (3, 3))
    forward = Forward((Layer(np.full((2, 9), 2, np.int32), 50, 0, conv), Layer(np.full((10, 32), 4, np.int32), None)), 8)
    netx.write(tmp_path / "a.net", forward)
    refused = called("import-network", tmp_path / "a.net", tmp_path / "run")
    assert_one_line(refused, 2, "36 inputs are not the 65 lines of data set 'digits'")
    assert "conv 6x6x1 -> 4x4x2" in scales(forward)["layer 1"]
