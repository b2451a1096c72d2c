"""metrics.jsonl as one flat table, for a program or a notebook."""
from typing import TYPE_CHECKING, Any

from lava_opzo.errors import not_installed
from lava_opzo.experiment import fields

if TYPE_CHECKING:
    from pandas import DataFrame


def data_frame(metrics: list[dict[str, Any]], measured_on: str = "test") -> "DataFrame":
    """One row a line, one column a value, named as `lava_opzo.experiment.fields.values` does; empty where a line of another kind
    has none; values as in the file.

    measured_on: what the samples of the column `test_accuracy` are, which gives it its name.

    Raises UserError where pandas is not installed.
    """
    try:
        from pandas import DataFrame
    except ImportError:
        raise not_installed("frame", "pandas", "notebook") from None
    return DataFrame([fields.values(record) for record in metrics]).rename(columns={"test_accuracy": f"{measured_on}_accuracy"})
