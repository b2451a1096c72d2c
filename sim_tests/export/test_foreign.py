"""Networks of others: what would compute something else here is refused by name or said in a line; damage is one line."""
import h5py
import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from lava_opzo.errors import SystemRefusedError, UserError
from lava_opzo.experiment.presets import digits
from lava_opzo.export import apart, netx, nir_graph, seal
from lava_opzo.export.forward import Forward, Layer, digest
from lava_opzo.export.learnable import to_learning
from sim_tests.helpers.commands import assert_one_line, called
from sim_tests.helpers.foreign_files import changed, dropped, put, spoiled

nir = pytest.importorskip("nir")

FORWARD = Forward((Layer(np.full((4, 3), 2, np.int32), 50, 410), Layer(np.full((2, 4), 4, np.int32), None)), 8)
FORMATS = {"netx": netx, "nir": nir_graph}


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """The bytes of FORWARD in each format."""
    folder = tmp_path_factory.mktemp("exports")
    for name, module in FORMATS.items():
        module.write(folder / name, FORWARD)
    return {name: (folder / name).read_bytes() for name in FORMATS}


NODE, NEURON = "node/nodes/neurons1", "layer/0/neuron"
ONES = np.ones(4, np.float32)


@pytest.mark.parametrize("name, change, words", [
    ("netx", put(f"{NEURON}/vThMant", 1000.7), "vThMant 1000.7 is no whole number"),
    ("netx", put(f"{NEURON}/vThMant", -5), "vThMant -5 is no whole number in 1..131071"),
    ("netx", put(f"{NEURON}/vThMant", np.nan), "holds a value that is no finite number"),
    ("netx", put(f"{NEURON}/vThMant", np.full(3, 50)), "vThMant has shape (3,), the layer has 4 neurons"),
    ("netx", put(f"{NEURON}/vThMant", "50"), "which is not what belongs there"),
    ("netx", put(f"{NEURON}/vDecay", 4097), "vDecay 4097 is no whole number in 0..4095"),
    ("netx", put(f"{NEURON}/vDecay", -1), "vDecay -1 is no whole number"),
    ("netx", put(f"{NEURON}/refDelay", 3), "refDelay 3 is not 1"),
    ("netx", put(f"{NEURON}/gradedSpike", True), "gradedSpike True is not 0"),
    ("netx", put(f"{NEURON}/messageBits", 8), "messageBits 8 is not 0"),
    ("netx", put(f"{NEURON}/weight_exp", 2), "entry 'weight_exp' is not known"),
    ("netx", put("layer/0/weight", np.full((4, 3), 2 + 1j)), "type complex128, which is not what belongs there"),
    ("netx", put("layer/0/weight", np.full((4, 3), 2**32 + 4)), "weight 4294967300 at (0, 0) is outside"),
    ("netx", put("layer/0/weight", np.full((4, 3), np.inf)), "no finite number"),
    ("netx", put("layer/0/weight", np.full((4, 3), 2.5)), "weights are not whole numbers, 2.5 at (0, 0)"),
    ("netx", lambda file: file["layer/0"].move("weight", "weight_real") or file.create_group("layer/0/weight"), "not known"),
    ("netx", put("layer/0/inFeatures", 5), "inFeatures 5 is not the 3 of its weights"),
    ("netx", put("layer/0/stride", 2), "entry 'stride' is not known"),
    ("netx", put("layer/0/weight_rec", np.ones((4, 4))), "has recurrent weights"),
    ("netx", put("layer/1/type", [np.bytes_("input")]), "computes something"),
    ("netx", put("layer/0/weight", h5py.SoftLink("/layer/1/weight")), "leads to another place"),
    ("netx", put("layer/0/weight", h5py.ExternalLink("other.h5", "/x")), "leads to another place"),
    ("netx", put("layer/0/neuron", 3), "'neuron' is no group"),
    ("netx", lambda file: file.copy("layer/0", "layer/0/weight2"), "entry 'weight2' is not known"),
    ("netx", put("layer/9", 3), "are not 0..63 at most"),
    ("netx", put("simulation/tSample", 10**6), "tSample 1000000 is no whole number in 0..1024"),
    ("netx", put("simulation/tSample", 7.5), "tSample 7.5 is no whole number"),
    ("netx", put("extra", 3), "entry 'extra' is not known"),
    ("netx", dropped("layer/0/neuron/vDecay"), "'vDecay' is missing"),
    ("netx", put("layer/1/weight", np.full((2, 4), 6)), "was changed after it was exported (its sha256 differs)"),
    ("nir", put(f"{NODE}/v_reset", ONES), "v_reset 1.0 is not 0"),
    ("nir", put(f"{NODE}/v_leak", ONES), "v_leak 1.0 is not 0"),
    ("nir", put(f"{NODE}/r", ONES), "r 1.0 is not 9.99"),
    ("nir", put(f"{NODE}/tau", np.arange(4) + 5.0), "tau differs between neurons (5.0 and 6.0)"),
    ("nir", put(f"{NODE}/tau", -ONES), "tau -1.0 is outside"),
    ("nir", put(f"{NODE}/tau", 0 * ONES), "tau 0.0 is outside"),
    ("nir", put(f"{NODE}/tau", 1e9 * ONES), "tau 1000000000.0 is outside"),
    ("nir", put(f"{NODE}/v_threshold", np.nan * ONES), "no finite number"),
    ("nir", put(f"{NODE}/v_threshold", 50.5 * ONES), "v_threshold 50.5 is no whole number"),
    ("nir", put(f"{NODE}/v_threshold", np.ones(5, np.float32)), "v_threshold has shape (5,), the layer has 4 neurons"),
    ("nir", put(f"{NODE}/w_in", ONES), "entry 'w_in' is not known"),
    ("nir", put("node/nodes/weights1/bias", ONES), "entry 'bias' is not known"),
    ("nir", put("node/nodes/weights1/weight", np.ones((4, 3, 2))), "shape (4, 3, 2)"),
    ("nir", put("node/nodes/weights1/type", "Affine"), "are not Linear, IF or LIF"),
    ("nir", put("node/edges", np.array([["input", "weights1"], ["weights1", "neurons1"], ["neurons1", "weights1"]], "S")),
     "are not one chain"),
    ("nir", put("node/edges", np.array([["input", "weights1"]] * 5, "S")), "are not one chain"),
    ("nir", put("node/edges", np.array([["a", "b"]] * 5000, "S")), "which is not what belongs there"),
    ("nir", put("node/metadata/window_steps", "10000"), "window_steps '10000' is no whole number in 0..1024"),
    ("nir", lambda file: file["node/nodes"].__setitem__("again", file["node/nodes"]), "'type' is missing"),
    ("nir", put("node/nodes/weights2/weight", np.full((2, 4), 6)), "was changed after it was exported"),
])
def test_what_computes_something_else_is_refused_by_name(files, name, change, words):
    with pytest.raises(UserError) as caught:
        FORMATS[name].parse("file", changed(files[name], change))
    assert words in str(caught.value) and str(caught.value).startswith("file") and "\n" not in str(caught.value)


