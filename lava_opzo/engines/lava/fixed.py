"""Forward connections that nothing in Lava learns, made of stock Processes alone: one each, and one more for the bias of a Conv.

A `Conv` of stock Lava knows no bias, so the bias line has a `Dense` of its own. Pooling is a `Conv` with as many groups as
channels. Local weights lie in a dense matrix with zeros, because a `Sparse` of stock Lava drops weights that are 0 and takes no
new values while it runs.
"""
from dataclasses import dataclass

import numpy as np
from lava.magma.core.process.ports.ports import AbstractPort, InPort, OutPort
from lava.magma.core.process.process import AbstractProcess
from lava.magma.core.process.variable import Var
from lava.proc.conv.process import Conv as LavaConv
from lava.proc.dense.process import Dense as LavaDense
from lava.utils.weightutils import SignMode

from lava_opzo.engines.lava.connections import message_bits
from lava_opzo.errors import UserError
from lava_opzo.network.connections import Connection
from lava_opzo.network.network import Network
from lava_opzo.topology.conv import Conv
from lava_opzo.topology.dense import Dense
from lava_opzo.topology.edges import Topology
from lava_opzo.topology.local import Local
from lava_opzo.topology.matrix import matrix
from lava_opzo.topology.pool import Pool

FIXED = (Dense, Local, Conv, Pool)
"""The topologies that stock Processes compute."""


def arrays(topology: Topology, weights: np.ndarray) -> tuple[np.ndarray, ...]:
    """The weights of a connection as its stock Processes hold them, one array each.

    Shapes:
        weights: topology.weight_shape. Returns (n_post, n_pre); or, for a Conv, (channels, kernel rows, kernel columns, channels
        below), flipped, as stock Lava convolves in the mathematical sense, and with a bias (n_post, 1); for a Pool
        (channels, kernel rows, kernel columns, 1).
    """
    if isinstance(topology, Pool):
        return (np.full((topology.channels, *topology.kernel, 1), weights.item(), weights.dtype),)
    if not isinstance(topology, Conv):
        return (weights if isinstance(topology, Dense) else matrix(topology, weights),)
    kernel = weights[:, :topology.taps - topology.bias].reshape(topology.channels, *topology.kernel, topology.shape[2])
    flipped = np.ascontiguousarray(kernel[:, ::-1, ::-1])
    if not topology.bias:
        return (flipped,)
    return flipped, np.tile(weights[:, -1], topology.n_post // topology.channels)[:, None]


@dataclass(frozen=True)
class Part:
    """One stock Process of a connection.

    weights: its Var, in the shape of `arrays`. reads_line: whether it reads the line after the image, in the place of the image.
    """

    process: AbstractProcess
    weights: Var
    reads_line: bool = False

    def read(self, source: OutPort) -> None:
        """Let it read from a flat port."""
        into: InPort = self.process.s_in
        (source.reshape(into.shape) if len(into.shape) > 1 else source).connect(into)

    @property
    def a_out(self) -> AbstractPort:
        """What it sends, flat."""
        out: OutPort = self.process.a_out
        return out.flatten() if len(out.shape) > 1 else out


def parts(network: Network, connection: Connection, weights: np.ndarray) -> tuple[Part, ...]:
    """The stock Processes of a connection, whose sums add up at its target.

    Raises UserError for a topology that stock Lava lacks, and for a Conv or a Pool whose source has a line after the image and is
    not the input: a port of stock neurons cannot be split.
    """
    topology, bits = connection.topology, message_bits(network, connection)
    if type(topology) not in FIXED:
        raise UserError(f"connection '{connection.name}': stock Lava has no Process for its topology {type(topology).__name__}, "
                        f"only for {', '.join(known.__name__ for known in FIXED)}; choose one of them, or the engine 'twin'")
    held = arrays(topology, weights)
    if not isinstance(topology, (Conv, Pool)):
        return (_dense(held[0], bits, connection.name),)
    if topology.lines and connection.source != network.input.name:
        raise UserError(f"connection '{connection.name}': a stock Conv reads the image alone, and only the input can send the "
                        f"{topology.lines} line after it on a port of its own; use lines = 0 above a hidden population")
    conv = LavaConv(weight=held[0], input_shape=topology.shape, padding=topology.padding, stride=topology.stride,
                    groups=topology.channels if isinstance(topology, Pool) else 1, num_message_bits=bits, name=connection.name)
    bias = [_dense(column, bits, f"{connection.name} bias", True) for column in held[1:]]
    return Part(conv, conv.weight), *bias


def image_size(topology: Topology) -> int:
    """How many of the neurons below the first Process of a connection reads: all, or those of the image of a Conv or a Pool."""
    return topology.n_pre - topology.lines if isinstance(topology, (Conv, Pool)) else topology.n_pre


def _dense(weights: np.ndarray, bits: int, name: str, reads_line: bool = False) -> Part:
    """Mixed-sign weights (n_post, n_pre)."""
    process = LavaDense(weights=weights, num_message_bits=bits, sign_mode=SignMode.MIXED, name=name)
    return Part(process, process.weights, reads_line)
