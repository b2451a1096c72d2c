"""Samples as every engine takes them, checked before anything learns from them."""
import numpy as np

from lava_opzo.errors import UserError
from lava_opzo.network.network import Config
from lava_opzo.silicon.profile import PAYLOAD_MAX


def check_frames(config: Config, frames) -> np.ndarray:
    """frames (n_samples, 1 or K, n_in), payloads 0..15 with the bias line, as contiguous uint8. Raises UserError for others."""
    frames = np.asarray(frames)
    if frames.ndim != 3 or frames.shape[1] not in (1, config.steps) or frames.shape[2] != config.n_in:
        raise UserError(f"frames: shape {frames.shape} is not (n_samples, 1 or {config.steps}, {config.n_in}); "
                        "encode the samples for this configuration")
    if not np.issubdtype(frames.dtype, np.integer):
        raise UserError(f"frames: type {frames.dtype} is not an integer type; encode the samples as payloads 0..{PAYLOAD_MAX}")
    if frames.size and (frames.min() < 0 or frames.max() > PAYLOAD_MAX):
        raise UserError(f"frames: values {frames.min()}..{frames.max()} are outside 0..{PAYLOAD_MAX}; scale the payloads down")
    return np.ascontiguousarray(frames, np.uint8)


def check_labels(config: Config, labels, n_samples: int) -> np.ndarray:
    """labels (n_samples,), classes counted from 0, as contiguous int32. Raises UserError for others."""
    labels = np.asarray(labels)
    if labels.shape != (n_samples,):
        raise UserError(f"labels: shape {labels.shape} is not ({n_samples},); give one label per sample")
    if not np.issubdtype(labels.dtype, np.integer):
        raise UserError(f"labels: type {labels.dtype} is not an integer type; number the classes from 0")
    if labels.size and (labels.min() < 0 or labels.max() >= config.readout.n):
        raise UserError(f"labels: values {labels.min()}..{labels.max()} are outside 0..{config.readout.n - 1}; "
                        "number the classes from 0")
    return np.ascontiguousarray(labels, np.int32)
