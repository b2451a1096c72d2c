"""Run a netx file in Lava, by lava-dl's own `Network`, on integer payloads: the proof that an export predicts the same."""
from pathlib import Path
from typing import Any

import numpy as np
from lava.magma.core.run_configs import Loihi2SimCfg
from lava.proc.io.source import RingBuffer

from lava_opzo.arithmetic.fixed.error import predict
from lava_opzo.engines.lava import watchdog
from lava_opzo.errors import not_installed
from lava_opzo.silicon.profile import PAYLOAD_MAX, STATE_SHIFT


def predictions(path: str | Path, frames: np.ndarray, steps: int, timeout: float = 300.0) -> np.ndarray:
    """The classes that lava.lib.dl.netx.hdf5.Network gives for some samples.

    Shapes:
        frames: uint8 (n, 1 or steps, n_in); lines beyond those of the file, as a bias line that reaches no neuron, are left out.
        Returns int32 (n,).

    netx resets the membranes of layer i (from 0) at time steps t with t % interval == i + 1, before they integrate. A sample
    takes the next power of two above K steps, which boards are said to need; the readout is read just before its reset.
    """
    hdf5 = library()
    interval = 1 << int(steps).bit_length()
    network = hdf5.Network(net_config=str(path), input_message_bits=PAYLOAD_MAX.bit_length(), reset_interval=interval)
    source = RingBuffer(data=_played(frames, steps, interval, network.inp.shape))
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
        raise not_installed("netx", f"lava-dl ({error})", "dl") from None
    return hdf5


def _played(frames: np.ndarray, steps: int, interval: int, shape: tuple[int, ...]) -> np.ndarray:
    """The samples one after the other, K steps of payloads, then silence.

    Shapes:
        shape: (n_in,), or columns, rows and channels of an image. Returns int32 (*shape, n * interval).
    """
    played = np.zeros((len(frames), interval, int(np.prod(shape))), np.int32)
    played[:, :steps] = frames[:, :, :played.shape[2]]
    if len(shape) == 1:
        return played.reshape(-1, *shape).T.copy()
    columns, rows, channels = shape
    return played.reshape(-1, rows, columns, channels).transpose(2, 1, 3, 0).copy()
