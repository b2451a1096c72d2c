"""A missing, damaged or foreign recording, a wrong encoding and a missing tonic end in one line that names them."""
import re
import sys

import numpy as np
import pytest

from lava_opzo.data import load
from lava_opzo.errors import UserError
from sim_tests.helpers.gesture_files import write_gestures
from sim_tests.helpers.nmnist_files import write_nmnist

tonic_io = pytest.importorskip("tonic.io")


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


def test_without_tonic_one_line_says_how_to_get_it(tmp_path, monkeypatch):
    write_nmnist(tmp_path, each=1)
    monkeypatch.setitem(sys.modules, "tonic.io", None)
    with pytest.raises(UserError, match=r"'nmnist' needs tonic .*pip install -c constraints.txt -e '.\[events\]'"):
        load("nmnist", tmp_path)
