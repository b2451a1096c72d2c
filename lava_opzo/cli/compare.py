"""`lava-opzo compare`: several run folders side by side."""
from pathlib import Path
from typing import Annotated

from typer import Argument, Option


def compare(
    runs: Annotated[list[Path], Argument(help="run folders")],
    as_json: Annotated[bool, Option("--json", help="print the rows as one line of JSON")] = False,
) -> None:
    """One row a run: widths, samples learned, test accuracy, and whether its arrays equal those of the first run."""
    import json

    from rich.console import Console
    from rich.table import Table

    from lava_opzo.engines import touches
    from lava_opzo.runs.compare import rows

    table = rows(runs)
    if as_json:
        print(json.dumps(table))
        return
    view = Table("run", "network", "seed", "learned", "test %", "rail touches", "arrays equal to the first")
    for row in table:
        accuracy = "-" if row["test_accuracy"] is None else f"{100 * row['test_accuracy']:.2f}"
        equal = f"no, {len(row['differing'])} differ" if row["differing"] else "yes"
        view.add_row(row["run"], row["network"], str(row["seed"]), str(row["n_trained"]), accuracy,
                     touches.text(row["rail_touches"]), equal)
    Console().print(view)
