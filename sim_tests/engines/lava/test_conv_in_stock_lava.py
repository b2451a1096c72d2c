"""Shared weights in stock Lava: a stock Conv forward, one LearningDense that sees the patches in turn, the bits of the oracle."""
import numpy as np
import pytest

from lava_opzo.arithmetic.fixed.synapses import received
from lava_opzo.engines.lava.fixed import arrays
from lava_opzo.engines.registry import recorder
from lava_opzo.network.form import changed
from lava_opzo.topology.conv import Conv
from lava_opzo.topology.local import Local
from sim_tests.helpers.networks import random_samples
from sim_tests.helpers.patches import at_the_rails, patches_network
from sim_tests.helpers.stock_conv.graph import StockConv


@pytest.mark.timeout(120)
def test_shared_weights_in_stock_lava_send_and_learn_what_the_oracle_says_with_rails():
    wiring = Conv(shape=(6, 6, 1), channels=2, kernel=(3, 3), stride=(2, 2), padding=(1, 1))
    base = patches_network(Conv, Local)
    network = changed(base, n_in=wiring.n_pre, wiring=(wiring, *(one.topology for one in base.forward[1:])))
    state, (frames, labels) = at_the_rails(network), random_samples(network, 5)
    oracle = recorder("oracle", network, state, 1)
    records = [oracle.sample(*sample) for sample in zip(frames, labels, strict=True)]
    stock = StockConv(network, state["W1.weights"], records)
    learned = 0
    try:
        for record in records:
            before, after = (record["W1"]["weights"][tau].astype(np.int32) for tau in (0, -1))
            sent = record["input"]["spikes"][:network.schedule().window_steps]
            currents, block, kernel = stock.run()
            assert np.array_equal(currents, received(wiring, before, sent))
            assert np.array_equal(block, after) and np.array_equal(kernel, arrays(wiring, after)[0])
            learned += not np.array_equal(before, after)
    finally:
        stock.stop()
    assert learned >= 2, "nothing was learned"
    assert max(record["W1"]["weights"].max() for record in records) >= 254, "no weight was at a rail"
