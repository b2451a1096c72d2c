"""What an image layer learned and what it sends, as small pictures: arrays to draw, without drawing."""
import numpy as np

from lava_opzo.learning.schedule import Schedule
from lava_opzo.topology.conv import Conv
from lava_opzo.topology.local import Local
from lava_opzo.topology.patches import Patches

MOST_CHANNELS = 16
"""Most channels that a picture shows, of a layer and of the one below it."""

def kernels(topology: Local | Conv, weights: np.ndarray) -> np.ndarray:
    """Pictures of the weights into the first channels, NaN where a tap lies outside the image; the bias is left out.

    Shapes:
        weights: topology.weight_shape. Returns float (n, channels, kernel rows, kernel columns): n are the channels below; of
        local weights those of some positions one after the other.
    """
    channels, (rows, columns), depth = min(MOST_CHANNELS, topology.channels), topology.kernel, topology.shape[2]
    positions = [0] if topology.shared else shown_positions(topology)
    found = []
    for position in positions:
        taps = np.full((topology.channels, topology.taps), np.nan)
        if topology.shared:
            taps[:] = weights
        else:
            first = topology.into[position * topology.channels]
            edges = slice(first, topology.into[(position + 1) * topology.channels])
            taps[topology.seen.channel[edges], topology.seen.tap[edges]] = weights[edges]
        pictures = taps[:channels, :rows * columns * depth].reshape(channels, rows, columns, depth)
        found.append(pictures.transpose(3, 0, 1, 2)[:MOST_CHANNELS])
    return np.concatenate(found)


def shown_positions(topology: Local | Conv) -> list[int]:
    """The first, the middle and the last position in raster order: those whose weights are shown where each has its own."""
    rows, columns = topology.positions
    places = [(0, 0), (rows // 2, columns // 2), (rows - 1, columns - 1)]
    return list(dict.fromkeys(row * columns + column for row, column in places))


def feature_maps(topology: Patches, sent: np.ndarray, schedule: Schedule, population: int) -> np.ndarray:
    """Spikes of a sample's forward windows, one picture for each of the first channels.

    population: number of the layer, the input being 0.

    Shapes:
        sent: (steps, n_post) messages of one training sample. Returns (1, channels, rows, columns).
    """
    steps = [tau for tau, step in enumerate(schedule.programs[population]) if step.window >= 0]
    counts = sent[steps].sum(axis=0).reshape(topology.out_shape)
    return counts.transpose(2, 0, 1)[None, :MOST_CHANNELS]


def mosaic(pictures: np.ndarray) -> np.ndarray:
    """Pictures side by side with a line of NaN between them. Shapes: (n, m, rows, columns) to one (.., ..)."""
    n, m, rows, columns = pictures.shape
    sheet = np.full((n, rows + 1, m, columns + 1), np.nan)
    sheet[:, :rows, :, :columns] = pictures.transpose(0, 2, 1, 3)
    return sheet.reshape(n * (rows + 1), m * (columns + 1))[:-1, :-1]


def wrapped(pictures: np.ndarray) -> np.ndarray:
    """One row of pictures in rows that make about a square. Shapes: (1, m, rows, columns) to (n, m', rows, columns)."""
    m = pictures.shape[1]
    width = max(1, round(m ** 0.5))
    n = -(-m // width)
    full = np.full((n * width, *pictures.shape[2:]), np.nan)
    full[:m] = pictures[0]
    return full.reshape(n, width, *pictures.shape[2:])
