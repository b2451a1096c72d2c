"""Which Lava Process a connection gets: by its topology alone, with the bits that its source's messages need."""
from dataclasses import dataclass, replace

import numpy as np
import pytest

from lava_opzo.engines.lava.connections import HIDDEN, READOUT, message_bits, process_of
from lava_opzo.engines.lava.fixed import parts
from lava_opzo.errors import UserError
from lava_opzo.topology.dense import Dense
from process_models.opzo_dense.process import OpzoDense
from process_models.opzo_dense_readout.process import OpzoDenseReadout
from sim_tests.helpers.networks import small_network


@dataclass(frozen=True)
class Ring(Dense):
    """A topology that Lava has no Process for."""


def test_a_dense_connection_has_a_process_in_every_table():
    connection = small_network().forward[0]
    assert [process_of(table, connection) for table in (*HIDDEN.values(), READOUT)] == [OpzoDense, OpzoDense, OpzoDenseReadout]


def test_a_topology_without_a_process_is_refused_with_the_connection_and_those_that_have_one():
    connection = replace(small_network().forward[1], topology=Ring(14, 11))
    with pytest.raises(UserError, match="connection 'W2': Lava has no Process for its topology Ring here, only for Dense"):
        process_of(HIDDEN["fast"], connection)
    with pytest.raises(UserError, match="connection 'W2': stock Lava has no Process for its topology Ring, only for Dense, L"):
        parts(small_network(), connection, np.zeros((11, 14), int))


def test_payloads_take_four_bits_errors_seven_and_spikes_none():
    network = small_network()
    assert {connection.name: message_bits(network, connection) for connection in network.connections} == {
        "W1": 4, "W2": 0, "W3": 0, "M1": 7, "M2": 7}


def test_a_connection_that_does_not_learn_has_the_name_weights_and_bits_of_its_connection():
    network = small_network()
    weights = np.full((14, 9), -2)
    (part,) = parts(network, network.forward[0], weights)
    dense = part.process
    assert (dense.name, dense.num_message_bits.init) == ("W1", np.array([4])) and np.array_equal(dense.weights.init, weights)
