"""What the oracle is given says the same as the network and its state, and what it records ends with the state that it left."""
import numpy as np

from lava_opzo.engines.oracle.recorder import OracleRecorder, plain_config, plain_state
from lava_opzo.engines.oracle.sample import train_sample
from lava_opzo.engines.record import before_the_first, last_rows, shapes, state_after
from lava_opzo.network.initial import initial_state
from lava_opzo.silicon.profile import LOIHI_254
from sim_tests.helpers.networks import differing, random_samples, small_network, with_layer, with_x_shift


def test_a_network_as_plain_values_names_every_constant_and_each_layer_rounds_the_counts_of_the_one_below():
    network = small_network(hidden=(6,), profile=LOIHI_254, x_max=3, d_bits=4, decay_period=8, halve_every=7,
                            max_halvings=2, windows=1, v_floor=3, spread=True, stagger=2)
    network = with_layer(with_x_shift(with_x_shift(network, 1, 5), 2, 1), 1, dv=9)
    assert plain_config(network) == {
        "K": 5, "windows": 1, "spread": True, "stagger": 2, "x_max": 3, "d_bits": 4, "decay_period": 8, "halve_every": 7,
        "max_halvings": 2, "label_from": 0, "carry": False, "decay": 0, "turn_every": 0, "baseline": "none", "baseline_shift": 8,
        "weight_min": -256, "weight_max": 254,
        "hidden": [{"n": 6, "edges": None, "sum_shift": 0, "vth": 900, "dv": 9, "v_floor": 3, "bias_mant": 50, "bias_exp": 7,
                    "psi_width": 500,
                    "y_shift": 9, "frozen": False, "x_shift": 5}],
        "readout": {"n": 4, "edges": None, "sum_shift": 0, "error_shift": 3, "y_shift": 4, "d_shift": 4, "dv": 0,
                    "kind": "classes",
                    "frozen": False, "x_shift": 1}, "auxiliary": []}


def test_a_state_as_plain_values_lists_its_arrays_from_the_input_up():
    network = small_network(hidden=(6, 5))
    state, rng = initial_state(network), np.random.default_rng(2)
    for array in state.arrays.values():
        array[:] = rng.integers(1, 100, array.shape)
    state.n_trained = 3
    assert plain_state(state, network) == {
        "W": [state[name].tolist() for name in ("W1.weights", "W2.weights", "W3.weights")],
        "W_residual": [[], [], []], "M": [state[name].tolist() for name in ("M1.weights", "M2.weights")],
        "z_state": [state[name].tolist() for name in ("hidden1.z_state", "hidden2.z_state")],
        "y_residual": [state[name].tolist() for name in ("hidden1.y_residual", "hidden2.y_residual", "readout.y_residual")],
        "d_residual": state["readout.d_residual"].tolist(), "auxiliary": [], "n_trained": 3}


def test_a_record_has_every_variable_at_every_step_and_ends_with_the_state_that_the_samples_left():
    network = small_network()
    state = initial_state(network)
    frames, labels = random_samples(network, 4)
    recorder, plain = OracleRecorder(network, state, 1), plain_state(state, network)
    for frame, label in zip(frames, labels, strict=True):
        record = recorder.sample(frame, int(label))
        _, plain = train_sample(plain_config(network), plain, frame.tolist(), int(label))
    length = network.schedule().length
    assert {part: {name: values.shape for name, values in variables.items()} for part, variables in record.items()} == {
        part: {name: (length, *shape) for name, shape in variables.items()} for part, variables in shapes(network).items()}
    after = state_after(network, record, 4)
    assert plain_state(after, network) == plain and differing(state, initial_state(network)) == []


def test_what_a_network_holds_before_its_first_step_is_its_state_and_no_prediction():
    network = small_network()
    state = initial_state(network)
    state["hidden2.y_residual"][:], state["readout.d_residual"][:] = 5, 6
    rows = before_the_first(network, state)
    assert differing(state_after(network, rows, 0), state) == []
    assert rows["readout"]["prediction"].tolist() == [[-1]] and not rows["hidden1"]["v"].any()
    last = last_rows(rows)
    assert all(np.array_equal(last[part][name], values) for part, names in rows.items() for name, values in names.items())
