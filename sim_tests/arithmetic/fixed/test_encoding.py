"""A payload that is spread over a window: its shares are the oracle's, they add up to it, and they are as even as they can be."""
import numpy as np
import pytest

from lava_opzo.arithmetic.fixed.encoding import spread
from lava_opzo.engines.oracle import membrane as oracle

PAYLOADS = np.arange(16, dtype=np.uint8)[None, None]


@pytest.mark.parametrize("steps", [1, 2, 5, 8, 15, 16, 100])
def test_the_shares_of_every_payload_are_the_oracles_and_add_up_to_it(steps):
    shares = spread(PAYLOADS, steps)
    assert shares.shape == (1, steps, 16) and shares.dtype == np.uint8
    assert shares[0].T.tolist() == [oracle.spread(p, steps) for p in range(16)]
    assert shares[0].sum(axis=0).tolist() == list(range(16))
    assert int(np.ptp(shares[0], axis=0).max()) <= 1


def test_every_sample_is_spread_by_itself():
    frames = np.random.default_rng(0).integers(0, 16, (7, 1, 5)).astype(np.uint8)
    whole = spread(frames, 8)
    assert all(np.array_equal(whole[i], spread(frames[i:i + 1], 8)[0]) for i in range(7))
