"""Convolutions and local layers in netx and NIR: lava-dl, norse and a reader of our own in torch predict what we do."""
import json
from dataclasses import replace

import h5py
import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from lava_opzo.data import load
from lava_opzo.engines.twin.integers.loop import evaluate, train
from lava_opzo.errors import UserError
from lava_opzo.experiment.experiment import Data, Experiment, Training
from lava_opzo.experiment.image_scaling import image_network as scaled
from lava_opzo.experiment.layers import parse_layers
from lava_opzo.experiment.presets import digits
from lava_opzo.export import netx, nir_graph
from lava_opzo.export.fitting import fitted
from lava_opzo.export.forward import Forward, Layer, digest, forward_of, scales
from lava_opzo.export.learnable import to_learning
from lava_opzo.network.initial import initial_state
from lava_opzo.runs import checkpoint
from lava_opzo.runs.folder import RunFolder
from lava_opzo.topology.conv import Conv
from lava_opzo.topology.dense import Dense
from lava_opzo.topology.local import Local
from sim_tests.helpers.commands import assert_one_line, called
from sim_tests.helpers.foreign_files import changed, dropped, put
from sim_tests.helpers.images import SQUARE, WIRING, image_network, images

nir = pytest.importorskip("nir")

FORMATS = {"netx": netx, "nir": nir_graph}
N = 24


@pytest.fixture(scope="module")
def busy():
    """(network, state, frames, our predictions), several classes among these."""
    network = image_network()
    state, frames = initial_state(network), images(network, N)
    ours = evaluate(network, state, frames).predictions
    assert len(set(ours.tolist())) > 3, "equal predictions would say little"
    return network, state, frames, ours


@pytest.fixture(scope="module")
def files(busy, tmp_path_factory):
    """The bytes of that network in each format."""
    folder = tmp_path_factory.mktemp("images")
    for name, module in FORMATS.items():
        module.write(folder / name, forward_of(*busy[:2]))
    return {name: (folder / name).read_bytes() for name in FORMATS}


def test_lava_dl_runs_convolutions_and_a_local_layer_with_our_predictions(busy, files, tmp_path):
    pytest.importorskip("lava.lib.dl.netx")
    from lava_opzo.export.netx_run import predictions

    network, _, frames, ours = busy
    (tmp_path / "a.net").write_bytes(files["netx"])
    with h5py.File(tmp_path / "a.net") as file:
        kinds = [file[f"layer/{number}/type"][0].decode() for number in range(len(file["layer"]))]
    assert kinds == ["input", "conv", "conv", "flatten", "dense", "dense"]
    n = 12
    assert np.array_equal(predictions(tmp_path / "a.net", frames[:n], network.learning.steps), ours[:n])


def in_order(graph):
    """(name, node) along the edges of a chain, from the input."""
    following, name = dict(graph.edges), "input"
    while name is not None:
        yield name, graph.nodes[name]
        name = following.get(name)


def in_torch(graph, frames, steps):
    """The summed output of a NIR graph for one sample (its input's shape), by its specification and torch alone."""
    import torch
    from torch.nn import functional

    membranes, total = {}, 0.0
    for _ in range(steps):
        value = torch.tensor(frames)[None]
        for name, node in in_order(graph):
            if isinstance(node, nir.Conv2d):
                value = functional.conv2d(value, torch.tensor(node.weight), torch.tensor(node.bias), tuple(node.stride),
                                          tuple(node.padding), tuple(node.dilation), int(node.groups))
            elif isinstance(node, nir.Flatten):
                value = value.flatten(1 + int(node.start_dim), -1)
            elif isinstance(node, nir.Linear):
                value = value @ torch.tensor(node.weight).T
            elif isinstance(node, nir.IF):
                voltage = membranes.get(name, 0.0) + torch.tensor(node.r) * value
                value = (voltage > torch.tensor(node.v_threshold)).float()
                membranes[name] = torch.where(value > 0, torch.tensor(node.v_reset), voltage)
        total = total + value
    return total[0].numpy()


