"""What one population does in one time step of a sample."""
from dataclasses import dataclass


@dataclass(frozen=True)
class Step:
    """Instructions to a population for one time step; a field at its default means: not in this step.

    first: the population's first step of a sample, in which noise is drawn. rest: counts and the sums of readouts begin anew in
    it. start: the first step of a window, in which v is cleared. window: number of the running window, -1 for none; 1 in the only
    one, too, where its noise has turned to -. sign: sign of the noise in it.
    frame: window step k whose payload the input sends, -1 for none. alone: weights learn in every step, so that psi and the third
    factor are those of this step, and the count is a trace that decays first. label: the input sends the label.
    answer: the readout predicts. error: +1 or -1, the readout sends that part of its error. difference: it computes dhat.
    third_factor: +1 or -1, a hidden population adds or subtracts what arrives through M. quantise: the population computes y.
    rank: rank of the eligibility spikes, 0 for none. decay: rows of M decay.
    m_sign, m_bit: sign and bit of the part of dhat that updates M, m_sign = 0 for none. last: the sample ends.
    """

    first: bool = False
    rest: bool = False
    start: bool = False
    window: int = -1
    sign: int = 0
    frame: int = -1
    alone: bool = False
    label: bool = False
    answer: bool = False
    error: int = 0
    difference: bool = False
    third_factor: int = 0
    quantise: bool = False
    rank: int = 0
    decay: bool = False
    m_sign: int = 0
    m_bit: int = 0
    last: bool = False
