"""The engines by the names that verify takes."""
from lava_opzo.errors import UserError
from lava_opzo.learning.credit import require_local
from lava_opzo.network.network import Config
from lava_opzo.network.state import State

NAMES = ("stock", "fast", "twin", "oracle")
"""Stock Lava, Lava with our event-driven LearningDense, the compiled twin, plain Python integers."""


def parse(text: str, at_least: int = 2, at_most: int = len(NAMES)) -> tuple[str, ...]:
    """`stock,fast` as names. Raises UserError for an unknown name, a repeated one, too few or too many."""
    names = tuple(name.strip() for name in text.split(",") if name.strip())
    for name in names:
        if name not in NAMES:
            raise UserError(f"engine '{name}' is not one of {', '.join(NAMES)}; choose among them")
    if len(set(names)) != len(names) or not at_least <= len(names) <= at_most:
        raise UserError(f"engines '{text}': {len(names)} names, {at_least}..{at_most} different ones are needed; "
                        f"choose among {', '.join(NAMES)}")
    return names


def recorder(name: str, config: Config, state: State, rows: int):
    """An engine with `sample(frames, label) -> Record` and `stop()`, started from a copy of `state`; rows: frames a sample.

    Raises UserError for a kind of credit that these engines lack.
    """
    require_local(config.credit)
    if name == "oracle":
        from lava_opzo.engines.oracle.recorder import OracleRecorder

        return OracleRecorder(config, state, rows)
    if name == "twin":
        from lava_opzo.engines.twin.integers.recorder import TwinRecorder

        return TwinRecorder(config, state, rows)
    from lava_opzo.engines.lava.recorder import LavaRecorder

    return LavaRecorder(config, state.copy(), rows, name)