def channels_first(frames, shape):
    """Lines of an image, and a bias line behind it, as float32 (n, channels, rows, columns)."""
    pixels = frames[:, 0, :int(np.prod(shape))].reshape(-1, *shape)
    return np.ascontiguousarray(pixels.transpose(0, 3, 1, 2), np.float32)


@pytest.mark.parametrize("wiring, convolutions", [(WIRING, 1), (SQUARE, 2)])
def test_a_reader_in_torch_predicts_the_same_of_a_nir_graph(tmp_path, wiring, convolutions):
    pytest.importorskip("torch")
    network = image_network(wiring)
    state, frames = initial_state(network), images(network, N)
    nir_graph.write(tmp_path / "a.nir", forward_of(network, state))
    graph = nir.read(tmp_path / "a.nir")
    kinds = [type(node).__name__ for _, node in in_order(graph)]
    assert kinds == ["Input", *["Conv2d", "IF"] * convolutions, "Flatten", *["Linear", "IF"] * (3 - convolutions), "Linear",
                     "Output"]
    theirs = [in_torch(graph, one, network.learning.steps).argmax() for one in channels_first(frames, WIRING[0].shape)]
    assert theirs == evaluate(network, state, frames).predictions.tolist() and len(set(theirs)) > 3


def test_norse_predicts_the_same_of_a_nir_graph(tmp_path):
    norse = pytest.importorskip("norse.torch")
    import torch

    network = image_network(SQUARE)
    state, frames = initial_state(network), images(network, N)
    nir_graph.write(tmp_path / "a.nir", forward_of(network, state))
    module, theirs = norse.from_nir(nir.read(tmp_path / "a.nir"), dt=1.0), []
    for one in channels_first(frames, WIRING[0].shape):
        memory, total = None, 0
        with torch.no_grad():
            for _ in range(network.learning.steps):
                out, memory = module(torch.tensor(one), memory)
                total = total + out
        theirs.append(int(total.argmax()))
    assert theirs == evaluate(network, state, frames).predictions.tolist()


@pytest.mark.parametrize("name", FORMATS)
def test_a_file_gives_back_every_topology_and_weight_and_learns_on_with_our_predictions(busy, files, name):
    network, state, frames, ours = busy
    forward = FORMATS[name].parse("file", files[name])
    assert [layer.topology for layer in forward.layers] == [replace(WIRING[0], lines=0), *WIRING[1:]]
    again = fitted(forward, WIRING[0].shape, network.input.n)
    assert [layer.topology for layer in again.layers] == list(WIRING) and "reaches no neuron" in again.notes[-1]
    imported, start = to_learning(again, network, frames)
    assert all(np.array_equal(start[one.weights], state[one.weights]) for one in network.forward)
    assert evaluate(imported, start, frames).predictions.tolist() == ours.tolist()


def test_what_is_no_plain_convolution_at_the_bottom_is_all_to_all_with_zeros(tmp_path):
    wiring = (Conv((4, 4, 1), 2, (3, 3), (1, 1), (1, 1), 1, True), Conv((4, 4, 2), 3, (2, 2), (2, 2)), Dense(12, 5))
    network = image_network(wiring)
    forward, state = forward_of(network, initial_state(network)), initial_state(network)
    netx.write(tmp_path / "a.net", forward)
    with h5py.File(tmp_path / "a.net") as file:
        written = file["layer/0/weight"][()]
        kinds = [file[f"layer/{number}/type"][0].decode() for number in range(len(file["layer"]))]
    edges = wiring[0].edges()
    expected = np.zeros((32, 17), np.int32)
    for pre, post, w in zip(edges.pre, edges.post, edges.w, strict=True):
        expected[post, pre] = state["W1.weights"].flat[w]
    assert kinds == ["dense"] * 3 and np.array_equal(written, expected) and forward.notes == ()


