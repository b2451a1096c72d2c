"""The weight updates of lava_opzo.arithmetic.fixed equal the oracle, at both rails and with the odd weights that +255 leaves behind."""
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from lava_opzo.engines.oracle import synapses
from lava_opzo.arithmetic.fixed import weights as fixed

WEIGHT = st.sampled_from([-256, -255, -254, -253, -2, -1, 0, 1, 2, 252, 253, 254, 255]) | st.integers(-256, 255)
Y = st.sampled_from([0, 1, 2, 126, 127]) | st.integers(0, 127)


@st.composite
def synapses(draw):
    """(matrix, x0, y1, y2) of up to 6 x 8 synapses; y1 and y2 of a neuron are never both non-zero."""
    n_post, n_pre = draw(st.integers(1, 6)), draw(st.integers(1, 8))
    matrix = draw(st.lists(st.lists(WEIGHT, min_size=n_pre, max_size=n_pre), min_size=n_post, max_size=n_post))
    x0 = draw(st.lists(st.integers(0, 1), min_size=n_pre, max_size=n_pre))
    y = draw(st.lists(st.builds(int.__mul__, st.sampled_from([-1, 1]), Y), min_size=n_post, max_size=n_post))
    return matrix, x0, [max(-one, 0) for one in y], [max(one, 0) for one in y]


@settings(max_examples=400, deadline=None)
@given(synapses(), st.sampled_from([np.int32, np.int64]))
def test_update_equals_the_oracle_in_weights_and_rail_touches(case, dtype):
    matrix, x0, y1, y2 = case
    weights = np.array(matrix, dtype)
    touches = fixed.update(weights, *(np.array(values, dtype) for values in (x0, y1, y2)))
    assert (weights.tolist(), touches) == synapses.learning_step(matrix, x0, y1, y2)


@settings(max_examples=100, deadline=None)
@given(st.lists(synapses(), min_size=1, max_size=5))
def test_weights_stay_within_their_rails_over_many_updates(cases):
    matrix = cases[0][0]
    for _, x0, y1, y2 in cases:
        weights = np.array(matrix, np.int32)
        n_post, n_pre = weights.shape
        fixed.update(weights, *(np.resize(np.array(v, np.int32), n) for v, n in ((x0, n_pre), (y1, n_post), (y2, n_post))))
        matrix = weights.tolist()
        assert weights.min() >= -256 and weights.max() <= 255


@settings(max_examples=200, deadline=None)
@given(synapses(), st.integers(0, 2**31 - 1), st.sampled_from([0, 1, 2, 4, 256, 2**20]))
def test_decay_equals_the_oracle(case, n_trained, period):
    matrix = case[0]
    weights = np.array(matrix, np.int32)
    rows = fixed.decay_rows(len(matrix), n_trained, period)
    assert rows.tolist() == [int(synapses.decays(i, n_trained, period)) for i in range(len(matrix))]
    fixed.decay(weights, rows)
    assert weights.tolist() == synapses.decay(matrix, n_trained, period)


@settings(max_examples=200, deadline=None)
@given(st.integers(1, 40), st.integers(0, 10**6), st.sampled_from([1, 2, 8, 64]))
def test_every_row_decays_exactly_once_in_a_period(n_neurons, start, period):
    total = sum(fixed.decay_rows(n_neurons, start + step, period) for step in range(period))
    assert total.tolist() == [1] * n_neurons


@settings(max_examples=300, deadline=None)
@given(st.lists(WEIGHT, min_size=1, max_size=20))
def test_rail_equals_the_oracle(values):
    values = values + [-257, -511, 256, 509]
    assert fixed.rail(np.array(values, np.int32)).tolist() == [synapses.rail(w) for w in values]
