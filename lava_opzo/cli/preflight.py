"""`lava-opzo preflight`: does this network fit a Loihi 2 board, and where would it lie."""
from pathlib import Path
from typing import Annotated

from typer import Argument, Context, Option

from lava_opzo.board.finding import MEASURED_SAMPLES
from lava_opzo.cli.options import AsJson


def preflight(
    context: Context,
    source: Annotated[Path | None, Argument(help="config .toml, checkpoint or run folder; without it the digits preset")] = None,
    board: Annotated[str, Option(help="board by name; an unknown name lists them")] = "oheo-gulch",
    mode: Annotated[str, Option(help="on-chip or in-the-loop")] = "on-chip",
    samples: Annotated[int, Option(min=0, help="samples for measured activity and widths; 0: none")] = MEASURED_SAMPLES,
    picture: Annotated[Path | None, Option(help="PNG of the mapping")] = None,
    everything: Annotated[bool, Option("--all", help="show the findings that are good, too")] = False,
    limits: Annotated[bool, Option("--limits", help="list every limit with its source instead")] = False,
    as_json: AsJson = False,
) -> None:
    """Check a network against every known limit of the chip and map it onto a board."""
    from lava_opzo.board import tables
    from lava_opzo.board.finding import refuse
    from lava_opzo.board.mapping import mapping_report
    from lava_opzo.board.preflight import preflight as check
    from lava_opzo.cli.given import refuse_all_but
    from lava_opzo.cli.output import answer
    from lava_opzo.runs.source import open_source, samples as load_samples
    from lava_opzo.silicon import boards, limits as all_limits

    if limits:
        refuse_all_but(context, "--limits", ("limits", "as_json"))
        tables.print_table("Limits", ("name", "value", "unit", "", "source"), all_limits.rows())
        answer({"limits": all_limits.as_dicts()})
        return
    chosen_board = boards.find(board)
    experiment, state = open_source(source)
    mapping = mapping_report(experiment.network, chosen_board, mode)
    frames = load_samples(experiment, samples)[0] if samples else None
    findings = check(experiment.network, state, chosen_board, mode, frames)
    tables.print_preflight(findings, everything)
    tables.print_mapping(mapping, experiment.network)
    answer(tables.as_dict(findings, mapping, experiment.network))
    if picture:
        from lava_opzo.report.mapping import mapping_picture

        mapping_picture(picture, mapping)
    refuse(findings)
