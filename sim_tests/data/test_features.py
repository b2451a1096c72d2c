"""Real-valued features become payloads by a straight line that training samples alone decide."""
import re
from fractions import Fraction
from math import floor

import numpy as np
import pytest

from lava_opzo.data import encode, fit
from lava_opzo.data.features import outside
from lava_opzo.errors import UserError


def payload(x, low, high):
    """The formula in exact fractions."""
    share = min(max((Fraction(x) - Fraction(low)) / (Fraction(high) - Fraction(low)), 0), 1)
    return floor(15 * share + Fraction(1, 2))


def test_one_line_a_feature_follows_the_formula():
    x = np.array([[-2.0, 7.25], [0.0, 3.0], [1.5, -1.0], [4.0, 12.0]])
    assert encode(x, [-2, -1], [4, 12])[:, 0].tolist() == [[payload(a, -2, 4), payload(b, -1, 12)] for a, b in x.tolist()]


def test_two_lines_a_feature_rise_from_the_middle_to_both_ends():
    x = np.arange(-5.0, 6.0)[:, None]
    expected = [[payload(v, 0, 4), payload(-v, 0, 4)] for v in x[:, 0]]
    assert encode(x, -4, 4, on_off=True)[:, 0].tolist() == expected
    assert encode(np.zeros((1, 3)), -1, 1, on_off=True).shape == (1, 1, 6)


def test_test_samples_do_not_move_the_ranges_and_are_clipped_and_counted():
    low, high = fit([[0.0, 5.0], [10.0, 5.0]])
    assert (low.tolist(), high.tolist()) == ([0, 5], [10, 5])
    test = [[-1.0, 5.0], [11.0, 6.0]]
    assert encode(test, low, high)[:, 0].tolist() == [[0, 0], [15, 15]] and outside(test, low, high) == 3


@pytest.mark.parametrize(("x", "low", "high", "message"), [
    ([[1.0, np.nan]], 0, 1, "features[0, 1] = nan is no finite number"), ([[1.0]], 2, 1, "low[0] = 2.0 and high[0] = 1.0"),
    ([[1.0]], 0, np.inf, "high[0] = inf is no finite number"), ([1.0], 0, 1, "has shape (1,)"), ([["a"]], 0, 1, "type <U1"),
    ([[1.0]], [0, 0], 1, "neither one number nor one for each of the 1 features"), ([[1.0], [1.0, 2.0]], 0, 1, "is no array"),
    ([[1.0]], -1e308, 1e308, "are no range")])
def test_what_cannot_be_encoded_is_named(x, low, high, message):
    with pytest.raises(UserError, match=re.escape(message)):
        encode(x, low, high)


def test_nothing_is_fitted_to_no_sample():
    with pytest.raises(UserError, match="no samples to fit"):
        fit(np.zeros((0, 3)))
