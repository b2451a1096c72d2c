"""The engines by name: what runs a network, and the line that says so."""
from lava_opzo.arithmetic.names import check_model
from lava_opzo.errors import UserError
from lava_opzo.learning.credit import require_local

LAVA = {"fast": "fast", "lava": "fast", "stock": "stock"}
"""Engine name -> how Lava computes its plastic connections (lava_opzo.engines.lava.models.ENGINES); `lava` is the everyday name of `fast`."""


NAMES = ("twin", *LAVA)
"""What --engine takes. All of them give equal bits in fixed point, and equal real numbers up to rounding."""

LAVA_CHUNK = 32
"""Samples of one call into Lava: about a second, so that progress and Ctrl-C are quick."""


def check(name: str, model: str = "fixed_pt", credit: str = "opzo", gate: str = "psi") -> None:
    """Raise UserError for an unknown engine or model, or for a kind of credit (`lava_opzo.learning.credit.CREDITS`) or a gate that they do
    not have."""
    if name not in NAMES:
        raise UserError(f"engine '{name}' is not one of {', '.join(NAMES)}; choose one of them")
    check_model(model)
    if (name, model) != ("twin", "floating_pt"):
        require_local(credit)
    require_psi(gate)


def require_psi(gate: str) -> None:
    """Raise UserError for a gate that no engine here computes."""
    if gate != "psi":
        raise UserError(f"gate '{gate}': only the in-the-loop mode learns with it; "
                        "use python deploy/to_loihi.py --mode in-the-loop, or gate psi")




def target(name: str, model: str = "fixed_pt") -> str:
    """The first line of a job."""
    from lava_opzo.engines.announce import TWIN, simulator

    return TWIN[model] if name == "twin" else simulator(model, LAVA[name])


def factory(name: str, model: str = "fixed_pt"):
    """make(config, state, n_frames) -> an engine with train, evaluate, state, spike_rates, rail_touches, largest and chunk."""
    if name == "twin" and model == "floating_pt":
        from lava_opzo.engines.twin.reals.engine import FloatingTwinEngine

        return lambda config, state, n_frames: FloatingTwinEngine(config, state)
    if name == "twin":
        from lava_opzo.engines.twin.integers.engine import TwinEngine

        return lambda config, state, n_frames: TwinEngine(config, state)
    from lava_opzo.engines.lava.engine import LavaEngine

    return lambda config, state, n_frames: LavaEngine(config, state, model=model, engine=LAVA[name], n_frames=n_frames,
                                                      capacity=LAVA_CHUNK)
