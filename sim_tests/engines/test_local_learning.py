"""Auxiliary readouts teach the layers below them: every engine has equal bits, and nothing above them reaches what they teach."""
import json
from dataclasses import replace

import numpy as np
import pytest

from lava_opzo.arithmetic.fixed import quantiser, synapses
from lava_opzo.board.mapping import mapping_report
from lava_opzo.board.preflight import preflight
from lava_opzo.engines import largest
from lava_opzo.engines.oracle import auxiliary
from lava_opzo.engines.oracle.recorder import OracleRecorder, plain_config, plain_state
from lava_opzo.engines.oracle.sample import evaluate_sample, train_sample
from lava_opzo.engines.record import last_rows
from lava_opzo.engines.registry import check, make
from lava_opzo.engines.target import Target
from lava_opzo.errors import UserError
from lava_opzo.export.forward import digest, forward_of
from lava_opzo.network.checks import check_kept
from lava_opzo.network.form import changed, form_of
from lava_opzo.network.initial import initial_state
from lava_opzo.network.network import Network
from lava_opzo.network.populations import Auxiliary
from lava_opzo.network.state import State
from lava_opzo.silicon.boards import find
from lava_opzo.verification.difference import Place
from lava_opzo.verification.formulas import formula
from lava_opzo.verification.golden import Vectors
from lava_opzo.verification.lockstep import verify
from lava_opzo.verification.operands import operation
from sim_tests.helpers.golden_sets import FOLDER
from sim_tests.helpers.networks import (
    differing,
    local_network,
    patched_network,
    random_outputs,
    random_samples,
    small_network,
    with_kind,
)
from sim_tests.helpers.patches import at_the_rails, pooled_network
from sim_tests.helpers.records import assert_same_records


def learned(name, network, state, frames, labels, number="fixed"):
    with make(name, network, state, number, frames.shape[1]) as engine:
        predictions = engine.train(frames, labels)
        return engine.state(), predictions.tolist(), engine.seen(), engine.evaluate(frames).tolist()


def half_frozen():
    """The lower of two auxiliary readouts is frozen."""
    first, *others = form_of(network := local_network()).auxiliary
    return changed(network, auxiliary=(replace(first, frozen=True), *others))


def test_stock_lava_fast_lava_twin_and_oracle_agree_in_every_variable_of_auxiliary_readouts_too():
    network = local_network()
    samples = random_samples(network, 4, rows=5, seed=7)
    report = verify(network, initial_state(network), *samples, ("stock", "fast", "twin", "oracle"))
    assert report.differing == 0 and report.samples == 4 and report.ranges.warnings() == []
    seen, compared = report.ranges.seen, report.comparisons[0].values
    signed = ("o_plus", "o_minus", "error", "y", "d_hat")
    for part in ("aux1", "aux2"):
        assert all(seen[part, name].minimum < 0 < seen[part, name].maximum for name in signed)
        assert compared[part, "prediction"][0] > 0
    assert all(compared[part, "weights"][0] > 0 for part in ("A1", "A2", "M1", "M2", "M3"))


@pytest.mark.parametrize("make_network", [
    lambda: local_network((8, 7, 6, 5), layers=(2,), halve_every=2), lambda: local_network(windows=1, turn_every=2),
    lambda: local_network(credit="dfa", x_max=3), lambda: changed(patched_network(), auxiliary=(Auxiliary(1, 8.0, 4, 5, 5),)),
    lambda: changed(pooled_network(), auxiliary=(Auxiliary(1, 8.0, 4, 5, 5),)), half_frozen])
def test_the_twin_records_what_the_oracle_records(make_network):
    network = make_network()
    assert_same_records(network, at_the_rails(network), *random_samples(network, 4, seed=3))


@pytest.mark.parametrize("kind", ["labels", "values"])
def test_auxiliary_readouts_have_the_kind_of_the_readout(kind):
    network = with_kind(local_network(), kind)
    assert {one.kind for one in network.auxiliary} == {kind}
    assert_same_records(network, initial_state(network), *random_outputs(network, 3, seed=5))


def test_predictions_touches_largest_values_and_evaluation_are_those_of_lava_and_the_oracle_also_where_one_is_frozen():
    network = half_frozen()
    state, (frames, labels) = at_the_rails(network), random_samples(network, 5, seed=5)
    twin, lava = (learned(name, network, state, frames, labels) for name in ("twin", "fast"))
    assert differing(twin[0], lava[0]) == [] and twin[1] == lava[1] and twin[3] == lava[3]
    assert twin[2] == lava[2] and twin[2].largest["aux1"].keys() == {"o", "d"}
    config, plain, touches, d = plain_config(network), plain_state(state, network), np.zeros(2, int), 0
    for frame, label in zip(frames.tolist(), labels.tolist(), strict=True):
        record, plain = train_sample(config, plain, frame, label)
        touches += record["rail_touches"]["A"]
        d = max(d, *map(abs, record["auxiliary"][0]["d"]))
    assert [twin[2].rail_touches[name] for name in ("A1", "A2")] == touches.tolist() and touches.any()
    assert twin[2].largest["aux1"]["d"] == d > 0
    assert plain_state(twin[0], network) == plain
    assert twin[3] == [evaluate_sample(config, plain, frame)["prediction"] for frame in frames.tolist()]


