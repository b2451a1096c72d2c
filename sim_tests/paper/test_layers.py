"""The text that describes layers: what it means, and one line for what it cannot mean."""
import pytest

from lava_opzo.errors import UserError
from lava_opzo.paper.layers import Layer, parsed


def test_words_mean_what_they_say():
    assert parsed("64c3,p2,128c5s2,128c3r,g", (3, 32, 32), 10) == [
        Layer((3, 32, 32), (64, 32, 32), 1, 3, 1), Layer((64, 32, 32), (128, 8, 8), 2, 5, 2),
        Layer((128, 8, 8), (128, 8, 8), 1, 3, 1, True), Layer((128, 8, 8), (10,), 0)]
    assert parsed("800,800r", (784,), 10) == [Layer((784,), (800,)), Layer((800,), (800,), residual=True), Layer((800,), (10,))]


def test_fan_in_counts_synapses():
    assert [layer.fan_in for layer in parsed("4c3,p2,6", (2, 8, 8), 3)] == [18, 64, 6]


@pytest.mark.parametrize("text, words", [
    ("", "'' is no layer"), ("abc", "'abc' is no layer"), ("p2", "has 0 layers"), ("8c3,g,5", "'5' follows g"),
    ("8c3,p2,p2", "'p2' follows no image"), ("10,p2", "follows no image"), ("10,8c3", "convolution over no image"),
    ("8c4", "even kernel"), ("8c3s0", "no stride"), ("0", "no neurons"), ("8c3,16c3r", "has a residual"),
    ("8c3,p9", "larger than the image of 8 x 8"), ("8c3,p0", "follows no image"), ("9" * 300, "... (300 characters)")])
def test_what_has_no_meaning_is_refused_in_one_line(text, words):
    with pytest.raises(UserError) as error:
        parsed(text, (2, 8, 8), 3)
    assert words in str(error.value) and "\n" not in str(error.value) and len(str(error.value)) < 400
