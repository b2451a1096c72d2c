"""The same network under another kind of credit, to compare with: `--credit` of `lava-opzo train`.

Every kind keeps data, widths, thresholds, noise, gates and epochs, and changes where a hidden layer's g comes from; learning rates
and the steps of a sample follow the kind:

opzo          g = M e, M learned from the noise in two windows (this project)
one-window    g = M e, M learned in one window: the paper's literal form (arXiv 2407.12516, section 4)
dfa           g = M e, M random and fixed: direct feedback alignment (arXiv 1609.01596)
backprop      g = W^T (g_above * gate_above): spatial backpropagation through the same gate; floating point only
single-point  g = z * loss, in one window: the zeroth-order estimate itself (arXiv 2407.12516, section 3); floating point only
"""
from dataclasses import dataclass, replace

from lava_opzo.errors import UserError
from lava_opzo.experiment.experiment import Experiment
from lava_opzo.network.layers import Hidden, Readout
from lava_opzo.network.network import Config


@dataclass(frozen=True)
class Shifts:
    """Bits added to y_shift of the first hidden layer, of those above and of the readout (the learning rates that a kind wants), and
    to d_shift of the readout."""

    first: int = 0
    above: int = 0
    readout: int = 0
    difference: int = 0


KINDS = ("opzo", "one-window", "dfa", "backprop", "single-point")

M_SIGMA = 10.0
"""Scale of a fixed M, in steps of two units; what it multiplies is scaled by y_shift."""

SHIFTS = {
    "digits": {"one-window": Shifts(-1, -1, -1), "dfa": Shifts(-1, -1, -1), "backprop": Shifts(-1, -1, -1),
               "single-point": Shifts(-3, -2, -2)},
    "mnist": {"one-window": Shifts(difference=2), "dfa": Shifts(-4, -3, -1), "backprop": Shifts(-6, -4, -1),
              "single-point": Shifts(4, 4, -1)},
    "nmnist": {"dfa": Shifts(-2), "backprop": Shifts(-1)},
}
"""By data set and kind, chosen on samples held back from training (`python -m benchmarks.credit`); others take those of mnist."""


def kind_of(config: Config) -> str:
    """The name in KINDS of what a network has."""
    return "one-window" if config.credit == "opzo" and config.windows == 1 else config.credit


def assigned(experiment: Experiment, kind: str) -> Experiment:
    """The experiment, made for `opzo` in two windows, under `kind`.

    Raises UserError for an unknown kind, a network made for another one, and shifts that leave their range.
    """
    config = experiment.network
    if kind not in KINDS:
        raise UserError(f"credit '{kind}' is not one of {', '.join(KINDS)}; choose one of them")
    if kind == kind_of(config):
        return experiment
    if kind_of(config) != "opzo":
        raise UserError(f"network: its credit is '{kind_of(config)}' already; leave --credit out, or give a --config made for 'opzo'")
    shifts = SHIFTS.get(experiment.data.name, SHIFTS["mnist"]).get(kind, Shifts())
    options = {} if kind == "one-window" else {
        "credit": kind, "d_bits": 0, "decay_period": 0, "m_sigma": M_SIGMA if kind == "dfa" else 0.0}
    halved = int(kind in ("one-window", "single-point"))
    try:
        network = replace(config, windows=2 - halved, hidden=_hidden(config, shifts, halved),
                          readout=_readout(config, shifts, halved), **options)
    except UserError as error:
        raise UserError(f"credit '{kind}' shifts this network's learning rates by {shifts}; {error}") from None
    return replace(experiment, network=network)


def _hidden(config: Config, shifts: Shifts, halved: int) -> list[Hidden]:
    """halved: 1 where counts are sums over half as many steps."""
    added = [shifts.first] + [shifts.above] * (config.depth - 1)
    return [replace(layer, y_shift=layer.y_shift + more, x_shift=max(0, layer.x_shift - halved))
            for layer, more in zip(config.hidden, added)]


def _readout(config: Config, shifts: Shifts, halved: int) -> Readout:
    """halved: 1 where o is a sum over half as many steps. d is then an output, larger than the difference of two: its shift stays."""
    readout = config.readout
    return replace(readout, y_shift=readout.y_shift + shifts.readout, d_shift=readout.d_shift + shifts.difference,
                   x_shift=max(0, readout.x_shift - halved), error_shift=max(0, readout.error_shift - halved))
