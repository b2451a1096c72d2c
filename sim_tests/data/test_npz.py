"""A user's own .npz is taken as it is or refused with the file, the array and the first wrong value."""
import numpy as np
import pytest

from lava_opzo.data import load
from lava_opzo.errors import UserError

FRAMES = np.arange(10 * 8 * 3).reshape(10, 8, 3) % 16
LABELS = np.arange(10) % 4


def saved(folder, **arrays):
    file = folder / "mine.npz"
    np.savez(file, **{"frames": FRAMES, "labels": LABELS, **arrays})
    return file


def pairs(frames, labels):
    return sorted((int(q), frame.tobytes()) for frame, q in zip(frames.astype(np.uint8), labels, strict=True))


def test_a_fifth_is_held_back_and_no_sample_is_lost(tmp_path):
    dataset = load("npz", saved(tmp_path), bias=0)
    assert dataset.train_frames.shape == (8, 8, 3) and dataset.test_frames.shape == (2, 8, 3) and dataset.n_classes == 4
    both = pairs(dataset.train_frames, dataset.train_labels) + pairs(dataset.test_frames, dataset.test_labels)
    assert sorted(both) == pairs(FRAMES, LABELS)


def test_own_test_arrays_stay_as_they_are(tmp_path):
    file = saved(tmp_path, test_frames=FRAMES[:3], test_labels=LABELS[:3])
    dataset = load("npz", file, bias=0)
    assert np.array_equal(dataset.test_frames, FRAMES[:3]) and np.array_equal(dataset.test_labels, LABELS[:3])
    assert pairs(dataset.train_frames, dataset.train_labels) == pairs(FRAMES, LABELS)
    with pytest.raises(UserError, match="n_test 2 given, but the file has its own test_frames"):
        load("npz", file, n_test=2)


def test_one_frame_fits_any_number_of_steps_but_eight_frames_only_eight(tmp_path):
    assert load("npz", saved(tmp_path, frames=FRAMES[:, :1]), steps=5).train_frames.shape == (8, 1, 4)
    with pytest.raises(UserError, match="frames has 8 frames a sample; expected 1 or the network's 5 steps"):
        load("npz", saved(tmp_path), steps=5)


@pytest.mark.parametrize("arrays, what", [
    (dict(frames=FRAMES + 1), r"mine.npz: frames\[0, 5, 0\] = 16 is outside 0\.\.15"),
    (dict(frames=np.where(FRAMES == 7, np.nan, FRAMES)), r"mine.npz: frames\[0, 2, 1\] = nan is not a whole number"),
    (dict(frames=FRAMES[:, 0]), r"mine.npz: frames has shape \(10, 3\)"),
    (dict(frames=FRAMES[:0], labels=LABELS[:0]), "mine.npz: frames is empty"),
    (dict(labels=LABELS - 1), r"mine.npz: labels\[0\] = -1 is outside"),
    (dict(labels=LABELS[:9]), r"mine.npz: labels has shape \(9,\)"),
    (dict(labels=np.array([None] * 10)), r"mine.npz: array 'labels': cannot be read: its type '\|O' is not one of numbers"),
    (dict(test_frames=FRAMES), "mine.npz has no array 'test_labels'"),
    (dict(test_frames=FRAMES[:, :, :2], test_labels=LABELS), "differ beyond the number of samples"),
    (dict(test_frames=FRAMES, test_labels=LABELS + 0.5), r"mine.npz: test_labels\[0\] = 0.5 is not a whole number"),
    (dict(labels=np.where(LABELS == 3, 2_000_000_000, LABELS)), r"mine.npz: labels\[3\] = 2000000000 is outside 0\.\.1023"),
    (dict(labels=LABELS + 0j), "its type '<c16' is not one of numbers"),
    (dict(labels=np.zeros(10, [("a", int)])), "is not that of one array of numbers"),
    (dict(lables=LABELS), "mine.npz has an array 'lables'; known are frames, labels, test_frames, test_labels")])
def test_wrong_arrays_are_refused_by_name(tmp_path, arrays, what):
    with pytest.raises(UserError, match=what) as caught:
        load("npz", saved(tmp_path, **arrays))
    assert "\n" not in str(caught.value)


def test_a_label_beyond_the_given_classes_is_refused(tmp_path):
    with pytest.raises(UserError, match=r"mine.npz: labels\[3\] = 3 is outside 0\.\.2"):
        load("npz", saved(tmp_path), n_classes=3)


@pytest.mark.parametrize("damage", [
    lambda b: b"", lambda b: b"no archive", lambda b: b[:len(b) // 2], lambda b: b[:200] + b"x" * 50 + b[250:]])
def test_a_damaged_file_is_named(tmp_path, damage):
    file = saved(tmp_path)
    file.write_bytes(damage(file.read_bytes()))
    with pytest.raises(UserError, match="mine.npz: .*cannot be read") as caught:
        load("npz", file)
    assert "\n" not in str(caught.value)


def test_a_single_array_is_refused(tmp_path):
    np.save(tmp_path / "one.npy", FRAMES)
    with pytest.raises(UserError, match="one.npy: cannot be read: File is not a zip file"):
        load("npz", tmp_path / "one.npy")
