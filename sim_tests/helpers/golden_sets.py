"""The networks behind sim_tests/golden.

`python -m sim_tests.helpers.golden_sets` records those that are not there: in stock Lava, or in the oracle where stock Lava lacks
their rails or their shared weights.
"""
from pathlib import Path

import numpy as np

from lava_opzo.experiment.experiment import Data, Experiment, Training
from lava_opzo.network.initial import initial_state
from lava_opzo.network.network import Network
from lava_opzo.network.state import State, carried
from lava_opzo.silicon.profile import LOIHI_254, STOCK_LAVA
from lava_opzo.topology.conv import Conv
from lava_opzo.topology.local import Local
from lava_opzo.verification.golden import record
from sim_tests.helpers.networks import (
    baselined,
    by_step,
    carrying,
    local_network,
    random_outputs,
    random_samples,
    small_network,
    step_labels,
    with_kind,
    with_layer,
    with_x_shift,
)
from sim_tests.helpers.patches import at_the_rails, patches_network, pooled_network, summing

FOLDER = Path(__file__).parents[1] / "golden"
Set = tuple[Network, State, np.ndarray, np.ndarray]


def busy() -> Set:
    """Two leaky layers from their initial weights: every phase, the updates halved on the way."""
    network = small_network(halve_every=3, max_halvings=1)
    network = with_layer(with_layer(network, 1, dv=100), 2, dv=400)
    network = with_x_shift(with_x_shift(network, 1, 5), 3, 0)
    return network, initial_state(network), *random_samples(network, 6, rows=network.learning.steps, seed=11)


def rails() -> Set:
    """Half of W and M at the rails or odd, many ranks and bits: saturation, and credit that the clip of y cuts off."""
    network = small_network(x_max=3, d_bits=3)
    state, rng = initial_state(network), np.random.default_rng(12)
    for connection in network.connections:
        weights = state[connection.weights]
        at_edge = rng.random(weights.shape) < 0.5
        weights[at_edge] = rng.choice([-256, -254, 253, 254, 255], np.count_nonzero(at_edge))
    return network, state, *random_samples(network, 4, seed=12)


def silent_and_full() -> Set:
    """hidden1 spikes at every step, hidden2 never, hidden3 from its own noise alone."""
    network = with_layer(with_layer(with_layer(small_network(hidden=(10, 8, 6)), 1, vth=1), 2, vth=131071), 3, vth=10)
    network = with_x_shift(with_x_shift(network, 1, 4), 2, 0)
    state = initial_state(network)
    state["W1.weights"][:] = 240
    frames, labels = random_samples(network, 3, seed=13)
    frames[:, :, -1] = 15
    return network, state, frames, labels


def wrap() -> Set:
    """Currents beyond 24 bits of both signs, and a membrane that is clipped."""
    network = small_network(n_in=60, hidden=(6, 5))
    state = initial_state(network)
    state["W1.weights"][:] = np.array([254, 254, 180, -180, -256, -256])[:, None]
    frames, labels = random_samples(network, 3, rows=network.learning.steps, seed=14)
    frames[:, ::2] = 15
    return network, state, frames, labels


def fixed_m() -> Set:
    """One layer and one window; M is random, is never learned and never decays; the updates are halved twice."""
    network = small_network(hidden=(9,), windows=1, credit="dfa", m_sigma=8.0, halve_every=2, max_halvings=2)
    return network, initial_state(network), *random_samples(network, 6, seed=15)


def spread() -> Set:
    """Payloads spread over the steps of a window, and membranes that stop at a floor."""
    network = small_network(vth=200, v_floor=1, spread=True)
    return network, initial_state(network), *random_samples(network, 5, seed=16)


def loihi_254() -> Set:
    """Half of W and M at the rails of a chip, which are even, beside payloads that are spread and a floor."""
    network = small_network(vth=200, v_floor=2, spread=True, x_max=3, d_bits=3, profile=LOIHI_254)
    state, rng = initial_state(network), np.random.default_rng(17)
    for connection in network.connections:
        weights = state[connection.weights]
        at_edge = rng.random(weights.shape) < 0.5
        weights[at_edge] = rng.choice([-256, -254, 252, 254], np.count_nonzero(at_edge))
    return network, state, *random_samples(network, 4, seed=17)


