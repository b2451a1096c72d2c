"""What one population does in one time step of a sample."""
from dataclasses import dataclass


@dataclass(frozen=True)
class Step:
    """What one layer does in one step of a sample; a field at its default means: not in this step.

    first: the layer's first step of a sample (noise is drawn, counts are cleared). start: first step of a window (v = 0).
    window: index of the running window, -1 for none. sign: sign of the noise in it.
    frame: window step k whose payload the input sends, -1 for none.
    error: +1/-1, the readout sends that part of the error. third: +1/-1, a hidden layer adds or subtracts its third factor.
    credit: the layer computes y. rank: rank of the eligibility spikes, 0 for none. decay: rows of M decay.
    m_sign, m_bit: sign and bit of the part of dhat that updates M, m_sign = 0 for none. last: the sample ends.
    """

    first: bool = False
    start: bool = False
    window: int = -1
    sign: int = 0
    frame: int = -1
    error: int = 0
    third: int = 0
    credit: bool = False
    rank: int = 0
    decay: bool = False
    m_sign: int = 0
    m_bit: int = 0
    last: bool = False
