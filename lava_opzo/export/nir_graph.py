"""The forward network as a NIR graph (Pedersen et al. 2024): Linear, IF or LIF, ..., Linear, in weight units.

One step is one unit of time. The readout is the last Linear; a reader sums its output over the K steps of a window. NIR has
no rounding: with a leak the integer membrane differs from NIR's by less than one unit a step; without one, they are equal.
"""
import io
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from lava_opzo.errors import UserError, shown
from lava_opzo.export import apart, hdf5
from lava_opzo.export.forward import MOST_STEPS, Forward, check_digest, digest, scales
from lava_opzo.export.nir_nodes import DECAY_UNITY, read_layer
from lava_opzo.export.seal import sealed
from lava_opzo.files.new import refuse_existing, write_new

if TYPE_CHECKING:
    import nir

ENDS = ("Input", "Output")
"""Nodes that only say where a graph begins and ends."""


def to_graph(forward: Forward) -> "nir.NIRGraph":
    """The graph: an input, weights and neurons in turn, an output."""
    nir = hdf5.library("nir")
    nodes = {"input": nir.Input(np.array([forward.layers[0].weights.shape[1]]))}
    for number, layer in enumerate(forward.layers, 1):
        nodes[f"weights{number}"] = nir.Linear(layer.weights.astype(np.float32))
        if layer.vth is not None:
            nodes[f"neurons{number}"] = _neurons(layer.weights.shape[0], layer.vth, layer.dv)
    nodes["output"] = nir.Output(np.array([forward.layers[-1].weights.shape[0]]))
    names = list(nodes)
    metadata = {"window_steps": str(forward.steps), "scales": json.dumps(scales(forward)), "sha256": digest(forward)}
    return nir.NIRGraph(nodes, list(zip(names, names[1:], strict=False)), metadata=metadata)


def write(path: str | Path, forward: Forward) -> None:
    """Write the graph as an HDF5 file. An existing file is refused."""
    refuse_existing(path)
    content = io.BytesIO()
    hdf5.library("nir").write(content, to_graph(forward))
    write_new(path, sealed(content.getvalue()))


def read(path: str | Path) -> Forward:
    """The network of a file (`parse`), read in a process of its own. Raises UserError that names the file."""
    return apart.read("nir_graph", path)


def parse(path: str, content: bytes) -> Forward:
    """The forward network of such a file. Raises UserError when it cannot be read, or computes what our neurons do not.

    The file is read as nir.serialization writes it (`node` with `type`, `nodes`, `edges`), without the library: this asks only
    for what it knows, and knows what every node may hold.
    """
    with hdf5.opened(path, content) as root:
        root.allow("version", "node")
        graph = root.group("node")
        if graph.text("type") != "NIRGraph":
            raise UserError(f"{path}: node of type {shown(repr(graph.text('type')))} is no NIRGraph; export a whole graph")
        graph.allow("type", "nodes", "edges", "metadata", "input_type", "output_type")
        nodes = graph.group("nodes")
        kinds = {name: nodes.group(name).text("type") for name in nodes.names()}
        order = _inner(_chain(path, list(kinds), graph.texts("edges", 2)), kinds)
        found = [kinds[name] for name in order]
        linear, neurons = found[::2], found[1::2]
        if set(linear) != {"Linear"} or not set(neurons) <= {"IF", "LIF"} or len(linear) != len(neurons) + 1:
            raise UserError(f"{path}: nodes {shown(found)} are not Linear, IF or LIF, ..., Linear; on-line learning has such "
                            "chains only")
        layers, notes = [], []
        for name, above in zip(order[::2], [*order[1::2], None], strict=True):
            layer, said = read_layer(nodes.group(name), nodes.group(above) if above is not None else None)
            layers.append(layer)
            notes += said
        steps, sha256 = _metadata(path, graph)
        return check_digest(path, Forward(tuple(layers), steps, tuple(notes)), sha256)


def _neurons(n: int, vth: int, dv: int) -> Any:
    nir = hdf5.library("nir")
    ones = np.ones(n, np.float32)
    if dv == 0:
        return nir.IF(r=ones, v_threshold=vth * ones, v_reset=0 * ones)
    tau = DECAY_UNITY / dv
    return nir.LIF(tau=tau * ones, r=tau * ones, v_leak=0 * ones, v_threshold=vth * ones, v_reset=0 * ones)


def _chain(path: str, names: list[str], edges: list[tuple[str, ...]]) -> list[str]:
    """Names from the first node to the last. Raises UserError for a graph that branches, recurs or is not whole."""
    following = {edge[0]: edge[1] for edge in edges}
    starts = [name for name in names if name not in following.values()]
    chain = starts[:1]
    while chain and chain[-1] in following and len(chain) <= len(names):
        chain.append(following[chain[-1]])
    if len(following) != len(edges) or len(edges) != len(names) - 1 or sorted(chain) != sorted(names):
        raise UserError(f"{path}: {len(names)} nodes and {len(edges)} edges are not one chain; nothing else can learn here")
    return chain


def _inner(chain: list[str], kinds: dict[str, str]) -> list[str]:
    """The chain without the nodes that only say where it begins and ends."""
    first, last = kinds[chain[0]] == ENDS[0], kinds[chain[-1]] == ENDS[1]
    return chain[int(first):len(chain) - int(last)]


def _metadata(path: str, graph: hdf5.Group) -> tuple[int, str | None]:
    """(K of a window, 0 where nobody says it; the sha256 of a file of ours)."""
    if "metadata" not in graph.names():
        return 0, None
    said = graph.group("metadata")
    words = {name: said.text(name) for name in ("window_steps", "sha256") if name in said.names()}
    steps = words.get("window_steps", "0")
    if not steps.isdecimal() or not steps.isascii() or len(steps) > 9 or int(steps) > MOST_STEPS:
        raise UserError(f"{path}: window_steps {shown(repr(steps))} is no whole number in 0..{MOST_STEPS}; export it again")
    return int(steps), words.get("sha256")
