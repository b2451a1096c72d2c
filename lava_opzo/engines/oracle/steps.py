"""Learning in every step (docs/arithmetic.md section 11) in plain Python integers, written from that page alone.

config, state and frames are those of `lava_opzo.engines.oracle.sample`.
"""
from lava_opzo.engines.oracle.error import predict
from lava_opzo.engines.oracle.membrane import current, fire, integrate, leak, near_threshold, trace
from lava_opzo.engines.oracle.noise import advance_register, noise_sign
from lava_opzo.engines.oracle.quantiser import difference
from lava_opzo.engines.oracle.sample import factors, shown, update_feedback, update_forward
from lava_opzo.engines.oracle.synapses import received


def at_start(config, state, n_in):
    """What the neurons hold at the start of a sample: nothing, or what the sample before left, halved between the sums."""
    if config["carry"]:
        held = state["carried"]
        o = [p + m for p, m in zip(held["o_plus"], held["o_minus"], strict=True)]
        return {**held, "o_plus": [o_q - o_q // 2 for o_q in o], "o_minus": [o_q // 2 for o_q in o]}
    hidden, n_out = [layer["n"] for layer in config["hidden"]], config["readout"]["n"]
    return {"v": [[0] * n for n in hidden], "count": [[0] * n for n in [n_in, *hidden]], "o_plus": [0] * n_out,
            "o_minus": [0] * n_out}


def left(config, now):
    """What the state keeps of what neurons hold."""
    return {"carried": {name: now[name] for name in ("v", "count", "o_plus", "o_minus")}} if config["carry"] else {}


def advance(config, weights, before, payload, z, sign):
    """One forward step: what every layer holds after it, from what it held `before`; its psi and spikes are those of the step."""
    now, s = {"payload": list(payload), "v": [], "psi": [], "spikes": []}, payload
    for layer, W, v, z_l in zip(config["hidden"], weights, before["v"], z, strict=False):
        alpha = layer["bias_mant"] << layer["bias_exp"]
        a = received(layer["edges"], W, s, layer["n"])
        v = [integrate(v_i, current(a_i), sign * z_i * alpha, layer["dv"]) for v_i, a_i, z_i in zip(v, a, z_l, strict=True)]
        now["psi"].append([near_threshold(v_i, layer["vth"], layer["psi_width"]) for v_i in v])
        fired = [fire(v_i, layer["vth"], layer["v_floor"]) for v_i in v]
        s = [spike for spike, _ in fired]
        now["spikes"].append(s)
        now["v"].append([v_i for _, v_i in fired])
    now["count"] = [[trace(c, one, config["decay"]) for c, one in zip(c_l, s_l, strict=True)]
                    for c_l, s_l in zip(before["count"], [now["payload"], *now["spikes"]], strict=True)]
    a = received(config["readout"]["edges"], weights[-1], s, config["readout"]["n"])
    o_plus, o_minus = ([leak(o, config["readout"]["dv"]) for o in before[name]] for name in ("o_plus", "o_minus"))
    into = o_minus if sign < 0 else o_plus
    for q, a_q in enumerate(a):
        into[q] += a_q
    return {**now, "o_plus": o_plus, "o_minus": o_minus}


def evaluate_sample(config, state, frames):
    """K steps without noise; changes nothing. Returns what the neurons hold at the end, with "predictions" of every step."""
    quiet, now = [[0] * len(z_state) for z_state in state["z_state"]], at_start(config, state, len(frames[0]))
    predictions = []
    for payload in shown(config, frames):
        now = advance(config, state["W"], now, payload, quiet, 0)
        predictions.append(predict([p + m for p, m in zip(now["o_plus"], now["o_minus"], strict=True)]))
    return {**now, "predictions": predictions}


def train_sample(config, state, frames, labels):
    """One training sample. Returns (record, new state); `state` itself is left as it was.

    labels: the class of each step, -1 for none.
    record  z, z_state, d, dhat, prediction; "steps": one dict a step, as `advance` gives it; "answers": one dict a step from
            label_from on, as `factors` gives it, with "prediction", "y_residual" and "W", the W after each rank; "feedback": M
            after its decay and after each bit; "rail_touches" as of a sample of section 5.
    """
    z_state = [[advance_register(one) for one in layer] for layer in state["z_state"]]
    z = [[noise_sign(one) for one in layer] for layer in z_state]
    now, steps, answers = at_start(config, state, len(frames[0])), [], []
    W, W_residual, y_residual, touches = state["W"], state["W_residual"], state["y_residual"], [0] * len(state["W"])
    for k, payload in enumerate(shown(config, frames)):
        now = advance(config, W, now, payload, z, 1 if k % 2 == 0 else -1)
        steps.append(now)
        if k >= config["label_from"]:
            o = [p + m for p, m in zip(now["o_plus"], now["o_minus"], strict=True)]
            held = {**state, "W": W, "y_residual": y_residual}
            answer, y_residual = factors(config, held, o, now["psi"], now["count"], labels[k], 1)
            updates, residuals, touched = update_forward(config, W, W_residual, answer["x"], answer["y"])
            W, W_residual = updates[-1][1], residuals[-1]
            touches = [total + new for total, new in zip(touches, touched, strict=True)]
            answers.append({**answer, "prediction": predict(o), "y_residual": y_residual, "W": [after for _, after in updates],
                            "residuals": residuals})
    differences, d_residual = difference(config["d_bits"], config["readout"]["d_shift"], state["d_residual"], now["o_plus"],
                                         now["o_minus"])
    feedback, touches_m = update_feedback(config, state, [differences["dhat"]] * len(z), z)
    record = {"z": z, "z_state": z_state, **differences, "prediction": answers[-1]["prediction"], "steps": steps,
              "answers": answers, "feedback": [M for _, M in feedback], "rail_touches": {"W": touches, "M": touches_m}}
    return record, {"W": W, "W_residual": W_residual, "M": feedback[-1][1], "z_state": z_state, "y_residual": y_residual,
                    "d_residual": d_residual, "auxiliary": [], "n_trained": state["n_trained"] + 1, **left(config, now)}
