"""Where a run computes, in one line that every long job prints first."""
from lava_opzo.arithmetic.numbers import numbers

LEARNING = {"fast": "event-driven LearningDense (equal bits)", "stock": "stock LearningDense",
            "in-the-loop": "in-the-loop: stock LIF and Dense, updates on the host"}
"""What learns in the simulator, by the name of the engine."""

REAL_NUMBERS = "LearningDense in real numbers"
"""The same for real numbers, in which Lava has one model of a plastic connection."""


def lava_loihi_installed() -> bool:
    """Whether INRC's lava-loihi is here (lava/utils/loihi.py); False in public Lava."""
    from lava.utils import loihi

    return bool(loihi.is_installed())


def simulator(name: str, number: str) -> str:
    """The first line of a run in Lava's simulator; name: a key of LEARNING."""
    board = "a board is not used" if lava_loihi_installed() else "no Loihi 2 here (lava-loihi is not installed)"
    learning = LEARNING[name] if number == "fixed" else REAL_NUMBERS
    return f"simulator: Lava Loihi2SimCfg, {numbers(number).tag}, {learning}; {board}"


def twin(name: str, number: str) -> str:
    """The first line of a run in the twin."""
    kind, same = ("integers", "the bits") if number == "fixed" else ("real numbers", "those")
    return f"twin: compiled {kind} without Lava, {same} of Lava Loihi2SimCfg, {numbers(number).tag}; no board is used"


def oracle(name: str, number: str) -> str:
    """The first line of a run in the oracle."""
    return "oracle: plain Python integers without Lava, slow; no board is used"
