"""Tables of a sweep for a paper: what was measured on validation samples is never called a test, and tests choose nothing."""
import csv
import io

import pytest

from lava_opzo.errors import UserError
from lava_opzo.sweep import formats, grid, table
from lava_opzo.sweep.folder import SweepFolder
from sim_tests.helpers.commands import assert_one_line, command
from sim_tests.helpers.sweeps import write_sweep


def content(*groups, parameter="network.hidden.*.y_shift"):
    """The summary of a sweep; groups: (value, mean, done of 3, measured on)."""
    rows = [{"combination": number, "parameters": {parameter: value}, "members": 3, "done": done, "measured_on": kind,
             "mean": mean, "std": None if mean is None else 0.0125, "min": mean, "max": mean, "rail_touches": 0}
            for number, (value, mean, done, kind) in enumerate(groups, 1)]
    members = [{"parameters": row["parameters"], "run": f"out/p{row['combination']}-seed1"} for row in rows]
    return {"sweep": "out", "members": members, "groups": rows}


BOTH = content((16, 0.9125, 3, "validation"), (17, None, 0, "validation"))


def test_markdown_and_latex_have_the_same_cells_and_say_what_was_measured():
    markdown = [[cell.strip() for cell in line.strip("|\n").split("|")] for line in formats.markdown(BOTH).splitlines()]
    assert markdown[0] == ["combination", "network.hidden.*.y_shift", "seeds", "validation % mean", "std", "min", "max",
                           "rail touches"]
    assert markdown[2:] == [["p1", "16", "3", "91.25", "1.25", "91.25", "91.25", "0"],
                            ["p2", "17", "0 of 3", "-", "-", "-", "-", "0"]]
    lines = formats.latex(BOTH).splitlines()
    assert (lines[0], lines[-1]) == (r"\begin{tabular}{llrrrrrr}", r"\end{tabular}")
    cells = [line.removesuffix(r" \\").split(" & ") for line in lines if "&" in line]
    assert cells[1:] == markdown[2:] and cells[0][1:4] == [r"network.hidden.*.y\_shift", "seeds", r"validation \% mean"]
    assert "test" not in formats.markdown(BOTH) + formats.latex(BOTH) + formats.comma_separated(BOTH)


def test_comma_separated_values_keep_all_digits():
    rows = list(csv.DictReader(io.StringIO(formats.comma_separated(BOTH))))
    assert (float(rows[0]["mean"]), rows[0]["measured_on"], rows[1]["mean"]) == (0.9125, "validation", "")


def test_signs_of_the_formats_are_escaped():
    odd = content(("a|b_c\\{%}^~", 0.5, 3, "test"))
    assert r"a\|b_c\{%}^~" in formats.markdown(odd)
    assert r"a|b\_c\textbackslash{}\{\%\}\textasciicircum{}\textasciitilde{}" in formats.latex(odd)


def test_combinations_that_were_measured_on_different_samples_say_so_each():
    heads, rows = formats.cells(content((0, 0.5, 3, "test"), (9, 0.6, 3, "validation"), parameter="data.options.validation"))
    assert heads[2:5] == ["measured on", "seeds", "right % mean"] and [row[2] for row in rows] == ["test", "validation"]


def test_the_best_is_the_first_with_the_largest_validation_mean_whose_members_are_all_done():
    found = content((15, 0.99, 2, "validation"), (16, 0.9, 3, "validation"), (17, 0.9, 3, "validation"))
    chosen = table.best(found)
    assert chosen["combination"] == 2
    said = table.best_lines(found, chosen)
    assert said == ["best by validation of 2 combinations: p2 (network.hidden.*.y_shift = 16), mean 90.00 % over 3 seeds",
                    "test it once: lava-opzo train --config out/p2-seed1/config.toml --validation 0"]


@pytest.mark.parametrize(("groups", "message"), [
    ([(16, 0.9, 3, "validation"), (17, 0.8, 3, "test")], "p2 is measured on test samples, which must not choose"),
    ([(16, 0.9, 2, "validation")], "no combination has all its members done")])
def test_test_samples_and_unfinished_members_choose_nothing(groups, message):
    with pytest.raises(UserError, match=message):
        table.best(content(*groups))


def test_the_command_prints_the_table_alone_and_refuses_what_has_no_effect(tmp_path):
    path = tmp_path / "out"
    folder = SweepFolder.create(path, grid.load(write_sweep(tmp_path, "seeds = [1, 2]")))
    for layout, text in formats.FORMATS.items():
        shown = command("sweep", "--show", path, "--format", layout)
        assert (shown.code, shown.output) == (0, text(table.summary(folder)))
        assert "not finished: 2 of 2 members" in shown.errors
    for options, fragment in ((("--format", "html"), "'html' is not one of md, latex, csv"), (("--best",), "is measured on test"),
                              (("--format", "md", "--best"), "--best"), (("--jobs", 2), "--show leaves --jobs without effect")):
        assert_one_line(command("sweep", "--show", path, *options), 2, fragment)
    assert_one_line(command("sweep", tmp_path / "sweep.toml", "--best"), 2, "--format and --best belong to --show")
