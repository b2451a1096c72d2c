"""One window of spiking neurons: equal to neurons stepped one by one in plain numbers, in both number systems."""
import numpy as np
import pytest

from lava_opzo.arithmetic.numbers import FIXED, REAL
from lava_opzo.arithmetic.windows import window

VTH, PSI_WIDTH, DV, FLOOR = 20, 9, 410, 300


def fixed_charge(v, u, bias):
    left = (abs(v) * (4096 - DV)) >> 12
    return min(max((left if v >= 0 else -left) + u + bias, -(2**23 - 1)), 2**23 - 1)


def real_charge(v, u, bias):
    return v * (1 - DV / 4096) + u + bias


@pytest.mark.parametrize(("numbers", "charge"), [(FIXED, fixed_charge), (REAL, real_charge)], ids=["fixed", "real"])
def test_a_window_equals_neurons_stepped_one_by_one(numbers, charge):
    rng = np.random.default_rng(0)
    currents = rng.integers(-900, 1500, (12, 3, 5)).astype(numbers.dtype)
    bias = rng.integers(-200, 200, 5)
    steps = list(window(numbers.membrane, currents, DV, bias, VTH, PSI_WIDTH, FLOOR))
    assert len(steps) == 12 and sum(step.spikes.sum() for step in steps) > 10 and sum(step.near.sum() for step in steps) > 10
    assert min(step.v.min() for step in steps) < -FLOOR
    for sample, i in np.ndindex(3, 5):
        v = 0
        for step, u in zip(steps, currents[:, sample, i].tolist(), strict=True):
            v = charge(v, u, int(bias[i]))
            spike = v > VTH << 6
            found = step.v[sample, i], step.near[sample, i], step.spikes[sample, i]
            assert found == (v, abs(v - (VTH << 6)) < PSI_WIDTH << 6, spike)
            v = max(0 if spike else v, -FLOOR)


def test_every_window_starts_from_empty_membranes():
    u = np.array([700], np.int32)
    assert [int(step.v[0]) for _ in range(2) for step in window(FIXED.membrane, [u], 0, 0, VTH, PSI_WIDTH, 0)] == [700, 700]
