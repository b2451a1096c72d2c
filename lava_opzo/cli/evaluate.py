"""`lava-opzo evaluate`: the accuracy of a trained network, without noise and without learning."""
from pathlib import Path
from typing import Annotated

from typer import Argument

from lava_opzo.cli.options import AsJson, Engine


def evaluate(
    run: Annotated[Path, Argument(help="run folder or checkpoint")],
    engine: Engine = "twin",
    as_json: AsJson = False,
) -> None:
    """Accuracy of a checkpoint on its test or validation samples, and what it confuses most; scores of labels and values."""
    from lava_opzo.cli.output import answer
    from lava_opzo.engines import registry
    from lava_opzo.errors import UserError
    from lava_opzo.runs import checkpoint
    from lava_opzo.runs.answers import predictions
    from lava_opzo.runs.confusion import evaluation
    from lava_opzo.runs.learned import learned_data
    from lava_opzo.runs.scores import scored, words
    from lava_opzo.runs.source import checkpoint_of
    from lava_opzo.silicon.readouts import CLASSES

    experiment, state, counted = checkpoint.load(checkpoint_of(run))
    print(registry.first_line(engine, experiment.number), flush=True)
    dataset = learned_data(f"run {run}", experiment, counted)
    answers = predictions(experiment.network, state, dataset.test_frames, engine, experiment.number)
    if dataset.kind != CLASSES:
        if not len(answers):
            raise UserError("evaluation: the data set has no test samples; hold some back (option n_test) or give test data")
        scores = scored(dataset, answers)
        answer({"measured_on": experiment.data.measured_on, "samples": len(answers), **scores})
        print(f"{experiment.data.measured_on}: {words(scores)}; {len(answers)} samples, after {state.n_trained} learned")
        return
    result = evaluation(answers, dataset.test_labels, dataset.n_classes)
    answer({"measured_on": experiment.data.measured_on, **result})
    print(f"{experiment.data.measured_on} accuracy {100 * result['accuracy']:.2f} % of {result['samples']} samples, after "
          f"{state.n_trained} learned")
    for true, guess, n in result["most_confused"]:
        print(f"  {dataset.named(true)} taken for {dataset.named(guess)}: {n} times")
