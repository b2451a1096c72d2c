"""The operands of the operation that produced a value: what somebody needs to work it out by hand (docs/arithmetic.md).

The formulas are those of the functions that every engine but the oracle and the twin calls. What stands here in words is only how
a population puts their results together.
"""
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from lava_opzo.arithmetic.factors import hidden_credit, mean_of, readout_credit
from lava_opzo.arithmetic.fixed import error, membrane, noise, quantiser, synapses, weights
from lava_opzo.arithmetic.fixed.traces import trace
from lava_opzo.engines.record import OF_CONNECTIONS, Label, Record
from lava_opzo.network.network import Network
from lava_opzo.network.populations import Hidden, Readout
from lava_opzo.silicon.profile import DECAY_TRACE
from lava_opzo.silicon.readouts import CLASSES
from lava_opzo.verification.difference import Place
from lava_opzo.verification.formulas import formulas

TRACE = formulas(trace)
COUNT = ("count = count before + payload", *formulas(quantiser.round_count), "spikes = [round_count >= rank] in a rank")
RANK = (*formulas(quantiser.round_count), "spikes = [round_count >= rank]")
MEMBRANE = (*formulas(synapses.received, membrane.current, membrane.leak, membrane.charge, membrane.near_threshold,
                      membrane.fire),
            "bias = sign*z*alpha; psi = psi before + near_threshold; count = count before + s")
NOISE = formulas(noise.advance)
THIRD_FACTOR = (*formulas(synapses.received, error.positive, error.negative),
                "g = g before + received(M, positive(error)), one step later g - received(M, negative(error))")
HIDDEN_FACTOR = formulas(hidden_credit, quantiser.third_factor_limit, quantiser.bounded, quantiser.factor, quantiser.quantise,
                         quantiser.shift_at)
READOUT_FACTOR = formulas(readout_credit, quantiser.factor, quantiser.quantise, quantiser.shift_at)
TRACES = (*formulas(error.positive, error.negative, noise.sign, weights.decay_rows),
          f"y1 = positive(c), y2 = negative(c); c = -y in a rank, sign*z << bit in a bit of dhat; y3 = {DECAY_TRACE}*decay_rows")
WEIGHTS = formulas(synapses.learned, weights.rail, weights.decay)
SUMS = formulas(synapses.summed, quantiser.factor, quantiser.quantise, weights.rail)
OUTPUT = (*formulas(synapses.received), "o_plus = o_plus before + a in window 0, o_minus = o_minus before + a in window 1")
PREDICTION = formulas(error.predict)
ANSWER = formulas(error.answer)
ERROR = formulas(readout_credit, error.output_error)
DIFFERENCE = formulas(readout_credit, quantiser.quantise)
ABOVE_MEAN = formulas(quantiser.above_mean)
MESSAGE = (*formulas(error.positive), "spikes = positive(+-error), later bit b of positive(+-dhat)")


@dataclass(frozen=True)
class Operation:
    """What produced a value: formulas in the order in which they are applied, and operand -> value."""

    formulas: tuple[str, ...] = ()
    operands: dict[str, Any] = field(default_factory=dict)


def operation(network: Network, place: Place, record: Record, before: Record, label: Label, n_trained: int) -> Operation:
    """The operation at `place`.

    record: the reference's record of that sample. before: the last row of the sample before it. label, n_trained: of the sample.
    """
    scene = _Scene(network, place, record, before, label, n_trained)
    if place.variable in OF_CONNECTIONS:
        return scene.weights()
    population = network.population(place.part)
    if isinstance(population, Hidden):
        return scene.hidden(population)
    return scene.readout(population) if isinstance(population, Readout) else scene.input()


def _alone(seen: dict[str, list[Any]]) -> dict[str, Any]:
    """The values at the only edge that has a weight; edges that share one have a list of each, in raster order."""
    return {name: values[0] for name, values in seen.items()}


