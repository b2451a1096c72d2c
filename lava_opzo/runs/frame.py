"""metrics.jsonl as one flat table, for a program or a notebook."""
from typing import TYPE_CHECKING, Any

from lava_opzo.errors import UserError

if TYPE_CHECKING:
    from pandas import DataFrame


def flat(record: dict[str, Any]) -> dict[str, Any]:
    """A line with one value a column: places of a list are numbered from 1, keys of a table follow after a dot."""
    found: dict[str, Any] = {}
    for name, value in record.items():
        if isinstance(value, dict):
            found |= {f"{name}.{inner}": one for inner, one in flat(value).items()}
        elif isinstance(value, list):
            found |= {f"{name}.{number}": one for number, one in enumerate(value, 1)}
        else:
            found[name] = value
    return found


def data_frame(metrics: list[dict[str, Any]], measured_on: str = "test") -> "DataFrame":
    """One row a line, one column a value, empty where a line of another kind has none; values as in the file.

    measured_on: what the samples of the column `test_accuracy` are, which gives it its name.

    Raises UserError where pandas is not installed.
    """
    try:
        from pandas import DataFrame
    except ImportError:
        raise UserError("frame: pandas is not installed; install it with: pip install 'lava-opzo[notebook]'") from None
    return DataFrame([flat(record) for record in metrics]).rename(columns={"test_accuracy": f"{measured_on}_accuracy"})
