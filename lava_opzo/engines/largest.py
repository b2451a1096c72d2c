"""The largest values that a run saw, against their widths (docs/arithmetic.md section 1): the one place for limits and hints."""
from lava_opzo.network.network import Network
from lava_opzo.network.widths import widest_third_factor
from lava_opzo.silicon.profile import STATE_LIMIT, STATE_SHIFT

Largest = dict[str, dict[str, int]]
"""Population -> variable -> the largest size |value| seen. None in its place: what ran keeps none, and nothing is known."""

HIDDEN = ("u", "v", "h", "r")
"""Of a hidden population: u = a << 6 before its wrap, v before its reset, h = clip(g)*psi, r = y_residual + h.

Where so many classes teach that the third factor can leave 24 bits (`counts_g`), g before its clip, too.
"""

READOUT = ("o", "d")
"""Of the readout: o = o_plus + o_minus and d = o_plus - o_minus; neither part is larger than both of these."""

WIDE = STATE_LIMIT - 1
"""Largest size of a signed 24-bit value."""

LIMITS = {"v": WIDE - 1}
"""Variable -> the largest size that has lost nothing, where it is not WIDE: v at WIDE may have been clipped."""

HINTS = {"u": "it wraps where a chip may saturate; lower the weights or the payloads",
         "v": "it saturates; lower the weights, the payloads or the noise",
         "g": "a chip's sum of what arrives may overflow; use fewer classes",
         "o": "a chip's register may overflow; use fewer steps a window, a larger dv of the readout where it leaks, or a lower "
              "sigma of the connection into it",
         "d": "a chip's register may overflow; use fewer steps a window, a larger dv of the readout where it leaks, or a lower "
              "sigma of the connection into it"}


def limit(variable: str) -> int:
    """The largest size of a 24-bit variable that is still exact."""
    return LIMITS.get(variable, WIDE)


def hint(variable: str) -> str:
    """What happens beyond the limit and what to do about it."""
    return HINTS.get(variable, "lower the scale of the population")


def counts_g(network: Network) -> bool:
    """Whether the sizes of third factors are watched: where they can leave 24 bits."""
    return network.learning.credit.local and widest_third_factor(network.readout.n, network.profile) > WIDE


def names(network: Network) -> dict[str, tuple[str, ...]]:
    """Population -> the variables that are watched in it, readout last."""
    hidden = (*HIDDEN, "g") if counts_g(network) else HIDDEN
    return {layer.name: hidden if layer in network.hidden else READOUT for layer in network.plastic}


def kept(network: Network) -> dict[str, tuple[str, ...]]:
    """Population -> what an engine keeps while it runs, as `names`: the input a of a hidden one in the place of u."""
    return {layer: tuple("a" if name == "u" else name for name in variables) for layer, variables in names(network).items()}


def from_kept(values: Largest) -> Largest:
    """What an engine kept as what is reported: u = a << 6."""
    return {layer: {"u" if name == "a" else name: value << STATE_SHIFT if name == "a" else value
                    for name, value in variables.items()} for layer, variables in values.items()}


def merge(a: Largest | None, b: Largest | None) -> Largest | None:
    """The larger of two values for every variable; either may lack populations. None where either part kept none."""
    if a is None or b is None:
        return None
    return {layer: {name: max(part.get(layer, {}).get(name, 0) for part in (a, b)) for name in (b.get(layer) or a[layer])}
            for layer in a | b}


def overflows(largest: Largest | None) -> dict[tuple[str, str], str]:
    """(population, variable) -> a line that names it, its value, its limit and what to do, for each that is beyond its limit."""
    return {(layer, name): f"population '{layer}': |{name}| reached {value}, beyond its limit {limit(name)}; {hint(name)}"
            for layer, values in (largest or {}).items() for name, value in values.items() if value > limit(name)}


def summary(largest: Largest | None) -> str:
    """One line: for each variable the population in which it came nearest to its limit, which is WIDE or one below."""
    if largest is None:
        return "largest values: not counted"
    worst: dict[str, tuple[int, str]] = {}
    for layer, values in largest.items():
        for name, value in values.items():
            worst[name] = max(worst.get(name, (-1, "")), (value, layer), key=lambda pair: pair[0])
    return f"largest values (24 bits hold {WIDE}): " + ", ".join(
        f"|{name}| {value} {layer}" for name, (value, layer) in worst.items())
