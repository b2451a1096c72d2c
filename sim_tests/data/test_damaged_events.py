"""A missing, damaged or foreign recording, a wrong encoding and a missing tonic end in one line that names them."""
import os
import re
import time
from pathlib import Path

import numpy as np
import pytest

from lava_opzo.data import load, nmnist
from lava_opzo.errors import UserError
from sim_tests.helpers.gesture_files import write_gestures
from sim_tests.helpers.nmnist_files import nmnist_bytes, write_nmnist

tonic_io = pytest.importorskip("tonic.io")


@pytest.mark.parametrize("damage, what", [
    (lambda content: content[:-1], "is not a whole number of 5-byte events"), (lambda content: b"", "is damaged: 0 bytes"),
    (lambda content: content[:5] + b"\x22" + content[6:], r"event 1 has x = 34, expected 0\.\.33"),
    (lambda content: content[:11] + b"\x63" + content[12:], r"event 2 has y = 99, expected 0\.\.33"),
    (lambda content: b"\x00\xf0\x00\x00\x00", "no events but clock overflows"),
    (lambda content: content[:10] + content[10:15] + content[:5], r"event 3 at t = \d+ comes after one at t = \d+")])
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
    (np.array([[0, 0, 0, np.nan]]), "event 0 has t = nan"),
    (np.array([["a", "b", "c", "d"]]), "its type '<U1' is not one of numbers"),
    (np.array([[None] * 4]), r"its type '\|O' is not one of numbers"), (np.zeros((3, 4), bool), r"holds \(3, 4\) of type bool"),
    (np.array([[0.5, 0, 0, 0]]), r"event 0 has x = 0.5"),
    (np.array([[0, 0, 0, 5], [0, 0, 0, 4]]), "event 1 at t = 4 comes after")])
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
    with pytest.raises(UserError, match="10.npy: cannot be read") as caught:
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


def test_a_million_clock_overflows_take_less_than_a_second(tmp_path):
    write_nmnist(tmp_path, each=1)
    file = tmp_path / "Train" / "0" / "00001.bin"
    file.write_bytes(nmnist_bytes([(1, 2, 0, 100)]) + b"\x00\xf0\x00\x00\x00" * 1_000_000 + nmnist_bytes([(1, 2, 0, 200)]))
    started = time.monotonic()
    dataset = load("nmnist", tmp_path, steps=2, bias=0, n_test=0)
    assert time.monotonic() - started < 2
    frame = dataset.train_frames[dataset.train_labels.tolist().index(0)]
    assert frame[:, 2 * 34 + 1].tolist() == [1, 1] and frame.sum() == 2


def test_events_are_those_that_tonic_reads(tmp_path):
    rng = np.random.default_rng(3)
    events = [(int(x), int(y), int(p), int(t)) for x, y, p, t in zip(
        rng.integers(0, 34, 400), rng.choice([*range(34), 240], 400), rng.integers(0, 2, 400), np.arange(400) * 20, strict=True)]
    (tmp_path / "a.bin").write_bytes(nmnist_bytes([*events, (0, 0, 0, 8191)]))
    theirs = tonic_io.read_mnist_file(str(tmp_path / "a.bin"), dtype=np.dtype([(axis, int) for axis in "xytp"]))
    ours = nmnist._read(tmp_path / "a.bin")
    assert len(ours) > 300 and all(ours[axis].tolist() == theirs[axis].tolist() for axis in "xytp")


@pytest.mark.parametrize("put", [os.mkfifo, Path.mkdir, lambda file: file.symlink_to(file.name)])
def test_a_pipe_a_folder_and_a_circle_of_links_are_never_waited_for(tmp_path, put):
    write_nmnist(tmp_path / "n", each=1)
    write_gestures(tmp_path / "g")
    files = (("nmnist", "n", "Train/3/00004.bin"), ("dvs_gesture", "g", "ibmGestureTrain/user02_natural/3.npy"))
    for name, folder, file in files:
        (tmp_path / folder / file).unlink()
        put(tmp_path / folder / file)
        with pytest.raises(UserError, match=re.escape(file)) as caught:
            load(name, tmp_path / folder, downsample=8)
        assert "\n" not in str(caught.value)
