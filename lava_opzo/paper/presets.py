"""Setups by name: the paper's own tables at full size, and small ones for a machine without an accelerator."""
from dataclasses import replace

from lava_opzo.errors import UserError, shown
from lava_opzo.experiment.experiment import Data
from lava_opzo.paper.setup import Feedback, Setup

VGG = "64c3,128c3,p2,256c3,256c3,p2,512c3,512c3,p2,512c3,512c3,g"
"""The network of the base code: eight convolutions, mean of every channel, linear readout."""

FIVE = "128c3,p2,256c3,p2,512c3,p2,512c3,512c3,g"
"""Five convolutions; their widths are ours, as the paper's could not be read."""

DEVIATION = 4
"""The payload that is 1 in photographs and in MNIST: about their standard deviation, as of what the base code is shown."""

IMAGES = Setup(Data("cifar10"), unit=DEVIATION, hidden=FIVE, steps=6, standardise=True, scale=2.74, bias=True, squares=0.05,
               epochs=300, augment=True)
EVENTS = replace(IMAGES, unit=1, squares=0.001, augment=False)
SLOW = Feedback(momentum=0.9999)
"""M of a long training: the paper asks for an extremely large momentum."""

PRESETS = {
    "digits": Setup(hidden="100,100", epochs=10, batch=32),
    "mnist": Setup(Data("mnist"), unit=DEVIATION, epochs=100),
    "nmnist": Setup(Data("nmnist"), unit=1, steps=10, epochs=100),
    "cifar10": replace(IMAGES, feedback=SLOW),
    "cifar10-vgg": replace(IMAGES, hidden=VGG, feedback=SLOW, local=True, relay=4),
    "cifar100": replace(IMAGES, data=Data("png"), feedback=SLOW),
    "dvs-gesture": replace(EVENTS, data=Data("dvs_gesture", options={"image": 1}), steps=20, batch=16, optimiser="adam",
                           rate=0.001, feedback=SLOW),
    "dvs-cifar10": replace(EVENTS, data=Data("npz"), shape=(48, 48, 2), steps=10, feedback=SLOW),
    "mnist-conv": Setup(Data("mnist"), hidden="8c5s2,16c3s2", steps=4, standardise=True, scale=2.74, bias=True, epochs=3),
    "cifar10-small": Setup(Data("cifar10", options={"contrast": 1}), unit=DEVIATION, hidden="16c5s2,32c3s2", steps=4,
                           standardise=True, scale=2.74, bias=True, squares=0.05, epochs=5, batch=32, rate=0.01,
                           feedback=Feedback(momentum=0.998)),
}
"""Those named after a data set alone are of the paper's size, on its recipe where that is known (docs/paper.md)."""


def preset(name: str) -> Setup:
    """The setup of that name. Raises UserError for an unknown one."""
    if name not in PRESETS:
        raise UserError(f"paper: preset '{shown(name)}' is unknown; choose one of {', '.join(PRESETS)}")
    return PRESETS[name]
