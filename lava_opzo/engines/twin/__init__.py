"""The network in compiled loops, without Lava."""
from lava_opzo.engines.twin import environment as environment
