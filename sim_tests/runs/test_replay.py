"""The memory of a learner: what it keeps and draws, that it is interleaved, and that a checkpoint holds it."""
import numpy as np
import pytest

from lava_opzo import Learner, Replay
from lava_opzo.errors import UserError
from lava_opzo.runs import checkpoint
from lava_opzo.runs.replay import restored, saved
from lava_opzo.runs.source import open_source
from sim_tests.helpers.networks import differing, random_samples, small_network
from sim_tests.helpers.streams import at_once

NETWORK = small_network()
FRAMES, LABELS = random_samples(NETWORK, 60)


def reservoir(capacity, each, seed, labels):
    """What is kept, and the order in which samples are learned, by the plainest form of the rule."""
    kept, order = [], []
    for t in range(len(labels)):
        rng = np.random.default_rng([seed, t])
        place = t if t < capacity else rng.integers(t + 1)
        order.append(t)
        if kept:
            order += [kept[i] for i in rng.integers(len(kept), size=each)]
        if t < capacity:
            kept.append(t)
        elif place < capacity:
            kept[place] = t
    return kept, order


def taught(learner, parts):
    """The predictions of new samples, handed over in parts."""
    return np.concatenate([learner.learn(FRAMES[a:b], LABELS[a:b]) for a, b in zip(parts, parts[1:], strict=False)])


@pytest.mark.parametrize("capacity, each", [(8, 2), (100, 1), (1, 3), (8, 0)])
def test_new_samples_are_learned_with_kept_ones_after_each_in_the_order_of_the_rule_however_they_are_handed_over(capacity, each):
    kept, order = reservoir(capacity, each, 5, LABELS)
    state, predictions = at_once(NETWORK, FRAMES[order], LABELS[order])
    new = np.cumsum([0] + [1 + (each if t else 0) for t in range(len(LABELS) - 1)])
    for parts in ([0, 60], [0, 1, 2, 10, 35, 60]):
        replay = Replay(capacity, each, seed=5)
        learner = Learner(NETWORK, replay=replay)
        assert np.array_equal(taught(learner, parts), predictions[new])
        assert differing(learner.state, state) == [] and learner.accuracy == np.mean(predictions[new] == LABELS)
        frames, labels = replay.samples()
        assert np.array_equal(frames, FRAMES[kept]) and np.array_equal(labels, LABELS[kept])
        assert (replay.seen, replay.kept) == (60, min(60, capacity)) and learner.state.n_trained == len(order)


def test_without_a_memory_the_bits_are_those_of_today_and_another_seed_keeps_others():
    plain, still = Learner(NETWORK), Learner(NETWORK, replay=Replay(8, 0))
    taught(plain, [0, 60])
    taught(still, [0, 60])
    assert differing(plain.state, still.state) == []
    others = [Replay(8, 0, seed) for seed in (1, 2)]
    for replay in others:
        taught(Learner(NETWORK, replay=replay), [0, 60])
    assert not np.array_equal(others[0].samples()[0], others[1].samples()[0])


def test_every_sample_is_kept_as_often_as_any_other():
    counts, frames = np.zeros(40), np.arange(40, dtype=np.uint8)[:, None, None]
    for seed in range(400):
        replay = Replay(10, 0, seed)
        replay.keep(frames, np.zeros(40, np.int32), replay.woven(frames, np.zeros(40, np.int32)))
        counts[replay.samples()[0].ravel()] += 1
    assert counts.sum() == 4000 and abs(counts - 100).max() < 5 * np.sqrt(400 * 0.25 * 0.75)


def test_a_checkpoint_holds_the_memory_and_the_loaded_learner_goes_on_with_the_bits_of_an_unbroken_one(tmp_path):
    unbroken = Learner(NETWORK, replay=Replay(8, 2, seed=3))
    taught(unbroken, [0, 60])
    first = Learner(NETWORK, replay=Replay(8, 2, seed=3))
    taught(first, [0, 25])
    first.save(tmp_path / "half.safetensors")
    again = Learner.load(tmp_path / "half.safetensors")
    assert again.replay == first.replay and np.array_equal(again.replay.samples()[0], first.replay.samples()[0])
    taught(again, [25, 60])
    assert differing(again.state, unbroken.state) == []
    assert all(map(np.array_equal, again.replay.samples(), unbroken.replay.samples()))
    assert differing(open_source(tmp_path / "half.safetensors")[1], first.state) == []


