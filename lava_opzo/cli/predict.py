"""`lava-opzo predict`: the classes, labels or values that a trained network gives to samples without labels."""
from functools import partial
from pathlib import Path
from typing import Annotated

from typer import Argument, Option

from lava_opzo.cli.options import AsJson, Engine


def predict(
    run: Annotated[Path, Argument(help="run folder or checkpoint")],
    file: Annotated[Path, Argument(help="samples: .csv, one a line, payloads 0..15 (features after a training on csv), or "
                                        ".npz with the array frames (n, 1 or K, lines); without labels and without the bias "
                                        "line that the run appends")],
    out: Annotated[Path | None, Option(help="file to write, .csv or .npz; an existing one is refused; default: print")] = None,
    engine: Engine = "twin",
    as_json: AsJson = False,
) -> None:
    """Predict the samples of a file, without noise and without learning, after the last checkpoint of a run."""
    from lava_opzo.cli.output import answer
    from lava_opzo.data import ENCODERS, unlabelled
    from lava_opzo.data.values import decode
    from lava_opzo.engines import registry
    from lava_opzo.experiment.samples import HANDED
    from lava_opzo.runs import answers_file, checkpoint
    from lava_opzo.runs.answers import counts, predictions
    from lava_opzo.runs.learned import learned_data
    from lava_opzo.runs.source import checkpoint_of
    from lava_opzo.silicon.readouts import CLASSES, VALUES

    if out is not None:
        answers_file.check_place(out)
    experiment, state, counted = checkpoint.load(checkpoint_of(run))
    network = experiment.network
    print(registry.first_line(engine, experiment.number), flush=True)
    data = experiment.data
    read = ENCODERS.get(data.name)
    asked = read is not None or network.readout.kind == VALUES and data.name not in HANDED
    learned = learned_data(f"run {run}", experiment, counted) if asked else None
    encoder = partial(read, path=data.path, seed=data.seed, **data.options) if read else None
    frames = unlabelled.load(file, network.input.n, network.learning.steps, bool(data.options.get("bias", 1)), encoder)
    found = predictions(network, state, frames, engine, experiment.number)
    if learned is not None and learned.ranges:
        found = decode(found, learned.ranges)
    names = [learned.named(label) for label in range(network.readout.n)] if learned is not None and learned.names else []
    if out is None:
        print(answers_file.text(found, names), end="")
    else:
        answers_file.write(out, found, names)
    classes = network.readout.kind == CLASSES
    by_class = counts(found, network.readout.n) if classes else []
    answer({"samples": len(found), "predictions": found.tolist(), **({"counts": by_class} if classes else {}),
            **({"names": names} if names else {}),
            "out": None if out is None else str(out)})
    told = ", ".join(f"{number} of class {names[label] if names else label}" for label, number in enumerate(by_class) if number)
    print(f"predicted {len(found)} samples{f': {told}' if told else ''}, after {state.n_trained} learned"
          + (f"; written to {out}" if out else ""))
