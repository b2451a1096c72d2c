"""Counts, their rounding and what both twins derive from them."""
from typing import Any

import numpy as np

from lava_opzo.engines.twin.layout import Flat
from lava_opzo.engines.twin.part import part, view

Whole = int | np.integer
"""A whole number of any width: numba widens most of them to int64."""


@part
def count_input(net: Flat, frames: np.ndarray, work: Any) -> None:
    """count[0] = windows * sum_k p[k], a single frame standing for K."""
    repeats = net.windows * (net.steps // frames.shape[0])
    work.input_count[:] = 0
    for k in range(frames.shape[0]):
        for j in range(net.n[0]):
            work.input_count[j] = np.int16(work.input_count[j] + repeats * frames[k, j])


@part
def predict(o: np.ndarray) -> int:
    """The lowest q with the largest o_q."""
    best = 0
    for q in range(1, o.size):
        if o[q] > o[best]:
            best = q
    return best


@part
def shift_at(base: int, n_trained: int, halve_every: int, max_halvings: int) -> int:
    """base + min(n_trained // halve_every, max_halvings); base where halve_every is 0."""
    if halve_every == 0:
        return base
    return base + min(n_trained // halve_every, max_halvings)


@part
def round_count(count: Whole, shift: int, x_max: int) -> Whole:
    """min((count + (1 << (shift - 1))) >> shift, x_max); shift = 0: min(count, x_max)."""
    half = (1 << shift) >> 1
    return min((count + half) >> shift, x_max)


@part
def round_counts(counts: np.ndarray, shift: int, x_max: int, x: np.ndarray) -> None:
    """x_j = round_count(count_j), int16, for all of them."""
    for j in range(x.size):
        x[j] = np.int16(round_count(np.int64(counts[j]), shift, x_max))


@view
def eligibility(net: Flat, work: Any, l: int) -> np.ndarray:
    """x of the connection into layer l, int16 (n_pre,) in work.x: the rounded counts of the layer below."""
    count = work.input_count if l == 1 else work.count[net.neuron[l - 2]:net.neuron[l - 1]]
    x = work.x[:count.size]
    round_counts(count, net.x_shift[l - 1], net.x_max, x)
    return x


@part
def summed(values: np.ndarray) -> np.int64:
    """Their sum."""
    found = np.int64(0)
    for i in range(values.size):
        found += values[i]
    return found


@part
def largest_size(values: np.ndarray) -> np.int64:
    """The largest |value|; there is one at least."""
    largest = abs(values[0])
    for i in range(1, values.size):
        largest = max(largest, abs(values[i]))
    return np.int64(largest)


@part
def note(values: np.ndarray, place: np.ndarray) -> None:
    """Copy as many as their place has room for; numba's own assignment of arrays may make one."""
    for i in range(place.size):
        place[i] = values[i]


@part
def active_in_turn(values: np.ndarray, order: np.ndarray, index: np.ndarray) -> int:
    """As `active`, in this order of all indices."""
    m = 0
    for k in range(order.size):
        index[m] = order[k]
        m += values[order[k]] != 0
    return m


@part
def active(values: np.ndarray, index: np.ndarray) -> int:
    """Write the indices of the non-zero values into `index`, one longer than `values`; returns how many there are."""
    m = 0
    for j in range(values.size):
        index[m] = j
        m += values[j] != 0
    return m
