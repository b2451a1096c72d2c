"""`lava-opzo compare`: several run folders side by side."""
from pathlib import Path
from typing import Annotated

from typer import Argument

from lava_opzo.cli.options import AsJson


def compare(
    runs: Annotated[list[Path], Argument(help="run folders")],
    as_json: AsJson = False,
) -> None:
    """One row a run: widths, samples learned, test accuracy, and whether its arrays equal those of the first run."""
    from lava_opzo.board.tables import print_table
    from lava_opzo.cli.output import answer
    from lava_opzo.engines import touches
    from lava_opzo.runs.compare import rows

    table = rows(runs)
    answer(table)
    lines = []
    for row in table:
        accuracy = "-" if row["test_accuracy"] is None else f"{100 * row['test_accuracy']:.2f}"
        equal = f"no, {len(row['differing'])} differ" if row["differing"] else "yes"
        lines.append((row["run"], row["network"], row["seed"], row["n_trained"], accuracy, touches.text(row["rail_touches"]),
                      equal))
    print_table("Runs", ("run", "network", "seed", "learned", "test %", "rail touches", "arrays equal to the first"), lines)
