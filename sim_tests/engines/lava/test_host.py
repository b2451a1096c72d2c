"""A host with Vars and ports only, as a board's: nothing is shared, and predictions and learned bits are those of the twin."""
import re
from pathlib import Path

import numpy as np
import pytest
from lava.magma.core.decorator import implements, requires, tag
from lava.magma.core.resources import CPU
from lava.magma.core.run_configs import Loihi2HwCfg
from lava.magma.core.sync.protocols.loihi_protocol import LoihiProtocol

from lava_opzo.engines import registry
from lava_opzo.engines.lava import graph as graphs, mailbox as mailboxes
from lava_opzo.engines.lava.engine import FastLavaEngine, LavaEngine
from lava_opzo.engines.lava.graph import Graph
from lava_opzo.engines.lava.mailbox import Mailbox
from lava_opzo.engines.lava.plugins import REHEARSAL, load_plugins, run_config
from lava_opzo.engines.lava.shared_host import SharedHost
from lava_opzo.engines.lava.variable_host import VariableHost
from lava_opzo.engines.target import Target
from lava_opzo.errors import NoBoardError
from lava_opzo.network.initial import initial_state
from lava_opzo.verification.targets import verify_target
from process_models.opzo_readout.models import FixedOpzoReadout
from process_models.opzo_readout.process import OpzoReadout
from process_models.sample_source.models import PySampleSourceModel
from process_models.sample_source.process import SampleSource
from process_models.variable_source.models import PyVariableSourceModel
from process_models.variable_source.process import VariableSource
from sim_tests.helpers.lava_parts import built
from sim_tests.helpers.networks import by_step, carrying, differing, random_samples, small_network, step_labels
from sim_tests.helpers.wrong_plugins import Gate, with_wrong

PAGE = (Path(__file__).parents[3] / "docs" / "neuron_programs.md").read_text()


@implements(proc=OpzoReadout, protocol=LoihiProtocol)
@requires(CPU)
@tag("fixed_pt")
class WithoutMailbox(FixedOpzoReadout):
    """A readout that knows of no memory but its own: it predicts into its Var."""

    def _answer(self):
        self.prediction[0] = self.predict(self.o_plus + self.o_minus)


@implements(proc=OpzoReadout, protocol=LoihiProtocol)
@requires(CPU)
@tag("fixed_pt")
class WithoutPrediction(FixedOpzoReadout):
    """A readout of neurons that cannot be compared with each other, as those of a neuron program: it has sums alone."""

    def _answer(self):
        pass


@pytest.fixture
def nothing_is_shared(monkeypatch):
    """Memory shared with Lava's processes cannot be made."""
    def refuse(*arguments):
        raise AssertionError("a plug-in run shares memory with the host")

    for module in (graphs, mailboxes):
        monkeypatch.setattr(module, "shared_array", refuse)


def plugged(readout: type | None = None):
    """The run configuration of a rehearsal, with another readout."""
    name = {"OpzoReadout": f"{__name__}.{readout.__name__}"} if readout else {}
    return run_config(load_plugins(REHEARSAL | name, board=False), board=False)


@pytest.mark.parametrize("readout, options, rows", [
    (WithoutMailbox, {}, 5), (WithoutPrediction, {"spread": True}, 1)], ids=["no mailbox, K rows", "no prediction, spread"])
def test_without_shared_memory_predictions_and_learned_bits_are_those_of_the_twin(nothing_is_shared, readout, options, rows):
    network = small_network(hidden=(7, 6), **options)
    start, (frames, labels) = initial_state(network), random_samples(network, 8, rows)
    with LavaEngine(network, start, n_frames=rows, configuration=plugged(readout), timeout=60) as engine, \
            registry.make("twin", network, start) as twin:
        assert isinstance(engine.host, VariableHost)
        for part in (slice(0, 5), slice(5, 8)):
            assert np.array_equal(engine.train(frames[part], labels[part]), twin.train(frames[part], labels[part]))
            assert np.array_equal(engine.evaluate(frames), twin.evaluate(frames))
        assert differing(engine.state(), twin.state()) == [] and engine.state().n_trained == 8
        assert engine.seen().rail_touches is None and engine.seen().largest is None
        assert np.allclose(engine.seen().spike_rates, twin.seen().spike_rates, rtol=1e-12)


@pytest.mark.parametrize("readout", [None, WithoutPrediction], ids=["a readout that predicts", "sums alone"])
@pytest.mark.parametrize("network, labelled", [
    (by_step(small_network(windows=1), 2), "a sample"), (by_step(small_network(windows=1)), "every step"),
    (carrying(small_network(windows=1), 1), "every step")], ids=["a label a sample", "of every step", "a stream"])
