"""The one table of old names: how files written before version 0.2 called what they hold, and what it is called now."""
from typing import Any

import numpy as np

from lava_opzo.network.network import Network

LAYERS = {"source": "input"}
"""Old name of a layer in golden vectors -> its name now; the others kept theirs."""

NUMBERS = {"fixed_pt": "fixed", "floating_pt": "real"}
"""Lava's tags, by which files and options called the number systems."""

LEARNING = ("steps", "windows", "halve_every", "max_halvings")
"""Fields of [network] that stand in [network.learning] now."""

CREDIT = ("d_bits", "decay_period", "m_sigma")
"""Fields of [network] that stand in [network.learning.credit] now."""

FORWARD = {"w_sigma": "sigma", "x_shift": "x_shift"}
"""Field of an old layer -> the list of [network] that holds it now, one value a forward connection."""

UNSAID = {"model": "fixed_pt", "gate": "psi"}
"""Fields of an old experiment that its sha256 left out at these values."""

EXTRA = {"hits_in_epoch": "hits", "rail_touches": "touches"}
"""Old name of what a checkpoint holds beside the state -> its name now; the others kept theirs."""

MEASURES = {"looked_at": "measured_at", "spikes_then": "spikes_measured"}
"""The same for the part `layers` of it."""


def number(name: Any) -> Any:
    """The number system that an old name means; any other name as it is."""
    return NUMBERS.get(str(name), name)


def new_arrays(network: Network, arrays: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """The arrays of an old state (`weights.1`, `feedback.1`, ..., `d_residual`) by their names now; unknown ones keep theirs."""
    names = {"d_residual": f"{network.readout.name}.d_residual"}
    names |= {f"weights.{i}": connection.weights for i, connection in enumerate(network.forward, 1)}
    names |= {f"feedback.{i}": connection.weights for i, connection in enumerate(network.feedback, 1)}
    names |= {f"z_state.{i}": f"{layer.name}.z_state" for i, layer in enumerate(network.hidden, 1)}
    names |= {f"y_residual.{i}": f"{layer.name}.y_residual" for i, layer in enumerate(network.plastic, 1)}
    return {names.get(name, name): array for name, array in arrays.items()}


def new_extra(extra: dict[str, Any]) -> dict[str, Any]:
    """What an old checkpoint holds beside the state, by its names now. An empty `largest` meant: not counted."""
    extra = {EXTRA.get(name, name): value for name, value in extra.items() if name != "model"}
    layers = {MEASURES.get(name, name): value for name, value in extra.get("layers", {}).items()}
    return extra | {"layers": layers} | ({"largest": None} if extra.get("largest") == {} else {})


def new_dotted(depth: int) -> dict[str, str]:
    """Old dotted name of a field of an experiment -> its name now, in a network with `depth` hidden layers."""
    table = {"model": "number", "gate": "network.learning.gate", "network.x_max": "network.learning.eligibility.x_max",
             "network.credit": "network.learning.credit.kind"}
    table |= {f"network.{name}": f"network.learning.{name}" for name in LEARNING}
    table |= {f"network.{name}": f"network.learning.credit.{name}" for name in CREDIT}
    for old, new in FORWARD.items():
        places = [f"network.{new}.{number}" for number in range(1, depth + 2)]
        table |= {f"network.hidden.{number}.{old}": place for number, place in enumerate(places[:-1], 1)}
        table |= {f"network.hidden.*.{old}": " and ".join(places[:-1]), f"network.readout.{old}": places[-1]}
    return table


def is_old(document: dict[str, Any]) -> bool:
    """Whether an experiment's document is of the old form: its [network] has no [network.learning], but `steps` or `credit`."""
    network = document.get("network")
    return isinstance(network, dict) and "learning" not in network and "sigma" not in network


def hashed(document: dict[str, Any]) -> dict[str, Any]:
    """The part of an experiment's document that its sha256 covers: all of one of today's form."""
    return {key: value for key, value in document.items() if not is_old(document) or UNSAID.get(key) != value}


def new_document(document: dict[str, Any]) -> dict[str, Any]:
    """An old experiment's document in today's form; what nobody knows stays as it is, for the reader to refuse."""
    network = dict(document["network"])
    hidden, readout = network.get("hidden", []), network.get("readout", {})
    if not isinstance(hidden, list) or not all(isinstance(layer, dict) for layer in (*hidden, readout)):
        return document
    layers = [dict(layer) for layer in (*hidden, readout)]
    lists = {new: [layer.pop(old) for layer in layers if old in layer] for old, new in FORWARD.items()}
    network["hidden"], network["readout"] = layers[:-1], layers[-1]
    kind = network.pop("credit", "opzo")
    credit = {"kind": kind}
    defaults = {"opzo": {"d_bits": 2, "decay_period": 256}, "dfa": {"m_sigma": 0.0}}.get(str(kind), {})
    for name, unset in zip(CREDIT, (0, 0, 0.0), strict=True):
        value = network.pop(name, defaults.get(name, unset))
        if name in defaults or value != unset:
            credit[name] = value
    learning = {name: network.pop(name) for name in LEARNING if name in network} | {"credit": credit}
    if "x_max" in network:
        learning["eligibility"] = {"x_max": network.pop("x_max")}
    if "gate" in document:
        learning["gate"] = document["gate"]
    document = {**document, "network": {**network, **lists, "learning": learning}}
    document.pop("gate", None)
    if "model" in document:
        document["number"] = number(document.pop("model"))
    return document
