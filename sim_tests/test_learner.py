"""A learner that is handed samples one by one has the bits of a training that has them at once, in every engine."""
from itertools import islice

import numpy as np
import pytest

from lava_opzo import LOIHI_254, Learner, evaluate, initial_state
from lava_opzo.board.preflight import preflight
from lava_opzo.errors import SimulationError, UserError
from lava_opzo.experiment.samples import load_data
from lava_opzo.export.forward import forward_of
from lava_opzo.network.form import changed
from lava_opzo.runs import checkpoint, start
from lava_opzo.runs.folder import RunFolder
from lava_opzo.runs.source import open_source
from lava_opzo.silicon.boards import find
from sim_tests.helpers.begun_run import silent
from sim_tests.helpers.commands import assert_one_line, command
from sim_tests.helpers.networks import differing, random_samples, small_network, with_layer
from sim_tests.helpers.streams import at_once, endless
from sim_tests.helpers.tiny_run import write_tiny_run

NETWORK = small_network()
FRAMES, LABELS = random_samples(NETWORK, 40)


@pytest.fixture(scope="module")
def whole():
    return at_once(NETWORK, FRAMES, LABELS)


def taught(learner, start=0, stop=40):
    """Learn by every way of calling; the predictions."""
    first = [learner.learn(FRAMES[start], int(LABELS[start])), learner.learn(FRAMES[start + 1, 0], LABELS[start + 1])]
    many = learner.learn(FRAMES[start + 2:start + 5], LABELS[start + 2:start + 5].tolist())
    rest = zip(FRAMES[start + 5:stop], LABELS[start + 5:stop], strict=True)
    return [*first, *many, *(step.prediction for step in learner.learn_stream(rest, chunk=4))]


def test_one_by_one_in_chunks_and_from_a_stream_gives_the_bits_of_all_at_once(whole):
    learner = Learner(NETWORK)
    predictions = taught(learner)
    assert differing(learner.state, whole[0]) == [] and predictions == whole[1].tolist()
    assert np.array_equal(learner.predict(FRAMES), evaluate(NETWORK, whole[0], FRAMES))
    assert learner.predict(FRAMES[3]) == evaluate(NETWORK, whole[0], FRAMES)[3] and type(learner.predict(FRAMES[3])) is int
    assert differing(learner.state, whole[0]) == []


def test_lava_has_the_same_calls_and_bits_saves_and_goes_on_after_its_end(whole, tmp_path):
    with Learner(NETWORK, engine="fast") as learner:
        predictions = taught(learner, stop=15)
        assert learner.predict(FRAMES[0]) == evaluate(NETWORK, learner.state, FRAMES[:1])[0]
        learner.save(tmp_path / "half.safetensors")
        seen = learner.seen
    assert learner.seen == seen and sum(seen.rail_touches.values()) > 0
    twin = Learner.load(tmp_path / "half.safetensors")
    assert differing(twin.state, learner.state) == [] and learner.state.n_trained == 15
    assert [*predictions, *taught(twin, start=15)] == whole[1].tolist() and differing(twin.state, whole[0]) == []
    assert twin.seen.rail_touches == at_once_seen().rail_touches
    assert np.allclose(twin.seen.spike_rates, at_once_seen().spike_rates)


def at_once_seen():
    learner = Learner(NETWORK)
    learner.learn(FRAMES, LABELS)
    return learner.seen


def test_processes_of_lava_that_fail_are_said_to_have_lost_what_they_learned_and_nothing_goes_back_in_silence(tmp_path):
    with pytest.raises(UserError, match="frames: values"), Learner(NETWORK, engine="fast") as learner:
        learner.learn(FRAMES[:2], LABELS[:2])
        learner.save(tmp_path / "a.safetensors")
        learner._session._engine.stop()
        with pytest.raises(SimulationError):
            learner.learn(FRAMES[2], 0)
        for ask in (lambda: learner.learn(FRAMES[2], 0), lambda: learner.predict(FRAMES[2]), lambda: learner.state,
                    lambda: learner.save(tmp_path / "a.safetensors"), lambda: learner.change("network.hidden.1.y_shift", 3)):
            with pytest.raises(SimulationError, match="lost; go on from what was saved with Learner.load"):
                ask()
        learner.learn(FRAMES[2] + 16, 0)
    assert Learner.load(tmp_path / "a.safetensors").state.n_trained == 2


def test_a_never_ending_source_is_learned_as_it_is_asked_and_tells_the_rolling_accuracy():
    learner, right = Learner(NETWORK, window=10), []
    assert learner.accuracy is None
    for step in islice(learner.learn_stream(endless(FRAMES, LABELS)), 100):
        right.append(step.prediction == step.label)
        assert step.accuracy == np.mean(right[-10:]) == learner.accuracy
    assert learner.state.n_trained == 100
    assert differing(learner.state, at_once(NETWORK, *(np.resize(a, (100, *a.shape[1:])) for a in (FRAMES, LABELS)))[0]) == []


