"""Training and evaluating a network inside Lava: the same calls for every process model, all runs under the watchdog."""
from typing import Any, ClassVar

import numpy as np
from lava.magma.core.run_configs import Loihi2HwCfg, RunConfig

from lava_opzo.arithmetic.numbers import numbers
from lava_opzo.engines import largest
from lava_opzo.engines.engine import Abilities, Seen
from lava_opzo.engines.lava import watchdog
from lava_opzo.engines.lava.adapters import BoardAdapters
from lava_opzo.engines.lava.connections import HIDDEN
from lava_opzo.engines.lava.graph import Graph
from lava_opzo.engines.lava.host import Host
from lava_opzo.engines.lava.mailbox import Mailbox
from lava_opzo.engines.lava.models import run_config
from lava_opzo.engines.lava.plugins import refuse_python_models
from lava_opzo.engines.lava.shared_host import SharedHost
from lava_opzo.engines.lava.trace import Trace
from lava_opzo.engines.lava.variable_host import VariableHost
from lava_opzo.engines.samples import check_every_step, check_labels, empty_answers, shown_frames, shown_rows, taught, told
from lava_opzo.errors import UserError
from lava_opzo.network.checks import check_shapes, check_start
from lava_opzo.network.network import Network
from lava_opzo.network.state import State, carried
from lava_opzo.silicon.profile import STOCK_LAVA
from lava_opzo.silicon.readouts import CLASSES

CHUNK = 32
"""Samples of one call into Lava: about a second, so that progress and an interrupt are quick."""

FAST = Abilities(numbers=("fixed", "real"), credits=("opzo", "dfa"), topologies=tuple(HIDDEN["fast"]), steps=("fixed", "real"),
                 auxiliary=True)
STOCK = Abilities(numbers=("fixed", "real"), credits=("opzo", "dfa"), topologies=tuple(HIDDEN["stock"]),
                  profiles=(STOCK_LAVA.name,), counts_touches=False, steps=("fixed", "real"), auxiliary=True)


