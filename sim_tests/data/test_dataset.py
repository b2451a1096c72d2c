"""What a data set must be: payloads 0..15, labels in range, equal shapes; anything else is refused by name."""
import numpy as np
import pytest

from lava_opzo.data import LOADERS, Dataset, from_samples, load, with_bias
from lava_opzo.errors import UserError


def made(frames=None, labels=(0, 1, 2), test_frames=None, test_labels=(), n_classes=3):
    frames = np.zeros((3, 2, 4), np.uint8) if frames is None else frames
    test_frames = np.zeros((0, 2, 4), np.uint8) if test_frames is None else test_frames
    return Dataset("mine", n_classes, frames, np.asarray(labels), test_frames, np.asarray(test_labels, np.int64), "test")


def array_with(value, dtype=float):
    frames = np.zeros((3, 2, 4), dtype)
    frames[1, 0, 3] = value
    return frames


def test_whole_numbers_of_any_type_become_uint8_and_int64():
    for dtype in (bool, np.int8, np.uint16, np.int64, np.float32, float):
        dataset = made(array_with(1, dtype), labels=np.array([2.0, 0.0, 1.0]))
        assert dataset.train_frames.dtype == np.uint8 and dataset.train_labels.dtype == np.int64
        assert np.array_equal(dataset.train_frames, array_with(1, np.uint8)) and dataset.train_labels.tolist() == [2, 0, 1]


@pytest.mark.parametrize("value, what", [
    (np.nan, "nan is not a whole number"), (np.inf, "inf is not a whole number"), (0.5, "0.5 is not a whole number"),
    (16, r"16.0 is outside 0\.\.15"), (-1, r"-1.0 is outside 0\.\.15")])
def test_a_wrong_payload_is_refused_with_its_index(value, what):
    with pytest.raises(UserError, match=rf"data set 'mine': train_frames\[1, 0, 3\] = {what}; encode to 4 bits"):
        made(array_with(value))


@pytest.mark.parametrize("labels, what", [
    ((0, 1, 3), r"train_labels\[2\] = 3 is outside 0\.\.2"), ((0, -1, 2), r"train_labels\[1\] = -1 is outside"),
    ((0, np.nan, 2), r"train_labels\[1\] = nan is not a whole number"), ((0, 1), r"train_labels has shape \(2,\)"),
    (("a", "b", "c"), "train_labels has type <U1")])
def test_a_wrong_label_is_refused_with_its_index(labels, what):
    with pytest.raises(UserError, match=what):
        made(labels=labels)


def test_wrong_shapes_and_empty_training_data_are_refused():
    with pytest.raises(UserError, match=r"train_frames has shape \(3, 4\)"):
        made(np.zeros((3, 4)))
    with pytest.raises(UserError, match=r"train_frames has shape \(3, 2, 0\)"):
        made(np.zeros((3, 2, 0)))
    with pytest.raises(UserError, match="train_frames is empty"):
        made(np.zeros((0, 2, 4)), labels=np.zeros(0, int))
    with pytest.raises(UserError, match="test_frames .* and train_frames .* differ"):
        made(test_frames=np.zeros((1, 2, 5)), test_labels=[0])
    with pytest.raises(UserError, match="n_classes 1 is below 2"):
        made(n_classes=1, labels=(0, 0, 0))
    with pytest.raises(UserError, match="n_classes 2000000001 is above 131072"):
        made(n_classes=2_000_000_001)
    with pytest.raises(UserError, match="n_classes 3.0 is not a whole number"):
        made(n_classes=3.0)
    with pytest.raises(UserError, match="train_frames is no array"):
        made([[[1]], [[1, 2]]])


def test_the_bias_line_is_last_and_always_15():
    frames = np.arange(24, dtype=np.uint8).reshape(3, 2, 4) % 16
    extended = with_bias(frames)
    assert extended.shape == (3, 2, 5) and extended.dtype == np.uint8
    assert np.array_equal(extended[..., :4], frames) and (extended[..., 4] == 15).all()


def test_samples_of_an_iterable_are_shuffled_by_the_seed_and_the_last_held_back():
    def samples():
        for i in range(10):
            yield np.full((2, 3), i), i % 4

    one, same, other = (from_samples("mine", samples(), 4, n_test=3, seed=seed) for seed in (5, 5, 6))
    assert one.train_frames.shape == (7, 2, 3) and one.test_frames.shape == (3, 2, 3)
    order = [*one.train_frames[:, 0, 0].tolist(), *one.test_frames[:, 0, 0].tolist()]
    assert sorted(order) == list(range(10)) and order != sorted(order)
    assert [*one.train_labels.tolist(), *one.test_labels.tolist()] == [i % 4 for i in order]
    assert np.array_equal(one.train_frames, same.train_frames) and not np.array_equal(one.train_frames, other.train_frames)