@pytest.mark.parametrize("failure", [KeyboardInterrupt, OSError])
def test_what_a_source_gave_before_it_failed_is_learned(failure, whole):
    def source():
        yield from zip(FRAMES[:7], LABELS[:7], strict=True)
        raise failure

    learner = Learner(NETWORK)
    with pytest.raises(failure):
        list(learner.learn_stream(source(), chunk=5))
    assert differing(learner.state, at_once(NETWORK, FRAMES[:7], LABELS[:7])[0]) == []


def test_the_bias_line_is_appended_where_the_input_has_one_line_more():
    network = changed(NETWORK, n_in=NETWORK.input.n + 1)
    biased = np.concatenate([FRAMES, np.full((40, 1, 1), 15, np.uint8)], axis=2)
    bare, full = Learner(network), Learner(network)
    taught(bare)
    full.learn(biased, LABELS)
    assert differing(bare.state, full.state) == [] and np.array_equal(bare.predict(FRAMES), full.predict(biased))


def test_frames_of_every_step_and_of_all_steps_may_follow_each_other():
    rows, _ = random_samples(NETWORK, 6, rows=5)
    learner = Learner(NETWORK)
    learner.learn(FRAMES[:4], LABELS[:4])
    learner.learn(rows, LABELS[:6])
    learner.learn(rows[0], LABELS[0])
    state, _ = at_once(NETWORK, FRAMES[:4], LABELS[:4])
    state, _ = at_once(NETWORK, np.concatenate([rows, rows[:1]]), np.append(LABELS[:6], LABELS[0]), state)
    assert differing(learner.state, state) == []


def test_a_frozen_learner_predicts_and_nothing_changes(whole):
    learner = Learner(NETWORK, state=whole[0])
    learner.frozen = True
    assert np.array_equal(learner.learn(FRAMES, LABELS), evaluate(NETWORK, whole[0], FRAMES))
    assert differing(learner.state, whole[0]) == []
    assert learner.accuracy == np.mean(evaluate(NETWORK, whole[0], FRAMES) == LABELS)
    learner.frozen = False
    learner.learn(FRAMES[0], LABELS[0])
    assert learner.state.n_trained == 41


def test_another_learning_rate_on_the_way_is_that_of_a_network_with_these_constants_and_is_kept(tmp_path):
    slower = with_layer(with_layer(NETWORK, 1, y_shift=11), 2, y_shift=11)
    learner = Learner(NETWORK)
    learner.learn(FRAMES[:20], LABELS[:20])
    learner.change("network.hidden.*.y_shift", 11)
    learner.learn(FRAMES[20:], LABELS[20:])
    before, _ = at_once(NETWORK, FRAMES[:20], LABELS[:20])
    assert learner.network == slower and differing(learner.state, at_once(slower, FRAMES[20:], LABELS[20:], before)[0]) == []
    learner.change("network.hidden.*.y_shift", 8)
    learner.save(tmp_path / "a.safetensors")
    _, _, counted = checkpoint.load(tmp_path / "a.safetensors")
    assert [(one.n_trained, one.old, one.new) for one in counted.changes] == [(20, 9, 11)] * 2 + [(40, 11, 8)] * 2
    assert Learner.load(tmp_path / "a.safetensors").network.hidden[0].y_shift == 8


@pytest.mark.parametrize("key, value, words", [
    ("training.epochs", 3, "'training.epochs' has no effect on a stream"), ("network.seed", 2, "cannot be changed any more"),
    ("network.hidden.3.y_shift", 2, "'3' is not in"), ("network.hidden.1.y_shift", 99, "y_shift 99"),
    ("network.learning.gate", "count", "gate 'count'")])
def test_a_change_that_cannot_be_is_refused_and_changes_nothing(key, value, words):
    learner = Learner(NETWORK)
    learner.learn(FRAMES[:3], LABELS[:3])
    with pytest.raises(UserError, match=words):
        learner.change(key, value)
    learner.learn(FRAMES[3:], LABELS[3:])
    assert learner.network == NETWORK and differing(learner.state, at_once(NETWORK, FRAMES, LABELS)[0]) == []


@pytest.mark.parametrize("frames, labels, words", [
    (FRAMES[:, 0], LABELS, r"one sample of 40 frames, it has 1 or 5; give .* frames\[:, None\]"),
    (FRAMES, LABELS[0], "labels: shape"), (FRAMES[0], LABELS, "labels: shape"), (FRAMES, LABELS + 4, "labels: values"),
    (FRAMES + 16, LABELS, "frames: values 16..31"), (FRAMES[:, :, :-2], LABELS, "frames: shape"),
    (FRAMES / 2, LABELS, "frames: type float64"), (3, 0, "is one number"), ([[1], [2, 3]], [0, 0], "no array")])
def test_samples_that_do_not_fit_are_refused_before_anything_is_learned(frames, labels, words):
    learner = Learner(NETWORK)
    with pytest.raises(UserError, match=words):
        learner.learn(frames, labels)
    assert learner.state.n_trained == 0


