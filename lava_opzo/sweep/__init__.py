"""Sweeps: one experiment over seeds and parameters, every member an ordinary run folder (docs/sweeps.md)."""
