"""Where a run computes, in one line that every long job prints first."""


def lava_loihi_installed() -> bool:
    """Whether INRC's lava-loihi is here (lava/utils/loihi.py); False in public Lava."""
    from lava.utils import loihi

    return bool(loihi.is_installed())


KINDS = {"fast": "event-driven LearningDense (equal bits)", "stock": "stock LearningDense",
         "in-the-loop": "in-the-loop: stock LIF and Dense, updates on the host"}
"""What computes in the simulator."""


def simulator(model: str, kind: str) -> str:
    """The first line of a run in Lava's simulator; kind: a key of KINDS, in floating point `stock` stands for `fast`."""
    board = "a board is not used" if lava_loihi_installed() else "no Loihi 2 here (lava-loihi is not installed)"
    return f"simulator: Lava Loihi2SimCfg, {model}, {KINDS['stock' if model == 'floating_pt' else kind]}; {board}"


TWIN = {"fixed_pt": "twin: compiled integers without Lava, the bits of Lava Loihi2SimCfg, fixed_pt; no board is used",
        "floating_pt": "twin: compiled real numbers without Lava, those of Lava Loihi2SimCfg, floating_pt; no board is used"}
"""The first line of a run in the twin, by model."""
