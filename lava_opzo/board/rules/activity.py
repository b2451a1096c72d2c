"""Pre-flight rules that need samples: what the network really does with them, measured in the twin."""
from lava_opzo.board.finding import Finding, judged
from lava_opzo.board.subject import Subject
from lava_opzo.silicon.limits import Limit
from lava_opzo.silicon.profile import STATE_SHIFT

SILENT, SATURATED = 0.1, 90.0
"""Percent of a population's neurons that spike in a step of a window: below and above it learning has little to work with."""

UNIT = "% of neurons a step"
OURS = "lava_opzo.board.rules.activity, a choice of this project"


def activity(subject: Subject) -> list[Finding]:
    """Silent and saturated hidden populations."""
    if subject.measured is None:
        return [Finding("unknown", "activity", "all populations", "not measured", "?", UNIT, OURS, True, "give samples")]
    spikes, steps = subject.measured.spikes, subject.network.learning.steps
    return [_judged_rate(layer.name, 100 * float(spikes[:, i].mean()) / (layer.n * steps))
            for i, layer in enumerate(subject.network.hidden)]


def _judged_rate(population: str, rate: float) -> Finding:
    level, limit, next_step = "ok", f"{SATURATED}", ""
    if rate < SILENT:
        level, limit, next_step = "warning", f"at least {SILENT}", "the population is silent: lower vth or raise sigma"
    elif rate > SATURATED:
        level, next_step = "warning", "the population is saturated: raise vth"
    return Finding(level, "activity", population, f"{rate:.2f}", limit, UNIT, OURS, True, next_step)


def measured_states(subject: Subject) -> list[Finding]:
    """The largest |a|, |v| and readout sum that the samples reached."""
    if subject.measured is None or subject.measured.largest is None:
        return []
    largest, limits, findings = subject.measured.largest, subject.limits, []
    below = Limit(limits.state.number - 1, limits.state.unit, limits.state.source, limits.state.verified)
    for layer in subject.network.hidden:
        findings += [
            judged("synaptic input, measured", layer.name, largest[layer.name]["u"] >> STATE_SHIFT, limits.synaptic_input,
                   "a run is not replayable on a board: spread the payloads, lower sigma and vth", "warning"),
            judged("membrane, measured", layer.name, largest[layer.name]["v"], below,
                   "v is clipped, which a board may not do: set v_floor, lower sigma and vth", "warning"),
        ]
    readout = subject.network.readout.name
    if subject.mode == "in-the-loop":
        findings.append(judged("readout sum, measured", readout, largest[readout]["o"], limits.readout_sum,
                               "use fewer steps a window"))
    elif subject.network.learning.by_step:
        findings.append(judged("running sum, measured", readout, largest[readout]["o"], below, "raise dv, lower sigma"))
    return findings


ACTIVITY_RULES = (activity, measured_states)
