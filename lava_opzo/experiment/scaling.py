"""Scales for a network of any widths and data: fits to the settings that learned best on digits, MNIST and
N-MNIST (docs/results.md).

They give runs that are replayable on a chip of profile `loihi-254` (docs/arithmetic.md section 9): membranes have a floor, and
where training is long, payloads are spread over the steps of a window, so that no current leaves its width.

They are not laws. A threshold follows the spread of what a layer receives; the shifts that quantise an update follow the number
of terms in it; a short training starts from smaller weights, so that each of the fewer updates changes more.
"""
from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import ceil, gcd, log2, sqrt

import numpy as np

from lava_opzo.arithmetic.fixed.encoding import shares
from lava_opzo.errors import UserError
from lava_opzo.learning.credit import Opzo
from lava_opzo.learning.learning import Learning
from lava_opzo.network.network import Network
from lava_opzo.network.populations import Hidden, Readout
from lava_opzo.network.widths import LARGEST_SHIFT
from lava_opzo.silicon.limits import LIMITS
from lava_opzo.silicon.profile import LOIHI_254, PAYLOAD_MAX

FEW, MANY = 2_000, 8_000
"""Training samples below which the recipe for short trainings is taken, and from which fewer epochs are enough."""

STEPS = 8
SHORT_EPOCHS, LONG_EPOCHS, EPOCHS, MOVED_EPOCHS = 20, 30, 18, 36
"""For few samples, for some, and for many."""


@dataclass(frozen=True)
class Recipe:
    """Scales that learned well together.

    first_*, upper_*: of hidden layer 1 and of those above. first_vth: the threshold over the spread of the input of one step.
    upper_vth: the threshold at 100 neurons below. noise, psi: shares of the threshold. readout_bits: bits that the counts of the
    last hidden layer lose beyond log2 of half the steps. spread: of the input (`Input`). staggered: whether its lines take turns
    (`stagger`). steps: K of a window.
    """

    first_sigma: float
    first_vth: float
    first_y_shift: int
    upper_sigma: float
    upper_vth: float
    upper_y_shift: int
    noise: float
    psi: float
    error_shift: int
    d_shift: int
    d_bits: int
    decay_period: int
    readout_y_shift: int = 9
    readout_bits: int = 0
    readout_sigma: float = 4.0
    spread: bool = False
    staggered: bool = False
    steps: int = STEPS


SHORT = Recipe(6.0, 1.5, 17, 14.0, 200, 16, 0.15, 0.5, 6, 11, 2, 256)
LONG = Recipe(12.0, 3.5, 18, 28.0, 1200, 18, 0.15, 0.7, 6, 12, 3, 512, spread=True)
ONE_LAYER = replace(LONG, error_shift=5, d_shift=10, readout_y_shift=6, readout_bits=1)
"""For one wide hidden layer and many samples: M then follows the weights of the readout, and the readout may learn faster."""

CENTRED = replace(LONG, first_sigma=11.0, first_vth=4.0, psi=0.8, error_shift=7, staggered=True)
"""For lines above and below a mean (`lava_opzo.experiment.centring`): half of all lines carry something in every sample."""

CONTRASTED = replace(CENTRED, first_y_shift=19)
"""For the local contrast of many images: with smaller steps the currents of layer 1 stay within 16 bits to the end."""

DEEP = replace(CONTRASTED, error_shift=8, d_shift=11, steps=2 * STEPS)
"""The same for more than two hidden layers: smaller errors, an M that hears finer what the noise does to the output, and windows
twice as long, whose counts tell finer what every layer hands on."""

MOVED = replace(LONG, first_sigma=9.0, first_y_shift=19)
"""For images that move while they are learned: smaller weights and steps, as the currents of a long training grow."""

NARROW, MOVED_NARROW = 200, replace(MOVED, staggered=True)
"""The same where layer 1 has fewer neurons, each of which learns more: lines that take turns keep its currents within 16 bits."""

COARSE_BITS = 3
"""Bits of a payload of images that move: a pixel sends half as much, so that weights can be twice as large as in `MOVED`, and a
step of a weight half as much of it (`of_coarse`)."""

