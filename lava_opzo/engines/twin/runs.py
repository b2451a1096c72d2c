"""Any topology as runs: stretches of post-synaptic neurons that one input reaches through weights that lie side by side.

A run is what a compiled loop adds at once. The weights are put in the order in which the edges first name them, those of inputs
with most edges first: the weights through which an input far from the rim of an image reaches neighbouring positions lie side by
side then, shared or not, so that a run of all channels of these positions is as long as can be.
"""
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from lava_opzo.topology.edges import Topology


class Runs(NamedTuple):
    """Run r, one of first[j] .. first[j + 1] - 1, joins input j to length[r] neurons from post[r] on, through the weights from
    weight[r] on.

    order: number of the weight in a `State` for each one here.

    Shapes:
        first: (n_pre + 1,). post, weight, length: (runs,). order: (n_weights,). All int64.
    """

    first: np.ndarray
    post: np.ndarray
    weight: np.ndarray
    length: np.ndarray
    order: np.ndarray


@lru_cache(maxsize=32)
def runs_of(topology: Topology) -> Runs:
    """The runs of a topology. Inputs and, for one input, runs are in raster order, which counts where weights are shared."""
    edges = topology.edges()
    by_input = np.lexsort((edges.post, edges.pre))
    pre, post, named = (values[by_input].astype(np.int64) for values in (edges.pre, edges.post, edges.w))
    by_reach = np.argsort(-np.bincount(pre, minlength=topology.n_pre)[pre], kind="stable")
    used, first_named = np.unique(named[by_reach], return_index=True)
    n_weights = int(np.prod(topology.weight_shape))
    order = np.concatenate((used[np.argsort(first_named)], np.setdiff1d(np.arange(n_weights), used)))
    place = np.empty(n_weights, np.int64)
    place[order] = np.arange(n_weights)
    weight = place[named]
    breaks = (np.diff(pre) != 0) | (np.diff(post) != 1) | (np.diff(weight) != 1)
    starts = np.concatenate(([0], np.flatnonzero(breaks) + 1))
    lengths = np.diff(np.concatenate((starts, [len(pre)])))
    first = np.searchsorted(pre[starts], np.arange(topology.n_pre + 1))
    return Runs(first, post[starts], weight[starts], lengths, order)


def alike(runs: Runs) -> np.ndarray:
    """The inputs, (n_pre,), those with as many runs and as long a first one side by side: in this order a processor often guesses
    right where the loop over an input's runs ends, which makes sums a fifth quicker.
    """
    counts = np.diff(runs.first)
    lengths = np.append(runs.length, 0)[runs.first[:-1]] * (counts > 0)
    return np.lexsort((lengths, counts))
