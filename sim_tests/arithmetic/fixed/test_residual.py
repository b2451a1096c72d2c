"""The residual quantiser and its shift equal the oracle, and nothing but what the limit cuts off is lost."""
import numpy as np
from hypothesis import given, settings, strategies as st

from lava_opzo.arithmetic.fixed import quantiser
from lava_opzo.engines.oracle import quantiser as oracle

LIMIT = 2**23 - 1


@st.composite
def quantiser_cases(draw):
    """(residuals, values, shift, limit): values at multiples of the step, at the clip and at the 24-bit limits."""
    shift = draw(st.integers(0, 23))
    limit = draw(st.sampled_from([1, 3, 7, 127]))
    step = 1 << shift
    edges = {e + offset for e in (0, step, -step, limit * step, -limit * step, (limit + 1) * step, LIMIT, -LIMIT)
             for offset in (-1, 0, 1)}
    value = st.sampled_from(sorted(e for e in edges if abs(e) <= LIMIT)) | st.integers(-LIMIT, LIMIT)
    residual = st.sampled_from([0, step // 2, step - 1]) | st.integers(0, step - 1)
    pairs = draw(st.lists(st.tuples(residual, value), min_size=1, max_size=30))
    return [r for r, _ in pairs], [h for _, h in pairs], shift, limit


@settings(max_examples=300)
@given(quantiser_cases(), st.sampled_from([np.int32, np.int64]))
def test_quantise_equals_the_oracle(case, dtype):
    residuals, values, shift, limit = case
    quotients, rest = quantiser.quantise(np.array(residuals, dtype), np.array(values, dtype), shift, limit)
    expected = [oracle.quantise(r, h, shift, limit) for r, h in zip(residuals, values, strict=True)]
    assert list(zip(quotients.tolist(), rest.tolist(), strict=True)) == expected
    assert all(0 <= r < 1 << shift for r in rest.tolist())


@settings(max_examples=200)
@given(quantiser_cases())
def test_the_update_factor_equals_the_oracle_with_the_limit_127(case):
    residuals, values, shift, _ = case
    y, rest = quantiser.factor(np.array(residuals, np.int32), np.array(values, np.int32), shift)
    expected = [oracle.quantise(r, h, shift, 127) for r, h in zip(residuals, values, strict=True)]
    assert list(zip(y.tolist(), rest.tolist(), strict=True)) == expected


@settings(max_examples=200)
@given(st.lists(st.integers(-60, 60), min_size=1, max_size=50), st.integers(0, 6))
def test_a_series_of_small_values_comes_out_whole(values, shift):
    residual, total = np.zeros(1, np.int32), 0
    for value in values:
        quotient, residual = quantiser.quantise(residual, np.array([value], np.int32), shift, 127)
        total += int(quotient[0]) << shift
    assert total + int(residual[0]) == sum(values)


@settings(max_examples=300)
@given(st.integers(0, 22), st.integers(0, 2**31 - 1), st.sampled_from([0, 1, 2, 100, 2**30]) | st.integers(0, 2**30),
       st.integers(0, 16))
def test_shift_at_equals_the_oracle(base, n_trained, halve_every, max_halvings):
    last = halve_every * max_halvings
    for n in {n_trained, 0, max(halve_every - 1, 0), halve_every, max(last - 1, 0), last}:
        assert quantiser.shift_at(base, n, halve_every, max_halvings) == oracle.shift_at(base, n, halve_every, max_halvings)
