"""How many synapses messages reach: the counts behind tables of operations."""
import numpy as np

from lava_opzo.topology.dense import Dense
from lava_opzo.topology.edges import Topology


def reached(topology: Topology, sent: np.ndarray) -> int:
    """Deliveries of messages to synapses, where pre-synaptic neuron j sends sent[j] of them. Shapes: sent (n_pre,)."""
    if isinstance(topology, Dense):
        return int(sent.sum()) * topology.n_post
    return int(sent[topology.edges().pre].sum())


def met(topology: Topology, sent: np.ndarray, active: np.ndarray) -> int:
    """Those of them that meet an active post-synaptic neuron. Shapes: sent (n_pre,), active (n_post,), not 0 where it is."""
    if isinstance(topology, Dense):
        return int(sent.sum()) * int(np.count_nonzero(active))
    edges = topology.edges()
    return int(sent[edges.pre][active[edges.post] != 0].sum())


def sent_back(topology: Topology, active: np.ndarray) -> int:
    """Deliveries where every active post-synaptic neuron sends one message back over its synapses. Shapes: active (n_post,)."""
    if isinstance(topology, Dense):
        return int(np.count_nonzero(active)) * topology.n_pre
    return int(np.count_nonzero(active[topology.edges().post]))
