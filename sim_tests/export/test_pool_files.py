"""Pooling in files of other tools: lava-dl and a reader in torch predict what we do, what pools otherwise is refused."""
import json
from dataclasses import replace

import h5py
import numpy as np
import pytest

from lava_opzo.data import load
from lava_opzo.engines.twin.integers.loop import evaluate
from lava_opzo.errors import UserError
from lava_opzo.export import netx, nir_graph
from lava_opzo.export.fitting import fitted
from lava_opzo.export.forward import Forward, Layer, digest, forward_of
from lava_opzo.export.learnable import to_learning
from lava_opzo.network.form import changed as with_fields
from lava_opzo.network.initial import initial_state
from lava_opzo.topology.conv import Conv
from lava_opzo.topology.dense import Dense
from lava_opzo.topology.local import Local
from lava_opzo.topology.pool import Pool
from sim_tests.helpers.foreign_files import changed, dropped, put
from sim_tests.helpers.images import images
from sim_tests.helpers.networks import small_network
from sim_tests.helpers.nir_in_torch import channels_first, in_order, in_torch

nir = pytest.importorskip("nir")

FORMATS = {"netx": netx, "nir": nir_graph}
WIRING = (Conv((6, 5, 2), 3, (3, 3), (2, 1), (1, 1), 1), Pool((3, 5, 3), 3, (2, 3), (1, 2), (1, 0)), Dense(24, 7), Dense(7, 5))
"""6 x 5 x 2 and a bias line that reaches nothing, 3 x 5 x 3, 4 x 2 x 3 from windows that overlap, seven neurons, five classes."""


def pooled_images(wiring=WIRING):
    """A network with this wiring, in which a pooling neuron spikes after its second arrival."""
    plain = small_network(tuple(one.n_post for one in wiring[:-1]), wiring[0].n_pre, wiring[-1].n_post, vth=200)
    hidden = tuple(replace(layer, vth=120, bias_mant=0, frozen=True) if isinstance(one, Pool) else layer
                   for layer, one in zip(plain.hidden, wiring, strict=False))
    return with_fields(plain, hidden=hidden, wiring=tuple(wiring))


@pytest.fixture(scope="module")
def busy():
    """(network, state, frames, our predictions), several classes among these."""
    network = pooled_images()
    state, frames = initial_state(network), images(network, 24)
    ours = evaluate(network, state, frames).predictions
    assert len(set(ours.tolist())) > 2, "equal predictions would say little"
    return network, state, frames, ours


@pytest.fixture(scope="module")
def files(busy, tmp_path_factory):
    folder = tmp_path_factory.mktemp("pool")
    for name, module in FORMATS.items():
        module.write(folder / name, forward_of(*busy[:2]))
    return {name: (folder / name).read_bytes() for name in FORMATS}


@pytest.mark.parametrize("name", FORMATS)
def test_a_file_gives_back_pooling_with_its_weight_and_learns_on_with_our_predictions(busy, files, name):
    network, state, frames, ours = busy
    forward = FORMATS[name].parse("file", files[name])
    assert [layer.topology for layer in forward.layers] == [replace(WIRING[0], lines=0), *WIRING[1:]]
    assert digest(forward) == digest(forward_of(network, state))
    for template in (network, small_network((8,), 61, 5)):
        imported, start = to_learning(fitted(forward, (6, 5, 2), 61), template, frames)
        assert [layer.frozen for layer in imported.hidden] == [False, True, False]
        assert imported.forward[1].sigma == network.forward[1].sigma
        assert all(np.array_equal(start[one.weights], state[one.weights]) for one in network.forward)
        assert evaluate(imported, start, frames).predictions.tolist() == ours.tolist()


def test_lava_dl_runs_pooling_with_our_predictions(tmp_path, busy, files):
    pytest.importorskip("lava.lib.dl.netx")
    from lava_opzo.export.netx_run import predictions

    network, _, frames, ours = busy
    (tmp_path / "a.net").write_bytes(files["netx"])
    with h5py.File(tmp_path / "a.net") as file:
        assert [file[f"layer/{n}/type"][0].decode() for n in range(6)] == ["input", "conv", "conv", "flatten", "dense", "dense"]
        assert file["layer/2/groups"][()] == 3 and file["layer/2/weight"].shape == (3, 1, 2, 3)
    assert np.array_equal(predictions(tmp_path / "a.net", frames[:12], network.learning.steps), ours[:12])


