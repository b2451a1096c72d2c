"""LavaEngine: what it refuses before Lava starts, what it says it has not counted, and neurons of one's own."""
from dataclasses import replace

import numpy as np
import pytest
from lava.magma.core.decorator import implements, requires, tag
from lava.magma.core.resources import CPU
from lava.magma.core.sync.protocols.loihi_protocol import LoihiProtocol

from lava_opzo.engines import registry
from lava_opzo.engines.lava.engine import FastLavaEngine, LavaEngine, StockLavaEngine
from lava_opzo.engines.lava.models import run_config
from lava_opzo.engines.lava.spikes import record_spikes
from lava_opzo.errors import SimulationError, UserError
from lava_opzo.network.form import changed
from lava_opzo.network.initial import initial_state
from lava_opzo.silicon.profile import LOIHI_254
from process_models.opzo_lif.models import FixedOpzoLIF
from process_models.opzo_lif.process import OpzoLIF
from process_models.opzo_readout.models import PyOpzoReadoutModelFixed
from sim_tests.helpers.networks import differing, random_samples, small_network


@implements(proc=OpzoLIF, protocol=LoihiProtocol)
@requires(CPU)
@tag("fixed_pt")
class SameLIF(FixedOpzoLIF):
    """OpzoLIF itself, as a model of somebody else."""


@implements(proc=OpzoLIF, protocol=LoihiProtocol)
@requires(CPU)
@tag("fixed_pt")
class NarrowLIF(FixedOpzoLIF):
    """Another gate: exactly half the width."""

    def gate(self, v):
        return self.numbers.membrane.near_threshold(v, self.vth, self.psi_width >> 1)


def learned(engine, network, **options):
    """(state, seen) after some samples."""
    frames, labels = random_samples(network, 5)
    with engine(network, initial_state(network), timeout=60, **options) as running:
        running.train(frames, labels)
        return running.state(), running.seen()


@pytest.mark.parametrize("engine, options, touches, largest", [
    (FastLavaEngine, {}, True, True), (StockLavaEngine, {}, False, True), (FastLavaEngine, {"neuron": SameLIF}, True, False),
    (FastLavaEngine, {"configuration": run_config("fixed", "fast")}, False, False),
    (FastLavaEngine, {"number": "real"}, False, False)],
    ids=["fast", "stock", "own neuron", "foreign configuration", "real numbers"])
def test_what_is_not_counted_for_sure_is_none(engine, options, touches, largest):
    network = small_network()
    _, seen = learned(engine, network, **options)
    assert (seen.rail_touches is not None, seen.largest is not None) == (touches, largest)
    assert all(rate > 0 for rate in seen.spike_rates)


def test_a_neuron_of_ones_own_that_changes_nothing_gives_the_same_bits_and_one_with_another_gate_those_of_another_width():
    network = small_network()
    plain, _ = learned(FastLavaEngine, network)
    same, _ = learned(FastLavaEngine, network, neuron=SameLIF)
    narrow, _ = learned(FastLavaEngine, network, neuron=NarrowLIF)
    hidden = tuple(replace(layer, psi_width=layer.psi_width >> 1) for layer in network.hidden)
    expected, _ = learned(FastLavaEngine, changed(network, hidden=hidden))
    assert differing(plain, same) == [] and differing(narrow, expected) == [] != differing(plain, narrow)


def test_a_class_that_is_no_model_of_the_neuron_is_refused_by_name():
    with pytest.raises(UserError, match="neuron PyOpzoReadoutModelFixed: it is no process model of OpzoLIF"):
        run_config("fixed", "fast", PyOpzoReadoutModelFixed)


def test_a_neuron_of_another_number_system_ends_the_start_with_its_name():
    network = small_network()
    with pytest.raises(SimulationError, match="process 'hidden[12]': its connections learn by the rules of number 'real'"):
        LavaEngine(network, initial_state(network), number="real", neuron=SameLIF, timeout=60)


@pytest.mark.parametrize("kind, options, words", [
    ("fast", {"credit": "backprop"}, "credit 'backprop' is not one of opzo, dfa"),
    ("fast", {"gate": "count"}, "gate 'count' is not one of psi"),
    ("stock", {"profile": LOIHI_254}, "stock Lava has rails -256..255, profile 'loihi-254' has -256..254"),
    ("quick", {}, "kind 'quick' is not one of fast, stock")])
def test_what_lava_would_silently_do_otherwise_is_refused_in_one_line(kind, options, words):
    network = small_network(**options)
    with pytest.raises(UserError) as error:
        LavaEngine(network, initial_state(network), kind=kind)
    assert words in str(error.value) and len(str(error.value).splitlines()) == 1


def test_the_fast_engine_keeps_to_the_rails_of_another_chip_with_the_bits_of_the_twin():
    network = small_network(profile=LOIHI_254)
    network = changed(network, hidden=tuple(replace(layer, y_shift=4) for layer in network.hidden))
    frames, labels = random_samples(network, 16)
    with FastLavaEngine(network, initial_state(network), timeout=60) as engine, \
            registry.make("twin", network, initial_state(network)) as twin:
        for one in (engine, twin):
            one.train(frames, labels)
        state, touches = engine.state(), engine.seen().rail_touches
        assert differing(state, twin.state()) == [] and touches == twin.seen().rail_touches
    largest = max(state[connection.weights].max() for connection in network.connections)
    assert sum(touches.values()) > 0 and largest == 254


@pytest.mark.parametrize("options", [{}, {"credit": "single-point"}, {"gate": "count"}], ids=["opzo", "single-point", "count"])
def test_the_messages_of_a_sample_are_recorded_by_the_names_of_the_populations_and_leave_the_state_as_it_was(options):
    network = small_network(**options)
    state = initial_state(network)
    spikes = record_spikes(network, state, *random_samples(network, 1))
    steps = {values.shape[0] for values in spikes.values()}
    assert list(spikes) == ["input", "hidden1", "hidden2", "readout"] and len(steps) == 1
    assert [values.shape[1] for values in spikes.values()] == list(network.widths)
    assert np.array_equal(spikes["input"][0], random_samples(network, 1)[0][0, 0])
    assert differing(state, initial_state(network)) == []
