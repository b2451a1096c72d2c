"""The membrane of lava_opzo.arithmetic.fixed equals stock Lava's PyLifModelBitAcc with du = 4095, driven without a runtime."""
import numpy as np
import pytest

from lava_opzo.arithmetic.fixed import membrane
from sim_tests.helpers.lava_parts import stock_lif

V_LIMIT = 2**23
A_MAX = 2**25 - 1
N = 4000


def draw(rng, low, high, *edges):
    """N integers of low..high, half of them 0, a bound or an edge, or next to one."""
    points = np.add.outer([low, 0, high, *edges], [-1, 0, 1]).ravel()
    points = points[(low <= points) & (points <= high)]
    return np.where(rng.random(N) < 0.5, rng.choice(points, N), rng.integers(low, high + 1, N)).astype(np.int32)


@pytest.mark.parametrize("dv", [0, 1, 2, 410, 2047, 4094, 4095])
@pytest.mark.parametrize("vth", [1, 4000, 12000, 131071])
@pytest.mark.parametrize("bias_exp", [0, 3, 7])
def test_one_step_equals_stock_lif_from_any_membrane_activation_and_bias(dv, vth, bias_exp):
    rng = np.random.default_rng([dv, vth, bias_exp])
    bias_mant = draw(rng, -4095, 4095)
    model = stock_lif(vth, dv, bias_mant, bias_exp, N)
    v = draw(rng, -V_LIMIT + 1, V_LIMIT - 1, vth << 6)
    a = draw(rng, -A_MAX, A_MAX, V_LIMIT >> 6, -V_LIMIT >> 6, 3 * V_LIMIT >> 6, -3 * V_LIMIT >> 6, vth, vth - 1)
    model.v[:], model.a_in.data = v, a
    model.run_spk()
    expected_u = membrane.current(a)
    expected_s, expected_v = membrane.fire(membrane.integrate(v, a, dv, bias_mant.astype(np.int64) << bias_exp), vth, 0)
    assert np.array_equal(model.u, expected_u)
    assert np.array_equal(model.s_out.data, expected_s)
    assert np.array_equal(model.v, expected_v)


@pytest.mark.parametrize("dv", [0, 300])
@pytest.mark.parametrize("bias", [False, True])
def test_two_hundred_steps_equal_stock_lif(dv, bias):
    rng = np.random.default_rng([dv, bias])
    bias_mant = rng.integers(-4095, 4096, N).astype(np.int32) * bias
    vth, bias_exp = 3000, 5
    model = stock_lif(vth, dv, bias_mant, bias_exp, N)
    v, spikes = np.zeros(N, np.int32), 0
    for _ in range(200):
        a = rng.integers(-2500, 3500, N).astype(np.int32)
        model.a_in.data = a
        model.run_spk()
        s, v = membrane.fire(membrane.integrate(v, a, dv, bias_mant << bias_exp), vth, 0)
        assert np.array_equal(model.v, v) and np.array_equal(model.s_out.data, s)
        spikes += s.sum()
    assert spikes > N


def test_a_membrane_exactly_at_the_threshold_does_not_spike_in_either():
    vth = 100
    model = stock_lif(vth, 0, 0, 0, 2)
    model.a_in.data = a = np.array([vth, vth + 1], np.int32)
    model.run_spk()
    s, v = membrane.fire(membrane.integrate(np.zeros(2, np.int32), a, 0, 0), vth, 0)
    assert s.tolist() == model.s_out.data.tolist() == [0, 1]
    assert v.tolist() == model.v.tolist() == [vth << 6, 0]
