"""Rounded spike counts equal the oracle for every count that a sample can hold."""
import numpy as np
import pytest

from lava_opzo.arithmetic.fixed import quantiser
from lava_opzo.engines.oracle import quantiser as oracle

LARGEST_COUNT = 2 * 1024 * 15
"""Two windows of 1024 steps at payload 15."""


@pytest.mark.parametrize("dtype", [np.int32, np.int64])
@pytest.mark.parametrize("x_max", [1, 2, 7])
@pytest.mark.parametrize("x_shift", range(23))
def test_round_count_equals_the_oracle_around_every_step(x_shift, x_max, dtype):
    step, half = 1 << x_shift, (1 << x_shift) // 2
    counts = {c + offset for k in range(x_max + 2) for c in (k * step, k * step + half) for offset in (-1, 0, 1)}
    counts = sorted(c for c in counts | {0, 1, 2, LARGEST_COUNT} if c >= 0)
    assert quantiser.round_count(np.array(counts, dtype), x_shift, x_max).tolist() == [
        oracle.round_count(c, x_shift, x_max) for c in counts]


def test_round_count_equals_the_oracle_for_all_counts_of_a_short_sample():
    counts = list(range(2 * 8 * 15 + 1))
    for x_shift in range(10):
        assert quantiser.round_count(np.array(counts, np.int32), x_shift, 2).tolist() == [
            oracle.round_count(c, x_shift, 2) for c in counts]
