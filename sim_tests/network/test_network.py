"""A network is a chain of named populations and connections; whatever is no chain is refused by name."""
from dataclasses import replace

import pytest

from lava_opzo.errors import UserError
from lava_opzo.network.connections import Connection
from lava_opzo.network.form import changed
from lava_opzo.network.network import Network
from lava_opzo.network.populations import Hidden, Input, Readout
from lava_opzo.topology.conv import Conv
from lava_opzo.topology.dense import Dense
from sim_tests.helpers.networks import small_network, with_layer

LAYER = Hidden(n=3, vth=900, bias_mant=50, bias_exp=7, psi_width=500, y_shift=9)
READOUT = Readout(n=2, error_shift=3, y_shift=4, d_shift=4)


def test_a_chain_names_its_parts_and_joins_each_layer_to_the_next_and_the_readout_to_every_hidden_one():
    network = Network.chain(4, (LAYER, replace(LAYER, n=5)), READOUT, sigma=(1.0, 2.0, 3.0), x_shift=(7, 6, 5))
    assert [(one.name, one.n) for one in network.populations] == [("input", 4), ("hidden1", 3), ("hidden2", 5), ("readout", 2)]
    assert network.connections == (
        Connection("W1", "input", "hidden1", Dense(4, 3), "forward", 1.0, 7),
        Connection("W2", "hidden1", "hidden2", Dense(3, 5), "forward", 2.0, 6),
        Connection("W3", "hidden2", "readout", Dense(5, 2), "forward", 3.0, 5),
        Connection("M1", "readout", "hidden1", Dense(2, 3), "feedback", 0.0),
        Connection("M2", "readout", "hidden2", Dense(2, 5), "feedback", 0.0))
    assert [connection.weights for connection in network.connections] == [
        "W1.weights", "W2.weights", "W3.weights", "M1.weights", "M2.weights"]


def test_its_parts_are_found_by_kind_and_by_name():
    network = small_network(hidden=(14, 11), n_in=9, n_out=4)
    assert network.input == Input(9) and network.widths == (9, 14, 11, 4) and network.depth == 2
    assert network.plastic == (*network.hidden, network.readout) == network.populations[1:]
    assert [connection.target for connection in network.forward] == [layer.name for layer in network.plastic]
    assert [connection.target for connection in network.feedback] == [layer.name for layer in network.hidden]
    assert network.population("hidden2") is network.hidden[1]


def test_an_m_that_is_not_learned_takes_its_scale_from_the_credit():
    assert [one.sigma for one in small_network(credit="dfa", m_sigma=8.0).feedback] == [8.0, 8.0]
    assert [one.sigma for one in small_network().feedback] == [0.0, 0.0]


@pytest.mark.parametrize("depth", [1, 7, 12])
def test_any_number_of_hidden_layers_is_a_network(depth):
    network = small_network(hidden=(4,) * depth)
    assert network.depth == depth and len(network.connections) == 2 * depth + 1
    assert len(network.schedule().programs) == depth + 2


def test_a_layer_may_have_a_name_of_its_own_and_connections_follow_it():
    network = with_layer(small_network(), 1, name="edges")
    assert [layer.name for layer in network.hidden] == ["edges", "hidden2"]
    assert network.forward[0].target == network.forward[1].source == network.feedback[0].target == "edges"


@pytest.mark.parametrize("populations", [
    (Input(4), READOUT), (Input(4), replace(LAYER, name="hidden1")), (replace(LAYER, name="hidden1"), Input(4), READOUT),
    (Input(4), READOUT, replace(LAYER, name="hidden1"))])
def test_populations_that_are_no_chain_are_refused(populations):
    with pytest.raises(UserError, match="not one Input, at least one Hidden and one Readout"):
        Network(populations, small_network().connections)


@pytest.mark.parametrize("name", ["W1", "readout"])
def test_a_name_that_is_given_twice_is_refused(name):
    with pytest.raises(UserError, match=f"'{name}' is empty or given twice"):
        with_layer(small_network(), 1, name=name)


def test_a_hidden_layer_without_a_name_is_refused_where_no_chain_gives_it_one():
    network = small_network()
    with pytest.raises(UserError, match="'' is empty"):
        Network((network.input, LAYER, network.readout), network.connections)


def test_connections_in_another_order_are_refused_with_those_that_are_needed():
    network = small_network()
    with pytest.raises(UserError, match=r"connections .* are not \[\('input', 'hidden1', 'forward'\)"):
        replace(network, connections=network.connections[::-1])


def test_a_topology_that_does_not_meet_its_populations_is_refused_with_both_sizes():
    network = small_network()
    wrong = replace(network.connections[1], topology=Dense(14, 12))
    with pytest.raises(UserError, match="connection 'W2': its topology joins 14 with 12 neurons, its populations have 14 and 11"):
        replace(network, connections=(network.connections[0], wrong, *network.connections[2:]))


@pytest.mark.parametrize("fields, message", [
    ({"sigma": (1.0,)}, "sigma has 1 values, 3 are needed"), ({"x_shift": (1, 2, 3, 4)}, "x_shift has 4 values, 3 are needed"),
    ({"sigma": (1.0, -1.0, 1.0)}, "connection 'W2': sigma"), ({"x_shift": (1, 2, 23)}, "connection 'W3': x_shift"),
    ({"seed": -1}, "network: seed"), ({"n_in": 0}, "n 0|n_pre 0")])
def test_a_value_outside_its_range_is_refused_with_the_part_it_belongs_to(fields, message):
    with pytest.raises(UserError, match=message):
        changed(small_network(), **fields)


@pytest.mark.parametrize("opposed, message", [
    (-1, "population 'input': opposed -1"), (19, "population 'input': opposed 19"),
    (2, "population 'input': opposed 2 makes groups of 4 lines, and a pixel has 2; give half of its channels, or 0")])
def test_opposed_lines_that_are_no_whole_pixels_are_refused(opposed, message):
    with pytest.raises(UserError, match=message):
        changed(small_network((18,), 18), wiring=(Conv((3, 3, 2), 2, (3, 3), (1, 1), (1, 1)), Dense(18, 4)), opposed=opposed)


@pytest.mark.parametrize("fields, message", [
    ({"vth": 0}, "vth"), ({"vth": 131072}, "vth"), ({"dv": 4096}, "dv"), ({"bias_mant": 4096}, "bias_mant"),
    ({"bias_exp": 8}, "bias_exp"), ({"psi_width": 0}, "psi_width"), ({"y_shift": 23}, "y_shift"), ({"n": 0}, " n "),
    ({"n": True}, "not a number")])
def test_a_constant_of_a_hidden_layer_is_refused_with_its_population(fields, message):
    with pytest.raises(UserError, match=f"population 'hidden2':.*{message}"):
        with_layer(small_network(), 2, **fields)
