"""Pictures of a run. Every function draws what it is given on the Axes it is given, returns them and computes nothing."""
from collections.abc import Mapping, Sequence
from itertools import accumulate
from math import ceil
from typing import TYPE_CHECKING

import numpy as np

from lava_opzo.learning.phases import Answer, Ranks
from lava_opzo.learning.schedule import Schedule
from lava_opzo.learning.step import Step
from lava_opzo.runs.curves import Curve
from lava_opzo.silicon.profile import Profile

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.patches import Rectangle

LAYER_COLOURS = ("#4c72b0", "#dd8452", "#55a868", "#c44e52", "#8172b3", "#937860")


def learning_curve(ax: "Axes", samples: Sequence[int], accuracy: Sequence[float], test_samples: Sequence[int] = (),
                   test_accuracy: Sequence[float] = (), measured_on: str = "test") -> "Axes":
    """Running accuracy (shares) over samples learned, and the accuracy on test or validation samples where it was measured."""
    ax.plot(samples, 100 * np.asarray(accuracy), color=LAYER_COLOURS[0], label="while learning")
    ax.plot(test_samples, 100 * np.asarray(test_accuracy), "o", color=LAYER_COLOURS[3], label=f"{measured_on}, without noise")
    ax.set(xlabel="samples learned", ylabel="right (%)", ylim=(0, 102), title="Learning curve")
    ax.legend(loc="lower right")
    return ax


def error_curve(ax: "Axes", samples: Sequence[int], error: Sequence[float], test_samples: Sequence[int],
                test_error: Sequence[float], measured_on: str) -> "Axes":
    """Mean absolute error of values over samples learned, and that on test or validation samples where it was measured."""
    ax.plot(samples, error, "o-", color=LAYER_COLOURS[0], label="while learning, by epoch")
    ax.plot(test_samples, test_error, "o", color=LAYER_COLOURS[3], label=f"{measured_on}, without noise")
    ax.set(xlabel="samples learned", ylabel="mean absolute error (values -127..127)", title="Learning curve")
    ax.set(ylim=(0, None))
    ax.legend(loc="upper right")
    return ax


def mean_curves(ax: "Axes", curves: Sequence[Curve], measure: str, title: str) -> "Axes":
    """Mean accuracy of the runs of each curve over samples learned, with one standard deviation to both sides as a band.

    measure: `train_accuracy` or `test_accuracy`.
    """
    for colour, curve in zip(_colours(len(curves)), curves, strict=True):
        n, mean, deviation, _ = curve.points[measure].T
        ax.plot(n, 100 * mean, "o-", color=colour, markersize=4, label=f"{curve.name} ({curve.runs} runs)")
        ax.fill_between(n, 100 * (mean - deviation), 100 * (mean + deviation), color=colour, alpha=0.2, linewidth=0)
    ax.set(xlabel="samples learned", ylabel="right (%)", title=title)
    ax.legend(loc="lower right", fontsize=8)
    return ax


def spike_rates(ax: "Axes", names: Sequence[str], samples: Sequence[int], rates: Sequence[Sequence[float]]) -> "Axes":
    """Spikes per step and neuron of each hidden layer over samples learned.

    Shapes:
        names: (n_layers,). samples: (n,). rates: (n, n_layers).
    """
    ax.set(xlabel="samples learned", ylabel="spikes per step and neuron", title="Spike rates")
    if not len(rates):
        return ax
    _curves(ax, names, samples, np.asarray(rates))
    ax.set(ylim=(0, None))
    return ax


def alignment(ax: "Axes", names: Sequence[str], samples: Sequence[int], cosines: np.ndarray) -> "Axes":
    """Cosine between M and the derivative of the outputs, each hidden layer, over samples learned.

    A layer whose M is never used has no cosine (NaN) and no line.

    Shapes:
        names: (n_layers,). samples: (n,). cosines: (n, n_layers).
    """
    ax.set(xlabel="samples learned", ylabel="cosine", ylim=(-1, 1), title="Alignment of M with the Jacobian")
    if np.isnan(cosines).all():
        return ax
    ax.axhline(0, color="0.6", linestyle=":")
    _curves(ax, names, samples, cosines)
    return ax


