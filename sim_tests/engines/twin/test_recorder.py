"""What the twin records of a sample: every variable of every step is the oracle's, the end that of a loop unwatched."""
import numpy as np
import pytest

from lava_opzo.engines.record import state_after
from lava_opzo.engines.twin.integers.recorder import TwinRecorder
from lava_opzo.network.initial import initial_state
from lava_opzo.silicon.profile import LOIHI_254
from sim_tests.helpers.networks import differing, random_samples, small_network
from sim_tests.helpers.records import assert_same_records

SHAPES = {"two layers": {}, "one window": {"windows": 1}, "one rank, one bit": {"x_max": 1, "d_bits": 1},
          "many ranks and bits": {"x_max": 5, "d_bits": 4}, "no decay": {"decay_period": 0}, "always decay": {"decay_period": 1},
          "fixed M": {"credit": "dfa"}, "one layer": {"hidden": (9,)}, "six layers": {"hidden": (9, 8, 7, 6, 5, 8)},
          "halved": {"halve_every": 2, "max_halvings": 2}}


@pytest.mark.parametrize("options", SHAPES.values(), ids=SHAPES)
@pytest.mark.parametrize("rows", [1, 5])
def test_every_variable_of_every_step_is_the_oracles(options, rows):
    network = small_network(**options)
    assert_same_records(network, initial_state(network), *random_samples(network, 8, rows))


@pytest.mark.parametrize("share", [0.1, 0.9])
def test_rows_at_the_rails_and_off_them_are_recorded_rank_by_rank(share):
    network = small_network(x_max=3, d_bits=3, profile=LOIHI_254)
    state, rng = initial_state(network), np.random.default_rng(4)
    for connection in network.connections:
        weights = state[connection.weights]
        rows = rng.random(weights.shape[1]) < share
        weights[:, rows] = rng.choice([-256, 254], (len(weights), np.count_nonzero(rows)))
    assert_same_records(network, state, *random_samples(network, 6, seed=5))


def test_a_recorder_leaves_the_state_that_it_starts_from():
    network = small_network()
    state, (frames, labels) = initial_state(network), random_samples(network, 1)
    recorder = TwinRecorder(network, state, 1)
    record = recorder.sample(frames[0], labels[0])
    recorder.stop()
    assert differing(state, initial_state(network)) == []
    assert "W3.weights" in differing(state_after(network, record, 1), state)
