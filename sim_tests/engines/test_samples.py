"""Samples that are none are refused in one line by every engine, before anything learns."""
import numpy as np
import pytest

from lava_opzo.engines import registry
from lava_opzo.engines.samples import check_frames, check_labels, check_sample
from lava_opzo.errors import UserError
from lava_opzo.network.initial import initial_state
from sim_tests.helpers.networks import random_samples, small_network

NETWORK = small_network()
FRAMES, LABELS = random_samples(NETWORK, 3)


class Refuses:
    """An object that will not become an array."""

    def __array__(self, *arguments):
        raise RuntimeError("several\nlines")


WRONG_FRAMES = [None, 5, "frames", [[1, 2], [3]], Refuses(), FRAMES[0], FRAMES[:, :, :-1], FRAMES.astype(float), FRAMES + np.nan,
                FRAMES.astype(object), FRAMES.astype(str), FRAMES.astype(bool), FRAMES.astype(np.int64) - 1,
                FRAMES.astype(np.int64) + 16]
WRONG_LABELS = [None, 5, "abc", [[0], [1, 2], [0]], Refuses(), LABELS[:2], LABELS[None], LABELS.astype(float), LABELS + np.nan,
                LABELS.astype(str), LABELS - 100, LABELS + 100, LABELS.astype(np.uint64) + (1 << 63), [True, False, True]]


def line(function, *arguments) -> str:
    with pytest.raises(UserError) as error:
        function(NETWORK, *arguments)
    assert len(str(error.value).splitlines()) == 1
    return str(error.value)


@pytest.mark.parametrize("frames", WRONG_FRAMES, ids=range(len(WRONG_FRAMES)))
def test_frames_that_are_none_are_one_line(frames):
    assert line(check_frames, frames).startswith("frames: ")


@pytest.mark.parametrize("labels", WRONG_LABELS, ids=range(len(WRONG_LABELS)))
def test_labels_that_are_none_are_one_line(labels):
    assert line(check_labels, labels, 3).startswith("labels: ")


def test_one_sample_is_checked_as_many_are():
    frames, labels = check_sample(NETWORK, FRAMES[1], LABELS[1])
    assert np.array_equal(frames, FRAMES[1:2]) and labels.tolist() == [LABELS[1]]
    assert line(check_sample, [[1], [1, 2]], 0).startswith("frames: ")
    assert line(check_sample, FRAMES[0], 0.5).startswith("labels: ")


def test_the_oracle_refuses_what_the_other_engines_refuse():
    recorder = registry.recorder("oracle", NETWORK, initial_state(NETWORK), 1)
    for frames, label in ((FRAMES[0].astype(float), 0), (FRAMES[0], -1), (FRAMES[0], "1"), (None, 0)):
        with pytest.raises(UserError):
            recorder.sample(frames, label)
