"""metrics.jsonl as an event file of TensorBoard, for whoever looks at other trainings there."""
from pathlib import Path
from typing import Any

from lava_opzo.errors import UserError, not_installed
from lava_opzo.experiment import fields
from lava_opzo.files.json_lines import is_number
from lava_opzo.files.system import told
from lava_opzo.files.whole import make_folder

KINDS = ("progress", "layers", "epoch")
"""The kinds of lines that hold measurements."""

EVENTS = "events.out.tfevents.*"
"""How TensorBoard names its files; it draws all those of a folder as one curve."""


def write(metrics: list[dict[str, Any]], measured_on: str, folder: Path) -> None:
    """One event file in a folder that has none yet; every number is a scalar `kind/name` at the samples learned until then.

    measured_on: what the samples of `test_accuracy` and `test_scores` are, which gives the scalars their names. TensorBoard
    keeps 32 bits of a number, and the time of an event is that of writing. Names inside tables and lists are those of
    `lava_opzo.experiment.fields.values`.

    Raises UserError where tensorboardX is not installed, where the folder holds an event file, and where it cannot be written.
    """
    try:
        from tensorboardX import SummaryWriter
    except ImportError:
        raise not_installed("tensorboard", "tensorboardX", "tensorboard") from None
    owner = f"tensorboard {folder}"
    make_folder(owner, folder)
    with told(owner):
        if any(folder.glob(EVENTS)):
            raise UserError(f"{owner}: holds an event file, whose curves would be drawn over these; choose another folder")
        with SummaryWriter(str(folder)) as writer:
            for tag, number, step in scalars(metrics, measured_on):
                writer.add_scalar(tag, number, step)


def scalars(metrics: list[dict[str, Any]], measured_on: str) -> list[tuple[str, float, int]]:
    """(name, number, samples learned) of every measurement; what was not counted has none."""
    found = []
    for line in metrics:
        if line["kind"] in KINDS:
            for name, value in fields.values(line).items():
                if is_number(value) and name != "n_trained":
                    shown = f"{measured_on}_{name[5:]}" if name.startswith(("test_accuracy", "test_scores")) else name
                    found.append((f"{line['kind']}/{shown}", float(value), line["n_trained"]))
    return found
