"""What the outputs of a readout program can stand for (docs/arithmetic.md section 4)."""

CLASSES, LABELS, VALUES = "classes", "labels", "values"
READOUTS = (CLASSES, LABELS, VALUES)
"""Classes, of which a sample has one; labels, each of which it has or not; numbers -127..127."""
