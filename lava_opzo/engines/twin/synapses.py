"""The weights of one connection inside the flat arrays of the twins, and the loop that its topology needs.

This is the only place of the compiled loops that knows topologies.
"""
from collections.abc import Callable
from typing import Any

from numba import njit

from lava_opzo.topology.dense import Dense

DENSE = 0
KINDS: dict[type, int] = {Dense: DENSE}
"""Numbers of topologies inside the compiled loops."""


def by_topology(dense: Callable[..., None]) -> Callable[..., None]:
    """A compiled loop over any topology: its first argument is the number of the topology, the others go to the loop for it.

    dense: the loop over all-to-all weights, compiled; it returns nothing.
    """
    @njit
    def loop(kind: Any, *arguments: Any) -> None:
        if kind == DENSE:
            dense(*arguments)

    return loop


@njit
def hidden_weights(net: Any, memory: Any, l: Any) -> Any:
    """Weights of hidden layer l, (n_pre, n_post)."""
    return memory.weights[net.weight[l - 1]:net.weight[l]].reshape(net.n[l - 1], net.n[l])


@njit
def readout_weights(net: Any, memory: Any) -> Any:
    """Weights of the readout, (n_post, n_pre)."""
    return memory.weights[net.weight[-2]:net.weight[-1]].reshape(net.n[-1], net.n[-2])


@njit
def feedback_weights(net: Any, memory: Any, l: Any) -> Any:
    """M of hidden layer l, (n_out, n_hidden)."""
    return memory.feedback[net.feedback[l - 1]:net.feedback[l]].reshape(net.n[-1], net.n[l])
