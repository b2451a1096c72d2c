"""OpzoLIF in integers, without noise and within one window, equals stock LIF with du = 4095 bit for bit, in a running graph."""
import numpy as np
import pytest
from lava.magma.core.run_configs import Loihi2SimCfg
from lava.proc.dense.process import Dense
from lava.proc.io.sink import RingBuffer as Sink
from lava.proc.io.source import RingBuffer as Source
from lava.proc.lif.process import LIF

from lava_opzo.engines.lava import watchdog
from lava_opzo.engines.lava.trace import Trace
from lava_opzo.learning.learning import Learning
from process_models.opzo_lif.process import OpzoLIF

N_IN, N, STEPS = 30, 20, 64


def spikes_of_both(vth, dv, scale, seed):
    rng = np.random.default_rng(seed)
    weights = 2 * np.clip(np.rint(scale * rng.standard_normal((N, N_IN))), -127, 127).astype(int)
    spikes = (rng.random((N_IN, STEPS)) < 0.3).astype(int)
    trace = Trace(STEPS + 1, {"spikes": (N,), "v": (N,)})
    trace.record(True)
    source, dense = Source(data=spikes), Dense(weights=weights)
    opzo = OpzoLIF(shape=(N,), vth=vth, dv=dv, psi_width=1, y_shift=0, learning=Learning(steps=STEPS), learn=False, trace=trace)
    stock = LIF(shape=(N,), vth=vth, dv=dv, du=4095, bias_mant=0)
    sink = Sink(shape=(N,), buffer=STEPS + 1)
    source.s_out.connect(dense.s_in)
    dense.a_out.connect(opzo.a_in)
    dense.a_out.connect(stock.a_in)
    stock.s_out.connect(sink.a_in)
    watchdog.start(source, Loihi2SimCfg(select_tag="fixed_pt"))
    try:
        watchdog.run(source, STEPS + 1, timeout=60)
        return trace.values["spikes"].T, sink.data.get().astype(int), trace.values["v"][-1], stock.v.get().astype(int)
    finally:
        watchdog.stop(source)


@pytest.mark.parametrize("dv", [0, 1, 128, 4095])
@pytest.mark.parametrize("vth, scale", [(100, 40), (600, 120), (131071, 127)], ids=["busy", "sparse", "silent, v grows"])
def test_spikes_of_every_step_and_the_final_membrane_are_equal(vth, scale, dv):
    spikes, stock_spikes, v, stock_v = spikes_of_both(vth, dv, scale, seed=vth + dv)
    assert np.array_equal(spikes, stock_spikes)
    assert np.array_equal(v, stock_v)
    assert spikes.any() == (vth < 131071)
