"""Proof that two engines hold the same bits in every variable at every step of every sample (docs/verification.md)."""
