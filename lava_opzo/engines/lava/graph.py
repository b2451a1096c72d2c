"""The Lava graph of a network: an input, a hierarchical Process a hidden layer, a hierarchical Process for the readout.

    input -> hidden1 -> hidden2 -> ... -> readout;  readout -> hidden l (error);  input -> readout (label)

An auxiliary readout is another hierarchical Process of the readout's kind, between the hidden layer that it reads and the layers
that it teaches.
"""
from typing import Any

import numpy as np
from lava.magma.core.process.process import AbstractProcess
from lava.magma.core.process.variable import Var

from lava_opzo.engines import largest
from lava_opzo.engines.lava.adapters import BoardAdapters
from lava_opzo.engines.lava.connections import HIDDEN, READOUT, given_weights, in_matrix, message_bits, process_of
from lava_opzo.engines.lava.mailbox import Mailbox
from lava_opzo.engines.lava.shared import shared_array
from lava_opzo.engines.lava.trace import Trace
from lava_opzo.network.connections import Connection
from lava_opzo.network.network import Network
from lava_opzo.network.populations import Hidden, Readout
from lava_opzo.network.state import State, baseline_name, baseline_shape, carried
from lava_opzo.silicon.profile import PAYLOAD_MAX
from process_models.sample_source.process import SampleSource
from process_models.variable_source.process import VariableSource

HIDDEN_CONSTANTS = ("vth", "dv", "bias_mant", "bias_exp", "psi_width", "floor", "y_shift", "frozen")
READOUT_CONSTANTS = ("error_shift", "y_shift", "d_shift", "dv", "kind", "frozen")


