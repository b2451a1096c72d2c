"""What distinguishes trained networks, from their run folders."""
from pathlib import Path

import numpy as np

from lava_opzo.runs import checkpoint
from lava_opzo.engines import touches
from lava_opzo.runs.folder import RunFolder


def rows(paths: list[Path]) -> list[dict]:
    """One dict a run folder: run, network, seed, n_trained, test_accuracy (of its last epoch, or None), rail_touches (a sum, or
    None), and differing, the names of the arrays that are not equal to those of the first run."""
    table, first = [], None
    for path in paths:
        run = RunFolder(path)
        experiment, state, extra = checkpoint.load(run.checkpoint)
        first = first or state.arrays()
        epochs = [record for record in run.read_metrics() if record["kind"] == "epoch"]
        table.append({
            "run": str(path),
            "network": "-".join(map(str, experiment.network.widths)),
            "seed": experiment.network.seed,
            "n_trained": state.n_trained,
            "test_accuracy": epochs[-1]["test_accuracy"] if epochs else None,
            "rail_touches": touches.total(extra.get("rail_touches", {})),
            "differing": differing(first, state.arrays()),
        })
    return table


def differing(a: dict[str, np.ndarray], b: dict[str, np.ndarray]) -> list[str]:
    """Names of the arrays that are not equal, or that only one of the two has."""
    return sorted(name for name in a.keys() | b.keys()
                  if name not in a or name not in b or not np.array_equal(a[name], b[name]))
