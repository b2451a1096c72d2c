"""A network and its state as flat arrays, so that one compiled program serves every depth and width.

Weights of hidden layers lie pre-major, (n_pre, n_post): one active input touches one contiguous row, in the forward sums and in
the updates. Those of readouts lie (n_post, n_pre) and feedback (n_out, n_hidden): their short side outside. Weights that are
not all-to-all lie in the order of their runs (`lava_opzo.engines.twin.runs`).
"""
from collections.abc import Iterable, Sequence
from functools import lru_cache
from math import prod
from typing import NamedTuple

import numpy as np

from lava_opzo.arithmetic.fixed.quantiser import third_factor_limit
from lava_opzo.engines.largest import counts_g
from lava_opzo.engines.twin.part import INDEX
from lava_opzo.engines.twin.runs import Runs, alike, runs_of
from lava_opzo.engines.twin.synapses import DENSE, KINDS
from lava_opzo.network.network import Network
from lava_opzo.network.state import State
from lava_opzo.silicon.profile import STATE_SHIFT
from lava_opzo.silicon.readouts import BASELINES, READOUTS
from lava_opzo.topology.edges import Topology


class Flat(NamedTuple):
    """What the compiled program reads. Arrays are int64; entry l - 1 of one that has no starts belongs to layer l.

    n: neurons, input first. kind, x_shift, sum_shift: topology (`KINDS`) and rounding of the connection into each layer, and the
    bits that the sums of its shared weights' changes lose. shared: 1 where its edges share weights. frozen: 1 where the
    connections into a layer stay as they are.
    threshold, psi_width, alpha, floor: membrane units. g_limit: where the third factor is clipped; keeps_g: whether its size is
    kept, as it can leave 24 bits. gate_steps: the largest psi. neuron: first neuron of each layer above the input in arrays
    over all of them. source: first input of each W in arrays over the inputs of all W. weight, residual, feedback: first
    weight of each W, of those whose changes are added up, of each M. runs: first run of each W; run_first: `Runs.first` of
    every W, one longer than its inputs; run_post, run_weight, run_length: of all runs; alike: of every W; all of `INDEX`.
    weight_min, weight_max: the rails. outputs: what those of the readout stand for, its number in `READOUTS`. baseline: which
    means are taken off them, its number in `BASELINES`. decay, label_from, readout_dv, carry: where weights learn in every step.
    turn_every: steps after which the noise of one window turns, 0 for never.

    There are R readouts: number 0 predicts, the others are auxiliary. reader: number of the auxiliary readout that reads a hidden
    layer, 0 for none. teacher: of the readout that teaches it. auxiliary: first weight of each A. What is kept "over neurons" has
    those of auxiliary readouts after those of the readout (`first_output`), and so have y_shift and frozen.

    Shapes:
        n, neuron, source, weight, residual, runs: (L+2,). kind, x_shift, sum_shift, shared: (L+1,). y_shift, frozen: (L+R,).
        feedback: (L+1,). threshold, psi_width, dv, alpha, floor, g_limit, reader, teacher: (L,). d_shift, error_shift,
        auxiliary: (R,). alike: (inputs of all W,).
    """

    n: np.ndarray
    kind: np.ndarray
    threshold: np.ndarray
    psi_width: np.ndarray
    dv: np.ndarray
    alpha: np.ndarray
    floor: np.ndarray
    g_limit: np.ndarray
    y_shift: np.ndarray
    x_shift: np.ndarray
    sum_shift: np.ndarray
    shared: np.ndarray
    frozen: np.ndarray
    neuron: np.ndarray
    source: np.ndarray
    weight: np.ndarray
    residual: np.ndarray
    feedback: np.ndarray
    runs: np.ndarray
    run_first: np.ndarray
    run_post: np.ndarray
    run_weight: np.ndarray
    run_length: np.ndarray
    alike: np.ndarray
    steps: int
    windows: int
    x_max: int
    d_bits: int
    d_shift: np.ndarray
    error_shift: np.ndarray
    reader: np.ndarray
    teacher: np.ndarray
    auxiliary: np.ndarray
    baseline: int
    baseline_shift: int
    decay_period: int
    halve_every: int
    max_halvings: int
    weight_min: int
    weight_max: int
    keeps_g: bool
    gate_steps: int
    outputs: int
    decay: int
    label_from: int
    readout_dv: int
    carry: bool
    turn_every: int