def declared(shape, dtype="i4", **options):
    """Weights that are declared and not written."""
    def change(file):
        del file["layer/0/weight"]
        file.create_dataset("layer/0/weight", shape, dtype, **options)

    return change


@pytest.mark.parametrize("change", [declared((10**6, 10**6), chunks=(1, 1000)), declared((40_000, 40_000), chunks=(100, 100))])
def test_a_size_that_is_only_declared_is_not_believed(files, change):
    with pytest.raises(UserError, match="bytes of arrays are (above|more than)"):
        netx.parse("file", changed(files["netx"], change))


UNSIGNED = lambda file: file.attrs.__delitem__("sha256")  # noqa: E731


@pytest.mark.parametrize("name", FORMATS)
def test_a_bit_that_flips_anywhere_in_a_file_of_ours_is_noticed_before_its_library_sees_it(files, tmp_path, monkeypatch, name):
    monkeypatch.setattr("subprocess.run", lambda *_, **__: pytest.fail("the library of HDF5 saw it"))
    rng, size = np.random.default_rng(1), len(files[name])
    for place in rng.integers(0, size - seal.LENGTH, 50).tolist():
        content = bytearray(files[name])
        content[place] ^= 1 << int(rng.integers(8))
        (tmp_path / "a").write_bytes(content)
        with pytest.raises(UserError, match="a: is damaged .its sha256 differs.; export it again"):
            FORMATS[name].read(tmp_path / "a")


def test_what_the_readout_leaves_out_and_what_is_rounded_is_said_in_a_line(files):
    forward = netx.parse("file", changed(files["netx"], put("layer/1/neuron/vThMant", 300), put("layer/1/neuron/vDecay", 7)))
    assert [note.split(";")[1] for note in forward.notes] == [" its threshold 300 is left out", " its vDecay 7 is left out"]
    tau = np.full(4, 10, np.float32)
    forward = nir_graph.parse("file", changed(files["nir"], put(f"{NODE}/tau", tau), put(f"{NODE}/r", tau)))
    assert [note.split(": ")[-1] for note in forward.notes] == ["tau 10 becomes a leak of 410 of 4096, which is a tau of 9.99024"]
    shaped = changed(files["netx"], UNSIGNED, lambda file: file.move("layer/1", "layer/2"),
                     lambda file: file.move("layer/0", "layer/1"), put("layer/0/type", [np.bytes_("input")]),
                     put("layer/0/shape", [1, 1, 3]))
    assert netx.parse("file", shaped).notes == ()
    flat = changed(shaped, put("layer/0/shape", [1, 3, 2]))
    assert "are taken in the order of that shape" in netx.parse("file", flat).notes[0]