def test_weights_that_no_edge_names_are_zero_in_a_file(tmp_path):
    wiring = (Conv((1, 4, 1), 2, (3, 3), (1, 1), (1, 1), 1, True), Dense(8, 5))
    network = image_network(wiring)
    forward = forward_of(network, initial_state(network))
    kernels = forward.layers[0].weights[:, :9].reshape(2, 3, 3)
    assert not kernels[:, [0, 2]].any() and kernels[:, 1].any()
    netx.write(tmp_path / "a.net", forward)
    assert digest(netx.read(tmp_path / "a.net")) == digest(forward)


def test_a_matrix_that_would_be_huge_is_refused_with_its_size(tmp_path):
    wiring = (Local((128, 128, 1), 1, (3, 3), (1, 1), (1, 1)), Dense(1 << 14, 5))
    layers = [Layer(np.zeros(one.weight_shape, np.int32), 50, 0, one if isinstance(one, Local) else None) for one in wiring]
    forward = Forward((layers[0], replace(layers[1], vth=None)), 8)
    for module in FORMATS.values():
        with pytest.raises(UserError, match="layer 1: 16384 x 16384 weights, written all to all .* are above 67108864; use"):
            module.write(tmp_path / "a", forward)
    assert not list(tmp_path.iterdir())


@st.composite
def forwards(draw):
    """Networks whose lower layers are images of any geometry."""
    layers, image, n = [], tuple(draw(st.integers(2, 5)) for _ in range(2)) + (draw(st.integers(1, 2)),), None
    for _ in range(draw(st.integers(1, 3))):
        kernel = tuple(draw(st.integers(1, min(3, image[axis]))) for axis in range(2))
        padding = tuple(draw(st.integers(0, size - 1)) for size in kernel)
        stride = tuple(draw(st.integers(1, 2)) for _ in range(2))
        patches = draw(st.sampled_from((Local, Conv)))(image, draw(st.integers(1, 3)), kernel, stride, padding)
        rng = np.random.default_rng(draw(st.integers(0, 99)))
        weights = 2 * rng.integers(-128, 128, patches.weight_shape)
        if isinstance(patches, Conv):
            weights *= np.isin(np.arange(weights.size), patches.edges().w).reshape(weights.shape)
        layers.append(Layer(weights.astype(np.int32), draw(st.integers(1, 131071)), draw(st.integers(0, 4095)), patches))
        image, n = patches.out_shape, patches.n_post
    return Forward((*layers, Layer(np.full((3, n), 2, np.int32), None)), draw(st.integers(0, 1024)), (), draw(st.booleans()))


@pytest.mark.parametrize("name", FORMATS)
@settings(max_examples=12, deadline=None)
@given(forward=forwards())
def test_images_of_any_geometry_are_imported_to_the_same_network(tmp_path_factory, name, forward):
    file = tmp_path_factory.mktemp("any") / "a"
    FORMATS[name].write(file, forward)
    again = FORMATS[name].parse("file", file.read_bytes())
    assert digest(again) == digest(forward) and again.notes == () and again.spread == forward.spread


def topology(**fields):
    """The words beside the local layer with other values."""
    said = {"shape": [2, 5, 4], "channels": 3, "kernel": [2, 2], "stride": [1, 2], "padding": [0, 1], "lines": 0, "bias": False,
            "kind": "local"}
    return json.dumps(said | fields)


CONV, NODE = "layer/1", "node/nodes/weights1"
ATTRIBUTE = lambda text: lambda file: file["layer/4"].attrs.__setitem__("topology", text)  # noqa: E731
WRONG_WEIGHT = lambda file: file["layer/4/weight"].__setitem__((0, 0), 2)  # noqa: E731


