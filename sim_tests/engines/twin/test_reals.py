"""The twin in real numbers: those of Lava's floating-point models, and kinds of credit told by their own formulas."""
import numpy as np
import pytest

from lava_opzo.engines.registry import make
from lava_opzo.engines.twin.layout import flat
from lava_opzo.engines.twin.reals.credit import KINDS
from lava_opzo.engines.twin.reals.engine import RealTwinEngine
from lava_opzo.engines.twin.reals.loop import run
from lava_opzo.engines.twin.reals.memory import pack, scratch
from lava_opzo.experiment.experiment import Data, Experiment, Training
from lava_opzo.network.initial import initial_state
from lava_opzo.runs import checkpoint
from sim_tests.helpers.networks import differing, random_samples, small_network, with_layer

SHAPES = {"two layers": {}, "one window": {"windows": 1, "halve_every": 4, "max_halvings": 2},
          "three layers": {"hidden": (9, 8, 7), "decay_period": 0}, "fixed M": {"credit": "dfa"}, "one layer": {"hidden": (9,)}}


def learned(network, frames, labels):
    """The state of the twin after these samples."""
    engine = RealTwinEngine(network, initial_state(network))
    engine.train(frames, labels)
    return engine.state()


def assert_close(state, other):
    assert state.arrays.keys() == other.arrays.keys() and state.n_trained == other.n_trained
    for name, array in state.arrays.items():
        np.testing.assert_allclose(array, other[name], rtol=0, atol=1e-9, err_msg=name)


@pytest.mark.parametrize("shape, rows", [("two layers", 1), ("one window", 5), ("three layers", 5), ("fixed M", 1),
                                         ("one layer", 5)])
def test_lava_in_real_numbers_and_the_twin_learn_the_same_up_to_rounding(shape, rows):
    network = with_layer(small_network(**SHAPES[shape]), 1, dv=200)
    frames, labels = random_samples(network, 10, rows)
    with make("fast", network, initial_state(network), "real", rows) as lava:
        predictions, expected, evaluated = lava.train(frames, labels), lava.state(), lava.evaluate(frames)
        rates = lava.seen().spike_rates
    with RealTwinEngine(network, initial_state(network)) as twin:
        assert np.array_equal(twin.train(frames, labels), predictions)
        assert np.array_equal(twin.evaluate(frames), evaluated)
        assert twin.seen().spike_rates == rates
        assert_close(twin.state(), expected)
    start = initial_state(network)
    changes = [np.abs(expected[connection.weights] - start[connection.weights]).max() for connection in network.forward]
    assert max(changes) > 1, "nothing was learned"


def test_learning_in_parts_gives_the_numbers_of_learning_at_once():
    network = small_network()
    frames, labels = random_samples(network, 30)
    with RealTwinEngine(network, initial_state(network)) as parts:
        for part in (slice(0, 7), slice(7, 8), slice(8, 30)):
            parts.train(frames[part], labels[part])
        assert differing(parts.state(), learned(network, frames, labels)) == []


def test_all_arrays_become_real_but_the_generators_and_nothing_is_counted():
    network = small_network()
    state, (frames, labels) = initial_state(network), random_samples(network, 4)
    with RealTwinEngine(network, state) as engine:
        engine.train(frames, labels)
        seen, end = engine.seen(), engine.state()
    assert {name for name, array in end.arrays.items() if array.dtype != np.float64} == {"hidden1.z_state", "hidden2.z_state"}
    assert {array.dtype for array in state.arrays.values()} == {np.dtype(np.int32)}, "the state it started from has changed"
    assert seen.rail_touches is None and seen.largest is None


@pytest.mark.parametrize("first, second", [("twin", "fast"), ("fast", "twin")])
def test_a_checkpoint_goes_on_in_the_other_engine_with_the_numbers_of_one(first, second, tmp_path):
    experiment = Experiment(Data("none"), small_network(), Training(), "real")
    network, (frames, labels) = experiment.network, random_samples(experiment.network, 20)
    with make(first, network, initial_state(network), "real") as engine:
        engine.train(frames[:9], labels[:9])
        checkpoint.save(tmp_path / "c", experiment, engine.state())
    with make(second, network, checkpoint.load(tmp_path / "c")[1], "real") as engine:
        engine.train(frames[9:], labels[9:])
        assert_close(engine.state(), learned(network, frames, labels))


def credited(credit, hidden=(14, 11)):
    """The scratch of the loop after one sample, with its network, the state before it, o and its label."""
    network = small_network(hidden=hidden, credit=credit)
    state = initial_state(network)
    frames, labels = random_samples(network, 1, seed=3)
    net = flat(network)
    work = scratch(net, 1)
    run(net, pack(network, state), KINDS[credit], frames, labels[:, None], True, 0, work, np.zeros((1, 1), np.int32),
        np.zeros((1, network.depth), np.int32))
    return network, state, work, work.o[0].sum(axis=0), labels[0]


def test_backpropagation_is_the_chain_rule_through_the_gates():
    network, state, work, _, _ = credited("backprop", hidden=(14, 11, 9))
    bounds = np.cumsum([0, *network.widths[1:]])
    psi, g = ([values[a:b].astype(float) for a, b in zip(bounds, bounds[1:], strict=False)] for values in (work.psi, work.g))
    expected = state["W4.weights"].T @ work.error[0]
    for layer in (2, 1, 0):
        np.testing.assert_allclose(g[layer], expected, rtol=1e-12)
        assert np.abs(expected).max() > 0
        steps = network.learning.windows * network.learning.steps
        slope = psi[layer] / steps / (2 * network.hidden[layer].psi_width)
        expected = state[network.forward[layer].weights].T @ (expected * slope)


def test_the_single_point_estimate_is_the_loss_times_the_noise():
    network, _, work, o, label = credited("single-point")
    logits = o / 2.0 ** (network.readout.error_shift + 4)
    loss = np.log(np.exp(logits - logits.max()).sum()) + logits.max() - logits[label]
    hidden = sum(network.widths[1:-1])
    np.testing.assert_allclose(work.g[:hidden], loss * work.z[:hidden], rtol=1e-12)
