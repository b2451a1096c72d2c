"""`lava-opzo train`: learn a data set on line, in the twin or in Lava, and leave a run folder."""
from pathlib import Path
from typing import Annotated, Optional

from typer import Option


def train(
    dataset: Annotated[str, Option(help="digits, mnist, idx, nmnist, dvs_gesture or npz")] = "digits",
    data: Annotated[Optional[Path], Option(help="folder or file of the data set")] = None,
    config: Annotated[Optional[Path], Option(help="TOML file of a whole run, instead of --dataset and --hidden")] = None,
    hidden: Annotated[Optional[str], Option(help="widths of 1 to 4 hidden layers, as in 200,200; default: the preset's")] = None,
    validation: Annotated[Optional[int], Option(help="test on the last N training samples, held back, not on the test set")] = None,
    epochs: Annotated[Optional[int], Option(help="passes over the training set")] = None,
    engine: Annotated[str, Option(help="twin, lava (event-driven) or stock (all of stock Lava): equal bits")] = "twin",
    model: Annotated[Optional[str], Option(help="fixed_pt, or floating_pt: real numbers; default: the config's, else fixed_pt")] = None,
    credit: Annotated[Optional[str], Option(help="opzo, one-window or dfa; backprop and single-point for --model floating_pt")] = None,
    seed: Annotated[Optional[int], Option(help="seed of weights and noise")] = None,
    out: Annotated[Optional[Path], Option(help="run folder; default the next free runs/<dataset>-<n>")] = None,
    as_json: Annotated[bool, Option("--json", help="print the result as one line of JSON at the end")] = False,
):
    """Train from scratch; Ctrl-C once stops after the running chunk and saves, `lava-opzo resume` goes on."""
    from lava_opzo.cli.output import finish
    from lava_opzo.engines import registry
    from lava_opzo.experiment import experiment as experiments
    from lava_opzo.experiment import samples
    from lava_opzo.experiment.choose import choose
    from lava_opzo.experiment.credit_kinds import assigned
    from lava_opzo.runs import start
    from lava_opzo.runs.folder import RunFolder
    from lava_opzo.runs.progress import Display

    configured = experiments.load(config) if config else None
    model = model or (configured.model if configured else "fixed_pt")
    registry.check(engine, model, gate=configured.gate if configured else "psi")
    print(registry.target(engine, model), flush=True)
    if configured:
        chosen = experiments.changed(configured, path=data, validation=validation)
        samples = samples.load_data(chosen)
    else:
        chosen, samples = choose(dataset, data, hidden, validation)
    chosen = experiments.changed(chosen, epochs=epochs, seed=seed, model=model)
    chosen = assigned(chosen, credit) if credit else chosen
    registry.check(engine, model, chosen.network.credit)
    run = RunFolder.create(out or RunFolder.next_free("runs", chosen.data.name), chosen)
    with Display() as display:
        result = start.start(chosen, samples, run, display.show, engine)
    finish(result, run, as_json)
