"""The plain-Python oracle as an engine that records."""
from typing import Any, ClassVar

import numpy as np

from lava_opzo.engines.engine import Abilities
from lava_opzo.engines.oracle import error, sample, steps
from lava_opzo.engines.oracle.edges import patch_edges, pool_edges
from lava_opzo.engines.record import Label, Record, before_the_first, last_rows
from lava_opzo.engines.samples import check_sample, taught
from lava_opzo.engines.unfold import Quantities, Said, Taught, place
from lava_opzo.network.network import Network
from lava_opzo.network.state import State, baseline_name, baseline_shape
from lava_opzo.topology.conv import Conv
from lava_opzo.topology.dense import Dense
from lava_opzo.topology.edges import Topology
from lava_opzo.topology.local import Local
from lava_opzo.topology.patches import Patches
from lava_opzo.topology.pool import Pool

Plain = dict[str, Any]
"""A dict of plain integers and lists, as `lava_opzo.engines.oracle.sample` describes them."""

LAYER = ("n", "vth", "dv", "v_floor", "bias_mant", "bias_exp", "psi_width", "y_shift", "frozen")
READOUT = ("n", "error_shift", "y_shift", "d_shift", "dv", "kind", "frozen")
AUXILIARY = ("n", "error_shift", "y_shift", "d_shift", "kind", "frozen")


class OracleRecorder:
    """Runs `lava_opzo.engines.oracle.sample` sample by sample; network, state: what to run and where to start."""

    abilities: ClassVar[Abilities] = Abilities(numbers=("fixed",), credits=("opzo", "dfa"), topologies=(Dense, Local, Conv, Pool),
                                             steps=("fixed",), auxiliary=True)

    def __init__(self, network: Network, state: State, rows: int) -> None:
        self._network, self._before = network, before_the_first(network, state)
        self._plain, self._state = plain_config(network), plain_state(state, network)

    def sample(self, frames: np.ndarray, label: Label) -> Record:
        """Learn one sample; its record.

        Shapes:
            frames: (rows, n_in).
        """
        before, (checked, labels) = self._state, check_sample(self._network, frames, label)
        by_step = self._network.learning.by_step
        learned, quantities = (steps.train_sample, _of_steps) if by_step else (sample.train_sample, _quantities)
        (target,) = taught(self._network, labels) if by_step else labels
        seen, self._state = learned(self._plain, before, checked[0].tolist(), target.tolist())
        record = place(self._network, quantities(self._network, before, self._state, seen), self._before)
        self._before = last_rows(record)
        return record

    def stop(self) -> None:
        """Nothing to end."""


def plain_config(network: Network) -> Plain:
    """A network as the dict that the oracle takes."""
    learning, profile = network.learning, network.profile
    below = [{"x_shift": connection.x_shift, "edges": plain_edges(connection.topology), "sum_shift": connection.sum_shift}
             for connection in network.forward]
    return {
        "K": learning.steps, "windows": learning.windows, "spread": network.input.spread, "stagger": network.input.stagger,
        "x_max": learning.eligibility.x_max, "d_bits": learning.credit.d_bits,
        "decay_period": learning.credit.decay_period, "halve_every": learning.halve_every, "max_halvings": learning.max_halvings,
        "label_from": learning.label_from, "carry": learning.carry, "decay": learning.eligibility.decay,
        "turn_every": learning.turn_every, "baseline": learning.credit.baseline, "baseline_shift": learning.credit.baseline_shift,
        "weight_min": profile.weight_min, "weight_max": profile.weight_max,
        "hidden": [{name: getattr(layer, name) for name in LAYER} | connection
                   for layer, connection in zip(network.hidden, below, strict=False)],
        "readout": {name: getattr(network.readout, name) for name in READOUT} | below[-1],
        "auxiliary": [{name: getattr(one, name) for name in AUXILIARY} | {"layer": layer}
                      for one, layer in zip(network.auxiliary, network.read_layers, strict=True)]}


def plain_edges(topology: Topology) -> list[tuple[int, int, int]] | None:
    """The edges as the oracle itself counts them; None for all to all."""
    if not isinstance(topology, Patches):
        return None
    if isinstance(topology, Pool):
        return pool_edges(topology.shape, topology.kernel, topology.stride, topology.padding)
    return patch_edges(topology.shape, topology.channels, topology.kernel, topology.stride, topology.padding, topology.bias,
                       topology.shared)