BY_CLASS = BASELINES.index("class")
"""`Flat.baseline`: one mean a class of the label. 0 for none; else two, for samples with and without an output's label."""

OF_CLASSES, OF_LABELS, OF_VALUES = range(3)
"""`Flat.outputs`: what the outputs stand for."""

A, V, H, R, G = range(5)
"""Columns of the largest sizes of a hidden layer: a, v, h, r = residual + h, and g before its clip."""

O, D = range(2)
"""Columns of the largest sizes of a readout: o = o_plus + o_minus, d = o_plus - o_minus."""


def _starts(sizes: np.ndarray) -> np.ndarray:
    return np.concatenate(([0], np.cumsum(sizes))).astype(np.int64)


def _numbers(values: Iterable[int]) -> np.ndarray:
    return np.array(list(values), np.int64)


_NO_RUNS = Runs(*[np.zeros(0, np.int64)] * 5)


def _runs(network: Network) -> list[Runs]:
    """The runs of every forward connection; of an all-to-all one none."""
    return [_NO_RUNS._replace(first=np.zeros(connection.topology.n_pre + 1, np.int64))
            if KINDS[type(connection.topology)] == DENSE else runs_of(connection.topology) for connection in network.forward]


@lru_cache(maxsize=8)
def flat(network: Network) -> Flat:
    """The flat form of a network. Nothing may change its arrays."""
    runs = _runs(network)
    n, learning, readout = _numbers(network.widths), network.learning, network.readout
    return Flat(
        n=n, kind=_numbers(KINDS[type(connection.topology)] for connection in network.forward),
        threshold=_numbers(layer.vth << STATE_SHIFT for layer in network.hidden),
        psi_width=_numbers(layer.psi_width << STATE_SHIFT for layer in network.hidden),
        dv=_numbers(layer.dv for layer in network.hidden), alpha=_numbers(layer.alpha for layer in network.hidden),
        floor=_numbers(layer.floor for layer in network.hidden),
        g_limit=_numbers(third_factor_limit(layer.y_shift + learning.halvings, learning.gate_steps)
                         for layer in network.hidden),
        y_shift=_numbers(layer.y_shift for layer in network.plastic),
        x_shift=_numbers(connection.x_shift for connection in network.forward),
        sum_shift=_numbers(connection.sum_shift for connection in network.forward),
        shared=_numbers(int(connection.topology.shared) for connection in network.forward),
        frozen=_numbers(int(layer.frozen) for layer in network.plastic),
        neuron=_starts(n[1:]), source=_starts(n[:-1]), feedback=_starts(n[1:-1] * n[-1]),
        weight=_starts(_numbers(prod(connection.topology.weight_shape) for connection in network.forward)),
        residual=_starts(_numbers(prod(connection.topology.weight_shape) * (connection.sum_shift > 0)
                                  for connection in network.forward)),
        runs=_starts(_numbers(len(one.post) for one in runs)),
        run_first=np.concatenate([one.first for one in runs]), run_post=joined((one.post for one in runs), INDEX),
        run_weight=joined((one.weight for one in runs), INDEX), run_length=joined((one.length for one in runs), INDEX),
        alike=joined((alike(one) for one in runs), INDEX),
        steps=learning.steps, windows=learning.windows, x_max=learning.eligibility.x_max, d_bits=learning.credit.d_bits,
        d_shift=_numbers(one.d_shift for one in network.readouts),
        error_shift=_numbers(one.error_shift for one in network.readouts),
        reader=_numbers(network.read_layers.index(l) + 1 if l in network.read_layers else 0 for l in range(1, network.depth + 1)),
        teacher=_numbers(network.teachers),
        auxiliary=_starts(_numbers(prod(connection.topology.weight_shape) for connection in network.into_auxiliary)),
        baseline=BASELINES.index(learning.credit.baseline), baseline_shift=learning.credit.baseline_shift,
        decay_period=learning.credit.decay_period,
        halve_every=learning.halve_every, max_halvings=learning.max_halvings,
        weight_min=network.profile.weight_min, weight_max=network.profile.weight_max,
        keeps_g=counts_g(network), gate_steps=learning.gate_steps, outputs=READOUTS.index(readout.kind),
        decay=learning.eligibility.decay, label_from=learning.label_from, readout_dv=readout.dv, carry=learning.carry,
        turn_every=learning.turn_every)


