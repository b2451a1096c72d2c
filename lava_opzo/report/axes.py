"""Pictures of a run. Every function draws what it is given on the Axes it is given, returns them and computes nothing."""
from math import ceil

import numpy as np

from lava_opzo.learning.schedule import Schedule

LAYER_COLOURS = ("#4c72b0", "#dd8452", "#55a868", "#c44e52", "#8172b3", "#937860")


def learning_curve(ax, samples, accuracy, test_samples=(), test_accuracy=()):
    """Running accuracy (shares) over samples learned, and the test accuracy where it was measured."""
    ax.plot(samples, 100 * np.asarray(accuracy), color=LAYER_COLOURS[0], label="while learning")
    ax.plot(test_samples, 100 * np.asarray(test_accuracy), "o", color=LAYER_COLOURS[3], label="test, without noise")
    ax.set(xlabel="samples learned", ylabel="right (%)", ylim=(0, 102), title="Learning curve")
    ax.legend(loc="lower right")
    return ax


def spike_rates(ax, samples, rates):
    """Spikes per step and neuron of each hidden layer over samples learned; rates: (n_looks, n_layers)."""
    ax.set(xlabel="samples learned", ylabel="spikes per step and neuron", title="Spike rates")
    if not len(rates):
        return ax
    for i, values in enumerate(np.transpose(rates), 1):
        ax.plot(samples, values, "o-", color=LAYER_COLOURS[i], label=f"hidden{i}")
    ax.set(xscale="log", ylim=(0, None))
    ax.legend()
    return ax


def alignment(ax, samples, cosines):
    """Cosine between M and the derivative of the outputs, each hidden layer, over samples learned; cosines: (n_looks, n_layers).

    A layer whose M is never used has no cosine (NaN) and no line.
    """
    ax.set(xlabel="samples learned", ylabel="cosine", ylim=(-1, 1), title="Alignment of M with the Jacobian")
    if np.isnan(cosines).all():
        return ax
    for i, values in enumerate(np.transpose(cosines), 1):
        ax.plot(samples, values, "o-", color=LAYER_COLOURS[i], label=f"M{i}")
    ax.axhline(0, color="0.6", linestyle=":")
    ax.set(xscale="log")
    ax.legend()
    return ax


def raster(ax, spikes: dict[str, np.ndarray], schedule: Schedule):
    """Spikes of one sample: layer name -> (steps, n) array, bottom layer first, behind it the phases of the schedule."""
    base = 0
    for colour, (name, events) in zip(LAYER_COLOURS, spikes.items()):
        steps, neurons = np.nonzero(events)
        ax.scatter(steps, base + neurons, s=3, color=colour, marker="s", linewidths=0)
        ax.text(-0.8, base + events.shape[1] / 2, name, ha="right", va="center", color=colour)
        base += events.shape[1] + 6
    for (start, stop, label), shade in zip(phases(schedule), ("0.93", "0.85") * 4):
        ax.axvspan(start - 0.5, stop - 0.5, color=shade, zorder=0, linewidth=0)
        ax.text((start + stop - 1) / 2, base, label, ha="center", va="bottom", fontsize=7)
    ax.set(xlim=(-0.5, schedule.length - 0.5), ylim=(-3, base + 12), xlabel="step of the sample", yticks=[])
    ax.set_title("One sample: spikes and phases")
    return ax


def phases(schedule: Schedule) -> list[tuple[int, int, str]]:
    """(first step, step after the last, label) of the phases of a training sample, as the input layer and readout see them."""
    names = [(0, schedule.steps, "window +")]
    if schedule.windows == 2:
        names.append((schedule.steps, 2 * schedule.steps, "window -"))
    names.append((schedule.window_steps, schedule.credit, "answer, error"))
    names.append((schedule.credit, schedule.feedback, "W"))
    if schedule.d_bits:
        names.append((schedule.feedback, schedule.length, "M"))
    return names


def weight_histogram(ax, weights: dict[str, np.ndarray], title: str):
    """Distribution of the weights of each connection, in weight units, with the rails."""
    scale = max(1, *(ceil(np.abs(values).max() / 257) for values in weights.values()))
    for colour, (name, values) in zip(LAYER_COLOURS, weights.items()):
        ax.hist(np.ravel(values), bins=scale * np.arange(-257, 259, 4), histtype="step", density=True, color=colour, label=name)
    for rail in (-256, 255):
        ax.axvline(rail, color="0.6", linestyle=":")
    ax.set(xlabel="weight (units, rails dotted)", ylabel="share", yscale="log", title=title)
    ax.legend()
    return ax


def timeline(ax, schedule: Schedule):
    """The program of every layer over the steps of one sample (docs/arithmetic.md section 6), input at the bottom."""
    names = ["input", *(f"hidden{i}" for i in range(1, schedule.depth + 1)), "readout"]
    for row, (name, program) in enumerate(zip(names, schedule.programs)):
        for tau, step in enumerate(program):
            label, colour = _cell(step, tau, row, schedule)
            if label:
                ax.add_patch(_rectangle(tau, row, colour))
                ax.text(tau, row, label, ha="center", va="center", fontsize=7)
    ax.set(xlim=(-0.6, schedule.length - 0.4), ylim=(-0.6, len(names) - 0.4), xticks=range(schedule.length),
           yticks=range(len(names)), yticklabels=names, xlabel="step of the sample (tau)")
    ax.tick_params(axis="x", labelsize=7)
    return ax


def cost(ax, sizes, values, unit: str, label: str, notes=(), logarithmic: str = ""):
    """A measured cost over the size of a network; notes: a text above each point. logarithmic: of "x" and "y"; else from 0."""
    ax.plot(sizes, values, "o-", color=LAYER_COLOURS[0])
    for size, value, note in zip(sizes, values, notes):
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


def _rectangle(tau, row, colour):
    from matplotlib.patches import Rectangle

    return Rectangle((tau - 0.5, row - 0.4), 1, 0.8, facecolor=colour, edgecolor="white")


def _cell(step, tau, layer, schedule) -> tuple[str, str]:
    sign = {1: "+", -1: "-", 0: ""}
    if step.window >= 0:
        labels = [f"{step.frame}{sign[step.sign]}"]
        colour = "#c6d8ee" if step.window == 0 else "#a3c1e0"
    else:
        labels, colour = [], "#f5d9b8"
    if step.error:
        labels.append(f"e{sign[step.error]}")
    if step.third:
        labels.append(f"g{sign[step.third]}")
    if step.rank:
        labels.append(f"x≥{step.rank}" if layer <= schedule.depth else "")
        labels.append("y" if layer > 0 else "")
        colour = "#f2b3a0"
    if step.m_sign:
        labels.append(("d" if layer > schedule.depth else "z") + f"{sign[step.m_sign]}{step.m_bit}")
        colour = "#b9dfb4"
    return "\n".join(filter(None, labels)), colour
