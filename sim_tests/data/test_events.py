"""Recordings of events are binned exactly, as tonic reads them; a missing or damaged recording is named."""
import re
import sys

import numpy as np
import pytest

from lava_opzo.data import load
from lava_opzo.data.binning import Encoding
from lava_opzo.errors import UserError
from sim_tests.helpers.nmnist_files import events_of, nmnist_bytes, write_nmnist

tonic_io = pytest.importorskip("tonic.io")


def expected_counts(events, size, steps, downsample, polarity=1):
    """Encoding.counts() once more, event by event in plain Python."""
    side = (size + downsample - 1) // downsample
    first, last = min(e[3] for e in events), max(e[3] for e in events)
    frames = [[0] * ((2 if polarity else 1) * side * side) for _ in range(steps)]
    for x, y, p, t in events:
        step = int((t - first) / ((last - first + 1) / steps) + 1e-9)
        frames[step][(p if polarity else 0) * side * side + (y // downsample) * side + x // downsample] += 1
    return frames


def expected_payloads(events, size, steps, downsample=1):
    return bytes(min(n, 15) for row in expected_counts(events, size, steps, downsample) for n in row)


def write_gestures(folder, parts=("ibmGestureTrain",), users=("user01_fluorescent", "user02_natural"), seed=0):
    """tonic's layout, for each gesture an array (events, 4) of x, y, p, t in ms; returns {part: [(label, events in us)]}."""
    rng, written = np.random.default_rng(seed), {}
    for part in parts:
        for user in users:
            (folder / part / user).mkdir(parents=True)
            for label in range(11):
                events = events_of(rng, 128, 40, 6000)
                np.save(folder / part / user / f"{label}.npy", np.array(events))
                written.setdefault(part, []).append((label, in_microseconds(events)))
    return written


def in_microseconds(events):
    return [(x, y, p, 1000 * t) for x, y, p, t in events]


def pairs(frames, labels):
    return sorted((int(q), frame.tobytes()) for frame, q in zip(frames, labels, strict=True))


WRITERS = {
    "nmnist": (write_nmnist, 34, ("Train", "Test")),
    "dvs_gesture": (write_gestures, 128, ("ibmGestureTrain", "ibmGestureTest")),
}


@pytest.mark.parametrize("steps", [1, 3, 8])
@pytest.mark.parametrize("size, downsample", [(34, 1), (34, 2), (34, 3), (128, 8)])
def test_counts_equal_a_plain_loop_and_lose_no_event(size, downsample, steps):
    events = events_of(np.random.default_rng(steps), size, 500, 300_000)
    fields = np.array([tuple(e) for e in events], [("x", int), ("y", int), ("p", int), ("t", int)])
    bins = Encoding("mine", size, steps, downsample).counts(fields)
    assert bins.tolist() == expected_counts(events, size, steps, downsample) and bins.sum() == len(events)


@pytest.mark.parametrize("polarity", [0, 1])
@pytest.mark.parametrize("shift", [0, 2])
@pytest.mark.parametrize("slices", [0, 1, 3])
def test_slices_lie_side_by_side_polarities_add_up_and_counts_lose_their_low_bits(slices, shift, polarity):
    events = events_of(np.random.default_rng(slices), 34, 900, 300_000)
    fields = np.array([tuple(e) for e in events], [("x", int), ("y", int), ("p", int), ("t", int)])
    encoding = Encoding("mine", 34, 5, 4, polarity, slices, shift)
    parts = expected_counts(events, 34, slices or 5, 4, polarity)
    rows = [[n for part in parts for n in part]] if slices else parts
    found = encoding.counts(fields)
    assert found.shape == encoding.shape and found.tolist() == [[n // 2**shift for n in row] for row in rows]


@pytest.mark.parametrize("name", ["nmnist", "dvs_gesture"])
def test_the_loaders_encode_as_their_options_say(tmp_path, name):
    write, size, (train, _) = WRITERS[name]
    written = write(tmp_path)[train]
    dataset = load(name, tmp_path, steps=4, bias=0, n_test=0, downsample=3, polarity=0, slices=2, shift=1)
    expected = [(label, bytes(min(n // 2, 15) for part in expected_counts(events, size, 2, 3, 0) for n in part))
                for label, events in written]
    assert pairs(dataset.train_frames, dataset.train_labels) == sorted(expected) and dataset.train_frames.shape[1] == 1


def test_a_regular_train_of_events_is_cut_into_equal_steps():
    fields = np.array([(3, 4, 1, 1000 + t) for t in range(16)], [("x", int), ("y", int), ("p", int), ("t", int)])
    assert Encoding("mine", 34, 8).counts(fields)[:, 34 * 34 + 4 * 34 + 3].tolist() == [2] * 8


def test_events_of_one_moment_fall_into_the_first_step():
    fields = np.array([(3, 4, 1, 77)] * 5, [("x", int), ("y", int), ("p", int), ("t", int)])
    bins = Encoding("mine", 34, 8).counts(fields)
    assert bins[0, 34 * 34 + 4 * 34 + 3] == 5 and bins.sum() == 5


@pytest.mark.parametrize("name", WRITERS)
@pytest.mark.parametrize("downsample", [1, 2])
def test_both_parts_are_read_whole_with_their_labels(tmp_path, name, downsample):
    write, size, (train, test) = WRITERS[name]
    written = write(tmp_path, parts=(train, test))
    dataset = load(name, tmp_path, steps=4, bias=0, downsample=downsample)
    for part, found in ((train, pairs(dataset.train_frames, dataset.train_labels)),
                        (test, pairs(dataset.test_frames, dataset.test_labels))):
        assert found == sorted((label, expected_payloads(events, size, 4, downsample)) for label, events in written[part])
    assert (dataset.train_frames == 15).any() and "bins clipped" in dataset.provenance
    with pytest.raises(UserError, match="n_test 3 given, but there are test recordings"):
        load(name, tmp_path, n_test=3)


@pytest.mark.parametrize("name", WRITERS)
def test_with_training_recordings_only_the_last_of_a_seeded_order_are_held_back(tmp_path, name):
    write, size, (train, _) = WRITERS[name]
    written = write(tmp_path)[train]
    one, same, other = (load(name, tmp_path, bias=0, n_test=5, seed=seed) for seed in (1, 1, 2))
    assert len(one.test_frames) == 5 and len(one.train_frames) == len(written) - 5
    both = pairs(one.train_frames, one.train_labels) + pairs(one.test_frames, one.test_labels)
    assert sorted(both) == sorted((label, expected_payloads(events, size, 8)) for label, events in written)
    assert np.array_equal(one.test_frames, same.test_frames) and not np.array_equal(one.test_labels, other.test_labels)
    assert one.train_labels.tolist() != sorted(one.train_labels.tolist())


@pytest.mark.parametrize("name, dataset_class", [("nmnist", "NMNIST"), ("dvs_gesture", "DVSGesture")])
def test_the_recordings_are_those_that_tonics_own_class_reads(tmp_path, monkeypatch, name, dataset_class):
    import tonic.datasets

    write, size, _ = WRITERS[name]
    write(tmp_path / dataset_class)
    tonic_class = getattr(tonic.datasets, dataset_class)
    monkeypatch.setattr(tonic_class, "_check_exists", lambda self: True)
    recordings = tonic_class(str(tmp_path), train=True)
    theirs = [(label, expected_payloads([(int(e["x"]), int(e["y"]), int(e["p"]), int(e["t"])) for e in events], size, 8))
              for events, label in recordings]
    dataset = load(name, tmp_path, bias=0, n_test=0)
    assert pairs(dataset.train_frames, dataset.train_labels) == sorted(theirs)


def test_the_clock_overflow_of_nmnist_is_no_event(tmp_path):
    write_nmnist(tmp_path, each=1)
    file = tmp_path / "Train" / "0" / "00001.bin"
    file.write_bytes(nmnist_bytes([(1, 2, 0, 100), (0, 240, 0, 0), (3, 4, 1, 200)]))
    dataset = load("nmnist", tmp_path, steps=2, bias=0, n_test=0)
    frame = dataset.train_frames[dataset.train_labels.tolist().index(0)]
    assert frame[0, 2 * 34 + 1] == 1 and frame[1, 34 * 34 + 4 * 34 + 3] == 1 and frame.sum() == 2


@pytest.mark.parametrize("damage, what", [
    (lambda content: content[:-1], "is not a whole number of 5-byte events"), (lambda content: b"", "is damaged: 0 bytes"),
    (lambda content: content[:5] + b"\x22" + content[6:], r"event 1 has x = 34, expected 0\.\.33"),
    (lambda content: content[:11] + b"\x63" + content[12:], r"event 2 has y = 99, expected 0\.\.33"),
    (lambda content: b"\x00\xf0\x00\x00\x00", "no events but clock overflows")])
def test_a_damaged_nmnist_recording_is_named(tmp_path, damage, what):
    write_nmnist(tmp_path)
    file = tmp_path / "Train" / "7" / "00008.bin"
    file.write_bytes(damage(file.read_bytes()))
    with pytest.raises(UserError, match=what) as caught:
        load("nmnist", tmp_path)
    assert str(file) in str(caught.value) and "\n" not in str(caught.value)


def test_missing_and_foreign_parts_of_nmnist_are_named(tmp_path):
    with pytest.raises(UserError, match=r"has no folder Train; expected Train/0\.\.9/.*60,000.*tonic.datasets.NMNIST.*20959b8e"):
        load("nmnist", tmp_path)
    write_nmnist(tmp_path, each=1)
    (tmp_path / "Train" / ".listing").write_text("left by a file manager")
    assert len(load("nmnist", tmp_path, n_test=0).train_frames) == 10
    (tmp_path / "Train" / "7" / "notes.txt").write_text("")
    with pytest.raises(UserError, match="notes.txt is not a .bin recording"):
        load("nmnist", tmp_path)
    (tmp_path / "Train" / "7" / "notes.txt").unlink()
    (tmp_path / "Train" / "7" / "00008.bin").unlink()
    with pytest.raises(UserError, match="Train/7 holds no recordings"):
        load("nmnist", tmp_path)
    (tmp_path / "Train" / "7").rmdir()
    with pytest.raises(UserError, match=r"Train/7 is missing; expected the ten folders 0\.\.9"):
        load("nmnist", tmp_path)
    (tmp_path / "Train" / "7").mkdir()
    (tmp_path / "Train" / "seven").mkdir()
    with pytest.raises(UserError, match="Train/seven is not a class"):
        load("nmnist", tmp_path)


@pytest.mark.parametrize("array, what", [
    (np.zeros((3, 3), int), r"holds \(3, 3\)"), (np.zeros((0, 4), int), r"holds \(0, 4\)"), (np.zeros(4, int), r"holds \(4,\)"),
    (np.array([[0, 0, 0, 0], [128, 0, 0, 1]]), r"event 1 has x = 128, expected 0\.\.127"),
    (np.array([[0, -1, 0, 0]]), "event 0 has y = -1"), (np.array([[0, 0, 2, 0]]), r"event 0 has p = 2, expected 0\.\.1"),
    (np.array([[0, 0, 0, np.nan]]), "event 0 has t = nan"), (np.array([["a", "b", "c", "d"]]), r"holds \(1, 4\)"),
    (np.array([[None] * 4]), "cannot be read")])
def test_a_damaged_gesture_is_named(tmp_path, array, what):
    write_gestures(tmp_path)
    file = tmp_path / "ibmGestureTrain" / "user02_natural" / "4.npy"
    np.save(file, array)
    with pytest.raises(UserError, match=what) as caught:
        load("dvs_gesture", tmp_path, downsample=8)
    assert str(file) in str(caught.value) and "\n" not in str(caught.value)


@pytest.mark.parametrize("damage", [
    lambda content: b"", lambda content: content[:60], lambda content: content[:-5], lambda content: b"PK\3\4" + content])
def test_a_truncated_gesture_is_named(tmp_path, damage):
    write_gestures(tmp_path)
    file = tmp_path / "ibmGestureTrain" / "user01_fluorescent" / "10.npy"
    file.write_bytes(damage(file.read_bytes()))
    with pytest.raises(UserError, match="10.npy cannot be read") as caught:
        load("dvs_gesture", tmp_path, downsample=8)
    assert "\n" not in str(caught.value)


def test_missing_and_foreign_parts_of_the_gestures_are_named(tmp_path):
    with pytest.raises(UserError, match="has no folder ibmGestureTrain; expected .*tonic.datasets.DVSGesture.*3a8f0d41"):
        load("dvs_gesture", tmp_path)
    (tmp_path / "ibmGestureTrain").mkdir()
    with pytest.raises(UserError, match="ibmGestureTrain is empty"):
        load("dvs_gesture", tmp_path)
    write_gestures(tmp_path, users=("user03_led",))
    (tmp_path / "ibmGestureTrain" / "user03_led" / "11.npy").write_bytes(b"")
    with pytest.raises(UserError, match="11.npy is not a recording; expected the gesture's number"):
        load("dvs_gesture", tmp_path)
    (tmp_path / "ibmGestureTrain" / "user03_led" / "11.npy").unlink()
    (tmp_path / "ibmGestureTrain" / "someone").mkdir()
    with pytest.raises(UserError, match="someone is not a folder of recordings"):
        load("dvs_gesture", tmp_path)


@pytest.mark.parametrize("option, value, limits", [
    ("downsample", 0, "1..34"), ("downsample", 35, "1..34"), ("polarity", 2, "0..1"), ("slices", 65, "0..64"),
    ("shift", 16, "0..15")])
def test_an_encoding_out_of_range_is_refused(tmp_path, option, value, limits):
    with pytest.raises(UserError, match=re.escape(f"data set 'nmnist': {option} {value} is outside {limits}; give ")):
        load("nmnist", tmp_path, **{option: value})


@pytest.mark.data
def test_no_event_of_a_thousand_nmnist_recordings_is_lost(data_folder):
    dataset = load("nmnist", data_folder / "nmnist", bias=0, n_test=200)
    assert dataset.train_frames.shape == (800, 8, 2 * 34 * 34) and dataset.test_frames.shape == (200, 8, 2 * 34 * 34)
    total = sum(file.stat().st_size for file in (data_folder / "nmnist" / "Train").glob("*/*.bin")) // 5
    assert "(0 of " in dataset.provenance
    assert int(dataset.train_frames.sum(dtype=np.int64) + dataset.test_frames.sum(dtype=np.int64)) == total == 4_133_231


@pytest.mark.data
def test_real_gestures_in_tonics_layout_are_binned_exactly(data_folder, tmp_path):
    user = tmp_path / "ibmGestureTrain" / "user01_fluorescent"
    user.mkdir(parents=True)
    written = []
    for label in range(10):
        content = (data_folder / "dvs_gesture" / f"{label + 1}.bs2").read_bytes()
        events = []
        for x, y, high, middle, low in zip(*(content[i::5] for i in range(5)), strict=True):
            events.append((x, y, high >> 7, ((high & 127) << 16 | middle << 8 | low) // 1000))
        np.save(user / f"{label}.npy", np.array(events))
        written.append((label, expected_payloads(in_microseconds(events), 128, 8, 4)))
    dataset = load("dvs_gesture", tmp_path, downsample=4, bias=0, n_test=2)
    both = pairs(dataset.train_frames, dataset.train_labels) + pairs(dataset.test_frames, dataset.test_labels)
    assert sorted(both) == sorted(written) and dataset.n_classes == 11


def test_without_tonic_one_line_says_how_to_get_it(tmp_path, monkeypatch):
    write_nmnist(tmp_path, each=1)
    monkeypatch.setitem(sys.modules, "tonic.io", None)
    with pytest.raises(UserError, match=r"'nmnist' needs tonic .*pip install -c constraints.txt -e '.\[events\]'"):
        load("nmnist", tmp_path)