def joined(arrays: Iterable[np.ndarray], dtype: type) -> np.ndarray:
    """All entries of the arrays, one array after the other."""
    return np.concatenate([array.ravel() for array in arrays]).astype(dtype)


def parts(values: np.ndarray, starts: np.ndarray) -> list[np.ndarray]:
    """What `joined` put together: a view of each part. starts: of the parts; those from the end of `values` on are left out."""
    return np.split(values, starts[1:][starts[1:] < values.size])


def packed(network: Network, state: State, dtype: type) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(W, M, A) of a state as flat arrays of that type."""
    below = [_placed(connection.topology, state[connection.weights]) for connection in network.forward[:-1]]
    return (joined([*below, state[network.forward[-1].weights]], dtype),
            joined([state[connection.weights].T for connection in network.feedback], dtype),
            joined([*(state[connection.weights] for connection in network.into_auxiliary), np.empty(0)], dtype))


def unpacked(network: Network, net: Flat, weights: np.ndarray, feedback: np.ndarray, auxiliary: np.ndarray,
             dtype: type) -> dict[str, np.ndarray]:
    """Flat W, M and A as arrays of that type by their names in a `State`."""
    flat_parts = [*parts(weights, net.weight), *parts(feedback, net.feedback), *parts(auxiliary, net.auxiliary)]
    into_readouts, arrays = (network.forward[-1], *network.into_auxiliary), {}
    for connection, part in zip(network.connections, flat_parts):
        shape = connection.topology.weight_shape
        given = part.reshape(shape) if connection in into_readouts else _given(connection.topology, part)
        arrays[connection.weights] = np.array(given, dtype, order="C")
    return arrays


def packed_residuals(network: Network, state: State) -> np.ndarray:
    """What those sums left, int32, in the order of the compiled loops."""
    kept = [_placed(connection.topology, state[connection.residual]) for connection in network.summing]
    return joined([*kept, np.empty(0)], np.int32)


def unpacked_residuals(network: Network, net: Flat, residual: np.ndarray, dtype: type) -> dict[str, np.ndarray]:
    """The same as arrays of that type by their connection."""
    kept = [part for part in parts(residual, net.residual) if part.size]
    return {connection.name: np.array(_given(connection.topology, part), dtype, order="C")
            for connection, part in zip(network.summing, kept, strict=True)}


def _placed(topology: Topology, weights: np.ndarray) -> np.ndarray:
    """The weights of a state in the order of the compiled loops."""
    return weights.T if KINDS[type(topology)] == DENSE else weights.ravel()[runs_of(topology).order]


def _given(topology: Topology, flat_weights: np.ndarray) -> np.ndarray:
    """What `_placed` made, as it was."""
    shape = topology.weight_shape
    if KINDS[type(topology)] == DENSE:
        return flat_weights.reshape(shape[::-1]).T
    weights = np.empty_like(flat_weights)
    weights[runs_of(topology).order] = flat_weights
    return weights.reshape(shape)


def by_population(populations: Sequence, variable: str, values: np.ndarray, dtype: type) -> dict[str, np.ndarray]:
    """An array over the neurons of these populations as arrays of that type by their names in a `State`."""
    ends = np.cumsum([layer.n for layer in populations])
    return {f"{layer.name}.{variable}": part.astype(dtype)
            for layer, part in zip(populations, np.split(values, ends[:-1]), strict=True)}
