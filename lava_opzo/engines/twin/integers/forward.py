"""The forward windows in integers (docs/arithmetic.md section 3); `infer` runs them for a whole sample."""
import numpy as np

from lava_opzo.engines.twin.counts import active, active_in_turn, largest_size
from lava_opzo.engines.twin.integers.membrane import current, fire, integrate, leak, near_threshold
from lava_opzo.engines.twin.integers.scratch import Sums
from lava_opzo.engines.twin.part import part
from lava_opzo.engines.twin.synapses import Wires, by_topology
from lava_opzo.engines.twin.windows import forward


@part
def dense_spikes(weights: np.ndarray, spikes: np.ndarray, sums: Sums, total: np.ndarray) -> None:
    """a_i = sum of weights[j, i] over the inputs j that spike, into `total` (int32)."""
    total[:] = 0
    index, n_active, start, partial = sums.index, active(spikes, sums.index), 0, sums.partial[:total.size]
    while start < n_active:
        end = min(start + sums.rows, n_active)
        partial[:] = 0
        m = start
        while m + 4 <= end:
            w0, w1, w2, w3 = weights[index[m]], weights[index[m + 1]], weights[index[m + 2]], weights[index[m + 3]]
            for i in range(total.size):
                partial[i] = np.int16(partial[i] + w0[i] + w1[i] + w2[i] + w3[i])
            m += 4
        while m < end:
            w = weights[index[m]]
            for i in range(total.size):
                partial[i] = np.int16(partial[i] + w[i])
            m += 1
        for i in range(total.size):
            total[i] += partial[i]
        start = end


@part
def dense_payload(weights: np.ndarray, payload: np.ndarray, sums: Sums, total: np.ndarray) -> None:
    """a_i = sum_j weights[j, i] * payload_j, into `total` (int32): the larger the payloads, the fewer rows in 16 bits."""
    largest = largest_size(payload)
    if largest <= 1:
        dense_spikes(weights, payload, sums, total)
        return
    total[:] = 0
    index, n_active, start, partial = sums.index, active(payload, sums.index), 0, sums.partial[:total.size]
    block = max(1, sums.rows // largest)
    while start < n_active:
        end = min(start + block, n_active)
        partial[:] = 0
        m = start
        while m + 4 <= end:
            j0, j1, j2, j3 = index[m], index[m + 1], index[m + 2], index[m + 3]
            p0, p1, p2, p3 = np.int16(payload[j0]), np.int16(payload[j1]), np.int16(payload[j2]), np.int16(payload[j3])
            w0, w1, w2, w3 = weights[j0], weights[j1], weights[j2], weights[j3]
            for i in range(total.size):
                partial[i] = np.int16(partial[i] + w0[i] * p0 + w1[i] * p1 + w2[i] * p2 + w3[i] * p3)
            m += 4
        while m < end:
            p, w = np.int16(payload[index[m]]), weights[index[m]]
            for i in range(total.size):
                partial[i] = np.int16(partial[i] + w[i] * p)
            m += 1
        for i in range(total.size):
            total[i] += partial[i]
        start = end


@part
def run_payload(wires: Wires, weights: np.ndarray, payload: np.ndarray, sums: Sums, total: np.ndarray) -> None:
    """a_i = sum over the runs of the active inputs j, weights[w] * payload_j, into `total` (int32)."""
    total[:] = 0
    index = sums.index
    for m in range(active_in_turn(payload, wires.alike, index)):
        j = index[m]
        p = np.int32(payload[j])
        for r in range(wires.first[j], wires.first[j + 1]):
            post, w = wires.post[r], wires.weight[r]
            for i in range(wires.length[r]):
                total[post + i] += np.int32(weights[w + i]) * p


@part
def run_spikes(wires: Wires, weights: np.ndarray, spikes: np.ndarray, sums: Sums, total: np.ndarray) -> None:
    """a_i = sum over the runs of the inputs that spike, into `total` (int32)."""
    total[:] = 0
    index = sums.index
    for m in range(active_in_turn(spikes, wires.alike, index)):
        j = index[m]
        for r in range(wires.first[j], wires.first[j + 1]):
            post, w = wires.post[r], wires.weight[r]
            for i in range(wires.length[r]):
                total[post + i] += np.int32(weights[w + i])


@part
def to_current(total: np.ndarray) -> np.int64:
    """Replace inputs a by currents u in place; returns the largest |a|, which no wrap has touched."""
    size = np.int32(0)
    for i in range(total.size):
        size = max(size, np.int32(abs(total[i])))
        total[i] = current(total[i])
    return np.int64(size)


@part
def step(v: np.ndarray, u: np.ndarray, bias: np.ndarray, dv: int, threshold: int, psi_width: int, floor: int,
         psi: np.ndarray, count: np.ndarray, spikes: np.ndarray) -> np.int64:
    """One step of a hidden layer; v, psi, count and spikes change in place. Returns the largest |v|, before the reset.

    One short loop per quantity: a compiler vectorises a loop over few arrays only.
    """
    limit, width = np.int32(threshold), np.int32(psi_width)
    if dv != 0:
        for i in range(v.size):
            v[i] = leak(v[i], dv)
    largest_v = np.int32(0)
    for i in range(v.size):
        x = integrate(v[i], u[i], bias[i])
        v[i] = x
        largest_v = max(largest_v, np.int32(abs(x)))
    for i in range(v.size):
        psi[i] = np.int16(psi[i] + near_threshold(v[i], limit, width))
    for i in range(v.size):
        spikes[i] = fire(v[i], limit)
        v[i] = np.int32(0) if fire(v[i], limit) else v[i]
    if floor != 0:
        lowest = np.int32(-floor)
        for i in range(v.size):
            v[i] = max(v[i], lowest)
    for i in range(v.size):
        count[i] = np.int16(count[i] + spikes[i])
    return np.int64(largest_v)


@part
def dense_output(weights: np.ndarray, raster: np.ndarray, count: np.ndarray, step_sums: np.ndarray, o: np.ndarray) -> None:
    """What the readout receives: it is linear, so the counts of some steps stand for their spikes."""
    for q in range(o.size):
        row, total = weights[q], np.int64(0)
        for j in range(count.size):
            total += np.int32(row[j]) * np.int32(count[j])
        o[q] = total


received_payload, received_spikes = by_topology(dense_payload, run_payload), by_topology(dense_spikes, run_spikes)
"""What a hidden layer receives, into `total`: (net, memory, l, payload or spikes, sums, total)."""

infer = forward(received_payload, received_spikes, to_current, step, dense_output)
