"""Prediction, error and the split into unsigned parts equal the oracle."""
import numpy as np
from hypothesis import given, settings, strategies as st

from lava_opzo.arithmetic.fixed import error
from lava_opzo.engines.oracle import error as oracle

LIMIT = 2**23 - 1


@st.composite
def outputs(draw):
    """(o, error_shift, label) with values at both ends of the ramp, at its steps, at ties and at the 24-bit limits."""
    shift = draw(st.integers(0, 22))
    edges = {e + offset for e in (0, 1 << shift, 127 << shift, 128 << shift, -(1 << shift), LIMIT, -LIMIT)
             for offset in (-1, 0, 1)}
    value = st.sampled_from(sorted(e for e in edges if abs(e) <= LIMIT)) | st.integers(-LIMIT, LIMIT)
    o = draw(st.lists(value, min_size=2, max_size=20))
    return o, shift, draw(st.integers(0, len(o) - 1))


@settings(max_examples=300)
@given(outputs(), st.sampled_from([np.int32, np.int64]))
def test_the_error_equals_the_oracle(case, dtype):
    o, shift, label = case
    target = np.eye(len(o), dtype=dtype)[label]
    expected = [oracle.error(o_q, shift, q == label) for q, o_q in enumerate(o)]
    assert error.output_error(np.array(o, dtype), target, shift).tolist() == expected
    assert all(-127 <= e <= 127 for e in expected)


@settings(max_examples=300)
@given(outputs())
def test_the_prediction_is_the_first_of_the_largest_as_the_oracle(case):
    o, _, _ = case
    assert error.predict(np.array(o, np.int32)) == oracle.predict(o)
    assert error.predict(np.array(o + o, np.int32)) == oracle.predict(o)


@settings(max_examples=300)
@given(st.lists(st.integers(-LIMIT, LIMIT), min_size=1, max_size=20))
def test_positive_and_negative_part_equal_the_oracle(values):
    array = np.array(values, np.int32)
    parts = zip(error.positive(array).tolist(), error.negative(array).tolist(), strict=True)
    assert list(parts) == [oracle.split(value) for value in values]
