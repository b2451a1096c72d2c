"""A learner whose neurons go on from one piece of a stream to the next: the engine's bits, however the stream is handed over."""
import numpy as np
import pytest

from lava_opzo import Learner, Replay, evaluate, load_run, resume, train
from lava_opzo.engines.registry import make
from lava_opzo.errors import SimulationError, UserError
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
    with pytest.raises(UserError, match="learner: a memory of past samples would break into the stream"):
        Learner(NETWORK, replay=Replay(4))
    learner = Learner(NETWORK)
    learner.replay = Replay(4)
    with pytest.raises(UserError, match="learner: a memory of past samples would break into the stream"):
        learner.learn(FRAMES[0], LABELS[0])
    assert differing(learner.state, initial_state(NETWORK)) == []


@pytest.mark.parametrize("n", [1, 5, 8])
def test_a_frozen_learner_without_a_stream_is_asked_after_every_step_that_has_a_label(n):
    """Even where there are as many samples as steps."""
    network = by_step(small_network(windows=1))
    learner = Learner(network)
    learner.learn(FRAMES, LABELS)
    learner.frozen = True
    frames, told = FRAMES[:n], learner.learn(FRAMES[:n], LABELS[:n])
    with make("twin", network, learner.state, "fixed", 5) as engine:
        wanted = engine.evaluate(frames, every_step=True)
    assert told.tolist() == wanted.tolist() and learner.learn(frames, np.zeros(n, int)).shape == (n,)


def test_a_piece_without_any_label_is_one_of_minus_ones():
    learners = [Learner(NETWORK), Learner(NETWORK)]
    told = [learner.learn(FRAMES[0], label).tolist() for learner, label in zip(learners, (-1, [-1] * 5), strict=True)]
    assert told[0] == told[1] and differing(*(learner.state for learner in learners)) == []
    assert learners[0].accuracy is None
    plain = Learner(by_step(small_network(windows=1)))
    assert isinstance(plain.learn(FRAMES[0], -1), int) and plain.accuracy is None


def test_labels_of_steps_and_of_samples_are_not_mixed_without_a_stream():
    network = by_step(small_network(windows=1))
    mixed = [(FRAMES[0], 1), (FRAMES[1], LABELS[1])]
    with pytest.raises(UserError, match="sample 1: is labelled step by step, and sample 0 is not; label all samples alike"):
        list(Learner(network).learn_stream(mixed, chunk=2))
    learner = Learner(network, replay=Replay(4))
    learner.learn(FRAMES[:3], LABELS[:3])
    with pytest.raises(UserError, match="replay: labels of shape .* label all samples alike"):
        learner.learn(FRAMES[3], 1)
    assert learner.learn(FRAMES[3], LABELS[3]).shape == (5,)


def test_settling_where_lavas_processes_have_died_says_what_was_lost():
    learner = Learner(NETWORK, engine="fast")
    learner.learn(FRAMES[0], LABELS[0])
    for process in learner._session._engine.graph.input.runtime._messaging_infrastructure.actors:
        process.kill()
    with pytest.raises(SimulationError):
        learner.settle()
    for call in (lambda: learner.state, lambda: learner.predict(FRAMES[0]), learner.stop):
        with pytest.raises(SimulationError, match="go on from what was saved with Learner.load"):
            call()


def test_a_program_trains_a_stream_in_its_order_and_a_run_folder_of_it_says_so(tmp_path):
    labels = np.arange(8) % 4
    learner = Learner(NETWORK)
    learner.learn(FRAMES, labels)
    result = train(NETWORK, FRAMES, labels)
    kept = train(NETWORK, FRAMES, labels, out=tmp_path / "run")
    for found in (result, kept):
        assert differing(found.state, learner.state) == []
    assert load_run(tmp_path / "run").experiment.data.options["in_order"] == 1
    assert resume(tmp_path / "run", epochs=2).state.n_trained == 16
    every = evaluate(NETWORK, result.state, FRAMES, every_step=True)
    assert every.shape == (8, 5) and every[:, -1].tolist() == evaluate(NETWORK, result.state, FRAMES).tolist()
    for given in (LABELS, np.full(8, -1)):
        with pytest.raises(UserError, match="train: a sample has one label here, .* hand such samples over with Learner"):
            train(NETWORK, FRAMES, given)


def test_a_sample_whose_labels_do_not_fit_is_refused_by_its_number_and_those_before_it_are_learned():
    learner = Learner(NETWORK)
    with pytest.raises(UserError, match=r"sample 2: labels: shape \(1, 3\) is not \(1, 5\), a class of every step"):
        list(learner.learn_stream([(FRAMES[0], LABELS[0]), (FRAMES[1], LABELS[1]), (FRAMES[2], [0, 1, 2])]))
    assert learner.state.n_trained == 2


def test_doubts_are_judged_by_labelled_steps_alone():
    frames, labels = random_samples(NETWORK, 400, rows=5, seed=2)[0], step_labels(NETWORK, 400, seed=3)
    with pytest.warns(match=f"of the last {(labels >= 0).sum()} answers were right, .* naming the most frequent class"):
        Learner(NETWORK).learn(frames, labels)
