"""What TensorBoard would read is what metrics.jsonl holds: the event file is read record by record, without TensorBoard."""
import struct
import sys

import numpy as np
import pytest

from lava_opzo import RunFolder
from lava_opzo.errors import UserError
from lava_opzo.experiment.experiment import changed
from sim_tests.helpers.tiny_run import write_tiny_run

LINES = [{"kind": "progress", "n_trained": 3, "epoch": 1, "accuracy": 1 / 3, "samples_per_s": 12.5},
         {"kind": "layers", "n_trained": 4, "spike_rates": [0.25, 0.5], "alignment": [None, 0.125]},
         {"kind": "resumed", "n_trained": 4},
         {"kind": "changed", "n_trained": 4, "key": "network.readout.y_shift", "old": 4, "new": 5},
         {"kind": "epoch", "n_trained": 8, "epoch": 1, "train_accuracy": 0.75, "test_accuracy": 0.5,
          "rail_touches": {"W1": 2}, "largest": None}]


@pytest.fixture
def run(tmp_path):
    _, experiment = write_tiny_run(tmp_path, 12)
    folder = RunFolder.create(tmp_path / "run", changed(experiment, validation=4))
    for line in LINES:
        folder.add_metrics(line)
    return folder


def records(path):
    """The scalars (name, number, step) of an event file: length, its checksum, an event, its checksum, over and over."""
    from tensorboardX.proto.event_pb2 import Event

    content, found = path.read_bytes(), []
    while content:
        size, = struct.unpack("<Q", content[:8])
        event = Event.FromString(content[12:12 + size])
        found += [(value.tag, value.simple_value, event.step) for value in event.summary.value]
        content = content[16 + size:]
    return found


def test_every_measurement_is_a_scalar_at_its_sample_and_what_was_not_counted_is_none(run, tmp_path):
    pytest.importorskip("tensorboardX", reason="tensorboardX is not installed (extra 'tensorboard')")
    run.to_tensorboard(tmp_path / "logs" / "first")
    (file,) = (tmp_path / "logs" / "first").iterdir()
    assert records(file) == [
        ("progress/epoch", 1, 3), ("progress/accuracy", float(np.float32(1 / 3)), 3), ("progress/samples_per_s", 12.5, 3),
        ("layers/spike_rates.1", 0.25, 4), ("layers/spike_rates.2", 0.5, 4), ("layers/alignment.2", 0.125, 4),
        ("epoch/epoch", 1, 8), ("epoch/train_accuracy", 0.75, 8), ("epoch/validation_accuracy", 0.5, 8),
        ("epoch/rail_touches.W1", 2, 8)]
    before = file.read_bytes()
    with pytest.raises(UserError, match="holds an event file, whose curves would be drawn over these; choose another folder"):
        run.to_tensorboard(tmp_path / "logs" / "first")
    assert file.read_bytes() == before
    with pytest.raises(UserError, match="tensorboard .*metrics.jsonl"):
        run.to_tensorboard(run.metrics)


def test_without_tensorboardx_one_line_says_what_to_install(run, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "tensorboardX", None)
    with pytest.raises(UserError, match=r"tensorboardX is not installed; .*-e '\.\[tensorboard\]'"):
        run.to_tensorboard(tmp_path / "logs")
    assert not (tmp_path / "logs").exists()
