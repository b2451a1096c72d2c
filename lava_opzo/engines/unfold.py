"""From the quantities of one sample to the record of its steps: where docs/arithmetic.md section 6 puts each of them.

The oracle and the twin compute window after window; in Lava the populations lie one step apart and keep a value until they
change it. Nothing is computed here but the times, what a message carries, and the traces that follow from y, z and dhat.
"""
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from lava_opzo.arithmetic.fixed import error, noise, weights
from lava_opzo.arithmetic.fixed.traces import trace
from lava_opzo.engines.record import Label, Record, shapes
from lava_opzo.learning.phases import Answer
from lava_opzo.learning.step import Step
from lava_opzo.network.connections import Connection
from lava_opzo.network.network import Network
from lava_opzo.silicon.profile import DECAY_TRACE

Row = dict[str, Any]
"""Variable -> its value in one step; for a record's earlier row `now`, or the values that a step changes."""


@dataclass
class Taught:
    """What one answer taught: one a sample, or one a step that has a label. Lists over hidden populations unless said otherwise.

    g_positive: g before its negative part is subtracted. y, y_residual: of hidden populations and readout. x: the rounded counts
    of input and hidden populations.
    """

    prediction: Label
    error: np.ndarray
    g_positive: list[np.ndarray]
    g: list[np.ndarray]
    y: list[np.ndarray]
    y_residual: list[np.ndarray]
    x: list[np.ndarray]


@dataclass
class Said:
    """What an auxiliary readout summed up, said and learned in one training sample: as in `Quantities` and `Taught`.

    y, y_residual: its own. weights: those into it after each rank.
    """

    o_plus: np.ndarray
    o_minus: np.ndarray
    prediction: Label
    error: np.ndarray
    y: np.ndarray
    y_residual: np.ndarray
    d_hat: np.ndarray
    d_residual: np.ndarray
    weights: list[np.ndarray]


@dataclass
class Quantities:
    """One training sample in integers. Lists over hidden populations unless said otherwise; Tw = windows*K window steps.

    taught: in order. weights: after each rank of all answers, a list over the forward connections. residuals: the same for those
    of them that have one, by the name of the connection. feedback: after the decay and
    after each bit of dhat, in order, a list over the feedback connections.

    baseline: the outputs' running means after the sample, None where there are none. auxiliary: one for each auxiliary readout.

    Shapes:
        payload: (Tw, n_in). spikes, v, psi, count: (Tw, n) after each step. o_plus, o_minus: (Tw, n_out).
    """

    n_trained: int
    payload: np.ndarray
    spikes: list[np.ndarray]
    v: list[np.ndarray]
    psi: list[np.ndarray]
    count: list[np.ndarray]
    o_plus: np.ndarray
    o_minus: np.ndarray
    z_state: list[np.ndarray]
    taught: list[Taught]
    d_hat: np.ndarray
    d_residual: np.ndarray
    weights: list[list[np.ndarray]]
    residuals: list[dict[str, np.ndarray]]
    feedback: list[list[np.ndarray]]
    baseline: np.ndarray | None = None
    auxiliary: list[Said] = field(default_factory=list)


def place(network: Network, sample: Quantities, before: Record) -> Record:
    """The record of a sample; before: the last row of the sample before it, which every variable keeps until it changes."""
    schedule = network.schedule()
    record = {layer: {name: np.empty((schedule.length, *shape), np.int64) for name, shape in variables.items()}
              for layer, variables in shapes(network).items()}
    programs = {population.name: program for population, program in zip(network.populations, schedule.programs, strict=True)}
    programs |= {one.name: schedule.program(network.place(one.name)) for one in network.auxiliary}
    changes = [_input, *[_hidden] * network.depth, _readout, *(_said(one) for one in sample.auxiliary)]
    answers = np.searchsorted(schedule.starts(Answer), np.arange(schedule.length), side="right") - 1
    for i, (name, program) in enumerate(programs.items()):
        now = {variable: row[0] for variable, row in before[name].items()}
        for tau, step in enumerate(program):
            now |= changes[i](network, sample, sample.taught[max(0, answers[tau])], i, step, now)
            for variable, values in record[name].items():
                values[tau] = now[variable]
    changed = [(connection, "weights", [update[number] for update in updates])
               for connections, updates in ((network.forward, sample.weights), (network.feedback, sample.feedback))
               for number, connection in enumerate(connections)]
    changed += [(connection, "weights", one.weights)
                for connection, one in zip(network.into_auxiliary, sample.auxiliary, strict=True)]
    changed += [(one, "residual", [kept[one.name] for kept in sample.residuals]) for one in network.summing]
    for connection, variable, updates in changed:
        arrays = [before[connection.name][variable][0], *updates]
        for tau, done in enumerate(_updates_done(connection, programs[connection.target])):
            record[connection.name][variable][tau] = arrays[done]
    return record


