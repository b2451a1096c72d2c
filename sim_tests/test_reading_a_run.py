"""docs/reading_a_run.md explains every finding, symbol, panel and file that a run shows."""
from pathlib import Path

import pytest

from lava_opzo.board.finding import LEVELS
from lava_opzo.board.preflight import preflight
from lava_opzo.engines import largest
from lava_opzo.experiment.presets import digits
from lava_opzo.network.initial import initial_state
from lava_opzo.report import axes
from lava_opzo.runs.metrics_file import KINDS
from lava_opzo.silicon.boards import find
from sim_tests.helpers.networks import random_samples

DOCS = Path(__file__).parents[1] / "docs"
PAGE = (DOCS / "reading_a_run.md").read_text()


def rows(heading: str) -> list[list[str]]:
    """The cells of the table under a heading."""
    section = PAGE.split(f"## {heading}\n")[1].split("\n## ")[0]
    return [[cell.strip() for cell in line.replace("\\|", "!").strip("|").split("|")] for line in section.splitlines()
            if line.startswith("|")]


@pytest.mark.parametrize("mode", ["on-chip", "in-the-loop"])
def test_every_rule_and_level_of_the_pre_flight_is_explained(mode):
    network = digits().network
    found = preflight(network, initial_state(network), find("oheo-gulch"), mode, random_samples(network, 3)[0])
    explained = [first for first, *_ in rows("Findings of the pre-flight")]
    assert set(LEVELS) <= set(explained)
    parts = " / ".join(explained)
    assert [one.rule for one in found if not all(word in parts for word in one.rule.split(": "))] == []
    assert sum(one.level == "unknown" for one in found) == 4 + (mode == "on-chip")


def test_every_symbol_of_the_largest_values_is_explained_with_its_limit():
    found = {row[0].strip("!"): (row[2], row[3].split(";")[0]) for row in rows("Symbols of the largest values")[2:]}
    assert found == {name: (layers, str(largest.limit(name)))
                     for layers, names in (("hidden", (*largest.HIDDEN, "g")), ("readout", largest.READOUT)) for name in names}


def test_every_panel_of_the_picture_and_kind_of_metrics_is_explained():
    source = Path(axes.__file__).read_text()
    panels = " / ".join(first for first, *_ in rows("The picture"))
    for title in ("Learning curve", "Spike rates", "Alignment of M with the Jacobian", "One sample: spikes and phases"):
        assert title in source and title in panels
    figures = Path(axes.__file__).with_name("figures.py").read_text()
    for title in ("Forward weights W", "Feedback weights M", "Kernels", "One sample: "):
        assert title in figures and title in panels
    for phase in digits().network.schedule().phases:
        assert f"`{phase.label}`" in PAGE
    for kind in KINDS:
        assert f"`{kind}`" in PAGE
