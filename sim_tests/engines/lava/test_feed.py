"""What `spike_train` gives to a RingBuffer is what a SampleSource sends, and a graph fed by it learns the twin's bits."""
import numpy as np
import pytest
from lava.proc.io.source import RingBuffer

from lava_opzo.engines import registry
from lava_opzo.engines.lava import watchdog
from lava_opzo.engines.lava.feed import spike_train
from lava_opzo.engines.lava.mailbox import Mailbox
from lava_opzo.engines.lava.models import run_config
from lava_opzo.errors import UserError
from lava_opzo.network.initial import initial_state
from process_models.opzo_dense.process import OpzoDense
from process_models.opzo_dense_readout.process import OpzoDenseReadout
from process_models.sample_source.models import PySampleSourceModel
from process_models.sample_source.process import SampleSource
from sim_tests.helpers.lava_parts import built
from sim_tests.helpers.networks import random_samples, small_network

READOUT = {"error_shift": 3, "y_shift": 4, "d_shift": 4}


@pytest.mark.parametrize("learn", [True, False])
@pytest.mark.parametrize("rows", [1, 5])
@pytest.mark.parametrize("options", [{}, {"windows": 1, "x_max": 3}, {"credit": "dfa"}], ids=["opzo", "one window", "dfa"])
def test_every_step_of_some_samples_is_what_the_source_of_the_engine_sends(options, rows, learn):
    network = small_network(**options)
    frames, labels = random_samples(network, 4, rows)
    schedule, n_out = network.schedule(learn), network.readout.n
    mailbox = Mailbox(4, rows, network.input.n, n_out)
    mailbox.post(frames, labels)
    source = SampleSource(mailbox=mailbox, learning=network.learning, depth=network.depth, x_shift=7, learn=learn)
    model = built(PySampleSourceModel, source, "s_out", "s_label_out")
    sent = []
    for _ in range(4 * schedule.length):
        model.run_spk()
        sent.append((model.s_out.data, model.s_label_out.data))
    spikes, shown = spike_train(schedule, frames, labels, x_shift=7, n_out=n_out)
    assert np.array_equal(spikes.T, [s for s, _ in sent]) and np.array_equal(shown.T, [label for _, label in sent])
    assert (spikes.dtype, shown.dtype) == (np.int32, np.int32) and spikes.any() and shown.any() == learn


@pytest.mark.parametrize("frames, labels, words", [
    (np.zeros((2, 3, 9), int), np.zeros(2, int), r"frames: shape \(2, 3, 9\)"),
    (np.full((2, 1, 9), 16), np.zeros(2, int), "with values up to 16"),
    (np.zeros((2, 1, 9), int), np.zeros(3, int), r"labels: shape \(3,\)"),
    (np.zeros((2, 1, 9), int), np.full(2, 4), "a class 0..3")])
def test_samples_that_do_not_fit_are_refused_with_their_shape_or_value(frames, labels, words):
    with pytest.raises(UserError, match=words):
        spike_train(small_network().schedule(), frames, labels, x_shift=7, n_out=4)


@pytest.mark.parametrize("kind", ["fast", "stock"])
def test_a_graph_of_hierarchical_processes_fed_by_ring_buffers_learns_the_bits_of_the_twin(kind):
    network = small_network(hidden=(14, 11))
    start, learning, (first, second) = initial_state(network), network.learning, network.hidden
    frames, labels = random_samples(network, 8)
    schedule = network.schedule()
    spikes, shown = spike_train(schedule, frames, labels, network.forward[0].x_shift, network.readout.n)
    source, teacher = RingBuffer(data=spikes), RingBuffer(data=shown)

    def hidden(layer, number):
        below, feedback = network.forward[number - 1], network.feedback[number - 1]
        return OpzoDense(
            weights=start[below.weights], feedback=start[feedback.weights], z_state=start[f"{layer.name}.z_state"],
            vth=layer.vth, dv=layer.dv, bias_mant=layer.bias_mant, bias_exp=layer.bias_exp, psi_width=layer.psi_width,
            y_shift=layer.y_shift, x_shift=network.forward[number].x_shift, learning=learning, depth=2, population=number,
            num_message_bits=4 if number == 1 else 0)

    layers = [hidden(first, 1), hidden(second, 2)]
    readout = OpzoDenseReadout(weights=start["W3.weights"], **READOUT, learning=learning, depth=2)
    source.s_out.connect(layers[0].s_in)
    layers[0].s_out.connect(layers[1].s_in)
    layers[1].s_out.connect(readout.s_in)
    for layer in layers:
        readout.error_out.connect(layer.error_in)
    teacher.s_out.connect(readout.label_in)
    predictions = []
    watchdog.start(source, run_config("fixed", kind))
    try:
        for _ in labels:
            watchdog.run(source, schedule.length, timeout=60)
            predictions.append(int(readout.prediction.get()[0]))
        learned = {below.weights: layer.weights.get() for below, layer in zip(network.forward, (*layers, readout), strict=True)}
        learned |= {feedback.weights: layer.feedback.get() for feedback, layer in zip(network.feedback, layers, strict=True)}
        learned |= {f"{layer.name}.{name}": getattr(process, name).get() for name in ("z_state", "y_residual")
                    for layer, process in zip((first, second), layers, strict=True)}
        learned |= {f"readout.{name}": getattr(readout, name).get() for name in ("y_residual", "d_residual")}
    finally:
        watchdog.stop(source)
    with registry.make("twin", network, start) as twin:
        expected = twin.train(frames, labels)
        state = twin.state()
    assert predictions == expected.tolist()
    assert learned.keys() == state.arrays.keys()
    assert [name for name, array in learned.items() if not np.array_equal(array, state[name])] == []
    assert not np.array_equal(state["M2.weights"], start["M2.weights"])
