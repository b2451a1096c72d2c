"""What a tuning may change: whole steps away from the settings of an experiment, and the experiment that they make."""
from collections.abc import Mapping
from dataclasses import dataclass, replace

from lava_opzo.errors import UserError
from lava_opzo.experiment.experiment import Experiment
from lava_opzo.learning.credit import Opzo
from lava_opzo.learning.learning import Learning
from lava_opzo.network.form import Form, form_of
from lava_opzo.network.network import Network
from lava_opzo.network.populations import AnyReadout, Hidden
from lava_opzo.silicon.limits import LIMITS

Steps = Mapping[str, int]
"""Knob -> how many steps it is turned."""

QUARTER = 2 ** 0.25
"""The factor of one step of a knob that turns a scale: four of them double it."""


@dataclass(frozen=True)
class Knob:
    """A setting that can be turned by low..high steps. what: for a person, what a step does."""

    name: str
    low: int
    high: int
    what: str


FIRST, UPPER = "first", "upper"
"""What the names of knobs of the first hidden layer and of those above it begin with."""

LAYER_KNOBS = (
    Knob("rate", -2, 2, "learning rate of its W, times 2"),
    Knob("threshold", -3, 3, "threshold, gate and noise, times 2^(1/4)"),
    Knob("sigma", -2, 2, "initial W, threshold, gate and noise, times 2^(1/4)"),
    Knob("counts", -1, 1, "bits of its input counts that eligibility drops"),
)
"""Of a group of hidden layers; their names follow that of the group."""

COMMON_KNOBS = (
    Knob("readout.rate", -2, 2, "learning rate of the readout, times 2"),
    Knob("readout.counts", -1, 1, "bits of the counts below the readout that eligibility drops"),
    Knob("error", -1, 1, "bits that an error drops"),
    Knob("gate", -3, 3, "width of the gate over the threshold, times 2^(1/4)"),
    Knob("noise", -3, 3, "noise over the threshold, times 2^(1/4)"),
    Knob("halvings", -1, 2, "halvings of the learning rate over the training"),
)

OPZO_KNOBS = (Knob("difference", -1, 1, "bits that the difference of the windows drops"),
              Knob("decay", -1, 1, "samples until a row of M has lost a step, times 2"))
"""Of networks whose M learns."""


def knobs(network: Network) -> tuple[Knob, ...]:
    """The knobs of a network: those of its layers that are not frozen."""
    found = []
    for group, layers in ((FIRST, network.hidden[:1]), (UPPER, network.hidden[1:])):
        if any(not layer.frozen for layer in layers):
            found += [replace(knob, name=f"{group}.{knob.name}") for knob in LAYER_KNOBS]
    credit = network.learning.credit
    learned = OPZO_KNOBS[:1 + bool(credit.decay_period)] if isinstance(credit, Opzo) else ()
    common = COMMON_KNOBS[network.readout.frozen * 2:]
    return (*found, *common, *learned)


def turned(experiment: Experiment, n_samples: int, steps: Steps) -> Experiment:
    """The experiment with its knobs turned; at 0 nothing changes.

    n_samples: of its training part, over whose epochs the halvings of the learning rate are spread where their number changes.
    Raises UserError for settings that leave their ranges.
    """
    form = form_of(experiment.network)
    groups = ["frozen" if layer.frozen else UPPER if number else FIRST for number, layer in enumerate(form.hidden)] + ["readout"]
    hidden = tuple(_layer(layer, group, steps) for layer, group in zip(form.hidden, groups, strict=False))
    sigma = tuple(value * QUARTER ** steps.get(f"{group}.sigma", 0) for group, value in zip(groups, form.sigma, strict=True))
    x_shift = tuple(value + steps.get(f"{group}.counts", 0) for group, value in zip(groups, form.x_shift, strict=True))
    made = replace(form, hidden=hidden, readout=_readout(form.readout, steps), sigma=sigma, x_shift=x_shift,
                   auxiliary=tuple(_readout(one, steps) for one in form.auxiliary),
                   learning=_learning(form, n_samples * experiment.training.epochs, steps))
    return replace(experiment, network=made.network())


def _layer(layer: Hidden, group: str, steps: Steps) -> Hidden:
    """A layer whose W keeps its values where it is frozen, and its threshold with them."""
    if layer.frozen:
        return layer
    scale = QUARTER ** (steps.get(f"{group}.threshold", 0) + steps.get(f"{group}.sigma", 0))
    vth = max(1, round(layer.vth * scale))
    mantissa, exponent = _noise(layer, scale * QUARTER ** steps.get("noise", 0))
    return replace(layer, vth=vth, psi_width=max(1, round(layer.psi_width * scale * QUARTER ** steps.get("gate", 0))),
                   bias_mant=mantissa, bias_exp=exponent, y_shift=layer.y_shift - steps.get(f"{group}.rate", 0))


def _readout(readout: AnyReadout, steps: Steps) -> AnyReadout:
    return replace(readout, y_shift=readout.y_shift - steps.get("readout.rate", 0),
                   error_shift=readout.error_shift + steps.get("error", 0), d_shift=readout.d_shift + steps.get("difference", 0))


def _noise(layer: Hidden, scale: float) -> tuple[int, int]:
    """The noise of a layer times `scale` as (bias_mant, bias_exp), with its exponent where the mantissa allows it."""
    if scale == 1:
        return layer.bias_mant, layer.bias_exp
    mantissa, exponent = layer.bias_mant * scale, layer.bias_exp
    while round(mantissa) > LIMITS.bias_mantissa.number:
        mantissa, exponent = mantissa / 2, exponent + 1
    return max(1, round(mantissa)), exponent


def _learning(form: Form, n_total: int, steps: Steps) -> Learning:
    """How the network learns; n_total: samples of all epochs."""
    learning, credit = form.learning, form.learning.credit
    if isinstance(credit, Opzo) and steps.get("decay", 0):
        period = credit.decay_period << 1 if steps["decay"] > 0 else credit.decay_period >> 1
        if not period:
            raise UserError(f"credit 'opzo': a decay_period of {credit.decay_period} cannot be halved; choose another one")
        learning = replace(learning, credit=replace(credit, decay_period=period))
    if turn := steps.get("halvings", 0):
        halvings = (learning.max_halvings if learning.halve_every else 0) + turn
        learning = replace(learning, max_halvings=max(0, halvings), halve_every=n_total // (halvings + 1) if halvings > 0 else 0)
    return learning
