"""The oracle gives what docs/arithmetic.md gives when a person works out one sample of two by two by two neurons."""
from copy import deepcopy

from lava_opzo.engines.oracle.sample import evaluate_sample, train_sample

CONFIG = {"K": 1, "spread": False, "stagger": 0, "windows": 2, "x_max": 1, "d_bits": 1, "decay_period": 1, "halve_every": 0,
          "max_halvings": 0, "baseline": "none", "turn_every": 0, "auxiliary": [], "weight_min": -256, "weight_max": 254,
          "hidden": [{"n": 2, "edges": None, "sum_shift": 0,
                      "vth": 10, "dv": 0, "v_floor": 0, "bias_mant": 1, "bias_exp": 6, "psi_width": 5,
                      "y_shift": 0, "x_shift": 0, "frozen": False}],
          "readout": {"n": 2, "edges": None, "sum_shift": 0, "error_shift": 0, "y_shift": 0, "d_shift": 0, "x_shift": 0,
                      "kind": "classes", "frozen": False}}
STATE = {"W": [[[4, 6], [10, 0]], [[2, 4], [6, -8]]], "W_residual": [[], []], "M": [[[2, 0], [-4, 2]]],
         "z_state": [[2, 1]],
         "y_residual": [[0, 0], [0, 0]], "d_residual": [0, 0], "auxiliary": [], "n_trained": 0}
FRAMES, LABEL = [[1, 1]], 1


def test_a_training_sample_has_these_values_on_its_way():
    before = deepcopy(STATE)
    record, _ = train_sample(CONFIG, before, FRAMES, LABEL)
    assert before == STATE
    assert (record["z_state"], record["z"]) == ([[1, 0xE10000]], [[1, -1]])
    plus, minus = record["steps"]
    assert (plus["a"], plus["u"]) == ([[10, 10], [2, 6]], [[640, 640]])
    assert (plus["v_before_reset"], plus["v"], plus["spikes"]) == ([[704, 576]], [[0, 576]], [[1, 0]])
    assert (minus["v_before_reset"], minus["v"], minus["spikes"]) == ([[576, 704]], [[576, 0]], [[0, 1]])
    assert (record["count"], record["psi"]) == ([[2, 2], [1, 1]], [[2, 2]])
    assert (record["o_plus"], record["o_minus"], record["o"], record["prediction"]) == ([2, 6], [4, -8], [6, -2], 0)
    assert (record["error"], record["g"], record["h"]) == ([6, -127], [[12, -278]], [[24, -556]])
    assert (record["y"], record["x"]) == ([[24, -127], [6, -127]], [[1, 1], [1, 1]])
    assert (record["d"], record["dhat"]) == ([-2, 14], [-1, 1])


def test_its_updates_come_in_this_order_and_stop_at_the_upper_rail():
    record, _ = train_sample(CONFIG, STATE, FRAMES, LABEL)
    after = [[[-44, -42], [254, 254]], [[-10, -8], [254, 246]]]
    assert record["updates"] == [
        (("rank", 1), after, [[[2, 0], [-4, 2]]]), (("decay",), after, [[[0, 0], [-2, 0]]]),
        (("positive", 0), after, [[[0, 2], [-2, -2]]]), (("negative", 0), after, [[[-2, 2], [0, -2]]])]
    assert record["rail_touches"] == {"W": [2, 1], "M": [0], "A": []}


def test_it_leaves_this_state():
    _, state = train_sample(CONFIG, STATE, FRAMES, LABEL)
    assert state == {"W": [[[-44, -42], [254, 254]], [[-10, -8], [254, 246]]], "W_residual": [[], []],
                     "M": [[[-2, 2], [0, -2]]], "z_state": [[1, 0xE10000]],
                     "y_residual": [[0, 0], [0, 0]], "d_residual": [0, 0], "auxiliary": [], "n_trained": 1}


def test_an_evaluation_has_no_noise_and_its_membranes_stop_just_at_the_threshold():
    record = evaluate_sample(CONFIG, STATE, FRAMES)
    assert record["steps"][0]["v"] == [[640, 640]] and record["steps"][0]["spikes"] == [[0, 0]]
    assert (record["o"], record["prediction"]) == ([0, 0], 0)