class Graph:
    """All Processes of one network, connected. A Lava graph can be compiled once; build a new one to run again.

    network, state: what to build, and what to start from. mailbox: where samples come from and predictions go; None: the input
    has a Var for a sample of `rows` rows, and nothing is shared with the host. number: the number system that it will run in.
    traces: population -> Trace, for those to be recorded. adapters: for a board, between the input on the host and the chip.
    kind: how plastic connections are computed, a key of HIDDEN.

    input, hidden, readout, auxiliary: the Processes; inside, those that run have the names of connections and populations.
    variables: name of an array of the state -> its Var. parts: those of which the Var holds more than the state -> where the
    state's values lie in it. rail_touches, largest: shared arrays by connection, and by population and variable; none without a
    mailbox.
    """

    def __init__(self, network: Network, state: State, mailbox: Mailbox | None, number: str = "fixed",
                 traces: dict[str, Trace] | None = None, rows: int = 1, adapters: BoardAdapters | None = None,
                 kind: str = "fast") -> None:
        self.network, self._state, self._traces, self._kind = network, state, traces or {}, kind
        counted = network.connections if mailbox else ()
        self.rail_touches = {connection.name: shared_array((1,), np.int64) for connection in counted}
        self.largest = {layer: {name: shared_array((1,), np.int64) for name in names}
                        for layer, names in largest.kept(network).items() if mailbox}
        self._shared = {"learning": network.learning, "depth": network.depth, "n_trained": state.n_trained, "number": number,
                        "profile": network.profile}
        self.input = self._source(mailbox, rows)
        self.hidden = [self._hidden_layer(number, layer) for number, layer in enumerate(network.hidden)]
        self.readout = self._readout_layer(network.readout, network.forward[-1], mailbox)
        self.auxiliary = [self._readout_layer(one, below, None, reads=layer) for one, below, layer
                          in zip(network.auxiliary, network.into_auxiliary, network.read_layers, strict=True)]
        self._connect(adapters)

    @property
    def layers(self) -> list[AbstractProcess]:
        """The Processes from the input up, then auxiliary readouts; each has a Var `learn`."""
        return [self.input, *self.hidden, self.readout, *self.auxiliary]

    @property
    def weights(self) -> dict[str, Var]:
        """Name of a connection -> the Var of its weights."""
        into = (*self.network.forward, *self.network.into_auxiliary)
        forward = zip(into, (*self.hidden, self.readout, *self.auxiliary), strict=True)
        feedback = zip(self.network.feedback, self.hidden, strict=True)
        return ({connection.name: layer.weights for connection, layer in forward}
                | {connection.name: layer.feedback for connection, layer in feedback})

    @property
    def residuals(self) -> dict[str, Var]:
        """Name of a connection -> the Var of what the sums of its shared weights' changes left, where there is one."""
        return {connection.name: layer.residual for connection, layer in zip(self.network.forward, self.hidden, strict=False)
                if connection.sum_shift}

    @property
    def variables(self) -> dict[str, Var]:
        """Name of an array of the state -> its Var."""
        found = {connection.weights: self.weights[connection.name] for connection in self.network.connections}
        found |= {connection.residual: self.residuals[connection.name] for connection in self.network.summing}
        for layer, process in zip(self.network.hidden, self.hidden, strict=True):
            found |= {f"{layer.name}.{name}": getattr(process, name) for name in ("z_state", "y_residual")}
        means = ("baseline",) if baseline_shape(self.network) else ()
        for readout, process in zip(self.network.readouts, (self.readout, *self.auxiliary), strict=True):
            found |= {f"{readout.name}.{name}": getattr(process, name) for name in ("y_residual", "d_residual", *means)}
        chain = (self.input, *self.hidden, self.readout)
        processes = {one.name: process for one, process in zip(self.network.populations, chain, strict=True)}
        held = {name: name.split(".") for name in carried(self.network)}
        return found | {name: getattr(processes[layer], variable) for name, (layer, variable) in held.items()}

    @property
    def parts(self) -> dict[str, tuple[np.ndarray, np.ndarray]]:
        """Name of an array of the state -> where its values lie in a Var that holds more than them."""
        found = {connection.weights: in_matrix(self._kind, connection.topology) for connection in self.network.connections}
        return {name: part for name, part in found.items() if part is not None}

    def _source(self, mailbox: Mailbox | None, rows: int) -> AbstractProcess:
        network = self.network
        given = {"x_shift": network.forward[0].x_shift, "learning": network.learning, "depth": network.depth,
                 "trace": self._traces.get(network.input.name), "name": network.input.name}
        given |= self._carried(network.input.name)
        if mailbox:
            return SampleSource(mailbox=mailbox, **given)
        return VariableSource(n_in=network.input.n, n_out=network.readout.n, rows=rows, **given)

    def _hidden_layer(self, number: int, layer: Hidden) -> AbstractProcess:
        network, below, feedback = self.network, self.network.forward[number], self.network.feedback[number]
        return process_of(HIDDEN[self._kind], below)(
            **self._layer(below, layer.name), feedback=self._state[feedback.weights], population=number + 1,
            x_shift=network.forward[number + 1].x_shift, z_state=self._state[f"{layer.name}.z_state"],
            rail_touches={"weights": self.rail_touches.get(below.name), "feedback": self.rail_touches.get(feedback.name)},
            names=(below.name, layer.name, feedback.name), **{name: getattr(layer, name) for name in HIDDEN_CONSTANTS})

    def _readout_layer(self, readout: Readout, below: Connection, mailbox: Mailbox | None,
                       reads: int | None = None) -> AbstractProcess:
        return process_of(READOUT, below)(
            **self._layer(below, readout.name), d_residual=self._state[f"{readout.name}.d_residual"], reads=reads,
            baseline=self._state[baseline_name(self.network)] if baseline_shape(self.network) else None, mailbox=mailbox,
            rail_touches={"weights": self.rail_touches.get(below.name)}, names=(below.name, readout.name),
            **{name: getattr(readout, name) for name in READOUT_CONSTANTS})

    def _carried(self, name: str) -> dict[str, Any]:
        """What a population carries into the first sample, by variable."""
        return {one.removeprefix(f"{name}."): self._state[one] for one in carried(self.network) if one.startswith(f"{name}.")}

    def _layer(self, below: Connection, name: str) -> dict[str, Any]:
        """What the Processes of hidden layers and of the readout are given alike."""
        residual = {"residual": self._state[below.residual]} if below.sum_shift else {}
        return {**self._shared, **given_weights(self._kind, below, self._state[below.weights]), **residual, **self._carried(name),
                "y_residual": self._state[f"{name}.y_residual"], "num_message_bits": message_bits(self.network, below),
                "trace": self._traces.get(name), "largest": self.largest.get(name), "name": f"{name} layer"}

    def _connect(self, adapters: BoardAdapters | None) -> None:
        """Join all Processes by their ports. A label that goes to a chip is one bit, with a sign where a step may have none."""
        payloads, label = self.input.s_out, self.input.s_label_out
        if adapters:
            payloads = adapters.to_board(payloads, PAYLOAD_MAX.bit_length())
            label = adapters.to_board(label, 1 + self.network.learning.by_step)
        payloads.connect(self.hidden[0].s_in)
        for below, above in zip(self.hidden, (*self.hidden[1:], self.readout), strict=True):
            below.s_out.connect(above.s_in)
        for number, readout in zip(self.network.read_layers, self.auxiliary, strict=True):
            self.hidden[number - 1].s_out.connect(readout.s_in)
        readouts = [self.readout, *self.auxiliary]
        for readout in readouts:
            label.connect(readout.label_in)
        for layer, teacher in zip(self.hidden, self.network.teachers, strict=True):
            readouts[teacher].error_out.connect(layer.error_in)