def test_a_reader_in_torch_predicts_the_same_of_a_sum_pool(tmp_path, busy, files):
    network, _, frames, ours = busy
    (tmp_path / "a.nir").write_bytes(files["nir"])
    graph = nir.read(tmp_path / "a.nir")
    kinds = [type(node).__name__ for _, node in in_order(graph)]
    assert kinds == ["Input", "Conv2d", "IF", "SumPool2d", "IF", "Flatten", "Linear", "IF", "Linear", "Output"]
    theirs = [int(in_torch(graph, one, network.learning.steps).argmax()) for one in channels_first(frames, (6, 5, 2))]
    assert theirs == ours.tolist()


def test_a_pooling_block_of_slayer_is_read_where_its_windows_divide_the_image(tmp_path):
    slayer, torch = pytest.importorskip("lava.lib.dl.slayer"), pytest.importorskip("torch")
    torch.manual_seed(0)
    common = {"current_decay": 1, "voltage_decay": 0, "tau_grad": 0.1, "scale_grad": 1}
    blocks = [slayer.block.cuba.Conv({**common, "threshold": 4}, 1, 4, 3, padding=1),
              slayer.block.cuba.Pool({**common, "threshold": 1.5}, 2), slayer.block.cuba.Flatten(),
              slayer.block.cuba.Dense({**common, "threshold": 1}, 64, 10)]
    frames = load("digits").train_frames[:4, 0, :64].astype(np.float32).reshape(4, 1, 8, 8, 1).repeat(8, 4)
    torch.nn.Sequential(*blocks)(torch.tensor(frames))
    with h5py.File(tmp_path / "a.net", "w") as file:
        for number, block in enumerate(blocks):
            block.export_hdf5(file.create_group(f"layer/{number}"))
    content = (tmp_path / "a.net").read_bytes()
    conv, pool, readout = netx.parse("file", content).layers
    assert pool.topology == Pool((8, 8, 4), 4, (2, 2)) and readout.topology == Dense(64, 10)
    assert (pool.weights.tolist(), pool.vth) == ([[64]], 96) and conv.topology.out_shape == (8, 8, 4)
    for change, words in ((put("layer/1/weight", np.array([[2, 4], [2, 2]])), "layer 1: weights of its pooling differ"),
                          (put("layer/1/dilation", [2, 2]), "layer 1: dilation 2 is not 1"),
                          (put("layer/1/weight", np.full((2, 2), 3)), "layer 1: weight 3 of its pooling is no even number"),
                          (put("layer/1/shape", [4, 5, 4]), "layer 1: shape (4, 5, 4) is not the (4, 4, 4) of windows")):
        with pytest.raises(UserError) as found:
            netx.parse("file", changed(content, change))
        assert words in str(found.value) and "\n" not in str(found.value)


def test_a_channel_alone_pools_where_the_file_says_so_and_is_a_convolution_in_files_of_others(tmp_path):
    layers = (Layer(np.array([[6]], np.int32), 9, 0, Pool((4, 4, 1), 1, (2, 2))), Layer(np.full((3, 4), 2, np.int32), None))
    netx.write(tmp_path / "a.net", Forward(layers, 8))
    content = (tmp_path / "a.net").read_bytes()
    assert netx.parse("file", content).layers[0].topology == Pool((4, 4, 1), 1, (2, 2))
    foreign = changed(content, lambda file: file.attrs.__delitem__("sha256"), lambda file: file["layer/1"].attrs.clear())
    assert netx.parse("file", foreign).layers[0].topology == Conv((4, 4, 1), 1, (2, 2), (2, 2))


