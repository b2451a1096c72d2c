"""Experiments that are known to learn; docs/results.md says how well."""
from lava_opzo.experiment.experiment import Data, Experiment, Training
from lava_opzo.experiment.scaling import network
from lava_opzo.network.layers import Hidden, Readout
from lava_opzo.network.network import Config

DIGITS_TRAINING = 1437
MNIST_TRAINING = 60_000
NMNIST_TRAINING = 800
"""Four fifths of the first 1,000 recordings."""


def digits() -> Experiment:
    """scikit-learn's handwritten digits, 64-100-100-10 and a bias line, scaled for few samples: what `make run` trains."""
    config = Config(
        n_in=65,
        hidden=(
            Hidden(n=100, vth=1000, bias_mant=2400, bias_exp=2, psi_width=500, y_shift=17, x_shift=8, w_sigma=6.0),
            Hidden(n=100, vth=200, bias_mant=1920, bias_exp=0, psi_width=100, y_shift=16, x_shift=3, w_sigma=14.0),
        ),
        readout=Readout(n=10, error_shift=6, y_shift=9, d_shift=11, x_shift=3, w_sigma=4.0),
        halve_every=2 * DIGITS_TRAINING,
        max_halvings=1,
    )
    return Experiment(Data("digits"), config, Training(epochs=3))


def mnist() -> Experiment:
    """MNIST, 784-200-200-10 and a bias line."""
    config = network(785, (200, 200), 10, halve_every=MNIST_TRAINING * 9 // 2, max_halvings=3)
    return Experiment(Data("mnist"), config, Training(epochs=18))


def nmnist() -> Experiment:
    """N-MNIST in three slices, one for each movement of the camera, on few recordings: 243-400-10 and a bias line."""
    config = Config(
        n_in=244,
        hidden=(Hidden(n=400, vth=2488, bias_mant=2985, bias_exp=3, psi_width=1244, y_shift=16, x_shift=8, w_sigma=6.0),),
        readout=Readout(n=10, error_shift=6, y_shift=9, d_shift=11, x_shift=3, w_sigma=4.0),
        halve_every=10 * NMNIST_TRAINING,
        max_halvings=2,
    )
    return Experiment(Data("nmnist", options={"downsample": 4, "polarity": 0, "slices": 3, "shift": 3}), config, Training(epochs=30))


PRESETS = {"digits": digits, "mnist": mnist, "nmnist": nmnist}
"""Data set -> its preset."""
