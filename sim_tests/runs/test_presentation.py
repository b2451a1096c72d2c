"""What a run presents is decided by its experiment alone: the same in one piece, in many, after a resume and for verify."""
from dataclasses import replace

import numpy as np
import pytest

from lava_opzo.data import load
from lava_opzo.data.moving import mirrored, moved
from lava_opzo.experiment.experiment import Data, Experiment, Training, dumps, loads
from lava_opzo.experiment.presets import digits
from lava_opzo.runs.presentation import Presentation, epoch_mirrors, epoch_moves, epoch_order
from lava_opzo.runs.source import training_samples


@pytest.fixture(scope="module")
def images():
    return load("digits")


def test_samples_are_the_same_in_one_piece_and_in_many(images):
    training, n = Training(2, 5, jitter=1, mirror=True), len(images.train_labels)
    whole = [Presentation(images, training).part(epoch * n, n) for epoch in range(2)]
    pieces = [Presentation(images, training).part(done, 700) for done in (0, 700, 1400, n, n + 700, n + 1400)]
    for place in range(2):
        assert np.array_equal(np.concatenate([part[place] for part in whole]), np.concatenate([part[place] for part in pieces]))


def test_without_jitter_the_samples_are_those_of_the_file_and_with_it_they_keep_labels_and_order(images):
    n = len(images.train_labels)
    frames, labels = Presentation(images, Training(1, 5)).part(0, n)
    order = epoch_order(Training(1, 5), 0, n)
    assert np.array_equal(frames, images.train_frames[order]) and np.array_equal(labels, images.train_labels[order])
    other, same = Presentation(images, Training(1, 5, jitter=1)).part(0, n)
    assert np.array_equal(same, labels) and not np.array_equal(other, frames)
    still = (epoch_moves(Training(1, 5, jitter=1), 0, n) == 0).all(axis=1)
    assert 0 < still.sum() < n / 5 and np.array_equal(other[still], frames[still])


def test_moves_are_drawn_anew_in_every_epoch_and_reach_as_far_as_they_may():
    first, second = (epoch_moves(Training(2, 1, jitter=2), epoch, 500) for epoch in (0, 1))
    assert not np.array_equal(first, second) and {*first.flat} == {-2, -1, 0, 1, 2}


def test_one_image_in_two_is_mirrored_before_it_moves_and_which_is_drawn_anew_in_every_epoch(images):
    training, n = Training(2, 5, jitter=1, mirror=True), len(images.train_labels)
    first, second = (epoch_mirrors(training, epoch, n) for epoch in (0, 1))
    assert 0.45 < first.mean() < 0.55 and 0.4 < (first == second).mean() < 0.6
    inner = images.train_frames[epoch_order(training, 1, n)]
    expected = moved(mirrored(inner, images.shape, second), images.shape, epoch_moves(training, 1, n))
    found, labels = Presentation(images, training).part(n, n)
    assert np.array_equal(found, expected) and np.array_equal(labels, images.train_labels[epoch_order(training, 1, n)])
    alone, _ = Presentation(images, Training(2, 5, mirror=True)).part(n, n)
    assert np.array_equal(alone, mirrored(inner, images.shape, second)) and not np.array_equal(alone, inner)


def test_verify_takes_the_samples_that_the_run_would_learn_next(images):
    experiment = Experiment(Data("digits"), digits().network, Training(2, 5, jitter=1, mirror=True))
    n = len(images.train_labels)
    frames, labels = training_samples(experiment, 12, n - 5)
    parts = [Presentation(images, experiment.training).part(done, most) for done, most in ((n - 5, 5), (n, 7))]
    assert np.array_equal(frames, np.concatenate([part[0] for part in parts]))
    assert np.array_equal(labels, np.concatenate([part[1] for part in parts]))


@pytest.mark.parametrize("field", [{"jitter": 1}, {"mirror": True}])
def test_images_that_do_not_move_leave_file_and_hash_of_an_experiment_as_they_were(field):
    experiment = digits()
    assert "jitter" not in dumps(experiment) and "mirror" not in dumps(experiment)
    moving = replace(experiment, training=replace(experiment.training, **field))
    assert loads(dumps(moving)) == moving and moving.hash != experiment.hash
