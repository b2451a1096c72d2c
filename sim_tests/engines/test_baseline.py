"""One window with running means off the outputs: every engine that has integers has equal bits, and verify knows the means."""
import json

import numpy as np
import pytest

from lava_opzo.arithmetic.fixed import quantiser
from lava_opzo.board.preflight import preflight
from lava_opzo.engines.oracle.recorder import OracleRecorder, plain_config, plain_state
from lava_opzo.engines.oracle.sample import train_sample
from lava_opzo.engines.record import last_rows
from lava_opzo.engines.registry import make
from lava_opzo.engines.target import Target
from lava_opzo.errors import UserError
from lava_opzo.learning.credit import Opzo
from lava_opzo.learning.learning import Learning
from lava_opzo.network.checks import check_kept
from lava_opzo.network.initial import initial_state
from lava_opzo.silicon.boards import find
from lava_opzo.verification.difference import Place
from lava_opzo.verification.formulas import formula
from lava_opzo.verification.lockstep import verify
from lava_opzo.verification.operands import operation
from sim_tests.helpers.networks import baselined, differing, random_samples, small_network, with_kind

KINDS = ("label", "class")


def learned(name, network, frames, labels, number="fixed"):
    with make(name, network, initial_state(network), number) as engine:
        predictions = engine.train(frames, labels)
        return engine.state(), predictions.tolist(), engine.seen()


@pytest.mark.parametrize("kind, engines", [("label", ("stock", "fast", "twin", "oracle")), ("class", ("fast", "twin", "oracle"))])
def test_lava_the_twin_and_the_oracle_agree_in_every_variable_and_the_means_move(kind, engines):
    network = baselined(small_network(windows=1), kind)
    frames, labels = random_samples(network, 4, seed=4)
    report = verify(network, initial_state(network), frames, labels, engines)
    assert report.differing == 0 and report.samples == 4 and report.ranges.warnings() == []
    seen = report.ranges.seen
    assert seen["readout", "baseline"].minimum < 0 < seen["readout", "baseline"].maximum
    assert seen["readout", "d_hat"].minimum < 0 < seen["readout", "d_hat"].maximum
    largest = learned("twin", network, frames, labels)[2].largest["readout"]["d"]
    assert max(seen["readout", "d"].maximum, -seen["readout", "d"].minimum) == largest


@pytest.mark.parametrize("kind", KINDS)
def test_the_engine_in_the_loop_learns_and_answers_what_the_twin_does(kind):
    network = baselined(small_network(windows=1), kind)
    frames, labels = random_samples(network, 6, seed=5)
    twin, predictions, _ = learned("twin", network, frames, labels)
    state, answers, _ = learned("in-the-loop", network, frames, labels)
    assert differing(twin, state) == [] and answers == predictions
    assert twin["readout.baseline"].shape == (network.readout.n, {"label": 2, "class": network.readout.n}[kind])


def test_in_real_numbers_lava_has_the_means_of_the_twin():
    network = baselined(small_network(windows=1), "class")
    frames, labels = random_samples(network, 4, seed=6)
    twin, lava = (learned(name, network, frames, labels, "real")[0] for name in ("twin", "stock"))
    assert np.allclose(twin["readout.baseline"], lava["readout.baseline"]) and twin["readout.baseline"].any()
    assert np.allclose(twin["M1.weights"], lava["M1.weights"])


@pytest.mark.parametrize("kind", KINDS)
def test_the_operands_that_verify_prints_give_the_means_and_dhat_by_the_formulas_beside_them(kind):
    network = baselined(small_network(windows=1), kind)
    frames, labels = random_samples(network, 2, seed=9)
    oracle = OracleRecorder(network, initial_state(network), 1)
    before, record = (oracle.sample(frame, int(label)) for frame, label in zip(frames, labels, strict=True))
    answer, label, before = network.schedule().answer, int(labels[1]), last_rows(before)
    moved = 0
    for name in ("baseline", "d_hat", "d_residual"):
        for index in np.ndindex(record["readout"][name].shape[1:]):
            place = Place(1, answer, "readout", name, index)
            found = operation(network, place, record, before, label, 1)
            given, right = found.operands, record["readout"][name][(answer, *index)]
            assert formula(quantiser.above_mean) in found.formulas and json.dumps(given)
            d, b = quantiser.above_mean(np.int64(given["b of this label"]), given["o_plus"] - given["o_minus"],
                                        given["baseline_shift"])
            if name == "baseline":
                assert right == (b if given["column"] == given["its column"] else given["b before"])
                moved += given["column"] == given["its column"]
            else:
                quantised = quantiser.quantise(given["d_residual before"], d, given["d_shift"], (1 << given["d_bits"]) - 1)
                assert right == quantised[name == "d_residual"]
    assert moved == network.readout.n


