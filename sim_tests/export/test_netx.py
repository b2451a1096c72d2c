"""netx files: lava-dl's own Network runs them in Lava with our predictions; what slayer trained goes on learning here."""
import h5py
import numpy as np
import pytest

from lava_opzo.data import load
from lava_opzo.engines.twin.integers.loop import evaluate, train
from lava_opzo.errors import UserError
from lava_opzo.experiment.presets import digits
from lava_opzo.export import netx
from lava_opzo.export.forward import Forward, Layer, forward_of, scales, with_even_weights
from lava_opzo.export.learnable import to_learning
from lava_opzo.network.initial import initial_state
from sim_tests.helpers.networks import with_layer


@pytest.fixture(scope="module")
def trained():
    network, data = digits().network, load("digits")
    state = initial_state(network)
    train(network, state, data.train_frames, data.train_labels)
    return network, with_even_weights(network, state)[0], data


def test_two_hundred_digits_give_our_predictions_in_lava_dls_network(trained, tmp_path):
    pytest.importorskip("lava.lib.dl.netx")
    from lava_opzo.export.netx_run import predictions

    network, state, data = trained
    netx.write(tmp_path / "digits.net", forward_of(network, state))
    frames, labels = data.test_frames[:200], data.test_labels[:200]
    ours = evaluate(network, state, frames).predictions
    assert np.mean(ours == labels) > 0.6, "the network has not learned, so that equal predictions would say little"
    assert np.array_equal(predictions(tmp_path / "digits.net", frames, network.learning.steps), ours)


def test_leaky_neurons_and_frames_that_change_run_the_same_in_lava_dl(trained, tmp_path):
    pytest.importorskip("lava.lib.dl.netx")
    from lava_opzo.export.netx_run import predictions

    network, state, data = trained
    network = with_layer(with_layer(network, 1, dv=300), 2, dv=300)
    shown = np.random.default_rng(1).integers(0, 2, (40, network.learning.steps, network.input.n)).astype(np.uint8)
    frames = data.test_frames[:40] * shown
    netx.write(tmp_path / "leaky.net", forward_of(network, state))
    ours = evaluate(network, state, frames).predictions
    assert len(set(ours.tolist())) > 3
    assert np.array_equal(predictions(tmp_path / "leaky.net", frames, network.learning.steps), ours)


def test_what_is_written_is_read_back_and_the_scales_lie_in_the_file(trained, tmp_path):
    network, state, _ = trained
    forward = forward_of(network, state)
    netx.write(tmp_path / "a.net", forward)
    again = netx.read(tmp_path / "a.net")
    assert again.steps == network.learning.steps
    assert [(layer.vth, layer.dv) for layer in again.layers] == [
        *((layer.vth, layer.dv) for layer in network.hidden), (None, 0)]
    assert all(np.array_equal(a.weights, b.weights) for a, b in zip(again.layers, forward.layers, strict=True))
    with h5py.File(tmp_path / "a.net") as file:
        assert dict(file["scales"].attrs) == scales(forward)


def test_odd_weights_are_refused_and_rounded_towards_zero_when_asked(trained):
    network, state, _ = trained
    odd = state.copy()
    odd["W1.weights"][0, :3] = 255, -3, 7
    with pytest.raises(UserError, match="layer 1: 255 at .* is odd and 2 more"):
        forward_of(network, odd)
    even, n = with_even_weights(network, odd)
    assert n == 3 and even["W1.weights"][0, :3].tolist() == [254, -2, 6] and odd["W1.weights"][0, 0] == 255


def test_an_existing_file_is_not_overwritten(trained, tmp_path):
    (tmp_path / "old.net").write_bytes(b"precious")
    with pytest.raises(UserError, match="exists; choose a new file name"):
        netx.write(tmp_path / "old.net", forward_of(*trained[:2]))
    assert (tmp_path / "old.net").read_bytes() == b"precious"


def damaged(path, change):
    with h5py.File(path, "a") as file:
        change(file)
    return path


def replaced(key, value):
    def change(file):
        del file[key]
        file[key] = value

    return change


