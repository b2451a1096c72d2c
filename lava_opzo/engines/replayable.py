"""Whether a chip would learn the same bits as a run did: only if every value stayed where chips are known to agree.

Beyond these ranges engines here still agree, but chips may wrap, clip or stop elsewhere (docs/arithmetic.md section 8).
"""
from lava_opzo.engines import largest as sizes
from lava_opzo.engines.largest import Largest
from lava_opzo.engines.touches import Touches, total
from lava_opzo.silicon.profile import STATE_SHIFT, Profile


def obstacles(profile: Profile, largest: Largest | None, touches: Touches | None) -> list[str] | None:
    """What a run did that a chip of this profile may do otherwise, one line each; None where it was not counted.

    A synaptic input must fit the profile's width, v must never be clipped unless the chip clips it alike, h, r, o and d must fit
    its states, a rail may be touched only where the profile has the rails of a chip, and traces, payloads and noise must fit it.
    """
    if largest is None or touches is None:
        return None
    most = profile.replayable_input
    holds = (f"{profile.input_bits} bits hold {most}" if most == profile.largest_input
             else f"a state of {profile.state_bits} bits holds {most}")
    found = [f"|a| of {layer} reached {values['u'] >> STATE_SHIFT}, {holds}" for layer, values in largest.items()
             if values.get("u", 0) >> STATE_SHIFT > most]
    found += [f"|{name}| of {layer} reached {value}, its limit is {_limit(profile, name)}" for layer, values in largest.items()
              for name, value in values.items() if name != "u" and value > _limit(profile, name)]
    found += profile.lacks
    n = total(touches)
    if n and not profile.of_a_chip:
        found.append(f"{n} rail touches, and no chip is known to have the rails of profile '{profile.name}'")
    return found


def verdict(profile: str, found: list[str] | None) -> str:
    """The line for a person. profile: its name. found: of `obstacles`."""
    if found is None:
        return "replayable on a board: not counted"
    if found:
        return f"replayable on a board: no, {'; '.join(found)} (docs/board.md, replayable runs)"
    return f"replayable on a board: yes, every value stayed in the ranges of profile '{profile}'"


def _limit(profile: Profile, name: str) -> int:
    """The largest size of a variable that a chip of this profile keeps as it is computed here."""
    narrowest = min(sizes.limit(name), profile.largest_state)
    clipped_alike = name == "v" and profile.beyond_v == "clip" and profile.largest_state == sizes.WIDE
    return sizes.WIDE if clipped_alike else narrowest
