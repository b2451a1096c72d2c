"""Weights that torch trained: integers by the written formula, predictions near those of the real network, and learning on."""
import json

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

from lava_opzo.engines.twin.integers.loop import evaluate
from lava_opzo.errors import UserError
from lava_opzo.experiment.presets import digits
from lava_opzo.export import from_paper, state_dict
from lava_opzo.export.learnable import to_learning
from lava_opzo.export.topologies import words
from lava_opzo.paper.network import Network
from lava_opzo.paper.presets import preset
from lava_opzo.paper.samples import loaded
from lava_opzo.paper.setup import changed
from lava_opzo.runs import checkpoint
from lava_opzo.topology.conv import Conv
from sim_tests.helpers.commands import assert_one_line, command

WORDS = {"threshold": "1.0", "leak": "0.5", "steps": "6"}


def model(*sizes: int) -> torch.nn.Sequential:
    torch.manual_seed(1)
    return torch.nn.Sequential(*[torch.nn.Linear(*two, bias=False) for two in zip(sizes, sizes[1:], strict=False)])


def saved(path, arrays, **said):
    save_file({name: one.contiguous() for name, one in arrays.items()}, path, {**WORDS, **said})
    return path


def test_weights_thresholds_and_leaks_are_those_of_the_written_formula(tmp_path):
    found = model(4, 30, 20, 3).state_dict()
    forward = state_dict.read(saved(tmp_path / "w.safetensors", found), 15.0, 4)
    assert forward.steps == 6 and len(forward.layers) == 3
    for number, layer in enumerate(forward.layers):
        real = found[f"{number}.weight"].numpy().astype(np.float64)
        scale = 254 / 1.5 / np.quantile(np.abs(real), 0.999)
        assert np.array_equal(layer.weights, [[2 * max(-127, min(127, round(scale * w / 2))) for w in row] for row in real])
        assert (layer.vth, layer.dv) == ((round(scale * (1 if number else 15)), 2048) if number < 2 else (None, 0))


def test_the_bias_of_the_first_layer_is_its_weight_from_the_bias_line_and_any_other_is_refused(tmp_path):
    found = model(4, 5, 3).state_dict()
    bias = torch.linspace(-0.3, 0.3, 5)
    forward = state_dict.read(saved(tmp_path / "a", found | {"0.bias": bias}), 15.0, 5)
    weights = np.column_stack((found["0.weight"].numpy().astype(np.float64), bias.numpy().astype(np.float64)))
    scale = 254 / 1.5 / np.quantile(np.abs(weights), 0.999)
    assert forward.layers[0].weights[:, 4].tolist() == [2 * round(scale * one / 2) for one in weights[:, 4]]
    assert not state_dict.read(saved(tmp_path / "b", found), 15.0, 5).layers[0].weights[:, 4].any()
    for path, arrays, lines in (("c", {"0.bias": bias}, 4), ("d", {"1.bias": torch.ones(3)}, 5)):
        with pytest.raises(UserError, match="no bias line reaches that layer"):
            state_dict.read(saved(tmp_path / path, found | arrays), 15.0, lines)


def test_layers_are_ordered_by_the_numbers_in_their_names(tmp_path):
    sizes = (4, 5, 6, 3)
    found = dict(zip(("fc2.weight", "fc9.weight", "fc10.weight"), model(*sizes).state_dict().values(), strict=True))
    layers = state_dict.read(saved(tmp_path / "w", found), 15.0, 4).layers
    assert [layer.weights.shape for layer in layers] == [(5, 4), (6, 5), (3, 6)]


def test_a_convolution_and_the_layer_above_it_see_pixels_in_the_order_of_our_lines(tmp_path):
    """Against torch, where what is positive spikes: a wrong order of columns shows."""
    torch.manual_seed(2)
    kernels, top = torch.randint(-40, 41, (3, 2, 3, 3)) * 2.0, torch.randint(-40, 41, (4, 3 * 3 * 3)) * 2.0
    kernels[0, 0, 0, 0] = top[0, 0] = 254 / 1.5
    geometry = Conv((5, 6, 2), 3, (3, 3), (2, 2), (1, 1))
    path = saved(tmp_path / "w", {"c1.weight": kernels, "fc2.weight": top}, **{"topology.c1": words(geometry)})
    forward = state_dict.read(path, 15.0, 60)
    image = torch.rand(1, 2, 5, 6)
    spikes = (torch.nn.functional.conv2d(image, torch.from_numpy(_unscaled(forward.layers[0], kernels)), None, 2, 1) > 0).float()
    expected = torch.from_numpy(_unscaled(forward.layers[1], top)) @ spikes.flatten()
    lines = image[0].permute(1, 2, 0).flatten().numpy()
    edges = geometry.edges()
    a = np.zeros(geometry.n_post)
    np.add.at(a, edges.post, forward.layers[0].weights.ravel()[edges.w] * lines[edges.pre])
    assert np.array_equal((a > 0).reshape(3, 3, 3), spikes[0].permute(1, 2, 0).numpy() > 0)
    assert np.array_equal(forward.layers[1].weights @ (a > 0), expected.numpy())


def _unscaled(layer, real):
    """What became of the real weights, in their own order: 2*clip(rint(scale*w/2), -127, 127)."""
    scale = 254 / 1.5 / np.quantile(np.abs(real.numpy().astype(np.float64)), 0.999)
    return (2 * np.clip(np.rint(scale * real.numpy().astype(np.float64) / 2), -127, 127)).astype(np.float32)


