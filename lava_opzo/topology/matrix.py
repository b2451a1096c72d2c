"""Weights of any topology as a matrix of all pairs of neurons, for what knows matrices only, and back."""
import numpy as np

from lava_opzo.topology.edges import Topology


def places(topology: Topology) -> tuple[np.ndarray, np.ndarray]:
    """Where the edges lie in the matrix: (post, pre), each int32 (n_edges,). No pair of neurons has two edges."""
    edges = topology.edges()
    return edges.post, edges.pre


def holders(topology: Topology) -> tuple[np.ndarray, np.ndarray]:
    """For every weight of the topology the first edge that names it, as `places`: each int32 topology.weight_shape.

    For a topology in which every weight has an edge.
    """
    edges = topology.edges()
    first = np.unique(edges.w, return_index=True)[1].reshape(topology.weight_shape)
    return edges.post[first], edges.pre[first]


def matrix(topology: Topology, weights: np.ndarray) -> np.ndarray:
    """The weights by pairs of neurons, 0 where no edge is.

    Shapes:
        weights: topology.weight_shape. Returns (n_post, n_pre) of the same type.
    """
    found = np.zeros((topology.n_post, topology.n_pre), weights.dtype)
    found[places(topology)] = weights.ravel()[topology.edges().w]
    return found


def on_edges(topology: Topology, values: np.ndarray) -> np.ndarray:
    """What a matrix (n_post, n_pre) holds at the edges, in topology.weight_shape; for a topology whose weights are not shared."""
    return values[places(topology)].reshape(topology.weight_shape)
