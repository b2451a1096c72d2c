"""Benchmarks of `python -m benchmarks` start and measure, with few rounds of few samples; one of them needs torch."""
import importlib

import pytest

from benchmarks.__main__ import NAMES, table

SMALL = {
    "lava_graph": {"ROUNDS": 1, "SECONDS": 0.5, "NETWORKS": {"64-100-100-10": (64, (100, 100), 10)}},
    "local_weights": {"ROUNDS": 1, "CHANNELS": 1, "SAMPLES": {"fast": 1, "stock": 1}},
    "twin": {"ROUNDS": 1, "SAMPLES": 50, "COUNTED": 5, "MEMORY_BYTES": 1 << 20, "NETWORKS": {"784-20-20-10": (20, 20)}},
    "patches": {"ROUNDS": 1, "SAMPLES": 50, "TORCH_SAMPLES": {128: 128, 1: 2}},
    "against_stock": {"ROUNDS": 1, "STOCK_SAMPLES": 1, "TWIN_SAMPLES": 50, "NETWORKS": {"784-20-20-10": (20, 20)}},
    "scaling": {"ROUNDS": 1, "SAMPLES": 20, "WIDTHS": (20,), "DEPTHS": (1, 2), "DEEP_WIDTH": 20},
    "threads": {"ROUNDS": 1, "SAMPLES": 50},
}
"""Constants of each in the places of its own. `memory` is another process, whose constants no test can reach."""


def test_every_benchmark_is_here_but_the_one_that_is_another_process():
    assert {*SMALL, "memory"} == {*NAMES}


@pytest.mark.parametrize("name", SMALL)
def test_a_benchmark_starts_and_its_rows_make_a_table(name, monkeypatch):
    module, said = importlib.import_module(f"benchmarks.{name}"), []
    for constant, value in SMALL[name].items():
        monkeypatch.setattr(module, constant, value)
    rows = module.run(said.append)
    assert said and rows and table(name, rows).row_count == len(rows)
    assert all(value > 0 for row in rows for value in row.values() if isinstance(value, float))