@pytest.mark.parametrize("name", FORMATS)
def test_pooling_of_what_is_no_image_in_a_file_is_all_to_all_with_zeros_and_read_back(tmp_path, name):
    wiring = (Local((4, 5, 1), 2, (2, 2)), Pool((3, 4, 2), 2, (3, 2)), Dense(4, 3))
    network = pooled_images(wiring)
    forward = forward_of(network, initial_state(network))
    FORMATS[name].write(tmp_path / "a", forward)
    again = FORMATS[name].parse("file", (tmp_path / "a").read_bytes())
    assert digest(again) == digest(forward) and [layer.topology for layer in again.layers] == list(wiring)


NODE, NEURONS = "node/nodes/weights2", "node/nodes/neurons2"


def without_sha(file):
    if "node" in file:
        del file["node/metadata/sha256"]
    else:
        del file.attrs["sha256"]


@pytest.mark.parametrize("name, change, words", [
    ("netx", lambda file: file["layer/2/weight"].__setitem__((0, 0, 0, 0), 2), "layer 2: groups 3 is not 1"),
    ("netx", put("layer/2/weight", np.full((3, 1, 2, 3), 256)), "layer 2: weight 256 of its pooling is no even number in 2..254"),
    ("netx", put("layer/2/weight", np.full((3, 1, 2, 3), -4)), "layer 2: weight -4"),
    ("netx", put("layer/2/padding", [2, 0]), "layer 2: topology pool: padding 2 of the rows"),
    ("netx", put("layer/2/inChannels", 2), "layer 2: inChannels (2,) is not the (3,)"),
    ("netx", put("layer/2/weight", np.full((3, 1, 2, 3), 6)), "was changed after it was exported"),
    ("nir", put(f"{NODE}/metadata/weight", "7"), "weight 7 of its pooling is no even number in 2..254"),
    ("nir", put(f"{NODE}/metadata/weight", "many"), "weight 'many' is no whole number in 0..1000"),
    ("nir", put(f"{NODE}/kernel_size", [9, 3]), "topology pool: kernel 9 is above the 3 rows"),
    ("nir", put(f"{NODE}/kernel_size", [2, 2, 2]), "kernel_size [2, 2, 2] is not rows and columns"),
    ("nir", put(f"{NODE}/dilation", [1, 1]), "entry 'dilation' is not known here"),
    ("nir", dropped(f"{NODE}/stride"), "'stride' is missing"),
    ("nir", put(f"{NEURONS}/v_threshold", np.full((3, 4, 2), 1.51, np.float32)), "v_threshold 120.7"),
    ("nir", put(f"{NODE}/type", "AvgPool2d"), "are not Linear, IF or LIF, ..., Linear, nor Conv2d or SumPool2d")])
def test_what_pools_otherwise_is_refused_by_name(files, name, change, words):
    changes = [change] if "was changed" in words else [without_sha, change]
    with pytest.raises(UserError) as found:
        FORMATS[name].parse("file", changed(files[name], *changes))
    assert words in str(found.value) and str(found.value).startswith("file") and "\n" not in str(found.value)


def test_a_sum_pool_of_others_takes_the_smallest_weight_and_needs_an_image(files):
    plain = [without_sha, dropped(f"{NODE}/metadata"), put(f"{NEURONS}/v_threshold", np.full((3, 4, 2), 1.5, np.float32))]
    layer = nir_graph.parse("file", changed(files["nir"], *plain)).layers[1]
    assert (layer.weights.tolist(), layer.vth, layer.topology) == ([[2]], 3, WIRING[1])


def test_words_beside_a_layer_that_are_no_pooling_of_it_are_refused(tmp_path):
    wiring = (Local((4, 5, 1), 2, (2, 2)), Pool((3, 4, 2), 2, (3, 2)), Dense(4, 3))
    network = pooled_images(wiring)
    netx.write(tmp_path / "a", forward_of(network, initial_state(network)))
    said = {"kind": "pool", "shape": [3, 4, 2], "channels": 2, "kernel": [2, 3]}
    wrong = changed((tmp_path / "a").read_bytes(), lambda file: file["layer/1"].attrs.__setitem__("topology", json.dumps(said)))
    with pytest.raises(UserError, match="layer 1: weights of shape|layer 1: weights where its topology has no edge"):
        netx.parse("file", wrong)
