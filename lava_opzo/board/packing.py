"""What a connection takes in the cores of its target, by the packing of Loihi 1's synapse memory (nengo-loihi, `bits_per_axon`).

Shared weights are counted as if every edge had its own: whether a chip's compressed convolution takes less is not public.
"""
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from lava_opzo.topology.dense import Dense
from lava_opzo.topology.edges import Topology

CHUNK, HEADER_BITS, WORD_BITS = 64, 10, 64

INDEX_BITS = 10
"""Bits that name the target of a synapse among the 1024 neurons of a core; all-to-all synapses lie in order and need none."""


class Load(NamedTuple):
    """axons, bits: those that end in the fullest core, and their synapses'. reached: the most cores that a neuron sends to."""

    axons: int
    bits: int
    reached: int


def axon_bits(n_post: int, synapse_bits: int) -> int:
    """Bits of one axon's synapses in a core: sum over chunks of c <= 64 synapses of 64*ceil((c*synapse_bits + 10)/64)."""
    full, rest = divmod(n_post, CHUNK)
    sizes = [CHUNK] * full + [rest] * (rest > 0)
    return sum(WORD_BITS * -(-(c * synapse_bits + HEADER_BITS) // WORD_BITS) for c in sizes)


@lru_cache(maxsize=256)
def load(topology: Topology, neurons: int, weight_bits: int) -> Load:
    """What a connection takes where every core holds so many neurons of its target, one after the other in their order."""
    if isinstance(topology, Dense):
        return Load(topology.n_pre, topology.n_pre * axon_bits(neurons, weight_bits), -(-topology.n_post // neurons))
    edges = topology.edges()
    ends, synapses = np.unique(edges.post // neurons * np.int64(topology.n_pre) + edges.pre, return_counts=True)
    core, pre = np.divmod(ends, topology.n_pre)
    bits = np.array([axon_bits(n, weight_bits + INDEX_BITS) for n in range(synapses.max() + 1)])[synapses]
    return Load(int(np.bincount(core).max()), int(np.bincount(core, bits).max()), int(np.bincount(pre).max()))
