"""The membrane of lava_opzo.arithmetic.fixed equals the CUBA neuron of lava-dl slayer, which is integers of 12 + 12 bits.

slayer has neither the wrap of the current nor the rails of the membrane, and its threshold of `vth/64 + 0.01/4096` is a float32:
from vth = 4096 on the 0.01 is lost and it spikes at, not above, the threshold.
"""
import numpy as np
import pytest

from lava_opzo.arithmetic.fixed import membrane

torch = pytest.importorskip("torch")
cuba = pytest.importorskip("lava.lib.dl.slayer.neuron.cuba")

N, STEPS = 600, 24
SCALE = 1 << 12
"""slayer's real membrane times this is Lava's integer membrane."""


def slayer_membrane(a, bias, vth, dv):
    """(v before the reset, spikes), both (n, steps), of slayer's quantised neuron for weight units `a` (n, steps)."""
    neuron = cuba.Neuron(threshold=vth / 64, current_decay=1, voltage_decay=dv / SCALE)
    assert (neuron.v_th_mant, neuron.cx_voltage_decay, neuron.cx_current_decay) == (vth, dv, SCALE)
    inputs = torch.tensor(((a.astype(np.int64) << 6) + bias[:, None]) / SCALE, dtype=torch.float32)
    _, v = neuron.dynamics(inputs[None])
    return np.array(v[0] * SCALE).astype(np.int64), np.array(neuron.spike(v)[0]).astype(np.int64)


def fixed_membrane(a, bias, vth, dv):
    v, before, spikes = np.zeros(len(a), np.int32), [], []
    for a_k in a.T:
        before.append(membrane.integrate(v, a_k, dv, bias))
        s, v = membrane.fire(before[-1], vth, 0)
        spikes.append(s)
    return np.transpose(before), np.transpose(spikes)


@pytest.mark.parametrize("dv", [0, 1, 100, 410, 2048, 4095])
@pytest.mark.parametrize("vth", [1, 100, 2000, 4095])
@pytest.mark.parametrize("noise", [0, 1, 4000])
def test_membrane_and_spikes_equal_slayer_at_every_step(dv, vth, noise):
    rng = np.random.default_rng([dv, vth, noise])
    a = rng.integers(-3000, 3001, (N, STEPS)).astype(np.int32)
    a[:4, 0] = vth, vth + 1, vth - 1, -vth
    bias = noise * rng.choice([-1, 1], N)
    v, spikes = slayer_membrane(a, bias, vth, dv)
    expected_v, expected_spikes = fixed_membrane(a, bias, vth, dv)
    assert np.array_equal(v, expected_v) and np.array_equal(spikes, expected_spikes)
    assert np.abs(v).max() < 2**23 and 0 < spikes.sum() < spikes.size


def test_exactly_at_a_threshold_from_4096_on_slayer_spikes_and_the_fixed_membrane_does_not():
    for vth, slayer_spikes in ((4095, 0), (4096, 1), (12000, 1), (131071, 1)):
        a, bias = np.array([[vth]], np.int32), np.zeros(1, np.int64)
        (v,), (spike,) = slayer_membrane(a, bias, vth, 0)
        (expected_v,), (expected_spike,) = fixed_membrane(a, bias, vth, 0)
        assert v == expected_v == vth << 6
        assert (spike, expected_spike) == (slayer_spikes, 0)