def test_a_mean_that_is_wrong_by_one_unit_is_named_before_dhat(monkeypatch):
    right = quantiser.above_mean
    monkeypatch.setattr(quantiser, "above_mean", lambda mean, o, shift: (right(mean, o, shift)[0], right(mean, o, shift)[1] + 1))
    network = baselined(small_network(windows=1), "label")
    report = verify(network, initial_state(network), *random_samples(network, 1, seed=9), ("oracle", "fast"))
    place = report.first[1].place
    assert (place.part, place.variable, place.step) == ("readout", "baseline", network.schedule().answer)


@pytest.mark.parametrize("change, reason", [(1 << 23, r"readout.baseline: value 8388608 of mean \(1, 0\) is"), (None, "missing")])
def test_a_state_whose_means_no_engine_leaves_is_refused(change, reason):
    network = baselined(small_network(windows=1), "label")
    state = initial_state(network)
    check_kept(network, state, "fixed")
    if change is None:
        del state.arrays["readout.baseline"]
    else:
        state["readout.baseline"][1, 0] = change
    with pytest.raises(UserError, match=reason):
        check_kept(network, state, "fixed")


def test_a_mean_that_no_sample_moves_changes_nothing_and_one_that_moves_does():
    frames, labels = random_samples(small_network(), 12, seed=7)
    plain, network = small_network(windows=1), baselined(small_network(windows=1), "class")
    without, _, _ = learned("twin", plain, frames, labels)
    assert "M1.weights" in differing(without, learned("twin", network, frames, labels)[0])
    first = [learned("twin", one, frames[:1], labels[:1])[0] for one in (plain, network)]
    assert differing(*first) == ["readout.baseline"]


@pytest.mark.parametrize("kind", KINDS)
def test_means_stop_at_24_bits_in_oracle_and_twin(kind):
    network = baselined(small_network(windows=1), kind, 15)
    state = initial_state(network)
    state["readout.baseline"][:] = [[(2**23 - 1) * (1 if q % 2 else -1)] for q in range(network.readout.n)]
    frames, labels = random_samples(network, 8, seed=8)
    plain = plain_state(state, network)
    for frame, label in zip(frames.tolist(), labels.tolist(), strict=True):
        _, plain = train_sample(plain_config(network), plain, frame, label)
    with make("twin", network, state) as engine:
        engine.train(frames, labels)
        assert plain_state(engine.state(), network) == plain
    assert {2**23 - 1, 1 - 2**23} & {b for row in plain["baseline"] for b in row}


def test_an_evaluation_leaves_the_means_alone_and_an_oracle_records_them():
    network = baselined(small_network(windows=1), "label")
    frames, labels = random_samples(network, 3, seed=9)
    recorder = OracleRecorder(network, initial_state(network), 1)
    records = [recorder.sample(frame, label) for frame, label in zip(frames, labels, strict=True)]
    with make("twin", network, initial_state(network)) as engine:
        engine.train(frames, labels)
        before = engine.state()
        engine.evaluate(frames)
        assert differing(before, engine.state()) == []
        assert records[-1]["readout"]["baseline"][-1].tolist() == before["readout.baseline"].tolist()


@pytest.mark.parametrize("build, reason", [
    (lambda: Opzo(baseline="mean"), "baseline 'mean' is not one of none, label, class"),
    (lambda: Opzo(baseline="label", baseline_shift=16), "baseline_shift 16"),
    (lambda: Opzo(baseline_shift=4), "baseline_shift 4 belongs to a baseline"),
    (lambda: Learning(credit=Opzo(baseline="label")), "baseline 'label' belongs to one window"),
    (lambda: Learning(windows=1, updates="step", credit=Opzo(baseline="class")), "baseline 'class' belongs to one window"),
    (lambda: with_kind(baselined(small_network(windows=1), "label"), "labels"), "outputs of kind 'labels' have no baseline"),
    (lambda: preflight(baselined(small_network(windows=1), "label"), None, find("kapoho-point")), "no Var for its means yet"),
    (lambda: Target(plugins={"OpzoLIF": "a.B"}).check(baselined(small_network(windows=1), "label")), "have no Var for its means"),
])
def test_what_cannot_have_a_baseline_is_refused_in_one_line(build, reason):
    with pytest.raises(UserError, match=reason) as refused:
        build()
    assert "\n" not in str(refused.value)
