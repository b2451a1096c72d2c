"""The forward network as a NIR graph (Pedersen et al. 2024): Linear, IF or LIF, ..., Linear, in weight units.

Convolutions without a bias and pooling come before them: Conv2d or SumPool2d, IF or LIF, ..., Flatten, of images with their
channels first. The threshold above a SumPool2d is divided by our weight. Layers with fewer edges that are no such node are
Linear with zeros, and the metadata `topology` says which entries are edges.

One step is one unit of time. The readout is the last Linear; a reader sums its output over the K steps of a window. NIR has
no rounding: with a leak the integer membrane differs from NIR's by less than one unit a step; without one, they are equal.
"""
import io
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from lava_opzo.errors import UserError, shown
from lava_opzo.export import apart, hdf5
from lava_opzo.export.blocks import Block, blocks
from lava_opzo.export.forward import MOST_STEPS, Forward, Layer, check_digest, digest, scales
from lava_opzo.export.nir_conv import Image, image_of, read_conv, read_flatten
from lava_opzo.export.nir_nodes import DECAY_UNITY, read_layer
from lava_opzo.export.nir_pool import WEIGHT, read_pool
from lava_opzo.export.seal import sealed
from lava_opzo.export.topologies import words
from lava_opzo.export.values import YES_NO, decimal, stagger_of, yes_or_no
from lava_opzo.files.new import refuse_existing, write_new
from lava_opzo.topology.pool import Pool

if TYPE_CHECKING:
    import nir

ENDS = ("Input", "Output")
"""Nodes that only say where a graph begins and ends."""


ON_IMAGES = {"Conv2d": read_conv, "SumPool2d": read_pool}

LETTERS = {**dict.fromkeys(ON_IMAGES, "C"), "Linear": "L", "Flatten": "F", "IF": "n", "LIF": "n"}
CHAIN = re.compile("(?:(?:Cn)+F)?(?:Ln)*L")
"""Kinds of nodes in letters, as a network that can learn on line has them."""


def to_graph(forward: Forward) -> "nir.NIRGraph":
    """The graph: an input, weights and neurons in turn, an output."""
    nir, stack = hdf5.library("nir"), blocks(forward, square=True)  # nir 1.0.8 mistakes the output of any other kernel
    first = stack[0].topology
    nodes = {"input": nir.Input(np.array([forward.n_in] if first is None else _channels_first(first.shape)))}
    for number, block in enumerate(stack, 1):
        if block.flattened is not None:
            nodes["flatten"] = nir.Flatten(np.array(_channels_first(block.flattened)), start_dim=0, end_dim=-1)
        nodes[f"weights{number}"] = _weights(block)
        if block.layer.vth is not None:
            shape = (len(block.weights),) if block.topology is None else _channels_first(block.topology.out_shape)
            unit = block.layer.weights.item() if isinstance(block.topology, Pool) else 1
            nodes[f"neurons{number}"] = _neurons(shape, block.layer.vth / unit, block.layer.dv)
    nodes["output"] = nir.Output(np.array([forward.n_out]))
    names = list(nodes)
    metadata = {"window_steps": str(forward.steps), "scales": json.dumps(scales(forward)), "sha256": digest(forward)}
    if forward.spread is not None:
        metadata |= {"spread": YES_NO[forward.spread], "stagger": str(forward.stagger)}
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
        order = _chain(path, list(kinds), graph.texts("edges", 2))
        inner = _inner(order, kinds)
        found = [kinds[name] for name in inner]
        if not CHAIN.fullmatch("".join(LETTERS.get(kind, "?") for kind in found)):
            raise UserError(f"{path}: nodes {shown(found)} are not Linear, IF or LIF, ..., Linear, nor Conv2d or SumPool2d, IF "
                            "or LIF, ..., Flatten before them; on-line learning has such chains only")
        layers, notes = _layers(nodes, inner, kinds, image_of(nodes.group(order[0])) if kinds[order[0]] == ENDS[0] else None)
        steps, spread, stagger, sha256 = _metadata(path, graph)
        return check_digest(path, Forward(tuple(layers), steps, tuple(notes), spread, stagger), sha256)


def _layers(nodes: hdf5.Group, order: list[str], kinds: dict[str, str], image: Image | None) -> tuple[list[Layer], list[str]]:
    """(layers, lines about what is rounded) of a chain of nodes. image: that the input says, in rows, columns and channels."""
    layers: list[Layer] = []
    notes: list[str] = []
    flattened: Image | None = None
    for name, above in zip(order, [*map(nodes.group, order[1:]), None], strict=True):
        node, kind = nodes.group(name), kinds[name]
        if kind == "Flatten":
            read_flatten(node)
            flattened = image
        elif kind in ON_IMAGES:
            assert above is not None, "CHAIN ends with Linear"
            layer, said, image = ON_IMAGES[kind](node, above, image)
            layers.append(layer)
            notes += said
        elif kind == "Linear":
            layer, said = read_layer(node, above, flattened)
            layers.append(layer)
            notes += said
            flattened = None
    return layers, notes


def _weights(block: Block) -> Any:
    nir, weights, topology = hdf5.library("nir"), block.weights.astype(np.float32), block.topology
    if isinstance(topology, Pool):
        return nir.SumPool2d(*map(np.array, (topology.kernel, topology.stride, topology.padding)),
                             metadata={WEIGHT: str(block.layer.weights.item())})
    if topology is not None:
        return nir.Conv2d(topology.shape[:2], weights, topology.stride, topology.padding, (1, 1), 1,
                          np.zeros(len(weights), np.float32))
    patches = block.layer.patches
    return nir.Linear(weights, metadata={} if patches is None else {"topology": words(patches)})


def _channels_first(shape: tuple[int, int, int]) -> tuple[int, int, int]:
    return shape[2], shape[0], shape[1]


def _neurons(shape: tuple[int, ...], vth: float, dv: int) -> Any:
    nir = hdf5.library("nir")
    ones = np.ones(shape, np.float32)
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


def _metadata(path: str, graph: hdf5.Group) -> tuple[int, bool | None, int, str | None]:
    """(K of a window, 0 where nobody says it; whether payloads are spread, and their stagger; the sha256 of a file of ours)."""
    if "metadata" not in graph.names():
        return 0, None, 0, None
    said = graph.group("metadata")
    found = {name: said.text(name) for name in ("window_steps", "spread", "stagger", "sha256") if name in said.names()}
    spread = yes_or_no(path, "spread", found.get("spread"))
    return (decimal(path, "window_steps", found.get("window_steps"), MOST_STEPS), spread,
            stagger_of(path, spread, found.get("stagger")), found.get("sha256"))
