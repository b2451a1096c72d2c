"""Pictures take names, phases and rails from the network, and are files that are there."""
import runpy
import shutil
from pathlib import Path

import numpy as np
import pytest

from lava_opzo.engines.lava.spikes import record_spikes
from lava_opzo.network.initial import initial_state
from lava_opzo.report import axes, figures, picture
from lava_opzo.silicon.profile import LOIHI_254
from sim_tests.helpers.networks import random_samples, small_network

ROOT = Path(__file__).parents[2]
PNG = b"\x89PNG\r\n"


@pytest.fixture
def ax():
    return figures.empty_figure(4, 3).subplots()


def texts(ax):
    return [text.get_text() for text in ax.texts]


@pytest.mark.parametrize("options, expected", [
    ({}, [(0, 5, "window +"), (5, 10, "window -"), (10, 14, "answer, error"), (14, 16, "W"), (16, 20, "M")]),
    ({"windows": 1, "credit": "dfa"}, [(0, 5, "window +"), (5, 9, "answer, error"), (9, 11, "W")])])
def test_the_phases_of_a_sample_follow_each_other_and_those_without_a_step_are_left_out(options, expected):
    assert axes.phases(small_network(**options).schedule()) == expected


def test_an_evaluated_sample_has_a_window_without_noise_and_an_answer():
    assert [label for _, _, label in axes.phases(small_network().schedule(learn=False))] == ["window 0", "answer"]


def test_a_raster_has_a_dot_a_spike_and_the_name_of_every_population(ax):
    network = small_network()
    frames, labels = random_samples(network, 1)
    spikes = record_spikes(network, initial_state(network), frames, labels)
    axes.raster(ax, spikes, network.schedule())
    assert sum(len(dots.get_offsets()) for dots in ax.collections) == sum(np.count_nonzero(events) for events in spikes.values())
    assert texts(ax) == ["input", "hidden1", "hidden2", "readout", "window +", "window -", "answer, error", "W", "M"]


def test_a_timeline_has_the_populations_as_its_rows(ax):
    network = small_network(hidden=(4, 3, 2))
    axes.timeline(ax, [population.name for population in network.populations], network.schedule())
    assert [label.get_text() for label in ax.get_yticklabels()] == ["input", "hidden1", "hidden2", "hidden3", "readout"]
    assert [sum(part in text.splitlines() for text in texts(ax)) for part in ("e+", "e-", "g+", "g-")] == [1, 1, 3, 3]


def test_a_histogram_marks_the_rails_of_the_profile(ax):
    axes.weight_histogram(ax, {"W1": np.arange(-256, 255, 2)}, LOIHI_254, "weights")
    assert [line.get_xdata()[0] for line in ax.get_lines()] == [-256, 254]
    assert ax.get_legend().get_texts()[0].get_text() == "W1"


def test_curves_are_named_and_absent_where_nothing_was_measured(ax):
    axes.spike_rates(ax, ("hidden1", "hidden2"), [32, 64], [[0.1, 0.2], [0.3, 0.4]])
    assert [(line.get_label(), line.get_ydata().tolist()) for line in ax.get_lines()] == [
        ("hidden1", [0.1, 0.3]), ("hidden2", [0.2, 0.4])]
    empty = figures.empty_figure(4, 3).subplots()
    axes.alignment(empty, ("M1",), [32], np.array([[np.nan]]))
    axes.spike_rates(empty, ("hidden1",), [], [])
    assert not empty.get_lines()


def test_more_layers_than_colours_are_drawn(tmp_path):
    network = small_network(hidden=(3,) * 8)
    frames, labels = random_samples(network, 1)
    state = initial_state(network)
    lines = [{"kind": "layers", "n_trained": 32, "spike_rates": [0.1] * 8, "alignment": [None] * 8}]
    picture.save(figures.run_figure(lines, network, state, record_spikes(network, state, frames, labels)), tmp_path / "run.png")
    assert (tmp_path / "run.png").read_bytes().startswith(PNG)


def test_a_trade_off_has_a_point_a_strength_of_replay_and_a_line_a_way(ax, tmp_path):
    ways = {"all": [(0, 40.0, 99.0), (5, 96.0, 95.0)], "frozen": [(0, 60.0, 90.0)]}
    axes.trade_off(ax, ways, 97.0)
    lines = {line.get_label(): (list(line.get_xdata()), list(line.get_ydata())) for line in ax.get_lines()}
    assert lines["all"] == ([99.0, 95.0], [40.0, 96.0]) and lines["frozen"] == ([90.0], [60.0]) and texts(ax) == ["0", "5", "0"]
    assert lines["before the new class"][1] == [97.0, 97.0]
    figures.trade_off_picture(tmp_path / "trade.png", ways, 97.0)
    assert (tmp_path / "trade.png").read_bytes().startswith(PNG)


def test_the_figure_of_the_documentation_is_drawn_by_its_script(tmp_path):
    shutil.copy(ROOT / "docs" / "make_figures.py", tmp_path)
    runpy.run_path(str(tmp_path / "make_figures.py"), run_name="__main__")
    assert (tmp_path / "timeline.png").read_bytes().startswith(PNG)