def _curves(ax: "Axes", names: Sequence[str], samples: Sequence[int], values: np.ndarray) -> None:
    for name, colour, column in zip(names, _colours(len(names)), values.T, strict=True):
        ax.plot(samples, column, "o-", color=colour, label=name)
    ax.set(xscale="log")
    ax.legend()


def _colours(n: int) -> list[str]:
    """n colours, those of the layers above the input first."""
    order = LAYER_COLOURS[1:] + LAYER_COLOURS[:1]
    return [order[i % len(order)] for i in range(n)]


def raster(ax: "Axes", spikes: Mapping[str, np.ndarray], schedule: Schedule) -> "Axes":
    """Spikes of one sample, bottom population first, behind them the phases of the schedule.

    Shapes:
        spikes: (steps, n) by population.
    """
    base = 0
    for colour, (name, events) in zip((LAYER_COLOURS[0], *_colours(len(spikes) - 1)), spikes.items(), strict=True):
        steps, neurons = np.nonzero(events)
        ax.scatter(steps, base + neurons, s=3, color=colour, marker="s", linewidths=0)
        ax.text(-0.8, base + events.shape[1] / 2, name, ha="right", va="center", color=colour)
        base += events.shape[1] + 6
    for number, (start, stop, label) in enumerate(phases(schedule)):
        ax.axvspan(start - 0.5, stop - 0.5, color=("0.93", "0.85")[number % 2], zorder=0, linewidth=0)
        ax.text((start + stop - 1) / 2, base, label, ha="center", va="bottom", fontsize=7)
    ax.set(xlim=(-0.5, schedule.length - 0.5), ylim=(-3, base + 12), xlabel="step of the sample", yticks=[])
    ax.set_title("One sample: spikes and phases")
    return ax


def phases(schedule: Schedule) -> list[tuple[int, int, str]]:
    """(first step, step after the last, label) of every phase that takes time, as the input sees them.

    Where weights learn in every step, what a step of the algorithm teaches is a part of it.
    """
    stops = list(accumulate(phase.length(schedule.depth) for phase in schedule.phases))
    found: list[tuple[int, int, str]] = []
    for start, stop, phase in zip([0, *stops], stops, schedule.phases, strict=False):
        if schedule.by_step and isinstance(phase, (Answer, Ranks)):
            found[-1] = (found[-1][0], stop, found[-1][2])
        elif stop > start:
            found.append((start, stop, phase.label))
    return found


def weight_histogram(ax: "Axes", weights: Mapping[str, np.ndarray], profile: Profile, title: str) -> "Axes":
    """Distribution of the weights of each connection, in weight units, with the rails."""
    scale = max(1, *(ceil(np.abs(values).max() / 257) for values in weights.values()))
    for colour, (name, values) in zip((LAYER_COLOURS[0], *_colours(len(weights) - 1)), weights.items(), strict=True):
        bins = list(scale * np.arange(-257, 259, 4))
        ax.hist(np.ravel(values), bins=bins, histtype="step", density=True, color=colour, label=name)
    for rail in (profile.weight_min, profile.weight_max):
        ax.axvline(rail, color="0.6", linestyle=":")
    ax.set(xlabel="weight (units, rails dotted)", ylabel="share", yscale="log", title=title)
    ax.legend()
    return ax


def pictures(ax: "Axes", sheet: np.ndarray, title: str, label: str, signed: bool) -> "Axes":
    """Small pictures on one sheet, NaN (grey) between them (`lava_opzo.report.pictures`), with the scale of their colours.

    label: what a colour means. signed: whether values lie on both sides of 0, which is then white; else they begin at 0.
    """
    most = max(1.0, float(np.nanmax(np.abs(sheet))))
    colours, least = ("RdBu_r", -most) if signed else ("viridis", 0.0)
    image = ax.imshow(sheet, cmap=colours, vmin=least, vmax=most, interpolation="nearest")
    ax.figure.colorbar(image, ax=ax, label=label, shrink=0.8)
    ax.set(xticks=[], yticks=[], title=title, facecolor="0.8")
    return ax


