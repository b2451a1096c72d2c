"""The forward network as a NIR graph (Pedersen et al. 2024): Linear, IF or LIF, ..., Linear, in weight units.

One step is one unit of time. The readout is the last Linear; a reader sums its output over the K steps of a window. NIR has
no rounding: with a leak the integer membrane differs from NIR's by less than one unit a step; without one, they are equal.
"""
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from lava_opzo.errors import UserError
from lava_opzo.export.forward import Forward, Layer, scales

if TYPE_CHECKING:
    import nir

DECAY_UNITY = 4096


def to_graph(forward: Forward) -> "nir.NIRGraph":
    """The graph: an input, weights and neurons in turn, an output."""
    import nir

    nodes = {"input": nir.Input(np.array([forward.layers[0].weights.shape[1]]))}
    for number, layer in enumerate(forward.layers, 1):
        nodes[f"weights{number}"] = nir.Linear(layer.weights.astype(np.float32))
        if layer.vth is not None:
            nodes[f"neurons{number}"] = _neurons(layer.weights.shape[0], layer.vth, layer.dv)
    nodes["output"] = nir.Output(np.array([forward.layers[-1].weights.shape[0]]))
    names = list(nodes)
    metadata = {"window_steps": str(forward.steps), "scales": json.dumps(scales(forward))}
    return nir.NIRGraph(nodes, list(zip(names, names[1:], strict=False)), metadata=metadata)


def write(path: str | Path, forward: Forward) -> None:
    """Write the graph as an HDF5 file. An existing file is refused."""
    import nir

    if Path(path).exists():
        raise UserError(f"{path}: exists; choose a new file name")
    try:
        nir.write(path, to_graph(forward))
    except OSError as error:
        raise UserError(f"{path}: cannot be written: {error}; choose another file name") from None


def read(path: str | Path) -> Forward:
    """The forward network of such a file. Raises UserError when it cannot be read or has another shape."""
    import nir

    try:
        graph = nir.read(path)
    except (OSError, KeyError, ValueError) as error:
        raise UserError(f"{path}: cannot be read as NIR: {error}; export it again") from None
    order = _chain(path, graph)
    kinds = [type(graph.nodes[name]) for name in order[1:-1]]
    linear, neurons = kinds[::2], kinds[1::2]
    if set(linear) != {nir.Linear} or not set(neurons) <= {nir.IF, nir.LIF} or len(linear) != len(neurons) + 1:
        raise UserError(f"{path}: nodes {[kind.__name__ for kind in kinds]} are not Linear, IF or LIF, ..., Linear; "
                        "on-line learning has such chains only")
    nodes = [graph.nodes[name] for name in order[1:-1]]
    layers = [_layer(path, linear, neurons) for linear, neurons in zip(nodes[::2], [*nodes[1::2], None], strict=True)]
    return Forward(tuple(layers), int(_text(graph.metadata.get("window_steps", "0"))))


def _neurons(n: int, vth: int, dv: int) -> Any:
    import nir

    ones = np.ones(n, np.float32)
    if dv == 0:
        return nir.IF(r=ones, v_threshold=vth * ones, v_reset=0 * ones)
    tau = DECAY_UNITY / dv
    return nir.LIF(tau=tau * ones, r=tau * ones, v_leak=0 * ones, v_threshold=vth * ones, v_reset=0 * ones)


def _chain(path: str | Path, graph: Any) -> list[str]:
    """Names from input to output. Raises UserError for a graph that branches."""
    following = dict(graph.edges)
    start = [name for name in graph.nodes if name not in following.values()]
    if len(following) != len(graph.edges) or len(start) != 1 or len(graph.nodes) != len(graph.edges) + 1:
        raise UserError(f"{path}: {len(graph.nodes)} nodes and {len(graph.edges)} edges are not one chain; "
                        "nothing else can learn here")
    chain = start
    while chain[-1] in following:
        chain.append(following[chain[-1]])
    return chain


def _layer(path: str | Path, linear: Any, neurons: Any) -> Layer:
    weights = np.asarray(linear.weight)
    if np.any(weights != np.rint(weights)):
        raise UserError(f"{path}: weights are not whole numbers; quantise them to even integers first")
    if neurons is None:
        return Layer(weights.astype(np.int32), None)
    vth = np.unique(neurons.v_threshold)
    if vth.size != 1 or vth[0] != np.rint(vth[0]):
        raise UserError(f"{path}: thresholds {vth[:3]} are not one whole number a layer; scale them and the weights")
    dv = round(DECAY_UNITY / float(neurons.tau[0])) if hasattr(neurons, "tau") else 0
    return Layer(weights.astype(np.int32), int(vth[0]), dv)


def _text(value: Any) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)
