"""The numbers of the chip's arithmetic: widths, rails and shifts (docs/arithmetic.md section 1)."""

PAYLOAD_MAX = 15
"""Largest input payload (4 bits)."""


UV_LIMIT = 1 << 23
"""Limit of the 24-bit membrane and current (lava/proc/lif/models.py, uv_bitwidth)."""


STATE_SHIFT = 6
"""Synaptic input and threshold are aligned to the membrane by this shift (lava/proc/lif/models.py, act_shift)."""


Y_MAX = 127
"""Largest value of a 7-bit learning trace (lava/magma/core/learning/constants.py, W_TRACE)."""


WEIGHT_MIN, WEIGHT_MAX = -256, 255
"""Rails of a learned MIXED weight in stock Lava (lava/magma/core/model/py/connection.py)."""


DECAY_TRACE = 32
"""y3 of a row that decays: in the product sgn(w)*y3 stock Lava shifts by 9 + 7 + 4 - 15 = 5 bits, so that 32 gives 1."""


STATE_BITS = 24
