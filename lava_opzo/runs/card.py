"""A run in a few lines of HTML, which a notebook shows where a run is the value of a cell."""
import base64
import html
from pathlib import Path
from typing import Any

from lava_opzo.errors import UserError
from lava_opzo.files.reading import read_bytes

PICTURE_BYTES = 1 << 24
"""More than the picture of a run takes."""


def card(owner: str, metrics: list[dict[str, Any]], measured_on: str, picture: Path) -> str:
    """Name, samples learned, shares of right answers at the end of the last epoch, and the picture where there is one.

    metrics: the lines that count of metrics.jsonl. measured_on: what the samples of their test_accuracy are.
    """
    ends = [record for record in metrics if record["kind"] == "epoch"]
    learned = max((record["n_trained"] for record in metrics if "n_trained" in record), default=0)
    rows = [("samples learned", f"{learned:,}"), ("whole epochs", str(len(ends)))]
    for name, title in (("train_accuracy", "right while learning"), ("test_accuracy", f"right of the {measured_on} samples")):
        if ends and ends[-1].get(name) is not None:
            rows.append((title, f"{100 * ends[-1][name]:.2f} %"))
    cells = "".join(f"<tr><td style='text-align: left'>{title}</td><td>{html.escape(value)}</td></tr>" for title, value in rows)
    return f"<b>{html.escape(owner)}</b><table>{cells}</table>{_inline(picture)}"


def _inline(picture: Path) -> str:
    """The picture within the text; empty where there is none that can be read."""
    try:
        content = read_bytes("picture", picture, PICTURE_BYTES)
    except UserError:
        return ""
    return f"<img style='max-width: 100%' src='data:image/png;base64,{base64.b64encode(content).decode()}'>"
