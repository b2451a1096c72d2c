"""`lava-opzo verify`: every engine, every variable, every step, bit by bit."""
from pathlib import Path
from typing import Annotated

from typer import Exit, Option

from lava_opzo.cli.options import AsJson
from lava_opzo.errors import DIFFERENCE


def verify(
    config: Annotated[Path | None, Option(help="config or run folder; without it the digits preset")] = None,
    samples: Annotated[int, Option(min=1, help="training samples to learn")] = 10,
    engines: Annotated[str, Option(help="two or more of stock, fast, twin, oracle; the first is the reference")] =
        "stock,fast,twin,oracle",
    only_sample: Annotated[int | None, Option(help="compare this sample alone, from the state before it")] = None,
    as_json: AsJson = False,
) -> None:
    """Compare engines in lock step; exit code 1 at the first difference, which is then named with its operands."""
    from lava_opzo.cli.output import answer, progress
    from lava_opzo.engines.registry import parse
    from lava_opzo.runs.source import open_source, training_samples
    from lava_opzo.verification import lockstep, report as reports

    names = parse(engines)
    print(f"verify: {', '.join(names)}; in software, no board is used", flush=True)
    experiment, state = open_source(config)
    frames, labels = training_samples(experiment, samples)
    report = lockstep.verify(experiment.network, state, frames, labels, names, only_sample, progress)
    replay = ""
    if report.first:
        comparison, first = report.first
        chosen = f" --config {config}" if config else ""
        replay = (f"lava-opzo verify{chosen} --samples {len(frames)} --only-sample {first.place.sample} "
                  f"--engines {comparison.left},{comparison.right}")
    print("\n".join(reports.lines(report, replay)))
    answer(reports.as_dict(report, replay))
    if report.differing:
        raise Exit(DIFFERENCE)
