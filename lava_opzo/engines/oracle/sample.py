"""The algorithm of docs/arithmetic.md in plain Python integers: no numpy, no import of the code that it checks, slow and obvious.

Written from that page alone. Numbers in `[n]` name the page's sections.

config  {"K", "windows", "spread", "stagger", "x_max", "d_bits", "decay_period", "halve_every", "max_halvings", "weight_min",
         "weight_max", "label_from", "carry", "decay", "baseline", "baseline_shift", "turn_every",
         "hidden": [{"n", "edges", "sum_shift", "vth", "dv", "v_floor", "bias_mant", "bias_exp", "psi_width", "y_shift",
                     "x_shift", "frozen"}, ...],
         "readout": {"n", "edges", "sum_shift", "error_shift", "y_shift", "d_shift", "dv", "x_shift", "kind", "frozen"}}:
         and "auxiliary", [{"layer", "n", "error_shift", "y_shift", "d_shift", "kind", "frozen"}, ...], the auxiliary readouts
         from the input up with the numbers of the hidden layers that they read:
         a layer's x_shift rounds the counts of the layer below it, its edges (pre, post, w) come from there, None for all to
         all, sum_shift is 0 but where the changes of shared weights are added up; weight_min, weight_max are a weight's rails
state   {"W": [W[1], .., W[L+1]], "W_residual": the same, [] for a layer that has none, "M": [M[1], .., M[L]],
         "z_state": [z_state[1], ..], "y_residual": [y_residual[1], .., y_residual[L+1]], "d_residual": [..], "n_trained": n}, and
         "baseline", the list of the means of each output, where config["baseline"] is not "none", and "auxiliary",
         [{"A", "y_residual", "d_residual"}, ...], and "carried" {"v", "count", "o_plus", "o_minus"}, what neurons hold, where
         config["carry"]:
         the list of layers 1.. begins at index 0, a matrix is a list of rows (one row a post neuron); the W of a layer with edges
         is the list of its weights
frames  one row, or K rows, of n[0] payloads
"""
from lava_opzo.engines.oracle import auxiliary
from lava_opzo.engines.oracle.error import answer, bounded, errors, feedback, split
from lava_opzo.engines.oracle.integers import V_MAX, Y_MAX, clip
from lava_opzo.engines.oracle.membrane import current, fire, integrate, near_threshold, spread
from lava_opzo.engines.oracle.noise import advance_register, noise_sign
from lava_opzo.engines.oracle.quantiser import difference, quantise, round_count, shift_at
from lava_opzo.engines.oracle.synapses import decay, received, update_feedback_bit, update_rank


def shown(config, frames):
    """The payloads of each step of a window."""
    K = config["K"]
    if len(frames) > 1:
        return frames
    if config["spread"]:
        lines = [spread(p, K, j * config["stagger"] % K) for j, p in enumerate(frames[0])]
        return [list(step) for step in zip(*lines, strict=True)]
    return [frames[0]] * K