GOLDEN = 0.618
"""The share of a window between the patterns of neighbouring lines: near it, all phases are taken by few neighbours."""

V_FLOOR = 4
"""Thresholds below 0 at which a membrane stops: low enough to cost no accuracy."""


@dataclass(frozen=True)
class Plan:
    """How long to train: a recipe, the epochs that go with it, and how often the learning rate halves in them."""

    recipe: Recipe
    epochs: int
    halvings: int


@dataclass(frozen=True)
class InputScale:
    """How large the payloads of a data set are.

    spread: the root of the summed squared payloads of one step. full: the payload sum of a busy line over a window; 95 % of the
    lines that are active at all have less.
    """

    spread: float
    full: float


MNIST_SCALE = InputScale(spread=18.5, full=15.0)
"""Of payloads that are spread."""


def is_coarse(frames: np.ndarray) -> bool:
    """Whether no payload has more than `COARSE_BITS`, that of the bias line, the last one, left out."""
    return int(frames[:, :, :-1].max(initial=0)) < 1 << COARSE_BITS


def of_coarse(recipe: Recipe) -> Recipe:
    """A recipe of payloads of 4 bits for those of `COARSE_BITS`: first weights twice as large, and their steps."""
    return replace(recipe, first_sigma=2 * recipe.first_sigma, first_y_shift=recipe.first_y_shift - 1)


def plan(n_samples: int, hidden: Sequence[int], centred: bool = False, moved: bool = False, coarse: bool = False) -> Plan:
    """How long to train on so many training samples with hidden layers of these widths.

    centred: whether the lines carry what is above and below a mean (`lava_opzo.experiment.centring`). moved: whether images move
    while they are learned (`Training.jitter`), which makes more of many samples. coarse: whether no payload of these has
    more than `COARSE_BITS`, which changes the recipe and not the epochs.
    """
    depth, epochs = len(hidden), EPOCHS if n_samples >= MANY else LONG_EPOCHS
    if centred:
        many = DEEP if depth > 2 else CONTRASTED
        return Plan(many if n_samples >= MANY else CENTRED, epochs, 3)
    if n_samples < FEW:
        return Plan(SHORT, SHORT_EPOCHS, 3)
    if moved and depth > 1 and n_samples >= MANY:
        recipe = MOVED if hidden[0] >= NARROW else MOVED_NARROW
        return Plan(of_coarse(recipe) if coarse else recipe, MOVED_EPOCHS, 3)
    return Plan(ONE_LAYER, epochs, 3) if depth == 1 else Plan(LONG, epochs, 2)


def measure(frames: np.ndarray, steps: int, spread: bool = False) -> InputScale:
    """The scale of samples for windows of K = `steps`; spread: of the input (`Input`).

    No copy in a wider type than it needs: a float64 one of MNIST takes 377 MB. 1024 steps of payload 15 fit 16 bits.

    Shapes:
        frames: uint8 (n, 1 or K, n_in), the bias line last.
    """
    spread = spread and frames.shape[1] == 1
    sizes = (shares(steps).astype(np.int64) ** 2).sum(axis=0) if spread else np.arange(PAYLOAD_MAX + 1) ** 2
    squares = sum(int(size) * int(np.count_nonzero(frames == payload)) for payload, size in enumerate(sizes) if payload)
    shown = len(frames) * (steps if spread else frames.shape[1])
    sums = frames[:, :, :-1].sum(axis=1, dtype=np.uint16) * np.uint16(steps if frames.shape[1] == 1 and not spread else 1)
    active = sums[sums > 0]
    return InputScale(max(1.0, sqrt(squares / shown)), float(np.percentile(active, 95)) if active.size else 1.0)


