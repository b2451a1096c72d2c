"""The page itself: its sections in their order, and one file."""
import warnings
from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Any

import numpy as np

from lava_opzo.data import Dataset
from lava_opzo.errors import FileWarning, UserError
from lava_opzo.files.whole import write_whole
from lava_opzo.report.page import charts, text
from lava_opzo.report.page.facts import Facts, gather
from lava_opzo.runs.compare import rows
from lava_opzo.runs.curves import curves
from lava_opzo.runs.folder import RunFolder
from lava_opzo.silicon.boards import Board

NAME = "report.html"
"""The page in the folder of its run."""

ENDINGS = (".html", ".htm")

MOST_BYTES = 3_000_000
"""More than the page of any run has: two parts of Bokeh, 1.7 MB, and the data of the pictures."""


def leave(run: RunFolder, dataset: Dataset, board: Board) -> Path | None:
    """Write the page of one run into its folder, and return its path.

    A page that cannot be made is None and a FileWarning, for no result may be lost for it.
    """
    path = run.path / NAME
    try:
        write(path, [run], gather(run, dataset, board))
    except Exception as error:  # whatever a page fails for, the run is whole
        reason = " ".join(str(error).split()) or type(error).__name__
        warnings.warn(f"{path}: cannot be made: {reason}; result and weights are whole, make it later with: lava-opzo report "
                      f"{run.path}", FileWarning, stacklevel=2)
        return None
    return path


def write(path: Path, runs: Sequence[RunFolder], facts: Facts) -> None:
    """Write the page of some runs as one file; facts: of the first one, which the page shows in detail.

    Raises UserError where a run has no whole epoch, or the file cannot be written.
    """
    content = page(runs, facts).encode()
    if len(content) > MOST_BYTES:
        raise UserError(f"{path}: the page would have {len(content)} bytes, {MOST_BYTES} are its limit; give fewer runs")
    write_whole(path, content)


def page(runs: Sequence[RunFolder], facts: Facts) -> str:
    """The page as HTML."""
    from bokeh.embed import components
    from bokeh.resources import Resources

    pictures = _pictures(runs, facts)
    script, places = components(pictures)
    library = Resources(mode="inline", components=["bokeh", "bokeh-widgets"]).render()
    title = f"lava-opzo: {runs[0].path.name}" + (f" and {len(runs) - 1} more" if len(runs) > 1 else "")
    body = "".join(f"<section><h2>{escape(head)}</h2>{content}</section>" for head, content in _sections(runs, facts, places))
    return (f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">'
            f'<meta http-equiv="Content-Security-Policy" content="{text.POLICY}">'
            f'<meta name="viewport" content="width=device-width, initial-scale=1"><title>{escape(title)}</title>'
            f'<link rel="icon" href="data:,"><style>{text.STYLE}</style>{library}</head>'
            f"<body><h1>{escape(title)}</h1>{body}{script}</body></html>\n")


def _pictures(runs: Sequence[RunFolder], facts: Facts) -> dict[str, Any]:
    """The models of Bokeh by the names of their places."""
    network, found = facts.experiment.network, curves(runs)
    layers = [line for line in facts.metrics if line["kind"] == "layers"]
    samples, hidden = [line["n_trained"] for line in layers], [layer.name for layer in network.hidden]
    kinds = " or ".join(sorted({curve.measured_on for curve in found}))
    pictures = {
        "learning": charts.learning_curves(found, "train_accuracy", "While learning, by epoch"),
        "testing": charts.learning_curves(found, "test_accuracy", f"On {kinds} samples, without noise"),
        "rates": charts.lines("Spike rates", "spikes per step and neuron", hidden, samples,
                              np.array([line["spike_rates"] for line in layers], float)),
        "alignment": charts.lines("Alignment of M with the Jacobian", "cosine", [one.name for one in network.feedback], samples,
                                  np.array([line["alignment"] for line in layers], float)),
        "forward": charts.histograms("Forward weights W", {one.name: facts.state[one.weights] for one in network.forward}),
        "feedback": charts.histograms("Feedback weights M", {one.name: facts.state[one.weights] for one in network.feedback}),
        "life": charts.life(facts.spikes, network.schedule()),
    }
    if facts.tested is not None and len(facts.tested["confusion"]) <= charts.MOST_CLASSES:
        pictures["confusion"] = charts.confusion(facts.tested["confusion"])
    return pictures


def _sections(runs: Sequence[RunFolder], facts: Facts, places: dict[str, str]) -> list[tuple[str, str]]:
    """(heading, HTML) of every section."""
    def pair(*names: str) -> str:
        return f'<div class="pair">{"".join(f"<div>{places[name]}</div>" for name in names)}</div>'

    first = "" if len(runs) == 1 else f" ({runs[0].path}, the first)"
    drawn = f'<div class="whole square">{places["confusion"]}</div>' if "confusion" in places else ""
    confusion = drawn + text.confused(facts)
    return [
        (f"What was learned, and how sure{first}", text.learned(facts)),
        ("Runs", text.table(("run", "network", "seed", "learned", "right %", "measured on"), [
            (row["run"], row["network"], row["seed"], row["n_trained"],
             "-" if row["test_accuracy"] is None else f"{100 * row['test_accuracy']:.2f}", row["measured_on"])
            for row in rows([run.path for run in runs])])),
        ("Learning curves: mean and standard deviation over seeds", pair("learning", "testing")),
        (f"Confusion{first}", confusion),
        (f"Rates and alignment{first}", pair("rates", "alignment")),
        (f"Weights{first}", pair("forward", "feedback")),
        (f"The life of one sample{first}", f'<div class="whole">{places["life"]}</div>'),
        (f"On a board{first}", text.board(facts)),
        (f"What the bits are worth{first}", text.trust(facts)),
        (f"To repeat it{first}", text.commands(facts)),
    ]
