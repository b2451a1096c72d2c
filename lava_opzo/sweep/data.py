"""Whether the data of a sweep are there and fit, before anything of it starts."""
import json
from collections.abc import Iterable
from dataclasses import asdict, replace

from lava_opzo.errors import UserError
from lava_opzo.experiment.experiment import Experiment
from lava_opzo.experiment.samples import load_data
from lava_opzo.sweep.grid import Member


def check(members: Iterable[Member]) -> None:
    """Load every data set of some members once. Raises UserError that names the first whose data are missing or do not fit."""
    seen: set[str] = set()
    for member in members:
        key = _what_loads(member.experiment)
        if key not in seen:
            seen.add(key)
            try:
                load_data(member.experiment)
            except UserError as error:
                raise type(error)(f"member {member.name}: {error}") from None


def _what_loads(experiment: Experiment) -> str:
    """All on which it depends whether data load and fit; which of the samples a seed chooses does not matter."""
    network = experiment.network
    data = asdict(replace(experiment.data, seed=0))
    return json.dumps([data, network.learning.steps, network.input.n, network.readout.n], sort_keys=True)
