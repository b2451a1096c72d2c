"""The updates of the weights of hidden layers, topology by topology (docs/arithmetic.md section 5).

low, high: the rails. first: the first weight of a connection in the flat arrays, for the notes. touches: (1,), to which the rail
touches of a connection are added.
"""
import numpy as np

from lava_opzo.engines.twin.counts import Whole, largest_size
from lava_opzo.engines.twin.integers.quantiser import quantise
from lava_opzo.engines.twin.integers.weights import add_steps, add_steps_off_rails
from lava_opzo.engines.twin.part import part
from lava_opzo.engines.twin.synapses import Wires, by_topology
from lava_opzo.engines.twin.watch import Watch, note_rank, note_residual
from lava_opzo.silicon.profile import TRACE_MAX


@part
def note_ranks(watch: Watch | None, x: int, first: Whole, steps: np.ndarray, row: np.ndarray) -> None:
    """A row whose ranks 1..x came in one addition; first: its first weight."""
    if watch is not None:
        for rank in range(1, x):
            add_steps_off_rails(watch.weights[rank - 1, first:first + row.size], steps, rank)
        note_rank(watch, x, first, row)


@part
def add_ranks(row: np.ndarray, steps: np.ndarray, x: int, near: bool, low: int, high: int, first: Whole,
              watch: Watch | None) -> Whole:
    """A row changes x times; near: whether it may reach a rail by it. Returns the touches of rails; first: its first weight."""
    touches = np.int64(0)
    if not near:
        add_steps_off_rails(row, steps, x)
        note_ranks(watch, x, first, steps, row)
        return touches
    for rank in range(1, x + 1):
        touches += add_steps(row, steps, low, high)
        note_rank(watch, rank, first, row)
    return touches


@part
def dense_columns(weights: np.ndarray, reach: np.ndarray, x: np.ndarray, steps: np.ndarray, low: int, high: int, first: int,
                  watch: Watch | None, touches: np.ndarray) -> None:
    """W of a hidden layer, weights (n_pre, n_post): row j changes x_j times.

    reach: an upper bound of every row's |w|. Rails are looked at only in rows where it says that they may be reached.
    """
    total, stride, rail = 0, largest_size(steps), min(high, -low)
    if stride == 0:
        return
    for j in range(x.size):
        if x[j] > 0:
            reach[j] += x[j] * stride
            near = reach[j] >= rail
            total += add_ranks(weights[j], steps, x[j], near, low, high, first + j * steps.size, watch)
            if near:
                reach[j] = largest_size(weights[j])
    touches[0] += total


@part
def own_columns(wires: Wires, weights: np.ndarray, reach: np.ndarray, x: np.ndarray, steps: np.ndarray, low: int, high: int,
                first: int, watch: Watch | None, touches: np.ndarray) -> None:
    """W of a hidden layer in which every edge has a weight of its own: those of input j change x_j times. reach: as in
    `dense_columns`.
    """
    total, stride, rail = 0, largest_size(steps), min(high, -low)
    if stride == 0:
        return
    for j in range(x.size):
        if x[j] > 0:
            reach[j] += x[j] * stride
            near, size = reach[j] >= rail, np.int64(0)
            for r in range(wires.first[j], wires.first[j + 1]):
                post, w, n = np.int64(wires.post[r]), np.int64(wires.weight[r]), np.int64(wires.length[r])
                row = weights[w:w + n]
                total += add_ranks(row, steps[post:post + n], x[j], near, low, high, first + w, watch)
                if near:
                    size = max(size, largest_size(row))
            if near:
                reach[j] = size
    touches[0] += total


@part
def shared_columns(wires: Wires, weights: np.ndarray, x: np.ndarray, steps: np.ndarray, low: int, high: int,
                   first: int, watch: Watch | None, touches: np.ndarray) -> None:
    """W of a hidden layer whose positions share weights, rank after rank and in the raster order of the positions."""
    total = 0
    if largest_size(steps) == 0:
        return
    for rank in range(1, largest_size(x) + 1):
        for j in range(x.size):
            if x[j] >= rank:
                for r in range(wires.first[j], wires.first[j + 1]):
                    post, w, n = np.int64(wires.post[r]), np.int64(wires.weight[r]), np.int64(wires.length[r])
                    row = weights[w:w + n]
                    total += add_steps(row, steps[post:post + n], low, high)
                    note_rank(watch, rank, first + w, row)
    touches[0] += total


@part
def summed_columns(wires: Wires, weights: np.ndarray, residual: np.ndarray, x: np.ndarray, steps: np.ndarray, shift: int,
                   total: np.ndarray, low: int, high: int, first: int, kept: int, watch: Watch | None,
                   touches: np.ndarray) -> None:
    """W of a hidden layer whose positions share weights, and add up their changes rank after rank.

    total: int32 scratch of the size of the weights. kept: the first residual in the flat arrays, for the notes.
    """
    count = 0
    if largest_size(steps) == 0:
        return
    for rank in range(1, largest_size(x) + 1):
        total[:] = 0
        for j in range(x.size):
            if x[j] >= rank:
                for r in range(wires.first[j], wires.first[j + 1]):
                    post, w = wires.post[r], wires.weight[r]
                    for i in range(wires.length[r]):
                        total[w + i] += np.int32(steps[post + i])
        for w in range(weights.size):
            q, rest = quantise(np.int64(residual[w]), np.int64(total[w] >> 1), shift, TRACE_MAX)
            residual[w] = np.int32(rest)
            weights[w] = np.int16(min(max(weights[w] + 2 * q, low), high))
            count += (q != 0) & ((weights[w] == low) | (weights[w] == high))
        note_rank(watch, rank, first, weights)
        note_residual(watch, rank, kept, residual)
    touches[0] += count


learned_columns = by_topology(dense_columns, own_columns)
