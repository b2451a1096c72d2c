"""The membrane functions of lava_opzo.arithmetic.fixed equal the oracle at and around every edge of their ranges."""
import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from lava_opzo.arithmetic.fixed import membrane
from lava_opzo.engines.oracle import membrane as oracle

V_LIMIT = 2**23
A_MAX = 2**25 - 1
"""Largest activation whose current `a << 6` is an int32: more than any network gives that is not refused."""

DTYPES = st.sampled_from([np.int32, np.int64])


def near(low, high, *edges):
    """Integers of low..high, every second one at an edge, 0 or a bound, or next to one."""
    points = {e + offset for e in (low, 0, high, *edges) for offset in (-1, 0, 1)}
    return st.sampled_from(sorted(p for p in points if low <= p <= high)) | st.integers(low, high)


def vectors(elements):
    return st.lists(elements, min_size=1, max_size=40)


V = near(-V_LIMIT + 1, V_LIMIT - 1)
A = near(-A_MAX, A_MAX, V_LIMIT >> 6, -V_LIMIT >> 6, 3 * V_LIMIT >> 6, -3 * V_LIMIT >> 6, 8192 * 15 * 255, -8192 * 15 * 256)
DV = near(0, 4095)
BIAS = near(-(4095 << 7), 4095 << 7)
THRESHOLD = near(1, 131071)


@settings(max_examples=200)
@given(vectors(A), DTYPES)
def test_current_wraps_once_as_the_oracle(a, dtype):
    assert membrane.current(np.array(a, dtype)).tolist() == [oracle.current(one) for one in a]


@pytest.mark.parametrize("a, u", [
    (131072, 2**23), (131073, -2**23 + 64), (-131071, -2**23 + 64), (-131072, 2**23), (-131073, 2**23 - 64)])
def test_current_at_the_wrap_has_the_values_of_the_page(a, u):
    assert membrane.current(np.array([a], np.int32)).tolist() == [u]
    assert oracle.current(a) == u


@settings(max_examples=200)
@given(vectors(V), DV, DTYPES)
def test_leak_goes_towards_zero_as_the_oracle(v, dv, dtype):
    assert membrane.leak(np.array(v, dtype), dv).tolist() == [oracle.leak(one, dv) for one in v]


@settings(max_examples=200)
@given(vectors(st.tuples(V, A, BIAS)), DV, DTYPES)
def test_integrate_leaks_adds_and_clips_as_the_oracle(columns, dv, dtype):
    v, a, bias = (np.array(column, dtype) for column in zip(*columns, strict=True))
    expected = [oracle.integrate(v_i, oracle.current(a_i), bias_i, dv) for v_i, a_i, bias_i in columns]
    assert membrane.integrate(v, a, dv, bias).tolist() == expected


@settings(max_examples=200)
@given(THRESHOLD, near(1, 131071), st.data(), DTYPES)
def test_near_threshold_is_an_open_window_as_the_oracle(vth, width, data, dtype):
    edges = [e for e in ((vth + width) << 6, (vth - width) << 6, vth << 6) if abs(e) < V_LIMIT]
    v = data.draw(vectors(near(-V_LIMIT + 1, V_LIMIT - 1, *edges)))
    expected = [oracle.near_threshold(one, vth, width) for one in v]
    assert membrane.near_threshold(np.array(v, dtype), vth, width).tolist() == expected


@settings(max_examples=200)
@given(THRESHOLD, st.data(), DTYPES)
def test_fire_spikes_above_the_threshold_resets_and_keeps_to_its_floor_as_the_oracle(vth, data, dtype):
    v_floor = data.draw(st.sampled_from([0, 1, 2, 131071 // vth]).filter(lambda floor: floor * vth <= 131071))
    v = data.draw(vectors(near(-V_LIMIT + 1, V_LIMIT - 1, vth << 6, -(v_floor * vth << 6))))
    spikes, after = membrane.fire(np.array(v, dtype), vth, v_floor * vth << 6)
    assert list(zip(spikes.tolist(), after.tolist(), strict=True)) == [oracle.fire(one, vth, v_floor) for one in v]


@settings(max_examples=100)
@given(vectors(st.tuples(V, A, BIAS)), DV, THRESHOLD)
def test_the_membrane_stays_within_24_bits_for_every_input(columns, dv, vth):
    v, a, bias = (np.array(column, np.int32) for column in zip(*columns, strict=True))
    _, after = membrane.fire(membrane.integrate(v, a, dv, bias), vth, 0)
    assert np.abs(after).max() <= V_LIMIT - 1
