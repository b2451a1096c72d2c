"""A forward network of another tool as the start of on-line learning: the scales that learning needs, derived from its own."""
import math
from dataclasses import replace
from typing import cast

import numpy as np

from lava_opzo.engines.twin.integers.loop import evaluate
from lava_opzo.experiment.image_scaling import KINDS, with_sums
from lava_opzo.export.forward import Forward, Layer
from lava_opzo.network.connections import Wiring
from lava_opzo.network.form import changed, form_of
from lava_opzo.network.initial import initial_state
from lava_opzo.network.network import Network
from lava_opzo.network.populations import Hidden
from lava_opzo.network.state import State
from lava_opzo.network.widths import most_shift
from lava_opzo.silicon.limits import LIMITS
from lava_opzo.silicon.profile import STATE_SHIFT, TRACE_MAX
from lava_opzo.topology.conv import Conv
from lava_opzo.topology.pool import Pool


def to_learning(forward: Forward, template: Network, frames: np.ndarray) -> tuple[Network, State]:
    """Network and state that learn on from `forward`.

    template: steps, spread and stagger (where the file has none), windows, shifts and the rest. Derived: noise and psi from the
    thresholds as in docs/arithmetic.md (vth/10, vth/2); y_shift, so that a step keeps its size relative to the weights, less the
    difference between recipes where weights are shared and the template's are not, or the reverse
    (`lava_opzo.experiment.image_scaling`); x_shift of an input that is spread and was not, or the reverse; error_shift and
    d_shift from the largest readout sum. No line is opposed to another (`Input`), as the weights come from the file.

    Shapes:
        frames: uint8 (n, rows, n_in), payloads that show how large the readout's sums are.
    """
    form = form_of(template)
    patterns = _patterns(forward, template)
    learning = replace(form.learning, steps=forward.steps or form.learning.steps)
    most = max(0, most_shift(forward.n_out, learning, form.profile) - learning.halvings)
    likes = [cast(Wiring, template.forward[pattern].topology) for pattern in (*patterns, -1)]
    wiring = tuple(_learning(layer.topology, like) for layer, like in zip(forward.layers, likes, strict=True))
    hidden = tuple(_pooling(layer) if isinstance(layer.topology, Pool) else
                   _hidden(layer, form.hidden[pattern], form.sigma[pattern], topology, like, most)
                   for layer, pattern, topology, like in zip(forward.layers, patterns, wiring, likes, strict=False))
    spread = form.spread if forward.spread is None else forward.spread
    counts = round(math.log2(learning.steps)) * (form.spread - spread)
    network = replace(form, n_in=forward.n_in, hidden=hidden, wiring=wiring,
                      spread=spread, stagger=form.stagger if forward.spread is None else forward.stagger, opposed=0,
                      sigma=tuple(layer.weights.item() / 2 if isinstance(layer.topology, Pool) else _sigma(layer.weights)
                                  for layer in forward.layers),
                      x_shift=(max(0, form.x_shift[0] + counts), *(form.x_shift[pattern] for pattern in patterns[1:]),
                               form.x_shift[-1]),
                      readout=replace(form.readout, n=forward.n_out),
                      learning=learning).network()
    state = initial_state(network)
    state.arrays |= {connection.weights: layer.weights.astype(np.int32)
                     for connection, layer in zip(network.forward, forward.layers, strict=True)}
    seen = evaluate(network, state, frames).largest or {}
    largest = network.learning.windows * seen[network.readout.name]["o"]
    error_shift = max(0, (largest // TRACE_MAX).bit_length() - 1)
    d_shift = max(0, error_shift + template.readout.d_shift - template.readout.error_shift)
    return changed(network, readout=replace(network.readout, error_shift=error_shift, d_shift=d_shift)), state


def _patterns(forward: Forward, template: Network) -> list[int]:
    """For every hidden layer the number, from 0, of the template's that it takes after.

    Those that do not pool come in turn, the last one for all that follow; where there is none, the first stands for all.
    """
    learning = [number for number, connection in enumerate(template.forward[:-1]) if not isinstance(connection.topology, Pool)]
    found, turn = [], -1
    for layer in forward.layers[:-1]:
        turn += not isinstance(layer.topology, Pool)
        found.append(learning[min(max(turn, 0), len(learning) - 1)] if learning else 0)
    return found


def _pooling(layer: Layer) -> Hidden:
    """A pooling layer, in which nothing learns and nothing is noisy."""
    assert layer.vth is not None, "the readout does not pool"
    return Hidden(layer.topology.n_post, layer.vth, 0, 0, max(1, layer.vth // 2), KINDS["pool"].y_shift, layer.dv, frozen=True)


def _hidden(layer: Layer, pattern: Hidden, pattern_sigma: float, topology: Wiring, like: Wiring, most: int) -> Hidden:
    """The hidden layer that learns on; `pattern`, the scale of the weights into it and `like` come from the template.

    topology, like: the wiring into it and into the pattern. most: the largest y_shift. Weights without any spread say nothing of
    their scale, so that the template's holds.
    """
    assert layer.vth is not None, "only the readout has no threshold"
    y_shift = pattern.y_shift + round(math.log2(max(pattern_sigma, 1e-9) / max(_sigma(layer.weights) or pattern_sigma, 1e-9)))
    y_shift += _slower(topology, like)
    alpha = (layer.vth << STATE_SHIFT) // 10
    bias_exp = min(LIMITS.bias_exponent.number, max(0, alpha.bit_length() - LIMITS.bias_mantissa.number.bit_length()))
    bias_mant = min(LIMITS.bias_mantissa.number, alpha >> bias_exp)
    return replace(pattern, name="", n=layer.topology.n_post, vth=layer.vth, dv=layer.dv, bias_mant=bias_mant, bias_exp=bias_exp,
                   psi_width=max(1, layer.vth // 2), y_shift=min(most, max(0, y_shift)),
                   frozen=pattern.frozen and not isinstance(like, Pool))


def _learning(topology: Wiring, like: Wiring) -> Wiring:
    """The wiring with the sum_shift of shared weights, which no file says: the template's, or the recipe's."""
    return with_sums(topology, like.sum_shift) if isinstance(like, Conv) else with_sums(topology)


def _slower(topology: Wiring, like: Wiring) -> int:
    """What a y_shift for the wiring `like` of a template has to add for this one: shared weights learn at the rate that y_shift
    and sum_shift have together, and so do the recipes of both.
    """
    shifts = [getattr(wiring, "sum_shift", 0) for wiring in (topology, like)]
    recipes = [KINDS[wiring.kind].y_shift + KINDS[wiring.kind].sum_shift for wiring in (topology, like)]
    return recipes[0] - recipes[1] - shifts[0] + shifts[1]


def _sigma(weights: np.ndarray) -> float:
    """Standard deviation in steps of two units, as in `Connection.sigma`."""
    return min(127.0, float(weights.std()) / 2)
