"""NIR graphs: read back unchanged, and run by norse, which nobody here wrote, with our predictions."""
import numpy as np
import pytest

from lava_opzo.data import load
from lava_opzo.engines.twin.integers.loop import evaluate, train
from lava_opzo.errors import UserError
from lava_opzo.experiment.presets import digits
from lava_opzo.export import nir_graph
from lava_opzo.export.forward import forward_of, with_even_weights
from lava_opzo.network.initial import initial_state
from sim_tests.helpers.networks import small_network, with_layer

nir = pytest.importorskip("nir")


@pytest.mark.parametrize("dv", [0, 410])
def test_a_graph_is_read_back_unchanged(tmp_path, dv):
    network = small_network(hidden=(12, 9, 7))
    for number in (1, 2, 3):
        network = with_layer(network, number, dv=dv)
    forward = forward_of(network, initial_state(network))
    nir_graph.write(tmp_path / "a.nir", forward)
    again = nir_graph.read(tmp_path / "a.nir")
    assert again.steps == network.learning.steps
    assert [(layer.vth, layer.dv) for layer in again.layers] == [(layer.vth, layer.dv) for layer in forward.layers]
    assert all(np.array_equal(a.weights, b.weights) for a, b in zip(again.layers, forward.layers, strict=True))


def test_norse_predicts_the_same_on_two_hundred_digits(tmp_path):
    norse = pytest.importorskip("norse.torch")
    import torch

    network, data = digits().network, load("digits")
    state = initial_state(network)
    train(network, state, data.train_frames, data.train_labels)
    state, _ = with_even_weights(network, state)
    nir_graph.write(tmp_path / "digits.nir", forward_of(network, state))
    module = norse.from_nir(nir.read(tmp_path / "digits.nir"), dt=1.0)
    frames = data.test_frames[:200]
    inputs, memory, total = torch.tensor(frames[:, 0].astype(np.float32)), None, 0
    with torch.no_grad():
        for _ in range(network.learning.steps):
            out, memory = module(inputs, memory)
            total = total + out
    assert np.array_equal(total.argmax(1).numpy(), evaluate(network, state, frames).predictions)


def test_graphs_that_are_no_chain_of_linear_and_threshold_neurons_are_refused(tmp_path):
    ones = np.ones(3, np.float32)
    branched = nir.NIRGraph(
        {
            "input": nir.Input(np.array([3])),
            "a": nir.IF(ones, ones, ones),
            "b": nir.IF(ones, ones, ones),
            "output": nir.Output(np.array([3])),
        },
        [("input", "a"), ("input", "b"), ("a", "output"), ("b", "output")],
    )
    nir.write(tmp_path / "branched.nir", branched)
    with pytest.raises(UserError, match="are not one chain"):
        nir_graph.read(tmp_path / "branched.nir")
    nir.write(tmp_path / "other.nir", nir.NIRGraph.from_list(nir.Linear(np.ones((3, 3), np.float32)), nir.Threshold(ones)))
    with pytest.raises(UserError, match=r"nodes \['Linear', 'Threshold'\] are not Linear, IF or LIF"):
        nir_graph.read(tmp_path / "other.nir")


def test_a_file_that_is_no_graph_and_one_that_exists_are_one_line(tmp_path):
    (tmp_path / "a.nir").write_text("not HDF5")
    with pytest.raises(UserError, match="cannot be read as HDF5"):
        nir_graph.read(tmp_path / "a.nir")
    network = small_network()
    with pytest.raises(UserError, match="exists; choose a new file name"):
        nir_graph.write(tmp_path / "a.nir", forward_of(network, initial_state(network)))
    assert (tmp_path / "a.nir").read_text() == "not HDF5"
