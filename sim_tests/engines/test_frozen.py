"""A frozen layer keeps its weights W and M, and all else is computed as before: equal bits in every engine."""
from dataclasses import replace

import numpy as np
import pytest

from lava_opzo.board.mapping import mapping_report
from lava_opzo.engines.lava.engine import LavaEngine
from lava_opzo.engines.lava.models import run_config
from lava_opzo.engines.registry import make
from lava_opzo.errors import UserError
from lava_opzo.network.form import changed, form_of
from lava_opzo.network.initial import initial_state
from lava_opzo.silicon.boards import find
from lava_opzo.topology.conv import Conv
from lava_opzo.topology.local import Local
from lava_opzo.verification.lockstep import verify
from sim_tests.helpers.networks import differing, random_samples, small_network, with_layer
from sim_tests.helpers.patches import at_the_rails, patches_network


def frozen(network, *names):
    """The network with these layers frozen."""
    hidden = tuple(replace(layer, frozen=layer.name in names) for layer in network.hidden)
    return changed(network, hidden=hidden, readout=replace(network.readout, frozen="readout" in names))


def learned(name, network, state, frames, labels, number="fixed"):
    with make(name, network, state, number, frames.shape[1]) as engine:
        predictions = engine.train(frames, labels)
        return engine.state(), predictions.tolist(), engine.seen()


def test_oracle_twin_fast_and_stock_lava_agree_in_every_variable_of_every_step():
    network = frozen(small_network(), "hidden1", "readout")
    state = at_the_rails(network)
    report = verify(network, state, *random_samples(network, 3), ("oracle", "twin", "fast", "stock"))
    assert report.differing == 0 and report.compared > 10_000


def test_freezing_changes_what_is_learned():
    network = small_network()
    frames, labels = random_samples(network, 4)
    states = [learned("twin", one, initial_state(network), frames, labels)[0] for one in (network, frozen(network, "hidden1"))]
    assert {"W1.weights", "M1.weights"} <= set(differing(*states))


@pytest.mark.parametrize("engine", ["twin", "in-the-loop"])
def test_the_weights_that_end_at_a_frozen_layer_stay_all_others_learn_and_nothing_is_touched_there(engine):
    network = frozen(small_network(), "hidden1")
    state, (frames, labels) = at_the_rails(network), random_samples(network, 5)
    after, predictions, seen = learned(engine, network, state, frames, labels)
    twin, answers, _ = learned("twin", network, state, frames, labels)
    kept = {"W1.weights", "M1.weights"}
    assert set(differing(after, state)) == set(state.arrays) - kept | {"n_trained"}
    assert differing(after, twin) == [] and predictions == answers
    assert {name for name, n in seen.rail_touches.items() if not n} == {"W1", "M1"}


def test_every_quantity_of_a_sample_is_that_of_the_network_without_freezing_until_weights_differ():
    network = small_network()
    frames, labels = random_samples(network, 1)
    plain, still = (learned("twin", one, at_the_rails(network), frames, labels)[0]
                    for one in (network, frozen(network, "hidden1", "hidden2")))
    assert set(differing(plain, still)) == {f"{name}.weights" for name in ("W1", "W2", "M1", "M2")}


def test_a_layer_that_is_thawed_learns_on_from_its_kept_weights_with_equal_bits():
    network, still = small_network(), frozen(small_network(), "hidden1")
    frames, labels = random_samples(network, 12)
    half, *_ = learned("twin", still, initial_state(network), frames[:6], labels[:6])
    (first, *_), (second, *_) = (learned(name, network, half, frames[6:], labels[6:]) for name in ("twin", "fast"))
    assert differing(first, second) == [] and "W1.weights" in differing(first, half)


def test_odd_weights_that_a_touch_of_a_rail_left_stay_odd_in_a_frozen_layer():
    network = frozen(small_network(), "hidden1")
    state, (frames, labels) = initial_state(network), random_samples(network, 4)
    state.n_trained = 20
    for connection in network.connections:
        state[connection.weights][state[connection.weights] > 0] = 253
    twin, *_ = learned("twin", network, state, frames, labels)
    for engine in ("fast", "stock"):
        assert differing(learned(engine, network, state, frames, labels)[0], twin) == []
    assert (twin["W1.weights"] & 1).any()


@pytest.mark.parametrize("kind, engines", [(Local, ("oracle", "twin", "fast", "stock")), (Conv, ("twin", "fast"))])
def test_local_and_shared_weights_freeze_alike(kind, engines):
    network = frozen(patches_network(kind, kind), "hidden1")
    assert verify(network, initial_state(network), *random_samples(network, 2), engines).differing == 0


def test_real_numbers_freeze_alike_in_the_twin_and_in_lava():
    network = frozen(small_network(), "hidden2")
    state, (frames, labels) = initial_state(network), random_samples(network, 6)
    found = [learned(name, network, state, frames, labels, "real")[0] for name in ("twin", "fast")]
    for one in found:
        assert np.array_equal(one["W2.weights"], state["W2.weights"]) and np.array_equal(one["M2.weights"], state["M2.weights"])
        assert "W1.weights" in differing(one, state)
    assert all(np.allclose(found[0][name], found[1][name]) for name in state.arrays)


def test_the_processes_of_a_frozen_layer_have_no_rule():
    network = frozen(small_network(), "hidden1")
    with LavaEngine(network, initial_state(network)) as engine:
        engine.train(*random_samples(network, 1))
        parts = engine.graph.hidden[0].procs, engine.graph.hidden[1].procs
        assert [type(part.connection).__name__ for part in parts] == ["Dense", "LearningDense"]
        assert [type(part.feedback).__name__ for part in parts] == ["Dense", "LearningDense"]
    assert run_config().select_tag == "fixed_pt"


def test_preflight_counts_no_learning_synapses_into_a_frozen_layer():
    network, board = small_network(), find("oheo-gulch")
    first, second = (mapping_report(one, board).placements for one in (network, frozen(network, "hidden1")))
    assert [[one.learning for one in place.connections] for place in second] == [[False, False], [True, True], [True]]
    assert first[0].axons_in == 2 * second[0].axons_in and first[1:] == second[1:]


def test_a_network_that_does_not_freeze_keeps_its_document_and_one_that_does_is_read_back():
    network = small_network()
    assert "frozen" not in str(form_of(network).document())
    document = form_of(frozen(network, "hidden2", "readout")).document()
    assert [layer.get("frozen") for layer in document["hidden"]] == [None, True] and document["readout"]["frozen"] is True
    assert form_of(frozen(network, "hidden2")).network() == frozen(network, "hidden2") != network


def test_a_network_in_which_nothing_learns_and_a_word_for_a_truth_are_refused():
    with pytest.raises(UserError, match="every layer is frozen, .*; leave one of hidden1, hidden2, readout as it was"):
        frozen(small_network(), "hidden1", "hidden2", "readout")
    with pytest.raises(UserError, match="population 'hidden1': frozen yes is neither true nor false"):
        with_layer(small_network(), 1, frozen="yes")
