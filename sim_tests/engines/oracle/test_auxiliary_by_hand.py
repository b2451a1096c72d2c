"""The oracle gives what docs/arithmetic.md section 12 gives when a person works it out.

Below a layer that hears nothing lies that of `test_by_hand`, and its auxiliary readout has the weights of the readout there:
what both compute is written there, too.
"""
from copy import deepcopy

from lava_opzo.engines.oracle.auxiliary import at_each_layer
from lava_opzo.engines.oracle.sample import train_sample

LAYER = {"n": 2, "edges": None, "sum_shift": 0, "vth": 10, "dv": 0, "v_floor": 0, "bias_mant": 1, "bias_exp": 6, "psi_width": 5,
         "y_shift": 0, "x_shift": 0, "frozen": False}
AUXILIARY = {"layer": 1, "n": 2, "error_shift": 0, "y_shift": 0, "d_shift": 0, "kind": "classes", "frozen": False}
CONFIG = {"K": 1, "spread": False, "stagger": 0, "windows": 2, "x_max": 1, "d_bits": 1, "decay_period": 1, "halve_every": 0,
          "max_halvings": 0, "baseline": "none", "turn_every": 0, "weight_min": -256, "weight_max": 254,
          "hidden": [LAYER, {**LAYER, "n": 1}],
          "readout": {"n": 2, "edges": None, "sum_shift": 0, "error_shift": 0, "y_shift": 0, "d_shift": 0, "x_shift": 0,
                      "kind": "classes", "frozen": False}, "auxiliary": [AUXILIARY]}
STATE = {"W": [[[4, 6], [10, 0]], [[0, 0]], [[0], [0]]], "W_residual": [[], [], []], "M": [[[2, 0], [-4, 2]], [[4, 2]]],
         "z_state": [[2, 1], [2]], "y_residual": [[0, 0], [0], [0, 0]], "d_residual": [0, 0], "n_trained": 0,
         "auxiliary": [{"A": [[2, 4], [6, -8]], "y_residual": [0, 0], "d_residual": [0, 0]}]}
FRAMES, LABEL = [[1, 1]], 1


def test_an_auxiliary_readout_sums_up_errs_and_learns_as_the_readout_above_that_layer_would():
    before = deepcopy(STATE)
    record, state = train_sample(CONFIG, before, FRAMES, LABEL)
    assert before == STATE and [step["spikes"][0] for step in record["steps"]] == [[1, 0], [0, 1]]
    (said,) = record["auxiliary"]
    assert (said["o_plus"], said["o_minus"]) == ([[2, 6], [2, 6]], [[0, 0], [4, -8]])
    assert (said["prediction"], said["error"], said["y"]) == (0, [6, -127], [6, -127])
    assert (said["d"], said["dhat"], said["A"]) == ([-2, 14], [-1, 1], [[[-10, -8], [254, 246]]])
    assert state["auxiliary"] == [{"A": [[-10, -8], [254, 246]], "y_residual": [0, 0], "d_residual": [0, 0]}]


def test_it_teaches_its_layer_and_the_readout_the_one_above():
    # the readout hears nothing: error = (0, -127), dhat = (0, 0); g of its layer = 4 * 0 + 2 * -127
    record, state = train_sample(CONFIG, STATE, FRAMES, LABEL)
    assert (record["o"], record["error"], record["dhat"]) == ([0, 0], [0, -127], [0, 0])
    assert record["g"] == [[12, -278], [-254]] and record["y"] == [[24, -127], [0], [0, -127]]
    assert state["W"] == [[[-44, -42], [254, 254]], [[0, 0]], [[0], [0]]]
    assert state["M"] == [[[-2, 2], [0, -2]], [[2, 0]]]
    assert record["rail_touches"] == {"W": [2, 0, 0], "M": [0, 0], "A": [1]}


def test_a_frozen_one_keeps_its_weights_and_teaches_the_same():
    record, state = train_sample({**CONFIG, "auxiliary": [{**AUXILIARY, "frozen": True}]}, STATE, FRAMES, LABEL)
    assert state["auxiliary"][0]["A"] == STATE["auxiliary"][0]["A"] and record["rail_touches"]["A"] == [0]
    assert state["M"] == [[[-2, 2], [0, -2]], [[2, 0]]] and record["g"] == [[12, -278], [-254]]


def test_a_layer_hears_the_lowest_auxiliary_readout_that_is_not_below_it():
    config = {"hidden": [LAYER] * 5, "auxiliary": [{"layer": 2}, {"layer": 3}]}
    assert at_each_layer(config, "last", ["second", "third"]) == ["second", "second", "third", "last", "last"]
    assert at_each_layer({"hidden": [LAYER] * 2, "auxiliary": []}, "last", []) == ["last", "last"]
