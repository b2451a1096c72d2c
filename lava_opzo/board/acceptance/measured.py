"""The profile of a chip out of its answers to the acceptance checks: only what they measure, all else as it is known."""
import re
from collections.abc import Mapping

from lava_opzo.errors import UserError
from lava_opzo.silicon.profile import STATE_LIMIT, Beyond, Profile

EXACT_INPUTS = ((31680, 16), (33000, 17), (66000, 18), (130680, 18))
"""(a synaptic input of check j, the bits that it takes), in the order of the answer."""

WRAPPED_U, CLIPPED_U = -6048256, (STATE_LIMIT - 1, STATE_LIMIT - 64)
"""u of a = 167640 (check j) of a chip that wraps, and of one that clips."""

STEP_OF_V, WRAPPED_V = -524160, -524160 * 24 + 2 * STATE_LIMIT
"""Bias of check k, and its last v on a chip that wraps."""


def profile_of(name: str, answers: Mapping[str, str], of_a_chip: bool) -> Profile:
    """The profile `name` from answers by the letter of their check.

    Raises UserError where the answer to check f has no rails, or such as no profile can have.
    """
    answer = answers.get("f", "")
    rails = _numbers(answer)
    if len(rails) != 3:
        raise UserError(f"profile '{name}': the answer '{answer}' to check f has no rails; mend the bench, then ask again")
    return Profile(name, weight_min=rails[2], weight_max=rails[0], of_a_chip=of_a_chip, **_input(answers.get("j", "")),
                   **_state(answers.get("k", "")))


def _input(answer: str) -> dict:
    """input_bits and beyond_u from the answer to check j; nothing from one that says nothing."""
    numbers = _numbers(answer)
    if len(numbers) != len(EXACT_INPUTS) + 1:
        return {}
    held = 15
    for (exact, bits), given in zip(EXACT_INPUTS, numbers, strict=False):
        if given != exact:
            break
        held = bits
    beyond: Beyond = "wrap" if numbers[-1] == WRAPPED_U else "clip" if numbers[-1] in CLIPPED_U else "unknown"
    return {"input_bits": held, "beyond_u": beyond if held == EXACT_INPUTS[-1][1] else "unknown"}


def _state(answer: str) -> dict:
    """state_bits and beyond_v from the answer to check k; nothing from one that says nothing."""
    numbers = _numbers(answer)
    if len(numbers) != 2:
        return {}
    within, last = numbers
    if within != 16 * STEP_OF_V:
        return {"state_bits": max(8, min(23, abs(within).bit_length() + 1))}
    return {"beyond_v": {-STATE_LIMIT + 1: "clip", WRAPPED_V: "wrap"}.get(last, "unknown")}


def _numbers(answer: str) -> list[int]:
    return [int(number) for number in re.findall(r"-?\d+", answer)]
