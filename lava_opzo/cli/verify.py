"""`lava-opzo verify`: every engine or one target, every variable that it shows, bit by bit."""
from pathlib import Path
from typing import Annotated

from typer import Context, Exit, Option

from lava_opzo.cli.options import AsJson, Mode, Place, Plugin, Ranges
from lava_opzo.errors import DIFFERENCE

ENGINES = "stock,fast,twin,oracle"


def verify(
    context: Context,
    config: Annotated[Path | None, Option(help="config or run folder; without it the digits preset")] = None,
    samples: Annotated[int, Option(min=1, help="training samples to learn")] = 10,
    engines: Annotated[str, Option(help="two or more of stock, fast, twin, oracle; the first is the reference; beside a target "
                                        "the reference alone, by default twin")] = ENGINES,
    plugin: Plugin = None,
    mode: Mode = "on-chip",
    target: Place = "simulator",
    every: Annotated[int, Option(min=1, help="samples between two readings of a target; a difference is narrowed down")] = 1,
    only_sample: Annotated[int | None, Option(help="compare this sample alone, from the state before it")] = None,
    ranges: Ranges = False,
    as_json: AsJson = False,
) -> None:
    """Compare engines in lock step, or a target with a reference; exit code 1 at the first difference, which is then named."""
    from lava_opzo.cli.given import given, refuse_beside
    from lava_opzo.cli.options import target_of
    from lava_opzo.cli.output import answer, progress
    from lava_opzo.engines.registry import parse
    from lava_opzo.runs.source import open_source, training_samples
    from lava_opzo.verification import lockstep, report as reports
    from lava_opzo.verification.command import verify_command
    from lava_opzo.verification.targets import verify_target

    chosen = target_of(plugin, mode, target)
    if chosen is None:
        refuse_beside(context, "no --plugin, --mode in-the-loop or --target loihi2", ("every",))
        names = parse(engines)
        print(f"verify: {', '.join(names)}; in software, no board is used", flush=True)
    else:
        names = parse(engines if "engines" in given(context) else "twin", 1, 1)
        print(f"verify: {chosen.line()}; against {names[0]}", flush=True)
    experiment, state = open_source(config)
    frames, labels = training_samples(experiment, samples, state.n_trained)
    if chosen is None:
        report = lockstep.verify(experiment.network, state, frames, labels, names, only_sample, progress)
    else:
        report = verify_target(experiment.network, state, frames, labels, chosen, names[0], only_sample, every, progress)
    replay = verify_command(report, config, len(frames), chosen)
    print("\n".join(reports.lines(report, replay, ranges)))
    answer(reports.as_dict(report, replay))
    if report.differing:
        raise Exit(DIFFERENCE)
