"""metrics.jsonl keeps every line that was written; a damaged one is named, left out and stops nothing."""
import json
import os
import random
import warnings

import pytest

from lava_opzo.errors import FileWarning, UserError
from lava_opzo.runs import metrics_file
from lava_opzo.runs.folder import RunFolder

LINES = [
    {"kind": "progress", "n_trained": 32, "epoch": 1, "accuracy": 0.25, "samples_per_s": 1234.5},
    {"kind": "layers", "n_trained": 32, "spike_rates": [0.1, 0.2], "alignment": [None, -0.5]},
    {"kind": "epoch", "epoch": 1, "n_trained": 40, "train_accuracy": 0.5, "test_accuracy": 0.75, "rail_touches": {"W1": 3},
     "largest": {"hidden1": {"u": 12}}},
    {"kind": "changed", "n_trained": 40, "key": "training.epochs", "old": 1, "new": 2},
    {"kind": "epoch", "epoch": 2, "n_trained": 80, "train_accuracy": 0.5, "test_accuracy": None, "rail_touches": None,
     "largest": None},
]


@pytest.fixture
def run(tmp_path):
    folder = RunFolder(tmp_path)
    for line in LINES:
        folder.add_metrics(line)
    return folder


def read(folder, depth=None):
    """(lines, what was warned of)."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        found = folder.read_metrics(depth)
    return found, [str(one.message) for one in caught if one.category is FileWarning]


def test_what_was_added_is_read_without_its_checksums(run):
    assert read(run) == (LINES, []) and read(run, depth=2) == (LINES, [])


def test_no_file_is_no_line(tmp_path):
    assert read(RunFolder(tmp_path)) == ([], []) and RunFolder(tmp_path).last_metrics(("epoch",)) is None


@pytest.mark.parametrize("damage", [
    b"\xff\xfe", b"{}", b"[1]", b"3", b"null", b'{"kind": "epoch"}', b'{"kind": "weather", "n_trained": 3}',
    b'{"kind": ["epoch"]}',
    b'{"n_trained": 3}', b"[" * 5000, b'{"kind": "resumed", "n_trained": -1}', b'{"kind": "resumed", "n_trained": 1e400}',
    b'{"kind": "resumed", "n_trained": true}', b'{"kind": "resumed", "n_trained": ' + b"9" * 5000 + b"}",
    b'{"kind": "progress", "n_trained": 1, "epoch": 1, "accuracy": NaN, "samples_per_s": 1}',
    b'{"kind": "progress", "n_trained": 1, "epoch": 1, "accuracy": ' + b"9" * 400 + b', "samples_per_s": 1}',
    b'{"kind": "layers", "n_trained": 1, "spike_rates": [1, 2], "alignment": [1]}',
    b'{"kind": "resumed", "n_trained": 1, "crc32": "00000000"}', b'{"kind": "resumed", "n_trained": 1, "crc33": "00000000"}'],
    ids=lambda damage: damage[:40])
def test_a_damaged_line_is_named_and_left_out_and_stays_in_the_file(run, damage):
    before = run.metrics.read_bytes().splitlines(keepends=True)
    run.metrics.write_bytes(b"".join([*before[:2], damage + b"\n", *before[2:], damage]))
    content = run.metrics.read_bytes()
    found, warned = read(run)
    assert found == LINES
    assert warned == [f"metrics {run.metrics}: lines 3, 7 are damaged and left out; the file stays as it is"]
    assert run.last_metrics(("epoch", "resumed")) == LINES[-1]
    run.add_metrics(more := {"kind": "resumed", "n_trained": 80})
    assert read(run)[0] == [*LINES, more] and run.metrics.read_bytes().startswith(content)


def test_no_flip_of_a_bit_changes_what_a_line_says(run):
    content, rng = run.metrics.read_bytes(), random.Random(1)
    for place in range(len(content)):
        run.metrics.write_bytes(content[:place] + bytes([content[place] ^ 1 << rng.randrange(8)]) + content[place + 1:])
        found, warned = read(run)
        assert all(line in LINES for line in found)
        assert len(found) == len(LINES) or len(warned) == 1


def test_a_line_of_another_network_is_left_out_where_its_depth_is_known(run):
    found, warned = read(run, depth=3)
    assert found == [line for line in LINES if line["kind"] != "layers"] and "line 2 is damaged" in warned[0]


def test_many_damaged_lines_are_counted(tmp_path):
    (tmp_path / "metrics.jsonl").write_bytes(b"x\n" * 500)
    assert "lines 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 and 490 more are damaged" in read(RunFolder(tmp_path))[1][0]


def test_lines_of_samples_that_were_learned_again_are_left_out_and_stay_in_the_file(run):
    run.add_metrics(resumed := {"kind": "resumed", "n_trained": 40})
    run.add_metrics(again := LINES[4] | {"train_accuracy": 0.25})
    assert read(run)[0] == [*LINES[:4], resumed, again]
    assert len(run.metrics.read_text().splitlines()) == 7


def test_lines_without_checksums_as_older_versions_wrote_them_count(tmp_path):
    (tmp_path / "metrics.jsonl").write_text("".join(json.dumps(line) + "\n" for line in LINES))
    assert read(RunFolder(tmp_path)) == (LINES, [])


@pytest.mark.parametrize("make", [lambda path: path.mkdir(), os.mkfifo,
                                  lambda path: path.symlink_to(path), lambda path: path.symlink_to("nowhere")])
def test_what_is_no_file_is_one_line_and_no_wait(tmp_path, make):
    make(tmp_path / "metrics.jsonl")
    with pytest.raises(UserError, match="metrics.jsonl"):
        RunFolder(tmp_path).read_metrics()
    assert RunFolder(tmp_path).last_metrics(("epoch",)) is None


def test_every_kind_has_a_line_here():
    assert {line["kind"] for line in LINES} | {"resumed"} == set(metrics_file.KINDS)
