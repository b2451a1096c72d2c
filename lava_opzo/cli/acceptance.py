"""`lava-opzo acceptance`: small experiments that decide whether a target computes as this project assumes."""
from pathlib import Path
from typing import Annotated

from typer import Exit, Option

from lava_opzo.cli.options import AsJson, Mode, Place, Plugin
from lava_opzo.errors import DIFFERENCE


def acceptance(
    place: Place = "simulator",
    bench: Annotated[str | None, Option(help="package.module:Class with the two experiments on a board, for loihi2")] = None,
    plugin: Plugin = None,
    mode: Mode = "on-chip",
    profile_out: Annotated[Path | None, Option(help="new .toml file for the profile of the chip that gave these answers; its "
                                                    "name is the profile's")] = None,
    as_json: AsJson = False,
) -> None:
    """Run the checks, print question, answer and, where it differs, what to change. Exit code 1 if a needed answer differs."""
    from lava_opzo.board.acceptance.checks import NOT_COMPUTED, as_dicts, results
    from lava_opzo.board.acceptance.measured import profile_of
    from lava_opzo.board.acceptance.target import checks_of, open_bench
    from lava_opzo.cli.output import answer
    from lava_opzo.engines.target import Target, plugins_of
    from lava_opzo.experiment import profile_file

    target = Target(mode=mode, place=place, plugins=plugins_of(plugin or []))
    if profile_out is not None:
        profile_file.check_new(profile_out)
    chosen = open_bench(target, bench)
    print(f"target: {chosen.name}", flush=True)
    answers = results(chosen, checks_of(target))
    for check, given in answers:
        differs = not check.agrees(given) and (check.needed or given != NOT_COMPUTED)
        word = "DIFFERENT" if differs else "same" if check.agrees(given) else "not asked of it"
        print(f"({check.letter}) {check.title}: {check.asks}\n    answer {given}; expected {check.expected}: {word}")
        if differs:
            print(f"    {'needed' if check.needed else 'not needed by this project'}: {check.otherwise}")
    answer({"target": chosen.name, "checks": as_dicts(answers)})
    if profile_out is not None:
        said = {check.letter: given for check, given in answers}
        profile_file.write(profile_out, profile_of(profile_out.stem, said, of_a_chip=target.on_board))
        print(f"profile '{profile_out.stem}' written to {profile_out}; use it: lava-opzo train --profile {profile_out}")
    if any(check.needed and not check.agrees(given) for check, given in answers):
        raise Exit(DIFFERENCE)
