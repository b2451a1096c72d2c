"""Which pre-synaptic neuron reaches which post-synaptic neuron through which weight: what every topology means."""
from dataclasses import dataclass
from typing import Protocol

import numpy as np


@dataclass(frozen=True, eq=False)
class Edges:
    """The meaning of a topology: edge e adds weights.flat[w[e]] * s[pre[e]] to post[e].

    Shapes:
        pre, post, w: int32 (n_edges,), ordered by post, then by pre.
    """

    pre: np.ndarray
    post: np.ndarray
    w: np.ndarray


class Topology(Protocol):
    """A wiring between two populations of n_pre and n_post neurons.

    weight_shape: of the weights, () for none of its own. shared: whether several edges may name one weight, which no learning
    synapse of a chip can do. fan_in: the most edges into one neuron, which decides how wide its synaptic sum gets.
    """

    @property
    def n_pre(self) -> int: ...

    @property
    def n_post(self) -> int: ...

    @property
    def weight_shape(self) -> tuple[int, ...]: ...

    @property
    def shared(self) -> bool: ...

    @property
    def fan_in(self) -> int: ...

    def edges(self) -> Edges: ...
