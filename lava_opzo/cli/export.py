"""`lava-opzo export`: a trained network for lava-dl's netx or as a NIR graph."""
from pathlib import Path
from typing import Annotated

from typer import Argument, Option


def export(
    source: Annotated[Path, Argument(help="checkpoint or run folder")],
    out: Annotated[Path, Argument(help="file to write; an existing one is refused")],
    to: Annotated[str, Option(help="netx (lava-dl HDF5) or nir")] = "netx",
    round_odd: Annotated[bool, Option("--round-odd", help="round odd weights, left by rail touches, towards zero")] = False,
    check: Annotated[int | None, Option(min=1, help="netx: run the file in Lava on so many samples and compare")] = None,
) -> None:
    """Write the forward network with all its scales, and print them."""
    from lava_opzo.errors import UserError
    from lava_opzo.export import netx, nir_graph
    from lava_opzo.export.forward import forward_of, scales, with_even_weights
    from lava_opzo.runs.source import open_source, samples

    writers = {"netx": netx.write, "nir": nir_graph.write}
    if to not in writers:
        raise UserError(f"format '{to}' is not one of {', '.join(writers)}; choose one of them")
    if check and to != "netx":
        raise UserError("--check runs a netx file; leave it out or use --to netx")
    experiment, state = open_source(source)
    if round_odd:
        state, rounded = with_even_weights(experiment.network, state)
        print(f"odd weights rounded: {rounded}")
    forward = forward_of(experiment.network, state)
    if check:
        from lava_opzo.export.netx_run import library

        library()
    writers[to](out, forward)
    for note in forward.notes:
        print(note)
    for name, value in scales(forward).items():
        print(f"{name}: {value}")
    if check:
        from lava_opzo.engines.samples import shown_frames
        from lava_opzo.engines.twin.integers.loop import evaluate
        from lava_opzo.export.netx_run import predictions

        frames, _ = samples(experiment, check)
        ours = evaluate(experiment.network, state, frames).predictions
        shown = shown_frames(experiment.network, frames)
        equal = int((predictions(out, shown, experiment.network.learning.steps) == ours).sum())
        print(f"netx in Lava and ours predict the same class for {equal} of {len(frames)} samples")
        if equal < len(frames):
            raise UserError(f"{out}: {len(frames) - equal} predictions differ; do not use the file")
