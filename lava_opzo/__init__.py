"""lava-opzo: online pseudo-zeroth-order learning of spiking networks, bit for bit, on Lava and Loihi 2.

    from lava_opzo import Hidden, Network, Readout, evaluate, train

The names below are loaded when they are first used, so that importing the package is quick.
"""
from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.4.0"

__all__ = ["LOIHI_254", "STOCK_LAVA", "Auxiliary", "Conv", "Counts", "Dense", "Experiment", "FixedFeedback", "Hidden", "Learner",
           "Learning", "Local", "Network", "Opzo", "Pool", "Profile", "Readout", "Replay", "RunFolder", "State", "evaluate",
           "initial_state", "load_run", "resume", "scaled_network", "step_network", "train", "verify"]

if TYPE_CHECKING:
    from lava_opzo.api import evaluate, load_run, resume, train, verify
    from lava_opzo.experiment.experiment import Experiment
    from lava_opzo.experiment.scaling import scaled_network
    from lava_opzo.experiment.step_scaling import step_network
    from lava_opzo.learner import Learner
    from lava_opzo.learning.credit import FixedFeedback, Opzo
    from lava_opzo.learning.learning import Counts, Learning
    from lava_opzo.network.initial import initial_state
    from lava_opzo.network.network import Network
    from lava_opzo.network.populations import Auxiliary, Hidden, Readout
    from lava_opzo.network.state import State
    from lava_opzo.runs.folder import RunFolder
    from lava_opzo.runs.replay import Replay
    from lava_opzo.silicon.profile import LOIHI_254, STOCK_LAVA, Profile
    from lava_opzo.topology.conv import Conv
    from lava_opzo.topology.dense import Dense
    from lava_opzo.topology.local import Local
    from lava_opzo.topology.pool import Pool

_HOMES = {
    "api": ("evaluate", "load_run", "resume", "train", "verify"),
    "experiment.experiment": ("Experiment",),
    "experiment.scaling": ("scaled_network",),
    "experiment.step_scaling": ("step_network",),
    "learner": ("Learner",),
    "learning.credit": ("FixedFeedback", "Opzo"),
    "learning.learning": ("Counts", "Learning"),
    "network.initial": ("initial_state",),
    "network.network": ("Network",),
    "network.populations": ("Auxiliary", "Hidden", "Readout"),
    "network.state": ("State",),
    "runs.folder": ("RunFolder",),
    "runs.replay": ("Replay",),
    "silicon.profile": ("LOIHI_254", "STOCK_LAVA", "Profile"),
    "topology.conv": ("Conv",),
    "topology.dense": ("Dense",),
    "topology.local": ("Local",),
    "topology.pool": ("Pool",),
}
"""Module -> the names that it gives to this one."""


def __getattr__(name: str) -> Any:
    home = next((module for module, names in _HOMES.items() if name in names), None)
    if home is None:
        raise AttributeError(f"module 'lava_opzo' has no attribute {name!r}")
    return getattr(import_module(f"lava_opzo.{home}"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
