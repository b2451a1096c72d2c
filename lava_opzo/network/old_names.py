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


def new_arrays(network: Network, arrays: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """The arrays of an old state (`weights.1`, `feedback.1`, ..., `d_residual`) by their names now; unknown ones keep theirs."""
    names = {"d_residual": f"{network.readout.name}.d_residual"}
    names |= {f"weights.{i}": connection.weights for i, connection in enumerate(network.forward, 1)}
    names |= {f"feedback.{i}": connection.weights for i, connection in enumerate(network.feedback, 1)}
    names |= {f"z_state.{i}": f"{layer.name}.z_state" for i, layer in enumerate(network.hidden, 1)}
    names |= {f"y_residual.{i}": f"{layer.name}.y_residual" for i, layer in enumerate(network.plastic, 1)}
    return {names.get(name, name): array for name, array in arrays.items()}


def is_old(document: dict[str, Any]) -> bool:
    """Whether an experiment's document is of the old form: its [network] has no [network.learning], but `steps` or `credit`."""
    network = document.get("network")
    return isinstance(network, dict) and "learning" not in network and "sigma" not in network


def new_document(document: dict[str, Any]) -> dict[str, Any]:
    """An old experiment's document in today's form; a key that nobody knows stays where it is, for the reader to refuse."""
    network = dict(document["network"])
    layers = [dict(layer) for layer in network.get("hidden", [])] + [dict(network.get("readout", {}))]
    lists = {new: [layer.pop(old) for layer in layers if old in layer] for old, new in (("w_sigma", "sigma"), ("x_shift", "x_shift"))}
    network["hidden"], network["readout"] = layers[:-1], layers[-1]
    kind = network.pop("credit", "opzo")
    credit = {"kind": kind}
    defaults = {"opzo": {"d_bits": 2, "decay_period": 256}, "dfa": {"m_sigma": 0.0}}.get(kind, {})
    for name, unset in (("d_bits", 0), ("decay_period", 0), ("m_sigma", 0.0)):
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
        document["number"] = NUMBERS.get(document.pop("model"), "fixed")
    return document
