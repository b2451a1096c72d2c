"""Kernels and feature maps as pictures: every weight and every spike where it belongs."""
import numpy as np
import pytest

from lava_opzo.experiment.choose import choose
from lava_opzo.network.initial import initial_state
from lava_opzo.report import axes, figures
from lava_opzo.report.picture import save
from lava_opzo.report.pictures import feature_maps, kernels, mosaic, shown_positions, wrapped
from lava_opzo.topology.conv import Conv
from lava_opzo.topology.local import Local
from sim_tests.helpers.images import SQUARE, image_network
from sim_tests.helpers.networks import patched_network
from sim_tests.helpers.patches import pooled_network

PNG = b"\x89PNG\r\n"


def test_a_kernel_shows_the_weight_of_every_tap_and_no_bias():
    conv = Conv((6, 5, 2), 3, (3, 2), lines=1, bias=True)
    found = kernels(conv, np.arange(3 * 13).reshape(3, 13))
    assert found.shape == (2, 3, 3, 2)
    for below, channel, row, column in np.ndindex(found.shape):
        assert found[below, channel, row, column] == channel * 13 + (row * 2 + column) * 2 + below


def test_local_kernels_show_some_positions_and_nothing_outside_the_image():
    local = Local((4, 4, 1), 2, (3, 3), (2, 2), (1, 1), 1, True)
    edges, found = local.edges(), kernels(local, np.arange(local.weight_shape[0]))
    places = shown_positions(local)
    assert places == [0, 3] and found.shape == (2, 2, 3, 3)
    for row, position in enumerate(places):
        for channel in range(2):
            into = edges.w[(edges.post == position * 2 + channel) & (edges.pre < 16)]
            picture = found[row, channel]
            assert picture[~np.isnan(picture)].tolist() == into.tolist()
    assert np.isnan(found[0, 0, 0]).all() and np.isnan(found[0, 0, :, 0]).all(), "the corner's first row and column lie outside"


def test_feature_maps_count_the_spikes_of_the_windows_alone():
    network = image_network(SQUARE)
    schedule, sent = network.schedule(), {}
    for number, topology in enumerate(SQUARE[:3], 1):
        sent = np.ones((schedule.length, topology.n_post), int)
        sent[number:number + schedule.window_steps] *= 3
        sent[number, 7] = 30
        maps = feature_maps(topology, sent, schedule, number)
        rows, columns, channels = topology.out_shape
        position, channel = divmod(7, channels)
        expected = np.full((1, channels, rows, columns), 3 * schedule.window_steps)
        expected[0, channel, position // columns, position % columns] += 27
        assert np.array_equal(maps, expected)


def test_a_mosaic_keeps_every_picture_and_a_line_between():
    pictures = np.arange(2 * 3 * 2 * 2, dtype=float).reshape(2, 3, 2, 2)
    sheet = mosaic(pictures)
    assert sheet.shape == (5, 8) and np.isnan(sheet[2]).all() and np.isnan(sheet[:, [2, 5]]).all()
    assert sheet[3:, 6:].tolist() == pictures[1, 2].tolist()
    assert wrapped(pictures[:1]).shape == (2, 2, 2, 2) and np.isnan(wrapped(pictures[:1])[1, 1]).all()


@pytest.mark.parametrize("signed, limits", [(True, (-5, 5)), (False, (0, 5))])
def test_colours_go_around_zero_or_begin_there(signed, limits):
    ax = figures.empty_figure(4, 3).subplots()
    assert axes.pictures(ax, np.array([[-5.0, np.nan], [1, 2]]), "kernels", "units", signed) is ax
    assert ax.get_images()[0].get_clim() == limits and ax.get_title() == "kernels"


@pytest.mark.parametrize("first, second", [(Local, Conv), (Conv, Local)])
def test_the_picture_of_a_run_has_a_row_of_images(tmp_path, monkeypatch, first, second):
    network, titles = patched_network(first, second), []
    monkeypatch.setattr(axes, "pictures", lambda ax, sheet, title, label, signed: titles.append((title, sheet.shape)))
    spikes = {population.name: np.zeros((network.schedule().length, population.n), int) for population in network.populations}
    save(figures.run_figure([], network, initial_state(network), spikes), tmp_path / "run.png")
    assert (tmp_path / "run.png").read_bytes().startswith(PNG)
    rows = " (rows: first, middle, last position)" if first is Local else ""
    assert [title for title, _ in titles] == [f"Kernels W1{rows}", *(f"One sample: hidden{n} by channel" for n in (1, 2))]


@pytest.mark.parametrize("network, expected", [
    (pooled_network(), ["Kernels W1 (rows: first, middle, last position)", "One sample: hidden1 by channel",
                        "One sample: hidden2 by channel"]),
    (choose("digits", None, "p2,20")[0].network, ["One sample: hidden1 by channel"])], ids=["above a local layer", "alone"])
def test_pooling_shows_its_maps_and_no_kernels(tmp_path, monkeypatch, network, expected):
    titles = []
    monkeypatch.setattr(axes, "pictures", lambda ax, sheet, title, label, signed: titles.append(title))
    spikes = {population.name: np.zeros((network.schedule().length, population.n), int) for population in network.populations}
    save(figures.run_figure([], network, initial_state(network), spikes), tmp_path / "run.png")
    assert (tmp_path / "run.png").read_bytes().startswith(PNG) and titles == expected
