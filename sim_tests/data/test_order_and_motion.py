"""The two sets whose classes differ in time alone: what is equal in all samples, what tells classes apart, what is refused."""
import numpy as np
import pytest

from lava_opzo.data import load
from lava_opzo.errors import UserError


@pytest.mark.parametrize("steps", [2, 7, 16])
def test_every_line_of_order_sends_once_in_every_sample_so_that_no_count_tells_a_class(steps):
    samples = load("order", steps=steps, bias=0, n_train=60, n_test=9)
    assert samples.train_frames.shape == (60, steps, 32) and samples.test_frames.shape == (9, steps, 32)
    assert (samples.train_frames.sum(axis=1) == 15).all() and set(samples.train_labels) == {0, 1}
    early = samples.train_frames[:, :steps // 2].sum(axis=1)
    assert (early[samples.train_labels == 0] == [15] * 16 + [0] * 16).all()
    assert (early[samples.train_labels == 1] == [0] * 16 + [15] * 16).all()


def test_a_bar_without_noise_moves_one_pixel_a_step_in_the_direction_of_its_class():
    samples = load("motion", steps=8, bias=0, missing=0, noise=0, n_train=40, n_test=0)
    fields = samples.train_frames.reshape(40, 8, 8, 8)
    for field, label in zip(fields, samples.train_labels, strict=True):
        axis, step = (1, 1, 0, 0)[label], (1, -1, 1, -1)[label]
        assert all(np.array_equal(np.roll(before, step, axis), after) for before, after in zip(field, field[1:], strict=False))
        assert (field.sum(axis=0) == 15).all() or (field.sum(axis=(1, 2)) == 8 * 15).all()
    counts = fields.sum(axis=1)
    assert (counts == 15).all(), "over a whole way every pixel sends once, whatever the direction"


def test_a_bar_that_stays_goes_on_from_sample_to_sample_and_turns_at_their_borders_alone():
    stream = load("motion", steps=5, bias=0, missing=0, noise=0, n_train=300, n_test=100, stay=4)
    labels = np.concatenate([stream.train_labels, stream.test_labels])
    fields = np.concatenate([stream.train_frames, stream.test_frames]).reshape(-1, 8, 8)
    place = np.where(np.repeat(labels < 2, 5), fields.any(axis=1).argmax(axis=1), fields.any(axis=2).argmax(axis=1))
    assert np.array_equal(np.diff(place) % 8, np.repeat(1 - 2 * (labels % 2), 5)[1:] % 8)
    turns = np.flatnonzero(np.diff(labels))
    assert set(labels) == {0, 1, 2, 3} and 3 < len(labels) / (len(turns) + 1) < 8, "one new draw in four is the same direction"


def test_the_same_seed_gives_the_same_samples_and_another_one_others():
    for name in ("order", "motion"):
        first, again, other = (load(name, steps=4, seed=seed, n_train=20, n_test=5) for seed in (1, 1, 2))
        assert np.array_equal(first.train_frames, again.train_frames) and np.array_equal(first.test_labels, again.test_labels)
        assert not np.array_equal(first.train_frames, other.train_frames)


@pytest.mark.parametrize("name, options, fragments", [
    ("order", {"lines": 5}, "lines 5 is odd"), ("order", {"lines": 0}, "lines 0 is outside 2..4096"),
    ("order", {"steps": 1}, "steps 1 is outside 2..1024"), ("motion", {"side": 1}, "side 1 is outside 2..64"),
    ("motion", {"missing": 100}, "missing 100 is outside 0..99"), ("motion", {"n_train": 0}, "n_train 0 is outside 1.."),
    ("motion", {"side": 64, "n_train": 100000}, "events (samples x steps x side x side)"),
    ("order", {"path": "here"}, "needs no path, got here"), ("motion", {"speed": 2}, "option 'speed' is unknown"),
    ("motion", {"stay": 100_001}, "stay 100001 is outside 0..100000")])
def test_what_cannot_be_drawn_is_refused_in_one_line(name, options, fragments):
    with pytest.raises(UserError) as found:
        load(name, **options)
    assert fragments in str(found.value) and "\n" not in str(found.value)
