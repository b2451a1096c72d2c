"""Local and shared weights: every engine that learns them leaves the bits of the oracle, in every variable of every step."""
import numpy as np
import pytest

from lava_opzo.engines.lava.engine import LavaEngine
from lava_opzo.engines.lava.models import run_config
from lava_opzo.engines.registry import check, make
from lava_opzo.errors import UserError
from lava_opzo.network.form import changed
from lava_opzo.network.initial import initial_state
from lava_opzo.silicon.profile import LOIHI_254, STOCK_LAVA
from lava_opzo.topology.conv import Conv
from lava_opzo.topology.local import Local
from lava_opzo.verification.lockstep import verify
from sim_tests.helpers.networks import differing, random_samples
from sim_tests.helpers.patches import at_the_rails, learned, patches_network


@pytest.mark.parametrize("first, second, profile, engines", [
    (Local, Local, STOCK_LAVA, ("oracle", "twin", "fast", "stock")), (Conv, Conv, LOIHI_254, ("oracle", "twin", "fast"))],
    ids=["local", "shared, rails of a chip"])
def test_every_variable_of_every_step_is_equal_in_all_engines_that_record_with_zeros_and_rails(first, second, profile, engines):
    network = patches_network(first, second, profile=profile)
    state = at_the_rails(network)
    report = verify(network, state, *random_samples(network, 3), engines)
    assert report.differing == 0 and report.compared > 10_000 * (len(engines) - 1)
    after, _, _, seen = learned("twin", network, state, n=3)
    assert {"W1.weights", "W2.weights"} <= set(differing(after, state)), "nothing was learned"
    assert all(seen.rail_touches[name] for name in ("W1", "W2")), "no rail was touched"


@pytest.mark.parametrize("first, second", [(Local, Conv), (Conv, Local)])
def test_learning_in_the_loop_and_in_fast_lava_leave_the_state_predictions_and_touches_of_the_twin(first, second):
    network = patches_network(first, second)
    state = initial_state(network)
    twin, answers, evaluated, seen = learned("twin", network, state)
    for name in ("in-the-loop", "fast"):
        found, predictions, afterwards, other = learned(name, network, state)
        assert differing(found, twin) == [] and predictions == answers and afterwards == evaluated
        assert other.rail_touches == seen.rail_touches and other.spike_rates == pytest.approx(seen.spike_rates)
        assert name == "in-the-loop" or other.largest == seen.largest
    assert len(differing(twin, state)) == len(state.arrays) + 1


def test_stock_lava_hands_out_local_weights_in_the_shape_of_the_state_and_goes_on_from_them():
    network = patches_network(Local, Local)
    half, *_ = learned("twin", network, initial_state(network), n=3)
    expected, *_, largest = learned("twin", network, half, n=3)
    found, *_, seen = learned("stock", network, half, n=3)
    assert differing(found, expected) == [] and seen.rail_touches is None and seen.largest == largest.largest


@pytest.mark.parametrize("name, first, second", [("fast", Conv, Local), ("stock", Local, Local)])
def test_real_numbers_agree_in_lava_and_the_twin(name, first, second):
    network = patches_network(first, second)
    twin, *_ = learned("twin", network, initial_state(network), "real")
    found, *_ = learned(name, network, initial_state(network), "real")
    assert all(np.allclose(found[key], twin[key], rtol=1e-9, atol=1e-9) for key in twin.arrays)
    assert not np.array_equal(twin["W1.weights"], initial_state(network)["W1.weights"])


def test_the_event_driven_model_of_the_stock_form_of_local_weights_leaves_the_bits_of_the_twin():
    network = patches_network(Local, Local, profile=LOIHI_254)
    state, (frames, labels) = at_the_rails(network), random_samples(network, 8)
    twin, *_ = learned("twin", network, state, n=8)
    with LavaEngine(network, state, configuration=run_config("fixed", "fast")) as engine:
        engine.train(frames, labels)
        assert differing(engine.state(), twin) == []


def test_shared_weights_are_refused_by_stock_lava_with_the_local_form_and_the_engines_that_have_them():
    network = patches_network(Conv, Local)
    with pytest.raises(UserError) as found:
        check("stock", "fixed", network)
    assert str(found.value) == ("engine 'stock' lacks topology 'Conv'; choose fast or twin or in-the-loop; or give W1 the Local "
                                "form, Conv.unrolled(), in which every edge has its own weight")
    with pytest.raises(UserError, match="connection 'W1': no connection of stock Lava learns shared weights, .*unrolled"):
        LavaEngine(network, initial_state(network), kind="stock")


def test_the_unrolled_form_of_shared_weights_predicts_what_they_predict():
    network = patches_network(Conv, Conv)
    state, unrolled = initial_state(network), changed(network, wiring=tuple(
        one.topology.unrolled() if isinstance(one.topology, Conv) else one.topology for one in network.forward))
    local = state.copy()
    for connection in network.forward[:2]:
        local.arrays[connection.weights] = state[connection.weights].ravel()[connection.topology.edges().w]
    frames, _ = random_samples(network, 5)
    with make("twin", network, state) as shared, make("twin", unrolled, local) as own:
        assert shared.evaluate(frames).tolist() == own.evaluate(frames).tolist()


def test_a_line_after_the_image_of_a_hidden_population_is_refused_in_the_loop():
    network = patches_network(Conv, Conv)
    wiring = [one.topology for one in network.forward]
    wiring[1] = Conv(shape=(17, 1, 1), channels=3, kernel=(14, 1), lines=1)
    network = changed(network, wiring=tuple(wiring))
    with pytest.raises(UserError, match="connection 'W2': a stock Conv reads the image alone, .*use lines = 0"):
        make("in-the-loop", network, initial_state(network))
