"""`lava-opzo record`: golden vectors of a few training samples."""
from pathlib import Path
from typing import Annotated

from typer import Argument, Option


def record(
    folder: Annotated[Path, Argument(help="new folder for the vectors")],
    config: Annotated[Path | None, Option(help="config or run folder; without it the digits preset")] = None,
    samples: Annotated[int, Option(min=1, help="training samples to learn")] = 3,
    engine: Annotated[str, Option(help="stock, fast, twin or oracle")] = "stock",
) -> None:
    """Write every variable of every step, with a sha256 of each array, for `lava-opzo replay`."""
    from lava_opzo.cli.output import progress
    from lava_opzo.engines.registry import parse
    from lava_opzo.runs.source import open_source, training_samples
    from lava_opzo.verification import golden

    (name,) = parse(engine, 1, 1)
    print(f"record: {name}; in software, no board is used", flush=True)
    experiment, state = open_source(config)
    frames, labels = training_samples(experiment, samples)
    golden.record(folder, experiment, state, frames, labels, name, progress)
    print(f"{len(frames)} samples recorded in {folder}; replay them: lava-opzo replay {folder}")
