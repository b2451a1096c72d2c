"""Events in memory, of a sensor of any size, become a data set; a pixel outside of the sensor is named and never counted."""
import re

import numpy as np
import pytest

from lava_opzo.data import from_events
from lava_opzo.data.binning import Encoding
from lava_opzo.errors import UserError

FIELDS = [("x", np.int16), ("y", np.int16), ("t", np.int64), ("p", bool)]


def events(*rows) -> np.ndarray:
    return np.array([tuple(row) for row in rows], FIELDS)


def random_recordings(n: int, height: int, width: int) -> list[np.ndarray]:
    rng = np.random.default_rng(3)
    return [np.stack([rng.integers(width, size=50), rng.integers(height, size=50), np.sort(rng.integers(9999, size=50)),
                      rng.integers(2, size=50)], axis=1) for _ in range(n)]


def plain_counts(recording, height, width, steps, downsample):
    rows, columns = -(-height // downsample), -(-width // downsample)
    first, last = min(t for _, _, t, _ in recording), max(t for _, _, t, _ in recording)
    frames = np.zeros((steps, 2, rows, columns), int)
    for x, y, t, p in recording.tolist():
        frames[(t - first) * steps // (last - first + 1), p, y // downsample, x // downsample] += 1
    return np.minimum(frames, 15).reshape(steps, -1)


@pytest.mark.parametrize("downsample", [1, 4])
def test_a_sensor_need_not_be_square_and_every_event_is_counted_at_its_place(downsample):
    recordings = random_recordings(5, 26, 34)
    dataset = from_events(recordings, [0, 1, 2, 1, 0], 26, 34, steps=3, downsample=downsample, n_test=0)
    expected = {plain_counts(one, 26, 34, 3, downsample).astype(np.uint8).tobytes() for one in recordings}
    assert {frame.tobytes() for frame in dataset.train_frames} == expected and dataset.n_classes == 3


def test_arrays_of_four_columns_in_any_order_equal_structured_ones():
    recordings = random_recordings(6, 10, 12)
    structured = [events(*one) for one in recordings]
    other = [one[:, [2, 0, 1, 3]] for one in recordings]
    found = [from_events(given, [0, 1] * 3, 10, 12, columns=columns, n_test=2).train_frames
             for given, columns in ((recordings, "xytp"), (other, "txyp"), (structured, "xytp"))]
    assert np.array_equal(found[0], found[1]) and np.array_equal(found[0], found[2])


@pytest.mark.parametrize(("place", "value", "wanted"), [
    ("x", 260, "x = 260, expected 0..259"), ("x", -1, "x = -1, expected 0..259"), ("y", 346, "y = 346, expected 0..345"),
    ("p", 2, "p = 2, expected 0..1"), ("x", 0.5, "x = 0.5, expected"), ("t", 0.25, "t = 0.25, expected"),
    ("t", float("nan"), "t = nan, expected")])
def test_the_first_event_outside_is_named_with_its_recording_and_index(place, value, wanted):
    good = np.array([[1, 2, 3, 1]] * 4, type(value))
    bad = good.copy()
    bad[2, "xytp".index(place)] = value
    with pytest.raises(UserError, match=re.escape(f"recording 1: event 2 has {wanted}")):
        from_events([good, bad], [0, 1], 346, 260)


def test_a_plug_in_that_gives_the_wrong_size_to_the_binning_is_refused():
    with pytest.raises(UserError, match=r"event 1 has x = 300, expected 0\.\.259; the sensor has height 260 and width 260"):
        Encoding("mine", 260, 8).counts(events((1, 1, 0, 0), (300, 1, 5, 1)))


@pytest.mark.parametrize(("given", "message"), [
    ([np.zeros((0, 4), int)], "shape (0,); give at least one event"), ([np.zeros((3, 3), int)], "has shape (3, 3)"),
    ([np.zeros(3, [("x", int), ("y", int), ("t", int)])], "no field p"), ([[["a", 1, 2, 3]]], "type <U")])
def test_what_is_no_recording_is_refused(given, message):
    with pytest.raises(UserError, match=re.escape(message)):
        from_events(given, [0], 4, 4)


@pytest.mark.parametrize(("options", "message"), [
    (dict(height=0), "height 0 of the sensor"), (dict(width=2.5), "width 2.5 of the sensor"),
    (dict(columns="xyt"), "columns 'xyt' is no order"), (dict(labels=[0]), "labels has shape (1,)"), (dict(steps=0), "steps 0"),
    (dict(downsample=1.5), "downsample 1.5")])
def test_wrong_arguments_are_named(options, message):
    arguments = dict(labels=[0, 1], height=4, width=4) | options
    with pytest.raises(UserError, match=re.escape(message)):
        from_events([[[1, 1, 1, 1]]] * 2, **arguments)