def run_windows(config, weights, frames, z, signs):
    """Section 3 with one window for each of `signs`; z[l - 1] is layer l's list of noise signs.

    Returns the sums over the sample and, under "steps", every quantity of every window step.
    """
    hidden, K = config["hidden"], config["K"]
    layers, frames = [*hidden, config["readout"]], shown(config, frames)
    sizes = [layer["n"] for layer in layers]
    count = [[0] * n for n in sizes[:-1]]
    psi = [[0] * n for n in sizes[:-1]]
    outputs = [[0] * sizes[-1] for _ in range(2)]
    steps = []
    for window, sign in enumerate(signs):
        v = [[0] * n for n in sizes[:-1]]
        for k in range(K):
            s, side, turned = frames[k], window, 1
            if config["turn_every"] and sign != 0 and (k // config["turn_every"]) % 2 == 1:
                side, turned = 1, -1
            now = {"window": window, "side": side, "k": k, "payload": list(s)}
            now |= {"a": [], "u": [], "v_before_reset": [], "v": [], "spikes": []}
            for index, layer in enumerate(hidden):
                alpha = layer["bias_mant"] << layer["bias_exp"]
                a = received(layer["edges"], weights[index], s, layer["n"])
                u = [current(a_i) for a_i in a]
                before, spikes = [], []
                for i in range(sizes[index]):
                    v_i = integrate(v[index][i], u[i], turned * sign * z[index][i] * alpha, layer["dv"])
                    psi[index][i] += near_threshold(v_i, layer["vth"], layer["psi_width"])
                    spike, v[index][i] = fire(v_i, layer["vth"], layer["v_floor"])
                    count[index][i] += spike
                    before.append(v_i)
                    spikes.append(spike)
                now["a"].append(a)
                now["u"].append(u)
                now["v_before_reset"].append(before)
                now["v"].append(list(v[index]))
                now["spikes"].append(spikes)
                s = spikes
            a = received(layers[-1]["edges"], weights[-1], s, layers[-1]["n"])
            now["a"].append(a)
            outputs[side] = [o_q + a_q for o_q, a_q in zip(outputs[side], a, strict=True)]
            now.update(count=[list(c) for c in count], psi=[list(p) for p in psi])
            now.update(o_plus=list(outputs[0]), o_minus=list(outputs[1]))
            steps.append(now)
    count_input = [len(signs) * sum(frame[j] for frame in frames) for j in range(len(frames[0]))]
    return {"steps": steps, "count": [count_input] + count, "psi": psi, "o_plus": outputs[0], "o_minus": outputs[1]}


def evaluate_sample(config, state, frames):
    """One window without noise; changes nothing. Returns the record of the windows with "o" and "prediction"."""
    quiet = [[0] * len(z_state) for z_state in state["z_state"]]
    record = run_windows(config, state["W"], frames, quiet, signs=[0])
    record["o"] = record["o_plus"]
    readout = config["readout"]
    record["prediction"] = answer([config["windows"] * o_q for o_q in record["o"]], readout["error_shift"], readout["kind"])
    return record


def train_sample(config, state, frames, label):
    """One training sample. Returns (record, new state); `state` itself is left as it was.

    record  what run_windows gives, and z, z_state, o, prediction, error, d, dhat (one list each), g, h, psi (hidden layers),
            shift, y, y1, y2 (layers 1..L+1), x (layers 0..L), "updates": (name, W, M) after each update step in the order of
            section 5, name one of ("rank", r), ("decay",), ("positive", bit), ("negative", bit), "residuals": W_residual after
            each rank, "auxiliary": what each auxiliary readout says (`auxiliary.say`) with "A", A after each rank, and
            "rail_touches" of the sample: {"W": one number for each of layers 1..L+1, "M": one for each hidden layer, "A": one for
            each auxiliary readout}.
    """
    z_state = [[advance_register(one) for one in layer] for layer in state["z_state"]]
    z = [[noise_sign(one) for one in layer] for layer in z_state]
    record = run_windows(config, state["W"], frames, z, signs=[1, -1][:config["windows"]])
    record.update(z_state=z_state, z=z, o=[p + m for p, m in zip(record["o_plus"], record["o_minus"], strict=True)])
    record["prediction"] = answer(record["o"], config["readout"]["error_shift"], config["readout"]["kind"])
    record["auxiliary"] = [auxiliary.say(config, state, one, kept, record, label)
                           for one, kept in zip(config["auxiliary"], state["auxiliary"], strict=True)]
    credit, residuals = assign_credit(config, state, record, label)
    record.update(credit)
    record["updates"], record["residuals"], record["rail_touches"] = update_weights(config, state, record)
    record["rail_touches"]["A"] = []
    for one, kept, said in zip(config["auxiliary"], state["auxiliary"], record["auxiliary"], strict=True):
        said["A"], touches = auxiliary.learn(config, one, kept["A"], said, record["x"][one["layer"]])
        record["rail_touches"]["A"].append(touches)
    _, W, M = record["updates"][-1]
    return record, {"W": W, "W_residual": record["residuals"][-1], "M": M, "z_state": z_state, **residuals,
                    "auxiliary": [{"A": said["A"][-1], "y_residual": said["y_residual"], "d_residual": said["d_residual"]}
                                  for said in record["auxiliary"]],
                    "n_trained": state["n_trained"] + 1}


def assign_credit(config, state, record, label):
    """Section 4 after the prediction: (the quantities that a record gains, the new residuals)."""
    window_steps, d_shift = config["windows"] * config["K"], config["readout"]["d_shift"]
    others = [said["error"] for said in record["auxiliary"]]
    credit, y_residual = factors(config, state, record["o"], record["psi"], record["count"], label, window_steps, others)
    if config["baseline"] == "none":
        differences, d_residual = difference(config["d_bits"], d_shift, state["d_residual"], record["o_plus"], record["o_minus"])
        return {**credit, **differences}, {"y_residual": y_residual, "d_residual": d_residual}
    means, baseline = baselines(config, state["baseline"], record["o_plus"], label)
    differences, d_residual = difference(config["d_bits"], d_shift, state["d_residual"], record["o_plus"], means)
    return {**credit, **differences}, {"y_residual": y_residual, "d_residual": d_residual, "baseline": baseline}


def factors(config, state, o, psi, count, label, gate_steps, others=()):
    """Section 4 but for dhat: ({"error", "reached", "g", "h", "shift", "y", "y1", "y2", "x"}, new y_residual).

    gate_steps: the largest psi. others: the errors of the auxiliary readouts. reached: the errors that reach each hidden layer.
    """
    readout, layers = config["readout"], config["hidden"] + [config["readout"]]
    own = errors(readout, o, label)
    reached = auxiliary.at_each_layer(config, own, others)
    g = [[feedback(row, taught) for row in matrix] for matrix, taught in zip(state["M"], reached, strict=True)]
    halvings = config["max_halvings"] if config["halve_every"] else 0
    h = [[bounded(g_i, layer["y_shift"] + halvings, gate_steps) * psi_i for g_i, psi_i in zip(g_l, psi_l, strict=True)]
         for layer, g_l, psi_l in zip(config["hidden"], g, psi, strict=True)]
    shift = [shift_at(layer["y_shift"], state["n_trained"], config["halve_every"], config["max_halvings"]) for layer in layers]
    y, y_residual = [], []
    for residual, values, layer_shift in zip(state["y_residual"], h + [own], shift, strict=True):
        pairs = [quantise(r, value, layer_shift, Y_MAX) for r, value in zip(residual, values, strict=True)]
        y.append([quotient for quotient, _ in pairs])
        y_residual.append([rest for _, rest in pairs])
    x = [[round_count(c, layer["x_shift"], config["x_max"]) for c in counts]
         for counts, layer in zip(count, layers, strict=True)]
    credit = {"error": own, "reached": reached, "g": g, "h": h, "shift": shift, "y": y, "x": x,
              "y1": [[max(-y_i, 0) for y_i in layer] for layer in y], "y2": [[max(y_i, 0) for y_i in layer] for layer in y]}
    return credit, y_residual


def baselines(config, baseline, o, label):
    """Section 4, with a baseline: (the mean of each output that its d lacks, the new list of means)."""
    means, after = [], [list(row) for row in baseline]
    for q, o_q in enumerate(o):
        column = int(q == label) if config["baseline"] == "label" else label
        b = baseline[q][column]
        means.append(b >> config["baseline_shift"])
        after[q][column] = clip(b + o_q - means[q], -V_MAX, V_MAX)
    return means, after


def update_weights(config, state, record):
    """Section 5: (the list of (name, W, M) after each update step, W_residual after each rank, the rail touches)."""
    W, residuals, touches_w = update_forward(config, state["W"], state["W_residual"], record["x"], record["y"])
    others = [said["dhat"] for said in record["auxiliary"]]
    M, touches_m = update_feedback(config, state, auxiliary.at_each_layer(config, record["dhat"], others), record["z"])
    updates = [(name, weights, state["M"]) for name, weights in W]
    updates += [(name, W[-1][1], feedback) for name, feedback in M]
    return updates, residuals, {"W": touches_w, "M": touches_m}


def update_forward(config, W, W_residual, x, y):
    """All ranks of W: (the list of (name, W) after each, that of W_residual, one number of rail touches a layer)."""
    rails, layers = (config["weight_min"], config["weight_max"]), [*config["hidden"], config["readout"]]
    touches, updates, residuals = [0] * len(W), [], []
    for rank in range(1, config["x_max"] + 1):
        results = [(weights, rest, 0) if layer["frozen"] else update_rank(layer, weights, rest, x_l, y_l, rank, rails)
                   for layer, weights, rest, x_l, y_l in zip(layers, W, W_residual, x, y, strict=True)]
        W, W_residual = [weights for weights, _, _ in results], [rest for _, rest, _ in results]
        touches = [total + new for total, (_, _, new) in zip(touches, results, strict=True)]
        updates.append((("rank", rank), W))
        residuals.append(W_residual)
    return updates, residuals, touches


def update_feedback(config, state, dhat, z):
    """Decay and bits of M: (the list of (name, M) after each, one number of rail touches a hidden layer).

    dhat: what reaches each hidden layer.
    """
    rails, layers = (config["weight_min"], config["weight_max"]), config["hidden"]
    M = [matrix if layer["frozen"] else decay(matrix, state["n_trained"], config["decay_period"], rails)
         for layer, matrix in zip(layers, state["M"], strict=True)]
    touches, updates = [0] * len(M), []
    updates.append((("decay",), M))
    parts = [[split(one) for one in dhat_l] for dhat_l in dhat]
    for side, name in enumerate(("positive", "negative")):
        for bit in range(config["d_bits"]):
            results = [(m, 0) if layer["frozen"]
                       else update_feedback_bit(m, z_l, [pair[side] for pair in pairs], bit, side == 0, rails)
                       for layer, m, z_l, pairs in zip(layers, M, z, parts, strict=True)]
            M, touches = [matrix for matrix, _ in results], added(touches, results)
            updates.append(((name, bit), M))
    return updates, touches


def added(touches, results):
    """The rail touches of each layer with those of one more update; results: (weights, touches) of each layer."""
    return [total + new for total, (_, new) in zip(touches, results, strict=True)]
