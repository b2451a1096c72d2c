"""The figures that a run leaves, composed from lava_opzo.report.axes and written without a display."""
from collections.abc import Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from lava_opzo.network.connections import Connection
from lava_opzo.network.network import Network
from lava_opzo.network.state import State
from lava_opzo.report import axes
from lava_opzo.report.picture import DPI, save
from lava_opzo.report.pictures import feature_maps, kernels, mosaic, wrapped
from lava_opzo.runs.curves import Curve
from lava_opzo.silicon.readouts import VALUES
from lava_opzo.topology.conv import Conv
from lava_opzo.topology.local import Local
from lava_opzo.topology.patches import Patches

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def empty_figure(width: float, height: float) -> "Figure":
    """A figure that needs no display and that a notebook shows where it is the value of a cell."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    class Inline(Figure):
        def _repr_png_(self) -> bytes:
            content = BytesIO()
            self.savefig(content, format="png", dpi=DPI)
            return content.getvalue()

    figure = Inline(figsize=(width, height), layout="constrained")
    FigureCanvasAgg(figure)
    return figure


def run_figure(metrics: list[dict[str, Any]], network: Network, state: State,
               spikes: Mapping[str, np.ndarray], measured_on: str = "test") -> "Figure":
    """Learning curve, spike rates, alignment of M; raster of one sample with its phases, histograms of W and M.

    Where there are image layers, a row more: kernels of the first one, and what it and the next one sent in that sample.

    metrics: lines of metrics.jsonl. measured_on: what the samples of their test_accuracy are.

    Shapes:
        spikes: (steps, n) of one training sample, by population.
    """
    running = [line for line in metrics if line["kind"] == "progress"]
    epochs = [line for line in metrics if line["kind"] == "epoch" and line["test_accuracy"] is not None]
    layers = [line for line in metrics if line["kind"] == "layers"]
    measured, hidden = [line["n_trained"] for line in layers], [layer.name for layer in network.hidden]
    feedback = [connection.name for connection in network.feedback]
    patches = [(number, connection) for number, connection in enumerate(network.forward, 1)
               if isinstance(connection.topology, Patches)]
    figure = empty_figure(19, 13 if patches else 9)
    grid = figure.subplots(3 if patches else 2, 3)
    if network.readout.kind == VALUES:
        _errors(grid[0, 0], metrics, measured_on)
    else:
        axes.learning_curve(grid[0, 0], [line["n_trained"] for line in running], [line["accuracy"] for line in running],
                            [line["n_trained"] for line in epochs], [line["test_accuracy"] for line in epochs],
                            measured_on)
    axes.spike_rates(grid[0, 1], hidden, measured, [line["spike_rates"] for line in layers])
    axes.alignment(grid[0, 2], feedback, measured, np.array([line["alignment"] for line in layers], float))
    axes.raster(grid[1, 0], spikes, network.schedule())
    for place, title, connections in ((grid[1, 1], "Forward weights W", network.forward),
                                      (grid[1, 2], "Feedback weights M", network.feedback)):
        weights = {connection.name: state[connection.weights] for connection in connections}
        axes.weight_histogram(place, weights, network.profile, title)
    if patches:
        _image_row(grid[2], patches, network, state, spikes)
    return figure


def _errors(ax: "Axes", metrics: list[dict[str, Any]], measured_on: str) -> None:
    """The mean absolute error of values, of -127..127, in the place of an accuracy."""
    lines = [(line["n_trained"], line["train_scores"], line.get("test_scores")) for line in metrics
             if line["kind"] == "epoch" and line.get("train_scores")]
    tested = [(n, scores) for n, _, scores in lines if scores]
    axes.error_curve(ax, [n for n, _, _ in lines], [scores["mean_absolute_error"] for _, scores, _ in lines],
                     [n for n, _ in tested], [scores["mean_absolute_error"] for _, scores in tested], measured_on)


def _image_row(places: np.ndarray, patches: list[tuple[int, Connection]], network: Network, state: State,
               spikes: Mapping[str, np.ndarray]) -> None:
    """Kernels of the first image layer that has some, which pooling has not, then the spikes of the first layers in the windows
    of a sample.

    patches: numbers of image layers, the input being 0, with the connections into them.
    """
    for place in places:
        place.set_axis_off()
    for _, connection in patches:
        if isinstance(connection.topology, (Local, Conv)):
            places[0].set_axis_on()
            _kernels(places[0], connection, connection.topology, state)
            break
    for place, (number, connection) in zip(places[1:], patches, strict=False):
        assert isinstance(connection.topology, Patches), "what run_figure chose"
        maps = feature_maps(connection.topology, spikes[connection.target], network.schedule(), number)
        place.set_axis_on()
        axes.pictures(place, mosaic(wrapped(maps)), f"One sample: {connection.target} by channel", "spikes in its windows",
                      signed=False)


def _kernels(place: "Axes", connection: Connection, topology: Local | Conv, state: State) -> None:
    found = kernels(topology, state[connection.weights])
    rows = "" if len(found) == 1 else (" (rows: channels below)" if topology.shared else " (rows: first, middle, last position)")
    axes.pictures(place, mosaic(wrapped(found) if len(found) == 1 else found), f"Kernels {connection.name}{rows}",
                  "weight (units)", signed=True)


def curves_figure(curves: Sequence[Curve]) -> "Figure":
    """Learning curves of several runs with mean and spread: while learning, and on their test or validation samples."""
    figure = empty_figure(12, 4.5)
    left, right = figure.subplots(1, 2)
    kinds = " or ".join(sorted({curve.measured_on for curve in curves}))
    axes.mean_curves(left, curves, "train_accuracy", "While learning, by epoch")
    axes.mean_curves(right, curves, "test_accuracy", f"On {kinds} samples, without noise")
    return figure


def scaling_picture(path: str | Path, rows: list[dict[str, Any]]) -> None:
    """Cost of a training sample against width and depth as a PNG; rows: of `python -m benchmarks scaling`."""
    figure = empty_figure(12, 4)
    grid = figure.subplots(1, 3)
    by_width = [row for row in rows if row["varied"] == "width"]
    by_depth = [row for row in rows if row["varied"] == "depth"]
    widths = [int(row["network"].split("-")[1]) for row in by_width]
    depths = [row["network"].count("-") - 1 for row in by_depth]
    neurons = "neurons of each of two hidden layers"
    axes.cost(grid[0], widths, [row["us_per_sample"] for row in by_width], "us a training sample", neurons, logarithmic="xy")
    axes.cost(grid[1], widths, [row["ns_per_touched_weight"] for row in by_width], "ns a touched weight", neurons,
              [f"{row['weights_kib'] / 1024:.1f} MiB" for row in by_width], logarithmic="x")
    axes.cost(grid[2], depths, [row["us_per_sample"] for row in by_depth], "us a training sample", "hidden layers of 200 neurons")
    save(figure, path)


def trade_off_picture(path: str | Path, ways: Mapping[str, Sequence[tuple[int, float, float]]], before: float) -> None:
    """What is forgotten and what is learned when a class is added, as a PNG; ways, before: as for `axes.trade_off`."""
    figure = empty_figure(6.5, 4.5)
    axes.trade_off(figure.subplots(), ways, before)
    save(figure, path)


def timeline_picture(path: str | Path, network: Network) -> None:
    """The timeline of one training sample as a PNG."""
    figure = empty_figure(14, 0.8 * (network.depth + 2) + 1)
    axes.timeline(figure.subplots(), [population.name for population in network.populations], network.schedule())
    save(figure, path)
