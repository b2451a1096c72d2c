"""The tables of what sending the error back costs stand in the docs as they are counted, and two of their numbers by hand."""
from pathlib import Path

from benchmarks.error_cost import cost, tables
from lava_opzo.experiment.layers import parse_layers, wired

PAGE = Path(__file__).parents[2] / "docs" / "from_the_paper_to_the_chip.md"


def test_the_page_has_both_tables_as_they_are_counted():
    page = PAGE.read_text()
    assert all(line in page for line in tables().splitlines() if line)


def test_two_convolutions_are_counted_as_by_hand():
    found = cost(wired(parse_layers("4c3s2,8c3s2"), (8, 8, 2), 128, 5))
    assert found.forward == 16 * 4 * 18 + 4 * 8 * 36 + 32 * 5
    assert (found.weights, found.upper) == (4 * 18 + 8 * 36 + 160, 8 * 36 + 160)
    assert (found.back, found.entries, found.hidden) == (4 * 8 * 36 + 160, (64 + 32) * 5, 96)
