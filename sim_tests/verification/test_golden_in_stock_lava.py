"""Stock Lava replays the golden vectors that it recorded; the slowest of them with `-m slow`."""
import pytest

from lava_opzo.verification.golden import Vectors
from sim_tests.helpers.golden_sets import FOLDER, SETS, recorded_in

RECORDED = [name for name, make in SETS.items() if recorded_in(make()[0]) == "stock"]
QUICK = ("busy", "local", "steps")


@pytest.mark.parametrize("name", [name if name in QUICK else pytest.param(name, marks=pytest.mark.slow) for name in RECORDED])
def test_stock_lava_replays_what_it_recorded_without_a_differing_value(name):
    vectors = Vectors(FOLDER / name)
    report = vectors.replay(("stock",))
    assert report.differing == 0 and report.samples == len(vectors.frames)
