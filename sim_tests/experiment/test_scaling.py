"""The scale of a data set: its definition in real numbers, without a wide copy of all samples."""
import tracemalloc

import numpy as np
import pytest

from lava_opzo.arithmetic.fixed.encoding import phases, spread
from lava_opzo.experiment.scaling import measure, stagger
from lava_opzo.network.populations import MOST_STAGGER
from sim_tests.helpers.networks import random_samples, small_network


@pytest.mark.parametrize("rows", [1, 8])
def test_the_scale_is_the_root_of_the_mean_squared_payloads_of_a_step_and_the_sum_of_a_busy_line(rows):
    frames, _ = random_samples(small_network(n_in=70), 90, rows)
    scale = measure(frames, 8)
    sums = frames[:, :, :-1].astype(float).sum(axis=1) * (8 // rows)
    assert scale.spread == np.sqrt((frames.astype(float) ** 2).sum(axis=2).mean())
    assert scale.full == np.percentile(sums[sums > 0], 95)


@pytest.mark.parametrize("staggered", [0, 5])
def test_the_scale_of_spread_payloads_is_that_of_the_rows_that_are_shown(staggered):
    frames, _ = random_samples(small_network(n_in=70), 90)
    assert measure(frames, 8, spread=True) == measure(spread(frames, 8, staggered), 8)


@pytest.mark.parametrize("steps", [1, 2, 3, 4, 5, 6, 8, 12, 30, 1024])
def test_the_stagger_of_a_recipe_takes_every_phase_of_a_window_in_turn(steps):
    assert len(set(phases(steps, steps, stagger(steps)).tolist())) == steps and 1 <= stagger(steps) <= MOST_STAGGER


def test_payloads_of_15_in_the_longest_window_are_summed_exactly():
    assert measure(np.full((2, 1, 4), 15, np.uint8), 1024).full == 15 * 1024
    assert measure(np.full((2, 1024, 4), 15, np.uint8), 1024).full == 15 * 1024


def test_the_scale_of_many_samples_needs_no_more_than_four_bytes_a_payload():
    frames, _ = random_samples(small_network(n_in=784), 3000)
    tracemalloc.start()
    measure(frames, 8)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 4 * frames.size