def test_what_the_paper_learned_predicts_alike_in_integers_and_learns_on(tmp_path):
    """Leak 0.5 and a soft reset there, a hard one here: not equal, but near, and far from chance."""
    place = tmp_path / "paper"
    said = command("paper", "digits", "--credit", "bp", "--epochs", 6, "--set", "hidden=40", "--set", "rate=0.3", "--out", place)
    assert said.code == 0 and "for lava-opzo import-network" in said.output
    run = tmp_path / "run"
    said = command("import-network", place / from_paper.NAME, run)
    assert said.code == 0 and "reset: a membrane begins at 0" in said.output
    experiment, state, _ = checkpoint.load(run / "checkpoint.safetensors")
    test = loaded(preset("digits")).test
    real = json.loads(command("paper", "--resume", place, "--json").output)["test_accuracy"]
    frames = np.concatenate((test.frames.numpy().reshape(360, 1, 64), np.full((360, 1, 1), 15, np.uint8)), 2)
    ours = float((evaluate(experiment.network, state, frames).predictions == test.labels.numpy()).mean())
    assert real > 0.9 and ours > real - 0.04
    assert command("resume", run, "--epochs", 1).code == 0


def test_written_weights_are_of_the_largest_payload_whatever_an_input_of_one_stands_for(tmp_path):
    for unit in (15, 3):
        from_paper.write(tmp_path / f"{unit}", Network(changed(preset("digits"), {"hidden": "8,6", "unit": unit}), (1, 8, 8), 10))
    of_largest, of_three = load_file(tmp_path / "15"), load_file(tmp_path / "3")
    assert torch.equal(of_three["layer1.weight"], 5 * of_largest["layer1.weight"])
    assert all(torch.equal(of_three[name], of_largest[name]) for name in ("layer2.weight", "layer3.weight"))


@pytest.mark.parametrize("arrays, said, what", [
    ({"0.weight": torch.ones(3, 4), "x": torch.ones(2)}, {}, "array x is neither NAME.weight nor NAME.bias"),
    ({}, {}, "it has no array NAME.weight"),
    ({"0.weight": torch.ones(3, 4), "1.weight": torch.tensor([[1.0, float("nan"), 0]])}, {}, "no finite real numbers"),
    ({"0.weight": torch.ones(3, 4), "1.weight": torch.ones(2, 5)}, {}, "5 inputs are not the 3 neurons below"),
    ({"0.weight": torch.ones(3, 2, 3, 3), "1.weight": torch.ones(2, 5)}, {}, "is not (n_post, n_pre)"),
    ({"0.weight": torch.ones(3, 4), "1.weight": torch.ones(2, 3)}, {"leak": "2"}, "leak 2 is no number in 0..1"),
    ({"0.weight": torch.ones(3, 4), "1.weight": torch.ones(2, 3)}, {"threshold": "x"}, "threshold x is no number"),
    ({"0.weight": torch.ones(3, 4), "1.weight": torch.ones(2, 3)}, {"threshold": "90000"}, "would be"),
    ({"0.weight": torch.ones(3, 4), "1.weight": torch.ones(2, 3)}, {"steps": "9999"},
     "steps '9999' is no whole number in 0..1024"),
    ({"0.weight": torch.ones(3, 4, dtype=torch.float16), "1.weight": torch.ones(2, 3)}, {},
     "type F16, not one of I32, F64, U8, F32"),
])
def test_what_is_no_such_network_is_one_line(tmp_path, arrays, said, what):
    path = saved(tmp_path / "w.safetensors", arrays, **said)
    ended = command("import-network", path, tmp_path / "run")
    assert_one_line(ended, 2, what)
    assert not (tmp_path / "run").exists()


def test_what_the_file_says_is_not_said_again_and_other_files_have_no_threshold(tmp_path):
    path = saved(tmp_path / "w.safetensors", model(64, 5, 10).state_dict())
    assert_one_line(command("import-network", path, tmp_path / "run", "--leak", "0.5"), 2, "leave --leak out")
    assert_one_line(command("import-network", tmp_path / "w.nir", tmp_path / "run", "--leak", "0.5"), 2, "are for a state_dict")


def test_what_integer_layers_have_not_is_said_and_no_file_is_written(tmp_path):
    setup = changed(preset("digits"), {"hidden": "4c3,p2,8"})
    with pytest.raises(UserError, match="layer2 has pooling"):
        from_paper.write(tmp_path / "w", Network(setup, (1, 8, 8), 10))
    assert not list(tmp_path.iterdir())


def test_a_convolution_of_the_paper_is_read_back_with_its_geometry(tmp_path):
    network = Network(changed(preset("digits"), {"hidden": "4c3s2,8", "scale": 2.0}), (1, 8, 8), 10)
    from_paper.write(tmp_path / "w", network)
    forward = state_dict.read(tmp_path / "w", 15.0, 64)
    assert forward.layers[0].patches == Conv((8, 8, 1), 4, (3, 3), (2, 2), (1, 1))
    assert forward.layers[1].weights.shape == (8, 64) and forward.layers[2].vth is None
    start = to_learning(forward, digits().network, np.zeros((1, 1, 64), np.uint8))
    assert start[0].hidden[0].n == 64
