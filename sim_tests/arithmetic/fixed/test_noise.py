"""The noise register of lava_opzo.arithmetic.fixed equals the oracle's and steps through its states as the polynomial says."""
import numpy as np
from hypothesis import given, settings, strategies as st

from lava_opzo.arithmetic.fixed import noise
from lava_opzo.engines.oracle import noise as oracle

LARGEST = 2**24 - 1
STATES = st.sampled_from([1, 2, 3, LARGEST - 1, LARGEST, 2**23 - 1, 2**23, 2**23 + 1, 0xE10000]) | st.integers(1, LARGEST)


@settings(max_examples=500)
@given(st.lists(STATES, min_size=1, max_size=40), st.sampled_from([np.int32, np.int64]))
def test_advance_and_sign_equal_the_oracle(states, dtype):
    advanced = noise.advance(np.array(states, dtype))
    assert advanced.tolist() == [oracle.advance_register(one) for one in states]
    assert noise.sign(advanced).tolist() == [oracle.noise_sign(one) for one in advanced.tolist()]


@settings(max_examples=300)
@given(STATES)
def test_a_state_stays_in_24_bits_and_never_becomes_zero(state):
    assert 1 <= int(noise.advance(np.int32(state))) <= LARGEST


@settings(max_examples=300)
@given(STATES)
def test_or_minus_and_is_the_exclusive_or_of_the_shift_register(state):
    assert int(noise.advance(np.int32(state))) == (state >> 1) ^ (0xE10000 if state & 1 else 0)


def multiply(a, b, polynomial):
    """Product of two polynomials over GF(2), bit i for x^i, modulo `polynomial` of degree 24."""
    product = 0
    while b:
        product ^= a * (b & 1)
        a, b = a << 1, b >> 1
        a ^= polynomial * (a >> 24)
    return product


def power(base, exponent, polynomial):
    result = 1
    for bit in bin(exponent)[2:]:
        result = multiply(result, result, polynomial)
        if bit == "1":
            result = multiply(result, base, polynomial)
    return result


POLYNOMIAL = 1 << 24 | 1 << 23 | 1 << 22 | 1 << 17 | 1
X = 2


@settings(max_examples=300)
@given(STATES)
def test_advance_divides_by_x_modulo_the_polynomial(state):
    assert multiply(int(noise.advance(np.int32(state))), X, POLYNOMIAL) == state


def test_the_polynomial_is_primitive_so_every_state_has_the_period_2_to_24_minus_1():
    factors = [3, 5, 7, 13, 17, 241]
    assert 3 * np.prod(factors) == LARGEST
    assert power(X, LARGEST, POLYNOMIAL) == 1
    assert all(power(X, LARGEST // prime, POLYNOMIAL) != 1 for prime in factors)
