"""Networks of other tools with something in them that would be another network, or none at all."""
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import h5py
import nir
import numpy as np

from sim_tests.hostile import jobs
from sim_tests.hostile.prepared import Prepared
from sim_tests.hostile.standard import damaged
from sim_tests.hostile.trial import Trial

KIND = "imports"


def trials(prepared: Prepared) -> Iterator[Trial]:
    """One trial for every change; whether what was imported is the network of the file is asked by the tests of imports."""
    for what, change in NETX.items():
        yield damaged(KIND, jobs.IMPORT_NETX, f"netx: {what}", _h5("a.net", change), other_bits=True)
    for what, change in NIR.items():
        yield damaged(KIND, jobs.IMPORT_NIR, f"nir: {what}", _nir(change), other_bits=True)


def _h5(name: str, change: Callable[[h5py.File], object]) -> Callable[[Path, random.Random], None]:
    def damage(folder: Path, rng: random.Random) -> None:
        with h5py.File(folder / name, "r+") as file:
            change(file)

    return damage


def _set(path: str, value: Any) -> Callable[[h5py.File], None]:
    def change(file: h5py.File) -> None:
        if path in file:
            del file[path]
        if value is not None:
            file[path] = value

    return change


NETX: dict[str, Callable[[h5py.File], object]] = {
    **{f"{name} = {value!r}"[:60]: _set(f"layer/0/neuron/{name}", value)
       for name in ("vThMant", "vDecay", "iDecay", "refDelay", "gradedSpike")
       for value in (None, 1000.7, -5, 0, 2 ** 40, np.nan, np.inf, "text", [1, 2], 1 + 2j, 5000, True, [])},
    **{f"weights: {what}": _set("layer/0/weight", value) for what, value in {
        "none": None, "complex": np.ones((14, 10), complex), "2**32 + 4": np.full((14, 10), 2 ** 32 + 4), "text": "a",
        "fractions": np.full((14, 10), 0.5), "not numbers": np.full((14, 10), np.nan), "one dimension": np.ones(14, int),
        "four dimensions": np.ones((14, 10, 1, 1), int), "other shape": np.ones((14, 3), int), "odd": np.ones((14, 10), int),
        "no rows": np.ones((0, 10), int), "a number": 3}.items()},
    "a bias": _set("layer/0/bias", np.ones(14, int)), "a delay": _set("layer/0/delay", np.ones(14, int)),
    "an unknown key": _set("layer/0/nonsense", 5), "layer 1 of another type": _set("layer/0/type", "conv"),
    "no type": _set("layer/0/type", None), "a weight exponent": _set("layer/0/weightExp", 3), "no layers": _set("layer", None),
    "a layer too many": _set("layer/3/type", "dense"),
    "a link to itself": lambda file: file.__setitem__("layer/0/loop", file["layer"]),
    "a link elsewhere": lambda file: file.__setitem__("layer/3", h5py.ExternalLink("/dev/zero", "/")),
    "declared 10**12 weights": lambda file: (file.__delitem__("layer/0/weight"), file.create_dataset(
        "layer/0/weight", (10 ** 6, 10 ** 6), "i4", chunks=(10, 10))),
    "a group for weights": lambda file: (file.__delitem__("layer/0/weight"), file.create_group("layer/0/weight")),
}
"""Changes of a netx file."""


def _nir(change: Callable[[nir.NIRGraph], object]) -> Callable[[Path, random.Random], None]:
    def damage(folder: Path, rng: random.Random) -> None:
        graph = nir.read(folder / "a.nir")
        change(graph)
        (folder / "a.nir").unlink()
        nir.write(folder / "a.nir", graph)

    return damage


def _field(kind: type | tuple[type, ...], name: str, value: Callable[[np.ndarray], Any]) -> Callable[[nir.NIRGraph], None]:
    """Another value in the first node of a kind."""
    def change(graph: nir.NIRGraph) -> None:
        node = next((node for node in graph.nodes.values() if isinstance(node, kind)), None)
        if node is not None:
            setattr(node, name, value(getattr(node, name)))

    return change


def _mixed(values: np.ndarray) -> np.ndarray:
    values = np.array(values, float)
    values[0] += 1
    return values


NODES: dict[str, Callable[[np.ndarray], Any]] = {
    "+ 1": lambda v: v + 1, "mixed": _mixed, "negative": lambda v: -np.abs(v) - 1, "not a number": lambda v: v * np.nan,
    "infinite": lambda v: v + np.inf, "complex": lambda v: v * (1 + 1j), "huge": lambda v: v + 1e30, "+ 0.3": lambda v: v + 0.3,
}
"""Changes of a field of neurons."""

NIR: dict[str, Callable[[nir.NIRGraph], object]] = {
    **{f"{name} {what}": _field((nir.IF, nir.LIF), name, value)
       for name in ("r", "v_threshold", "v_reset") for what, value in NODES.items()},
    **{f"weights {what}": _field((nir.Linear, nir.Affine), "weight", value) for what, value in {
        "complex": lambda w: w * (1 + 1j), "not numbers": lambda w: w * np.nan, "fractions": lambda w: w + 0.25,
        "2**40": lambda w: w + 2.0 ** 40, "transposed": lambda w: w.T, "all zero": lambda w: w * 0,
        "odd": lambda w: w + 1}.items()},
    "an edge back": lambda graph: graph.edges.append((list(graph.nodes)[-2], list(graph.nodes)[1])),
    "an edge less": lambda graph: graph.edges.pop(), "no edges": lambda graph: graph.edges.clear(),
    "a node less": lambda graph: graph.nodes.pop(list(graph.nodes)[2]),
}
"""Changes of a NIR graph."""
