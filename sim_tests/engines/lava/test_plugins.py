"""Plug-ins: found by dotted name, of the right Process, for a neurocore; the simulator's stand-ins give the twin's bits."""
import pytest
from lava.magma.core.decorator import implements, requires
from lava.magma.core.model.model import AbstractProcessModel
from lava.magma.core.resources import LMT, Loihi2NeuroCore
from lava.proc.dense.process import LearningDense

from lava_opzo.engines import registry
from lava_opzo.engines.lava.engine import LavaEngine
from lava_opzo.engines.lava.plugins import REHEARSAL, load_plugins, refuse_python_models, run_config
from lava_opzo.errors import UserError
from lava_opzo.network.initial import initial_state
from process_models.opzo_lif.process import OpzoLIF
from process_models.opzo_readout.process import OpzoReadout
from sim_tests.helpers.networks import differing, random_samples, small_network


class NcModel(AbstractProcessModel):
    """Stands for a neurocore model; what a plug-in has to have, and nothing else."""

    def run(self):
        raise AssertionError("only its declaration is used")

    def add_ports_for_polling(self):
        raise AssertionError("only its declaration is used")


@implements(proc=OpzoLIF)
@requires(Loihi2NeuroCore)
class NcOpzoLIF(NcModel):
    """On a neurocore."""


@implements(proc=OpzoReadout)
@requires(Loihi2NeuroCore)
class NcOpzoReadout(NcModel):
    """On a neurocore."""


@implements(proc=LearningDense)
@requires(Loihi2NeuroCore)
class NcLearningDense(NcModel):
    """On a neurocore."""


@implements(proc=OpzoLIF)
@requires(LMT)
class EmbeddedOpzoLIF(NcModel):
    """On an embedded core."""


HERE = __name__
GOOD = {name: f"{HERE}.Nc{name}" for name in ("OpzoLIF", "OpzoReadout", "LearningDense")}


def test_neurocore_models_are_found_and_chosen_explicitly():
    plugins = load_plugins(GOOD)
    assert plugins == {OpzoLIF: NcOpzoLIF, OpzoReadout: NcOpzoReadout, LearningDense: NcLearningDense}
    assert run_config(plugins).exception_proc_model_map == plugins


@pytest.mark.parametrize(
    "changes, words",
    [
        ({"OpzoLif": "a.B"}, "plug-in for 'OpzoLif': no such Process on the chip; they are OpzoLIF, OpzoReadout, LearningDense"),
        ({"OpzoLIF": "no_such_package.B"}, "cannot be imported: No module named 'no_such_package'"),
        ({"OpzoLIF": f"{HERE}.Missing"}, "cannot be imported"),
        ({"OpzoLIF": "Class"}, "cannot be imported"),
        ({"OpzoLIF": "..Class"}, "cannot be imported"),
        ({"OpzoLIF": ""}, "cannot be imported"),
        ({"OpzoLIF": "numpy.ndarray"}, "is not a Lava process model"),
        ({"OpzoLIF": f"{HERE}.NcOpzoReadout"}, "implements OpzoReadout, not OpzoLIF"),
        ({"OpzoLIF": f"{HERE}.EmbeddedOpzoLIF"}, "requires ['LMT'], not a Loihi 2 neurocore"),
        ({"OpzoLIF": REHEARSAL["OpzoLIF"]}, f"{REHEARSAL['OpzoLIF']} is a Python model; a board run takes neurocore models only"),
        ({"LearningDense": REHEARSAL["LearningDense"]}, "is a Python model"),
    ],
)
def test_a_wrong_plug_in_is_one_line_with_its_name(changes, words):
    with pytest.raises(UserError) as error:
        load_plugins(GOOD | changes)
    assert words in str(error.value) and len(str(error.value).splitlines()) == 1


@pytest.mark.parametrize("text", ["raise KeyError('several\\nlines')", "raise SystemExit(3)", "1 / 0", "def",
                                  "def __getattr__(name): raise RuntimeError(name)"], ids=str)
def test_a_package_that_fails_as_it_loads_is_one_line(text, tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(str(tmp_path))
    module = f"plug_in_{abs(hash(text))}"
    (tmp_path / f"{module}.py").write_text(text)
    with pytest.raises(UserError) as error:
        load_plugins(GOOD | {"OpzoLIF": f"{module}.Model"})
    assert f"{module}.Model cannot be imported: " in str(error.value) and len(str(error.value).splitlines()) == 1


def test_a_process_without_a_plug_in_is_named_and_nothing_is_taken_in_its_place():
    with pytest.raises(UserError, match="no model given for OpzoReadout, LearningDense"):
        load_plugins({"OpzoLIF": GOOD["OpzoLIF"]})


def test_the_simulators_stand_ins_run_the_whole_graph_with_the_twins_bits_and_are_no_board_models():
    network = small_network()
    frames, labels = random_samples(network, 5)
    configuration = run_config(load_plugins(REHEARSAL, board=False), board=False)
    with LavaEngine(network, initial_state(network), configuration=configuration, timeout=60) as engine:
        with pytest.raises(UserError, match="process 'W1': Lava took the Python model PyLearningDenseModelEventDriven in a"):
            refuse_python_models(engine.graph.hidden)
        engine.train(frames, labels)
        state, seen = engine.state(), engine.seen()
    with registry.make("twin", network, initial_state(network)) as twin:
        twin.train(frames, labels)
        assert differing(state, twin.state()) == []
    assert seen.rail_touches is None and seen.largest is None
