"""The figures that a run leaves, composed from lava_opzo.report.axes and written without a display."""
from pathlib import Path

import numpy as np

from lava_opzo.learning.schedule import Schedule
from lava_opzo.network.state import State
from lava_opzo.report import axes


def _figure(*size, **options):
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=size, layout="constrained", **options)
    FigureCanvasAgg(figure)
    return figure


def run_picture(path: str | Path, metrics: list[dict], state: State, spikes: dict[str, np.ndarray], schedule: Schedule) -> None:
    """Learning curve, spike rates, alignment of M; raster of one sample with its phases, histograms of W and M, as one PNG.

    metrics: lines of metrics.jsonl. spikes: layer name -> (steps, n) of one training sample.
    """
    running = [line for line in metrics if line["kind"] == "progress"]
    epochs = [line for line in metrics if line["kind"] == "epoch" and line["test_accuracy"] is not None]
    layers = [line for line in metrics if line["kind"] == "layers"]
    looks = [line["n_trained"] for line in layers]
    figure = _figure(19, 9)
    axes = figure.subplots(2, 3)
    axes.learning_curve(axes[0, 0], [line["n_trained"] for line in running], [line["accuracy"] for line in running],
                         [line["n_trained"] for line in epochs], [line["test_accuracy"] for line in epochs])
    axes.spike_rates(axes[0, 1], looks, [line["spike_rates"] for line in layers])
    axes.alignment(axes[0, 2], looks, np.array([line["alignment"] for line in layers], float))
    axes.raster(axes[1, 0], spikes, schedule)
    axes.weight_histogram(axes[1, 1], {f"W{i}": w for i, w in enumerate(state.weights, 1)}, "Forward weights W")
    axes.weight_histogram(axes[1, 2], {f"M{i}": m for i, m in enumerate(state.feedback, 1)}, "Feedback weights M")
    figure.savefig(path, dpi=110)


def scaling_picture(path: str | Path, rows: list[dict]) -> None:
    """Cost of a training sample against width and depth as a PNG; rows: of `python -m benchmarks scaling`."""
    figure = _figure(12, 4)
    axes = figure.subplots(1, 3)
    by_width = [row for row in rows if row["varied"] == "width"]
    by_depth = [row for row in rows if row["varied"] == "depth"]
    widths = [int(row["network"].split("-")[1]) for row in by_width]
    depths = [row["network"].count("-") - 1 for row in by_depth]
    neurons = "neurons of each of two hidden layers"
    axes.cost(axes[0], widths, [row["us_per_sample"] for row in by_width], "us a training sample", neurons, logarithmic="xy")
    axes.cost(axes[1], widths, [row["ns_per_touched_weight"] for row in by_width], "ns a touched weight", neurons,
               [f"{row['weights_kib'] / 1024:.1f} MiB" for row in by_width], logarithmic="x")
    axes.cost(axes[2], depths, [row["us_per_sample"] for row in by_depth], "us a training sample", "hidden layers of 200 neurons")
    figure.savefig(path, dpi=110)


def timeline_picture(path: str | Path, schedule: Schedule) -> None:
    """The timeline of one training sample as a PNG."""
    figure = _figure(14, 0.8 * (schedule.depth + 2) + 1)
    axes.timeline(figure.subplots(), schedule)
    figure.savefig(path, dpi=110)