def plain_state(state: State, network: Network) -> Plain:
    """A state as the dict that the oracle takes."""
    def lists(names: list[str]) -> list[Any]:
        return [state[name].tolist() for name in names]

    means = {"baseline": state[baseline_name(network)].tolist()} if baseline_shape(network) else {}
    means |= {"carried": _plain_carried(state, network)} if network.learning.carry else {}
    W = [state[connection.weights] for connection in network.forward]
    return {"W": [(weights if isinstance(connection.topology, Dense) else weights.ravel()).tolist()
                  for connection, weights in zip(network.forward, W, strict=True)],
            "W_residual": [state[connection.residual].ravel().tolist() if connection.sum_shift else []
                           for connection in network.forward],
            "M": lists([connection.weights for connection in network.feedback]),
            "z_state": lists([f"{layer.name}.z_state" for layer in network.hidden]),
            "y_residual": lists([f"{layer.name}.y_residual" for layer in (*network.hidden, network.readout)]),
            "auxiliary": [{"A": state[connection.weights].tolist()}
                          | {name: state[f"{connection.target}.{name}"].tolist() for name in ("y_residual", "d_residual")}
                          for connection in network.into_auxiliary],
            "d_residual": state[f"{network.readout.name}.d_residual"].tolist(), "n_trained": state.n_trained, **means}


def _plain_carried(state: State, network: Network) -> Plain:
    hidden, readout = [layer.name for layer in network.hidden], network.readout.name
    return {"v": [state[f"{name}.v"].tolist() for name in hidden],
            "count": [state[f"{name}.count"].tolist() for name in (network.input.name, *hidden)],
            **{name: state[f"{readout}.{name}"].tolist() for name in ("o_plus", "o_minus")}}


def _arrays(lists: list[Any]) -> list[np.ndarray]:
    return [np.array(values, np.int64) for values in lists]


def _shaped(network: Network, lists: list[Any]) -> list[np.ndarray]:
    """Forward weights in their shapes."""
    return [array.reshape(connection.topology.weight_shape)
            for connection, array in zip(network.forward, _arrays(lists), strict=True)]


def _kept(network: Network, lists: list[Any]) -> dict[str, np.ndarray]:
    """Residuals of forward weights, where there are any, in the shapes of their weights."""
    return {connection.name: array.reshape(connection.topology.weight_shape)
            for connection, array in zip(network.forward, _arrays(lists), strict=True) if connection.sum_shift}


def _quantities(network: Network, before: Plain, after: Plain, seen: Plain) -> Quantities:
    updates, ranks = seen["updates"], network.learning.eligibility.x_max
    taught = _taught(before, {**seen, "y_residual": after["y_residual"]})
    return Quantities(
        **_forward(network, before, after, seen), taught=[taught],
        weights=[_shaped(network, W) for _, W, _ in updates[:ranks]],
        residuals=[_kept(network, one) for one in seen["residuals"]], feedback=[_arrays(M) for _, _, M in updates[ranks:]],
        auxiliary=[_said(one) for one in seen["auxiliary"]])


def _said(one: Plain) -> Said:
    """What an auxiliary readout said."""
    arrays = {name: np.array(one[name], np.int64) for name in ("o_plus", "o_minus", "error", "y", "y_residual", "d_residual")}
    return Said(prediction=one["prediction"], d_hat=np.array(one["dhat"], np.int64), weights=_arrays(one["A"]), **arrays)


def _of_steps(network: Network, before: Plain, after: Plain, seen: Plain) -> Quantities:
    """The quantities of a sample in which weights learned in every step."""
    return Quantities(
        **_forward(network, before, after, seen), taught=[_taught(before, answer) for answer in seen["answers"]],
        weights=[_shaped(network, W) for answer in seen["answers"] for W in answer["W"]],
        residuals=[_kept(network, one) for answer in seen["answers"] for one in answer["residuals"]],
        feedback=[_arrays(M) for M in seen["feedback"]])


def _forward(network: Network, before: Plain, after: Plain, seen: Plain) -> dict[str, Any]:
    """What both have: the window steps, the noise and the difference."""
    window_steps = seen["steps"]

    def over_steps(name: str) -> list[np.ndarray]:
        return [np.array([step[name][-network.depth:][i] for step in window_steps], np.int64) for i in range(network.depth)]

    def over_neurons(name: str) -> np.ndarray:
        return np.array([step[name] for step in window_steps], np.int64)

    return {"n_trained": before["n_trained"], **{name: over_neurons(name) for name in ("payload", "o_plus", "o_minus")},
            **{name: over_steps(name) for name in ("spikes", "v", "psi", "count")}, "z_state": _arrays(after["z_state"]),
            "d_hat": np.array(seen["dhat"], np.int64), "d_residual": np.array(after["d_residual"], np.int64),
            "baseline": np.array(after["baseline"], np.int64) if "baseline" in after else None}


def _taught(before: Plain, answer: Plain) -> Taught:
    return Taught(
        prediction=answer["prediction"], error=np.array(answer["error"], np.int64), g=_arrays(answer["g"]),
        g_positive=[np.array([error.feedback(row, [max(one, 0) for one in errors]) for row in matrix], np.int64)
                    for matrix, errors in zip(before["M"], answer["reached"], strict=True)],
        y=_arrays(answer["y"]), y_residual=_arrays(answer["y_residual"]), x=_arrays(answer["x"]))
