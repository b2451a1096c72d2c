"""The same network under another kind of credit, to compare with: `--credit` of `lava-opzo train`.

Every kind keeps data, widths, thresholds, noise, gates and epochs, and changes where a hidden layer's third factor comes from;
learning rates and the steps of a sample follow the kind:

opzo          g = M e, M learned from the noise in two windows (this project)
one-window    g = M e, M learned in one window: the paper's literal form (arXiv 2407.12516, section 4)
dfa           g = M e, M random and fixed: direct feedback alignment (arXiv 1609.01596)
backprop      g = W^T (g_above * gate_above): spatial backpropagation through the same gate; real numbers only
single-point  g = z * loss, in one window: the zeroth-order estimate itself (arXiv 2407.12516, section 3); real numbers only

Two more are one-window with less variance: one-window-turned has noise of one sign in the first half of the window and of the
other in the second half, one-window-baseline takes a running mean of every output for each class off before M learns from it.
"""
from dataclasses import dataclass, replace

from lava_opzo.errors import UserError
from lava_opzo.experiment.experiment import Experiment
from lava_opzo.learning.credit import Backprop, FixedFeedback, Opzo, SinglePoint
from lava_opzo.network.form import Form, form_of
from lava_opzo.network.network import Network
from lava_opzo.network.populations import AnyReadout, Hidden

ONE_WINDOW = "one-window"
TURNED, BASELINE = "one-window-turned", "one-window-baseline"
"""The three kinds of this page that are no kinds of credit: opzo in one window, as it is, with both signs, with a baseline."""

CREDITS = {"dfa": FixedFeedback(), "backprop": Backprop(), "single-point": SinglePoint()}
"""What replaces the credit of an opzo network."""

KINDS = ("opzo", ONE_WINDOW, *CREDITS, TURNED, BASELINE)

HALVED = (ONE_WINDOW, TURNED, BASELINE, "single-point")
"""The kinds with one window, so that every count and sum is over half as many steps."""


@dataclass(frozen=True)
class Shifts:
    """How far a kind moves the learning rates, in bits.

    first, above, readout: added to y_shift of the first hidden layer, of those above and of the readout. difference: added to
    d_shift of the readout.
    """

    first: int = 0
    above: int = 0
    readout: int = 0
    difference: int = 0


SHIFTS = {
    "digits": {ONE_WINDOW: Shifts(-1, -1, -1), TURNED: Shifts(-1, -1, 0, -1), BASELINE: Shifts(-1, -1, -1),
               "dfa": Shifts(-1, -1, -1), "backprop": Shifts(-1, -1, -1), "single-point": Shifts(-3, -2, -2)},
    "mnist": {ONE_WINDOW: Shifts(difference=2), TURNED: Shifts(-2, -2, 0, -1), BASELINE: Shifts(-1, -1),
              "dfa": Shifts(-4, -3, -1), "backprop": Shifts(-6, -4, -1), "single-point": Shifts(4, 4, -1)},
    "nmnist": {"dfa": Shifts(-2), "backprop": Shifts(-1)},
}
BY_STEP = {"dfa": Shifts(-2, -2), "backprop": Shifts()}
"""By data set and kind, chosen on samples held back from training (`python -m benchmarks.credit`; of nmnist on `few_lines`);
others take those of mnist.
BY_STEP: where weights learn in every step."""


def kind_of(network: Network) -> str:
    """The name in KINDS of what a network has."""
    learning, credit = network.learning, network.learning.credit
    if not isinstance(credit, Opzo) or learning.windows == 2 or learning.by_step:
        return credit.kind
    return BASELINE if credit.baseline != "none" else TURNED if learning.turn_every else ONE_WINDOW


def assigned(experiment: Experiment, kind: str) -> Experiment:
    """The experiment, made for `opzo` in two windows, under `kind`.

    Raises UserError for an unknown kind, a network made for another one, and shifts that leave their range.
    """
    found = kind_of(experiment.network)
    if kind not in KINDS:
        raise UserError(f"credit '{kind}' is not one of {', '.join(KINDS)}; choose one of them")
    if kind == found:
        return experiment
    if found != "opzo":
        raise UserError(f"network: its credit is '{found}' already; leave --credit out, or give a --config made for 'opzo'")
    by_step = experiment.network.learning.by_step
    if by_step and kind not in BY_STEP:
        raise UserError(f"credit '{kind}': weights that learn in every step can have opzo, dfa or, with number 'real', backprop; "
                        "choose one of these")
    shifts = (BY_STEP if by_step else SHIFTS.get(experiment.data.name, SHIFTS["mnist"])).get(kind, Shifts())
    try:
        network = _form(form_of(experiment.network), kind, shifts).network()
    except UserError as error:
        raise UserError(f"credit '{kind}' shifts this network's learning rates by {shifts}; {error}") from None
    return replace(experiment, network=network)


def _form(form: Form, kind: str, shifts: Shifts) -> Form:
    """The form of a network with two windows under `kind`."""
    halved = int(kind in HALVED)
    windows = form.learning.windows - halved
    credit = replace(form.learning.credit, baseline="class") if kind == BASELINE else form.learning.credit
    turn_every = form.learning.steps // 2 if kind == TURNED else 0
    if kind == TURNED and not turn_every:
        raise UserError("a window of 1 step has no room for both signs of the noise; use more steps")
    learning = replace(form.learning, windows=windows, credit=CREDITS.get(kind, credit), turn_every=turn_every)
    return replace(form, learning=learning, hidden=_hidden(form.hidden, shifts), readout=_readout(form.readout, shifts, halved),
                   auxiliary=tuple(_readout(one, shifts, halved) for one in form.auxiliary),
                   x_shift=tuple(max(0, x_shift - halved) for x_shift in form.x_shift))


def _hidden(hidden: tuple[Hidden, ...], shifts: Shifts) -> tuple[Hidden, ...]:
    added = [shifts.first] + [shifts.above] * (len(hidden) - 1)
    return tuple(replace(layer, y_shift=layer.y_shift + more) for layer, more in zip(hidden, added, strict=True))


def _readout(readout: AnyReadout, shifts: Shifts, halved: int) -> AnyReadout:
    """A readout under a kind; halved: 1 where o is a sum over half as many steps.

    d is then an output, larger than the difference of two, so that its shift stays.
    """
    return replace(readout, y_shift=readout.y_shift + shifts.readout, d_shift=readout.d_shift + shifts.difference,
                   error_shift=max(0, readout.error_shift - halved))
