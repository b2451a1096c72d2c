"""A small network and random samples that exercise every phase within a few samples; shared by the tests that run engines."""
from dataclasses import replace

import numpy as np

from lava_opzo.learning.credit import Backprop, FixedFeedback, Opzo, SinglePoint
from lava_opzo.learning.learning import Counts, Learning
from lava_opzo.network.form import changed
from lava_opzo.network.network import Network
from lava_opzo.network.populations import Auxiliary, Hidden, Readout
from lava_opzo.network.state import State
from lava_opzo.silicon.profile import STOCK_LAVA, Profile
from lava_opzo.topology.conv import Conv
from lava_opzo.topology.dense import Dense
from lava_opzo.topology.local import Local

CREDITS = {"opzo": Opzo, "dfa": FixedFeedback, "backprop": Backprop, "single-point": SinglePoint}


def small_network(hidden=(14, 11), n_in=9, n_out=4, *, credit="opzo", x_max=2, profile: Profile = STOCK_LAVA, seed=1, d_bits=2,
                  decay_period=4, m_sigma=8.0, vth=900, v_floor=0, spread=False, stagger=0,
                  **learning) -> Network:
    """Scales so that spikes, psi, y and dhat are all busy from the first samples on; learning: fields of `Learning`, K = 5."""
    layers = [Hidden(n=n, vth=vth if i == 0 else 150, bias_mant=50 if i == 0 else 8, bias_exp=7, psi_width=500 if i == 0 else 90,
                     y_shift=9, v_floor=v_floor) for i, n in enumerate(hidden)]
    fields = {"opzo": {"d_bits": d_bits, "decay_period": decay_period}, "dfa": {"m_sigma": m_sigma}}.get(credit, {})
    learned = Learning(credit=CREDITS[credit](**fields), eligibility=Counts(x_max), **{"steps": 5, **learning})
    return Network.chain(n_in, layers, Readout(n=n_out, error_shift=3, y_shift=4, d_shift=4),
                         sigma=(24.0, *[40.0] * (len(hidden) - 1), 12.0), x_shift=(7, *[2] * len(hidden)),
                         learning=learned, profile=profile, seed=seed, spread=spread, stagger=stagger)


def local_network(hidden=(10, 8, 7), layers=(1, 2), n_in=6, n_out=3, **options) -> Network:
    """A `small_network` with an auxiliary readout above each of these hidden layers; no two have the same constants."""
    auxiliary = tuple(Auxiliary(layer, 12.0 + n, 3 - n % 2, 4 + n % 3, 4 - n % 2) for n, layer in enumerate(layers))
    return changed(small_network(hidden, n_in, n_out, **options), auxiliary=auxiliary)


def patched_network(first=Local, second=Conv, **options) -> Network:
    """An image of 6 x 6 and a bias line, then 3 x 3 x 3 and 2 x 2 x 4 neurons: as busy as `small_network`, with its options.

    A Local first layer sees the bias line, a Conv does not.
    """
    wiring = (first((6, 6, 1), 3, (3, 3), (2, 2), (1, 1), 1, first is Local), second((3, 3, 3), 4, (2, 2)))
    plain = small_network(tuple(one.n_post for one in wiring), 37, **{"vth": 300, **options})
    return changed(plain, wiring=(*wiring, Dense(wiring[-1].n_post, plain.readout.n)))


def with_layer(network: Network, number: int, **fields) -> Network:
    """The network with other constants in hidden layer `number`, counted from 1."""
    hidden = list(network.hidden)
    hidden[number - 1] = replace(hidden[number - 1], **fields)
    return changed(network, hidden=tuple(hidden))


def with_x_shift(network: Network, number: int, x_shift: int) -> Network:
    """The network with another x_shift of the connection W`number`, counted from 1."""
    shifts = [connection.x_shift for connection in network.forward]
    shifts[number - 1] = x_shift
    return changed(network, x_shift=tuple(shifts))


def random_samples(network: Network, n: int, rows: int = 1, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """frames uint8 (n, rows, n_in) with half of the lines active, labels int32 (n,)."""
    rng, n_in = np.random.default_rng(seed), network.input.n
    frames = rng.integers(0, 16, (n, rows, n_in)) * rng.integers(0, 2, (n, rows, n_in))
    return frames.astype(np.uint8), rng.integers(0, network.readout.n, n).astype(np.int32)


def with_kind(network: Network, kind: str, error_shift: int = 1) -> Network:
    """The network with outputs of this kind, which `error_shift` keeps busy from the first samples on."""
    return changed(network, readout=replace(network.readout, kind=kind, error_shift=error_shift))


def random_outputs(network: Network, n: int, rows: int = 1, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """As `random_samples`, with what the kind of the readout is taught, int32 (n, n_out)."""
    frames, _ = random_samples(network, n, rows, seed)
    least, most = {"labels": (0, 1), "values": (-127, 127)}[network.readout.kind]
    return frames, np.random.default_rng(seed + 1).integers(least, most + 1, (n, network.readout.n)).astype(np.int32)


def differing(a: State, b: State) -> list[str]:
    """Names of the arrays in which two states differ."""
    names = [name for name in sorted(a.arrays.keys() | b.arrays.keys())
             if name not in a.arrays or name not in b.arrays or not np.array_equal(a[name], b[name])]
    return names + ["n_trained"] * (a.n_trained != b.n_trained)


def by_step(network: Network, label_from: int = 0, decay: int = 900, dv: int = 300, readout_dv: int = 500) -> Network:
    """A `small_network` with windows = 1 whose weights learn in every step, leaky, with traces that spikes make busy."""
    learning = replace(network.learning, updates="step", label_from=label_from,
                       eligibility=replace(network.learning.eligibility, decay=decay))
    return changed(network, learning=learning, hidden=tuple(replace(layer, dv=dv) for layer in network.hidden),
                   readout=replace(network.readout, dv=readout_dv), x_shift=(9, *[5] * network.depth))


def baselined(network: Network, kind: str, shift: int = 2) -> Network:
    """A network with windows = 1 whose outputs take running means of that kind off, which few samples make busy."""
    learning = network.learning
    return changed(network, learning=replace(learning, credit=replace(learning.credit, baseline=kind, baseline_shift=shift)))


def carrying(network: Network, label_from: int = 0, **options) -> Network:
    """`by_step` with neurons that carry what they hold from sample to sample."""
    stream = by_step(network, label_from, **options)
    return changed(stream, learning=replace(stream.learning, carry=True))


def step_labels(network: Network, n: int, seed: int = 0) -> np.ndarray:
    """Classes of every step of n samples, -1 for none in a third of them and before label_from, int32 (n, K)."""
    rng, learning, classes = np.random.default_rng(seed), network.learning, network.readout.n
    labels = rng.integers(-classes // 2, classes, (n, learning.steps)).clip(-1).astype(np.int32)
    labels[:, :learning.label_from] = -1
    return labels