def test_in_real_numbers_lava_learns_what_the_twin_learns():
    network = local_network()
    state, (frames, labels) = initial_state(network), random_samples(network, 3, seed=6)
    twin, lava = (learned(name, network, state, frames, labels, "real")[0] for name in ("twin", "fast"))
    assert all(np.allclose(twin[name], lava[name]) for name in state.arrays if not name.endswith("y_residual"))
    assert {"A1.weights", "M1.weights", "aux1.d_residual"} <= set(differing(twin, state))


@pytest.mark.parametrize("number", ["fixed", "real"])
def test_a_layer_with_a_readout_of_its_own_learns_what_a_network_of_that_layer_alone_learns(number):
    network = local_network(halve_every=2)
    into, last = network.into_auxiliary[0], replace(network.auxiliary[0], name="readout")
    alone = Network.chain(network.input.n, network.hidden[:1], last, (24.0, into.sigma),
                          (network.forward[0].x_shift, into.x_shift), network.learning)
    state, (frames, labels) = initial_state(network), random_samples(network, 12, seed=7)
    names = {"W1.weights": "W1.weights", "W2.weights": "A1.weights", "M1.weights": "M1.weights",
             "hidden1.z_state": "hidden1.z_state", "hidden1.y_residual": "hidden1.y_residual",
             "readout.y_residual": "aux1.y_residual", "readout.d_residual": "aux1.d_residual"}
    start = State({own: state[name] for own, name in names.items()})
    whole, part = (learned("twin", one, begin, frames, labels, number)[0] for one, begin in ((network, state), (alone, start)))
    assert [own for own, name in names.items() if not np.array_equal(part[own], whole[name])] == []
    assert {"W1.weights", "W2.weights", "M1.weights"} <= set(differing(part, start))


def test_auxiliary_readouts_change_what_layers_below_the_last_learn_and_no_initial_weight_of_others():
    plain, network = small_network((10, 8, 7), 6, 3), local_network()
    frames, labels = random_samples(network, 4, seed=8)
    first, second = initial_state(plain), initial_state(network)
    assert all(np.array_equal(first[name], second[name]) for name in first.arrays)
    found = [learned("twin", one, state, frames, labels)[0] for one, state in ((plain, first), (network, second))]
    assert {"M1.weights", "M2.weights", "W1.weights"} <= set(differing(*found))


def test_the_layers_of_a_network_with_one_readout_halfway_are_taught_by_it_and_by_the_last():
    network = local_network((8, 7, 6, 5), layers=(2,))
    assert [one.source for one in network.feedback] == ["aux2", "aux2", "readout", "readout"]
    assert [(one.name, one.source, one.target) for one in network.into_auxiliary] == [("A2", "hidden2", "aux2")]


def test_an_auxiliary_readout_sums_up_early_holds_its_sums_and_says_all_else_with_the_readout():
    network = local_network((8, 7, 6, 5), layers=(2,))
    schedule = network.schedule()
    own, readout, hidden2 = schedule.program(network.place("aux2")), schedule.programs[-1], schedule.programs[2]
    windows = [tau for tau, step in enumerate(own) if step.window >= 0]
    assert windows == [tau + 1 for tau, step in enumerate(hidden2) if step.window >= 0] == list(range(3, 13))
    quiet = {"window": -1, "sign": 0, "frame": -1, "first": False, "rest": False, "start": False}
    assert [replace(step, **quiet) for step in own] == [replace(step, **quiet) for step in readout]
    assert schedule.length == small_network((8, 7, 6, 5), 6, 3).schedule().length
    assert not any(step.answer for step in network.schedule(learn=False).program(network.place("aux2")))


def test_verify_names_a_wrong_value_of_an_auxiliary_readout_and_the_operands_that_give_the_right_one(monkeypatch):
    right = auxiliary.say

    def wrong(*given):
        said = right(*given)
        return said | {"dhat": [said["dhat"][0] + 1, *said["dhat"][1:]]}

    monkeypatch.setattr(auxiliary, "say", wrong)
    network = local_network()
    report = verify(network, initial_state(network), *random_samples(network, 1, seed=9), ("twin", "oracle"))
    place = report.first[1].place
    assert (place.part, place.variable, place.step, place.index) == ("aux1", "d_hat", network.schedule().answer, (0,))
    assert report.sides.doubtful == ["oracle"] and report.operation.operands["d_shift"] == network.auxiliary[0].d_shift


