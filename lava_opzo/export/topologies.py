"""Image layers in files that know all-to-all layers only: a matrix with zeros, and words that say which are edges."""
import json
from dataclasses import asdict

import numpy as np

from lava_opzo.errors import UserError, shown
from lava_opzo.files.json_lines import parsed
from lava_opzo.files.toml import checked
from lava_opzo.topology.conv import Conv
from lava_opzo.topology.local import Local
from lava_opzo.topology.pool import Pool

ImageLayer = Local | Conv | Pool

KINDS: dict[str, type[Local] | type[Conv] | type[Pool]] = {"local": Local, "conv": Conv, "pool": Pool}

MOST_CELLS = 1 << 26
"""Most entries of a matrix that is written for a topology with fewer edges: 256 MiB."""


def words(topology: ImageLayer) -> str:
    """A topology as one line of JSON."""
    return json.dumps(asdict(topology))


def understood(owner: str, text: str) -> ImageLayer:
    """The topology of such a line. Raises UserError for anything else."""
    found = parsed(text.encode())
    kind = KINDS.get(str(found.get("kind"))) if found else None
    if found is None or kind is None:
        raise UserError(f"{owner}: topology {shown(repr(text))} is none of {', '.join(KINDS)}; export it again")
    try:
        return checked(kind, found, f"{owner}: topology")
    except UserError as error:
        raise UserError(str(error) if str(error).startswith(owner) else f"{owner}: {error}") from None


def as_matrix(owner: str, topology: ImageLayer, weights: np.ndarray) -> np.ndarray:
    """The weights all to all, 0 where there is no edge. Raises UserError for a matrix that is too large to be a good idea.

    Shapes:
        weights: topology.weight_shape. Returns int32 (n_post, n_pre).
    """
    if topology.n_post * topology.n_pre > MOST_CELLS:
        raise UserError(f"{owner}: {topology.n_post} x {topology.n_pre} weights, written all to all with zeros where there is no "
                        f"edge, are above {MOST_CELLS}; use fewer channels or a larger stride")
    edges, matrix = topology.edges(), np.zeros((topology.n_post, topology.n_pre), np.int32)
    matrix[edges.post, edges.pre] = weights.ravel()[edges.w]
    return matrix


def from_matrix(owner: str, topology: ImageLayer, matrix: np.ndarray) -> np.ndarray:
    """The weights of the edges. Raises UserError where the matrix is not one that `as_matrix` makes.

    Shapes:
        matrix: (n_post, n_pre). Returns int32 topology.weight_shape.
    """
    if matrix.shape != (topology.n_post, topology.n_pre):
        raise UserError(f"{owner}: weights of shape {shown(matrix.shape)} are not the {topology.n_post} x {topology.n_pre} of "
                        "its topology; export it again")
    edges, weights = topology.edges(), np.zeros(topology.weight_shape, np.int32)
    found = matrix[edges.post, edges.pre]
    weights.flat[edges.w] = found
    if np.count_nonzero(matrix) != np.count_nonzero(found) or not np.array_equal(weights.ravel()[edges.w], found):
        raise UserError(f"{owner}: weights where its topology has no edge, or shared ones that differ; remove the topology to "
                        "import it all to all")
    return weights


def named_by_an_edge(topology: ImageLayer) -> np.ndarray:
    """Which weights some edge names: a tap that never meets the image has none. Shapes: bool topology.weight_shape."""
    shape = topology.weight_shape
    return (np.bincount(topology.edges().w, minlength=int(np.prod(shape))) > 0).reshape(shape)