@pytest.mark.parametrize("name, change, words", [
    ("netx", put(f"{CONV}/dilation", [2, 2]), "layer 1: dilation 2 is not 1; on-line learning has plain convolutions"),
    ("netx", put(f"{CONV}/groups", 2), "layer 1: groups 2 is not 1; on-line learning has plain convolutions"),
    ("netx", put(f"{CONV}/bias", [1, 2, 3]), "layer 1: has a bias"),
    ("netx", put(f"{CONV}/delay", [1]), "layer 1: has synaptic delays"),
    ("netx", put(f"{CONV}/stride", [0, 1]), "layer 1: stride 0 is no whole number in 1.."),
    ("netx", put(f"{CONV}/stride", [1, 1, 1]), "layer 1: stride (1, 1, 1) is not rows and columns"),
    ("netx", put(f"{CONV}/padding", [3, 0]), "layer 1: topology conv: padding 3 of the rows is not below the kernel's 3"),
    ("netx", put(f"{CONV}/shape", [3, 5, 3]), "layer 1: shape (3, 5, 3) is not the (3, 3, 5)"),
    ("netx", put(f"{CONV}/inChannels", 1), "layer 1: inChannels (1,) is not the (2,)"),
    ("netx", put(f"{CONV}/weight", np.full((3, 2, 3), 2)), "are not kernels"),
    ("netx", put(f"{CONV}/weight", np.full((3, 1, 3, 3), 2)), "kernels of 1 channels do not meet the 2 of the image below"),
    ("netx", put(f"{CONV}/weight", np.full((3, 2, 3, 3), 0.5)), "weights are not whole numbers, 0.5 at (0, 0, 0, 0)"),
    ("netx", put(f"{CONV}/weight", np.full((3, 2, 3, 3), 3)), "layer 1: 3 at (0, 0) is odd"),
    ("netx", put(f"{CONV}/neuron/vThMant", [50, 60]), "vThMant has shape (2,), the layer has 45 neurons"),
    ("netx", put(f"{CONV}/extra", 1), "entry 'extra' is not known"),
    ("netx", dropped(f"{CONV}/stride"), "'stride' is missing"),
    ("netx", put(f"{CONV}/type", [np.bytes_("pool")]), "layer 1: type 'pool' is not 'dense' or 'conv'"),
    ("netx", put("layer/0/shape", [6, 5]), "'input' of shape [6, 5] is not the first layer with channels, rows and columns"),
    ("netx", put("layer/3/type", [np.bytes_("input")]), "layer 3: an 'input'"),
    ("netx", put("layer/4/type", [np.bytes_("conv")]), "layer 4: is a convolution of neurons that are no image"),
    ("netx", put("layer/4/weight", np.full((9, 20), 2)), "layer 4: inFeatures 40 is not the 20"),
    ("netx", ATTRIBUTE("{}"), "layer 4: topology '{}' is none of local, conv"),
    ("netx", ATTRIBUTE("[" * 9999), "layer 4: topology '[[[["),
    ("netx", ATTRIBUTE(topology(kernel=[2, 2.5])), "layer 4: topology: kernel"),
    ("netx", ATTRIBUTE(topology(kernel=[9, 9])), "layer 4: topology local: kernel 9 is above"),
    ("netx", ATTRIBUTE(topology(channels=5)), "layer 4: weights of shape (9, 40) are not the 15 x 40 of its topology"),
    ("netx", ATTRIBUTE(topology(kind="conv")), "layer 4: weights where its topology has no edge, or shared ones that differ"),
    ("netx", ATTRIBUTE(topology(more=1)), "layer 4: topology: unknown key 'more'"),
    ("netx", lambda file: WRONG_WEIGHT(file) or ATTRIBUTE(topology())(file), "was changed after it was exported"),
    ("netx", lambda file: file.attrs.__setitem__("spread", "perhaps"), "spread 'perhaps' is not no or yes"),
    ("nir", put(f"{NODE}/dilation", [2, 1]), "dilation (2, 1) is not 1; on-line learning has plain convolutions"),
    ("nir", put(f"{NODE}/groups", 2), "groups 2 is not 1"),
    ("nir", put(f"{NODE}/bias", np.ones(3, np.float32)), "has a bias; train it without one"),
    ("nir", put(f"{NODE}/padding", "same"), "padding 'same' with kernel 3 x 3 and stride (2, 1) is not the same on all sides"),
    ("nir", put(f"{NODE}/padding", "half"), "padding 'half'"),
    ("nir", put(f"{NODE}/input_shape", [6, 6]), "takes 2 x 6 x 6 (channels, rows, columns), the image below has 2 x 6 x 5"),
    ("nir", put(f"{NODE}/weight", np.ones((3, 2, 3), np.float32)), "are not kernels"),
    ("nir", put("node/nodes/flatten/start_dim", 2), "flattens dimensions [2] to [-1], not all of an image"),
    ("nir", put("node/nodes/flatten/type", "AvgPool2d"), "are not Linear, IF or LIF, ..., Linear, nor Conv2d"),
    ("nir", put("node/nodes/neurons1/v_threshold", np.full((3, 5, 3), 9, np.float32)), "the layer has 45 neurons"),
    ("nir", put("node/nodes/weights3/metadata/topology", topology(channels=5)), "are not the 15 x 40 of its topology"),
    ("nir", put("node/metadata/spread", "perhaps"), "spread 'perhaps' is not no or yes"),
])
def test_what_computes_something_else_is_refused_by_name(files, name, change, words):
    with pytest.raises(UserError) as caught:
        FORMATS[name].parse("file", changed(files[name], change))
    assert words in str(caught.value) and str(caught.value).startswith(("file", "layer 1: 3")) and "\n" not in str(caught.value)


