"""The rails and the decay of lava_opzo.arithmetic.fixed equal the oracle, with the odd weights that +255 leaves behind."""
import numpy as np
from hypothesis import given, settings, strategies as st

from lava_opzo.arithmetic.fixed import weights as fixed
from lava_opzo.engines.oracle import synapses as oracle
from lava_opzo.silicon.profile import PROFILES
from sim_tests.helpers.synapses import WEIGHT, matrices

PROFILE = st.sampled_from(list(PROFILES.values()))


def rails_of(profile):
    return profile.weight_min, profile.weight_max


@settings(max_examples=200)
@given(matrices(), st.integers(0, 2**31 - 1), st.sampled_from([0, 1, 2, 4, 256, 2**20]), PROFILE)
def test_decay_equals_the_oracle(matrix, n_trained, period, profile):
    weights = np.array(matrix, np.int32)
    rows = fixed.decay_rows(len(matrix), n_trained, period)
    assert rows.tolist() == [int(oracle.decays(i, n_trained, period)) for i in range(len(matrix))]
    fixed.decay(weights, rows, profile)
    assert weights.tolist() == oracle.decay(matrix, n_trained, period, rails_of(profile))


@settings(max_examples=200)
@given(st.integers(1, 40), st.integers(0, 10**6), st.sampled_from([1, 2, 8, 64]))
def test_every_row_decays_exactly_once_in_a_period(n_neurons, start, period):
    total = sum(fixed.decay_rows(n_neurons, start + step, period) for step in range(period))
    assert total.tolist() == [1] * n_neurons


@settings(max_examples=300)
@given(st.lists(WEIGHT, min_size=1, max_size=20), PROFILE)
def test_rail_equals_the_oracle(values, profile):
    values = [*values, -257, -511, 256, 509]
    railed = fixed.rail(np.array(values, np.int32), profile)
    assert railed.tolist() == [oracle.rail(w, rails_of(profile)) for w in values]
    assert fixed.at_rail(railed, profile) == sum(w in rails_of(profile) for w in railed.tolist())