def scaled_network(frames: np.ndarray, n_classes: int, hidden: Sequence[int], steps: int | None = None, seed: int = 1,
                   centred: bool = False, moved: bool = False) -> Network:
    """A network with these hidden widths, scaled to these training samples. Its learning rate is made for the epochs of `plan`.

    centred, moved: as in `plan`, whose `coarse` follows from the payloads. steps: K of a window, None for that of the
    frames or, where they have one row, of the recipe.

    Shapes:
        frames: uint8 (n, 1 or K, n_in), the bias line last.
    """
    chosen = plan(len(frames), hidden, centred, moved, coarse=moved and is_coarse(frames))
    steps = steps or (frames.shape[1] if frames.shape[1] > 1 else chosen.recipe.steps)
    return network(frames.shape[2], hidden, n_classes, scale=measure(frames, steps, chosen.recipe.spread), recipe=chosen.recipe,
                   steps=steps, halve_every=len(frames) * chosen.epochs // (chosen.halvings + 1), max_halvings=chosen.halvings,
                   seed=seed)


def network(n_in: int, hidden: Sequence[int], n_out: int, *, scale: InputScale = MNIST_SCALE, recipe: Recipe = LONG,
            steps: int | None = None, windows: int = 2, halve_every: int = 0, max_halvings: int = 4, seed: int = 1) -> Network:
    """A network for n_in lines (with the bias line), the hidden widths and n_out classes.

    vth of layer 1 = first_vth * 2*first_sigma * spread; of a layer above, upper_vth up to 200 neurons below and then in
    proportion to the root of their number. steps: None for those of the recipe. The other arguments are fields of `Learning` and
    `Network`.
    """
    steps = steps or recipe.steps
    wide = round(max(0.0, log2(max(hidden) / 200)))
    count_shift = max(0, round(log2(windows * steps)) - 1)
    first_vth = recipe.first_vth * 2 * recipe.first_sigma * scale.spread
    layers = [hidden_layer(hidden[0], first_vth, recipe.noise, recipe.psi, recipe.first_y_shift)]
    for below, n in zip(hidden, hidden[1:], strict=False):
        vth = recipe.upper_vth * (1.0 if below <= 200 else sqrt(below / 100))
        layers.append(hidden_layer(n, vth, recipe.noise, recipe.psi, recipe.upper_y_shift + wide))
    readout = Readout(n=n_out, error_shift=recipe.error_shift + wide, y_shift=recipe.readout_y_shift + wide,
                      d_shift=recipe.d_shift + wide)
    above, most = len(hidden) - 1, max(layer.y_shift for layer in (*layers, readout))
    if most > LARGEST_SHIFT:
        raise UserError(f"network: layers of {max(hidden)} neurons need learning rates of {most} bits, above "
                        f"{LARGEST_SHIFT}; use narrower layers")
    return Network.chain(
        n_in, layers, readout,
        sigma=(recipe.first_sigma, *[recipe.upper_sigma] * above, recipe.readout_sigma),
        x_shift=(round(log2(max(1.0, windows * scale.full))), *[count_shift] * above, count_shift + recipe.readout_bits),
        learning=Learning(steps, windows, Opzo(recipe.d_bits, recipe.decay_period), halve_every=halve_every,
                          max_halvings=min(max_halvings, LARGEST_SHIFT - most)),
        profile=LOIHI_254, seed=seed, spread=recipe.spread, stagger=stagger(steps) if recipe.staggered else 0)


def stagger(steps: int) -> int:
    """The stagger (`Input`) of windows of K = `steps`: the first number from 0.618*K up that has no factor in common with K."""
    return next(number for number in range(round(GOLDEN * steps), steps + 2) if gcd(number, steps) == 1)


def hidden_layer(n: int, vth: float, noise: float, psi: float, y_shift: int, dv: int = 0) -> Hidden:
    """n neurons with this threshold, as near as 17 bits allow, and a floor; noise, psi: shares of the threshold."""
    threshold = max(1, min(LIMITS.vth_mantissa.number, round(vth)))
    mantissa, exponent = _noise(threshold, noise)
    return Hidden(n=n, vth=threshold, bias_mant=mantissa, bias_exp=exponent, psi_width=max(1, round(psi * threshold)),
                  y_shift=y_shift, dv=dv, v_floor=min(V_FLOOR, LIMITS.vth_mantissa.number // threshold))


def _noise(vth: int, share: float) -> tuple[int, int]:
    """`share` of the threshold in membrane units as (bias_mant, bias_exp)."""
    alpha = round(share * vth * 64)
    exponent = max(0, ceil(log2(max(1, alpha) / 4095)))
    return max(1, alpha >> exponent), exponent
