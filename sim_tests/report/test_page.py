"""The page of a run: one file without network access that says what the folder holds, and that a browser shows whole."""
import html
import json
import re
import shutil
import subprocess
import warnings

import numpy as np
import pytest

from lava_opzo.errors import FileWarning
from lava_opzo.experiment.samples import load_data
from lava_opzo.learning.schedule import Schedule
from lava_opzo.report.page import charts, page
from lava_opzo.report.page.facts import gather, interval
from lava_opzo.runs import start
from lava_opzo.runs.folder import RunFolder
from lava_opzo.silicon.boards import find
from sim_tests.helpers.commands import assert_one_line, command
from sim_tests.helpers.tiny_run import write_tiny_run

BROWSER = shutil.which("chromium") or shutil.which("google-chrome")
WATCH = """<script>window.seen = []; for (const kind of ["error", "warn"]) { const before = console[kind];
console[kind] = (...words) => { window.seen.push(kind + ": " + words.join(" ")); before(...words); }; }
window.addEventListener("error", event => window.seen.push("error: " + event.message));
window.addEventListener("securitypolicyviolation", event => window.seen.push("refused: " + event.blockedURI));</script>"""
TELL = """<script>setTimeout(() => { document.title = JSON.stringify({seen: window.seen,
wide: document.documentElement.scrollWidth, room: window.innerWidth, charts: document.querySelectorAll("[data-root-id]").length,
drawn: document.querySelectorAll("[data-root-id] > *").length}); }, 2500);</script>"""
"""Around the page: what it complains of, and in the end whether it is wider than the window."""


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """Two runs that differ in their seeds, in folders with an odd name."""
    folders = []
    for seed in (1, 2):
        _, experiment = write_tiny_run(tmp_path_factory.mktemp("tiny"), 20, seed=seed)
        folders.append(RunFolder.create(tmp_path_factory.mktemp("page") / f"<b>run & {seed}</script>"[:16], experiment))
        start.start(experiment, load_data(experiment), folders[-1], lambda progress, text: None, "twin")
    return folders


@pytest.fixture(scope="module")
def shown(runs):
    """(facts, the page)."""
    before = [{path.name: path.read_bytes() for path in run.path.iterdir()} for run in runs]
    dataset = load_data(start.resuming.kept(runs[0]).experiment)
    facts = gather(runs[0], dataset, find("oheo-gulch"))
    found = facts, page.page(runs, facts)
    assert [{path.name: path.read_bytes() for path in run.path.iterdir()} for run in runs] == before
    return found


def test_the_page_says_what_was_learned_and_how_sure_and_how_to_repeat_it(runs, shown):
    facts, text = shown
    words = html.unescape(re.sub(r"<script.*?</script>", "", text, flags=re.DOTALL))
    result = json.loads((runs[0].path / "result.json").read_text()) if runs[0].result.exists() else {}
    assert f"{100 * result['test_accuracy']:.2f} % of 10 test samples right" in words
    for word in ("learned 40 samples", "Learning curves", "Confusion", "Rates", "Weights", "The life of one sample",
                 "Pre-flight: ", "cores on 1 chip(s)", "oracle and fast agree in all", "replayable on a board: ", "config.toml",
                 "[network.readout]"):
        assert word in words, word
    for run in runs:
        assert str(run.path) in words
    assert str(sum(map(sum, facts.tested["confusion"]))) == "10"


def test_the_page_asks_for_nothing_from_outside_and_stays_small(shown):
    _, text = shown
    assert len(text.encode()) < page.MOST_BYTES
    assert re.findall(r"<script[^>]*src", text) == [] and text.count("<script") == text.count("</script>")
    bare = re.sub(r"<script.*?</script>", "", text, flags=re.DOTALL)
    assert re.findall(r"(?:src|href)=\"(?!data:)[^\"]*", bare) == [] and "url(" not in bare
    assert "default-src 'none'" in text and "<b>run" not in text


@pytest.mark.skipif(BROWSER is None, reason="no Chromium here")
@pytest.mark.parametrize("width", [1280, 500])
def test_a_browser_shows_every_picture_without_a_word_on_its_console_or_anything_wider_than_the_window(shown, tmp_path, width):
    _, text = shown
    file = tmp_path / "page.html"
    body, end, after = text.rpartition("</body>")
    file.write_text(body.replace("<style>", f"{WATCH}<style>", 1) + TELL + end + after)
    done = subprocess.run([BROWSER, "--headless=new", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path / 'profile'}",
                           f"--window-size={width},900", "--virtual-time-budget=6000", "--dump-dom", file.as_uri()],
                          capture_output=True, text=True, timeout=120, check=True)
    told = json.loads(html.unescape(re.search(r"<title>(.*?)</title>", done.stdout).group(1)))
    assert told["seen"] == [] and told["wide"] <= told["room"]
    assert told["charts"] == told["drawn"] == 8


def test_every_step_of_a_sample_says_who_sends(shown):
    facts, _ = shown
    schedule: Schedule = facts.experiment.network.schedule()
    texts = charts.step_texts(facts.spikes, schedule)
    assert len(texts) == schedule.length
    for tau, text in enumerate(texts):
        for name, events in facts.spikes.items():
            assert f"{name}: {np.count_nonzero(events[tau])} of {events.shape[1]} neurons send" in text


def test_the_interval_holds_the_shares_that_a_binomial_does_not_contradict():
    low, high = interval(0.9, 100)
    assert 0.82 < low < 0.9 < high < 0.95
    assert round(interval(1.0, 10)[1], 12) == 1 and round(interval(0.0, 10)[0], 12) == 0 and interval(1.0, 10)[0] < 0.75


def test_a_page_that_cannot_be_made_costs_no_result(runs, tmp_path):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        assert page.leave(RunFolder(tmp_path), load_data(start.resuming.kept(runs[0]).experiment), find("oheo-gulch")) is None
    said = [str(one.message) for one in caught if issubclass(one.category, FileWarning)]
    assert any("make it later with: lava-opzo report" in line for line in said)


def test_the_command_refuses_what_has_no_place(runs, tmp_path):
    assert_one_line(command("report", *[run.path for run in runs]), 2, "give --out FILE.html")
    assert_one_line(command("report", runs[0].path, "--out", tmp_path / "a.pdf"), 2, "choose a name that ends in .html")
    assert_one_line(command("report", tmp_path), 2, "checkpoint")
