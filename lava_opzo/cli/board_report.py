"""`lava-opzo board-report`: one file without secrets that tells what a board, or whatever stands in its place, answered."""
from pathlib import Path
from typing import Annotated

from typer import Argument, Context, Option

from lava_opzo.cli.options import AsJson, Mode, Place, Plugin

ENGINES = ("fast", "twin", "oracle")
"""What is compared where no target is named."""


def board_report(
    context: Context,
    run: Annotated[Path | None, Argument(help="config .toml, checkpoint or run folder; default: the digits preset")] = None,
    place: Place = "simulator",
    bench: Annotated[str | None, Option(help="package.module:Class with the two experiments on a board, for loihi2")] = None,
    plugin: Plugin = None,
    mode: Mode = "on-chip",
    samples: Annotated[int, Option(min=1, help="training samples of the comparison")] = 5,
    acceptance: Annotated[Path | None, Option(help="answers that `acceptance --json` printed, instead of asking again")] = None,
    verify: Annotated[Path | None, Option(help="what `verify --json` printed, instead of comparing again")] = None,
    out: Annotated[Path, Option(help="new .json file")] = Path("board-report.json"),
    as_json: AsJson = False,
) -> None:
    """Ask the acceptance checks, compare a few samples with the twin, and pack both with versions and board variables."""
    from lava_opzo.board.acceptance.checks import NOT_COMPUTED, as_dicts, results
    from lava_opzo.board.acceptance.target import checks_of, open_bench
    from lava_opzo.cli.given import refuse_beside
    from lava_opzo.cli.options import target_of
    from lava_opzo.cli.output import answer, progress
    from lava_opzo.deployment.board_report import answer_in, attempted, report, write
    from lava_opzo.engines.target import Target
    from lava_opzo.files.new import refuse_existing
    from lava_opzo.runs.source import open_source, training_samples
    from lava_opzo.verification import lockstep, report as reports
    from lava_opzo.verification.targets import verify_target

    refuse_existing(out)
    if acceptance is not None:
        refuse_beside(context, "--acceptance", ("bench",))
    if verify is not None:
        refuse_beside(context, "--verify", ("samples",))
    named = target_of(plugin, mode, place)
    target = named or Target()
    print(f"board-report: {target.line()}", flush=True)
    experiment, state = open_source(run)
    failed: list[str] = []
    asked, compared = [], {}
    if acceptance is not None:
        asked = answer_in(acceptance, "checks")["checks"]
    else:
        own = open_bench(target, bench)
        asked = attempted("acceptance", lambda: as_dicts(results(own, checks_of(target))), asked, failed)
    if verify is not None:
        compared = answer_in(verify, "compared")
    else:
        frames, labels = training_samples(experiment, samples, state.n_trained)
        compared = attempted("verify", lambda: reports.as_dict(
            verify_target(experiment.network, state, frames, labels, named, "twin", show=progress) if named
            else lockstep.verify(experiment.network, state, frames, labels, ENGINES, show=progress), ""), compared, failed)
    paths = tuple(path for path in (run, acceptance, verify, out) if path is not None)
    content = report(target.line(), asked, target.on_board, compared, failed, experiment, state.n_trained, paths)
    write(out, content)
    different = sum(not check.get("same", True) and check.get("answer") != NOT_COMPUTED for check in content["acceptance"])
    print(f"{out}: {len(asked)} checks, {different} answered otherwise; {compared.get('compared', 0)} values compared, "
          f"{compared.get('differing', 0)} differ; {len(failed)} parts failed; it holds no paths and no variables "
          "but the board's: read it, then send it")
    answer({"file": str(out), "report": content})
