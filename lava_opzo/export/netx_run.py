"""Run a netx file in Lava, by lava-dl's own `Network`, on integer payloads: the proof that an export predicts the same."""
from pathlib import Path
from typing import Any

import numpy as np
from lava.magma.core.run_configs import Loihi2SimCfg
from lava.proc.io.source import RingBuffer

from lava_opzo.arithmetic.fixed.error import predict
from lava_opzo.engines.lava import watchdog
from lava_opzo.errors import UserError
from lava_opzo.silicon.profile import PAYLOAD_MAX, STATE_SHIFT


def predictions(path: str | Path, frames: np.ndarray, steps: int, timeout: float = 300.0) -> np.ndarray:
    """The classes that lava.lib.dl.netx.hdf5.Network gives for some samples.

    Shapes:
        frames: uint8 (n, 1 or steps, n_in). Returns int32 (n,).

    netx resets the membranes of layer i (from 0) at time steps t with t % interval == i + 1, before they integrate. A sample
    takes the next power of two above K steps, which boards are said to need; the readout is read just before its reset.
    """
    hdf5 = library()
    interval = 1 << int(steps).bit_length()
    source = RingBuffer(data=_played(frames, steps, interval))
    network = hdf5.Network(net_config=str(path), input_message_bits=PAYLOAD_MAX.bit_length(), reset_interval=interval)
    source.s_out.connect(network.inp)
    readout = network.layers[-1].neuron
    watchdog.start(source, Loihi2SimCfg(select_tag="fixed_pt"))
    try:
        answers = np.zeros(len(frames), np.int32)
        for i in range(len(frames)):
            watchdog.run(source, interval + (len(network.layers) - 1 if i == 0 else 0), timeout)
            answers[i] = predict(np.asarray(readout.v.get()).astype(np.int64) >> STATE_SHIFT)
        return answers
    finally:
        watchdog.stop(source)


def library() -> Any:
    """netx of lava-dl. Raises UserError where it is not installed."""
    try:
        from lava.lib.dl.netx import hdf5
    except ImportError as error:
        raise UserError(f"netx: lava-dl is not installed ({error}); install the extra 'dl'") from None
    return hdf5


def _played(frames: np.ndarray, steps: int, interval: int) -> np.ndarray:
    """The samples one after the other as int32 (n_in, n * interval): K steps of payloads, then silence."""
    played = np.zeros((len(frames), interval, frames.shape[2]), np.int32)
    played[:, :steps] = frames
    return played.reshape(-1, frames.shape[2]).T.copy()
