"""The same network under another kind of credit, to compare with: `--credit` of `lava-opzo train`.

Every kind keeps network, noise, gates, error, update and schedule, and changes only where a hidden layer's g comes from:

opzo          g = M e, M learned from the noise in two windows (this project)
one-window    g = M e, M learned in one window: the paper's literal form (arXiv 2407.12516, section 4)
dfa           g = M e, M random and fixed: direct feedback alignment (arXiv 1609.01596)
backprop      g = W^T (g_above * gate_above): spatial backpropagation through the same gate; floating point only
single-point  g = z * loss, in one window: the zeroth-order estimate itself (arXiv 2407.12516, section 3); floating point only
"""
from dataclasses import dataclass, replace

from lava_opzo.config import Config
from lava_opzo.errors import UserError
from lava_opzo.experiment import Experiment


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
}
"""By data set and kind, chosen on samples held back from training (`python -m benchmarks.credit`); others take those of mnist."""


def assigned(experiment: Experiment, kind: str) -> Experiment:
    """The experiment, made for `opzo`, under `kind`. Raises UserError for an unknown kind, or a network made for another one."""
    if kind not in KINDS:
        raise UserError(f"credit '{kind}' is not one of {', '.join(KINDS)}; choose one of them")
    config = experiment.network
    if kind == config.credit:
        return experiment
    if config.credit != "opzo":
        raise UserError(f"network: its credit is '{config.credit}' already; give --credit {config.credit} or another --config")
    if kind in ("one-window", "single-point"):
        config = _one_window(config)
    config = _shifted(config, SHIFTS.get(experiment.data.name, SHIFTS["mnist"]).get(kind, Shifts()))
    if kind != "one-window":
        config = replace(config, credit=kind, d_bits=0, decay_period=0, m_sigma=M_SIGMA if kind == "dfa" else 0.0)
    return replace(experiment, network=config)


def _shifted(config: Config, shifts: Shifts) -> Config:
    first, *above = config.hidden
    hidden = [replace(first, y_shift=first.y_shift + shifts.first),
              *(replace(layer, y_shift=layer.y_shift + shifts.above) for layer in above)]
    readout = replace(config.readout, y_shift=config.readout.y_shift + shifts.readout,
                      d_shift=config.readout.d_shift + shifts.difference)
    return replace(config, hidden=hidden, readout=readout)


def _one_window(config: Config) -> Config:
    """Counts and outputs are sums over half as many steps. d is an output now, larger than the difference of two: its shift stays."""
    def halved(layer, *names):
        return replace(layer, **{name: max(0, getattr(layer, name) - 1) for name in names})

    return replace(config, windows=1, hidden=[halved(layer, "x_shift") for layer in config.hidden],
                   readout=halved(config.readout, "x_shift", "error_shift"))
