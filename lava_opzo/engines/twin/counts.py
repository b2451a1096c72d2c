"""Counts, their rounding and what both twins derive from them."""
import numpy as np
from numba import njit


@njit
def count_input(net, frames, work):
    """count[0] = windows * sum_k p[k], a single frame standing for K."""
    repeats = net.windows * (net.steps // frames.shape[0])
    work.input_count[:] = 0
    for k in range(frames.shape[0]):
        for j in range(net.n[0]):
            work.input_count[j] = np.int16(work.input_count[j] + repeats * frames[k, j])


@njit
def predict(o):
    """The lowest q with the largest o_q."""
    best = 0
    for q in range(1, o.size):
        if o[q] > o[best]:
            best = q
    return best


@njit
def shift_at(base, n_trained, halve_every, max_halvings):
    """base + min(n_trained // halve_every, max_halvings); base where halve_every is 0."""
    if halve_every == 0:
        return base
    return base + min(n_trained // halve_every, max_halvings)


@njit
def round_count(count, shift, x_max):
    """min((count + (1 << (shift - 1))) >> shift, x_max); shift = 0: min(count, x_max)."""
    half = (1 << shift) >> 1
    return min((count + half) >> shift, x_max)


@njit
def active(values, index):
    """Write the indices of the non-zero values into `index`; returns how many there are."""
    m = 0
    for j in range(values.size):
        index[m] = j
        m += values[j] != 0
    return m
