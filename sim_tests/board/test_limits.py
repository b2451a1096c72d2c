"""One table of numbers: the checks of populations and the pre-flight refuse the same values."""
import re

import pytest

from lava_opzo.errors import UserError
from lava_opzo.silicon.limits import LIMITS, Limit
from lava_opzo.silicon.profile import LOIHI_254, STATE_LIMIT, TRACE_MAX
from sim_tests.helpers.networks import small_network, with_layer


@pytest.mark.parametrize(("field", "limit"), [
    ("vth", LIMITS.vth_mantissa), ("psi_width", LIMITS.vth_mantissa), ("dv", LIMITS.decay), ("bias_mant", LIMITS.bias_mantissa),
    ("bias_exp", LIMITS.bias_exponent)])
def test_a_population_takes_the_limit_of_the_chip_and_refuses_one_more(field, limit):
    assert getattr(with_layer(small_network(), 1, **{field: limit.number}).hidden[0], field) == limit.number
    with pytest.raises(UserError, match=re.escape(f"population 'hidden1': {field}") + f".*{limit.number + 1}.*{limit.number}"):
        with_layer(small_network(), 1, **{field: limit.number + 1})


def test_limits_that_the_arithmetic_states_are_those_of_the_arithmetic():
    assert (LIMITS.weight_min.value, LIMITS.weight_max.value) == (LOIHI_254.weight_min, LOIHI_254.weight_max) == (-256, 254)
    assert LIMITS.trace.value == TRACE_MAX == 127 and LIMITS.state.value == STATE_LIMIT - 1 == 2**23 - 1
    assert LIMITS.readout_sum.value == 131071


def test_a_limit_that_is_not_public_has_no_number():
    with pytest.raises(ValueError, match="a limit in products is not public"):
        Limit(None, "products", "nobody", False).number  # noqa: B018
