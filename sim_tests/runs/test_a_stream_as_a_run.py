"""A run whose samples are pieces of one stream: learned in their order, broken off and resumed without a differing bit."""
from dataclasses import replace

import numpy as np
import pytest

from lava_opzo.data import load
from lava_opzo.engines.registry import make
from lava_opzo.errors import UserError
from lava_opzo.experiment.choose import choose
from lava_opzo.experiment.experiment import Data, Experiment, Training, dumps, loads
from lava_opzo.experiment.samples import load_data
from lava_opzo.network.initial import initial_state
from lava_opzo.network.state import carried
from lava_opzo.runs import checkpoint, loop, start
from lava_opzo.runs.answers import predictions
from lava_opzo.runs.counted import Counted
from lava_opzo.runs.folder import RunFolder
from lava_opzo.runs.presentation import Presentation
from sim_tests.helpers.commands import assert_one_line, command
from sim_tests.helpers.networks import carrying, differing, small_network

OPTIONS = {"side": 3, "n_train": 12, "n_test": 8, "stay": 3, "bias": 0}


@pytest.fixture
def experiment():
    return Experiment(Data("motion", options=OPTIONS), carrying(small_network(windows=1)), Training(2, in_order=True))


def samples(experiment):
    return load("motion", steps=5, **OPTIONS)


def silent(progress, text):
    pass


@pytest.mark.parametrize("stop_after", [5, 12])
def test_broken_off_and_resumed_in_lava_it_learns_the_bits_of_an_unbroken_run(experiment, tmp_path, stop_after):
    dataset = samples(experiment)
    whole, broken = (RunFolder.create(tmp_path / name, experiment) for name in ("whole", "broken"))
    result = start.start(experiment, dataset, whole, silent, "twin")
    with make("twin", experiment.network, initial_state(experiment.network), "fixed", 5) as engine:
        engine.chunk = 1
        for progress in loop.train(engine, dataset, experiment.training):
            if progress.done == stop_after:
                break
        broken.save(experiment, engine.state(), Counted(hits=progress.hits_in_epoch))
    resumed = start.resume(broken, silent, "lava")
    one, other = (checkpoint.load(run.checkpoint)[1] for run in (whole, broken))
    assert differing(one, other) == [] and all(np.any(one[name]) for name in carried(experiment.network))
    assert resumed["test_accuracy"] == result["test_accuracy"]
    told = predictions(experiment.network, one, dataset.test_frames)
    assert np.mean(told == dataset.test_labels) == result["test_accuracy"], "a test begins at rest, whenever it is asked"


def test_samples_keep_their_order_in_every_epoch(experiment):
    dataset = samples(experiment)
    presented = Presentation(dataset, experiment.training)
    for epoch in range(2):
        frames, labels = presented.part(12 * epoch, 12)
        assert np.array_equal(frames, dataset.train_frames) and np.array_equal(labels, dataset.train_labels)


def test_a_shuffled_stream_is_refused_and_its_file_says_that_it_keeps_its_order(experiment):
    assert loads(dumps(experiment)) == experiment and "in_order = true" in dumps(experiment)
    with pytest.raises(UserError, match="the training shuffles samples; set training.in_order = true"):
        replace(experiment, training=Training(2))
    for moved in ({"jitter": 1}, {"mirror": True}):
        with pytest.raises(UserError, match="change every piece of a stream by itself"):
            replace(experiment, training=Training(2, in_order=True, **moved))


@pytest.mark.parametrize("data, message", [
    (Data("motion", options={**OPTIONS, "stay": 0}), "data set 'motion' without its option stay .* set stay = 4"),
    (Data("npz", "mine.npz"), "data set 'npz' without its option in_order .* set in_order = 1"),
    (Data("digits"), "the samples of data set 'digits' are no pieces of one stream")])
def test_data_that_is_read_in_another_order_than_a_streams_is_refused_before_it_is_read(experiment, data, message):
    with pytest.raises(UserError, match=message):
        load_data(replace(experiment, data=data))


def test_the_recipe_learns_a_stream_by_one_option(tmp_path):
    experiment, _ = choose("motion", None, "20", updates="step", carry=True)
    assert experiment.network.learning.carry and experiment.training.in_order
    told = command("train", "--dataset", "motion", "--updates", "step", "--carry", "--hidden", "20", "--epochs", "1", "--out",
                   tmp_path / "run")
    assert told.code == 0
    verified = command("verify", "--config", tmp_path / "run" / "config.toml", "--engines", "fast,twin,oracle", "--samples", "2")
    assert verified.code == 0 and "0 differ" in verified.output


def test_samples_of_a_file_are_pieces_of_a_stream_in_the_order_of_the_file(tmp_path):
    frames = np.random.default_rng(1).integers(0, 16, (30, 16, 4)).astype(np.uint8)
    np.savez(tmp_path / "mine.npz", frames=frames, labels=np.arange(30) % 3)
    experiment, dataset = choose("npz", tmp_path / "mine.npz", "5", updates="step", carry=True)
    assert experiment.data.options == {"in_order": 1} and "in the order of the file" in dataset.provenance
    assert np.array_equal(np.concatenate([dataset.train_frames, dataset.test_frames])[..., :-1], frames)
    assert dataset.test_labels.tolist() == [0, 1, 2, 0, 1, 2]


@pytest.mark.parametrize("words, fragments", [
    (("--dataset", "digits", "--updates", "step", "--carry"), ("data set 'digits' are no pieces of one stream", "motion, npz")),
    (("--dataset", "motion", "--carry"), ("carry: samples are pieces of one stream", "give --updates step, too")),
    (("--dataset", "motion", "--updates", "step", "--carry", "--engine", "in-the-loop"), ("lacks updates 'step'",))])
def test_carry_that_cannot_be_is_refused_in_one_line(tmp_path, words, fragments):
    assert_one_line(command("train", *words, "--out", tmp_path / "run"), 2, *fragments)
    assert not (tmp_path / "run").exists()