def test_without_shared_memory_steps_have_the_twins_bits_and_answers(nothing_is_shared, network, labelled, readout):
    start, (frames, labels) = initial_state(network), random_samples(network, 5, 5)
    taught = step_labels(network, 5) if labelled == "every step" else labels
    with LavaEngine(network, start, n_frames=5, configuration=plugged(readout), timeout=60) as engine, \
            registry.make("twin", network, start, "fixed", 5) as twin:
        assert np.array_equal(engine.train(frames, taught), twin.train(frames, taught))
        for every_step in (True, False):
            assert np.array_equal(engine.evaluate(frames, every_step), twin.evaluate(frames, every_step))
        assert differing(engine.state(), twin.state()) == []
        for one in (engine, twin):
            one.settle()
        assert np.array_equal(engine.train(frames, taught), twin.train(frames, taught))
        assert differing(engine.state(), twin.state()) == []


def test_a_reader_that_halts_in_every_time_step_finds_the_twins_bits_where_weights_learn_in_every_step():
    network = carrying(small_network(windows=1), 1)
    frames, _ = random_samples(network, 3, 5)
    report = verify_target(network, initial_state(network), frames, step_labels(network, 3), Target(plugins=REHEARSAL))
    assert report.differing == 0 and report.samples == 3
    wrong = Target(plugins=with_wrong(Gate))
    found = verify_target(network, initial_state(network), frames, step_labels(network, 3), wrong)
    (comparison,) = found.comparisons
    assert comparison.first.place.part == "hidden1" and comparison.first.place.variable == "psi"


def test_between_samples_the_host_sets_learn_and_the_sample_and_every_process_its_own_tau(monkeypatch):
    network, written = small_network(hidden=(5,)), []
    frames, labels = random_samples(network, 2)
    write = VariableHost.write
    monkeypatch.setattr(VariableHost, "write", lambda host, var, values: (written.append(var.name), write(host, var, values)))
    with LavaEngine(network, initial_state(network), configuration=plugged(), timeout=60) as engine:
        for present in (lambda: engine.train(frames, labels), lambda: engine.evaluate(frames[:1])):
            present()
            assert [int(engine.host.read(layer.tau)[0]) for layer in engine.graph.layers] == [0, 0, 0]
    assert written == ["frames", "label"] * 2 + ["learn"] * 3 + ["frames"]
    said = " ".join(PAGE.split())
    assert "`tau` is the program's own" in said and "`tau` it never sets" in said
    assert set(re.findall(r"host sets ((?:`\w+`,? ?)+)", said)) == {"`learn` ", "`frames`, `label` "}


@pytest.mark.parametrize("learn", [True, False])
@pytest.mark.parametrize("rows", [1, 5])
def test_a_source_with_vars_sends_what_the_source_with_a_mailbox_sends(rows, learn):
    network = small_network()
    frames, labels = random_samples(network, 3, rows)
    mailbox, given = Mailbox(3, rows, network.input.n, network.readout.n), {"x_shift": 7, "depth": 2, "learn": learn}
    mailbox.post(frames, labels)
    ports = ("s_out", "s_label_out")
    shared = built(PySampleSourceModel, SampleSource(mailbox=mailbox, learning=network.learning, **given), *ports)
    source = VariableSource(n_in=9, n_out=4, rows=rows, learning=network.learning, **given)
    alone = built(PyVariableSourceModel, source, *ports)
    for frame, label in zip(frames, labels, strict=True):
        alone.frames[:], alone.label[0] = frame, label
        for _ in range(network.schedule(learn).length):
            shared.run_spk()
            alone.run_spk()
            assert all(np.array_equal(getattr(shared, port).data, getattr(alone, port).data) for port in ports)
    assert shared.n_sent[0] == alone.n_sent[0] == 3


class RecordingAdapters:
    """Stands for lava-loihi's adapters: notes what passes to the chip, and lets it pass."""

    def __init__(self):
        self.passed = []

    def to_board(self, port, num_message_bits):
        self.passed.append((port.process.name, port.name, port.shape, num_message_bits))
        return port


@pytest.mark.parametrize("network, label_bits", [(small_network(), 1), (by_step(small_network(windows=1)), 2)])
def test_on_a_board_payloads_and_label_reach_the_chip_through_adapters_and_nothing_else_does(network, label_bits):
    adapters = RecordingAdapters()
    graph = Graph(network, initial_state(network), None, rows=5, adapters=adapters)
    assert adapters.passed == [("input", "s_out", (9,), 4), ("input", "s_label_out", (4,), label_bits)]
    assert graph.input.frames.shape == (5, 9) and graph.rail_touches == graph.largest == {}


def test_a_boards_configuration_without_lava_loihi_is_refused_before_anything_starts():
    network = small_network()
    with pytest.raises(NoBoardError, match="lava-loihi is not installed"):
        LavaEngine(network, initial_state(network), configuration=Loihi2HwCfg())


def test_the_simulators_own_models_keep_the_mailbox():
    network = small_network(hidden=(5,))
    with FastLavaEngine(network, initial_state(network), timeout=60) as engine:
        assert isinstance(engine.host, SharedHost) and engine.host.room == engine.chunk == 32
