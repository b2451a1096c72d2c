"""Which layers learn, and how fast: `--freeze` and `--rate` of a command line as settings of an experiment."""
import re
from collections.abc import Sequence
from fractions import Fraction

from lava_opzo.errors import UserError, shown
from lava_opzo.network.network import Network
from lava_opzo.topology.pool import Pool

NONE = "none"
"""The word of --freeze for: no layer."""

FACTOR = re.compile(r"\d{1,7}(\.\d{1,7}|/[1-9]\d{0,6})?", re.ASCII)
"""A factor as 2, 0.25 or 1/4."""


def settings(network: Network, freeze: str | None, rates: Sequence[str]) -> list[str]:
    """The settings `key=value` (as of `lava-opzo resume --set`) that these options mean for a network.

    freeze: names of layers as `hidden1,hidden2`, exactly those that are frozen from now on, or `none`. rates: `layer=factor`, a
    power of two by which the learning rate that the layer has now is multiplied: its y_shift loses log2(factor).

    Raises UserError for an unknown layer, a layer named twice, and a factor that is no power of two.
    """
    places = _places(network)
    found = []
    if freeze is not None:
        frozen = [] if freeze.strip() == NONE else [name.strip() for name in freeze.split(",")]
        _check_names("--freeze", frozen, places)
        found += [f"{place}.frozen={str(name in frozen).lower()}" for name, place in places.items()]
    pairs = [_pair(text) for text in rates]
    _check_names("--rate", [name for name, _ in pairs], places)
    shifts = {layer.name: layer.y_shift for layer in network.plastic}
    return found + [f"{places[name]}.y_shift={shifts[name] - bits}" for name, bits in pairs]


def _places(network: Network) -> dict[str, str]:
    """Name of a layer above the input that can learn, which one that pools cannot -> the dotted name of its table."""
    hidden = {layer.name: f"network.hidden.{number}"
              for number, (layer, below) in enumerate(zip(network.hidden, network.forward, strict=False), 1)
              if not isinstance(below.topology, Pool)}
    auxiliary = {one.name: f"network.auxiliary.{number}" for number, one in enumerate(network.auxiliary, 1)}
    return hidden | {network.readout.name: "network.readout"} | auxiliary


def _check_names(option: str, names: Sequence[str], places: dict[str, str]) -> None:
    for name in names:
        if name not in places:
            raise UserError(f"{option}: '{shown(name)}' is no layer that learns; choose among {shown(', '.join(places))}"
                            f"{f', or {NONE}' if option == '--freeze' else ''}")
        if names.count(name) > 1:
            raise UserError(f"{option}: layer '{name}' is named twice; name it once")


def _pair(text: str) -> tuple[str, int]:
    """`hidden1=1/4` as (hidden1, -2)."""
    name, _, factor = text.partition("=")
    value = Fraction(factor.strip()) if FACTOR.fullmatch(factor.strip()) else Fraction(0)
    bits = value.numerator.bit_length() - value.denominator.bit_length()
    if value != Fraction(2) ** bits:
        raise UserError(f"--rate: '{shown(text)}' is not of the form layer=factor with a power of two; write it as hidden1=1/4 "
                        "or readout=2")
    return name.strip(), bits
