"""What the outputs of a readout program can stand for, and what they can take off (docs/arithmetic.md section 4)."""

CLASSES, LABELS, VALUES = "classes", "labels", "values"
READOUTS = (CLASSES, LABELS, VALUES)
"""Classes, of which a sample has one; labels, each of which it has or not; numbers -127..127."""

NO_LABEL = -1
"""In the place of the class of a step: there is none."""

BASELINES = ("none", "label", "class")
"""What an output may take off its sum before dhat, where there is one window: nothing, its mean over samples with or without its
own label, or its mean over samples of the same class.
"""
