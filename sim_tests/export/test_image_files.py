"""Files of convolutions and local layers: what is written is read back, and what computes something else is refused by name."""
import json
from dataclasses import replace

import h5py
import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from lava_opzo.engines.twin.integers.loop import evaluate
from lava_opzo.errors import UserError
from lava_opzo.export import netx, nir_graph
from lava_opzo.export.fitting import fitted
from lava_opzo.export.forward import Forward, Layer, digest, forward_of
from lava_opzo.export.learnable import to_learning
from lava_opzo.network.initial import initial_state
from lava_opzo.topology.conv import Conv
from lava_opzo.topology.dense import Dense
from lava_opzo.topology.local import Local
from sim_tests.helpers.foreign_files import changed, dropped, put
from sim_tests.helpers.images import WIRING, image_network, images

pytest.importorskip("nir")

FORMATS = {"netx": netx, "nir": nir_graph}


@pytest.fixture(scope="module")
def busy():
    """(network, state, frames, our predictions), several classes among these."""
    network = image_network()
    state, frames = initial_state(network), images(network, 24)
    ours = evaluate(network, state, frames).predictions
    return network, state, frames, ours


@pytest.fixture(scope="module")
def files(busy, tmp_path_factory):
    """The bytes of that network in each format."""
    folder = tmp_path_factory.mktemp("images")
    for name, module in FORMATS.items():
        module.write(folder / name, forward_of(*busy[:2]))
    return {name: (folder / name).read_bytes() for name in FORMATS}


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
@settings(max_examples=12)
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
    ("netx", put(f"{CONV}/type", [np.bytes_("pool")]), "layer 1: entry 'groups' is not known here"),
    ("netx", put(f"{CONV}/type", [np.bytes_("average")]), "layer 1: type 'average' is not 'dense', 'conv' or 'pool'"),
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
    ("netx", lambda file: file["layer/4/weight"].__setitem__((0, 39), 2), "layer 4: weights where its topology has no edge"),
    ("netx", lambda file: file.attrs.__setitem__("spread", "yes"), "was changed after it was exported"),
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
