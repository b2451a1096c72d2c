"""What the compiled loops are made of: code that makes no array and counts no references."""
import os
import subprocess
import sys

import numpy as np
import pytest
from numba import NumbaError

from lava_opzo.engines.twin.cache import compiled_loop, fingerprint
from lava_opzo.engines.twin.integers.engine import TwinEngine
from lava_opzo.engines.twin.part import part, view
from lava_opzo.experiment.samples import fingerprint as name_of
from lava_opzo.network.initial import initial_state
from lava_opzo.topology.conv import Conv
from lava_opzo.topology.local import Local
from sim_tests.helpers.networks import patched_network, random_samples


@part
def last_row(rows):
    return rows[-1]


@view
def first_row(rows):
    return rows[0]


@compiled_loop(fingerprint())
def sum_of_the_first_row(rows):
    row, total = first_row(rows), 0
    for i in range(row.size):
        total += row[i]
    return total


@compiled_loop(fingerprint())
def makes_an_array(rows):
    return np.zeros(rows.size).size


@compiled_loop(fingerprint())
def calls_a_part_that_returns_a_view(rows):
    return last_row(rows).size


def test_a_view_is_returned_into_its_caller():
    assert sum_of_the_first_row(np.arange(6).reshape(2, 3)) == 3


@pytest.mark.parametrize("loop", [makes_an_array, calls_a_part_that_returns_a_view])
def test_what_would_need_counted_references_does_not_compile(loop):
    with pytest.raises(NumbaError):
        loop(np.zeros((2, 3)))


def learned_weights() -> str:
    """Says which weights local and shared ones become by a few samples."""
    network = patched_network(Local, Conv)
    engine = TwinEngine(network, initial_state(network))
    engine.train(*random_samples(network, 3))
    state = engine.state()
    return name_of(np.concatenate([state[one.weights].ravel() for one in network.connections]) & 255, np.zeros(0))


def test_where_numba_compiles_nothing_the_same_is_learned():
    command = "from sim_tests.engines.twin.test_part import learned_weights; print(learned_weights())"
    done = subprocess.run([sys.executable, "-c", command], env={**os.environ, "NUMBA_DISABLE_JIT": "1"}, text=True,
                          capture_output=True, timeout=240)
    assert (done.stdout.strip(), done.stderr) == (learned_weights(), "")
