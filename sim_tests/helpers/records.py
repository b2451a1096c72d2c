"""Two recorders side by side, for the tests of the twin."""
import numpy as np

from lava_opzo.engines.oracle.recorder import OracleRecorder
from lava_opzo.engines.record import state_after
from lava_opzo.engines.twin.integers.engine import TwinEngine
from lava_opzo.engines.twin.integers.recorder import TwinRecorder
from sim_tests.helpers.networks import differing


def assert_same_records(network, state, frames, labels) -> None:
    """Sample by sample the oracle's record, and at the end the state of the twin that records nothing."""
    twin, oracle = TwinRecorder(network, state, frames.shape[1]), OracleRecorder(network, state, frames.shape[1])
    for frame, label in zip(frames, labels, strict=True):
        record, expected = twin.sample(frame, label), oracle.sample(frame, label)
        assert record.keys() == expected.keys()
        for part, variables in expected.items():
            for name, values in variables.items():
                assert np.array_equal(record[part][name], values), (part, name)
    engine = TwinEngine(network, state)
    engine.train(frames, labels)
    assert differing(engine.state(), state_after(network, record, len(frames))) == []
