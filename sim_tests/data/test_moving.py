"""Images are moved and mirrored as a loop over their pixels does it, bias line and other samples untouched."""
import numpy as np
import pytest

from lava_opzo.data.dataset import Dataset
from lava_opzo.data.moving import check_movable, mirrored, moved
from lava_opzo.errors import UserError

SHAPE = (4, 3, 2)


def slowly(frames, shape, moves):
    """The same pixel by pixel."""
    rows, columns, channels = shape
    found = frames.copy()
    for sample, (down, right) in enumerate(moves):
        for frame in range(frames.shape[1]):
            for y in range(rows):
                for x in range(columns):
                    for channel in range(channels):
                        inside = 0 <= y - down < rows and 0 <= x - right < columns
                        line = ((y - down) * columns + x - right) * channels + channel
                        place = (y * columns + x) * channels + channel
                        found[sample, frame, place] = frames[sample, frame, line] if inside else 0
    return found


def dataset(shape, bias=1):
    lines = int(np.prod(shape)) if shape else 24
    frames = np.arange(2 * (lines + bias), dtype=np.int64).reshape(2, 1, -1) % 16
    none = np.empty((0, 1, lines + bias), np.uint8)
    return Dataset("some", 2, frames.astype(np.uint8), np.array([0, 1]), none, np.empty(0, int), "made up", shape)


@pytest.mark.parametrize("bias", [0, 1])
@pytest.mark.parametrize("n_frames", [1, 3])
def test_every_pixel_comes_from_where_its_image_was_and_is_nothing_beyond_its_edge(bias, n_frames):
    rng = np.random.default_rng(bias + n_frames)
    frames = rng.integers(1, 16, (40, n_frames, 24 + bias), np.uint8)
    moves = rng.integers(-2, 2, (40, 2), endpoint=True)
    before = frames.copy()
    found = moved(frames, SHAPE, moves)
    assert found.dtype == np.uint8 and np.array_equal(found, slowly(frames, SHAPE, moves)) and np.array_equal(frames, before)
    assert len(np.unique(moves, axis=0)) > 15  # every way is among them


@pytest.mark.parametrize("bias", [0, 1])
@pytest.mark.parametrize("n_frames", [1, 3])
def test_mirrored_images_have_their_pixels_in_the_opposite_column_and_the_others_stay(bias, n_frames):
    rng = np.random.default_rng(bias + n_frames)
    frames = rng.integers(1, 16, (9, n_frames, 24 + bias), np.uint8)
    which = np.arange(9) % 3 == 1
    before, expected = frames.copy(), frames.copy()
    _, columns, channels = SHAPE
    for sample, frame, y, x, channel in np.ndindex(9, n_frames, *SHAPE):
        if which[sample]:
            expected[sample, frame, (y * columns + x) * channels + channel] = frames[
                sample, frame, (y * columns + columns - 1 - x) * channels + channel]
    found = mirrored(frames, SHAPE, which)
    assert found.dtype == np.uint8 and np.array_equal(found, expected) and np.array_equal(frames, before)
    assert not np.array_equal(found, frames)


def test_what_is_no_image_or_would_be_moved_by_its_own_size_is_refused():
    check_movable(dataset(None), 0)
    check_movable(dataset(SHAPE), 2)
    with pytest.raises(UserError, match="jitter 1 moves images, and the samples of data set 'some' are none; set jitter = 0"):
        check_movable(dataset(None), 1)
    check_movable(dataset(SHAPE), 0, mirror=True)
    with pytest.raises(UserError, match="mirror turns images round, and the samples of data set 'some' are none; set mirror = f"):
        check_movable(dataset(None), 0, mirror=True)
    with pytest.raises(UserError, match="jitter 3 is not below 3, the shorter side"):
        check_movable(dataset(SHAPE), 3)
