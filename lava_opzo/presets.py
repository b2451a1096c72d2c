"""Networks that are known to learn, and scales for networks of other widths."""
from lava_opzo.config import Config, Hidden, Readout
from lava_opzo.experiment import Data, Experiment, Training


def digits(model: str = "fixed_pt") -> Experiment:
    """scikit-learn's handwritten digits, 64-100-100-10 and a bias line: what `make run` trains."""
    network = Config(
        n_in=65,
        hidden=(
            Hidden(n=100, vth=8000, bias_mant=400, bias_exp=7, psi_width=4000, y_shift=14, x_shift=8, w_sigma=24.0),
            Hidden(n=100, vth=560, bias_mant=28, bias_exp=7, psi_width=280, y_shift=16, x_shift=3, w_sigma=40.0),
        ),
        readout=Readout(n=10, error_shift=4, y_shift=8, d_shift=9, x_shift=3, w_sigma=4.0),
    )
    return Experiment(Data("digits"), network, Training(epochs=2))
