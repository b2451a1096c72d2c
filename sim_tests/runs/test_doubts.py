"""A layer that is silent or never rests, and answers at chance, are said once, in one line with what to try; else nothing is."""
import warnings
from dataclasses import replace

import numpy as np
import pytest

from lava_opzo.api import train
from lava_opzo.data.dataset import Dataset
from lava_opzo.errors import LearningWarning
from lava_opzo.experiment.experiment import Data, Experiment, Training
from lava_opzo.experiment.presets import digits
from lava_opzo.learner import Learner
from lava_opzo.network.form import changed
from lava_opzo.runs import start
from lava_opzo.runs.doubts import chance_of, doubts
from lava_opzo.runs.folder import RunFolder
from sim_tests.helpers.networks import small_network

FINE = {"spike_rates": [0.2, 0.2], "n_trained": 500, "right": 0.5, "answers": 500, "chance": 0.25}


@pytest.mark.parametrize("values, key, words", [
    ({"spike_rates": [0.2, 0.0049]}, ("hidden2", "silent"), "'hidden2': 0.0049 spikes per step and neuron, below 0.005"),
    ({"spike_rates": [0.4501, 0.2]}, ("hidden1", "busy"), "'hidden1': 0.45 spikes per step and neuron, above 0.45"),
    ({"right": 0.28}, ("readout", "chance"), "28.0 % of the last 500 answers were right, and naming the most frequent class "
                                             "always gets 25.0 %; try more than 11 neurons")])
def test_each_doubt_is_one_line_with_value_limit_and_next_step(values, key, words):
    found = doubts(small_network(), **{**FINE, **values})
    assert list(found) == [key] and words in found[key] and "; " in found[key] and "\n" not in found[key]


def test_values_at_the_limits_and_early_samples_are_not_doubted():
    network = small_network()
    assert doubts(network, **{**FINE, "spike_rates": [0.005, 0.45], "right": 0.3}) == {}
    assert doubts(network, **{**FINE, "spike_rates": [0.0, 0.6], "right": 0.9}) == {}, "whatever the rates, it learns"
    assert doubts(network, [0.0, 1.0], 499, 0.0, 499, 0.25) == {}
    assert doubts(network, **{**FINE, "right": 1.0, "chance": 1.0}) == {}, "with a single class nothing can be better than chance"


def test_chance_is_the_share_of_the_most_frequent_class():
    assert chance_of(np.array([3, 3, 1, 0])) == 0.5 and chance_of(np.zeros(0, np.int64)) == 1.0


def pictures(n=600):
    """Four classes that two of eight lines tell apart, with a bias line."""
    rng = np.random.default_rng(1)
    labels = rng.integers(0, 4, n).astype(np.int32)
    frames = rng.integers(0, 4, (n, 1, 9)).astype(np.uint8)
    frames[np.arange(n), 0, 2 * labels] = frames[np.arange(n), 0, 2 * labels + 1] = 15
    frames[:, :, -1] = 15
    return frames, labels


def silent(network):
    """The network with a threshold that nothing reaches."""
    return changed(network, hidden=tuple(replace(layer, vth=100_000) for layer in network.hidden))


def test_a_run_warns_once_and_keeps_the_lines_in_its_result(tmp_path):
    network, (frames, labels) = silent(small_network()), pictures()
    dataset = Dataset("own", 4, frames, labels, frames[:0], labels[:0], "made here")
    experiment = Experiment(Data("own"), network, Training(3))
    run = RunFolder.create(tmp_path / "run", experiment)
    with pytest.warns(LearningWarning) as said:
        result = start.start(experiment, dataset, run, lambda progress, text: None, "twin")
    lines = [str(one.message) for one in said if one.category is LearningWarning]
    assert sorted(lines) == sorted(result["warnings"]) and len(lines) == 3
    assert [line.split("'")[1] for line in result["warnings"]] == ["hidden1", "hidden2", "readout"]


def test_a_learner_and_train_from_python_warn_of_the_same(recwarn):
    network, (frames, labels) = silent(small_network()), pictures()
    learner = Learner(network)
    for part in np.split(np.arange(600), 6):
        learner.learn(frames[part], labels[part])
    lines = {str(one.message).split(":")[0] for one in recwarn if one.category is LearningWarning}
    assert lines == {"population 'hidden1'", "population 'hidden2'", "population 'readout'"} and len(recwarn) == 3
    with pytest.warns(LearningWarning, match="population 'hidden1': 0.0000 spikes"):
        train(network, frames, labels)


def test_nothing_is_said_of_a_network_that_learns():
    frames, labels = pictures()
    with warnings.catch_warnings():
        warnings.simplefilter("error", LearningWarning)
        train(small_network(), frames, labels, epochs=2)
        Learner(small_network()).learn(frames, labels)


def test_the_rates_of_the_digits_preset_are_not_doubted():
    assert doubts(digits().network, [0.351, 0.359], 1437, 0.7, 1437, 0.1) == {}
