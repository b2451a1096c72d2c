"""Pre-flight rules that need samples: what the network really does with them, measured in the twin."""

from lava_opzo.board.finding import Finding, judged
from lava_opzo.board.subject import Subject
from lava_opzo.silicon.limits import Limit

SILENT, SATURATED = 0.1, 90.0
"""Percent of a layer's neurons that spike in a step of a window: below and above it learning has little to work with."""

OURS = "lava_opzo.board.rules.activity, a choice of this project"


def activity(subject: Subject) -> list[Finding]:
    """Silent and saturated hidden layers."""
    if subject.measured is None:
        return [
            Finding("unknown", "activity", "all layers", "not measured", "?", "% of neurons a step", OURS, True, "give samples")
        ]
    findings = []
    config = subject.config
    for i, layer in enumerate(config.hidden):
        rate = 100 * float(subject.measured.spikes[:, i].mean()) / (layer.n * config.steps)
        common = ("activity", f"hidden{i + 1}", f"{rate:.2f}")
        if rate < SILENT:
            findings.append(
                Finding(
                    "warning",
                    *common,
                    f"at least {SILENT}",
                    "% of neurons a step",
                    OURS,
                    True,
                    "the layer is silent: lower vth or raise w_sigma",
                )
            )
        else:
            level = "warning" if rate > SATURATED else "ok"
            findings.append(
                Finding(
                    level,
                    *common,
                    f"{SATURATED}",
                    "% of neurons a step",
                    OURS,
                    True,
                    "the layer is saturated: raise vth" if level == "warning" else "",
                )
            )
    return findings


def measured_states(subject: Subject) -> list[Finding]:
    """The largest |u|, |v| and readout sum that the samples reached."""
    if subject.measured is None:
        return []
    largest, limits = subject.measured.largest, subject.limits
    hidden = {layer: values for layer, values in largest.items() if layer != "readout"}
    below = Limit(limits.state.value - 1, limits.state.unit, limits.state.source, limits.state.verified)
    findings = []
    for layer, values in hidden.items():
        findings.append(judged("current, measured", layer, values["u"], limits.synaptic_input, "lower w_sigma and vth", "warning"))
        findings.append(
            judged(
                "membrane, measured",
                layer,
                values["v"],
                below,
                "v is clipped, which a board may not do: lower w_sigma and vth",
                "warning",
            )
        )
    if subject.mode == "in-the-loop":
        findings.append(judged("readout sum, measured", "readout", largest["readout"]["o"], limits.readout_sum, "use fewer steps a window"))
    return findings


ACTIVITY_RULES = (activity, measured_states)