def timeline(ax: "Axes", names: Sequence[str], schedule: Schedule) -> "Axes":
    """The program of every population over the steps of one sample (docs/arithmetic.md section 6), input at the bottom.

    names: of the populations, input first.
    """
    for row, program in enumerate(schedule.programs):
        for tau, step in enumerate(program):
            label, colour = _cell(step, row, schedule.depth)
            if label:
                ax.add_patch(_rectangle(tau, row, colour))
                ax.text(tau, row, label, ha="center", va="center", fontsize=7)
    ax.set(xlim=(-0.6, schedule.length - 0.4), ylim=(-0.6, len(names) - 0.4), xticks=range(schedule.length),
           yticks=range(len(names)), yticklabels=names, xlabel="step of the sample (tau)")
    ax.tick_params(axis="x", labelsize=7)
    return ax


def cost(ax: "Axes", sizes: Sequence[int], values: Sequence[float], unit: str, label: str, notes: Sequence[str] = (),
         logarithmic: str = "") -> "Axes":
    """A measured cost over the size of a network; notes: a text above each point. logarithmic: of "x" and "y"; else from 0."""
    ax.plot(sizes, values, "o-", color=LAYER_COLOURS[0])
    for size, value, note in zip(sizes, values, notes, strict=False):
        ax.annotate(note, (size, value), textcoords="offset points", xytext=(0, 7), ha="center", fontsize=7)
    ax.set(xlabel=label, ylabel=unit)
    if "x" in logarithmic:
        ax.set_xscale("log")
        ax.minorticks_off()
    if "y" in logarithmic:
        ax.set_yscale("log")
    else:
        ax.set_ylim(0, 1.15 * max(values))
    ax.set_xticks(sizes, [str(size) for size in sizes])
    ax.margins(x=0.1)
    return ax


def trade_off(ax: "Axes", ways: Mapping[str, Sequence[tuple[int, float, float]]], before: float) -> "Axes":
    """What a network keeps of old classes against what it learns of a new one, a line a way of learning.

    ways: name -> (old samples after each new one, % right of the old classes, % right of the new one), noted beside each point.
    before: % right of the old classes before the new one came, dotted.
    """
    ax.axhline(before, color="0.6", linestyle=":", label="before the new class")
    for colour, (name, points) in zip(_colours(len(ways)), ways.items(), strict=True):
        ax.plot([new for _, _, new in points], [old for _, old, _ in points], "o-", color=colour, label=name)
        for each, old, new in points:
            ax.annotate(str(each), (new, old), textcoords="offset points", xytext=(4, 5), fontsize=8, color=colour)
    ax.set(xlabel="new class right (%)", ylabel="old classes right (%)", title="Points: old samples after each new one")
    ax.legend(loc="lower left", fontsize=8)
    return ax


def _rectangle(tau: int, row: int, colour: str) -> "Rectangle":
    from matplotlib.patches import Rectangle

    return Rectangle((tau - 0.5, row - 0.4), 1, 0.8, facecolor=colour, edgecolor="white")


def _cell(step: Step, population: int, depth: int) -> tuple[str, str]:
    """What a population does in a step, in a few signs, and the colour that goes with it."""
    sign = {1: "+", -1: "-", 0: ""}
    if step.window >= 0:
        labels = [f"{step.frame}{sign[step.sign]}"]
        colour = "#c6d8ee" if step.window == 0 else "#a3c1e0"
    else:
        labels, colour = [], "#f5d9b8"
    if step.error:
        labels.append(f"e{sign[step.error]}")
    if step.third_factor:
        labels.append(f"g{sign[step.third_factor]}")
    if step.rank:
        labels.append(f"x≥{step.rank}" if population <= depth else "")
        labels.append("y" if population > 0 else "")
        colour = "#f2b3a0"
    if step.m_sign:
        labels.append(("d" if population > depth else "z") + f"{sign[step.m_sign]}{step.m_bit}")
        colour = "#b9dfb4"
    return "\n".join(filter(None, labels)), colour
