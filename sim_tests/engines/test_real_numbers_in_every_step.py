"""Real numbers that learn in every step: Lava's process models and the compiled loops agree, and with K = 1 they learn as once a
sample."""
from dataclasses import replace

import numpy as np
import pytest

from lava_opzo.engines.registry import make
from lava_opzo.errors import UserError
from lava_opzo.network.checks import check_kept
from lava_opzo.network.form import changed
from lava_opzo.network.initial import initial_state
from lava_opzo.network.state import carried
from lava_opzo.runs.source import open_source
from sim_tests.helpers.commands import called
from sim_tests.helpers.networks import by_step, carrying, patched_network, random_samples, small_network, step_labels

NETWORKS = {
    "two layers, halvings, a floor": by_step(small_network(windows=1, halve_every=2, max_halvings=1, v_floor=1), 1),
    "fixed M": by_step(small_network((9,), windows=1, credit="dfa")),
    "a stream": carrying(small_network(windows=1)),
    "a stream through local and shared weights": carrying(patched_network(windows=1), 2)}


def learned(engine, network, frames, labels):
    """(state, answers while learning, answers afterwards, state after those), on the same samples twice."""
    with make(engine, network, initial_state(network), "real", frames.shape[1]) as one:
        answers = [one.train(frames, labels), one.train(frames, labels)]
        state = one.state()
        answers += [one.evaluate(frames, True), one.evaluate(frames)]
        return state, answers, one.state()


@pytest.mark.parametrize("case", NETWORKS)
def test_lava_and_the_twin_agree_up_to_rounding(case):
    network = NETWORKS[case]
    frames, _ = random_samples(network, 4, rows=5, seed=3)
    labels = step_labels(network, 4, seed=3)
    (twin, told, after), (lava, said, later) = (learned(engine, network, frames, labels) for engine in ("twin", "fast"))
    assert all(np.array_equal(left, right) for left, right in zip(told, said, strict=True))
    assert twin.n_trained == lava.n_trained == 8 and set(twin.arrays) == set(lava.arrays)
    names = [name for name in twin.arrays if not name.endswith("y_residual")]
    for left, right in ((twin, lava), (after, later)):
        for name in names:
            np.testing.assert_allclose(left[name], right[name], rtol=1e-9, atol=1e-7, err_msg=name)
    start = initial_state(network)
    assert all(not np.array_equal(twin[one.weights], start[one.weights]) for one in network.forward if not one.topology.shared)


def test_stock_lava_takes_the_same_numbers():
    network = NETWORKS["a stream"]
    frames, labels = random_samples(network, 2, rows=5, seed=4)
    found = [learned(engine, network, frames, labels)[0] for engine in ("stock", "twin")]
    for name in ("W1.weights", "W3.weights", "M1.weights", "hidden1.v", "readout.o_plus"):
        np.testing.assert_allclose(found[0][name], found[1][name], rtol=1e-9, atol=1e-7, err_msg=name)


@pytest.mark.parametrize("credit", ["opzo", "dfa", "backprop"])
def test_one_step_a_sample_without_a_leak_learns_as_once_a_sample(credit):
    whole = changed(small_network(windows=1, steps=1, credit=credit, vth=100), x_shift=(2, 0, 0))
    step = by_step(whole, decay=0, dv=0, readout_dv=0)
    step = changed(step, x_shift=tuple(one.x_shift + 6 for one in whole.forward))  # a trace is 64 a spike
    frames, labels = random_samples(whole, 20, seed=5)
    found = []
    for network in (whole, step):
        with make("twin", network, initial_state(network), "real") as engine:
            found.append((engine.train(frames, labels), engine.state()))
    (told, state), (said, other) = found
    assert np.array_equal(told, said) and not np.array_equal(state["W1.weights"], initial_state(whole)["W1.weights"])
    for name in state.arrays:
        np.testing.assert_allclose(state[name], other[name], rtol=1e-12, atol=1e-9, err_msg=name)


def test_what_a_stream_leaves_is_kept_as_real_numbers_and_goes_on():
    network = NETWORKS["a stream"]
    frames, labels = random_samples(network, 6, rows=5, seed=6)
    with make("twin", network, initial_state(network), "real", 5) as engine:
        engine.evaluate(frames[:1])
        check_kept(network, engine.state(), "real")
        assert engine.state()["hidden1.v"].any() and engine.state()["hidden1.v"].dtype == np.float64
        engine.settle()
        answers = np.concatenate([engine.train(frames[:3], labels[:3]), engine.train(frames[3:], labels[3:])])
        halves = engine.state()
    with make("twin", network, initial_state(network), "real", 5) as engine:
        assert np.array_equal(engine.train(frames, labels), answers)
        assert all(np.array_equal(engine.state()[name], halves[name]) for name in halves.arrays)


def test_a_stream_of_the_twin_goes_on_in_lava_settles_there_and_begins_anew():
    network = NETWORKS["a stream"]
    frames, labels = random_samples(network, 4, rows=5, seed=8)
    with make("twin", network, initial_state(network), "real", 5) as twin:
        twin.train(frames, labels)
        with make("fast", network, twin.state(), "real", 5) as lava:
            for one in (twin, lava):
                one.settle()
                assert not any(one.state()[name].any() for name in carried(network))
            assert np.array_equal(lava.train(frames, labels), twin.train(frames, labels))
            for name in ("W1.weights", "M2.weights", "hidden2.v", "readout.o_minus"):
                np.testing.assert_allclose(lava.state()[name], twin.state()[name], rtol=1e-9, atol=1e-7, err_msg=name)


def test_the_command_learns_a_stream_in_real_numbers_and_goes_on(tmp_path):
    run = tmp_path / "run"
    arguments = ("--dataset", "motion", "--updates", "step", "--carry", "--number", "real", "--hidden", "20", "--out", run)
    for words, samples in ((("train", *arguments, "--epochs", "1"), 2000), (("resume", run, "--epochs", "2"), 4000)):
        assert called(*words).code == 0
        assert open_source(run, real=True)[1].n_trained == samples


def test_noise_that_changes_its_sign_is_not_multiplied_with_the_loss_of_a_step():
    with pytest.raises(UserError, match="credit 'single-point' multiplies a loss with noise that keeps its sign"):
        by_step(small_network(windows=1, credit="single-point"))


def test_a_piece_without_labels_moves_no_weight_but_m():
    network = hearing_fine(NETWORKS["a stream"])
    frames, _ = random_samples(network, 8, rows=5, seed=7)
    start = initial_state(network)
    with make("twin", network, start, "real", 5) as engine:
        engine.train(frames, np.full(8, -1))
        state = engine.state()
    assert all(np.array_equal(state[one.weights], start[one.weights]) for one in network.forward)
    assert not np.array_equal(state["M2.weights"], start["M2.weights"])


def hearing_fine(network):
    """The network with a small d_shift, so that M learns soon."""
    return changed(network, readout=replace(network.readout, d_shift=1))
