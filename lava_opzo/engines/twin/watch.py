"""What looks at a sample while a compiled loop computes it: notes that store a value in arrays, or, where nobody looks, nothing.

Every note takes the `watch` of the loop. It is None in a run, and the note compiles to nothing; in a recording it is a `Watch`,
for which numba compiles the same loop once more.
"""
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from lava_opzo.engines.twin.counts import Whole, note
from lava_opzo.engines.twin.layout import OF_CLASSES, Flat
from lava_opzo.engines.twin.part import part, view


class Watch(NamedTuple):
    """The quantities of one training sample that its loop does not keep; Tw = windows*K window steps.

    spikes, v, psi, count: after each step. o: of both windows after each step, of all readouts. g_positive, g: third factors, of
    the positive part of the error and of all of it. x: eligibilities of all W. weights: W after each rank. residual: what sums of
    changes left, likewise. feedback: M after the decay and after each bit of dhat, the positive part first. auxiliary: A after
    each rank. prediction: of auxiliary readouts, the first row is not used. A row of `weights`, `feedback` or `auxiliary` lies as
    in `lava_opzo.engines.twin.layout`.

    Shapes:
        spikes, v, psi, count: (Tw, hidden neurons). o: (R, Tw, 2, n_out). g_positive, g: (hidden neurons,).
        x: (inputs of all W,).
        weights: (x_max, weights). residual: (x_max, weights that have one). feedback: (1 + 2*d_bits, weights of all M).
        auxiliary: (x_max, weights of all A). prediction: (R, 1) classes, or (R, n_out). partial: int16 scratch, (neurons of the
        widest hidden layer,).
    """

    spikes: np.ndarray
    v: np.ndarray
    psi: np.ndarray
    count: np.ndarray  # pyright: ignore[reportIncompatibleMethodOverride]  # hides a method of tuple that nobody calls
    o: np.ndarray
    g_positive: np.ndarray
    g: np.ndarray
    x: np.ndarray
    weights: np.ndarray
    residual: np.ndarray
    feedback: np.ndarray
    auxiliary: np.ndarray
    prediction: np.ndarray
    partial: np.ndarray


def watch_of(net: Flat, weights: np.ndarray, residual: np.ndarray, feedback: np.ndarray, auxiliary: np.ndarray) -> Watch:
    """A watch for one sample that begins with these flat arrays."""
    steps, hidden = net.windows * net.steps, int(net.neuron[-2])
    readouts, n_out = net.error_shift.size, int(net.n[-1])
    return Watch(*(np.zeros((steps, hidden), np.int64) for _ in range(4)), o=np.zeros((readouts, steps, 2, n_out), np.int64),
                 g_positive=np.zeros(hidden, np.int32), g=np.zeros(hidden, np.int32), x=np.zeros(int(net.source[-1]), np.int64),
                 weights=np.tile(weights, (net.x_max, 1)), residual=np.tile(residual, (net.x_max, 1)),
                 feedback=np.tile(feedback, (1 + 2 * net.d_bits, 1)), auxiliary=np.tile(auxiliary, (net.x_max, 1)),
                 prediction=np.zeros((readouts, 1 if net.outputs == OF_CLASSES else n_out), np.int32),
                 partial=np.zeros(int(net.n[1:-1].max()), np.int16))


@view
def of_auxiliary(watch: Watch | None) -> Watch | None:
    """The watch of the weights of auxiliary readouts, in the place of those of the layers."""
    if watch is None:
        return None
    return Watch(watch.spikes, watch.v, watch.psi, watch.count, watch.o, watch.g_positive, watch.g, watch.x, watch.auxiliary,
                 watch.residual, watch.feedback, watch.auxiliary, watch.prediction, watch.partial)


@part
def note_step(watch: Watch | None, first: int, t: int, spikes: np.ndarray, v: np.ndarray, psi: np.ndarray,
              count: np.ndarray) -> None:
    """A layer after window step t; first: its first neuron."""
    if watch is not None:
        last = first + v.size
        note(spikes, watch.spikes[t, first:last])
        note(v, watch.v[t, first:last])
        note(psi, watch.psi[t, first:last])
        note(count, watch.count[t, first:last])


def outputs_noted(output: Callable[..., None]) -> Callable[..., None]:
    """The note of a readout's sums after each step. output: what adds them up (`lava_opzo.engines.twin.windows.forward`)."""
    @part
    def note_outputs(watch: Watch | None, weights: np.ndarray, raster: np.ndarray, steps: int, turn_every: int, r: int,
                     sums: np.ndarray, o: np.ndarray) -> None:
        """`output` of a window's spikes up to each step, and what `o` holds after its last one; r: of the readout; sums: scratch
        (2, n_out).
        """
        if watch is not None and turn_every > 0:
            total, count = sums[0], watch.partial[:raster.shape[1]]
            for t in range(raster.shape[0]):
                note(raster[t], count)
                output(weights, raster[t:t + 1], count, sums[1], total)
                for later in range(t, raster.shape[0]):
                    for q in range(total.size):
                        watch.o[r, later, t // turn_every % 2, q] += total[q]
        elif watch is not None:
            total, count = sums[0], watch.partial[:raster.shape[1]]
            for t in range(raster.shape[0]):
                window, k = t // steps, t % steps
                if k == 0:
                    count[:] = 0
                for j in range(count.size):
                    count[j] += raster[t, j]
                output(weights, raster[window * steps:t + 1], count, sums[1], total)
                for later in range(t, raster.shape[0]):
                    note(o[window] if k == steps - 1 else total, watch.o[r, later, window])

    return note_outputs


@part
def note_eligibility(watch: Watch | None, first: int, x: np.ndarray) -> None:
    """x of a connection W; first: its first input."""
    if watch is not None:
        note(x, watch.x[first:first + x.size])


@part
def note_rank(watch: Watch | None, rank: int, first: Whole, row: np.ndarray) -> None:
    """A row of W after a rank, and after those that follow until it is noted again; first: its first weight."""
    if watch is not None:
        for later in range(rank - 1, watch.weights.shape[0]):
            note(row, watch.weights[later, first:first + row.size])


@part
def note_residual(watch: Watch | None, rank: int, first: int, residual: np.ndarray) -> None:
    """What the sums of a connection left after a rank, as `note_rank`."""
    if watch is not None:
        for later in range(rank - 1, watch.residual.shape[0]):
            note(residual, watch.residual[later, first:first + residual.size])


@part
def note_feedback(watch: Watch | None, change: int, first: int, row: np.ndarray) -> None:
    """A row of M after change number `change`, the decay being 0, and after those that follow; first: its first weight."""
    if watch is not None:
        for later in range(change, watch.feedback.shape[0]):
            note(row, watch.feedback[later, first:first + row.size])