@pytest.mark.parametrize(
    "change, words",
    [
        (replaced("layer/0/neuron/iDecay", 1024), "layer 0: iDecay 1024 is not 4096; train it with current_decay=1"),
        (replaced("layer/0/neuron/type", np.bytes_("SDNN")), "layer 0: neuron 'SDNN' is not CUBA"),
        (replaced("layer/1/type", [np.bytes_("pool")]), "layer 1: is pooling of neurons that are no image"),
        (lambda file: file.__setitem__("layer/1/delay", np.array([3, 0])), "layer 1: has synaptic delays"),
        (lambda file: file.__setitem__("layer/1/bias", np.array([3, 0])), "layer 1: has a bias"),
        (replaced("layer/0/weight", np.full((4, 3), 0.5)), "layer 0: weights are not whole numbers"),
        (replaced("layer/0/weight", np.full((4, 3), 300)), "layer 1: value 300 is outside -256..255"),
        (replaced("layer/0/neuron/vThMant", np.arange(4)), "layer 0: vThMant differs between neurons"),
        (lambda file: file.__delitem__("layer/0/weight"), "layer 0: 'weight' is missing"),
    ],
)
def test_what_our_neurons_do_not_have_is_refused_by_name(tmp_path, change, words):
    forward = Forward((Layer(np.full((4, 3), 2, np.int32), 50), Layer(np.full((2, 4), 4, np.int32), None)), 8)
    netx.write(tmp_path / "a.net", forward)
    with pytest.raises(UserError) as error:
        netx.read(damaged(tmp_path / "a.net", change))
    assert words in str(error.value) and len(str(error.value).splitlines()) == 1


def test_a_truncated_file_is_one_line(trained, tmp_path):
    netx.write(tmp_path / "a.net", forward_of(*trained[:2]))
    (tmp_path / "a.net").write_bytes((tmp_path / "a.net").read_bytes()[:3000])
    with pytest.raises(UserError, match="cannot be read as HDF5"):
        netx.read(tmp_path / "a.net")


@pytest.fixture(scope="module")
def slayer_file(tmp_path_factory):
    """A 65-40-10 network, trained by lava-dl's slayer for a few epochs and written by its own export."""
    pytest.importorskip("lava.lib.dl.slayer")
    import lava.lib.dl.slayer as slayer
    import torch

    torch.manual_seed(0)
    data = load("digits")
    common = {"current_decay": 1, "voltage_decay": 0, "tau_grad": 0.1, "scale_grad": 1}
    blocks = [
        slayer.block.cuba.Dense({**common, "threshold": 30}, 65, 40),
        slayer.block.cuba.Dense({**common, "threshold": 3}, 40, 10),
    ]
    network = torch.nn.Sequential(*blocks)
    optimiser = torch.optim.Adam(network.parameters(), lr=0.01)
    loss = slayer.loss.SpikeRate(true_rate=0.6, false_rate=0.1, reduction="sum")
    inputs = torch.tensor(data.train_frames[:, 0].astype(np.float32))[:, :, None].repeat(1, 1, 8)
    labels = torch.tensor(data.train_labels)
    for _ in range(8):
        for part in torch.randperm(len(inputs)).split(64):
            optimiser.zero_grad()
            loss(network(inputs[part]), labels[part]).backward()
            optimiser.step()
    path = tmp_path_factory.mktemp("slayer") / "slayer.net"
    with h5py.File(path, "w") as file:
        for i, block in enumerate(blocks):
            block.export_hdf5(file.create_group(f"layer/{i}"))
    return path


def test_a_network_trained_by_slayer_starts_right_and_learns_on_line(slayer_file):
    data = load("digits")
    network, state = to_learning(netx.read(slayer_file), digits().network, data.train_frames[:200])
    assert network.widths == (65, 40, 10) and network.hidden[0].vth == 30 * 64
    share = lambda: float(np.mean(evaluate(network, state, data.test_frames).predictions == data.test_labels))  # noqa: E731
    at_start = share()
    train(network, state, data.train_frames, data.train_labels)
    learned = share()
    print(f"test accuracy {100 * at_start:.1f} % as imported, {100 * learned:.1f} % after one epoch on line")
    assert at_start > 0.75 and learned > at_start


def test_the_scales_of_an_imported_network_follow_its_own(slayer_file):
    data = load("digits")
    forward = netx.read(slayer_file)
    network, _ = to_learning(forward, digits().network, data.train_frames[:50])
    hidden, pattern = network.hidden[0], digits().network.hidden[0]
    assert hidden.psi_width == hidden.vth // 2
    assert abs((hidden.bias_mant << hidden.bias_exp) - hidden.vth * 64 / 10) < 1 << hidden.bias_exp
    finer = digits().network.forward[0].sigma / (forward.layers[0].weights.std() / 2)
    assert hidden.y_shift == pattern.y_shift + round(np.log2(finer))
