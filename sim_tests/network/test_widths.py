"""A network whose sums could leave their width is refused, at exactly the size from which they could; others are clipped."""
from dataclasses import replace
from itertools import product

import pytest

from lava_opzo.arithmetic.fixed.quantiser import third_factor_limit
from lava_opzo.engines import registry
from lava_opzo.errors import UserError
from lava_opzo.experiment.experiment import Data, Experiment, Training
from lava_opzo.learning.learning import Learning
from lava_opzo.network.checks import check_start
from lava_opzo.network.form import changed
from lava_opzo.network.initial import initial_state
from lava_opzo.network.widths import most_shift
from lava_opzo.silicon.profile import LOIHI_254, STOCK_LAVA, Profile
from sim_tests.helpers.networks import small_network, with_layer

LIMIT = 2**31 - 2**24
"""Largest current in membrane units: 32 bits, less the membrane and the noise beside it."""


@pytest.mark.parametrize("profile", [STOCK_LAVA, LOIHI_254, Profile("half", -128, 126)], ids=lambda profile: profile.name)
def test_the_fan_in_of_the_input_is_limited_by_its_payloads_and_the_rails(profile):
    largest = max(-profile.weight_min, profile.weight_max)
    most = LIMIT // (64 * 15 * largest)
    assert small_network(n_in=most, profile=profile).input.n == most
    assert most * 15 * largest * 64 <= LIMIT < (most + 1) * 15 * largest * 64
    with pytest.raises(UserError, match=rf"connection 'W1': fan-in {most + 1} is above {most} \(payloads up to 15"):
        small_network(n_in=most + 1, profile=profile)


def test_a_hidden_layer_sends_single_spikes_so_that_fifteen_times_as_many_may_reach_the_next():
    most = LIMIT // (64 * 256)
    assert small_network(hidden=(most, 1)).widths[1] == most
    with pytest.raises(UserError, match=f"connection 'W2': fan-in {most + 1} is above {most}"):
        small_network(hidden=(most + 1, 1))


@pytest.mark.parametrize("options", [{"n_out": 1000}, {"n_out": 26, "steps": 8}, {"steps": 1024}, {"n_out": 1000, "steps": 1024}])
def test_any_number_of_classes_and_steps_is_a_network_as_third_factors_are_clipped(options):
    network = small_network(**options)
    registry.check("twin", "fixed", network)
    assert network.readout.n == options.get("n_out", 4)


def test_the_clip_of_third_factors_lets_h_just_fill_24_bits_beside_the_largest_residual():
    for shift, window_steps in product((0, 9, 18, 21, 22), (1, 16, 250, 2048)):
        limit = third_factor_limit(shift, window_steps)
        assert limit * window_steps + 2**shift - 1 < 2**23 <= (limit + 1) * window_steps + 2**shift


def test_no_third_factor_was_clipped_in_the_networks_of_before_the_clip():
    """They were refused where 127 * |w| * classes * windows * K + 2^shift reached 2^23."""
    for classes, window_steps, shift in product((2, 10, 15, 100, 258), (1, 16, 24, 100, 1000), (0, 12, 18, 21, 22)):
        largest = 127 * 256 * classes
        accepted = largest * window_steps + 2**shift < 2**23
        assert not accepted or third_factor_limit(shift, window_steps) >= largest


def test_more_classes_than_32_bits_sum_are_refused():
    most = (2**31 - 1) // (127 * 256)
    assert small_network(n_out=most, hidden=(1,)).readout.n == most
    with pytest.raises(UserError, match=f"connection 'M1': {most + 1} classes are above {most} .*; use fewer classes"):
        small_network(n_out=most + 1, hidden=(1,))


@pytest.mark.parametrize("name", ["hidden2", "readout"])
def test_integers_refuse_a_shift_beside_which_no_h_fits_and_real_numbers_take_it(name):
    network = small_network(halve_every=5, max_halvings=1)
    registry.check("twin", "fixed", with_layer(network, 2, y_shift=21))
    refused = (with_layer(network, 2, y_shift=22) if name == "hidden2"
               else changed(network, readout=replace(network.readout, y_shift=22)))
    for check in (lambda: registry.check("twin", "fixed", refused), lambda: check_start(refused, initial_state(refused)),
                  lambda: Experiment(Data(), refused, Training())):
        with pytest.raises(UserError, match=f"population '{name}': y_shift 22 and 1 halvings make a shift of 23, above 22"):
            check()
    registry.check("twin", "real", refused)
    assert Experiment(Data(), refused, Training(), "real").network == refused


def test_recipes_take_the_largest_shift_that_leaves_third_factors_as_they_are_or_one_less():
    assert most_shift(2, Learning(8, 2), STOCK_LAVA) == most_shift(1000, Learning(1, 1), Profile("few", -32, 30)) == 22
    assert most_shift(10, Learning(8, 2), STOCK_LAVA) == most_shift(1000, Learning(8, 2), STOCK_LAVA) == 21


def test_kinds_of_credit_in_real_numbers_have_no_width():
    assert small_network(steps=500, credit="backprop").learning.steps == 500
