"""`lava-opzo record`: golden vectors of a few training samples."""
from pathlib import Path
from typing import Annotated

from typer import Argument, Context, Option

from lava_opzo.cli.options import Mode, Place, Plugin


def record(
    context: Context,
    folder: Annotated[Path, Argument(help="new folder for the vectors")],
    config: Annotated[Path | None, Option(help="config or run folder; without it the digits preset")] = None,
    samples: Annotated[int, Option(min=1, help="training samples to learn")] = 3,
    engine: Annotated[str, Option(help="stock, fast, twin or oracle")] = "stock",
    plugin: Plugin = None,
    mode: Mode = "on-chip",
    target: Place = "simulator",
) -> None:
    """Write every variable of every step, or all that a target shows after each sample, for `lava-opzo replay`."""
    from lava_opzo.cli.given import refuse_beside
    from lava_opzo.cli.options import target_of
    from lava_opzo.cli.output import progress
    from lava_opzo.engines.registry import parse
    from lava_opzo.runs.source import open_source, training_samples
    from lava_opzo.verification import golden

    chosen = target_of(plugin, mode, target)
    if chosen is None:
        (source,) = parse(engine, 1, 1)
        print(f"record: {source}; in software, no board is used", flush=True)
    else:
        refuse_beside(context, "a target", ("engine",))
        source = chosen
        print(f"record: {chosen.line()}; what can be read after each sample", flush=True)
    experiment, state = open_source(config)
    frames, labels = training_samples(experiment, samples, state.n_trained)
    golden.record(folder, experiment, state, frames, labels, source, progress)
    print(f"{len(frames)} samples recorded in {folder}; replay them: lava-opzo replay {folder}")
