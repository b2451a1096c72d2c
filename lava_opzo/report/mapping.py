"""Pictures of a mapping; like lava_opzo.report.axes, every function draws on the Axes it is given and returns them."""
from pathlib import Path
from typing import Any

import numpy as np

from lava_opzo.board.mapping import Mapping
from lava_opzo.report.axes import LAYER_COLOURS
from lava_opzo.report.picture import check_ending, save
from lava_opzo.silicon.limits import LIMITS

COLUMNS = 20


def chip_map(ax: Any, mapping: Mapping, most_chips: int = 8) -> Any:
    """The cores of the first chips as a grid, coloured by population; a mapping that fills more chips says so."""
    from matplotlib.colors import ListedColormap

    per_chip, placements = LIMITS.cores_per_chip.number, mapping.placements
    chips = max(1, min(mapping.chips, most_chips))
    owner = np.zeros(chips * per_chip, int)
    filled = np.repeat(np.arange(1, len(placements) + 1), [place.cores for place in placements])[:owner.size]
    owner[:filled.size] = filled
    colours = ("0.92", *(LAYER_COLOURS[i % len(LAYER_COLOURS)] for i in range(len(placements))))
    ax.imshow(owner.reshape(-1, COLUMNS), cmap=ListedColormap(colours), vmin=-0.5, vmax=len(colours) - 0.5, aspect="auto")
    rows = per_chip // COLUMNS
    for edge in range(rows, chips * rows, rows):
        ax.axhline(edge - 0.5, color="black", linewidth=1)
    for place, colour in zip(placements, colours[1:], strict=True):
        ax.plot([], [], "s", color=colour, label=f"{place.population}: {place.cores} cores of {place.neurons} neurons")
    shown = "" if chips >= mapping.chips else f", the first {chips} shown"
    ax.set(xticks=[], yticks=np.arange(chips) * rows + (rows - 1) / 2, yticklabels=[f"chip {i + 1}" for i in range(chips)],
           title=f"{mapping.board.name}, {mapping.mode}: {mapping.cores} cores, {mapping.chips} chip(s){shown}")
    ax.legend(loc="upper center", bbox_to_anchor=(0.5, -0.03), ncols=2, frameon=False)
    return ax


def core_fill(ax: Any, mapping: Mapping) -> Any:
    """How full the fullest core of every population is, in percent of each limit."""
    limits = (
        ("neurons", lambda p: p.neurons, LIMITS.neurons_per_core),
        ("synapse memory", lambda p: sum(p.bits), LIMITS.synapse_bits_per_core),
        ("input axons", lambda p: p.axons_in, LIMITS.axons_in_per_core),
        ("output axons", lambda p: p.axons_out, LIMITS.axons_out_per_core),
    )
    height = 0.8 / len(limits)
    for k, (name, used, limit) in enumerate(limits):
        share = [100 * used(place) / limit.number for place in mapping.placements]
        ax.barh(np.arange(len(share)) + k * height, share, height, color=LAYER_COLOURS[k], label=name)
    ax.axvline(100, color="0.4", linestyle=":")
    ax.set(yticks=np.arange(len(mapping.placements)) + 0.3, yticklabels=[place.population for place in mapping.placements],
           xlabel="% of one core's limit, fullest core", title="How full the cores are")
    ax.invert_yaxis()
    ax.legend()
    return ax


def mapping_picture(path: str | Path, mapping: Mapping) -> None:
    """Both pictures as one file, without a display. Raises UserError where it cannot be written."""
    check_ending(path)
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(13, 5), layout="constrained")
    FigureCanvasAgg(figure)
    left, right = figure.subplots(1, 2)
    chip_map(left, mapping)
    core_fill(right, mapping)
    save(figure, path)
