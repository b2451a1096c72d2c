"""Samples as every engine takes them, checked before anything learns from them."""
import numpy as np
from numpy.typing import ArrayLike

from lava_opzo.arithmetic.fixed.encoding import spread
from lava_opzo.errors import UserError, shown
from lava_opzo.network.network import Network
from lava_opzo.network.populations import Readout
from lava_opzo.silicon.profile import PAYLOAD_MAX, TRACE_MAX
from lava_opzo.silicon.readouts import CLASSES, LABELS, NO_LABEL


def check_frames(network: Network, frames: ArrayLike) -> np.ndarray:
    """The payloads 0..15 of some samples, bias line included, as contiguous uint8. Raises UserError for others.

    Shapes:
        frames: (n_samples, 1 or K, n_in).
    """
    frames, steps, n_in = as_array("frames", frames), network.learning.steps, network.input.n
    if frames.ndim != 3 or frames.shape[1] not in (1, steps) or frames.shape[2] != n_in:
        raise UserError(f"frames: shape {frames.shape} is not (n_samples, 1 or {steps}, {n_in}); "
                        "encode the samples for this network")
    if not np.issubdtype(frames.dtype, np.integer):
        raise UserError(f"frames: type {frames.dtype} is not an integer type; encode the samples as payloads 0..{PAYLOAD_MAX}")
    if frames.size and (frames.min() < 0 or frames.max() > PAYLOAD_MAX):
        raise UserError(f"frames: values {frames.min()}..{frames.max()} are outside 0..{PAYLOAD_MAX}; scale the payloads down")
    return np.ascontiguousarray(frames, np.uint8)


def shown_frames(network: Network, frames: ArrayLike) -> np.ndarray:
    """The payloads that an engine shows of some samples: as `check_frames`, single rows spread where the network's input does so.

    Shapes:
        frames: (n_samples, 1 or K, n_in). Returns (n_samples, `shown_rows`, n_in).
    """
    checked = check_frames(network, frames)
    rows = shown_rows(network, checked.shape[1])
    return checked if rows == checked.shape[1] else spread(checked, rows, network.input.stagger)


def shown_rows(network: Network, rows: int) -> int:
    """The rows of payloads that an engine shows of a sample which has so many: 1, the same in every step, or K."""
    return network.learning.steps if network.input.spread else rows


def check_labels(network: Network, labels: ArrayLike, n_samples: int) -> np.ndarray:
    """What samples teach, as contiguous int32: classes counted from 0, one a sample; labels as 0 and 1, or values -127..127, one
    an output. Where weights learn in every step, each step may have a class of its own, and a step or a sample none, -1. Raises
    UserError for others.

    Shapes:
        labels: (n_samples,), or (n_samples, K) classes of steps, or (n_samples, n_out) where outputs are no classes.
    """
    labels, classes = as_array("labels", labels), network.readout.n
    if network.readout.kind != CLASSES:
        return _check_targets(network.readout, labels, n_samples)
    learning = network.learning
    each_step = learning.by_step and labels.ndim == 2
    if each_step and labels.shape != (n_samples, learning.steps):
        raise UserError(f"labels: shape {labels.shape} is not ({n_samples}, {learning.steps}), a class of every step; give "
                        f"that, or one label per sample as ({n_samples},)")
    if not each_step and labels.shape != (n_samples,):
        raise UserError(f"labels: shape {labels.shape} is not ({n_samples},); give one label per sample")
    least, hint = (NO_LABEL, f", and give {NO_LABEL} where there is no label") if learning.by_step else (0, "")
    if not np.issubdtype(labels.dtype, np.integer):
        raise UserError(f"labels: type {labels.dtype} is not an integer type; number the classes from 0{hint}")
    if labels.size and (labels.min() < least or labels.max() >= classes):
        raise UserError(f"labels: values {labels.min()}..{labels.max()} are outside {least}..{classes - 1}; number the classes "
                        f"from 0{hint}")
    if each_step and (labels[:, :learning.label_from] != NO_LABEL).any():
        raise UserError(f"labels: a step before label_from {learning.label_from} has a label, and nothing learns there; give "
                        f"{NO_LABEL} in these steps, or set label_from = 0")
    return np.ascontiguousarray(labels, np.int32)


