"""The checks: what each asks of silicon, what must or may be answered, and what to change if the board answers otherwise."""
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from lava_opzo.board.acceptance import questions
from lava_opzo.board.acceptance.bench import Bench, NotComputed

NOT_COMPUTED = "not computed by this model"
"""The answer of a model that knows other rules than the one of a check."""


@dataclass(frozen=True)
class Check:
    """One experiment.

    expected: the answer that this project computes with. needed: whether its results depend on it. otherwise: what to change
    when the answer differs. run(bench): the answer as text. also: another answer with which all is well.
    """

    letter: str
    title: str
    asks: str
    expected: str
    needed: bool
    otherwise: str
    run: Callable[[Bench], str]
    also: str | None = None

    def agrees(self, answer: str) -> bool:
        """Whether this is what the project computes with."""
        return answer in (self.expected, self.also)


CHECKS = (
    Check(
        "a",
        "LIF states",
        "u and v of stock LIF over 64 steps equal docs/arithmetic.md section 3",
        "all u and v equal",
        True,
        "let INRC's LIF be calibrated: compare which of leak, bias scale and threshold differs first; in-the-loop runs report it "
        "as spikes that do not follow from the currents, so do not trust any accuracy until this passes",
        questions.lif_states,
    ),
    Check(
        "b",
        "positive update",
        "weight 10, one spike with y1 = 3 under form A: 10 + 2*3",
        "16",
        True,
        "scale y by the ratio: change SCALE_EXPONENT in lava_opzo/learning/rules.py and record new golden vectors",
        questions.positive_update,
    ),
    Check(
        "c",
        "negative update",
        "the same with y2 = 3: 10 - 2*3",
        "4",
        True,
        "if 10: negative products are dropped, so use two rules of opposite sign on two synapses; if 16: y2 is read as y1",
        questions.negative_update,
    ),
    Check(
        "d",
        "two-trace scale",
        "x1 = 8, y1 = 1, 2^1*x1*y1: +2 with a shift by 3, +4 with a shift by 2",
        "2",
        False,
        "nothing here uses two traces; whoever adds such a rule must halve its scale for a board that answers 4",
        questions.two_trace_scale,
    ),
    Check(
        "e",
        "rounding of products",
        "127*1 and -(7*1), each shifted right by 3, times 2: floor gives 30, -2; truncation 30, 0; ceil 32, -2",
        "30, -2",
        False,
        "nothing here rounds a product but the decay of M, whose product is a multiple of the shift",
        questions.rounding,
    ),
    Check(
        "f",
        "rails",
        "254 + 2, that - 2, and -254 - 6: stock Lava stops at 255 (and then stays odd) and -256; Loihi 1 at 254",
        "255, back to 253; -256",
        False,
        "runs without rail touches are not affected; those with touches cannot be replayed: lower the scales (runs count them)",
        questions.saturation,
    ),
    Check(
        "g",
        "graded traces",
        "x1 after payloads 1, 3, 5 with OVERWRITE: half to even gives 0, 2, 2; payload >> 1 gives 0, 1, 2",
        "0, 2, 2",
        False,
        "nothing here uses graded traces; with them send even payloads only",
        questions.graded_trace,
    ),
    Check(
        "h",
        "repeatability",
        "two runs give the same weight, with rounding and in form A",
        "identical with rounding; identical in form A",
        True,
        "form A must be identical: else something rounds, see b and c; with rounding a board needs a fixed seed",
        questions.repeatability,
        also="identical in form A",
    ),
    Check(
        "i",
        "width of y",
        "y1 = 200 (2^0) and y1 = -1 (2^1) written by a neuron: clipped to 127 and taken as signed, or cut to 7 bits",
        "127, -2",
        False,
        "the neuron programs write 0..127 only; a board that answers otherwise shows a fault in a program at once",
        questions.trace_width,
    ),
    Check(
        "j",
        "width of a synaptic input",
        "660 synapses at once: a of 31680 (16 bits), 33000 (17), 66000 and 130680 (18), and u of a = 167640, beyond 24 bits",
        "31680, 33000, 66000, 130680; u -6048256",
        False,
        "if all but the first differ, |a| has 16 bits, to which replayable runs keep; if the first differs, fewer: take the "
        "profile that --profile-out writes and lower the scales",
        questions.input_width,
    ),
    Check(
        "k",
        "width of a membrane",
        "v after 16 steps of -524160, within 24 bits, and after 24 steps, beyond them: stock Lava clips",
        "-8386560; -8388607",
        False,
        "if the first differs, v has fewer than 24 bits: take the profile that --profile-out writes; the second is reached only "
        "by runs that are not replayable",
        questions.state_width,
    ),
)


def results(bench: Bench, checks: Sequence[Check] = CHECKS) -> list[tuple[Check, str]]:
    """Every check with the bench's answer, in order."""
    return [(check, answer_of(check, bench)) for check in checks]


def as_dicts(answers: Sequence[tuple[Check, str]]) -> list[dict[str, Any]]:
    """Checks and answers for JSON."""
    return [{"check": check.letter, "title": check.title, "asks": check.asks, "expected": check.expected, "answer": answer,
             "same": check.agrees(answer), "needed": check.needed, "otherwise": check.otherwise} for check, answer in answers]


def answer_of(check: Check, bench: Bench) -> str:
    """The bench's answer to one check."""
    try:
        return check.run(bench)
    except NotComputed:
        return NOT_COMPUTED
