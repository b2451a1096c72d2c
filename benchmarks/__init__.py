"""Benchmarks of lava-opzo: `python -m benchmarks` runs all, `python -m benchmarks twin` one; each prints a table or JSON."""