class _Scene:
    """One place in one sample."""

    def __init__(self, network: Network, place: Place, record: Record, before: Record, label: Label, n_trained: int) -> None:
        self.network, self.place, self.record, self.before = network, place, record, before
        self.label, self.n_trained = label, n_trained
        connection = next((one for one in network.connections if one.name == place.part), None)
        population = connection.target if connection else place.part
        number = network.place(population)
        self.step = network.schedule().program(number)[place.step]
        self.above = network.forward[number] if number <= network.depth else None
        self.below = next((one for one in network.connections if one.target == population and one.rule != "feedback"),
                          network.forward[0])

    def now(self, name: str) -> int:
        return int(self.record[self.place.part][name][(self.place.step, *self.place.index)])

    def was(self, name: str) -> int:
        return int(self.row(self.place.part, name, self.place.step - 1)[self.place.index])

    def row(self, part: str, name: str, tau: int) -> np.ndarray:
        return self.record[part][name][tau] if tau >= 0 else self.before[part][name][0]

    def activation(self) -> int:
        """a_i of this step: Dense delays by one step; its weights are those before the updates of the step that sent it."""
        sent = self.row(self.below.source, "spikes", self.place.step - 1)
        weights = self.row(self.below.name, "weights", self.place.step - 2)
        return int(synapses.received(self.below.topology, weights, sent)[self.place.index])

    def frame(self) -> int:
        """The last step of the sample that the population has taken."""
        program = self.network.schedule().program(self.network.place(self.place.part))
        return max(step.frame for step in program[:self.place.step + 1])

    def trace(self) -> dict[str, int]:
        """Where the count is a trace, what it loses in a step."""
        return {"decay": self.network.learning.eligibility.decay} if self.step.alone else {}

    def shift(self, y_shift: int) -> dict[str, int]:
        learning = self.network.learning
        return {"y_shift": y_shift, "n_trained": self.n_trained, "halve_every": learning.halve_every,
                "max_halvings": learning.max_halvings}

    def rounding(self) -> dict[str, int]:
        return {"rank": self.step.rank, "x_shift": self.above.x_shift if self.above else 0,
                "x_max": self.network.learning.eligibility.x_max}

    def taught(self, index: int) -> dict[str, Any]:
        """What the sample teaches output `index`."""
        if self.network.learning.by_step:
            return {"label": int(self.label if np.ndim(self.label) == 0 else np.asarray(self.label)[self.frame()])}
        if np.ndim(self.label) == 0:
            return {"label": int(self.label)}
        return {"target": int(np.asarray(self.label)[index]), "kind": self.network.readout.kind}

    def mean(self, index: int) -> dict[str, Any]:
        """The running mean that output `index` has for this label, before the sample; nothing without a baseline."""
        network, credit = self.network, self.network.learning.credit
        if credit.baseline == "none":
            return {}
        column = mean_of(credit.baseline, np.arange(network.readout.n) == self.label)[1][index]
        before = self.row(network.readout.name, "baseline", self.place.step - 1)[index, column]
        return {"b of this label": int(before), "its column": int(column), "baseline_shift": credit.baseline_shift}

    def traces(self) -> Operation:
        z = {"z_state": self.now("z_state")} if "z_state" in self.record[self.place.part] else {}
        return Operation(TRACES, {"y": self.now("y"), "rank": self.step.rank, "sign": self.step.m_sign, "bit": self.step.m_bit,
                                  "decay step": int(self.step.decay), "n_trained": self.n_trained,
                                  "period": self.network.learning.credit.decay_period, **z})

    def input(self) -> Operation:
        return Operation(TRACE if self.step.alone else COUNT, {
            **self.trace(), "count before": 0 if self.step.rest else self.was("count"), "payload or spike": self.now("spikes"),
            **self.rounding()})

    def weights(self) -> Operation:
        connection = next(one for one in self.network.connections if one.name == self.place.part)
        edges, weight = connection.topology.edges(), np.ravel_multi_index(self.place.index, connection.topology.weight_shape)
        pre, post = (ends[edges.w == weight] for ends in (edges.pre, edges.post))
        tau, below, above = self.place.step, self.record[connection.source], self.record[connection.target]
        told = {"x0": below["spikes"][tau][pre] != 0}
        told |= {name: above[name][tau][post] for name in ("y1", "y2", "y3") if name in above}
        ends = {"pre": [f"{connection.source}[{j}]" for j in pre], "post": [f"{connection.target}[{i}]" for i in post]}
        seen = {name: values.astype(int).tolist() for name, values in told.items()} | ends
        kept = {"residual before": self.was("residual"), "sum_shift": connection.sum_shift} if connection.sum_shift else {}
        return Operation(SUMS if kept else WEIGHTS, {
            "w before": self.was("weights"), **kept, **(_alone(seen) if len(pre) == 1 else seen),
            "weight_min": self.network.profile.weight_min, "weight_max": self.network.profile.weight_max})

    def hidden(self, layer: Hidden) -> Operation:
        name = self.place.variable
        if name == "z_state":
            return Operation(NOISE, {"state": self.was("z_state")})
        if name == "g":
            feedback = next(one for one in self.network.feedback if one.target == layer.name)
            row = self.before[feedback.name]["weights"][0][self.place.index[0]]
            errors = self.record[feedback.source]["error"][self.place.step]
            return Operation(THIRD_FACTOR, {"g before": self.was("g"), "part of the error": self.step.third_factor,
                                            f"row of {feedback.name}": row.tolist(), "error": errors.tolist()})
        if name in ("y", "y_residual"):
            learning = self.network.learning
            limit = quantiser.third_factor_limit(layer.y_shift + learning.halvings, learning.gate_steps)
            return Operation(HIDDEN_FACTOR, {"y_residual before": self.was("y_residual"), "g": self.now("g"), "limit": limit,
                                             "psi": self.now("psi"), **self.shift(layer.y_shift)})
        if name in ("y1", "y2", "y3"):
            return self.traces()
        if self.step.rank:
            return Operation(RANK, {"count": self.now("count"), **self.rounding()})
        a, first = self.activation(), self.step.first
        return Operation(MEMBRANE + TRACE * self.step.alone, {
            **self.trace(),
            "v before": 0 if self.step.start else self.was("v"), "a": a, "a << 6": a << 6, "sign": self.step.sign,
            "z": int(noise.sign(np.array(self.now("z_state")))), "alpha": layer.alpha, "dv": layer.dv, "vth": layer.vth,
            "floor": layer.floor, "width": layer.psi_width, "psi before": 0 if first or self.step.alone else self.was("psi"),
            "count before": 0 if self.step.rest else self.was("count")})

    def readout(self, layer: Readout) -> Operation:
        name = self.place.variable
        o_plus, o_minus = (self.record[layer.name][part][self.place.step] for part in ("o_plus", "o_minus"))
        if name in ("o_plus", "o_minus"):
            goes_on = self.step.first and not self.step.rest
            sums = {part: self.row(layer.name, part, self.place.step - 1)[self.place.index] for part in ("o_plus", "o_minus")}
            before = {f"{part} before": 0 if self.step.rest else int(value) for part, value in sums.items()
                      if goes_on or part == name}
            leaks = {"dv": layer.dv} if self.step.alone else {}
            return Operation(formulas(membrane.balanced) * goes_on + OUTPUT + formulas(membrane.leak) * self.step.alone, {
                **leaks, **before, "window": self.step.window, "a": self.activation() if self.step.window >= 0 else 0})
        if name == "prediction":
            o = {"o": (o_plus + o_minus).tolist()}
            if layer.kind == CLASSES:
                return Operation(PREDICTION, o)
            return Operation(ANSWER, {**o, "error_shift": layer.error_shift, "kind": layer.kind, "q": self.place.index[0]})
        index = self.place.index[0]
        sums = {"o_plus": int(o_plus[index]), "o_minus": int(o_minus[index])}
        if name == "error":
            return Operation(ERROR, {**sums, "error_shift": layer.error_shift, "q": index, **self.taught(index)})
        if name in ("y", "y_residual"):
            return Operation(READOUT_FACTOR, {"y_residual before": self.was("y_residual"), "e": self.now("error"),
                                              **self.shift(layer.y_shift)})
        if name in ("d_hat", "d_residual"):
            mean = self.mean(index)
            return Operation(DIFFERENCE + ABOVE_MEAN * bool(mean), {
                "d_residual before": self.was("d_residual"), **sums, **mean, "d_shift": layer.d_shift,
                "d_bits": self.network.learning.credit.d_bits})
        if name == "baseline":
            return Operation(ABOVE_MEAN, {"b before": self.was("baseline"), **sums, "column": self.place.index[1],
                                          **self.mean(index), **self.taught(index), "q": index})
        if name == "spikes":
            return Operation(MESSAGE, {"error": self.now("error"), "part of the error": self.step.error,
                                       "dhat": self.now("d_hat"), "sign": self.step.m_sign, "bit": self.step.m_bit})
        return self.traces()
