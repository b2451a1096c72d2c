"""A learner whose neurons go on from one piece of a stream to the next: the engine's bits, however the stream is handed over."""
import numpy as np
import pytest

from lava_opzo import Learner, Replay
from lava_opzo.engines.registry import make
from lava_opzo.errors import UserError
from lava_opzo.network.initial import initial_state
from lava_opzo.network.state import carried
from sim_tests.helpers.networks import by_step, carrying, differing, random_samples, small_network, step_labels

NETWORK = carrying(small_network(windows=1), 1)
FRAMES, LABELS = random_samples(NETWORK, 8, rows=5, seed=1)[0], step_labels(NETWORK, 8, seed=1)


def unbroken(frames=FRAMES, labels=LABELS):
    """(state, predictions) of the twin that is given everything at once."""
    with make("twin", NETWORK, initial_state(NETWORK), "fixed", 5) as engine:
        predictions = engine.train(frames, labels)
        return engine.state(), predictions


@pytest.mark.parametrize("engine", ["twin", "fast"])
def test_one_by_one_many_at_once_or_from_an_iterable_the_bits_are_those_of_the_engine(engine):
    state, predictions = unbroken()
    with Learner(NETWORK, engine=engine) as learner:
        found = [learner.learn(FRAMES[0], LABELS[0]).tolist(), *learner.learn(FRAMES[1:4], LABELS[1:4]).tolist()]
        found += [one.prediction for one in learner.learn_stream(zip(FRAMES[4:], LABELS[4:], strict=True), chunk=3)]
    assert found == predictions.tolist() and differing(learner.state, state) == []


def test_the_rolling_accuracy_is_of_the_last_labelled_steps():
    _, predictions = unbroken()
    learner, right = Learner(NETWORK, window=4), []
    assert learner.accuracy is None
    assert next(learner.learn_stream([(FRAMES[0], np.full(5, -1))])).accuracy is None
    learner = Learner(NETWORK, window=4)
    for frames, labels, told in zip(FRAMES, LABELS, predictions, strict=True):
        right += (told == labels)[labels >= 0].tolist()
        (step,) = learner.learn_stream([(frames, labels)])
        assert (step.prediction, step.label) == (told.tolist(), labels.tolist())
        assert step.accuracy == learner.accuracy == (np.mean(right[-4:]) if right else None)


def test_one_label_for_all_steps_is_answered_in_every_step():
    frames, (label, *_) = random_samples(NETWORK, 1, rows=5)
    learner = Learner(NETWORK)
    told = learner.learn(frames[0], int(label))
    assert told.shape == (5,) and told[0] == -1 and (told[1:] >= 0).all()
    assert learner.predict(frames).shape == (1, 5) and learner.predict(frames[0]).shape == (5,)


def test_predicting_moves_the_stream_on_and_settling_ends_it():
    learner = Learner(NETWORK)
    learner.learn(FRAMES[:3], LABELS[:3])
    held = learner.state
    first, second = learner.predict(FRAMES[3]), learner.state
    assert set(differing(held, second)) <= set(carried(NETWORK)) and differing(held, second)
    learner.settle()
    assert not any(np.any(learner.state[name]) for name in carried(NETWORK))
    with make("twin", NETWORK, held, "fixed", 5) as engine:
        assert engine.evaluate(FRAMES[3:4], every_step=True).tolist() == [first.tolist()]


def test_a_learner_that_is_saved_in_the_middle_of_a_stream_goes_on_with_it(tmp_path):
    state, predictions = unbroken()
    learner = Learner(NETWORK)
    learner.learn(FRAMES[:5], LABELS[:5])
    learner.save(tmp_path / "half.safetensors")
    again = Learner.load(tmp_path / "half.safetensors")
    assert again.learn(FRAMES[5:], LABELS[5:]).tolist() == predictions[5:].tolist() and differing(again.state, state) == []


def test_a_frozen_learner_answers_every_step_and_keeps_its_weights():
    learner = Learner(NETWORK)
    learner.learn(FRAMES[:3], LABELS[:3])
    before, learner.frozen = learner.state, True
    assert learner.learn(FRAMES[3], LABELS[3]).shape == (5,)
    assert set(differing(before, learner.state)) <= set(carried(NETWORK))


def test_steps_have_labels_without_a_stream_too():
    network = by_step(small_network(windows=1))
    learner = Learner(network)
    assert learner.learn(FRAMES, LABELS).shape == (8, 5) and learner.accuracy is not None
    assert isinstance(learner.predict(FRAMES[0]), int)


def test_a_memory_would_break_into_the_stream_and_is_refused_before_anything_is_learned():
    learner = Learner(NETWORK, replay=Replay(4))
    with pytest.raises(UserError, match="learner: a memory of past samples would break into the stream"):
        learner.learn(FRAMES[0], LABELS[0])
    assert differing(learner.state, initial_state(NETWORK)) == []


def test_a_sample_whose_labels_do_not_fit_is_refused_by_its_number_and_those_before_it_are_learned():
    learner = Learner(NETWORK)
    with pytest.raises(UserError, match=r"sample 2: labels: shape \(1, 3\) is not \(1, 5\), a class of every step"):
        list(learner.learn_stream([(FRAMES[0], LABELS[0]), (FRAMES[1], LABELS[1]), (FRAMES[2], [0, 1, 2])]))
    assert learner.state.n_trained == 2


def test_doubts_are_judged_by_labelled_steps_alone():
    frames, labels = random_samples(NETWORK, 400, rows=5, seed=2)[0], step_labels(NETWORK, 400, seed=3)
    with pytest.warns(match=f"of the last {(labels >= 0).sum()} answers were right, .* naming the most frequent class"):
        Learner(NETWORK).learn(frames, labels)
