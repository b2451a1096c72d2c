"""The picture of a tuning: what mattered, and how the trials did. Axes in, Axes out; nothing is computed here."""
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from lava_opzo.report.axes import LAYER_COLOURS
from lava_opzo.report.figures import empty_figure
from lava_opzo.report.picture import save

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def mattered(ax: "Axes", shares: Mapping[str, float]) -> "Axes":
    """A bar a setting, the most important one on top: its share in the variance of the accuracy."""
    names = list(shares)[::-1]
    ax.barh(names, [100 * shares[name] for name in names], color=LAYER_COLOURS[0])
    ax.set(xlabel="share of the variance of the accuracy (%)", title="What mattered")
    return ax


def trials(ax: "Axes", curves: Sequence[Sequence[float]], done: Sequence[bool], start: Sequence[float]) -> "Axes":
    """Accuracy (shares) on validation samples over the epochs of every trial; those not learned to their end in grey.

    start: of the settings that the tuning began with, dashed.
    """
    for curve, whole in zip(curves, done, strict=True):
        ax.plot(range(1, len(curve) + 1), [100 * share for share in curve], color=LAYER_COLOURS[0] if whole else "0.75",
                linewidth=0.8, marker="." if len(curve) == 1 else "")
    ax.plot(range(1, len(start) + 1), [100 * share for share in start], "--", color=LAYER_COLOURS[3], label="what it began with")
    ax.set(xlabel="epoch", ylabel="validation, right (%)", title="Trials (grey: pruned or left out)")
    ax.legend(loc="lower right", fontsize=8)
    return ax


def picture(path: str | Path, shares: Mapping[str, float] | None, curves: Sequence[Sequence[float]], done: Sequence[bool],
            start: Sequence[float]) -> None:
    """Both as a file; shares: None where too few trials are done to say what mattered."""
    figure = empty_figure(12 if shares else 6, 4.5)
    places = figure.subplots(1, 2 if shares else 1, squeeze=False)[0]
    trials(places[-1], curves, done, start)
    if shares:
        mattered(places[0], shares)
    save(figure, path)
