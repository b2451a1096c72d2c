"""`lava-opzo paper`: the paper's algorithm as it was published, in real numbers, on this machine's processor or a GPU."""
from pathlib import Path
from typing import Annotated

from typer import Argument, Context, Option

from lava_opzo.cli.options import AsJson


def paper(
    context: Context,
    preset: Annotated[str, Argument(help="digits, mnist, nmnist, cifar10, cifar10-vgg, cifar100, dvs-gesture, dvs-cifar10 (full "
                                         "size), mnist-conv or cifar10-small")] = "digits",
    data: Annotated[Path | None, Option(help="folder or file of the data set")] = None,
    credit: Annotated[str | None, Option(help="opzo, bp, dfa, dkp or zo")] = None,
    epochs: Annotated[int | None, Option(help="passes over the training set")] = None,
    seed: Annotated[int | None, Option(help="seed of weights, noise and order")] = None,
    settings: Annotated[list[str] | None, Option(
        "--set", help="key=value, as noise.alpha=0.3 or hidden=64c3,p2,100; once for each (docs/paper.md)")] = None,
    device: Annotated[str, Option(help="cpu or cuda")] = "cpu",
    out: Annotated[Path | None, Option(help="run folder; default the next free runs/paper-<n>")] = None,
    resume: Annotated[Path | None, Option(help="go on with this run folder after its last whole epoch")] = None,
    as_json: AsJson = False,
) -> None:
    """Train by the paper's algorithm or one of its baselines; Ctrl-C ends it, --resume goes on after the last whole epoch."""
    from lava_opzo.cli.given import refuse_all_but
    from lava_opzo.cli.output import answer
    from lava_opzo.errors import UserError, not_installed
    from lava_opzo.runs.folder import RunFolder

    if resume is not None:
        refuse_all_but(context, "--resume", ("resume", "device", "as_json"))
    try:
        from lava_opzo.export import from_paper
        from lava_opzo.paper import run
    except ModuleNotFoundError as error:
        if error.name != "torch":
            raise
        raise not_installed("paper", "torch", "torch") from None
    print(run.first_line(device), flush=True)
    if resume is not None:
        folder, progress = resume, run.resumed(resume, device)
    else:
        chosen = run.chosen(preset, data, credit, epochs, seed, settings or [])
        folder = out or RunFolder.next_free("runs", "paper")
        progress = run.started(chosen, folder, device)
    for line in progress.said:
        print(line, flush=True)
    for epoch in progress.epochs():
        print(progress.line(epoch), flush=True)
    try:
        from_paper.write(folder / from_paper.NAME, progress.learner.network)
        print(f"weights: {folder / from_paper.NAME}, for lava-opzo import-network")
    except UserError as error:
        print(f"weights: no file for lava-opzo import-network. {error}")
    print(f"run folder {folder}; go on or look again with: lava-opzo paper --resume {folder}")
    answer(progress.result())
