"""The oracle gives what docs/arithmetic.md section 11 gives when a person works out two steps of two by one by two neurons."""
from copy import deepcopy

from lava_opzo.engines.oracle.membrane import trace
from lava_opzo.engines.oracle.steps import evaluate_sample, train_sample

CONFIG = {"K": 2, "spread": False, "stagger": 0, "windows": 1, "x_max": 2, "d_bits": 1, "decay_period": 1, "halve_every": 0,
          "max_halvings": 0, "baseline": "none", "turn_every": 0, "auxiliary": [],
          "weight_min": -256, "weight_max": 254, "label_from": 0, "carry": False, "decay": 2048,
          "hidden": [{"n": 1, "edges": None, "sum_shift": 0,
                      "vth": 10, "dv": 2048, "v_floor": 0, "bias_mant": 1, "bias_exp": 6, "psi_width": 5,
                      "y_shift": 0, "x_shift": 6, "frozen": False}],
          "readout": {"n": 2, "edges": None, "sum_shift": 0, "error_shift": 0,
                      "y_shift": 4, "d_shift": 1, "dv": 1024, "x_shift": 6,
                      "kind": "classes", "frozen": False}}
STATE = {"W": [[[10, 20]], [[2], [6]]], "W_residual": [[], []], "M": [[[0, -2]]], "z_state": [[2]], "y_residual": [[0], [0, 0]],
         "d_residual": [0, 0], "n_trained": 0}
FRAMES, LABELS = [[1, 0], [0, 1]], [1, 1]


def test_a_trace_halves_and_a_spike_adds_64():
    assert [trace(c, s, 2048) for c, s in ((0, 1), (64, 0), (65, 0), (96, 3))] == [64, 32, 32, 240]


def test_two_steps_have_these_values_on_their_way():
    before = deepcopy(STATE)
    record, _ = train_sample(CONFIG, before, FRAMES, LABELS)
    assert before == STATE and record["z"] == [[1]]
    first, second = record["steps"]
    # k = 0, sign +: v = 640 + 64 = 704 > 640 spikes; o = (2, 6); error = (2, 6 - 127); g = -2 * -121 = 242; y clips at 127
    assert (first["v"], first["psi"], first["spikes"], first["count"]) == ([[0]], [[1]], [[1]], [[64, 0], [64]])
    assert (first["o_plus"], first["o_minus"]) == ([2, 6], [0, 0])
    one, two = record["answers"]
    assert (one["error"], one["g"], one["h"], one["x"]) == ([2, -121], [[242]], [[242]], [[1, 0], [1]])
    assert (one["y"], one["y_residual"]) == ([[127], [0, -8]], [[0], [2, 7]])
    assert one["W"] == [[[[-244, 20]], [[2], [22]]]] * 2
    # k = 1, sign -: v = 20 * 64 - 64 = 1216 > 640 spikes; o_plus = (2, 6) * 3/4, o_minus = the new weights
    assert (second["v"], second["psi"], second["spikes"], second["count"]) == ([[0]], [[0]], [[1]], [[32, 64], [96]])
    assert (second["o_plus"], second["o_minus"]) == ([1, 4], [2, 22])
    assert (two["error"], two["g"], two["h"], two["x"]) == ([3, -101], [[202]], [[0]], [[1, 1], [2]])
    assert (two["y"], two["y_residual"]) == ([[0], [0, -6]], [[0], [5, 2]])
    assert two["W"] == [[[[-244, 20]], [[2], [34]]], [[[-244, 20]], [[2], [46]]]]
    assert (record["d"], record["dhat"], record["prediction"]) == ([-1, -18], [-1, -1], 1)


def test_they_leave_this_state():
    record, state = train_sample(CONFIG, STATE, FRAMES, LABELS)
    assert record["feedback"] == [[[[0, 0]]], [[[0, 0]]], [[[-2, -2]]]] and record["rail_touches"] == {"W": [0, 0], "M": [0]}
    assert state == {"W": [[[-244, 20]], [[2], [46]]], "W_residual": [[], []],
                     "M": [[[-2, -2]]], "z_state": [[1]], "y_residual": [[0], [5, 2]],
                     "d_residual": [1, 0], "auxiliary": [], "n_trained": 1}


def test_an_evaluation_adds_all_to_one_leaking_sum():
    # v = 640 stays, then 320 + 1280 = 1600 spikes; o = (2, 6)
    seen = evaluate_sample(CONFIG, STATE, FRAMES)
    assert (seen["o_plus"], seen["o_minus"], seen["predictions"]) == ([2, 6], [0, 0], [0, 1])


def test_a_stream_goes_on_with_what_neurons_hold_and_a_step_without_a_label_teaches_m_alone():
    config, (record, state) = {**CONFIG, "K": 1, "carry": True}, train_sample(CONFIG, STATE, FRAMES, LABELS)
    held = {name: record["steps"][-1][name] for name in ("v", "count", "o_plus", "o_minus")}
    assert held == {"v": [[0]], "count": [[32, 64], [96]], "o_plus": [1, 4], "o_minus": [2, 22]}
    record, after = train_sample(config, {**state, "carried": held}, [[1, 1]], [-1])
    # o = (3, 26) is balanced to (2, 13) and (1, 13), of which 3/4 stay; v = 64 * (20 - 244) - 64 does not spike
    assert record["z"] == [[-1]] and after["carried"] == {
        "v": [[-14400]], "count": [[80, 96], [48]], "o_plus": [1, 9], "o_minus": [0, 9]}
    (answer,) = record["answers"]
    assert (answer["error"], answer["y"], answer["y_residual"]) == ([0, 0], [[0], [0, 0]], [[0], [5, 2]])
    assert after["W"] == state["W"] and answer["prediction"] == 1
    assert (record["d"], record["dhat"], after["d_residual"]) == ([1, 0], [1, 0], [0, 0])
    assert record["feedback"] == [[[[0, 0]]], [[[-2, 0]]], [[[-2, 0]]]] and after["n_trained"] == 2


def test_an_evaluation_goes_on_with_a_stream_too():
    # v = 640 / 2 + 640 = 960 spikes, then 0 + 1280 spikes; o = (5, 3) -> (3, 2), (2, 1) -> 3/4 (2, 1), (1, 0) + (2, 6) -> 3/4
    carried = {"v": [[640]], "count": [[0, 0], [64]], "o_plus": [5, 0], "o_minus": [0, 3]}
    seen = evaluate_sample({**CONFIG, "carry": True}, {**STATE, "carried": carried}, FRAMES)
    assert (seen["v"], seen["count"], seen["o_plus"], seen["o_minus"]) == ([[0]], [[32, 64], [112]], [5, 11], [0, 0])
    assert seen["predictions"] == [1, 1]
