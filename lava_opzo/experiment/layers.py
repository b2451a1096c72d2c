"""Hidden layers as a command line names them: 200 all to all, 8c5s2 a convolution, 8l5s2 with local weights, p2 pooling."""
import re
from collections.abc import Sequence
from dataclasses import dataclass
from math import prod

from lava_opzo.errors import UserError, shown
from lava_opzo.network.connections import Wiring
from lava_opzo.topology.conv import Conv
from lava_opzo.topology.dense import MAX_NEURONS, Dense
from lava_opzo.topology.local import Local
from lava_opzo.topology.pool import Pool

MOST_LAYERS = 1000
"""Most hidden layers that --hidden takes; a config may have as many as fit the time steps of a sample."""

MOST_DIGITS = 20

POOL = "p"

KINDS: dict[str, type[Local] | type[Conv] | type[Pool]] = {"c": Conv, "l": Local, POOL: Pool}
"""Letter of a word -> topology."""

GEOMETRY = r"(?P<kernel>\d+)(?:s(?P<stride>\d+))?(?:p(?P<padding>\d+))?"
WORD = re.compile(rf"(?:(?P<n>\d+)(?=[cl]|\Z)|(?=p))(?:(?P<kind>[clp]){GEOMETRY})?", re.ASCII)
"""Pooling has no number of channels of its own."""

USAGE = ("write widths as in 200,200, <channels>c<kernel>s<stride>p<padding> for a convolution, l for local weights, "
         "p<window>s<stride> for pooling: 8c5,p2,100")


@dataclass(frozen=True)
class Layer:
    """One word of --hidden. n: neurons; channels where there is a `kind`, a letter of KINDS; 0 for those of the image below."""

    word: str
    n: int
    kind: str | None = None
    kernel: int = 1
    stride: int = 1
    padding: int = 0


def parse_layers(text: str) -> tuple[Layer, ...]:
    """'8c5s2,100' as layers. Raises UserError for anything else, for a number that no layer has, and for too many."""
    words = [word.strip() for word in text.split(",")]
    matches = [WORD.fullmatch(word) for word in words]
    if not all(matches):
        wrong = next(word for word, match in zip(words, matches, strict=True) if not match)
        raise UserError(f"--hidden: '{shown(wrong)}' in '{shown(text)}' names no layer; {USAGE}")
    if len(words) > MOST_LAYERS:
        raise UserError(f"--hidden: {len(words)} widths are above {MOST_LAYERS} hidden layers; give fewer")
    return tuple(_layer(match) for match in matches if match)


def _layer(match: re.Match[str]) -> Layer:
    word, kind = match.group(), match["kind"]
    for name, value in match.groupdict().items():
        lowest = 0 if name == "padding" else 1
        if name != "kind" and value and (len(value) > MOST_DIGITS or not lowest <= int(value) <= MAX_NEURONS):
            what = "width" if name == "n" and not kind else "channels" if name == "n" else name
            raise UserError(f"--hidden: {what} {shown(value)} is outside {lowest}..{MAX_NEURONS}"
                            f"{' neurons' if what == 'width' else ''}; choose another {'width' if what == 'width' else 'number'}")
    if kind is None:
        return Layer(word, int(match["n"]))
    kernel = int(match["kernel"])
    if kind == POOL:
        return Layer(word, 0, kind, kernel, int(match["stride"] or kernel), int(match["padding"] or 0))
    padding = kernel // 2 if match["padding"] is None else int(match["padding"])
    return Layer(word, int(match["n"]), kind, kernel, int(match["stride"] or 1), padding)


def wired(layers: Sequence[Layer], shape: tuple[int, ...] | None, n_in: int, n_out: int) -> tuple[Wiring, ...]:
    """The topology into every layer and into a readout of n_out.

    shape: of the image on the first of n_in lines, None where they are none. A local layer reaches the bias line, a convolution
    and pooling do not (docs/arithmetic.md section 10). Raises UserError for an image layer above one that is no image.
    """
    wiring: list[Wiring] = []
    below, image = n_in, shape
    for layer in layers:
        if layer.kind is None:
            wiring.append(Dense(below, layer.n))
            below, image = layer.n, None
            continue
        if image is None:
            what = "the layer below it" if wiring else "the data set"
            raise UserError(f"--hidden: '{layer.word}' needs an image of rows, columns and channels, which {what} is not; put it "
                            "above an image, or give a width")
        rows, columns, depth = image
        lines = below - prod(image)
        topology = KINDS[layer.kind]((rows, columns, depth), layer.n or depth, (layer.kernel, layer.kernel),
                                     (layer.stride, layer.stride), (layer.padding, layer.padding), lines,
                                     bool(lines) and layer.kind == "l")
        wiring.append(topology)
        below, image = topology.n_post, topology.out_shape
    return (*wiring, Dense(below, n_out))
