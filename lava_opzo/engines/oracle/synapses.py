"""Synaptic sums and updates of docs/arithmetic.md sections 3 and 5 in plain Python integers.

rails: (lowest, highest) weight of the chip. Matrices are lists of rows, one row a post neuron. Edges are a list of
(pre, post, w): the edge of pre neuron `pre` to post neuron `post` has weight number w of a list, in raster order of posts.
"""
from lava_opzo.engines.oracle.integers import Y_MAX, clip, sgn
from lava_opzo.engines.oracle.quantiser import quantise


def activation(weights, s):
    """a_i = sum_j W_ij s_j."""
    return [sum(w * s_j for w, s_j in zip(row, s, strict=True)) for row in weights]


def received_over_edges(edges, weights, s, n_post):
    """a_i = the sum of weights[w] * s[pre] over the edges into i, for a list of weights that edges may share."""
    a = [0] * n_post
    for pre, post, w in edges:
        a[post] += weights[w] * s[pre]
    return a


def rail(w, rails):
    return clip(w, *rails)


def add_two_products(w, y1, y2, rails):
    """One learning step of form A at a synapse whose pre neuron spikes: + 2*y1, rail, - 2*y2, rail."""
    return rail(rail(w + 2 * y1, rails) - 2 * y2, rails)


def learning_step(weights, x0, y1, y2, rails):
    """(weights after one step of the rule, number of entries that an addition of it left at a rail)."""
    updated = [[add_two_products(w, up, down, rails) if x0_j else w for w, x0_j in zip(row, x0, strict=True)]
               for row, up, down in zip(weights, y1, y2, strict=True)]
    touches = sum(bool(x0_j and (up or down) and w in rails)
                  for row, up, down in zip(updated, y1, y2, strict=True) for w, x0_j in zip(row, x0, strict=True))
    return updated, touches


def learned_over_edges(edges, weights, x0, y1, y2, rails):
    """(weights after one step of the rule, touches), for a list of weights that edges may share; one edge after the other."""
    weights, touches = list(weights), 0
    for pre, post, w in edges:
        if x0[pre] and (y1[post] or y2[post]):
            weights[w] = add_two_products(weights[w], y1[post], y2[post], rails)
            touches += weights[w] in rails
    return weights, touches


def summed_over_edges(edges, weights, residual, x0, y, shift, rails):
    """(weights, residual, touches) after one step of the rule for weights that share edges and whose changes are added up."""
    changes = [0] * len(weights)
    for pre, post, w in edges:
        changes[w] -= y[post] if x0[pre] else 0
    pairs = [quantise(rest, change, shift, Y_MAX) for rest, change in zip(residual, changes, strict=True)]
    after = [rail(w + 2 * q, rails) for w, (q, _) in zip(weights, pairs, strict=True)]
    touches = sum(q != 0 and w in rails for w, (q, _) in zip(after, pairs, strict=True))
    return after, [rest for _, rest in pairs], touches


def received(edges, weights, s, n_post):
    """a of every post neuron: over the edges, where `weights` is a list, or all to all for a matrix and edges None."""
    return activation(weights, s) if edges is None else received_over_edges(edges, weights, s, n_post)


def update_rank(layer, weights, residual, x, y, rank, rails):
    """One rank of the W update of a layer, over its edges or all to all as in `received`: (weights, residual, touches)."""
    edges, x0 = layer["edges"], [x_j >= rank for x_j in x]
    if layer["sum_shift"]:
        return summed_over_edges(edges, weights, residual, x0, y, layer["sum_shift"], rails)
    y1, y2 = [max(-y_i, 0) for y_i in y], [max(y_i, 0) for y_i in y]
    updated, touches = (learning_step(weights, x0, y1, y2, rails) if edges is None
                        else learned_over_edges(edges, weights, x0, y1, y2, rails))
    return updated, residual, touches


def decays(i, n_trained, decay_period):
    """Whether row i of M loses a step in this sample."""
    return decay_period != 0 and (n_trained + i) & (decay_period - 1) == 0


def decay(feedback_weights, n_trained, decay_period, rails):
    return [[rail(m - 2 * sgn(m), rails) for m in row] if decays(i, n_trained, decay_period) else list(row)
            for i, row in enumerate(feedback_weights)]


def update_feedback_bit(feedback_weights, z, part, bit, is_positive, rails):
    """One bit of one part of dhat: `part` holds max(dhat, 0) if is_positive, else max(-dhat, 0), for each column."""
    up, down = (1, -1) if is_positive else (-1, 1)
    return learning_step(feedback_weights, [(part_q >> bit) & 1 for part_q in part],
                         [2**bit * int(z_i == up) for z_i in z], [2**bit * int(z_i == down) for z_i in z], rails)
