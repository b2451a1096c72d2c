"""A network whose sums could leave their width is refused, at exactly the size from which they could."""
import pytest

from lava_opzo.errors import UserError
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


def test_third_factor_times_gate_may_just_fill_24_bits():
    steps = (2**23 - 1 - 512) // (4 * 256 * 127 * 2)
    assert small_network(steps=steps).learning.steps == steps
    with pytest.raises(UserError, match="population 'hidden1': h, third factor times gate, can reach .* above 8388607"):
        small_network(steps=steps + 1)


def test_the_residual_and_the_halvings_count_to_the_width_of_h():
    network = small_network()
    assert with_layer(network, 2, y_shift=22).hidden[1].y_shift == 22
    with pytest.raises(UserError, match="population 'hidden2': h"):
        with_layer(small_network(halve_every=5, max_halvings=1), 2, y_shift=22)


def test_kinds_of_credit_in_real_numbers_have_no_width():
    assert small_network(steps=500, credit="backprop").learning.steps == 500
