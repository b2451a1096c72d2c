"""Cores and chips of a network: against the packing written out bit by bit, and against its published examples."""
from collections import Counter
from dataclasses import replace

import pytest

from lava_opzo.board import mapping, packing, tables
from lava_opzo.board.preflight import preflight
from lava_opzo.engines.target import MODES
from lava_opzo.errors import DoesNotFitError, UserError
from lava_opzo.experiment.presets import digits
from lava_opzo.network.form import changed
from lava_opzo.network.initial import initial_state
from lava_opzo.silicon.boards import BOARDS, find
from lava_opzo.silicon.limits import LIMITS
from lava_opzo.topology.conv import Conv
from lava_opzo.topology.dense import Dense
from lava_opzo.topology.local import Local
from sim_tests.helpers.networks import small_network
from sim_tests.helpers.patches import patches_network
from sim_tests.helpers.synapses import triples

ONE_CHIP = BOARDS["oheo-gulch"]


def bits_counted_synapse_by_synapse(n_post: int) -> int:
    """Pour 8-bit weights into 64-bit words, a 10-bit header before every 64th synapse."""
    words = filled = 0
    for i in range(n_post):
        if i % 64 == 0:
            words, filled = words + 1, 10
        while filled + 8 > 64:  # a word overflows: the rest goes into the next one
            words, filled = words + 1, filled - 64
        filled += 8
    return 64 * words


@pytest.mark.parametrize("n_post", [1, 6, 7, 55, 56, 63, 64, 65, 128, 200, 512])
def test_bits_of_an_axon_equal_synapses_poured_into_words_one_by_one(n_post):
    assert packing.axon_bits(n_post, 8) == bits_counted_synapse_by_synapse(n_post)


@pytest.mark.parametrize(
    "n_pre, n_post, bits, cores", [(512, 128, 589_824, 1), (800, 200, 1_484_800, 2), (784, 512, 3_612_672, 4)]
)
def test_the_examples_of_the_packing_formula(n_pre, n_post, bits, cores):
    assert n_pre * packing.axon_bits(n_post, 8) == bits
    network = small_network(hidden=(n_post,), n_in=n_pre)
    assert mapping.mapping_report(network, ONE_CHIP, "in-the-loop").placements[0].cores == cores