@pytest.mark.parametrize("name", FORMATS)
def test_a_file_that_is_cut_at_every_eighth_is_one_line(files, name):
    copies = spoiled(files[name], 0)
    for _ in range(8):
        with pytest.raises(UserError, match="^file: cannot be read as HDF5: ") as caught:
            FORMATS[name].parse("file", next(copies))
        assert "\n" not in str(caught.value)


@pytest.mark.parametrize("program, words", [
    ("while True: pass", "ended by itself (CPU time limit exceeded)"),
    ("import os; os.abort()", "ended by itself (Aborted)"),
    ("raise SystemExit(3)", "ended by itself (exit code 3)"),
    ("print('[1]')", "ended by itself (exit code 0)")])
def test_a_library_that_hangs_or_crashes_is_one_line(tmp_path, monkeypatch, program, words):
    (tmp_path / "a.net").write_bytes(b"content")
    limit = "import resource; resource.setrlimit(resource.RLIMIT_CPU, (1, 2))\n"
    monkeypatch.setattr(apart, "PROGRAM", limit + program)
    with pytest.raises(UserError) as caught:
        netx.read(tmp_path / "a.net")
    assert words in str(caught.value) and "\n" not in str(caught.value)


def test_a_process_that_gives_no_answer_is_ended(tmp_path, monkeypatch):
    (tmp_path / "a.net").write_bytes(b"content")
    monkeypatch.setattr(apart, "PROGRAM", "import time; time.sleep(100)")
    monkeypatch.setattr(apart, "PATIENCE", 0.05)
    with pytest.raises(UserError, match="cannot be read within 0.5 s"):
        netx.read(tmp_path / "a.net")


def test_the_process_apart_answers_what_is_read_here_and_its_faults(files, tmp_path):
    (tmp_path / "a.nir").write_bytes(files["nir"])
    assert digest(nir_graph.read(tmp_path / "a.nir")) == digest(FORWARD)
    (tmp_path / "b.nir").write_bytes(changed(files["nir"], put(f"{NODE}/v_reset", ONES)))
    with pytest.raises(UserError, match="b.nir: .*v_reset 1.0 is not 0"):
        nir_graph.read(tmp_path / "b.nir")


EVEN = st.integers(-128, 127).map(lambda step: 2 * step)


@st.composite
def forwards(draw):
    """Any network that can be exported."""
    widths = draw(st.lists(st.integers(1, 5), min_size=3, max_size=5))
    layers = [Layer(np.array(draw(st.lists(EVEN, min_size=a * b, max_size=a * b)), np.int32).reshape(b, a),
                    draw(st.integers(1, 131071)), draw(st.integers(0, 4095)))
              for a, b in zip(widths, widths[1:], strict=False)]
    return Forward((*layers[:-1], Layer(layers[-1].weights, None)), draw(st.integers(0, 1024)))


@pytest.mark.parametrize("name", FORMATS)
@settings(max_examples=10)
@given(forward=forwards())
def test_whatever_is_exported_is_imported_to_the_same_network(tmp_path_factory, name, forward):
    file = tmp_path_factory.mktemp("any") / "a"
    FORMATS[name].write(file, forward)
    again = FORMATS[name].parse("file", file.read_bytes())
    assert digest(again) == digest(forward) and again.notes == ()


@pytest.mark.parametrize("name", FORMATS)
def test_what_cannot_be_written_is_one_line_and_leaves_nothing(tmp_path, monkeypatch, name):
    write = FORMATS[name].write
    for path, words in ((tmp_path / "none" / "a", "No such file"), (tmp_path / ("n" * 300), "too long"), (tmp_path, "exists")):
        with pytest.raises(UserError, match=words):
            write(path, FORWARD)
    (tmp_path / "file").write_text("")
    with pytest.raises(UserError, match="Not a directory"):
        write(tmp_path / "file" / "a", FORWARD)
    (tmp_path / "link").symlink_to("nowhere")
    with pytest.raises(UserError, match="exists"):
        write(tmp_path / "link", FORWARD)

    def full(descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(SystemRefusedError, match="No space left on device; free space"):
        write(tmp_path / "a", FORWARD)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "link"]


@pytest.mark.parametrize("vth", [1, 131071])
def test_every_threshold_that_is_read_can_learn_on(vth):
    forward = Forward((Layer(np.full((4, 65), 2, np.int32), vth), Layer(np.full((10, 4), 4, np.int32), None)), 8)
    network, state = to_learning(forward, digits().network, np.zeros((1, 1, 65), np.uint8))
    assert network.hidden[0].vth == vth and np.array_equal(state["W1.weights"], forward.layers[0].weights)


def test_another_number_of_classes_than_the_data_set_has_is_refused(tmp_path):
    forward = Forward((Layer(np.full((4, 65), 2, np.int32), 50), Layer(np.full((9, 4), 4, np.int32), None)), 8)
    netx.write(tmp_path / "a.net", forward)
    refused = called("import-network", tmp_path / "a.net", tmp_path / "run")
    assert_one_line(refused, 2, "9 classes are not the 10 of data set 'digits'")
    assert not (tmp_path / "run").exists()
