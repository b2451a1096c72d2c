"""Which data sets can be read as pieces of one stream, and how."""
from dataclasses import replace

from lava_opzo.data import LOADERS
from lava_opzo.errors import UserError
from lava_opzo.experiment.experiment import Data

UNBROKEN = {"motion": {"stay": 4}, "npz": {"in_order": 1}}
"""Data set -> the options that make its samples the pieces of one stream, in their order; the first value may be another one."""


def unbroken(data: Data) -> Data:
    """The same data as pieces of one stream; those of a plug-in come as it gives them. Raises UserError for a set without one."""
    return replace(data, options={**_needed(data), **data.options})


def check_unbroken(data: Data) -> None:
    """Raise UserError for data of this package whose samples are read in another order than that of a stream."""
    for option, value in _needed(data).items():
        if not data.options.get(option):
            raise UserError(f"carry: data set '{data.name}' without its option {option} has samples that are no pieces of one "
                            f"stream; set {option} = {value} under [data.options], or network.learning.carry = false")


def _needed(data: Data) -> dict[str, int]:
    """The options that make these data a stream. Raises UserError where none do."""
    if data.name in LOADERS and data.name not in UNBROKEN:
        raise UserError(f"carry: the samples of data set '{data.name}' are no pieces of one stream; choose one of "
                        f"{', '.join(UNBROKEN)} or of a plug-in, or hand your own over with lava_opzo.Learner")
    return UNBROKEN.get(data.name, {})
