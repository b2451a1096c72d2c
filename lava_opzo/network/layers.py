"""The populations of a network, checked when they are made."""
import math
from dataclasses import dataclass

from lava_opzo.errors import UserError
from lava_opzo.files.toml import STRICT

MAX_WIDTH = 8192
"""Most neurons or inputs of one layer: 8192*15*256 is the largest synaptic sum whose shift by 6 fits int32."""


def _check(owner: str, name: str, value, low, high, hint: str) -> None:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        raise UserError(f"{owner}: {name} {value!r} is not a number; the range is {low}..{high} {hint}")
    if not low <= value <= high:
        raise UserError(f"{owner}: {name} {value} is outside {low}..{high} {hint}")


@dataclass(frozen=True)
class Hidden:
    """One hidden layer. vth, psi_width in weight units (17 bit); dv 12 bit; noise alpha = bias_mant << bias_exp in membrane units.

    y_shift: bits that the residual quantiser of y drops. x_shift: bits that the counts of the layer below lose.
    w_sigma: standard deviation of the initial weights, in steps of two units.
    """

    __pydantic_config__ = STRICT
    n: int
    vth: int
    bias_mant: int
    bias_exp: int
    psi_width: int
    y_shift: int
    x_shift: int
    w_sigma: float
    dv: int = 0

    def check(self, name: str) -> None:
        owner = f"layer '{name}'"
        _check(owner, "n", self.n, 1, MAX_WIDTH, "(neurons of a layer); choose another width")
        _check(owner, "vth mantissa", self.vth, 1, 131071, "(17 bits); lower vth and the scale of the weights")
        _check(owner, "dv", self.dv, 0, 4095, "(12 bits); 0 means no leak")
        _check(owner, "bias_mant", self.bias_mant, 0, 4095, "(13 bits signed); raise bias_exp instead")
        _check(owner, "bias_exp", self.bias_exp, 0, 7, "(3 bits); lower the noise")
        _check(owner, "psi_width", self.psi_width, 1, 131071, "(17 bits); choose about vth/2")
        _check(owner, "y_shift", self.y_shift, 0, 22, "(the residual has 23 bits); choose another shift")
        _check(owner, "x_shift", self.x_shift, 0, 22, "(counts have fewer bits); choose about log2 of the largest count")
        _check(owner, "w_sigma", self.w_sigma, 0, 127, "(steps of an 8-bit weight); choose a smaller scale")


@dataclass(frozen=True)
class Readout:
    """The output layer: error_shift scales its sum to the error's 7 bits; y_shift, x_shift, w_sigma as in `Hidden`; d_shift for dhat."""

    __pydantic_config__ = STRICT
    n: int
    error_shift: int
    y_shift: int
    d_shift: int
    x_shift: int
    w_sigma: float

    def check(self) -> None:
        owner = "layer 'readout'"
        _check(owner, "n", self.n, 2, MAX_WIDTH, "(classes); choose another number")
        for name in ("error_shift", "y_shift", "d_shift", "x_shift"):
            _check(owner, name, getattr(self, name), 0, 22, "(states have 23 bits); choose another shift")
        _check(owner, "w_sigma", self.w_sigma, 0, 127, "(steps of an 8-bit weight); choose a smaller scale")