def test_the_operands_of_a_third_factor_are_the_errors_of_the_readout_that_teaches_and_its_weights_are_explained():
    network = local_network()
    oracle, (frames, labels) = OracleRecorder(network, initial_state(network), 1), random_samples(network, 2, seed=9)
    before, record = (oracle.sample(frame, int(label)) for frame, label in zip(frames, labels, strict=True))
    before, answer, ranks = last_rows(before), network.schedule().answer, network.schedule().ranks
    given = operation(network, Place(1, answer + 1, "hidden1", "g", (2,)), record, before, int(labels[1]), 1).operands
    assert given["error"] == record["aux1"]["error"][answer + 1].tolist()
    assert np.maximum(given["error"], 0) @ given["row of M1"] == record["hidden1"]["g"][answer + 1, 2]
    place = Place(1, ranks, "A1", "weights", (1, 3))
    found = operation(network, place, record, before, int(labels[1]), 1)
    assert formula(synapses.learned) in found.formulas and json.dumps(found.operands)
    assert (found.operands["pre"], found.operands["post"]) == ("hidden1[3]", "aux1[1]")
    place = Place(1, answer, "aux2", "y", (0,))
    found = operation(network, place, record, before, int(labels[1]), 1).operands
    y = quantiser.factor(np.int64(found["y_residual before"]), found["e"], found["y_shift"])[0]
    assert y == record["aux2"]["y"][answer, 0]


def test_a_frozen_auxiliary_readout_keeps_its_weights_and_teaches():
    network = half_frozen()
    state, (frames, labels) = at_the_rails(network), random_samples(network, 6, seed=10)
    after, _, seen, _ = learned("twin", network, state, frames, labels)
    learned_names = set(differing(after, state))
    assert "A1.weights" not in learned_names and {"A2.weights", "M1.weights", "W1.weights"} <= learned_names
    assert seen.rail_touches["A1"] == 0


def test_an_export_is_that_of_the_network_without_auxiliary_readouts_and_says_so():
    plain, network = small_network((10, 8, 7), 6, 3), local_network()
    first, second = (forward_of(one, initial_state(one)) for one in (plain, network))
    assert digest(first) == digest(second) and first.notes == () and "auxiliary readouts" in second.notes[0]


def test_states_have_the_arrays_of_auxiliary_readouts_by_name_and_are_checked():
    network = local_network()
    state = initial_state(network)
    assert {"A1.weights", "aux1.y_residual", "aux1.d_residual"} <= set(state.arrays)
    assert largest.names(network)["aux2"] == ("o", "d")
    check_kept(network, state, "fixed")
    state["aux2.d_residual"][1] = 1 << network.auxiliary[1].d_shift
    with pytest.raises(UserError, match="aux2.d_residual: value 8 of neuron 1 is outside 0..7"):
        check_kept(network, state, "fixed")


def test_the_golden_vectors_cover_both_signs_and_rails_of_every_auxiliary_readout():
    vectors = Vectors(FOLDER / "local_learning")
    records = [vectors.sample(number) for number in range(len(vectors.frames))]
    for readout, connection in zip(vectors.network.auxiliary, vectors.network.into_auxiliary, strict=True):
        for name in ("o_plus", "o_minus", "error", "y", "d_hat"):
            values = [record[readout.name][name] for record in records]
            assert np.min(values) < 0 < np.max(values), f"{readout.name} {name}"
        weights = np.concatenate([record[connection.name]["weights"] for record in records])
        assert (weights.min(), weights.max()) == (-256, 255) and (weights[0] != weights[-1]).any()


@pytest.mark.parametrize("build, reason", [
    (lambda: local_network(layers=(3,)), "auxiliary readouts read the hidden layers 3 of 3"),
    (lambda: local_network(layers=(2, 1)), "auxiliary readouts read the hidden layers 2, 1 of 3"),
    (lambda: local_network((9,), layers=(1,)), "auxiliary readouts read the hidden layers 1 of 1"),
    (lambda: Auxiliary(0, 1.0, 1, 1, 1), "auxiliary readout: layer 0 is outside 1"),
    (lambda: local_network(credit="backprop"), "credit 'backprop' has no M through which 'aux1' could teach"),
    (lambda: local_network(windows=1, updates="step"), "auxiliary readouts teach at the end of a sample"),
    (lambda: replace(local_network(), auxiliary=()), "its 0 auxiliary readouts read hidden1, hidden2"),
    (lambda: replace(local_network(), auxiliary=with_kind(local_network(), "values").auxiliary), "its 3 outputs of kind 'val"),
    (lambda: check("in-the-loop", "fixed", local_network()), "engine 'in-the-loop' lacks auxiliary readouts; choose stock or"),
    (lambda: Target(plugins={"OpzoLIF": "a.B"}).check(local_network()), "boards and plug-ins have no auxiliary readouts yet"),
    (lambda: preflight(local_network(), None, find("kapoho-point")), "pre-flight knows no auxiliary readouts yet"),
    (lambda: mapping_report(local_network(), find("kapoho-point")), "auxiliary readouts have no place on a board yet")])
def test_what_cannot_have_auxiliary_readouts_is_refused_in_one_line(build, reason):
    with pytest.raises(UserError, match=reason) as refused:
        build()
    assert "\n" not in str(refused.value)
