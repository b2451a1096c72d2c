"""Experiments that are known to learn; docs/results.md says how well."""
from lava_opzo.experiment import scaling
from lava_opzo.experiment.experiment import Data, Experiment, Training
from lava_opzo.experiment.layers import parse_layers, wired
from lava_opzo.learning.credit import Opzo
from lava_opzo.learning.learning import Learning
from lava_opzo.network.network import Network
from lava_opzo.network.populations import Hidden, Readout
from lava_opzo.silicon.profile import LOIHI_254

DIGITS_TRAINING = 1437
MNIST_TRAINING = 60_000
NMNIST_TRAINING = 800
"""Four fifths of the first 1,000 recordings."""


def digits() -> Experiment:
    """scikit-learn's handwritten digits, 64-100-100-10 and a bias line, scaled for few samples: what `make run` trains."""
    hidden = (Hidden(n=100, vth=1000, bias_mant=2400, bias_exp=2, psi_width=500, y_shift=17),
              Hidden(n=100, vth=200, bias_mant=1920, bias_exp=0, psi_width=100, y_shift=16))
    network = Network.chain(65, hidden, Readout(n=10, error_shift=6, y_shift=9, d_shift=11), sigma=(6.0, 14.0, 4.0),
                            x_shift=(8, 3, 3), learning=Learning(halve_every=2 * DIGITS_TRAINING, max_halvings=1))
    return Experiment(Data("digits"), network, Training(epochs=3))


def mnist() -> Experiment:
    """MNIST, 784-200-200-10 and a bias line, its payloads spread over the steps of a window."""
    network = scaling.network(785, (200, 200), 10, halve_every=MNIST_TRAINING * 9 // 2, max_halvings=3)
    return Experiment(Data("mnist"), network, Training(epochs=18))


def nmnist() -> Experiment:
    """N-MNIST in three slices, one for each movement of the camera, on few recordings, which move while they are learned: from
    17 x 17 x 6 lines to 9 x 9 x 16 neurons through kernels of 7 x 7 local weights.
    """
    wiring = wired(parse_layers("16l7s2"), (17, 17, 6), 17 * 17 * 6 + 1, 10)
    hidden = Hidden(n=wiring[0].n_post, vth=1138, bias_mant=2731, bias_exp=2, psi_width=797, y_shift=16, v_floor=scaling.V_FLOOR)
    network = Network.chain(wiring[0].n_pre, (hidden,), Readout(n=10, error_shift=8, y_shift=5, d_shift=12), sigma=(24.0, 4.0),
                            x_shift=(4, 4), profile=LOIHI_254, spread=True, wiring=wiring,
                            learning=Learning(credit=Opzo(3, 512), halve_every=20 * NMNIST_TRAINING, max_halvings=2))
    data = Data("nmnist", options={"downsample": 2, "image": 1, "slices": 3, "shift": 1})
    return Experiment(data, network, Training(epochs=60, jitter=1))


def few_lines() -> Experiment:
    """The same recordings on few lines and all to all, 243-400-10 and a bias line: what kinds of credit are compared on."""
    hidden = (Hidden(n=400, vth=2488, bias_mant=2985, bias_exp=3, psi_width=1244, y_shift=16, v_floor=scaling.V_FLOOR),)
    network = Network.chain(244, hidden, Readout(n=10, error_shift=6, y_shift=9, d_shift=11), sigma=(6.0, 4.0), x_shift=(8, 3),
                            learning=Learning(halve_every=10 * NMNIST_TRAINING, max_halvings=2), profile=LOIHI_254)
    data = Data("nmnist", options={"downsample": 4, "polarity": 0, "slices": 3, "shift": 3})
    return Experiment(data, network, Training(epochs=30))


PRESETS = {"digits": digits, "mnist": mnist, "nmnist": nmnist}
"""Data set -> its preset."""

COMPARED = PRESETS | {"nmnist": few_lines}
"""Data set -> what kinds of credit are compared on."""

STREAMS = {"nmnist": Data("nmnist", options={"downsample": 2, "image": 1, "shift": 1, "echoes": 2}),
           "dvs_gesture": Data("dvs_gesture", options={"downsample": 8, "image": 1})}
"""Data set -> its samples step by step, for weights that learn in every step: nothing is gathered before it is shown. N-MNIST is
heard again twice, so that the end of a recording stands beside the two movements of the camera before it."""
