"""`lava-opzo train`: learn a data set on line, in the twin or in Lava, and leave a run folder."""
from pathlib import Path
from typing import Annotated

from typer import Context, Option

from lava_opzo.cli.options import AsJson, Engine, Freeze, Number, Rate, number_of


def train(
    context: Context,
    dataset: Annotated[str, Option(help="digits, mnist, idx, cifar10, png, nmnist, dvs_gesture, order, motion, npz, csv, sine, "
                                           "digit_labels, plug-ins")] = "digits",
    data: Annotated[Path | None, Option(help="folder or file of the data set")] = None,
    config: Annotated[Path | None, Option(help="TOML file of a whole run, instead of --dataset and --hidden")] = None,
    hidden: Annotated[str | None, Option(help="hidden layers: widths as in 200,200; 8c5s2 for 8 channels of 5 x 5, stride 2, "
                                              "weights shared; 8l5s2 for local ones; p2 pools 2 x 2 of the layer "
                                              "before it")] = None,
    validation: Annotated[int | None, Option(help="test on the last N training samples, held back, not on the test set")] = None,
    epochs: Annotated[int | None, Option(help="passes over the training set")] = None,
    engine: Engine = "twin",
    number: Number = None,
    credit: Annotated[str | None, Option(help="opzo, one-window, one-window-turned, one-window-baseline or "
                                                  "dfa; backprop and single-point for --number real")] = None,
    local: Annotated[str | None, Option(help="readouts that teach hidden layers from near: each layer has one, or one is "
                                             "halfway")] = None,
    updates: Annotated[str, Option(help="when weights learn: sample, at its end, or step, in every time step")] = "sample",
    carry: Annotated[bool, Option("--carry", help="with --updates step: samples are pieces of one stream, in their order, and "
                                                  "neurons go on from one to the next")] = False,
    jitter: Annotated[int | None, Option(help="pixels by which images are moved at random while they are learned")] = None,
    mirror: Annotated[bool | None, Option(help="whether one image in two is mirrored, left for right, while it is "
                                               "learned")] = None,
    seed: Annotated[int | None, Option(help="seed of weights and noise")] = None,
    freeze: Freeze = None,
    rate: Rate = None,
    profile: Annotated[str | None, Option(help="chip: loihi-254, stock-lava or a .toml of acceptance --profile-out")] = None,
    out: Annotated[Path | None, Option(help="run folder; default the next free runs/<dataset>-<n>")] = None,
    as_json: AsJson = False,
) -> None:
    """Train from scratch; Ctrl-C once stops after the running chunk and saves, `lava-opzo resume` goes on."""
    from lava_opzo.cli.given import refuse_beside
    from lava_opzo.cli.output import finish
    from lava_opzo.data import pixels
    from lava_opzo.data.moving import check_movable
    from lava_opzo.engines import registry
    from lava_opzo.experiment import centring, experiment as experiments, layer_settings, profile_file
    from lava_opzo.experiment.choose import choose
    from lava_opzo.experiment.credit_kinds import assigned
    from lava_opzo.experiment.local_learning import locally
    from lava_opzo.experiment.samples import load_data
    from lava_opzo.report.run import draw
    from lava_opzo.runs import changes, start
    from lava_opzo.runs.folder import RunFolder
    from lava_opzo.runs.progress import Display

    if config:
        refuse_beside(context, "--config", ("dataset", "hidden", "updates", "carry"))
    chip = profile_file.find(profile) if profile is not None else None
    configured = experiments.load(config) if config else None
    given = number_of(number)
    print(registry.first_line(engine, given or (configured.number if configured else "fixed")), flush=True)
    if configured:
        chosen = experiments.changed(configured, path=data, validation=validation)
        samples = load_data(chosen)
    else:
        chosen, samples = choose(dataset, data, hidden, validation, updates, jitter, carry)
        for line in (centring.said(chosen.data), pixels.said(chosen.data.options)):
            if line:
                print(line, flush=True)
    chosen = experiments.changed(chosen, epochs=epochs, seed=seed, number=given, profile=chip, jitter=jitter,
                                 mirror=mirror)
    check_movable(samples, chosen.training.jitter, chosen.training.mirror)
    chosen = assigned(chosen, credit) if credit else chosen
    chosen = locally(chosen, local) if local is not None else chosen
    layers = layer_settings.settings(chosen.network, freeze, rate or ())
    chosen = changes.applied(chosen, layers) if layers else chosen
    registry.check(engine, chosen.number, chosen.network)
    run = RunFolder.create(out or RunFolder.next_free("runs", chosen.data.name), chosen)
    with Display() as display:
        result = start.start(chosen, samples, run, display.show, engine, draw)
    finish(result, run)
