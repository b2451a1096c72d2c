"""Scores of labels and values are those of scikit-learn, over all samples at once or part by part."""
import numpy as np
import pytest
from sklearn.metrics import accuracy_score, f1_score, mean_absolute_error, mean_squared_error, r2_score

from lava_opzo.runs.doubts import chance_of, doubts, right_of
from lava_opzo.runs.scores import Measure, Running, counted, measure_of, words
from sim_tests.helpers.networks import small_network, with_kind

RNG = np.random.default_rng(1)
LABELS, SAID = RNG.integers(0, 2, (50, 3)), RNG.integers(0, 2, (50, 3))
VALUES, GUESSED = RNG.integers(-127, 128, (50, 2)), RNG.integers(-127, 128, (50, 2)).astype(np.int32)


def test_scores_of_labels_are_accuracy_exact_match_and_f1_of_all_outputs_together():
    measure = measure_of("labels", LABELS)
    scores = measure.scores(measure.of(SAID, LABELS), 50)
    assert scores["accuracy"] == pytest.approx((SAID == LABELS).mean(), rel=1e-15)
    assert scores["exact_match"] == accuracy_score(LABELS, SAID)
    assert scores["f1"] == pytest.approx(f1_score(LABELS.ravel(), SAID.ravel()), rel=1e-15)
    nothing = np.zeros((4, 3), int)
    assert Measure("labels", 3).scores(Measure("labels", 3).of(nothing, nothing), 4) == {
        "accuracy": 1.0, "exact_match": 1.0, "f1": None}


def test_scores_of_values_are_mean_errors_and_r2_over_the_spread_of_all_outputs():
    measure = measure_of("values", VALUES)
    scores = measure.scores(measure.of(GUESSED, VALUES), 50)
    assert scores["mean_squared_error"] == mean_squared_error(VALUES, GUESSED)
    assert scores["mean_absolute_error"] == mean_absolute_error(VALUES, GUESSED)
    assert scores["r2"] == pytest.approx(r2_score(VALUES, GUESSED, multioutput="variance_weighted"), rel=1e-12)
    assert measure_of("values", np.ones((3, 1))).scores((3, 3), 3)["r2"] is None
    assert "R2" in words(scores) and "accuracy" not in words(scores) and "right" not in words(scores)


@pytest.mark.parametrize("kind, said, wanted", [("labels", SAID, LABELS), ("values", GUESSED, VALUES),
                                                ("classes", SAID[:, 0], LABELS[:, 0])])
def test_a_stream_in_parts_comes_to_the_scores_of_all_its_samples(kind, said, wanted):
    running = Running(kind)
    for part in (slice(0, 7), slice(7, 8), slice(8, 50)):
        running.add(said[part], wanted[part])
    assert running.samples == 50
    if kind == "classes":
        assert running.right == (said == wanted).mean()
        assert running.chance == pytest.approx(np.bincount(wanted).max() / 50)
    elif kind == "labels":
        assert running.right == pytest.approx((said == wanted).mean())
        assert running.chance == pytest.approx(np.mean([max(p, 1 - p) for p in wanted.mean(axis=0)]))
    else:
        assert running.chance == 1 and running.right == pytest.approx(r2_score(wanted, said, multioutput="variance_weighted"))


def test_values_that_are_answered_no_better_than_by_their_mean_are_doubted_and_labels_at_their_chance():
    network = with_kind(small_network(), "values")
    rates = [0.2] * network.depth
    assert doubts(network, rates, 600, 0.5, 600, chance_of(VALUES, "values")) == {}
    assert right_of(None, {"r2": None}) == 1.0 and right_of(None, {"r2": -0.2}) == -0.2 and right_of(0.0, None) == 0.0
    assert [key for key, line in doubts(network, rates, 600, -0.2, 600, 1.0).items() if "R2" in line] == [("readout", "chance")]
    labels = with_kind(small_network(), "labels")
    chance = chance_of(LABELS, "labels")
    assert chance == pytest.approx(np.mean([max(p, 1 - p) for p in LABELS.mean(axis=0)]))
    assert ("readout", "chance") in doubts(labels, rates, 600, chance, 600, chance)
    assert doubts(labels, rates, 600, 0.9, 600, chance) == {}


def test_what_is_counted_of_a_sample_is_a_right_class_its_right_labels_or_its_summed_errors():
    assert counted("classes", np.array([1, 2]), np.array([1, 0])) == [[1], [0]]
    assert counted("labels", SAID, LABELS) == [[right] for right in (SAID == LABELS).sum(axis=1).tolist()]
    assert counted("values", GUESSED, VALUES) == [[sum(map(abs, row))] for row in (GUESSED - VALUES).tolist()]


def test_of_steps_those_with_a_label_are_counted_one_by_one():
    assert counted("classes", np.array([[1, 2, 0], [0, 0, 0]]), np.array([[1, -1, 2], [-1, -1, -1]])) == [[1, 0], []]
