"""Weights that torch trained, as its `state_dict` names them, from a .safetensors file: real numbers become even integers.

The file has `NAME.weight` for every layer, bottom first in the order of the numbers within the names, (n_post, n_pre); perhaps
`NAME.bias` for the first one. A convolution, (channels, channels below, rows, columns), comes with its geometry. The metadata may
hold `threshold` and `leak` of the hidden neurons (v = leak * v + W @ s, a spike above the threshold), `steps` of a window and
`topology.NAME` (`lava_opzo.export.topologies.words`). No pickle is read: `safetensors.torch.save_file` writes such a file.
"""
import math
import re
from pathlib import Path

import numpy as np

from lava_opzo.errors import UserError, shown
from lava_opzo.export.forward import MOST_STEPS, Forward, Layer
from lava_opzo.export.topologies import understood
from lava_opzo.export.values import decimal
from lava_opzo.files import tensors
from lava_opzo.silicon.limits import LIMITS
from lava_opzo.topology.conv import Conv

OWNER = "state dict"
LARGEST = 127
"""Steps of two units of the largest weight that learning can still move in both directions."""

ROOM = 1.5
"""The largest weights of a layer, but one in a thousand, stand so far below the rails: learning on moves them both ways."""


def read(path: str | Path, unit: float, lines: int, threshold: float | None = None, leak: float | None = None) -> Forward:
    """The forward network of a file. threshold, leak: of the hidden neurons where the file does not say (default 1, 1).

    A layer's weights become `2*clip(rint(scale*w/2), -127, 127)` with `scale = 254 / ROOM / (the size that one weight in a
    thousand exceeds)`; its threshold `rint(scale*unit*threshold)` (unit: 1 above spikes), its leak `dv = rint(4096*(1 - leak))`.

    unit: the payload of one step that stands for an input of 1.0. lines: of the samples; one more than the weights have is a bias
    line, whose weights are the bias, or 0. Raises UserError that names file, array and what to do for anything else.
    """
    with tensors.opened(OWNER, path, tensors.FOREIGN_TYPES) as file:
        words, arrays = file.metadata, file.arrays()
    owner = f"{OWNER} {path}"
    names = sorted((name[:-len(".weight")] for name in arrays if name.endswith(".weight")), key=_order)
    odd = sorted(arrays.keys() - {f"{name}.{kind}" for name in names for kind in ("weight", "bias")})
    if odd or not names:
        what = f"array {shown(odd[0])} is neither NAME.weight nor NAME.bias" if odd else "it has no array NAME.weight"
        raise UserError(f"{owner}: {what}; save the state_dict of linear and convolutional layers alone")
    threshold = _number(owner, words, "threshold", threshold, 1e-6, 1e6)
    leak = _number(owner, words, "leak", leak, 0.0, 1.0)
    layers, notes, below = [], ["reset: a membrane begins at 0 after a spike, whatever it did where it was trained"], None
    for number, name in enumerate(names):
        weights = _finite(f"{owner}: {name}.weight", arrays[f"{name}.weight"])
        patches = _geometry(owner, name, weights, words)
        if patches is None:
            weights = _lines_first(weights, below)
        bias = _finite(f"{owner}: {name}.bias", arrays[f"{name}.bias"]) if f"{name}.bias" in arrays else np.zeros(len(weights))
        if bias.shape != (len(weights),):
            raise UserError(f"{owner}: {name}.bias has shape {bias.shape}, the layer has {len(weights)} neurons; save it again")
        biased = number == 0 and patches is None and weights.shape[1] == lines - 1
        if bias.any() and not biased:
            raise UserError(f"{owner}: {name}.bias is not 0, and no bias line reaches that layer; train it with bias=False")
        weights = np.column_stack((weights, bias)) if biased else weights.transpose(0, 2, 3, 1) if patches else weights
        scale = 2 * LARGEST / ROOM / (float(np.quantile(np.abs(weights), 0.999)) or 1.0)
        hidden = number < len(names) - 1
        notes.append(f"layer {number + 1}: one unit of weight is {1 / scale:.4g} of {shown(name)}")
        layers.append(Layer(_even(weights.reshape(len(weights), -1), scale),
                            _threshold(f"{owner}: {name}", scale * threshold * (1.0 if number else unit)) if hidden else None,
                            min(LIMITS.decay.number, round(4096 * (1 - leak))) if hidden else 0, patches))
        below = patches
    return Forward(tuple(layers), decimal(owner, "steps", words.get("steps"), MOST_STEPS), tuple(notes))


def _order(name: str) -> list[tuple[int, str]]:
    """Numbers within names count as numbers: layer10 comes after layer9."""
    return [(int(part), "") if part.isdigit() else (-1, part) for part in re.split(r"(\d{1,9})", name)]


def _number(owner: str, words: dict[str, str], name: str, given: float | None, low: float, high: float) -> float:
    """A number of the metadata, else what is given, else 1."""
    said = words.get(name)
    if said is not None and given is not None:
        raise UserError(f"{owner}: says itself that its {name} is {shown(said)}; leave --{name} out")
    try:
        found = float(said if said is not None else 1.0 if given is None else given)
    except ValueError:
        found = math.nan
    if not low <= found <= high:
        raise UserError(f"{owner}: {name} {shown(said or given)} is no number in {low:g}..{high:g}; give the one it was trained "
                        "with")
    return found


def _finite(owner: str, values: np.ndarray) -> np.ndarray:
    if values.dtype.kind != "f" or not values.size or not np.isfinite(values).all():
        raise UserError(f"{owner}: has no finite real numbers alone, type {values.dtype}, shape {values.shape}; save it again")
    return values.astype(np.float64)


def _geometry(owner: str, name: str, weights: np.ndarray, words: dict[str, str]) -> Conv | None:
    """The convolution of a layer, None for one that is all to all."""
    text = words.get(f"topology.{name}")
    if weights.ndim == 2 and text is None:
        return None
    found = understood(f"{owner}: {name}", text) if text else None
    shape = weights.shape if weights.ndim == 4 else ()
    if not isinstance(found, Conv) or found.bias or shape != (found.channels, found.shape[2], *found.kernel):
        raise UserError(f"{owner}: {name}.weight of shape {weights.shape} is not (n_post, n_pre), and the metadata's "
                        f"topology.{shown(name)} makes it no convolution; write that (docs/board.md)")
    return found


def _lines_first(weights: np.ndarray, below: Conv | None) -> np.ndarray:
    """Weights above an image, whose columns torch counts channel by channel and our lines pixel by pixel."""
    if below is None or weights.shape[1] != below.n_post:
        return weights
    rows, columns, channels = below.out_shape
    return weights.reshape(-1, channels, rows, columns).transpose(0, 2, 3, 1).reshape(len(weights), -1)


def _even(weights: np.ndarray, scale: float) -> np.ndarray:
    return (2 * np.clip(np.rint(scale * weights / 2), -LARGEST, LARGEST)).astype(np.int32)


def _threshold(owner: str, value: float) -> int:
    limit = LIMITS.vth_mantissa.number
    if not 1 <= round(value) <= limit:
        raise UserError(f"{owner}: its threshold would be {value:.4g} units of its weights, outside 1..{limit}; give the one it "
                        "was trained with")
    return round(value)
