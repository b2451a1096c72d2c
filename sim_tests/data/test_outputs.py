"""Data sets that teach labels or values: real numbers as whole ones, npz files, the sine, the digits with two labels."""
import numpy as np
import pytest

from lava_opzo.data import Dataset, load
from lava_opzo.data.values import decode, encode, fit
from lava_opzo.errors import UserError

FRAMES = np.arange(60).reshape(10, 1, 6) % 16


def test_real_numbers_become_the_nearest_of_255_whole_numbers_and_come_back_within_half_a_step():
    values = np.array([[-2.0, 5.0], [0.5, 5.0], [3.0, 5.0]])
    ranges = fit(values)
    assert ranges == ((-2.0, 3.0), (5.0, 5.0))
    numbers = encode(values, ranges)
    assert numbers.tolist() == [[-127, -127], [0, -127], [127, -127]]
    between = np.stack([np.linspace(-2, 3, 1001), np.full(1001, 5.0)], axis=1)
    assert np.abs(decode(encode(between, ranges), ranges)[:, 0] - between[:, 0]).max() <= 5 / 254 / 2 + 1e-12
    assert encode(np.array([[-9.0, 9.0]]), ranges).tolist() == [[-127, 127]]


def test_an_npz_file_of_real_targets_is_scaled_by_its_training_samples_alone(tmp_path):
    targets = np.linspace(-1, 1, 20).reshape(10, 2)
    np.savez(tmp_path / "a.npz", frames=FRAMES, targets=targets, test_frames=FRAMES[:2], test_targets=targets[:2] * 3)
    found = load("npz", tmp_path / "a.npz", bias=0)
    assert (found.kind, found.n_classes, found.ranges) == ("values", 2, fit(targets))
    assert np.array_equal(np.sort(found.train_labels, axis=0), np.sort(encode(targets, fit(targets)), axis=0))
    assert found.test_labels.tolist() == encode(targets[:2] * 3, fit(targets)).tolist()


def test_whole_targets_and_labels_of_an_npz_file_are_taken_as_they_are(tmp_path):
    np.savez(tmp_path / "a.npz", frames=FRAMES, targets=np.arange(10) - 5)
    found = load("npz", tmp_path / "a.npz", n_test=3, validation=2)
    assert (found.kind, found.n_classes, found.ranges, found.test_labels.shape) == ("values", 1, None, (2, 1))
    labels = np.arange(20).reshape(10, 2) % 3 == 0
    np.savez(tmp_path / "b.npz", frames=FRAMES, labels=labels)
    found = load("npz", tmp_path / "b.npz", n_test=0)
    assert (found.kind, found.n_classes) == ("labels", 2) and found.train_labels.sum() == labels.sum()


@pytest.mark.parametrize("arrays, words", [
    ({"targets": np.arange(10) * 20}, "outside -127..127"), ({"targets": np.full(10, np.nan)}, "no finite number"),
    ({"targets": np.arange(9)}, "(9, 1)"), ({"labels": np.full((10, 2), 2)}, "outside 0..1"),
    ({"targets": np.zeros((10, 2, 2))}, "(10, 2, 2)"), ({"targets": np.arange(10), "labels": np.arange(10)}, "array 'labels'")])
def test_arrays_that_are_no_outputs_are_refused_in_one_line(tmp_path, arrays, words):
    np.savez(tmp_path / "a.npz", frames=FRAMES, **arrays)
    with pytest.raises(UserError) as told:
        load("npz", tmp_path / "a.npz", n_test=0)
    assert words in str(told.value) and "\n" not in str(told.value)


def test_the_sine_is_drawn_by_its_seed_and_its_test_samples_have_no_noise():
    found, again = load("sine", n_train=300, n_test=50, seed=3), load("sine", n_train=300, n_test=50, seed=3)
    assert np.array_equal(found.train_frames, again.train_frames) and np.array_equal(found.test_labels, again.test_labels)
    assert not np.array_equal(found.train_frames, load("sine", n_train=300, n_test=50, seed=4).train_frames)
    assert found.train_frames.shape == (300, 8, 41) and set(np.unique(found.train_frames)) == {0, 15}
    centres = np.linspace(0, 2 * np.pi, 40)
    spikes = found.test_frames[:, :, :40].sum(axis=1)
    x = (spikes * centres).sum(axis=1) / spikes.sum(axis=1)
    assert np.corrcoef(np.sin(x), found.test_labels[:, 0])[0, 1] > 0.99
    assert np.abs(found.test_labels).max() <= round(127 / 1.5) < np.abs(found.train_labels).max()
    with pytest.raises(UserError, match=r"noise 101 is outside 0\.\.100"):
        load("sine", noise=101)


def test_the_digits_with_two_labels_are_the_digits():
    classes, labels = load("digits"), load("digit_labels")
    assert np.array_equal(classes.train_frames, labels.train_frames) and labels.kind == "labels"
    assert labels.test_labels.tolist() == [[c % 2, int(c > 4)] for c in classes.test_labels.tolist()]


def test_a_data_set_of_an_unknown_kind_or_without_outputs_is_refused():
    for options, words in (({"kind": "ranks"}, "ranks"), ({"kind": "labels", "n_classes": 0}, "below 1")):
        with pytest.raises(UserError, match=words):
            Dataset(**{"name": "mine", "n_classes": 1, "train_frames": FRAMES, "train_labels": np.zeros((10, 1)),
                       "test_frames": FRAMES[:0], "test_labels": np.zeros((0, 1)), "provenance": "", **options})
