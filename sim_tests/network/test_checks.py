"""A state belongs to its network array by array, and an integer engine starts only from weights that nobody would change."""
import numpy as np
import pytest

from lava_opzo.errors import UserError
from lava_opzo.network.checks import check_shapes, check_start, misfit
from lava_opzo.network.form import changed
from lava_opzo.network.initial import initial_state
from lava_opzo.network.state import shapes
from lava_opzo.silicon.profile import LOIHI_254, STOCK_LAVA, Profile
from lava_opzo.topology.conv import Conv
from lava_opzo.topology.dense import Dense
from lava_opzo.topology.local import Local
from sim_tests.helpers.networks import small_network


def test_the_arrays_of_a_state_have_these_names_and_shapes():
    assert shapes(small_network(hidden=(14, 11), n_in=9, n_out=4)) == {
        "W1.weights": (14, 9), "W2.weights": (11, 14), "W3.weights": (4, 11), "M1.weights": (14, 4), "M2.weights": (11, 4),
        "hidden1.z_state": (14,), "hidden1.y_residual": (14,), "hidden2.z_state": (11,), "hidden2.y_residual": (11,),
        "readout.y_residual": (4,), "readout.d_residual": (4,)}


def test_a_copy_shares_no_array():
    state = initial_state(small_network())
    copy = state.copy()
    for array in copy.arrays.values():
        array += 1
    assert all((copy[name] != state[name]).all() for name in state.arrays)


def test_the_initial_state_is_that_of_section_7_drawn_in_its_order():
    network = small_network(hidden=(5, 3), n_in=4, n_out=2, credit="dfa", m_sigma=8.0, seed=9)
    rng, state = np.random.default_rng(9), initial_state(network)

    def normal(sigma, shape):
        return 2 * np.clip(np.rint(sigma * rng.standard_normal(shape)), -127, 127)

    assert np.array_equal(state["W1.weights"], normal(24.0, (5, 4)))
    assert np.array_equal(state["W2.weights"], normal(40.0, (3, 5)))
    assert np.array_equal(state["W3.weights"], normal(12.0, (2, 3)))
    generators = 1 + rng.choice(2**24 - 1, 8, replace=False)
    assert np.array_equal(np.concatenate([state["hidden1.z_state"], state["hidden2.z_state"]]), generators)
    assert np.array_equal(state["M1.weights"], normal(8.0, (5, 2))) and np.array_equal(state["M2.weights"], normal(8.0, (3, 2)))
    assert not any(state[name].any() for name in state.arrays if "residual" in name) and state.n_trained == 0
    assert all(array.dtype == np.int32 for array in state.arrays.values())


@pytest.mark.parametrize("wiring, n_in", [
    ((Dense(11, 6), Dense(6, 4)), 11), ((Conv((2, 3, 4), 2, (2, 2)), Dense(4, 4)), 24),
    ((Local((3, 3, 4), 2, (2, 2), (1, 1), (1, 1), 1, True), Dense(32, 4)), 37)])
def test_opposed_lines_begin_with_opposite_weights_and_every_other_weight_is_as_it_was(wiring, n_in):
    plain = changed(small_network((wiring[0].n_post,), n_in), wiring=wiring)
    before, after = initial_state(plain), initial_state(changed(plain, opposed=2))
    edges = wiring[0].edges()
    old, new = [state["W1.weights"].ravel()[edges.w] for state in (before, after)]
    of = {(post, pre): weight for post, pre, weight in zip(edges.post, edges.pre, old, strict=True)}
    whole = n_in // 4 * 4
    for post, pre, weight in zip(edges.post, edges.pre, new, strict=True):
        assert weight == (-of[post, pre - 2] if pre < whole and pre % 4 >= 2 else of[post, pre])
    assert (old != new).any() and all(np.array_equal(before[name], after[name]) for name in before.arrays if name != "W1.weights")


@pytest.mark.parametrize("profile, lowest, highest", [(STOCK_LAVA, -254, 254), (LOIHI_254, -254, 254),
                                                      (Profile("narrow", -64, 63), -64, 62)])
def test_initial_weights_stop_at_even_values_within_the_rails(profile, lowest, highest):
    network = changed(small_network(profile=profile), sigma=(127.0, 127.0, 127.0))
    state = initial_state(network)
    assert {state[name].min() for name in ("W1.weights", "W2.weights")} == {lowest}
    assert {state[name].max() for name in ("W1.weights", "W2.weights")} == {highest}
    check_start(network, state)


@pytest.mark.parametrize("change, message", [
    (lambda arrays: arrays.pop("M2.weights"), r"\['M2.weights'\] are missing or too many"),
    (lambda arrays: arrays.update(x=np.zeros(1)), r"\['x'\] are missing or too many"),
    (lambda arrays: arrays.update({"W2.weights": np.zeros((14, 11), np.int32)}),
     r"W2.weights has shape \(14, 11\), its network needs \(11, 14\)")])
def test_arrays_of_another_network_are_refused_by_name(change, message):
    network, state = small_network(), initial_state(small_network())
    assert misfit(network, state.arrays) is None
    change(state.arrays)
    with pytest.raises(UserError, match=message):
        check_shapes(network, state)


@pytest.mark.parametrize("name", ["W1.weights", "W3.weights", "M2.weights"])
@pytest.mark.parametrize("profile, value, n_trained, reason", [
    (STOCK_LAVA, 101, 0, "101 at .* is odd"), (STOCK_LAVA, 256, 5, r"256 is outside -256..255 \(rails of profile 'stock-lava'\)"),
    (STOCK_LAVA, -258, 0, "-258 is outside"), (LOIHI_254, 255, 5, "255 is outside -256..254"),
    (LOIHI_254, 253, 5, "253 at .* is odd"), (STOCK_LAVA, 255, 0, "255 at .* is odd")])
def test_weights_that_an_engine_would_change_are_refused_by_name_and_value(name, profile, value, n_trained, reason):
    network = small_network(profile=profile)
    state = initial_state(network)
    state.n_trained, state[name][1, 2] = n_trained, value
    with pytest.raises(UserError, match=f"{name}: .*{reason}"):
        check_start(network, state)


@pytest.mark.parametrize("value, n_trained", [(-256, 0), (254, 0), (255, 5), (253, 1)])
def test_weights_at_the_rails_and_odd_ones_that_learning_left_are_a_start(value, n_trained):
    state = initial_state(small_network())
    state.n_trained, state["W2.weights"][:] = n_trained, value
    check_start(small_network(), state)


def test_real_weights_are_no_start_for_an_integer_engine():
    state = initial_state(small_network())
    state.arrays["W1.weights"] = state["W1.weights"].astype(np.float64)
    with pytest.raises(UserError, match="W1.weights: type float64"):
        check_start(small_network(), state)
