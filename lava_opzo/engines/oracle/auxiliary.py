"""Auxiliary readouts (docs/arithmetic.md section 12) in plain Python integers, written from that page alone.

config, state and record are those of `lava_opzo.engines.oracle.sample`.
"""
from lava_opzo.engines.oracle.error import answer, errors
from lava_opzo.engines.oracle.integers import Y_MAX
from lava_opzo.engines.oracle.quantiser import difference, quantise, shift_at
from lava_opzo.engines.oracle.synapses import activation, learning_step


def at_each_layer(config, own, others):
    """What reaches every hidden layer: of the readout, `own`, or of the lowest auxiliary readout at the layer or above it."""
    found = []
    for layer in range(1, len(config["hidden"]) + 1):
        reading = [other for one, other in zip(config["auxiliary"], others, strict=True) if one["layer"] >= layer]
        found.append(reading[0] if reading else own)
    return found


def heard(one, A, steps):
    """(o_plus, o_minus) after each window step."""
    sums, after = ([0] * one["n"], [0] * one["n"]), []
    for step in steps:
        for q, a in enumerate(activation(A, step["spikes"][one["layer"] - 1])):
            sums[step["side"]][q] += a
        after.append((list(sums[0]), list(sums[1])))
    return after


def say(config, state, one, kept, record, label):
    """What one auxiliary readout makes of a sample: its sums after each step, prediction, error, y, dhat, and what is left.

    one, kept: its entries in config["auxiliary"] and state["auxiliary"].
    """
    sums = heard(one, kept["A"], record["steps"])
    o_plus, o_minus = sums[-1]
    o = [p + m for p, m in zip(o_plus, o_minus, strict=True)]
    own = errors(one, o, label)
    shift = shift_at(one["y_shift"], state["n_trained"], config["halve_every"], config["max_halvings"])
    y = [quantise(r, e, shift, Y_MAX) for r, e in zip(kept["y_residual"], own, strict=True)]
    differences, d_residual = difference(config["d_bits"], one["d_shift"], kept["d_residual"], o_plus, o_minus)
    return {"o_plus": [sums_k[0] for sums_k in sums], "o_minus": [sums_k[1] for sums_k in sums], "error": own,
            "prediction": answer(o, one["error_shift"], one["kind"]), "y": [q for q, _ in y], "y_residual": [r for _, r in y],
            **differences, "d_residual": d_residual}


def learn(config, one, A, said, x):
    """(A after each rank, rail touches); x: the rounded counts of the layer that it reads."""
    rails, touches, after = (config["weight_min"], config["weight_max"]), 0, []
    y1, y2 = [max(-y, 0) for y in said["y"]], [max(y, 0) for y in said["y"]]
    for rank in range(1, config["x_max"] + 1):
        if not one["frozen"]:
            A, new = learning_step(A, [x_j >= rank for x_j in x], y1, y2, rails)
            touches += new
        after.append(A)
    return after, touches
