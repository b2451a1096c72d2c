"""A payload that is spread over a window: its shares are the oracle's, they add up to it, and they are as even as they can be."""
import numpy as np
import pytest

from lava_opzo.arithmetic.fixed.encoding import shares as shares_of, spread
from lava_opzo.engines.oracle import membrane as oracle

PAYLOADS = np.arange(16, dtype=np.uint8)[None, None]


@pytest.mark.parametrize("steps", [1, 2, 5, 8, 15, 16, 100])
def test_the_shares_of_every_payload_are_the_oracles_and_add_up_to_it(steps):
    shares = spread(PAYLOADS, steps)
    assert shares.shape == (1, steps, 16) and shares.dtype == np.uint8
    assert shares[0].T.tolist() == [oracle.spread(p, steps) for p in range(16)] == shares_of(steps).T.tolist()
    assert shares[0].sum(axis=0).tolist() == list(range(16))
    assert int(np.ptp(shares[0], axis=0).max()) <= 1


@pytest.mark.parametrize("steps, stagger", [(8, 5), (8, 0), (5, 3), (6, 4), (2, 7), (17, 5)])
def test_a_stagger_moves_the_shares_of_a_line_and_keeps_their_sum(steps, stagger):
    frames = np.random.default_rng(1).integers(0, 16, (3, 1, 20)).astype(np.uint8)
    shown = spread(frames, steps, stagger)
    for j in range(20):
        assert shown[:, :, j].tolist() == [oracle.spread(int(p), steps, j * stagger % steps) for p in frames[:, 0, j]]
    assert np.array_equal(shown.sum(axis=1), frames[:, 0])
    assert int(shown.max()) <= -(-15 // steps)


def test_staggered_lines_of_one_payload_share_out_their_step():
    ones = np.ones((1, 1, 64), np.uint8)
    assert spread(ones, 8).sum(axis=2).tolist() == [[0, 0, 0, 0, 0, 0, 0, 64]]
    assert spread(ones, 8, 5).sum(axis=2).tolist() == [[8] * 8]


def test_every_sample_is_spread_by_itself():
    frames = np.random.default_rng(0).integers(0, 16, (7, 1, 5)).astype(np.uint8)
    whole = spread(frames, 8)
    assert all(np.array_equal(whole[i], spread(frames[i:i + 1], 8)[0]) for i in range(7))
