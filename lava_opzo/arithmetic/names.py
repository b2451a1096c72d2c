"""The two number systems by the names of Lava's tags."""
from lava_opzo.errors import UserError

MODELS = ("fixed_pt", "floating_pt")
"""Lava's tags of process models."""


def check_model(model: str) -> None:
    """Raise UserError for an unknown model."""
    if model not in MODELS:
        raise UserError(f"model '{model}' is not one of {', '.join(MODELS)}; choose one of them")
