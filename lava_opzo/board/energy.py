"""Energy as counts times published figures: an estimate, never a measurement, and of Loihi 1."""
from dataclasses import dataclass

from lava_opzo.engines.in_the_loop.operations import Operations


@dataclass(frozen=True)
class Figures:
    """Energy per operation in pJ, and where the numbers come from.

    Static power and spike routing between cores are left out.
    """

    synaptic_event: float
    weight_update: float
    neuron_update: float
    source: str


LOIHI1 = Figures(23.6, 120.0, 81.0, "Davies et al. 2018, IEEE Micro 38(1), table 2: Loihi 1, 14 nm, simulated; "
                 "synaptic spike operation, pairwise STDP update, active neuron update")


def estimate_nj(operations: Operations, figures: Figures = LOIHI1) -> float:
    """Nanojoules of so many operations, an estimate: (events*pJ + updates*pJ + neurons*pJ) / 1000."""
    return (operations.synaptic_events * figures.synaptic_event + operations.weight_updates * figures.weight_update
            + operations.neuron_updates * figures.neuron_update) / 1000
