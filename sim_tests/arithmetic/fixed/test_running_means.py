"""Running means of outputs: worked out by hand, equal to the oracle over many samples, and where the mean of a label lies."""
import numpy as np
import pytest

from lava_opzo.arithmetic.factors import mean_of, readout_credit
from lava_opzo.arithmetic.fixed.quantiser import above_mean
from lava_opzo.arithmetic.numbers import FIXED
from lava_opzo.arithmetic.real import quantiser as real
from lava_opzo.engines.oracle.sample import baselines


@pytest.mark.parametrize("mean, o, shift, d, after", [
    (0, 100, 2, 100, 100), (100, 100, 2, 75, 175), (-1, 0, 8, 1, 0), (7, -5, 0, -12, -5),
    (2**23 - 1, 2**23 - 1, 8, 2**23 - 1 - 32767, 2**23 - 1), (1 - 2**23, -2**22, 0, 2**22 - 1, -2**22),
    (1 - 2**23, 1 - 2**23, 8, -8388607 + 32768, 1 - 2**23)])
def test_a_mean_is_taken_off_and_moves_and_stops_at_24_bits(mean, o, shift, d, after):
    found = above_mean(np.array([mean], np.int32), np.array([o], np.int32), shift)
    assert [one.tolist() for one in found] == [[d], [after]]


def test_a_mean_follows_small_differences_as_well_as_large_ones():
    for value in (3, -3, 200):
        b = np.zeros(1, np.int32)
        for _ in range(3000):
            d, b = above_mean(b, np.array([value], np.int32), 8)
        assert d.tolist() == [0] and (b >> 8).tolist() == [value]


def test_real_numbers_have_the_same_mean_without_a_clip():
    d, b = real.above_mean(np.array([10.0, 1e8]), np.array([4.0, 0.0]), 2)
    assert d.tolist() == [1.5, -2.5e7] and b.tolist() == [11.5, 7.5e7]


@pytest.mark.parametrize("kind, columns", [("label", [0, 0, 1]), ("class", [2, 2, 2])])
def test_the_mean_of_a_label_is_that_of_its_own_or_that_of_its_class(kind, columns):
    rows, found = mean_of(kind, np.array([0, 0, 1]))
    assert rows.tolist() == [0, 1, 2] and found.tolist() == columns


@pytest.mark.parametrize("kind", ["label", "class"])
def test_the_credit_of_a_readout_has_the_means_of_the_oracle(kind):
    rng, means = np.random.default_rng(3), np.zeros((3, 2 if kind == "label" else 3), np.int64)
    config, plain = {"baseline": kind, "baseline_shift": 3}, means.tolist()
    for label in rng.integers(0, 3, 40):
        o = rng.integers(-900, 900, 3)
        place = mean_of(kind, np.arange(3) == label)
        given = readout_credit(FIXED, o, np.zeros(3, np.int64), (np.arange(3) == label).astype(int), 3, np.zeros(3, np.int64), 4,
                               np.zeros(3, np.int64), 5, 3, mean=means[place], mean_shift=3)
        means[place] = given.mean
        taken, plain = baselines(config, plain, o.tolist(), int(label))
        assert given.d.tolist() == (o - taken).tolist() and means.tolist() == plain
        assert given.d_hat.tolist() == np.clip(given.d >> 5, -7, 7).tolist()
    assert readout_credit(FIXED, o, o, o, 3, o * 0, 4, o * 0, 5, 3).mean is None