def local() -> Set:
    """Two layers of local weights with padding, strides and a bias; some weights start at 0, some at the rails."""
    network = patches_network(Local, Local)
    return network, at_the_rails(network), *random_samples(network, 2, seed=18)


def shared() -> Set:
    """Two layers of shared weights, the same geometry, under the rails of a chip."""
    network = patches_network(Conv, Conv, profile=LOIHI_254)
    return network, at_the_rails(network), *random_samples(network, 3, seed=19)


def sums() -> Set:
    """The same again, whose changes are added up over all positions, of one bit in the lower and two in the upper layer."""
    network = summing(patches_network(Conv, Conv, profile=LOIHI_254), 1, 2)
    return network, at_the_rails(network), *random_samples(network, 4, seed=21)


def pool() -> Set:
    """Shared weights, windows of theirs that overlap and are pooled, with noise, and a dense layer, under the rails of a chip."""
    network = pooled_network(Conv, profile=LOIHI_254, noise=4)
    state = initial_state(network)
    learning = [connection for connection in network.connections if connection.name in network.learning_connections]
    rails = at_the_rails(network)
    state.arrays |= {connection.weights: rails[connection.weights] for connection in learning}
    return network, state, *random_samples(network, 4, seed=22)


def values() -> Set:
    """Outputs that learn values of both signs, beyond the 7 bits of an error on either side."""
    network = with_kind(small_network(hidden=(10, 8), n_out=3), "values")
    return network, initial_state(network), *random_outputs(network, 4, seed=20)


def steps() -> Set:
    """Two leaky layers whose weights learn in every step from the second on, by traces; the sums of the readout leak."""
    network = by_step(small_network(hidden=(8, 7), n_in=6, n_out=3, windows=1, halve_every=2, max_halvings=1), 1)
    return network, initial_state(network), *random_samples(network, 4, rows=network.learning.steps, seed=20)


def one_window() -> Set:
    """One window whose outputs have two running means each, one of which starts at its clip."""
    network = baselined(small_network(hidden=(8, 7), n_in=6, n_out=3, windows=1, halve_every=2, max_halvings=1), "label")
    state = initial_state(network)
    state["readout.baseline"][1] = 2**23 - 1, 1 - 2**23
    return network, state, *random_samples(network, 4, seed=21)


def local_learning() -> Set:
    """Three layers, the two lower ones taught by readouts of their own; a third of all weights lie at the rails or are odd."""
    network = local_network(n_out=4, halve_every=2, max_halvings=1)
    state, rng = initial_state(network), np.random.default_rng(22)
    for connection in network.connections:
        weights = state[connection.weights]
        at_edge = rng.random(weights.shape) < 0.3
        weights[at_edge] = rng.choice([-256, -254, 254, 255], np.count_nonzero(at_edge))
    return network, state, *random_samples(network, 4, seed=22)


def stream() -> Set:
    """Pieces of one stream: neurons go on from one to the next, from states that they reached before; two steps in three of those
    from the second on have a label.
    """
    network = carrying(small_network(hidden=(8, 7), n_in=6, n_out=3, windows=1), 1)
    state, rng = initial_state(network), np.random.default_rng(23)
    for name, shape in carried(network).items():
        low, high = {"v": (-9_000, 9_000), "count": (0, 3_000)}.get(name.partition(".")[2], (-400, 400))
        state[name][:] = rng.integers(low, high, shape)
    return network, state, random_samples(network, 4, rows=network.learning.steps, seed=23)[0], step_labels(network, 4, seed=23)


def recorded_in(network: Network) -> str:
    """The engine that records a set: stock Lava where it has all of the network, else the oracle."""
    stock = network.profile == STOCK_LAVA and not any(connection.topology.shared for connection in network.forward)
    return "stock" if stock else "oracle"


SETS = {"busy": busy, "rails": rails, "silent_and_full": silent_and_full, "wrap": wrap, "fixed_m": fixed_m, "spread": spread,
        "loihi_254": loihi_254, "local": local, "shared": shared, "sums": sums, "steps": steps, "values": values,
        "one_window": one_window, "local_learning": local_learning, "pool": pool, "stream": stream}

if __name__ == "__main__":
    for name, make in SETS.items():
        network, state, frames, labels = make()
        if not (FOLDER / name).exists():
            training = Training(in_order=network.learning.carry)
            record(FOLDER / name, Experiment(Data("none"), network, training), state, frames, labels, recorded_in(network))