def test_an_empty_memory_is_kept_and_a_learner_without_one_writes_the_format_of_before(tmp_path):
    Learner(NETWORK, replay=Replay(8)).save(tmp_path / "empty.safetensors")
    Learner(NETWORK).save(tmp_path / "none.safetensors")
    assert Learner.load(tmp_path / "empty.safetensors").replay == Replay(8)
    assert Learner.load(tmp_path / "none.safetensors").replay is None
    assert checkpoint.FORMAT.encode() in (tmp_path / "none.safetensors").read_bytes()
    assert checkpoint.FORMAT_5.encode() in (tmp_path / "empty.safetensors").read_bytes()


def test_a_changed_bit_of_a_kept_sample_is_found(tmp_path):
    learner = Learner(NETWORK, replay=Replay(8))
    taught(learner, [0, 20])
    learner.save(path := tmp_path / "a.safetensors")
    content, kept = path.read_bytes(), learner.replay.samples()[0].tobytes()
    at = content.index(kept)
    path.write_bytes(content[:at] + bytes([content[at] ^ 1]) + content[at + 1:])
    with pytest.raises(UserError, match="sha256 differs"):
        Learner.load(path)


@pytest.mark.parametrize("numbers, change, words", [
    ({"seen": 3}, lambda arrays: arrays, "are not the 3 samples"), ({"seen": 0}, lambda arrays: arrays, "has seen 0"),
    ({"capacity": 0}, lambda arrays: arrays, "capacity 0 is outside"), ({"each": "x"}, lambda arrays: arrays, "each"),
    ({}, lambda arrays: {}, "are not those of a memory"), ({"more": 1}, lambda arrays: arrays, "more"),
    ({}, lambda arrays: arrays | {"replay.labels": arrays["replay.labels"] + 9}, "labels: values"),
    ({}, lambda arrays: arrays | {"replay.labels": arrays["replay.labels"][:2]}, "labels: shape"),
    ({}, lambda arrays: arrays | {"replay.frames": arrays["replay.frames"][:, :, 1:]}, "frames: shape")])
def test_numbers_and_samples_that_no_memory_has_are_refused(numbers, change, words):
    replay = Replay(8)
    taught(Learner(NETWORK, replay=replay), [0, 20])
    held, arrays = saved(replay)
    with pytest.raises(UserError, match=words):
        restored(NETWORK, held | numbers, change(arrays))


def test_samples_of_other_frames_and_numbers_out_of_range_are_refused_and_change_nothing():
    learner = Learner(NETWORK, replay=Replay(8))
    taught(learner, [0, 5])
    before = learner.state
    with pytest.raises(UserError, match="do not go with those that are kept"):
        learner.learn(*(array[:2] for array in random_samples(NETWORK, 2, rows=5)))
    learner.replay.each = -1
    with pytest.raises(UserError, match="replay: each -1 is outside 0..1024"):
        learner.learn(FRAMES[:1], LABELS[:1])
    assert differing(learner.state, before) == [] and learner.replay.seen == 5
    for fields in ({"capacity": 0}, {"capacity": 2.5}, {"seed": -1}, {"each": True}):
        with pytest.raises(UserError, match="replay: "):
            Replay(**fields)


def test_a_layer_is_frozen_and_thawed_on_the_way_and_the_change_is_kept(tmp_path):
    learner = Learner(NETWORK)
    taught(learner, [0, 20])
    kept = learner.state
    learner.change("network.hidden.1.frozen", True)
    learner.learn(FRAMES[20:40], LABELS[20:40])
    assert np.array_equal(learner.state["W1.weights"], kept["W1.weights"]) and "W2.weights" in differing(learner.state, kept)
    learner.save(tmp_path / "a.safetensors")
    again = Learner.load(tmp_path / "a.safetensors")
    assert again.network.hidden[0].frozen
    again.change("network.hidden.1.frozen", False)
    again.learn(FRAMES[40:], LABELS[40:])
    assert "W1.weights" in differing(again.state, kept) and again.network == NETWORK
