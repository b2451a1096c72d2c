"""Small networks with local or shared weights, or pooling, with padding, strides and a bias, busy from their first samples on."""
from dataclasses import replace

import numpy as np

from lava_opzo.engines.registry import make
from lava_opzo.learning.credit import Opzo
from lava_opzo.learning.learning import Counts, Learning
from lava_opzo.network.form import changed
from lava_opzo.network.initial import initial_state
from lava_opzo.network.network import Network
from lava_opzo.network.populations import Hidden, Readout
from lava_opzo.network.state import State
from lava_opzo.silicon.profile import STOCK_LAVA, Profile
from lava_opzo.topology.conv import Conv
from lava_opzo.topology.dense import Dense
from lava_opzo.topology.local import Local
from lava_opzo.topology.pool import Pool
from sim_tests.helpers.networks import random_samples


def patches_network(first: type[Local] | type[Conv], second: type[Local] | type[Conv], *, profile: Profile = STOCK_LAVA,
                    gate: str = "psi") -> Network:
    """6 x 6 and a bias line -> 3 x 3 x 2 (3 x 3 / 2) -> 2 x 2 x 3 (2 x 2) -> 4 classes."""
    below = first(shape=(6, 6, 1), channels=2, kernel=(3, 3), stride=(2, 2), padding=(1, 1), lines=1, bias=True)
    above = second(shape=below.out_shape, channels=3, kernel=(2, 2))
    hidden = [Hidden(n=below.n_post, vth=500, bias_mant=50, bias_exp=7, psi_width=300, y_shift=6),
              Hidden(n=above.n_post, vth=60, bias_mant=8, bias_exp=7, psi_width=50, y_shift=6)]
    learning = Learning(credit=Opzo(d_bits=2, decay_period=4), eligibility=Counts(2), steps=5, gate=gate)
    return Network.chain(below.n_pre, hidden, Readout(n=4, error_shift=3, y_shift=4, d_shift=4), (24.0, 40.0, 12.0), (7, 2, 2),
                         learning, profile, wiring=(below, above, Dense(above.n_post, 4)))


def pooled_network(first: type[Local] | type[Conv] = Local, *, profile: Profile = STOCK_LAVA, gate: str = "psi",
                   noise: int = 0, windows: int = 2) -> Network:
    """5 x 6 and a bias line -> 5 x 6 x 2 (3 x 3) -> 3 x 3 x 2, pooled from 3 x 2 windows that overlap, -> 6 -> 4 classes.

    noise: bias_mant of the pooling layer.
    """
    below = first(shape=(5, 6, 1), channels=2, kernel=(3, 3), padding=(1, 1), lines=1, bias=first is Local)
    pool = Pool(shape=below.out_shape, channels=2, kernel=(3, 2), stride=(2, 2), padding=(1, 0))
    hidden = [Hidden(n=below.n_post, vth=300, bias_mant=50, bias_exp=7, psi_width=300, y_shift=6),
              Hidden(n=pool.n_post, vth=60, bias_mant=noise, bias_exp=7, psi_width=50, y_shift=6, frozen=True),
              Hidden(n=6, vth=60, bias_mant=8, bias_exp=7, psi_width=50, y_shift=6)]
    learning = Learning(windows=windows, credit=Opzo(d_bits=2, decay_period=4), eligibility=Counts(2), steps=5, gate=gate)
    return Network.chain(below.n_pre, hidden, Readout(n=4, error_shift=3, y_shift=4, d_shift=4), (24.0, 20.0, 40.0, 12.0),
                         (7, 2, 2, 2), learning, profile, wiring=(below, pool, Dense(pool.n_post, 6), Dense(6, 4)))


def summing(network: Network, *sum_shifts: int) -> Network:
    """The network with so many bits lost by the sums of each convolution."""
    wiring, shifts = [one.topology for one in network.forward], iter(sum_shifts)
    return changed(network, wiring=tuple(replace(topology, sum_shift=next(shifts)) if isinstance(topology, Conv) else topology
                                         for topology in wiring))


def at_the_rails(network: Network) -> State:
    """A state in which some weights are 0 and half of them lie at a rail or beside it."""
    state, rng, profile = initial_state(network), np.random.default_rng(1), network.profile
    for connection in network.connections:
        weights = state[connection.weights]
        at_edge, upper = rng.random(weights.shape) < 0.5, profile.weight_max & -2
        weights[at_edge] = rng.choice([profile.weight_min, profile.weight_min + 2, upper, 0], np.count_nonzero(at_edge))
    return state


def learned(name, network, state, number="fixed", n=6):
    """(state, predictions made on the way, predictions afterwards, what was seen) of an engine."""
    frames, labels = random_samples(network, n)
    with make(name, network, state, number) as engine:
        predictions = engine.train(frames, labels)
        return engine.state(), predictions.tolist(), engine.evaluate(frames[:3]).tolist(), engine.seen()
