"""Numbers of others as ours: whole, in range, one a layer; what would change on the way is refused by name."""
import numpy as np

from lava_opzo.errors import UserError, shown
from lava_opzo.network.populations import MOST_STAGGER
from lava_opzo.topology.dense import MAX_NEURONS

LARGEST = (1 << 31) - 1
"""Larger weights are no numbers of 8 bits in any unit, and do not fit our arrays."""


YES_NO = ("no", "yes")


def weight_matrix(owner: str, values: np.ndarray) -> np.ndarray:
    """Weights (n_post, n_pre) as int32. Raises UserError for other shapes and for values that `whole_array` refuses.

    Shapes:
        values: (n_post, n_pre), numbers of any type.
    """
    if values.ndim != 2 or values.dtype.kind == "b" or not 0 < max(values.shape) <= MAX_NEURONS:
        raise UserError(f"{owner}: weights of shape {shown(values.shape)} and type {values.dtype} are not numbers (n_post, "
                        f"n_pre) of 1..{MAX_NEURONS} each; export it again")
    return whole_array(owner, values)


def whole_array(owner: str, values: np.ndarray) -> np.ndarray:
    """Weights of any shape as int32. Raises UserError that names the first that is not whole or too large."""
    if values.dtype.kind == "b" or not values.size:
        raise UserError(f"{owner}: weights of shape {shown(values.shape)} and type {values.dtype} are none; export it again")
    wrong = ~((values >= -LARGEST) & (values <= LARGEST))
    if wrong.any():
        raise UserError(f"{owner}: weight {_first(values, wrong)} is outside {-LARGEST}..{LARGEST}; scale the weights down")
    wrong = values != np.rint(values) if values.dtype.kind == "f" else np.zeros(values.shape, bool)
    if wrong.any():
        raise UserError(f"{owner}: weights are not whole numbers, {_first(values, wrong)} is the first that is not; quantise "
                        "them to even integers first")
    return values.astype(np.int32)


def one_value(owner: str, name: str, values: np.ndarray, n: int) -> float:
    """The one value of n neurons. Raises UserError where it differs between them or is there for another number of neurons.

    Shapes:
        values: (), (1,) or (n,), perhaps with further dimensions of 1.
    """
    if values.size not in (1, n) or values.size != max(values.shape, default=1):
        raise UserError(f"{owner}: {name} has shape {shown(values.shape)}, the layer has {n} neurons; export it again")
    found = np.unique(values)
    if found.size != 1:
        raise UserError(f"{owner}: {name} differs between neurons ({found[0]} and {found[1]}); train it with one for a layer")
    return found[0].item()


def yes_or_no(owner: str, name: str, word: str | None) -> bool | None:
    """A word of YES_NO as what it means, None where there is none. Raises UserError for another one."""
    if word is None:
        return None
    if word not in YES_NO:
        raise UserError(f"{owner}: {name} {shown(repr(word))} is not {' or '.join(YES_NO)}; export it again")
    return bool(YES_NO.index(word))


def whole(owner: str, name: str, value: float, low: int, high: int, hint: str) -> int:
    """A whole number in range. Raises UserError that names it otherwise."""
    if value != int(value) or not low <= value <= high:
        raise UserError(f"{owner}: {name} {shown(value)} is no whole number in {low}..{high}; {hint}")
    return int(value)


def product(owner: str, name: str, values: np.ndarray) -> int:
    """The number of neurons that a shape says. Raises UserError for sizes that no layer has."""
    sizes, n = values.ravel().tolist(), 1
    for size in sizes:
        n *= whole(owner, name, size, 1, MAX_NEURONS, "neurons; export it again")
    return n


def _first(values: np.ndarray, wrong: np.ndarray) -> str:
    place = tuple(int(i) for i in np.argwhere(wrong)[0])
    return f"{values[place]} at {place}"


def decimal(owner: str, name: str, word: str | None, most: int) -> int:
    """A whole number that stands as text, 0 where there is none. Raises UserError for another text and for more than `most`."""
    word = word or "0"
    if not word.isdecimal() or not word.isascii() or len(word) > 9 or int(word) > most:
        raise UserError(f"{owner}: {name} {shown(repr(word))} is no whole number in 0..{most}; export it again")
    return int(word)


def stagger_of(owner: str, spread: bool | None, word: str | None) -> int:
    """How far the shares of a payload move from line to line. Raises UserError for one without payloads that are spread."""
    stagger = decimal(owner, "stagger", word, MOST_STAGGER)
    if stagger and not spread:
        raise UserError(f"{owner}: stagger {stagger} stands without payloads that are spread; export it again")
    return stagger
