"""One window whose noise turns its sign: all engines have equal bits."""
import numpy as np
import pytest

from lava_opzo.engines.in_the_loop.engine import InTheLoopEngine
from lava_opzo.engines.oracle.recorder import plain_config, plain_state
from lava_opzo.engines.oracle.sample import evaluate_sample
from lava_opzo.engines.registry import make
from lava_opzo.errors import UserError
from lava_opzo.learning.credit import Opzo
from lava_opzo.learning.learning import Learning
from lava_opzo.network.form import changed, form_of
from lava_opzo.network.initial import initial_state
from lava_opzo.verification.lockstep import verify
from sim_tests.helpers.networks import differing, patched_network, random_samples, small_network
from sim_tests.helpers.records import assert_same_records


def learned(name, network, frames, labels, number="fixed"):
    with make(name, network, initial_state(network), number, frames.shape[1]) as engine:
        predictions = engine.train(frames, labels)
        return engine.state(), predictions.tolist(), engine.seen(), engine.evaluate(frames).tolist()


@pytest.mark.parametrize("make_network", [
    lambda: small_network(windows=1, turn_every=1), lambda: small_network(windows=1, turn_every=4),
    lambda: small_network((9, 12, 10), windows=1, turn_every=2, spread=True, v_floor=1, halve_every=2),
    lambda: patched_network(windows=1, turn_every=2), lambda: small_network(windows=1, turn_every=3, credit="dfa")])
def test_the_twin_records_what_the_oracle_records(make_network):
    network = make_network()
    assert_same_records(network, initial_state(network), *random_samples(network, 4, seed=3))


def test_stock_lava_fast_lava_twin_and_oracle_agree_in_every_variable_and_both_sums_move():
    network = small_network(windows=1, turn_every=2)
    frames, labels = random_samples(network, 4, rows=5, seed=4)
    report = verify(network, initial_state(network), frames, labels, ("stock", "fast", "twin", "oracle"))
    assert report.differing == 0 and report.samples == 4 and report.ranges.warnings() == []
    seen = report.ranges.seen
    assert all(seen["readout", name].minimum < 0 < seen["readout", name].maximum for name in ("o_plus", "o_minus", "d_hat"))


def test_predictions_largest_values_and_evaluation_are_those_of_lava_and_the_oracle():
    network = small_network(windows=1, turn_every=2)
    frames, labels = random_samples(network, 5, seed=5)
    twin, lava = (learned(name, network, frames, labels) for name in ("twin", "fast"))
    assert differing(twin[0], lava[0]) == [] and twin[1] == lava[1] and twin[3] == lava[3]
    assert twin[2].largest == lava[2].largest and twin[2].spike_rates == lava[2].spike_rates
    plain = plain_config(network), plain_state(twin[0], network)
    assert twin[3] == [evaluate_sample(*plain, frame)["prediction"] for frame in frames.tolist()]


@pytest.mark.parametrize("options", [{"turn_every": 2}, {"turn_every": 3, "credit": "dfa"},
                                     {"turn_every": 2, "hidden": (9, 12, 10)}],
                         ids=["learnt M", "fixed M", "three layers"])
def test_learning_in_the_loop_leaves_the_state_predictions_and_rates_of_the_twin(options):
    network = small_network(windows=1, **options)
    frames, labels = random_samples(network, 5, rows=5, seed=8)
    twin, loop = (learned(name, network, frames, labels) for name in ("twin", "in-the-loop"))
    assert differing(twin[0], loop[0]) == [] and twin[1] == loop[1] and twin[3] == loop[3]
    assert twin[2].spike_rates == loop[2].spike_rates


def test_noise_turns_alike_where_a_host_reads_and_writes_variables_between_runs():
    network = small_network(windows=1, turn_every=2)
    frames, labels = random_samples(network, 2, seed=9)
    with InTheLoopEngine(network, initial_state(network), exchange="variables") as engine:
        predictions = engine.train(frames, labels).tolist()
        state = engine.state()
    twin = learned("twin", network, frames, labels)
    assert differing(twin[0], state) == [] and twin[1] == predictions


def test_in_real_numbers_lava_learns_what_the_twin_learns():
    network = small_network(windows=1, turn_every=2)
    frames, labels = random_samples(network, 4, seed=6)
    twin, lava = (learned(name, network, frames, labels, "real")[0] for name in ("twin", "stock"))
    assert all(np.allclose(twin[name], lava[name]) for name in ("W1.weights", "M1.weights", "readout.d_residual"))


def test_every_population_turns_its_noise_in_its_own_step_and_the_membrane_starts_once():
    schedule = small_network(windows=1, turn_every=2).schedule()
    for population, program in enumerate(schedule.programs[1:], 1):
        steps = [step for step in program if step.window >= 0]
        assert [step.sign for step in steps] == [1, 1, -1, -1, 1] and [step.window for step in steps] == [0, 0, 1, 1, 0]
        assert [step.frame for step in steps] == list(range(5)) and [step.start for step in steps] == [True, *[False] * 4]
        assert program.index(steps[0]) == population
    assert schedule.length == small_network(windows=1).schedule().length
    evaluated = small_network(windows=1, turn_every=2).schedule(learn=False).programs[1]
    assert {(step.sign, step.window) for step in evaluated if step.window >= 0} == {(0, 0)}


def test_noise_that_turns_teaches_other_weights_than_noise_that_does_not():
    plain, turned = small_network(windows=1), small_network(windows=1, turn_every=2)
    frames, labels = random_samples(plain, 6, seed=7)
    assert "M1.weights" in differing(*(learned("twin", one, frames, labels)[0] for one in (plain, turned)))


def test_a_network_says_that_its_noise_turns_and_no_other_says_a_word_of_it():
    network = small_network(windows=1, turn_every=2)
    document = form_of(network).document()
    assert document["learning"]["turn_every"] == 2 and "turn_every" not in form_of(small_network()).document()["learning"]
    assert changed(network, seed=network.seed) == network


@pytest.mark.parametrize("build, reason", [
    (lambda: Learning(turn_every=2), "turn_every 2 turns the noise of one window"),
    (lambda: Learning(windows=1, updates="step", turn_every=2), "turn_every 2 turns the noise of one window"),
    (lambda: Learning(windows=1, turn_every=8), "turn_every 8 is outside 0..7"),
    (lambda: Learning(windows=1, turn_every=2, credit=Opzo(baseline="label")), "baseline 'label' belongs to one window")])
def test_what_cannot_turn_its_noise_is_refused_in_one_line(build, reason):
    with pytest.raises(UserError, match=reason) as refused:
        build()
    assert "\n" not in str(refused.value)
