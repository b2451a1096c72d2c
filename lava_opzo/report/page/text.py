"""The words and tables of the page as HTML; whatever a user named is escaped."""
import shlex
from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

from lava_opzo.experiment.experiment import dumps
from lava_opzo.report.page.facts import Facts, interval

STYLE = """
:root { color-scheme: light; }
body { font: 16px/1.5 system-ui, sans-serif; color: #1c1c1c; background: #fff; margin: 0 auto; padding: 1rem; max-width: 72rem; }
h1 { font-size: 1.6rem; } h2 { font-size: 1.2rem; margin-top: 2.2rem; border-bottom: 1px solid #ccc; }
p, li, pre, h1, h2 { overflow-wrap: anywhere; }
td { overflow-wrap: break-word; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: 0.9rem; }
th, td { text-align: left; vertical-align: top; padding: 0.2rem 0.5rem; border-bottom: 1px solid #e2e2e2; }
pre { background: #f4f4f4; padding: 0.7rem; white-space: pre-wrap; font-size: 0.85rem; }
.pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 26rem), 1fr)); gap: 1rem; }
.square { max-width: 34rem; }
.pair > div, .whole { min-width: 0; overflow: hidden; }
"""

POLICY = "default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval'; style-src 'unsafe-inline'; img-src data: blob:"
"""What a browser lets the page do: nothing of it may come from a network. Bokeh makes its callbacks from text."""


def table(heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """A table; cells are text."""
    lines = ["".join(f"<td>{escape(str(cell))}</td>" for cell in row) for row in rows]
    head = "".join(f"<th>{escape(name)}</th>" for name in heads)
    body = "".join(f"<tr>{line}</tr>" for line in lines)
    return f'<div class="scroll"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'


def paragraph(text: str) -> str:
    """A paragraph of text."""
    return f"<p>{escape(text)}</p>"


def block(text: str) -> str:
    """Text whose lines and spaces stay."""
    return f"<pre>{escape(text)}</pre>"


def learned(facts: Facts) -> str:
    """What was learned, from what, and how sure the share of right answers is."""
    experiment, tested = facts.experiment, facts.tested
    kind = experiment.data.measured_on
    if tested is None:
        share = "There were no samples to test it on."
    else:
        low, high = interval(tested["accuracy"], tested["samples"])
        share = (f"It answers {100 * tested['accuracy']:.2f} % of {tested['samples']} {kind} samples right; with so many samples "
                 f"the true share may lie anywhere in {100 * low:.1f} to {100 * high:.1f} % (Wilson's interval at 95 %).")
    widths = "-".join(map(str, experiment.network.widths))
    return paragraph(f"A network {widths} (input with its bias line, hidden layers, classes) learned {facts.state.n_trained} "
                     f"samples, one after the other, in number {experiment.number}. {share}") + paragraph(
                         f"Data: {facts.provenance}")


def confused(facts: Facts) -> str:
    """The most frequent wrong answers."""
    if facts.tested is None:
        return paragraph("There were no samples to test it on.")
    if not facts.tested["most_confused"]:
        return paragraph("Nothing was confused.")
    return paragraph("; ".join(f"{true} taken for {guess}: {n} times" for true, guess, n in facts.tested["most_confused"]))


def board(facts: Facts) -> str:
    """Where the network would lie, and which limits of a chip it meets."""
    parts = []
    if facts.mapping is not None:
        found = facts.mapping
        parts += [paragraph(f"{found.cores} cores on {found.chips} chip(s) of {found.board.name}, by a conservative packing; "
                            f"{'it fits' if found.fits else 'it does not fit'}."),
                  table(("population", "neurons", "cores", "neurons of the fullest core", "decided by"), [
                      (place.population, place.n, place.cores, place.neurons, place.binding) for place in found.placements])]
    said, rows = facts.findings
    parts.append(paragraph(f"Pre-flight: {said}"))
    if rows:
        parts.append(table(("level", "rule", "part", "used", "limit", "unit", "next step"), [(*row[:6], row[7]) for row in rows]))
    return "".join(parts)


def trust(facts: Facts) -> str:
    """What is known of the bits: whether engines agree, and whether a chip could repeat them."""
    return table(("question", "answer"), [
        ("do the engines agree, bit for bit", facts.verdict), ("could a chip learn the same bits", facts.replayable),
        ("updates that ended at a rail", facts.rail_touches)])


def commands(facts: Facts) -> str:
    """What repeats the run from this page alone: its experiment, and the commands."""
    run = shlex.quote(str(facts.run.path))
    return (block(f"lava-opzo train --config config.toml      # the text below, saved under this name\n"
                  f"lava-opzo evaluate {run}\nlava-opzo resume {run} --epochs {facts.experiment.training.epochs + 1}\n"
                  f"lava-opzo verify --config {run}\nlava-opzo preflight {run} --all\nlava-opzo plot {run}")
            + f"<details><summary>config.toml</summary>{block(dumps(facts.experiment))}</details>")
