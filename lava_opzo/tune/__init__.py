"""Tuning: a search over the settings of one experiment, in the twin, on validation samples alone."""
