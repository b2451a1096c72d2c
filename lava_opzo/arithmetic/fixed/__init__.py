"""The arithmetic of lava-opzo as pure functions on int32/int64 arrays; docs/arithmetic.md is its specification."""






from lava_opzo.arithmetic.fixed import (
    membrane,
    noise,
    quantiser,
    weights,  # noqa: E402  (they read the constants above)
)

__all__ = ["DECAY_TRACE", "STATE_SHIFT", "UV_LIMIT", "WEIGHT_MAX", "WEIGHT_MIN", "Y_MAX", "credit", "membrane", "noise", "weights"]