def bits_of_local_synapses_counted_core_by_core(topology, neurons: int) -> int:
    """18 bits for every synapse of an axon in a core, a 10-bit header before them, in words of 64 bits; the fullest core."""
    cores = [{} for _ in range(-(-topology.n_post // neurons))]
    for pre, post, _ in triples(topology):
        cores[post // neurons][pre] = cores[post // neurons].get(pre, 0) + 1
    assert max(n for core in cores for n in core.values()) <= 64, "a header alone in front is no longer enough"
    return max(sum(64 * -(-(10 + 18 * n) // 64) for n in core.values()) for core in cores)


@pytest.mark.parametrize("neurons", [1, 7, 40, 72])
def test_bits_and_axons_of_local_weights_equal_those_counted_synapse_by_synapse(neurons):
    wiring = Local(shape=(9, 8, 2), channels=6, kernel=(4, 3), stride=(3, 2), padding=(2, 1))
    found = packing.load(wiring, neurons, 8)
    assert found.bits == bits_of_local_synapses_counted_core_by_core(wiring, neurons)
    ends = {(pre, post // neurons) for pre, post, _ in triples(wiring)}
    counts = [Counter(pair[axis] for pair in ends) for axis in (0, 1)]
    assert (found.reached, found.axons) == tuple(max(count.values()) for count in counts)


@pytest.mark.parametrize("shape, channels, kernel, stride, cores", [
    ((28, 28, 1), 8, 5, 2, 2), ((14, 14, 8), 16, 3, 2, 1), ((34, 34, 2), 16, 5, 2, 5)])
def test_local_layers_take_the_cores_that_their_edges_need(shape, channels, kernel, stride, cores):
    wiring = Local(shape, channels, (kernel, kernel), (stride, stride), (kernel // 2, kernel // 2))
    network = changed(small_network(hidden=(wiring.n_post,), n_in=wiring.n_pre), wiring=(wiring, Dense(wiring.n_post, 4)))
    for mode in MODES:
        report = mapping.mapping_report(network, ONE_CHIP, mode)
        assert report.placements[0].cores == cores
        assert report.fits == (wiring.n_post <= 2048), "a readout of more has too many input axons"
        assert sum(report.placements[0].bits) <= LIMITS.synapse_bits_per_core.value


def test_shared_weights_that_would_learn_on_chip_do_not_fit_and_their_other_forms_are_named():
    network = patches_network(Conv, Conv)
    with pytest.raises(DoesNotFitError, match=r"W1, W2: the weights are shared \(Conv\), .*Conv.unrolled\(\), or .*in-the-loop"):
        mapping.mapping_report(network, ONE_CHIP)
    assert mapping.mapping_report(network, ONE_CHIP, "in-the-loop").fits
    assert preflight(network, initial_state(network), ONE_CHIP, "in-the-loop")
    assert not [one for one in preflight(patches_network(Local, Local), None, ONE_CHIP) if one.level == "error"]


def test_every_core_of_a_fitting_mapping_keeps_every_limit_and_all_neurons_are_placed():
    for widths, n_in in (((100, 100), 65), ((800, 800), 785), ((2000, 300, 900), 700), ((2030,), 20)):
        for mode in MODES:
            report = mapping.mapping_report(small_network(hidden=widths, n_in=n_in), BOARDS["hala-point"], mode)
            assert report.fits
            for place in report.placements:
                assert place.cores * place.neurons >= place.n > (place.cores - 1) * place.neurons
                assert place.neurons <= LIMITS.neurons_per_core.value
                assert sum(place.bits) <= LIMITS.synapse_bits_per_core.value
                assert place.axons_in <= LIMITS.axons_in_per_core.value and place.axons_out <= LIMITS.axons_out_per_core.value


def test_learning_on_chip_adds_the_feedback_weights_and_doubles_the_axons():
    on_chip = mapping.mapping_report(digits().network, ONE_CHIP, "on-chip")
    in_the_loop = mapping.mapping_report(digits().network, ONE_CHIP, "in-the-loop")
    assert [[c.name for c in place.connections] for place in on_chip.placements] == [["W1", "M1"], ["W2", "M2"], ["W3"]]
    assert [[c.name for c in place.connections] for place in in_the_loop.placements] == [["W1"], ["W2"], ["W3"]]
    assert [place.axons_in for place in on_chip.placements] == [2 * 75, 2 * 110, 2 * 100]
    assert [place.axons_in for place in in_the_loop.placements] == [65, 100, 100]


def test_fan_out_spreads_a_layer_whose_cores_would_send_too_many_axons():
    narrow_memory = replace(LIMITS, axons_out_per_core=replace(LIMITS.axons_out_per_core, value=50))
    place = mapping.mapping_report(digits().network, ONE_CHIP, "on-chip", narrow_memory).placements[0]
    assert place.axons_out <= 50 and place.cores > 1 and place.binding == "output axons"


def test_a_neuron_with_too_many_inputs_fits_no_core_and_the_mapping_says_so():
    report = mapping.mapping_report(small_network(n_in=5000), BOARDS["hala-point"], "on-chip")
    assert not report.fits and report.placements[0].cores == 0 and report.placements[0].binding == "input axons"


@pytest.mark.parametrize("mode", MODES)
def test_the_largest_width_fits_and_one_more_does_not(mode):
    network = small_network(hidden=(10, 10, 10, 10))
    for board in (ONE_CHIP, BOARDS["kapoho-point"]):
        for depth in (4, 6):
            width = mapping.largest_hidden_width(network, board, mode, depth)
            fitting, wider = (small_network(hidden=(n,) * depth) for n in (width, width + 1))
            assert mapping.mapping_report(fitting, board, mode).fits
            assert not mapping.mapping_report(wider, board, mode).fits


def test_a_deep_network_has_a_column_for_its_own_depth():
    rows = tables.largest_rows(small_network(hidden=(6,) * 6), "on-chip")
    assert {len(row) for row in rows} == {2 + 6}
    assert tables.largest_rows(small_network(), "on-chip") == [row[:2 + 4] for row in rows]


def test_a_picture_shows_every_layer(tmp_path):
    from matplotlib.figure import Figure

    from lava_opzo.report.mapping import chip_map, core_fill, mapping_picture

    report = mapping.mapping_report(small_network(hidden=(2000, 2000), n_in=785), BOARDS["kapoho-point"], "on-chip")
    deep = mapping.mapping_report(small_network(hidden=(9,) * 9), BOARDS["kapoho-point"], "on-chip")
    assert len(chip_map(Figure().subplots(), deep).get_legend().get_texts()) == 10
    axes = Figure().subplots(1, 2)
    legend = [text.get_text() for text in chip_map(axes[0], report).get_legend().get_texts()]
    assert [line.split(":")[0] for line in legend] == ["hidden1", "hidden2", "readout"]
    assert len(core_fill(axes[1], report).patches) == 4 * 3
    mapping_picture(tmp_path / "map.png", report)
    assert (tmp_path / "map.png").stat().st_size > 10_000


def test_an_unknown_board_and_an_unknown_mode_are_named_with_the_known_ones():
    with pytest.raises(UserError, match="board 'kapoho' is unknown; choose one of oheo-gulch, kapoho-point"):
        find("kapoho")
    with pytest.raises(UserError, match="mode 'replay' is not one of on-chip, in-the-loop"):
        mapping.mapping_report(digits().network, ONE_CHIP, "replay")