@pytest.mark.parametrize("bad, words", [(3, "no pair"), ((FRAMES[0], 9), "labels: values"), ((FRAMES[:2], [0, 1]), "one sample"),
                                        ((random_samples(NETWORK, 1, rows=5)[0][0], 0), "one sample")])
def test_a_stream_numbers_the_sample_that_does_not_fit_and_has_learned_those_before(bad, words):
    learner = Learner(NETWORK)
    with pytest.raises(UserError, match=f"sample 2: .*{words}"):
        list(learner.learn_stream([(FRAMES[0], 0), (FRAMES[1], 1), bad, (FRAMES[3], 1)], chunk=3))
    assert learner.state.n_trained == 2


def test_what_was_saved_is_read_by_the_commands_that_need_no_data_and_refused_by_the_others(tmp_path):
    learner = Learner(changed(NETWORK, profile=LOIHI_254))
    learner.learn(FRAMES, LABELS)
    learner.save(tmp_path / "a.safetensors")
    experiment, state = open_source(tmp_path / "a.safetensors")
    forward_of(experiment.network, state)
    assert preflight(experiment.network, state, find("oheo-gulch"))
    RunFolder.create(tmp_path / "run", experiment, state)
    for arguments in (("evaluate", tmp_path / "a.safetensors"), ("resume", tmp_path / "run", "--epochs", 9)):
        assert_one_line(command(*arguments), 2, "a program handed over the samples", "lava-opzo predict")


def test_a_run_goes_on_from_a_program_and_is_itself_until_then(tmp_path):
    _, experiment = write_tiny_run(tmp_path)
    start.start(experiment, load_data(experiment), RunFolder.create(tmp_path / "run", experiment), silent, "twin")
    learner = Learner.load(tmp_path / "run")
    learner.save(tmp_path / "same.safetensors")
    assert command("evaluate", tmp_path / "same.safetensors", "--json")[:2] == command("evaluate", tmp_path / "run", "--json")[:2]
    state = checkpoint.load(tmp_path / "run" / checkpoint.NAME)[1]
    learner.learn(FRAMES[:0], LABELS[:0])
    learner.save(tmp_path / "same.safetensors")
    assert checkpoint.load(tmp_path / "same.safetensors")[0].data.name == "npz"
    learner.learn(FRAMES, LABELS)
    learner.save(tmp_path / "same.safetensors")
    biased = np.concatenate([FRAMES, np.full((40, 1, 1), 15, np.uint8)], axis=2)
    assert differing(learner.state, at_once(learner.network, biased, LABELS, state)[0]) == []
    with pytest.raises(UserError, match="belongs to a run, and stays"):
        learner.save(tmp_path / "run" / checkpoint.NAME)


def test_no_file_of_something_else_and_no_longer_learning_is_overwritten(tmp_path):
    learner, shorter = Learner(NETWORK), Learner(NETWORK)
    learner.learn(FRAMES, LABELS)
    learner.save(tmp_path / "a.safetensors")
    wider = Learner(small_network((3,)))
    wider.learn(FRAMES[np.arange(50) % 40], LABELS[np.arange(50) % 40])
    with pytest.raises(UserError, match="holds another network"):
        wider.save(tmp_path / "a.safetensors")
    (tmp_path / "b.safetensors").write_text("mine")
    for name, words in (("a.safetensors", "has learned 40 samples, more than the 0"), ("b.safetensors", "b.safetensors: "),
                        ("c.npz", "ends in .safetensors")):
        with pytest.raises(UserError, match=words):
            shorter.save(tmp_path / name)
    learner.learn(FRAMES, LABELS)
    learner.save(tmp_path / "a.safetensors")
    assert Learner.load(tmp_path / "a.safetensors").state.n_trained == 80


@pytest.mark.parametrize("make, words", [
    (lambda: Learner(NETWORK, engine="oracle"), "learning of whole runs"), (lambda: Learner(NETWORK, window=0), "window 0"),
    (lambda: Learner(NETWORK, state=initial_state(small_network((3,)))), "state: "),
    (lambda: Learner.load("nowhere.safetensors"), "nowhere.safetensors"),
    *[(lambda chunk=chunk: Learner(NETWORK).learn_stream([], chunk=chunk), f"chunk {chunk}") for chunk in (0, 1.5, True)],
    (lambda: Learner(NETWORK).learn_stream(None), "learn_stream: None is nothing to go through")])
def test_what_cannot_be_is_refused_when_it_is_made(make, words):
    with pytest.raises(UserError, match=words):
        make()


def test_real_numbers_learn_on_a_stream_too():
    learner = Learner(NETWORK, number="real")
    taught(learner)
    assert learner.state["W1.weights"].dtype == np.float64
    assert differing(learner.state, at_once(NETWORK, FRAMES, LABELS, number="real")[0]) == []
