"""The oracle's forward windows equal a chain of stock Dense and stock LIF whose bias is the noise, step by step."""
import numpy as np
import pytest

from lava_opzo.engines.oracle import sample
from sim_tests.helpers.lava_parts import stock_dense, stock_lif

K = 6
HIDDEN = [{"vth": 1200, "dv": 300, "bias_mant": 1500, "bias_exp": 4, "psi_width": 500, "v_floor": 0},
          {"vth": 200, "dv": 0, "bias_mant": 900, "bias_exp": 3, "psi_width": 90, "v_floor": 0}]
WIDTHS = [13, 24, 20, 5]
LAYERS = [{**layer, "n": n, "edges": None} for layer, n in zip([*HIDDEN, {}], WIDTHS[1:], strict=True)]


def stock_windows(weights, frames, z, signs):
    """The quantities of every window step from stock models; the delay of each Dense is taken out by reading its a_buff."""
    for sign in signs:
        noise = [sign * layer["bias_mant"] * np.array(z_layer) for layer, z_layer in zip(HIDDEN, z, strict=True)]
        layers = [stock_lif(layer["vth"], layer["dv"], bias, layer["bias_exp"], len(bias))
                  for layer, bias in zip(HIDDEN, noise, strict=True)]
        synapses = [stock_dense(np.array(matrix), num_message_bits=8) for matrix in weights]
        for k in range(K):
            s, now = np.array(frames[k % len(frames)]), {"a": [], "u": [], "v": [], "spikes": []}
            for synapse, layer in zip(synapses, [*layers, None], strict=True):
                synapse.s_in.data = s
                synapse.run_spk()
                now["a"].append(synapse.a_buff.tolist())
                if layer is not None:
                    layer.a_in.data = synapse.a_buff
                    layer.run_spk()
                    s = layer.s_out.data.astype(np.int32)
                    for name, values in (("u", layer.u), ("v", layer.v), ("spikes", s)):
                        now[name].append(values.tolist())
            yield now


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("signs", [[1, -1], [1], [0]])
@pytest.mark.parametrize("rows", [1, K])
def test_every_step_of_a_sample_equals_stock_lava(seed, signs, rows):
    rng = np.random.default_rng([seed, rows])
    weights = [(2 * rng.integers(-60, 70, (post, pre))).tolist() for pre, post in zip(WIDTHS, WIDTHS[1:], strict=False)]
    frames = rng.integers(0, 16, (rows, WIDTHS[0])).tolist()
    z = [rng.choice([-1, 1], n).tolist() for n in WIDTHS[1:-1]]
    config = {"K": K, "spread": False, "turn_every": 0, "hidden": LAYERS[:-1], "readout": LAYERS[-1]}
    record = sample.run_windows(config, weights, frames, z, signs)
    steps = list(stock_windows(weights, frames, z, signs))
    for expected, now in zip(steps, record["steps"], strict=True):
        assert {name: now[name] for name in expected} == expected
    outputs = np.array([now["a"][-1] for now in steps]).reshape(len(signs), K, -1).sum(axis=1).tolist()
    assert [record["o_plus"], record["o_minus"]][:len(signs)] == outputs
    counts = [np.sum([now["spikes"][layer] for now in steps], axis=0).tolist() for layer in range(len(HIDDEN))]
    assert record["count"][1:] == counts and all(any(layer) for layer in counts)
