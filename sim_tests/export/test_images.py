"""Exported convolutions and local layers: lava-dl, norse and a reader of our own in torch predict what we do."""
import h5py
import numpy as np
import pytest

from lava_opzo.engines.twin.integers.loop import evaluate
from lava_opzo.export import netx, nir_graph
from lava_opzo.export.forward import forward_of
from lava_opzo.network.initial import initial_state
from sim_tests.helpers.images import SQUARE, WIRING, image_network, images
from sim_tests.helpers.nir_in_torch import channels_first, in_order, in_torch

nir = pytest.importorskip("nir")

N = 24


def test_lava_dl_runs_convolutions_and_a_local_layer_with_our_predictions(tmp_path):
    pytest.importorskip("lava.lib.dl.netx")
    from lava_opzo.export.netx_run import predictions

    network = image_network()
    state, frames = initial_state(network), images(network, 12)
    ours = evaluate(network, state, frames).predictions
    assert len(set(ours.tolist())) > 3, "equal predictions would say little"
    netx.write(tmp_path / "a.net", forward_of(network, state))
    with h5py.File(tmp_path / "a.net") as file:
        kinds = [file[f"layer/{number}/type"][0].decode() for number in range(len(file["layer"]))]
    assert kinds == ["input", "conv", "conv", "flatten", "dense", "dense"]
    assert np.array_equal(predictions(tmp_path / "a.net", frames, network.learning.steps), ours)


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
