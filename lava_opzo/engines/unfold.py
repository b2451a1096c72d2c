"""From the quantities of one sample to the record of its steps: where docs/arithmetic.md section 6 puts each of them.

The oracle and the twin compute window after window; Lava's layers lie one step apart and keep a value until they change it.
Nothing is computed here but the times, what a message carries, and the traces that follow from y, z and dhat.
"""
from dataclasses import dataclass

import numpy as np

from lava_opzo.engines.record import Record, shapes
from lava_opzo.network.network import Config
from lava_opzo.silicon.profile import DECAY_TRACE


@dataclass
class Quantities:
    """One training sample. Lists over hidden layers unless said otherwise; Tw = windows*K window steps.

    payload (Tw, n_in). spikes, v, psi, count: (Tw, n) after each step. o_plus, o_minus: (Tw, n_out). g_positive: g before its
    negative part is subtracted. y, y_residual: hidden layers and readout. x: source and hidden layers.
    weights: after rank r = 1..x_max, a list over all layers. feedback: after the decay and after each bit of dhat, in order.
    """

    n_trained: int
    payload: np.ndarray
    spikes: list
    v: list
    psi: list
    count: list
    o_plus: np.ndarray
    o_minus: np.ndarray
    prediction: int
    z_state: list
    error: np.ndarray
    g_positive: list
    g: list
    y: list
    y_residual: list
    d_hat: np.ndarray
    d_residual: np.ndarray
    x: list
    weights: list
    feedback: list


def place(config: Config, sample: Quantities, before: Record) -> Record:
    """The record of a sample; before: the last row of the sample before it, which every variable keeps until it changes."""
    schedule = config.schedule()
    record = {layer: {name: np.empty((schedule.length, *shape), np.int64) for name, shape in variables.items()}
              for layer, variables in shapes(config).items()}
    names = ["source", *(f"hidden{i}" for i in range(1, config.depth + 1)), "readout"]
    for i, (name, program) in enumerate(zip(names, schedule.programs)):
        now = {variable: row[0] for variable, row in before[name].items()}
        change = _source if i == 0 else _readout if i > config.depth else _hidden
        for tau, step in enumerate(program):
            now |= change(config, sample, i, step, now)
            for variable, values in record[name].items():
                values[tau] = now[variable]
    _place_weights(config, sample, before, record)
    return record


def _place_weights(config, sample, before, record) -> None:
    schedule = config.schedule()
    for tau in range(schedule.length):
        ranks = min(max(tau - schedule.credit + 1, 0), config.x_max)
        changes = 0 if tau < schedule.credit else 1 + max(tau - schedule.feedback + 1, 0)
        for i in range(1, config.depth + 2):
            record[f"W{i}"]["weights"][tau] = sample.weights[ranks - 1][i - 1] if ranks else before[f"W{i}"]["weights"][0]
        for i in range(1, config.depth + 1):
            record[f"M{i}"]["weights"][tau] = sample.feedback[changes - 1][i - 1] if changes else before[f"M{i}"]["weights"][0]


def _split(change):
    return {"y1": np.maximum(change, 0), "y2": np.maximum(-change, 0)}


def _source(config, sample, i, step, now):
    new = {"spikes": 0}
    if step.frame >= 0:
        payload = sample.payload[step.window * config.steps + step.frame]
        new = {"spikes": payload, "count": payload + (0 if step.first else now["count"])}
    if step.rank:
        new["spikes"] = sample.x[0] >= step.rank
    return new


def _hidden(config, sample, i, step, now):
    new = {"spikes": 0, "y1": 0, "y2": 0, "y3": 0}
    if step.first:
        new |= {"g": 0, "z_state": sample.z_state[i - 1]}
    if step.window >= 0:
        t = step.window * config.steps + step.frame
        new |= {name: getattr(sample, name)[i - 1][t] for name in ("spikes", "v", "psi", "count")}
    if step.third:
        new["g"] = (sample.g_positive if step.third > 0 else sample.g)[i - 1]
    if step.credit:
        new |= {"y": sample.y[i - 1], "y_residual": sample.y_residual[i - 1]}
    if step.rank:
        new |= {"spikes": sample.x[i] >= step.rank, **_split(-sample.y[i - 1])}
    if step.m_sign:
        new |= _split(step.m_sign * (2 * (sample.z_state[i - 1] & 1) - 1) << step.m_bit)
    if step.decay and config.decay_period:
        rows = np.arange(config.widths[i])
        new["y3"] = DECAY_TRACE * ((sample.n_trained + rows) & (config.decay_period - 1) == 0)
    return new


def _readout(config, sample, i, step, now):
    new = {"spikes": 0, "y1": 0, "y2": 0}
    if step.window >= 0:
        t = step.window * config.steps + step.frame
        new |= {"o_plus": sample.o_plus[t], "o_minus": sample.o_minus[t]}
    if step.credit:
        new |= {name: getattr(sample, name) for name in ("prediction", "error", "d_hat", "d_residual")}
        new |= {"y": sample.y[-1], "y_residual": sample.y_residual[-1]}
    if step.error:
        new["spikes"] = np.maximum(step.error * sample.error, 0)
    if step.rank:
        new |= _split(-sample.y[-1])
    if step.m_sign:
        new["spikes"] = np.maximum(step.m_sign * sample.d_hat, 0) >> step.m_bit & 1
    return new