def _updates_done(connection: Connection, program: tuple[Step, ...]) -> np.ndarray:
    """How many updates the weights of a connection have had after each step; program: of its target."""
    feedback = connection.rule == "feedback"
    return np.cumsum([bool(step.decay or step.m_sign if feedback else step.rank) for step in program])


def _window_step(network: Network, step: Step) -> int:
    """The window step, counted over all windows of the sample."""
    learning = network.learning
    return step.frame if learning.windows == 1 else step.window * learning.steps + step.frame


def _traces(factor: np.ndarray) -> Row:
    """The two unsigned traces that add `factor` quanta to a weight."""
    return {"y1": error.positive(factor), "y2": error.negative(factor)}


def _input(network: Network, sample: Quantities, taught: Taught, i: int, step: Step, now: Row) -> Row:
    new: Row = {"spikes": 0}
    if step.frame >= 0:
        payload, before = sample.payload[_window_step(network, step)], 0 if step.rest else now["count"]
        decay = network.learning.eligibility.decay
        new = {"spikes": payload, "count": trace(before, payload, decay) if step.alone else payload + before}
    if step.rank:
        new["spikes"] = taught.x[0] >= step.rank
    return new


def _hidden(network: Network, sample: Quantities, taught: Taught, i: int, step: Step, now: Row) -> Row:
    new: Row = {"spikes": 0, "y1": 0, "y2": 0, "y3": 0}
    if step.first or step.alone:
        new["g"] = 0
    if step.first:
        new["z_state"] = sample.z_state[i - 1]
    if step.window >= 0:
        t = _window_step(network, step)
        new |= {name: getattr(sample, name)[i - 1][t] for name in ("spikes", "v", "psi", "count")}
    if step.third_factor:
        new["g"] = (taught.g_positive if step.third_factor > 0 else taught.g)[i - 1]
    if step.quantise:
        new |= {"y": taught.y[i - 1], "y_residual": taught.y_residual[i - 1]}
    if step.rank:
        new |= {"spikes": taught.x[i] >= step.rank, **_traces(-taught.y[i - 1])}
    if step.m_sign:
        new |= _traces(step.m_sign * noise.sign(sample.z_state[i - 1]) << step.m_bit)
    if step.decay:
        new["y3"] = DECAY_TRACE * weights.decay_rows(network.widths[i], sample.n_trained, network.learning.credit.decay_period)
    return new


def _said(one: Said) -> Callable[..., Row]:
    """What a step changes in an auxiliary readout: the same as in the readout, with sums and answers of its own."""
    def changed(network: Network, sample: Quantities, taught: Taught, i: int, step: Step, now: Row) -> Row:
        own = replace(sample, o_plus=one.o_plus, o_minus=one.o_minus, d_hat=one.d_hat, d_residual=one.d_residual)
        said = replace(taught, prediction=one.prediction, error=one.error, y=[one.y], y_residual=[one.y_residual])
        return _readout(network, own, said, i, step, now)

    return changed


def _readout(network: Network, sample: Quantities, taught: Taught, i: int, step: Step, now: Row) -> Row:
    new: Row = {"spikes": 0, "y1": 0, "y2": 0}
    if step.window >= 0:
        t = _window_step(network, step)
        new |= {"o_plus": sample.o_plus[t], "o_minus": sample.o_minus[t]}
    if step.quantise:
        new |= {"prediction": taught.prediction, "error": taught.error, "y": taught.y[-1], "y_residual": taught.y_residual[-1]}
    if step.difference:
        new |= {"d_hat": sample.d_hat, "d_residual": sample.d_residual}
        new |= {} if sample.baseline is None else {"baseline": sample.baseline}
    if step.error:
        new["spikes"] = error.positive(step.error * taught.error)
    if step.rank:
        new |= _traces(-taught.y[-1])
    if step.m_sign:
        new["spikes"] = error.positive(step.m_sign * sample.d_hat) >> step.m_bit & 1
    return new
