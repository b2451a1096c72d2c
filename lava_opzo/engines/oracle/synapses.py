"""Synaptic sums and updates of docs/arithmetic.md sections 3 and 5 in plain Python integers."""
from lava_opzo.engines.oracle.integers import WEIGHT_MAX, WEIGHT_MIN, clip, sgn


def activation(weights, s):
    """a_i = sum_j W_ij s_j."""
    return [sum(w * s_j for w, s_j in zip(row, s)) for row in weights]


def rail(w):
    return clip(w, WEIGHT_MIN, WEIGHT_MAX)


def add_two_products(w, y1, y2):
    """One learning step of form A at a synapse whose pre neuron spikes: + 2*y1, rail, - 2*y2, rail."""
    return rail(rail(w + 2 * y1) - 2 * y2)


def learning_step(weights, x0, y1, y2):
    """(weights after one step of the rule, number of entries that an addition of it left at a rail)."""
    updated = [[add_two_products(w, *ys) if x0_j else w for w, x0_j in zip(row, x0)] for row, *ys in zip(weights, y1, y2)]
    touches = sum(bool(x0_j and any(ys) and w in (WEIGHT_MIN, WEIGHT_MAX))
                  for row, *ys in zip(updated, y1, y2) for w, x0_j in zip(row, x0))
    return updated, touches


def update_rank(weights, x, y, rank):
    """One rank of the W update."""
    return learning_step(weights, [x_j >= rank for x_j in x], [max(-y_i, 0) for y_i in y], [max(y_i, 0) for y_i in y])


def decays(i, n_trained, decay_period):
    """Whether row i of M loses a step in this sample."""
    return decay_period != 0 and (n_trained + i) & (decay_period - 1) == 0


def decay(feedback_weights, n_trained, decay_period):
    return [[rail(m - 2 * sgn(m)) for m in row] if decays(i, n_trained, decay_period) else list(row)
            for i, row in enumerate(feedback_weights)]


def update_feedback_bit(feedback_weights, z, part, bit, is_positive):
    """One bit of one part of dhat: `part` holds max(dhat, 0) if is_positive, else max(-dhat, 0), for each column."""
    up, down = (1, -1) if is_positive else (-1, 1)
    return learning_step(feedback_weights, [(part_q >> bit) & 1 for part_q in part],
                         [2**bit * int(z_i == up) for z_i in z], [2**bit * int(z_i == down) for z_i in z])