class LavaEngine:
    """One network in Lava's simulator. Use it as a context manager, or call `stop`.

    network, state: what to run, and what to start from. number: the number system. kind: how plastic connections are computed,
    one of `lava_opzo.engines.lava.models.KINDS`. n_frames: rows of a sample (1 or K). capacity: most samples of one call into
    Lava. traces: population -> Trace. timeout: seconds that one such call may take before it counts as hung. neuron: a process
    model of one's own for `OpzoLIF`. configuration: a Lava run configuration in the place of `run_config(number, kind, neuron)`,
    for the Processes of kind `stock`; its models are taken for a board's: they share no memory with the host, which sets and
    reads Vars sample by sample.
    What process models of others would have to count is None in `seen`.

    host: samples in, predictions and states out (`lava_opzo.engines.lava.host`).

    Raises UserError for a network that Lava cannot learn as it says, or a state that no integer engine should start from,
    NoBoardError for a board's configuration where lava-loihi is not installed.
    """

    abilities: ClassVar[Abilities] = FAST

    def __init__(self, network: Network, state: State, *, number: str = "fixed", kind: str = "fast", n_frames: int = 1,
                 capacity: int = CHUNK, traces: dict[str, Trace] | None = None, timeout: float = 300.0,
                 neuron: type | None = None, configuration: RunConfig | None = None) -> None:
        _check_learning(network, STOCK if kind == "stock" else FAST, configuration is not None)
        if configuration and network.readout.kind != CLASSES:
            raise UserError(f"population '{network.readout.name}': outputs of kind '{network.readout.kind}' do not travel "
                            "through the Vars of a board or of plug-ins, which hold a class; use classes, or an engine of the "
                            "simulator")
        self._check_state(network, state, number)
        chosen = configuration or run_config(number, kind, neuron)
        self.network, self.chunk = network, capacity
        self._dtype, self._learning, self._n_learned = numbers(number).dtype, True, 0
        self._watches = number == "fixed" and configuration is None and neuron is None
        self._counts_touches = (number, kind) == ("fixed", "fast") and configuration is None
        rows, board = shown_rows(network, n_frames), isinstance(configuration, Loihi2HwCfg)
        mailbox = None if configuration else _mailbox(network, capacity, rows)
        self.graph = Graph(network, state, mailbox, number, traces, rows, BoardAdapters() if board else None,
                           "stock" if configuration else kind)
        self.host: Host = (SharedHost(self.graph, timeout, mailbox) if mailbox
                           else VariableHost(self.graph, timeout, numbers(number)))
        watchdog.start(self.graph.input, chosen, self._add_parts(), direct=kind == "fast" and configuration is None)
        if board:
            self._refuse_python_models()

    def _check_state(self, network: Network, state: State, number: str) -> None:
        """Raise UserError for a state that no engine should learn a run from."""
        (check_start if number == "fixed" else check_shapes)(network, state)

    def _add_parts(self) -> dict[str, Any] | None:
        """Connects what a subclass adds to the graph before it starts. Returns options of Lava's compiler, None for its own."""
        return None

    def __enter__(self) -> "LavaEngine":
        return self

    def __exit__(self, *exception: object) -> None:
        self.stop()

    def train(self, frames: np.ndarray, labels: np.ndarray) -> np.ndarray:
        """As `Engine.train`."""
        frames = shown_frames(self.network, frames)
        labels = check_labels(self.network, labels, len(frames))
        predictions = self._run(frames, labels, labels.ndim == 2)
        self._n_learned += len(frames)
        return told(self.network, predictions, labels.ndim == 2)

    def evaluate(self, frames: np.ndarray, every_step: bool = False) -> np.ndarray:
        """As `Engine.evaluate`."""
        check_every_step(self.network, every_step)
        return told(self.network, self._run(shown_frames(self.network, frames), None, every_step), every_step)

    def settle(self) -> None:
        """As `Engine.settle`."""
        for name, shape in carried(self.network).items():
            self.host.write(self.graph.variables[name], np.zeros(shape, np.int32))

    def _run(self, frames: np.ndarray, labels: np.ndarray | None, every_step: bool) -> np.ndarray:
        learn = labels is not None
        if learn != self._learning:
            for layer in self.graph.layers:
                self.host.write(layer.learn, np.array([int(learn)]))
            self._learning = learn
        length = self.network.schedule(learn).length
        predictions = []
        for start in range(0, len(frames), self.host.room):
            part = slice(start, start + self.host.room)
            self.post(frames[part], None if labels is None else labels[part], every_step)
            n = len(frames[part])
            self.host.run(n * length)
            predictions.append(self.host.predictions(n))
        return np.concatenate(predictions) if predictions else empty_answers(self.network, 0)

    def post(self, frames: np.ndarray, labels: np.ndarray | None, every_step: bool = False) -> None:
        """Give the network its next samples, checked; labels, every_step: as in `Host.post`."""
        if labels is not None and self.network.learning.by_step:
            labels = taught(self.network, labels)
        self.host.post(frames, labels, every_step)

    def state(self) -> State:
        """The learned state. Lava hands weights out one by one: about 20 us each."""
        arrays = {name: self.host.read(variable) for name, variable in self.graph.variables.items()}
        arrays |= {name: arrays[name][part] for name, part in self.graph.parts.items()}
        integers = {f"{layer.name}.z_state" for layer in self.network.hidden}
        return State({name: array.astype(np.int32 if name in integers else self._dtype) for name, array in arrays.items()},
                     int(self.host.read(self.graph.readout.n_trained)[0]))

    def seen(self) -> Seen:
        """What was seen over all samples learned here."""
        steps = self._n_learned * self.network.schedule().window_steps
        rates = [float(self.host.read(layer.n_spikes)[0] / max(1, steps * hidden.n))
                 for layer, hidden in zip(self.graph.hidden, self.network.hidden, strict=True)]
        touches = {name: int(count[0]) for name, count in self.graph.rail_touches.items()}
        kept = {layer: {name: int(value[0]) for name, value in variables.items()}
                for layer, variables in self.graph.largest.items()}
        return Seen(rates, touches if self._counts_touches else None, largest.from_kept(kept) if self._watches else None)

    def _refuse_python_models(self) -> None:
        """Stop and raise UserError where Lava took a Python model for a Process that belongs on the chip."""
        try:
            refuse_python_models(self.graph.layers[1:])
        except UserError:
            self.stop()
            raise

    def stop(self) -> None:
        """End the processes of the network."""
        watchdog.stop(self.graph.input)


class FastLavaEngine(LavaEngine):
    """Plastic connections by our event-driven models: the bits of stock Lava, several times faster, and shared weights."""


class StockLavaEngine(LavaEngine):
    """Plastic connections by stock Lava, whose rails are its own, which counts no rail touches and shares no weights."""

    abilities = STOCK

    def __init__(self, network: Network, state: State, **options: Any) -> None:
        super().__init__(network, state, kind="stock", **options)


def _check_learning(network: Network, abilities: Abilities, foreign: bool) -> None:
    """Raise UserError for a way to learn, or rails, that Lava would silently replace by its own.

    foreign: whether process models of others compute, which know no auxiliary readouts.
    """
    learning, profile = network.learning, network.profile
    if network.auxiliary and foreign:
        raise UserError("Lava engine: auxiliary readouts teach in our own process models only; use neither plug-ins nor a board, "
                        "or a network without them")
    for what, value, known in (("credit", learning.credit.kind, abilities.credits), ("gate", learning.gate, abilities.gates)):
        if value not in known:
            raise UserError(f"Lava engine: {what} '{value}' is not one of {', '.join(known)}; choose one, or engine 'twin'")
    if abilities.profiles is not None and profile != STOCK_LAVA:
        raise UserError(f"Lava engine: stock Lava has rails {STOCK_LAVA.weight_min}..{STOCK_LAVA.weight_max}, profile "
                        f"'{profile.name}' has {profile.weight_min}..{profile.weight_max}; choose kind 'fast'")


def _mailbox(network: Network, capacity: int, rows: int) -> Mailbox:
    readout = network.readout
    learning, answers = network.learning, 0 if readout.kind == CLASSES else readout.answers
    return Mailbox(capacity, rows, network.input.n, readout.n, answers, learning.steps if learning.by_step else 0)
