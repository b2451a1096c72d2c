"""Operation counts: equal to those counted spike by spike and synapse by synapse; energy is nothing but their sum of products."""
import numpy as np

from lava_opzo.board import energy
from lava_opzo.engines.in_the_loop.engine import InTheLoopEngine
from lava_opzo.engines.in_the_loop.observe import Observation
from lava_opzo.engines.in_the_loop.operations import Operations, of_sample
from lava_opzo.engines.in_the_loop.update import Factors
from lava_opzo.engines.twin.integers.loop import train as twin_train
from lava_opzo.network.initial import initial_state
from sim_tests.helpers.networks import random_samples, small_network


def counted_one_by_one(network, frames, observed, factors) -> dict[str, int]:
    """The OPZO column by loops over every event and synapse."""
    spikes = graded = events = updates = 0
    for _ in range(network.learning.windows):
        for k in range(network.learning.steps):
            for payload in frames[k if len(frames) > 1 else 0]:
                graded += payload > 0
                events += network.widths[1] * (payload > 0)
    for layer, counts in enumerate(observed.counts[1:], 1):
        for count in counts:
            spikes += count
            events += count * network.widths[layer + 1]
    for layer, (x, y) in enumerate(zip(factors.x, factors.y, strict=True), 1):
        for ranks in x:
            for _ in range(ranks):
                spikes += 1
                for i in range(network.widths[layer]):
                    events += 1
                    updates += y[i] != 0
    for error in factors.error:
        graded += error != 0
        events += sum(network.widths[1:-1]) * (error != 0)
    for value in factors.d_hat:
        for bit in range(network.learning.credit.d_bits):
            if abs(value) >> bit & 1:
                spikes += 1
                events += sum(network.widths[1:-1])
                updates += sum(network.widths[1:-1])
    return {"spikes": spikes, "graded_messages": graded, "synaptic_events": events, "weight_updates": updates}


def random_sample(network, seed=0):
    rng = np.random.default_rng(seed)
    frames, _ = random_samples(network, 1, seed=seed)
    observed = Observation([rng.integers(0, 5, n) for n in network.widths[:-1]], [], np.zeros(4), np.zeros(4))
    factors = Factors(
        [rng.integers(0, 3, n) for n in network.widths[:-1]],
        [rng.integers(-2, 3, n) for n in network.widths[1:]],
        rng.integers(-2, 3, network.readout.n),
        rng.integers(-3, 4, network.readout.n),
    )
    return frames[0], observed, factors


def test_counts_of_a_sample_equal_those_counted_one_by_one():
    for depth, windows in ((1, 1), (2, 2), (3, 2)):
        network = small_network(hidden=(7, 6, 5)[:depth], windows=windows, decay_period=0)
        sample = random_sample(network, depth)
        counts = of_sample(network, *sample).opzo
        for name, value in counted_one_by_one(network, *sample).items():
            assert getattr(counts, name) == value, name
        assert counts.neuron_updates == sum(network.widths[1:]) * network.schedule().length


def test_the_others_run_one_window_and_have_no_feedback_weights_to_learn():
    network = small_network(hidden=(7, 6), decay_period=0)
    frames, observed, factors = random_sample(network)
    counts = of_sample(network, frames, observed, factors)
    silent = Factors(factors.x, factors.y, factors.error, np.zeros_like(factors.d_hat))
    without_m = of_sample(network, frames, observed, silent).opzo
    assert counts.dfa.weight_updates == without_m.weight_updates
    assert 2 * (counts.dfa.graded_messages - np.count_nonzero(factors.error)) == without_m.graded_messages - np.count_nonzero(
        factors.error
    )
    senders = [np.count_nonzero(y) for y in factors.y[1:]]
    assert counts.backpropagation.weight_updates - counts.dfa.weight_updates == sum(
        x.sum() * n for x, n in zip(factors.x[1:], senders, strict=True)
    )


def test_a_run_counts_the_spikes_that_the_twin_counts():
    network = small_network()
    frames, labels = random_samples(network, 8)
    with InTheLoopEngine(network, initial_state(network)) as engine:
        engine.train(frames, labels)
        counts, rates = engine.counts, engine.seen().spike_rates
    spikes = twin_train(network, initial_state(network), frames, labels).spikes
    assert np.allclose(rates, spikes.sum(axis=0) / (8 * 2 * network.learning.steps * np.array(network.widths[1:-1])), rtol=1e-12)
    assert counts.opzo.spikes >= spikes.sum() / 8 and counts.opzo.weight_updates > counts.dfa.weight_updates > 0


def test_energy_is_the_sum_of_counts_times_figures_and_names_its_source():
    figures = energy.Figures(synaptic_event=2.0, weight_update=3.0, neuron_update=5.0, source="a test")
    assert energy.estimate_nj(Operations(synaptic_events=1000, weight_updates=100, neuron_updates=10), figures) == 2.35
    assert "Davies et al. 2018" in energy.LOIHI1.source and "simulated" in energy.LOIHI1.source
