"""Files written before version 0.2 are read as the network, the numbers and the state that they meant."""
import hashlib
import json

import numpy as np
import pytest
import tomli

from lava_opzo.experiment.experiment import Data, Experiment, Training, from_document, hash_of, loads
from lava_opzo.learning.credit import FixedFeedback, Opzo
from lava_opzo.learning.learning import Counts, Learning
from lava_opzo.network.initial import initial_state
from lava_opzo.network.network import Network
from lava_opzo.network.old_names import hashed, is_old, new_arrays, new_document
from lava_opzo.network.populations import Hidden, Readout
from sim_tests.helpers.networks import small_network

DIGITS = """
[data]
name = "digits"
path = ""
seed = 0

[data.options]

[network]
n_in = 65
steps = 8
windows = 2
x_max = 3
d_bits = 4
decay_period = 128
halve_every = 2874
max_halvings = 1
seed = 1
credit = "opzo"
m_sigma = 0.0

[[network.hidden]]
n = 100
vth = 1000
bias_mant = 2400
bias_exp = 2
psi_width = 500
y_shift = 17
x_shift = 8
w_sigma = 6.0
dv = 0

[[network.hidden]]
n = 100
vth = 200
bias_mant = 1920
bias_exp = 0
psi_width = 100
y_shift = 16
x_shift = 4
w_sigma = 14.0
dv = 7

[network.readout]
n = 10
error_shift = 6
y_shift = 9
d_shift = 11
x_shift = 3
w_sigma = 4.0

[training]
epochs = 3
order_seed = 0
"""
"""A config.toml as the version before wrote it."""


def by_hand(learning: Learning, seed: int = 1) -> Network:
    return Network.chain(
        65, (Hidden(n=100, vth=1000, bias_mant=2400, bias_exp=2, psi_width=500, y_shift=17),
             Hidden(n=100, vth=200, bias_mant=1920, bias_exp=0, psi_width=100, y_shift=16, dv=7)),
        Readout(n=10, error_shift=6, y_shift=9, d_shift=11), sigma=(6.0, 14.0, 4.0), x_shift=(8, 4, 3),
        learning=learning, seed=seed)


LEARNED = Learning(credit=Opzo(4, 128), eligibility=Counts(3), halve_every=2874, max_halvings=1)


def test_an_old_file_is_the_network_built_by_hand():
    assert loads(DIGITS) == Experiment(Data("digits"), by_hand(LEARNED), Training(3))


def test_an_old_file_with_a_fixed_m_real_numbers_and_another_gate_is_the_network_built_by_hand():
    text = DIGITS.replace("d_bits = 4", "d_bits = 0").replace("decay_period = 128", "decay_period = 0")
    text = text.replace('credit = "opzo"', 'credit = "dfa"').replace("m_sigma = 0.0", "m_sigma = 8.0")
    text = 'model = "floating_pt"\ngate = "count"\n' + text
    learning = Learning(credit=FixedFeedback(8.0), eligibility=Counts(3), gate="count", halve_every=2874, max_halvings=1)
    assert loads(text) == Experiment(Data("digits"), by_hand(learning), Training(3), "real")


def test_what_an_old_file_left_out_has_the_values_that_it_had_then():
    absent = ("steps", "windows", "x_max", "d_bits", "decay_period", "halve_every", "max_halvings", "seed", "credit", "m_sigma")
    text = "\n".join(line for line in DIGITS.splitlines() if line.split(" = ")[0] not in absent)
    assert loads(text).network == by_hand(Learning(steps=8, windows=2, credit=Opzo(2, 256), eligibility=Counts(2)))


@pytest.mark.parametrize("line, credit", [("", "opzo"), ("model = 'fixed_pt'\ngate = 'psi'\n", "opzo")])
def test_the_hash_of_an_old_file_is_that_of_its_own_document(line, credit):
    document = tomli.loads(line + DIGITS)
    expected = hashlib.sha256(json.dumps(tomli.loads(DIGITS), sort_keys=True).encode()).hexdigest()
    assert hash_of(hashed(document)) == expected and from_document(document).hash != expected


def test_a_file_of_today_is_not_taken_for_an_old_one():
    document = loads(DIGITS).document()
    assert is_old(tomli.loads(DIGITS)) and not is_old(document) and hashed(document) == document


@pytest.mark.parametrize("change", [{"network": {"n_in": 4, "hidden": 3}},
                                    {"network": {"n_in": 4, "hidden": [5], "readout": {}}}])
def test_an_old_document_of_another_shape_is_left_to_the_reader_of_today(change):
    assert new_document(change) == change


def test_old_arrays_get_the_names_of_the_parts_they_belong_to():
    network = small_network(hidden=(3, 2))
    state = initial_state(network)
    old = {"weights.1": "W1.weights", "weights.2": "W2.weights", "weights.3": "W3.weights", "feedback.1": "M1.weights",
           "feedback.2": "M2.weights", "z_state.1": "hidden1.z_state", "z_state.2": "hidden2.z_state",
           "y_residual.1": "hidden1.y_residual", "y_residual.2": "hidden2.y_residual", "y_residual.3": "readout.y_residual",
           "d_residual": "readout.d_residual"}
    assert set(old.values()) == set(state.arrays)
    found = new_arrays(network, {name: state[new] for name, new in old.items()})
    assert found.keys() == state.arrays.keys() and all(found[name] is state[name] for name in found)
    assert list(new_arrays(network, {"else": np.zeros(1)})) == ["else"]
