"""What the compiled loops are made of: code that makes no array and counts no references."""
import hashlib
import os
import subprocess
import sys

import numpy as np
import pytest
from numba import NumbaError

from lava_opzo.engines.twin.cache import compiled_loop, fingerprint
from lava_opzo.engines.twin.integers.engine import TwinEngine
from lava_opzo.engines.twin.part import part, view
from lava_opzo.engines.twin.reals.engine import RealTwinEngine
from lava_opzo.experiment.image_scaling import with_sums
from lava_opzo.network.form import changed
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
    with pytest.raises(NumbaError, match="NRT required|Only accept returning"):
        loop(np.zeros((2, 3)))


def learned_weights() -> str:
    """Says what local and shared weights become by a few samples, in integers and real numbers."""
    found = ""
    for engine in (TwinEngine, RealTwinEngine):
        network = patched_network(Local, Conv)
        network = changed(network, wiring=[with_sums(connection.topology, 2) for connection in network.forward])
        running = engine(network, initial_state(network))
        running.train(*random_samples(network, 3))
        state = running.state()
        found += hashlib.sha256(b"".join(state[one.weights].tobytes() for one in network.connections)).hexdigest()
    return found


def test_where_numba_compiles_nothing_the_same_is_learned():
    command = "from sim_tests.engines.twin.test_part import learned_weights; print(learned_weights())"
    done = subprocess.run([sys.executable, "-c", command], env={**os.environ, "NUMBA_DISABLE_JIT": "1"}, text=True,
                          capture_output=True, timeout=240)
    assert (done.stdout.strip(), done.stderr) == (learned_weights(), "")
