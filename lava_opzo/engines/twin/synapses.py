"""The weights of one connection inside the flat arrays of the twins, and the loop that its topology needs.

No other place of the compiled loops knows topologies; `Flat.shared` says where edges share weights.
"""
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from lava_opzo.engines.twin.part import part, view
from lava_opzo.topology.conv import Conv
from lava_opzo.topology.dense import Dense
from lava_opzo.topology.local import Local
from lava_opzo.topology.pool import Pool

DENSE, RUNS = 0, 1
KINDS: dict[type, int] = {Dense: DENSE, Local: RUNS, Conv: RUNS, Pool: RUNS}
"""How the compiled loops walk through a topology: as a matrix, or run by run (`lava_opzo.engines.twin.runs`)."""


class Wires(NamedTuple):
    """The runs of one connection, as in `lava_opzo.engines.twin.runs.Runs`, and its inputs `alike`."""

    first: np.ndarray
    post: np.ndarray
    weight: np.ndarray
    length: np.ndarray
    alike: np.ndarray


def by_topology(dense: Callable[..., None], runs: Callable[..., None]) -> Callable[..., None]:
    """A compiled loop over the connection into hidden layer l, whatever its topology: loop(net, memory, l, ...).

    dense: the loop over all-to-all weights (n_pre, n_post), dense(weights, ...). runs: that over runs, runs(wires, weights, ...)
    with the weights in a row. Both are compiled and return nothing.
    """
    @part
    def loop(net: Any, memory: Any, l: Any, *arguments: Any) -> None:
        if net.kind[l - 1] == DENSE:
            dense(hidden_weights(net, memory, l), *arguments)
        else:
            runs(wires(net, l), memory.weights[net.weight[l - 1]:net.weight[l]], *arguments)

    return loop


@view
def wires(net: Any, l: Any) -> Wires:
    """The runs of the connection into hidden layer l."""
    first, last = net.runs[l - 1], net.runs[l]
    return Wires(net.run_first[net.source[l - 1] + l - 1:net.source[l] + l], net.run_post[first:last],
                 net.run_weight[first:last], net.run_length[first:last], net.alike[net.source[l - 1]:net.source[l]])


@view
def hidden_weights(net: Any, memory: Any, l: Any) -> Any:
    """Weights of hidden layer l, (n_pre, n_post)."""
    return memory.weights[net.weight[l - 1]:net.weight[l]].reshape(net.n[l - 1], net.n[l])


@view
def readout_weights(net: Any, memory: Any) -> Any:
    """Weights of the readout, (n_post, n_pre)."""
    return memory.weights[net.weight[-2]:net.weight[-1]].reshape(net.n[-1], net.n[-2])


@view
def auxiliary_weights(net: Any, memory: Any, r: Any, l: Any) -> Any:
    """Weights of the auxiliary readout number r, which reads hidden layer l, (n_post, n_pre)."""
    return memory.auxiliary[net.auxiliary[r - 1]:net.auxiliary[r]].reshape(net.n[-1], net.n[l])


@part
def first_output(net: Any, r: Any) -> Any:
    """The first neuron of readout number r in arrays over neurons."""
    return net.neuron[-2] + r * net.n[-1]


@view
def feedback_weights(net: Any, memory: Any, l: Any) -> Any:
    """M of hidden layer l, (n_out, n_hidden)."""
    return memory.feedback[net.feedback[l - 1]:net.feedback[l]].reshape(net.n[-1], net.n[l])
