"""The data set of a run that has begun, as long as it is still the one that the run has learned."""
from lava_opzo.data import Dataset
from lava_opzo.errors import UserError
from lava_opzo.experiment.experiment import Experiment
from lava_opzo.experiment.samples import fingerprint, load_data
from lava_opzo.runs.counted import Counted


def learned_data(owner: str, experiment: Experiment, counted: Counted) -> Dataset:
    """The data set of a run; counted: of its checkpoint.

    Raises UserError as `load_data`, and where the training samples are others than when the run began, so that a file has changed
    since. Their ranges, order and parting into training and test samples follow from that file, too.
    """
    dataset = load_data(experiment)
    if counted.samples and counted.samples != fingerprint(dataset.train_frames, dataset.train_labels):
        raise UserError(f"{owner}: its training samples have changed since it began to learn (their sha256 is another): "
                        f"{dataset.provenance}; give it the files as they were, where they lie elsewhere now with lava-opzo "
                        "resume RUN --set data.path=DIR, or start a new run")
    return dataset
