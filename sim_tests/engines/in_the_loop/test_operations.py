"""Operation counts: equal to those counted spike by spike and synapse by synapse, and energy is nothing but their sum of
products.
"""

import numpy as np

from lava_opzo.board import energy
from lava_opzo.engines.in_the_loop.operations import Operations, of_sample
from lava_opzo.engines.in_the_loop.engine import InTheLoopEngine
from lava_opzo.engines.in_the_loop.update import Factors, Observation
from lava_opzo.network.initial import initial_state
from lava_opzo.engines.twin.integers.loop import train as twin_train
from sim_tests.helpers.networks import random_samples, small_network


def counted_one_by_one(config, frames, seen, factors) -> dict[str, int]:
    """The OPZO column by loops over every event and synapse."""
    spikes = graded = events = updates = 0
    for _ in range(config.windows):
        for k in range(config.steps):
            for payload in frames[k if len(frames) > 1 else 0]:
                graded += payload > 0
                events += config.widths[1] * (payload > 0)
    for layer, counts in enumerate(seen.counts[1:], 1):
        for count in counts:
            spikes += count
            events += count * config.widths[layer + 1]
    for layer, (x, y) in enumerate(zip(factors.x, factors.y), 1):
        for ranks in x:
            for _ in range(ranks):
                spikes += 1
                for i in range(config.widths[layer]):
                    events += 1
                    updates += y[i] != 0
    for error in factors.error:
        graded += error != 0
        events += sum(config.widths[1:-1]) * (error != 0)
    for value in factors.d_hat:
        for bit in range(config.d_bits):
            if abs(value) >> bit & 1:
                spikes += 1
                events += sum(config.widths[1:-1])
                updates += sum(config.widths[1:-1])
    return {"spikes": spikes, "graded_messages": graded, "synaptic_events": events, "weight_updates": updates}


def random_sample(config, seed=0):
    rng = np.random.default_rng(seed)
    frames, _ = random_samples(config, 1, seed=seed)
    seen = Observation([rng.integers(0, 5, n) for n in config.widths[:-1]], [], np.zeros(4), np.zeros(4))
    factors = Factors(
        [rng.integers(0, 3, n) for n in config.widths[:-1]],
        [rng.integers(-2, 3, n) for n in config.widths[1:]],
        rng.integers(-2, 3, config.readout.n),
        rng.integers(-3, 4, config.readout.n),
    )
    return frames[0], seen, factors


def test_counts_of_a_sample_equal_those_counted_one_by_one():
    for depth, windows in ((1, 1), (2, 2), (3, 2)):
        config = small_network(hidden=(7, 6, 5)[:depth], windows=windows, decay_period=0)
        sample = random_sample(config, depth)
        counts = of_sample(config, *sample).opzo
        for name, value in counted_one_by_one(config, *sample).items():
            assert getattr(counts, name) == value, name
        assert counts.neuron_updates == sum(config.widths[1:]) * config.schedule().length


def test_the_others_run_one_window_and_have_no_feedback_weights_to_learn():
    config = small_network(hidden=(7, 6), decay_period=0)
    frames, seen, factors = random_sample(config)
    counts = of_sample(config, frames, seen, factors)
    silent = Factors(factors.x, factors.y, factors.error, np.zeros_like(factors.d_hat))
    without_m = of_sample(config, frames, seen, silent).opzo
    assert counts.dfa.weight_updates == without_m.weight_updates
    assert 2 * (counts.dfa.graded_messages - np.count_nonzero(factors.error)) == without_m.graded_messages - np.count_nonzero(
        factors.error
    )
    senders = [np.count_nonzero(y) for y in factors.y[1:]]
    assert counts.backpropagation.weight_updates - counts.dfa.weight_updates == sum(
        x.sum() * n for x, n in zip(factors.x[1:], senders)
    )


def test_a_run_counts_the_spikes_that_the_twin_counts():
    config = small_network()
    frames, labels = random_samples(config, 8)
    with InTheLoopEngine(config, initial_state(config)) as engine:
        engine.train(frames, labels)
        counts, rates = engine.counts, engine.spike_rates()
    spikes = twin_train(config, initial_state(config), frames, labels).spikes
    assert np.allclose(rates, spikes.sum(axis=0) / (8 * 2 * config.steps * np.array(config.widths[1:-1])), rtol=1e-12)
    assert counts.opzo.spikes >= spikes.sum() / 8 and counts.opzo.weight_updates > counts.dfa.weight_updates > 0


def test_energy_is_the_sum_of_counts_times_figures_and_names_its_source():
    figures = energy.Figures(synaptic_event=2.0, weight_update=3.0, neuron_update=5.0, source="a test")
    assert energy.estimate_nj(Operations(synaptic_events=1000, weight_updates=100, neuron_updates=10), figures) == 2.35
    assert "Davies et al. 2018" in energy.LOIHI1.source and "simulated" in energy.LOIHI1.source