def taught(network: Network, labels: np.ndarray) -> np.ndarray:
    """Checked labels as the loops of engines take them, a row a sample: where weights learn in every step the class of each step,
    -1 for none, as in those before label_from.

    Shapes:
        labels: as `check_labels` gives them. Returns (n_samples, 1 or K or n_out).
    """
    learning = network.learning
    if labels.ndim == 2:
        return labels
    if not learning.by_step:
        return labels[:, None]
    rows = np.repeat(labels[:, None], learning.steps, axis=1)
    rows[:, :learning.label_from] = NO_LABEL
    return rows


def told(network: Network, answers: np.ndarray, every_step: bool) -> np.ndarray:
    """What the loops answered, as engines give it: one class a sample, or one a step; else the answers as they are.

    Shapes:
        answers: (n_samples, 1 or K or n_out), or (n_samples,). Returns (n_samples,), (n_samples, K), or (n_samples, n_out).
    """
    last_alone = network.readout.kind == CLASSES and not every_step and answers.ndim == 2
    return answers[:, -1].copy() if last_alone else answers


def check_every_step(network: Network, every_step: bool) -> None:
    """Raise UserError where each step should answer and only samples do."""
    if every_step and not network.learning.by_step:
        raise UserError("every_step: updates 'sample' answer at the end of a sample alone; set updates = \"step\", or leave "
                        "every_step out")


def answers_of(network: Network) -> int:
    """How many numbers an engine keeps as its answer to a sample: a class, one of every step, or one an output."""
    return network.learning.steps if network.learning.by_step else network.readout.answers


def empty_answers(network: Network, n_samples: int) -> np.ndarray:
    """Room for predictions, int32 zeros: (n_samples,), or (n_samples, n_out) where outputs are no classes."""
    readout = network.readout
    return np.zeros((n_samples,) if readout.kind == CLASSES else (n_samples, readout.n), np.int32)


def _check_targets(readout: Readout, targets: np.ndarray, n_samples: int) -> np.ndarray:
    least, most = (0, 1) if readout.kind == LABELS else (-TRACE_MAX, TRACE_MAX)
    owner, hint = readout.kind, f"give each of the {readout.n} outputs a whole number {least}..{most}"
    if targets.shape != (n_samples, readout.n):
        raise UserError(f"{owner}: shape {targets.shape} is not ({n_samples}, {readout.n}); {hint}")
    if not np.issubdtype(targets.dtype, np.integer):
        raise UserError(f"{owner}: type {targets.dtype} is not an integer type; {hint}")
    if targets.size and (targets.min() < least or targets.max() > most):
        raise UserError(f"{owner}: values {targets.min()}..{targets.max()} are outside {least}..{most}; {hint}")
    return np.ascontiguousarray(targets, np.int32)


def check_sample(network: Network, frames: ArrayLike, label: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
    """One sample as `check_frames` and `check_labels` give many: ((1, rows, n_in), (1,)). Raises UserError as they do.

    Shapes:
        frames: (1 or K, n_in).
    """
    return check_frames(network, [as_array("frames", frames)]), check_labels(network, [as_array("labels", label)], 1)


def as_array(owner: str, values: ArrayLike) -> np.ndarray:
    """Values as an array. Raises UserError for those that are none, as lists of several lengths."""
    try:
        return np.asarray(values)
    except Exception as error:  # whatever an object does that is asked for its array
        reason = next(iter(str(error).splitlines()), type(error).__name__)
        raise UserError(f"{owner}: no array can be made of them: {shown(reason)}; give a NumPy array of whole numbers") from None
