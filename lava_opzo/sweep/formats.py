"""The table of a sweep as text for a paper: Markdown, LaTeX, or comma-separated values."""
import csv
import io
from collections.abc import Callable, Sequence
from typing import Any

from lava_opzo.engines import touches

STATISTICS = ("mean", "std", "min", "max")

SPECIAL = {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
           **{sign: f"\\{sign}" for sign in "&%$#_{}"}}
"""What LaTeX would read as a command, and how it is written."""


def cells(content: dict[str, Any]) -> tuple[list[str], list[list[str]]]:
    """Heads and rows of the groups of `lava_opzo.sweep.table.summary`, accuracies in percent.

    The head says on what was measured; where groups differ in that, it is a column of its own.
    """
    groups = content["groups"]
    kinds = sorted({group["measured_on"] for group in groups})
    what = kinds[0] if len(kinds) == 1 else "right"
    heads = ["combination", *groups[0]["parameters"], *(["measured on"] if len(kinds) > 1 else []), "seeds", f"{what} % mean",
             *STATISTICS[1:], "rail touches"]
    rows = []
    for group in groups:
        n = str(group["done"]) if group["done"] == group["members"] else f"{group['done']} of {group['members']}"
        shares = ["-" if group[name] is None else f"{100 * group[name]:.2f}" for name in STATISTICS]
        rows.append([f"p{group['combination']}", *map(str, group["parameters"].values()),
                     *([group["measured_on"]] if len(kinds) > 1 else []), n, *shares, touches.text(group["rail_touches"])])
    return heads, rows


def comma_separated(content: dict[str, Any]) -> str:
    """One line a group with all digits: accuracies as shares, empty where there is none."""
    text = io.StringIO()
    numbers = ("members", "done", "measured_on", *STATISTICS, "rail_touches")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["combination", *content["groups"][0]["parameters"], *numbers])
    for group in content["groups"]:
        writer.writerow([group["combination"], *group["parameters"].values(), *(group[name] for name in numbers)])
    return text.getvalue()


def markdown(content: dict[str, Any]) -> str:
    """A table of GitHub's Markdown, numbers to the right."""
    heads, rows = cells(content)
    first = 1 + len(content["groups"][0]["parameters"])
    rule = ["---" if number < first else "---:" for number in range(len(heads))]
    return "".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |\n" for row in (heads, rule, *rows))


def latex(content: dict[str, Any]) -> str:
    """A tabular that needs no package."""
    heads, rows = cells(content)
    first = 1 + len(content["groups"][0]["parameters"])
    lines = [_tabular(row) for row in (heads, *rows)]
    return "\n".join([r"\begin{tabular}{" + "l" * first + "r" * (len(heads) - first) + "}", r"\hline", lines[0], r"\hline",
                      *lines[1:], r"\hline", r"\end{tabular}", ""])


def _tabular(row: Sequence[str]) -> str:
    return " & ".join("".join(SPECIAL.get(sign, sign) for sign in cell) for cell in row) + r" \\"


FORMATS: dict[str, Callable[[dict[str, Any]], str]] = {"md": markdown, "latex": latex, "csv": comma_separated}
"""The formats of `lava-opzo sweep --show DIR --format`."""
