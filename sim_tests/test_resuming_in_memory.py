"""A training from Python: handed its samples again it goes on to the bits of an unbroken one, and any thread can call it."""
import re
import threading

import numpy as np
import pytest

from lava_opzo import evaluate, resume, train
from lava_opzo.errors import UserError
from lava_opzo.runs.compare import differing
from lava_opzo.runs.folder import RunFolder
from sim_tests.helpers.commands import assert_one_line, command
from sim_tests.helpers.networks import random_samples, small_network


@pytest.fixture(scope="module")
def samples():
    network = small_network()
    return network, *random_samples(network, 30)


def test_a_run_without_its_samples_goes_on_when_it_is_handed_them_and_keeps_no_copy(samples, tmp_path, capfd):
    network, frames, labels = samples
    train(network, frames, labels, out=tmp_path / "run", keep_samples=False)
    assert not (tmp_path / "run" / "samples.npz").exists()
    whole = train(network, frames, labels, epochs=2)
    result = resume(tmp_path / "run", frames, labels, epochs=2, progress=True)
    assert differing(result.state.arrays, whole.state.arrays) == [] and result.accuracy == whole.accuracy
    assert "epoch 2: " in capfd.readouterr().err


def test_a_run_with_its_samples_needs_none(samples, tmp_path):
    network, frames, labels = samples
    train(network, frames, labels, out=tmp_path / "run")
    with pytest.raises(UserError, match="leave frames and labels out"):
        resume(tmp_path / "run", frames, labels, epochs=2)
    whole = train(network, frames, labels, epochs=2)
    assert differing(resume(tmp_path / "run", epochs=2).state.arrays, whole.state.arrays) == []


def test_other_samples_are_refused_and_the_commands_say_what_to_do(samples, tmp_path):
    network, frames, labels = samples
    train(network, frames, labels, out=tmp_path / "run", keep_samples=False)
    before = RunFolder(tmp_path / "run").checkpoint.read_bytes()
    other = frames.copy()
    other[3, 0, 1] ^= 1
    for given in ((other, labels), (frames, (labels + 1) % 4), (frames[::-1], labels[::-1])):
        with pytest.raises(UserError, match="these are not the 30 samples"):
            resume(tmp_path / "run", *given, epochs=2)
    with pytest.raises(UserError, match="does not hold its samples; hand over"):
        resume(tmp_path / "run", epochs=2)
    with pytest.raises(UserError, match=re.escape("all 30 samples of 1 epochs are learned; give more with --epochs")):
        resume(tmp_path / "run", frames, labels)
    assert_one_line(command("evaluate", tmp_path / "run"), 2, "lava_opzo.resume(RUN, frames, labels)")
    assert RunFolder(tmp_path / "run").checkpoint.read_bytes() == before
    with pytest.raises(UserError, match="keep_samples says what a run folder holds"):
        train(network, frames, labels, keep_samples=False)


@pytest.mark.parametrize("engine", ["twin", "fast"])
def test_another_thread_than_the_main_one_trains_tests_and_goes_on(samples, tmp_path, engine):
    network, frames, labels = samples
    frames, labels, done = frames[:6], labels[:6], []

    def work():
        result = train(network, frames, labels, engine=engine, out=tmp_path / "run")
        done.append((result, evaluate(network, result.state, frames), resume(tmp_path / "run", epochs=2)))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join(120)
    expected = [train(network, frames, labels, epochs=epochs) for epochs in (1, 2)]
    (first, predictions, second), = done
    for found, right in zip((first, second), expected, strict=True):
        assert differing(found.state.arrays, right.state.arrays) == []
    assert np.array_equal(predictions, evaluate(network, first.state, frames))
