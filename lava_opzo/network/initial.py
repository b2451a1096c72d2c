"""The state before the first sample, from the network's seed alone."""
import numpy as np

from lava_opzo.network.connections import Connection
from lava_opzo.network.memory import check_memory
from lava_opzo.network.network import Network
from lava_opzo.network.state import State, shapes
from lava_opzo.silicon.profile import GENERATOR_BITS
from lava_opzo.topology.edges import Topology
from lava_opzo.topology.pool import Pool

LARGEST = 127
"""Largest initial weight, in steps of two units, where the rails allow it."""


def initial_state(network: Network) -> State:
    """Even normal weights and different noise generators drawn from network.seed; every residual is 0.

    The generator draws the forward weights from the input up, but for pooling, whose weight is 2*sigma; then the states of all
    noise generators, then the feedback weights, then those of auxiliary readouts. Weights of lines that oppose others
    (`Input.opposed`) are then the negatives of theirs.
    Raises UserError for a network that this machine cannot hold.
    """
    check_memory(network)
    rng, profile = np.random.default_rng(network.seed), network.profile
    limits = max(-LARGEST, profile.weight_min // 2), min(LARGEST, profile.weight_max // 2)

    def started(connection: Connection) -> np.ndarray:
        topology = connection.topology
        normal = np.ones(topology.weight_shape) if isinstance(topology, Pool) else rng.standard_normal(topology.weight_shape)
        steps = np.rint(connection.sigma * normal)
        return (2 * np.clip(steps, *limits)).astype(np.int32)

    arrays = {connection.weights: started(connection) for connection in network.forward}
    first = network.forward[0]
    oppose(first.topology, network.input.opposed, arrays[first.weights])
    sizes = [layer.n for layer in network.hidden]
    generators = 1 + rng.choice((1 << GENERATOR_BITS) - 1, sum(sizes), replace=False)
    parts = np.split(generators.astype(np.int32), np.cumsum(sizes)[:-1])
    arrays |= {f"{layer.name}.z_state": part for layer, part in zip(network.hidden, parts, strict=True)}
    arrays |= {connection.weights: started(connection) for connection in (*network.feedback, *network.into_auxiliary)}
    return State({name: arrays.get(name, np.zeros(shape, np.int32)) for name, shape in shapes(network).items()})


def oppose(topology: Topology, opposed: int, weights: np.ndarray) -> None:
    """Weights of the second half of every group of 2*opposed lines become minus those of the first half, in place.

    A group is one of whole pixels: what follows the last whole one, such as a bias line, keeps its weights, as does pooling.

    Shapes:
        weights: topology.weight_shape, in which the weights of neighbouring lines are neighbours.
    """
    if opposed == 0 or isinstance(topology, Pool):
        return
    n = weights.shape[-1]
    line, lines = (np.arange(n), n) if weights.ndim == 2 else (topology.edges().pre, topology.n_pre)
    group = 2 * opposed
    second = np.flatnonzero((line % group >= opposed) & (line < lines // group * group))
    weights[..., second] = -weights[..., second - opposed]
