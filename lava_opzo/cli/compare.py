"""`lava-opzo compare`: several run folders side by side."""
from pathlib import Path
from typing import Annotated

from typer import Argument

from lava_opzo.cli.options import AsJson


def compare(
    runs: Annotated[list[Path], Argument(help="run folders")],
    as_json: AsJson = False,
) -> None:
    """One row a run: widths, samples learned, accuracy on test or validation samples, whether its arrays are the first one's."""
    from lava_opzo.board.tables import print_table
    from lava_opzo.cli.output import answer
    from lava_opzo.engines import touches
    from lava_opzo.runs.compare import rows

    table = rows(runs)
    answer(table)
    kinds, lines = sorted({row["measured_on"] for row in table}), []
    scored = any("test_scores" in row for row in table)
    for row in table:
        shares = [f"{100 * row['test_accuracy']:.2f}" if row["measured_on"] == kind and row["test_accuracy"] is not None else "-"
                  for kind in kinds]
        if scored:
            r2 = (row["test_scores"] or {}).get("r2")
            shares.append("-" if r2 is None else f"{r2:.4f}")
        equal = f"no, {len(row['differing'])} differ" if row["differing"] else "yes"
        lines.append((row["run"], row["network"], row["seed"], row["n_trained"], *shares, touches.text(row["rail_touches"]),
                      equal))
    heads = ("run", "network", "seed", "learned", *(f"{kind} %" for kind in kinds), *["R2"] * scored, "rail touches",
             "arrays equal to the first")
    print_table("Runs", heads, lines)
