"""`lava-opzo evaluate`: the accuracy of a trained network, without noise and without learning."""
import json
from pathlib import Path
from typing import Annotated

from typer import Argument, Option


def evaluate(
    run: Annotated[Path, Argument(help="run folder")],
    engine: Annotated[str, Option(help="twin, lava or stock: equal bits")] = "twin",
    as_json: Annotated[bool, Option("--json", help="print the result as one line of JSON")] = False,
):
    """Test accuracy of the last checkpoint, and what it confuses most."""
    from lava_opzo.engines import registry
    from lava_opzo.experiment import samples
    from lava_opzo.runs.checkpoint import load
    from lava_opzo.runs.confusion import evaluation
    from lava_opzo.runs.folder import RunFolder

    experiment, state, _ = load(RunFolder(run).checkpoint)
    registry.check(engine, experiment.model, experiment.network.credit)
    print(registry.target(engine, experiment.model), flush=True)
    dataset = samples.load_data(experiment)
    make_engine = registry.factory(engine, experiment.model)
    with make_engine(experiment.network, state, dataset.test_frames.shape[1]) as network:
        result = evaluation(network.evaluate(dataset.test_frames), dataset.test_labels, dataset.n_classes)
    if as_json:
        print(json.dumps(result))
        return
    print(f"test accuracy {100 * result['accuracy']:.2f} % of {result['samples']} samples, after {state.n_trained} learned")
    for true, guess, n in result["most_confused"]:
        print(f"  {true} taken for {guess}: {n} times")
