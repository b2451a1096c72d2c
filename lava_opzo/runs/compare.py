"""What distinguishes trained networks, from their run folders."""
import warnings
from pathlib import Path
from typing import Any

import numpy as np

from lava_opzo.engines import touches
from lava_opzo.errors import FileWarning, UserError
from lava_opzo.runs import checkpoint
from lava_opzo.runs.folder import RunFolder
from lava_opzo.silicon.readouts import CLASSES


def rows(paths: list[Path]) -> list[dict[str, Any]]:
    """One dict a run folder: run, network, seed, n_trained, test_accuracy (of its last epoch, or None), measured_on, rail_touches
    (a sum, or None), and differing, the names of the arrays that are not equal to those of the first run.

    measured_on: what the samples of test_accuracy are, `test` or `validation`. Where outputs of any of the runs are no classes
    each row has test_scores (`lava_opzo.runs.scores`), too.
    """
    loaded = [(RunFolder(path), *checkpoint.load(RunFolder(path).checkpoint)) for path in paths]
    scored = any(experiment.network.readout.kind != CLASSES for _, experiment, _, _ in loaded)
    ends = [_last_epoch(run) for run, _, _, _ in loaded]
    return [{
        "run": str(run.path),
        "network": "-".join(map(str, experiment.network.widths)),
        "seed": experiment.network.seed,
        "n_trained": state.n_trained,
        "test_accuracy": end.get("test_accuracy"),
        **({"test_scores": end.get("test_scores")} if scored else {}),
        "measured_on": experiment.data.measured_on,
        "rail_touches": touches.total(counted.touches),
        "differing": differing(loaded[0][2].arrays, state.arrays),
    } for (run, experiment, state, counted), end in zip(loaded, ends, strict=True)]


def differing(a: dict[str, np.ndarray], b: dict[str, np.ndarray]) -> list[str]:
    """Names of the arrays that are not equal, or that only one of the two has."""
    return sorted(name for name in a.keys() | b.keys()
                  if name not in a or name not in b or not np.array_equal(a[name], b[name]))


def _last_epoch(run: RunFolder) -> dict[str, Any]:
    try:
        metrics = run.read_metrics()
    except UserError as error:
        warnings.warn(f"{error}; its test accuracy is left out", FileWarning, stacklevel=2)
        return {}
    epochs = [record for record in metrics if record["kind"] == "epoch"]
    return epochs[-1] if epochs else {}