def test_an_iterable_with_a_wrong_sample_is_refused_with_its_number():
    with pytest.raises(UserError, match=r"sample 1 has shape \(1, 4\), sample 0 has \(1, 3\)"):
        from_samples("mine", [(np.zeros((1, 3)), 0), (np.zeros((1, 4)), 1)], 2)
    with pytest.raises(UserError, match=r"sample 1\[0, 0, 2\] = 99.0 is outside"):
        from_samples("mine", [(np.zeros((1, 3)), 0), (np.array([[0.0, 0, 99]]), 1)], 2)
    with pytest.raises(UserError, match=r"labels\[1\] = 7 is outside 0\.\.1"):
        from_samples("mine", [(np.zeros((1, 3)), 0), (np.zeros((1, 3)), 7)], 2)
    with pytest.raises(UserError, match="is empty"):
        from_samples("mine", [], 2)
    with pytest.raises(UserError, match=r"n_test 2 is outside 0\.\.1"):
        from_samples("mine", [(np.zeros((1, 3)), 0), (np.zeros((1, 3)), 1)], 2, n_test=2)


OWN = ("digits", "order", "motion", "sine", "digit_labels")
"""Data sets that need no path."""


@pytest.mark.parametrize("arguments, what", [
    (dict(name="cifar"), f"'cifar' is unknown; choose one of {', '.join(LOADERS)}"),
    (dict(name="digits", downsample=2), "option 'downsample' is unknown; its options are bias, validation, n_test"),
    (dict(name="digits", n_test=-1), "n_test -1 is not a whole number"),
    (dict(name="digits", n_test=1.5), "n_test 1.5 is not a whole number"),
    (dict(name="digits", n_test=9), r"n_test 9 is outside 10\.\.1787"),
    (dict(name="digits", seed=-1), "seed -1 is not a whole number"),
    (dict(name="digits", steps=0), "steps 0 is not at least 1"),
    (dict(name="digits", n_test=10**400), r"n_test 1000.*\(401 characters\) is not a whole number"),
    (dict(name="npz", path="~nobody-of-that-name/x.npz"), "names a user that is not known here"),
    (dict(name="idx", path="a\0b"), "holds a NUL"), (dict(name="nmnist", path="n" * 5000), "has no folder Train"),
    (dict(name="digits", bias=2), "bias 2 is not 0 or 1"),
    (dict(name="digits", validation=-1), "validation -1 is not a whole number"),
    (dict(name="digits", validation=0.5), "validation 0.5 is not a whole number"),
    (dict(name="digits", validation=1437), r"validation 1437 is outside 0\.\.1436, as it has 1437 training samples"),
    (dict(name="digits", path="/tmp"), "'digits' needs no path"),
    *[(dict(name=name), f"'{name}' needs a path") for name in LOADERS if name not in OWN],
    *[(dict(name=name, path="/no/such/place"), "/no/such/place") for name in LOADERS if name not in OWN]])
def test_load_refuses_what_it_does_not_know_in_one_line(arguments, what):
    with pytest.raises(UserError, match=what) as caught:
        load(**arguments)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("own_test", [False, True], ids=["a fifth held back", "own test arrays"])
def test_validation_puts_the_last_training_samples_in_the_place_of_the_test_samples(tmp_path, own_test):
    frames, labels = np.arange(40 * 3).reshape(40, 1, 3) // 8, np.arange(40) % 4
    test = dict(test_frames=15 - frames[:5], test_labels=labels[:5]) if own_test else {}
    np.savez(tmp_path / "mine.npz", frames=frames, labels=labels, **test)
    whole, split = (load("npz", tmp_path / "mine.npz", seed=3, validation=n) for n in (0, 7))
    for part in ("frames", "labels"):
        train = getattr(whole, f"train_{part}")
        assert np.array_equal(getattr(split, f"train_{part}"), train[:-7])
        assert np.array_equal(getattr(split, f"test_{part}"), train[-7:])
    assert "the last 7 training samples in the place of the test samples" in split.provenance


def test_digits_are_the_original_values_cut_at_15_split_by_class():
    from sklearn.datasets import load_digits

    dataset = load("digits", seed=3)
    assert dataset.train_frames.shape == (1437, 1, 65) and dataset.test_frames.shape == (360, 1, 65) and dataset.n_classes == 10
    frames = np.concatenate([dataset.train_frames, dataset.test_frames])
    labels = np.concatenate([dataset.train_labels, dataset.test_labels])
    assert (frames[:, 0, 64] == 15).all()
    original = load_digits()
    expected = sorted((int(label), bytes(min(int(v), 15) for v in image.ravel()))
                      for image, label in zip(original.images, original.target, strict=True))
    assert sorted((int(label), frame[0, :64].tobytes()) for frame, label in zip(frames, labels, strict=True)) == expected
    for q in range(10):
        share = np.count_nonzero(original.target == q) * 360 / 1797
        assert abs(np.count_nonzero(dataset.test_labels == q) - share) < 1


def test_digits_keep_their_order_for_a_seed_and_change_it_for_another():
    one, same, other = (load("digits", seed=seed, bias=0) for seed in (1, 1, 2))
    assert one.train_frames.shape == (1437, 1, 64)
    assert np.array_equal(one.train_frames, same.train_frames) and np.array_equal(one.test_labels, same.test_labels)
    assert not np.array_equal(one.train_frames, other.train_frames)
