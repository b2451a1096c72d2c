"""Recordings of events are binned exactly, as tonic reads them."""
import numpy as np
import pytest

from lava_opzo.data import load
from lava_opzo.data.binning import Encoding
from lava_opzo.errors import UserError
from sim_tests.helpers.gesture_files import in_microseconds, write_gestures
from sim_tests.helpers.nmnist_files import events_of, nmnist_bytes, write_nmnist

tonic_io = pytest.importorskip("tonic.io")


def expected_counts(events, size, steps, downsample, polarity=1):
    """Encoding.counts() once more, event by event in plain Python."""
    side = (size + downsample - 1) // downsample
    first, last = min(e[3] for e in events), max(e[3] for e in events)
    frames = [[0] * ((2 if polarity else 1) * side * side) for _ in range(steps)]
    for x, y, p, t in events:
        step = int((t - first) / ((last - first + 1) / steps) + 1e-9)
        frames[step][(p if polarity else 0) * side * side + (y // downsample) * side + x // downsample] += 1
    return frames


def expected_payloads(events, size, steps, downsample=1):
    return bytes(min(n, 15) for row in expected_counts(events, size, steps, downsample) for n in row)


def pairs(frames, labels):
    return sorted((int(q), frame.tobytes()) for frame, q in zip(frames, labels, strict=True))


WRITERS = {
    "nmnist": (write_nmnist, 34, ("Train", "Test")),
    "dvs_gesture": (write_gestures, 128, ("ibmGestureTrain", "ibmGestureTest")),
}


@pytest.mark.parametrize("steps", [1, 3, 8])
@pytest.mark.parametrize("size, downsample", [(34, 1), (34, 2), (34, 3), (128, 8)])
def test_counts_equal_a_plain_loop_and_lose_no_event(size, downsample, steps):
    events = events_of(np.random.default_rng(steps), size, 500, 300_000)
    fields = np.array([tuple(e) for e in events], [("x", int), ("y", int), ("p", int), ("t", int)])
    bins = Encoding("mine", size, steps, downsample).counts(fields)
    assert bins.tolist() == expected_counts(events, size, steps, downsample) and bins.sum() == len(events)


@pytest.mark.parametrize("polarity", [0, 1])
@pytest.mark.parametrize("shift", [0, 2])
@pytest.mark.parametrize("slices", [0, 1, 3])
def test_slices_lie_side_by_side_polarities_add_up_and_counts_lose_their_low_bits(slices, shift, polarity):
    events = events_of(np.random.default_rng(slices), 34, 900, 300_000)
    fields = np.array([tuple(e) for e in events], [("x", int), ("y", int), ("p", int), ("t", int)])
    encoding = Encoding("mine", 34, 5, 4, polarity, slices, shift)
    parts = expected_counts(events, 34, slices or 5, 4, polarity)
    rows = [[n for part in parts for n in part]] if slices else parts
    found = encoding.counts(fields)
    assert found.shape == encoding.shape and found.tolist() == [[n // 2**shift for n in row] for row in rows]


@pytest.mark.parametrize("image", [0, 1])
@pytest.mark.parametrize("polarity", [0, 1])
@pytest.mark.parametrize("steps, echoes, delays", [(16, 2, (5, 11)), (16, 1, (8,)), (5, 4, (1, 2, 3, 4)), (9, 3, (2, 5, 7))])
def test_echoes_show_every_step_again_on_lines_of_their_own(steps, echoes, delays, polarity, image):
    events = events_of(np.random.default_rng(steps), 34, 900, 300_000)
    fields = np.array([tuple(e) for e in events], [("x", int), ("y", int), ("p", int), ("t", int)])
    encoding = Encoding("mine", 34, steps, 4, polarity, image=image, echoes=echoes)
    heard = expected_counts(events, 34, steps, 4, polarity)
    expected = []
    for step in range(steps):
        parts = [heard[step - delay] if step >= delay else [0] * len(heard[0]) for delay in (0, *delays)]
        planes = [part[plane * 81:(plane + 1) * 81] for part in parts for plane in range(1 + polarity)]
        expected.append([n for group in (zip(*planes, strict=True) if image else planes) for n in group])
    found = encoding.counts(fields)
    assert encoding.delays == delays and found.shape == encoding.shape and found.tolist() == expected
    assert encoding.pixels == ((9, 9, (1 + polarity) * (1 + echoes)) if image else None)


@pytest.mark.parametrize("options, fault", [({"echoes": 16}, "echoes 16 is outside 0..15"),
                                            ({"echoes": 1.0}, "echoes 1.0 is outside 0..15"),
                                            ({"echoes": 4}, "echoes 4 repeat steps, fewer than the 4 of a window"),
                                            ({"echoes": 1, "slices": 3}, "echoes 1 repeat steps, .* none of 3 slices")])
def test_echoes_that_cannot_be_are_refused(options, fault):
    with pytest.raises(UserError, match=f"^data set 'mine': {fault}"):
        Encoding("mine", 34, 4, **options)


@pytest.mark.parametrize("name", ["nmnist", "dvs_gesture"])
def test_the_loaders_encode_as_their_options_say(tmp_path, name):
    write, size, (train, _) = WRITERS[name]
    written = write(tmp_path)[train]
    dataset = load(name, tmp_path, steps=4, bias=0, n_test=0, downsample=3, polarity=0, slices=2, shift=1)
    expected = [(label, bytes(min(n // 2, 15) for part in expected_counts(events, size, 2, 3, 0) for n in part))
                for label, events in written]
    assert pairs(dataset.train_frames, dataset.train_labels) == sorted(expected) and dataset.train_frames.shape[1] == 1


def test_a_regular_train_of_events_is_cut_into_equal_steps():
    fields = np.array([(3, 4, 1, 1000 + t) for t in range(16)], [("x", int), ("y", int), ("p", int), ("t", int)])
    assert Encoding("mine", 34, 8).counts(fields)[:, 34 * 34 + 4 * 34 + 3].tolist() == [2] * 8


def test_events_of_one_moment_fall_into_the_first_step():
    fields = np.array([(3, 4, 1, 77)] * 5, [("x", int), ("y", int), ("p", int), ("t", int)])
    bins = Encoding("mine", 34, 8).counts(fields)
    assert bins[0, 34 * 34 + 4 * 34 + 3] == 5 and bins.sum() == 5


@pytest.mark.parametrize("name", WRITERS)
@pytest.mark.parametrize("downsample", [1, 2])
def test_both_parts_are_read_whole_with_their_labels(tmp_path, name, downsample):
    write, size, (train, test) = WRITERS[name]
    written = write(tmp_path, parts=(train, test))
    dataset = load(name, tmp_path, steps=4, bias=0, downsample=downsample)
    for part, found in ((train, pairs(dataset.train_frames, dataset.train_labels)),
                        (test, pairs(dataset.test_frames, dataset.test_labels))):
        assert found == sorted((label, expected_payloads(events, size, 4, downsample)) for label, events in written[part])
    assert (dataset.train_frames == 15).any() and "bins clipped" in dataset.provenance
    with pytest.raises(UserError, match="n_test 3 given, but there are test recordings"):
        load(name, tmp_path, n_test=3)


@pytest.mark.parametrize("name", WRITERS)
def test_with_training_recordings_only_the_last_of_a_seeded_order_are_held_back(tmp_path, name):
    write, size, (train, _) = WRITERS[name]
    written = write(tmp_path)[train]
    one, same, other = (load(name, tmp_path, bias=0, n_test=5, seed=seed) for seed in (1, 1, 2))
    assert len(one.test_frames) == 5 and len(one.train_frames) == len(written) - 5
    both = pairs(one.train_frames, one.train_labels) + pairs(one.test_frames, one.test_labels)
    assert sorted(both) == sorted((label, expected_payloads(events, size, 8)) for label, events in written)
    assert np.array_equal(one.test_frames, same.test_frames) and not np.array_equal(one.test_labels, other.test_labels)
    assert one.train_labels.tolist() != sorted(one.train_labels.tolist())


@pytest.mark.parametrize("name, dataset_class", [("nmnist", "NMNIST"), ("dvs_gesture", "DVSGesture")])
def test_the_recordings_are_those_that_tonics_own_class_reads(tmp_path, monkeypatch, name, dataset_class):
    import tonic.datasets

    write, size, _ = WRITERS[name]
    write(tmp_path / dataset_class)
    tonic_class = getattr(tonic.datasets, dataset_class)
    monkeypatch.setattr(tonic_class, "_check_exists", lambda self: True)
    recordings = tonic_class(str(tmp_path), train=True)
    theirs = [(label, expected_payloads([(int(e["x"]), int(e["y"]), int(e["p"]), int(e["t"])) for e in events], size, 8))
              for events, label in recordings]
    dataset = load(name, tmp_path, bias=0, n_test=0)
    assert pairs(dataset.train_frames, dataset.train_labels) == sorted(theirs)


def test_the_clock_overflow_of_nmnist_is_no_event(tmp_path):
    write_nmnist(tmp_path, each=1)
    file = tmp_path / "Train" / "0" / "00001.bin"
    file.write_bytes(nmnist_bytes([(1, 2, 0, 100), (0, 240, 0, 0), (3, 4, 1, 200)]))
    dataset = load("nmnist", tmp_path, steps=2, bias=0, n_test=0)
    frame = dataset.train_frames[dataset.train_labels.tolist().index(0)]
    assert frame[0, 2 * 34 + 1] == 1 and frame[1, 34 * 34 + 4 * 34 + 3] == 1 and frame.sum() == 2


@pytest.mark.data
def test_no_event_of_a_thousand_nmnist_recordings_is_lost(data_folder):
    dataset = load("nmnist", data_folder / "nmnist", bias=0, n_test=200)
    assert dataset.train_frames.shape == (800, 8, 2 * 34 * 34) and dataset.test_frames.shape == (200, 8, 2 * 34 * 34)
    total = sum(file.stat().st_size for file in (data_folder / "nmnist" / "Train").glob("*/*.bin")) // 5
    assert "(0 of " in dataset.provenance
    assert int(dataset.train_frames.sum(dtype=np.int64) + dataset.test_frames.sum(dtype=np.int64)) == total == 4_133_231


@pytest.mark.data
def test_real_gestures_in_tonics_layout_are_binned_exactly(data_folder, tmp_path):
    user = tmp_path / "ibmGestureTrain" / "user01_fluorescent"
    user.mkdir(parents=True)
    written = []
    for label in range(10):
        content = (data_folder / "dvs_gesture" / f"{label + 1}.bs2").read_bytes()
        events = []
        for x, y, high, middle, low in zip(*(content[i::5] for i in range(5)), strict=True):
            events.append((x, y, high >> 7, ((high & 127) << 16 | middle << 8 | low) // 1000))
        np.save(user / f"{label}.npy", np.array(events))
        written.append((label, expected_payloads(in_microseconds(events), 128, 8, 4)))
    dataset = load("dvs_gesture", tmp_path, downsample=4, bias=0, n_test=2)
    both = pairs(dataset.train_frames, dataset.train_labels) + pairs(dataset.test_frames, dataset.test_labels)
    assert sorted(both) == sorted(written) and dataset.n_classes == 11