def test_padding_in_words_and_an_image_that_only_the_input_says_are_read(files):
    valid = changed(files["nir"], lambda file: file["node/metadata"].__delitem__("sha256"), put(f"{NODE}/padding", "valid"),
                    dropped(f"{NODE}/input_shape"), put(f"{NODE}/stride", [2, 1]),
                    put(f"{NODE}/weight", np.full((3, 2, 1, 1), 2, np.float32)))
    assert nir_graph.parse("file", valid).layers[0].topology == Conv((6, 5, 2), 3, (1, 1), (2, 1))


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
    assert network.hidden[0].y_shift == pattern.y_shift + 1 + round(np.log2(2 * sigma / forward.layers[0].weights.std()))
    before = state["W1.weights"].copy()
    share = lambda: float(np.mean(evaluate(network, state, data.test_frames).predictions == data.test_labels))  # noqa: E731
    at_start = share()
    for _ in range(3):
        train(network, state, data.train_frames, data.train_labels)
    print(f"test accuracy {100 * at_start:.1f} % as imported, {100 * share():.1f} % after three epochs on line")
    assert share() > at_start + 0.2 and not np.array_equal(state["W1.weights"], before)


def test_commands_export_and_import_a_run_of_images_to_the_same_bits_and_predictions(tmp_path):
    data = load("digits")
    network = scaled(data.train_frames, data.shape, 10, parse_layers("4c3s2,6l3s2"))
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


def test_an_image_that_the_data_set_has_not_is_refused(tmp_path):
    conv = Conv((6, 6, 1), 2, (3, 3))
    forward = Forward((Layer(np.full((2, 9), 2, np.int32), 50, 0, conv), Layer(np.full((10, 32), 4, np.int32), None)), 8)
    netx.write(tmp_path / "a.net", forward)
    refused = called("import-network", tmp_path / "a.net", tmp_path / "run")
    assert_one_line(refused, 2, "36 inputs are not the 65 lines of data set 'digits'")
    assert "conv 6x6x1 -> 4x4x2" in scales(forward)["layer 1"]
