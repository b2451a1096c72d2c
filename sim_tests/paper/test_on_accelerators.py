"""What is meant for a GPU, run on a processor: mixed precision, and a step that torch.compile takes whole."""
import pytest
import torch
from torch.nn import functional

from lava_opzo.errors import UserError
from lava_opzo.paper import compiling, run
from lava_opzo.paper.learner import Learner
from lava_opzo.paper.network import Network
from lava_opzo.paper.noise import Source
from lava_opzo.paper.presets import preset
from lava_opzo.paper.samples import loaded
from lava_opzo.paper.setup import Setup, changed
from lava_opzo.paper.training import train

EVERYTHING = {"hidden": "6c3,p2,6c3r,5", "steps": 2, "standardise": True, "bias": True, "scale": 2.74, "squares": 0.05}


def learned(setup, step=None, batches=2):
    """All arrays after some batches of 5. step: what replaces the step of a learner, from that step."""
    one = Learner(Network(setup, (2, 6, 6), 3))
    if step:
        one._step = step(one._step)
    draws = torch.Generator().manual_seed(4)
    for _ in range(batches):
        frames = 4 * torch.rand((5, 1, 2, 6, 6), generator=draws, dtype=one.network.dtype)
        one.learn(frames, torch.randint(0, 3, (5,), generator=draws), Source(one.network, 5, draws))
    return one.parameters | one.arrays


def test_mixed_precision_multiplies_in_bfloat16_and_keeps_all_else_in_single():
    network = Network(Setup(**EVERYTHING, precision="mixed"), (2, 6, 6), 3)
    connection = network.connections[0]
    arriving = torch.rand((4, 2, 6, 6), generator=torch.Generator().manual_seed(1))
    weights, bias = connection.used, torch.full((6,), 0.3)
    connection.parameters["bias"] = bias
    rough = functional.conv2d(arriving.bfloat16(), weights, bias.bfloat16(), 1, 1)
    assert weights.dtype == rough.dtype == torch.bfloat16
    assert torch.equal(connection.currents(arriving), rough.float())
    assert {one.dtype for one in learned(Setup(**EVERYTHING, precision="mixed", local=True)).values()} == {torch.float32}


def test_mixed_precision_learns_digits_as_single_precision_does():
    setups = [changed(preset("digits"), {"epochs": 3, "rate": 0.3, "precision": name}) for name in ("mixed", "single")]
    samples = loaded(setups[0])
    mixed, single = ([*train(Learner(Network(setup, samples.shape, 10)), samples, 0)][-1].test for setup in setups)
    assert mixed > single - 0.03 and single > 0.9


@pytest.mark.parametrize("settings", [["local=true", "relay=2"], ["credit=bp"], ["credit=dkp", "local=true"],
                                      ["feedback.points=2", "noise.opposite=false"]], ids=" ".join)
def test_a_step_is_taken_whole_by_torch_compile_and_learns_the_same_up_to_rounding(settings):
    setup = changed(Setup(**EVERYTHING, precision="double"), {}, settings)
    torch.compiler.reset()
    whole = learned(setup, lambda step: torch.compile(step, fullgraph=True, backend="eager"))
    apart = learned(setup)
    assert whole.keys() == apart.keys()
    for name, one in apart.items():
        torch.testing.assert_close(whole[name], one, rtol=1e-5, atol=1e-9)


def test_a_step_is_compiled_again_when_m_freezes_and_not_in_every_batch():
    found = {}
    for frozen_after in (0, 10):
        torch.compiler.reset()
        found[frozen_after] = []

        def kept(graph, examples, graphs=found[frozen_after]):
            graphs.append(graph)
            return graph

        setup = changed(Setup(**EVERYTHING, precision="double"), {"feedback.frozen_after": frozen_after})
        learned(setup, lambda step, backend=kept: torch.compile(step, fullgraph=True, backend=backend), 8)
    assert len(found[10]) == 2 * len(found[0]) > 0


def test_a_compiled_run_without_a_compiler_ends_in_one_line(tmp_path, monkeypatch):
    from torch._inductor import config
    monkeypatch.setattr(config.cpp, "cxx", ("/nonexistent/c++",))
    setup = changed(preset("digits"), {"hidden": "8", "limit": 64, "steps": 2, "epochs": 1, "compiled": True})
    with pytest.raises(UserError, match=r"^paper: compiled=true: torch.compile failed here: .*; install a C\+\+ compiler, or"):
        list(run.started(setup, tmp_path / "run").epochs())


def test_an_error_of_another_kind_stays_what_it_is():
    with pytest.raises(RuntimeError, match="^shape$"), compiling.told():
        raise RuntimeError("shape")
